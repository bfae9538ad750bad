#pragma once

#include "pk-sql.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/* How often a statement is tried anew because another connection was changing the schema. */
#define PK_SQL_SCHEMA_LOOKS 100

/* What pk-sql.c (connections) and pk-statement.c (statements) share. */
struct _PkSql
{
  sqlite3 *handle;        /* (owned) */
  char *path;             /* (owned) */
  GHashTable *statements; /* (owned): text → PkStatement */
  GHashTable
      *shortcuts; /* (owned): address of a text → PkStatement; the text may have changed since */
  GThread *owner;
  guint depth; /* savepoints that are open */
};

struct _PkStatement
{
  PkSql *sql;
  sqlite3_stmt *handle; /* (owned) */
  char *text;           /* (owned) */
};

gboolean pk_sql_take_result (PkSql *self, int result, const char *what, GError **error);
void pk_sql_assert_owner (PkSql *self);

G_END_DECLS
