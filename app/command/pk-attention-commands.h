#pragma once

#include "pk-command.h"
#include "pk-mutation.h"

G_BEGIN_DECLS

/*
 * What the server refused stays in the outbox until the person has decided. @place is the entry's place in the outbox, @mutation what
 * was refused. Correcting sends @fields (of the entity, or arguments of the command) in place of what was there. Discarding can
 * be taken back: it is sent again.
 */
PkCommand *pk_resend_command_new (gint64 place, const PkMutation *mutation, const PkValues *fields);
PkCommand *pk_discard_command_new (gint64 place, const PkMutation *mutation);
char *pk_attention_copy_text (const PkMutation *mutation);

G_END_DECLS
