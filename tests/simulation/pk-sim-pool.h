#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Connections of SQLite that outlive the program that closes them, with their parsed schema and prepared statements: opening a database
 * anew costs more than a whole schedule does otherwise. What a connection knows of its file it finds out anew, since a disk that is
 * loaded or booted forgets its users; one that has parsed another schema of it waits for a file that has that one.
 * Connections of a process that died are closed for good.
 */
void pk_sim_pool_clear (void);

G_END_DECLS
