#pragma once

#include "pk-id.h"

G_BEGIN_DECLS

#define PK_SQL_ERROR (pk_sql_error_quark ())
GQuark pk_sql_error_quark (void);

typedef enum
{
  PK_SQL_ERROR_FAILED,
  PK_SQL_ERROR_BUSY,
  PK_SQL_ERROR_CORRUPT,    /* the file is damaged or is no database */
  PK_SQL_ERROR_FULL,       /* no room on the disk */
  PK_SQL_ERROR_CONSTRAINT, /* a key, NOT NULL or CHECK refused the row */
  PK_SQL_ERROR_IO,
  PK_SQL_ERROR_READ_ONLY,
  PK_SQL_ERROR_CONFLICT /* another transaction came between: run it again from its beginning */
} PkSqlError;

typedef enum
{
  PK_SQL_READ_WRITE = 0,
  PK_SQL_READ_ONLY = 1 << 0,
  PK_SQL_MUST_EXIST = 1 << 1,
  PK_SQL_NO_JOURNAL = 1 << 2 /* a new file that is thrown away if it is not finished */
} PkSqlFlags;

/*
 * One connection to a database, used by one thread (the one that opened it, or that adopted it); every function asserts that.
 * pk_sql_open() opens a file of SQLite's; other engines come behind pk-sql-driver.h.
 * Statement texts are literals or come from pk_query_*; values are bound. A statement belongs to its connection, which
 * keeps it prepared: pk_sql_prepare() with the same text gives the same statement, reset.
 */
typedef struct _PkSql PkSql;
typedef struct _PkStatement PkStatement;

PkSql *pk_sql_open (const char *path, PkSqlFlags flags, GError **error);
void pk_sql_close (PkSql *self);
void pk_sql_adopt (PkSql *self);
void pk_sql_interrupt (PkSql *self);
const char *pk_sql_get_path (PkSql *self);

gboolean pk_sql_exec (PkSql *self, const char *text, GError **error);
PkStatement *pk_sql_prepare (PkSql *self, const char *text, GError **error);
gboolean pk_sql_get_int (PkSql *self, const char *text, gint64 *value_out, GError **error);
guint pk_sql_get_changes (PkSql *self);

gboolean pk_sql_begin (PkSql *self, GError **error);
gboolean pk_sql_begin_reading (PkSql *self, GError **error);
gboolean pk_sql_commit (PkSql *self, GError **error);
void pk_sql_rollback (PkSql *self);
gboolean pk_sql_in_transaction (PkSql *self);
gboolean pk_sql_is_lost (PkSql *self);
gboolean pk_sql_savepoint (PkSql *self, GError **error);
gboolean pk_sql_release (PkSql *self, GError **error);
void pk_sql_rollback_to_savepoint (PkSql *self);
gboolean pk_sql_checkpoint (PkSql *self, GError **error);

/* Parameters count from 1. Texts and blobs are copied, NULL binds NULL. */
void pk_statement_bind_int (PkStatement *self, int place, gint64 value);
void pk_statement_bind_real (PkStatement *self, int place, double value);
void pk_statement_bind_text (PkStatement *self, int place, const char *value);
void pk_statement_bind_blob (PkStatement *self, int place, gconstpointer bytes, gsize size);
void pk_statement_bind_id (PkStatement *self, int place, const PkId *id);
void pk_statement_bind_null (PkStatement *self, int place);

void pk_statement_stream (PkStatement *self);
gboolean pk_statement_next (PkStatement *self, GError **error);
gboolean pk_statement_run (PkStatement *self, GError **error);
void pk_statement_reset (PkStatement *self);

/* Columns count from 0; what they return lives until the next step. */
gboolean pk_statement_is_null (PkStatement *self, int column);
gint64 pk_statement_get_int (PkStatement *self, int column);
double pk_statement_get_real (PkStatement *self, int column);
const char *pk_statement_get_text (PkStatement *self, int column);
gconstpointer pk_statement_get_blob (PkStatement *self, int column, gsize *size_out);
gboolean pk_statement_get_id (PkStatement *self, int column, PkId *id_out);

/* What only SQLite has. */
gpointer pk_sql_get_handle (PkSql *self);
gpointer pk_sql_get_fts5 (PkSql *self);
gboolean pk_sql_attach (PkSql *self, const char *path, const char *name, GError **error);
gboolean pk_sql_detach (PkSql *self, const char *name, GError **error);
gint64 pk_sql_get_last_rowid (PkSql *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkSql, pk_sql_close)

G_END_DECLS
