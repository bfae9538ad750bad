#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Every test of a store runs on SQLite, and on PostgreSQL where with_postgres.py has started it. */
gboolean pk_test_database_is_postgres (void);
void pk_test_database_set_up (const char *dir);
char *pk_test_database_dup_address (const char *dir);

G_END_DECLS
