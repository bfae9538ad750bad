#pragma once

#include "pk-sql.h"

G_BEGIN_DECLS

/*
 * What a database engine implements to stand behind pk-sql.h. The functions of pk-sql.c and pk-statement.c check the thread,
 * keep prepared statements and count savepoints; what they call here knows only its engine. SQLite's is pk-sqlite.c; a server's
 * engine lives in a room of the backend, so that the client links none.
 *
 * A driver's connection and statement begin with these structs. close() and free() free the whole of them.
 */
typedef struct
{
  void (*free) (PkStatement *self);
  void (*bind_int) (PkStatement *self, int place, gint64 value);
  void (*bind_real) (PkStatement *self, int place, double value);
  void (*bind_text) (PkStatement *self, int place, const char *value);
  void (*bind_blob) (PkStatement *self, int place, gconstpointer bytes, gsize size);
  void (*clear) (PkStatement *self);  /* all parameters are NULL again */
  void (*stream) (PkStatement *self); /* the next run gives many rows */
  gboolean (*next) (PkStatement *self, GError **error);
  gboolean (*run) (PkStatement *self, GError **error);
  void (*reset) (PkStatement *self);
  gboolean (*is_null) (PkStatement *self, int column);
  gint64 (*get_int) (PkStatement *self, int column);
  double (*get_real) (PkStatement *self, int column);
  const char *(*get_text) (PkStatement *self, int column);
  gconstpointer (*get_blob) (PkStatement *self, int column, gsize *size_out);
} PkStatementDriver;

typedef struct
{
  void (*close) (PkSql *self);
  void (*interrupt) (PkSql *self);
  gboolean (*exec) (PkSql *self, const char *text, GError **error);
  PkStatement *(*prepare) (PkSql *self, const char *text, GError **error);
  gboolean (*begin) (PkSql *self, GError **error);
  gboolean (*begin_reading) (PkSql *self, GError **error);
  gboolean (*commit) (PkSql *self, GError **error);
  void (*rollback) (PkSql *self);
  void (*rollback_to_savepoint) (PkSql *self);
  gboolean (*in_transaction) (PkSql *self);
  gboolean (*is_lost) (PkSql *self);
  gboolean (*checkpoint) (PkSql *self, GError **error);
  guint (*get_changes) (PkSql *self);
} PkSqlDriver;

struct _PkSql
{
  const PkSqlDriver *driver;
  char *path;             /* (owned) */
  GHashTable *statements; /* (owned): text → PkStatement */
  GHashTable
      *shortcuts; /* (owned): address of a text → PkStatement; the text may have changed since */
  GThread *owner;
  guint depth; /* savepoints that are open */
};

struct _PkStatement
{
  const PkStatementDriver *driver;
  PkSql *sql; /* not owned: outlives the statement */
  char *text; /* (owned) */
};

void pk_sql_init (PkSql *self, const PkSqlDriver *driver, const char *path);
void pk_statement_init (PkStatement *self,
                        const PkStatementDriver *driver,
                        PkSql *sql,
                        const char *text);
void pk_statement_clear (PkStatement *self);
void pk_sql_forget_statements (PkSql *self);

G_END_DECLS
