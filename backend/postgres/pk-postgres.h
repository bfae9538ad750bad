#pragma once

#include "pk-sql.h"

G_BEGIN_DECLS

/*
 * PostgreSQL behind pk-sql.h, through libpq. Texts are the subset that SQLite has too, with its ?1 parameters and column types:
 * they are put into PostgreSQL's words where they are prepared. Only rooms of the backend link this.
 */
PkSql *pk_postgres_open (const char *uri, PkSqlFlags flags, GError **error);
gboolean pk_postgres_is_uri (const char *text);

/* Wake-ups: the connection has nothing else to do meanwhile. */
int pk_postgres_get_socket (PkSql *self);
gboolean pk_postgres_take_notices (PkSql *self, guint *n_out, GError **error);

G_END_DECLS
