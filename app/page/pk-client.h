#pragma once

#include "pk-command.h"
#include "pk-library.h"

G_BEGIN_DECLS

/*
 * What every page gets: what it may read, how it acts, what time it is. Made by the application after sign-in. Main thread.
 *
 * pk_client_run() is how pages act: it runs a command, and the window shows the toast with Undo, or says what went wrong. It
 * emits "acted" (text, PkCommand *undo, nullable) and "failed" (text).
 */
#define PK_TYPE_CLIENT (pk_client_get_type ())
G_DECLARE_FINAL_TYPE (PkClient, pk_client, PK, CLIENT, GObject)

PkClient *pk_client_new (PkLibrary *library, PkCommandContext *context);
PkLibrary *pk_client_get_library (PkClient *self);
PkCommandContext *pk_client_get_context (PkClient *self);
void pk_client_set_context (PkClient *self, PkCommandContext *context);
PkClock *pk_client_get_clock (PkClient *self);
const PkId *pk_client_get_person (PkClient *self);

void pk_client_run (PkClient *self, PkCommand *command);
void pk_client_say (PkClient *self, const char *text);
gboolean pk_client_undo (PkClient *self);
char *pk_client_dup_error_text (const GError *error);

G_END_DECLS
