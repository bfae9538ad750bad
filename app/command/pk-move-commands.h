#pragma once

#include "pk-command.h"

G_BEGIN_DECLS

/* Where a task belongs: its building, room and component, and the unit that takes care of it. */
PkCommand *
pk_move_to_place_command_new (PkRecord *task, const PkId *building, const PkId *location);
PkCommand *pk_move_to_component_command_new (PkRecord *task, const PkId *component);
PkCommand *pk_move_to_unit_command_new (PkRecord *task, const PkId *unit);

G_END_DECLS
