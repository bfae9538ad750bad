#pragma once

#include "pk-command.h"

G_BEGIN_DECLS

/* What people do with any record. @seen is the record as the person saw it: what changed since then is merged, not lost. */
PkCommand *pk_edit_command_new (PkRecord *seen, const PkValues *fields);
PkCommand *pk_edit_field_command_new (PkRecord *seen, guint field, const PkValue *value);
PkCommand *pk_delete_command_new (PkRecord *record);
PkCommand *pk_bulk_command_new (GPtrArray *commands);

/* The value that gave way in a merge (a record of history) comes back into the record it belongs to. */
PkCommand *pk_restore_value_command_new (PkRecord *record, PkRecord *history);

G_END_DECLS
