#pragma once

#include "pk-sql-driver.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/* How often a statement is tried anew because another connection was changing the schema. */
#define PK_SQLITE_SCHEMA_LOOKS 100

/* What pk-sqlite.c (opening) and pk-sqlite-driver.c (running) share. */
typedef struct
{
  PkSql base;
  sqlite3 *handle; /* (owned) */
} PkSqlite;

typedef struct
{
  PkStatement base;
  sqlite3_stmt *handle; /* (owned) */
} PkSqliteStatement;

extern const PkSqlDriver pk_sqlite_driver;

gboolean pk_sqlite_take_result (PkSqlite *self, int result, const char *what, GError **error);

G_END_DECLS
