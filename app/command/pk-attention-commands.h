#pragma once

#include "pk-command.h"
#include "pk-mutation.h"

G_BEGIN_DECLS

/*
 * What the server refused stays in the outbox until the person has decided. @mutation is what was refused.
 * Correcting sends @fields instead of what was there; discarding can be undone (it is sent again).
 */
PkCommand *pk_resend_command_new (PkMutation *mutation, const PkValues *fields);
PkCommand *pk_discard_command_new (PkMutation *mutation);
char *pk_attention_copy_text (const PkMutation *mutation);

G_END_DECLS
