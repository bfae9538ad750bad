#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * A program that is started, killed with SIGKILL, and started again. What it says line by line goes to a function, also what it said
 * just before it died; what it says on standard error, to a file. It ends with whoever started it. One that dies by itself counts.
 * Main thread.
 */
typedef struct _PkVictim PkVictim;
typedef void (*PkVictimHears) (const char *line, gpointer data);
typedef char **(*PkVictimCommand) (gpointer data);

PkVictim *pk_victim_new (PkVictimCommand command, PkVictimHears hears, gpointer data, char *log);
void pk_victim_free (PkVictim *self);
void pk_victim_start (PkVictim *self);
void pk_victim_kill (PkVictim *self);
void pk_victim_end (PkVictim *self);
gboolean pk_victim_is_alive (PkVictim *self);
guint pk_victim_get_n_kills (PkVictim *self);
guint pk_victim_get_n_own_deaths (PkVictim *self);
const char *pk_victim_get_last_words (PkVictim *self);
const char *pk_victim_get_log (PkVictim *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkVictim, pk_victim_free)

G_END_DECLS
