#pragma once

#include "pk-command-context.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define PK_TYPE_COMMAND (pk_command_get_type ())
G_DECLARE_DERIVABLE_TYPE (PkCommand, pk_command, PK, COMMAND, GObject)

/*
 * One thing a person does. Running it validates, makes the mutations, and hands them to the replica in ONE submit: the outbox
 * and the row that people see change together or not at all. It never waits for the network.
 *
 *   g_autoptr (PkCommand) command = pk_accept_command_new (task);
 *   pk_command_run_async (command, context, cancellable, accepted_cb, self);
 *   …
 *   g_autoptr (PkCommand) undo = pk_command_run_finish (command, result, &error);
 *   if (undo != NULL) → toast pk_command_get_toast (command) with "Undo", which runs @undo like any command
 *
 * What was sent cannot be unsent: an undo is a command with the inverse mutations, and can be undone itself.
 * A command runs once. Errors are of PK_PROBLEM_ERROR (what the person must change), of the replica (disk) or of GIO (files).
 */
typedef struct _PkPlan PkPlan;
typedef struct _PkWriter PkWriter;

struct _PkCommandClass
{
  GObjectClass parent_class;

  /* Optional, on a thread of its own: reads files, puts contents into the replica's @directory; touches nothing but @self. */
  gboolean (*prepare) (PkCommand *self,
                       const char *directory,
                       GCancellable *cancellable,
                       GError **error);
  /* Main thread: puts the mutations, their inverse and the toast into @plan. */
  gboolean (*plan) (PkCommand *self, PkCommandContext *context, PkPlan *plan, GError **error);
  /* On the writer: submits the plan, if nothing else is said. */
  gboolean (*write) (PkCommand *self, PkWriter *writer, PkPlan *plan, GError **error);
  /* Optional: an undo that is more than the inverse mutations. */
  PkCommand *(*make_undo) (PkCommand *self);
};

gboolean pk_command_check (PkCommand *self, PkCommandContext *context, GError **error);
void pk_command_run_async (PkCommand *self,
                           PkCommandContext *context,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
PkCommand *pk_command_run_finish (PkCommand *self, GAsyncResult *result, GError **error);
const char *pk_command_get_toast (PkCommand *self);
const PkId *pk_command_get_record (PkCommand *self);

G_END_DECLS
