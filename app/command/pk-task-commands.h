#pragma once

#include "pk-command.h"
#include "pk-model-tables.h"
#include "pk-quick-entry.h"

G_BEGIN_DECLS

/* What people do with a task. @task is the record as the person sees it; it is kept until the command has run. */
PkCommand *pk_create_task_command_new (PkRecord *draft);
PkCommand *pk_create_task_command_new_from_entry (const PkQuickEntry *entry);
PkRecord *pk_create_task_command_draft (PkCommandContext *context);
PkCommand *pk_accept_command_new (PkRecord *task);
PkCommand *pk_put_back_command_new (PkRecord *task);
PkCommand *pk_start_command_new (PkRecord *task);
PkCommand *pk_wait_command_new (PkRecord *task, const char *waiting_for);
PkCommand *pk_complete_command_new (PkRecord *task,
                                    PkTaskOutcome outcome,
                                    const char *reason,
                                    const char *message_to_reporter);
PkCommand *pk_cancel_command_new (PkRecord *task,
                                  PkTaskOutcome outcome,
                                  const char *reason,
                                  const char *message_to_reporter);
PkCommand *pk_reopen_command_new (PkRecord *task);
PkCommand *pk_assign_command_new (PkRecord *task, const PkId *person, const PkId *unit);
PkCommand *pk_check_item_command_new (PkRecord *item, PkCheckState state, const char *note);
PkCommand *pk_send_message_command_new (PkRecord *task, PkAudience audience, const char *body);

G_END_DECLS
