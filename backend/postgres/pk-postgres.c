/*
 * A connection to PostgreSQL. A transaction sees one snapshot, taken by its first statement that reads; who writes a row that
 * another has written since ends with PK_SQL_ERROR_CONFLICT and is run again by the caller. After the first error in a transaction the server refuses all that follows: it is told again, so that no caller
 * takes the consequence for the cause.
 */
#include "config.h"

#include "pk-postgres.h"

#include "pk-postgres-private.h"

#include <string.h>

typedef struct
{
  const char *state; /* how an SQLSTATE begins */
  PkSqlError code;
} Meaning;

static const Meaning meanings[] = {
  { "40001", PK_SQL_ERROR_CONFLICT }, { "40P01", PK_SQL_ERROR_CONFLICT },
  { "23", PK_SQL_ERROR_CONSTRAINT },  { "25006", PK_SQL_ERROR_READ_ONLY },
  { "53100", PK_SQL_ERROR_FULL },     { "53", PK_SQL_ERROR_BUSY },
  { "55P03", PK_SQL_ERROR_BUSY },     { "08", PK_SQL_ERROR_IO },
  { "57P", PK_SQL_ERROR_IO },         { "58", PK_SQL_ERROR_IO },
  { "XX001", PK_SQL_ERROR_CORRUPT },  { "XX002", PK_SQL_ERROR_CORRUPT },
};

static PkPostgres *
of_sql (PkSql *sql)
{
  g_assert (sql->driver == &pk_postgres_driver);
  return (PkPostgres *) sql;
}

static PkSqlError
find_code (PkPostgres *self, const char *state)
{
  if (state == NULL)
    return PQstatus (self->handle) == CONNECTION_BAD ? PK_SQL_ERROR_IO : PK_SQL_ERROR_FAILED;
  for (guint i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (g_str_has_prefix (state, meanings[i].state))
      return meanings[i].code;
  return PK_SQL_ERROR_FAILED;
}

static gboolean
is_good (const PGresult *result)
{
  switch (PQresultStatus (result))
    {
    case PGRES_EMPTY_QUERY:
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE:
    case PGRES_PIPELINE_SYNC:
      return TRUE;
    case PGRES_COPY_OUT:
    case PGRES_COPY_IN:
    case PGRES_COPY_BOTH:
    case PGRES_BAD_RESPONSE:
    case PGRES_NONFATAL_ERROR:
    case PGRES_FATAL_ERROR:
    case PGRES_PIPELINE_ABORTED:
    default:
      return FALSE;
    }
}

/**
 * pk_postgres_forget_cause:
 *
 * Forgets why a transaction was broken, once it is over.
 */
void
pk_postgres_forget_cause (PkPostgres *self)
{
  if (PQtransactionStatus (self->handle) == PQTRANS_IDLE)
    g_clear_pointer (&self->cause_text, g_free);
}

/**
 * pk_postgres_take_result:
 * @result: (nullable): NULL where libpq had none to give
 * @what: for the message
 *
 * Returns: %TRUE if @result is none of the failures; else @error is set, and remembered while the transaction lasts
 */
gboolean
pk_postgres_take_result (PkPostgres *self, const PGresult *result, const char *what, GError **error)
{
  if (result != NULL && is_good (result))
    return TRUE;
  if (self->cause_text == NULL)
    {
      const char *state = PQresultErrorField (result, PG_DIAG_SQLSTATE);
      const char *words = PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY);
      self->cause = find_code (self, state);
      self->cause_text = g_strdup_printf ("%s: %s (%s)",
                                          what,
                                          words ? words : PQerrorMessage (self->handle),
                                          state ? state : "no connection");
      g_strchomp (self->cause_text);
    }
  g_set_error_literal (error, PK_SQL_ERROR, (int) self->cause, self->cause_text);
  pk_postgres_forget_cause (self);
  return FALSE;
}

static gboolean
run_text (PkPostgres *self, const char *text, GError **error)
{
  if (!pk_postgres_settle (self, error))
    return FALSE;
  PGresult *result = PQexec (self->handle, text);
  gboolean is_done = pk_postgres_take_result (self, result, text, error);
  PQclear (result);
  return is_done;
}

static void
close_connection (PkSql *sql)
{
  PkPostgres *self = of_sql (sql);

  PQfinish (self->handle);
  g_free (self->cause_text);
  g_ptr_array_unref (self->queued);
  g_free (self);
}

static void
interrupt (PkSql *sql)
{
  PGcancel *cancel = PQgetCancel (of_sql (sql)->handle);
  char words[256];

  if (cancel != NULL)
    PQcancel (cancel, words, sizeof words);
  PQfreeCancel (cancel);
}

static gboolean
exec (PkSql *sql, const char *text, GError **error)
{
  g_autofree char *words = pk_postgres_translate_schema (text);

  return run_text (of_sql (sql), words, error);
}

/* Goes out with the first statement that follows. */
static gboolean
begin (PkSql *sql, GError **error)
{
  PkStatement *statement = pk_sql_prepare (sql, "BEGIN ISOLATION LEVEL REPEATABLE READ", error);

  return statement != NULL && pk_postgres_settle (of_sql (sql), error) &&
         pk_postgres_queue ((PkPostgresStatement *) statement, error);
}

static gboolean
begin_reading (PkSql *sql, GError **error)
{
  return run_text (of_sql (sql), "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", error);
}

static void
roll_back (PkSql *sql)
{
  PkPostgres *self = of_sql (sql);

  pk_postgres_settle (self, NULL);
  run_text (self, "ROLLBACK", NULL);
  g_clear_pointer (&self->cause_text, g_free);
}

static void
roll_back_to_savepoint (PkSql *sql)
{
  PkPostgres *self = of_sql (sql);
  PkSqlError cause;
  g_autofree char *cause_text = NULL;

  pk_postgres_settle (self, NULL);
  cause = self->cause;
  cause_text = g_steal_pointer (&self->cause_text);
  if (run_text (self, "ROLLBACK TO step; RELEASE step", NULL) || cause_text == NULL)
    return;
  g_free (self->cause_text);
  self->cause = cause;
  self->cause_text = g_steal_pointer (&cause_text);
}

static gboolean
in_transaction (PkSql *sql)
{
  PkPostgres *self = of_sql (sql);
  PGTransactionStatusType status = PQtransactionStatus (self->handle);

  return pk_postgres_has_queued (self) || status == PQTRANS_INTRANS || status == PQTRANS_INERROR ||
         status == PQTRANS_ACTIVE;
}

static gboolean
checkpoint (PkSql *sql G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

static gboolean
fail_again (PkPostgres *self, GError **error)
{
  g_set_error_literal (error, PK_SQL_ERROR, (int) self->cause, self->cause_text);
  return FALSE;
}

/* A transaction that is broken commits as nothing: the server says ROLLBACK, which is no success. */
static gboolean
commit (PkSql *sql, GError **error)
{
  PkPostgres *self = of_sql (sql);

  if (self->cause_text != NULL)
    return fail_again (self, error);
  PkStatement *statement = pk_sql_prepare (sql, "COMMIT", error);
  if (statement == NULL)
    return FALSE;
  PGresult *result = pk_postgres_fetch ((PkPostgresStatement *) statement, error);
  if (result == NULL)
    return FALSE;
  gboolean is_done = !g_str_equal (PQcmdStatus (result), "ROLLBACK");
  if (!is_done)
    g_set_error_literal (error, PK_SQL_ERROR, PK_SQL_ERROR_FAILED, "COMMIT: it was undone");
  PQclear (result);
  return is_done;
}

static guint
get_changes (PkSql *sql)
{
  pk_postgres_settle (of_sql (sql), NULL);
  return of_sql (sql)->changes;
}

static gboolean
is_lost (PkSql *sql)
{
  return PQstatus (of_sql (sql)->handle) == CONNECTION_BAD;
}

const PkSqlDriver pk_postgres_driver = {
  .close = close_connection,
  .interrupt = interrupt,
  .exec = exec,
  .prepare = pk_postgres_prepare,
  .begin = begin,
  .begin_reading = begin_reading,
  .commit = commit,
  .rollback = roll_back,
  .rollback_to_savepoint = roll_back_to_savepoint,
  .in_transaction = in_transaction,
  .is_lost = is_lost,
  .checkpoint = checkpoint,
  .get_changes = get_changes,
};

/* The server's notices are for its log, not for our output. */
static void
notice_cb (void *data G_GNUC_UNUSED, const PGresult *result)
{
  g_debug ("PostgreSQL: %s", PQresultErrorMessage (result));
}

/* The model's indexes are there for every question that is asked; the planner is not to guess from tables that are small yet. */
static gboolean
set_up (PkPostgres *self, PkSqlFlags flags, GError **error)
{
  return run_text (self,
                   "SET client_encoding = 'UTF8'; SET jit = off;"
                   "SET enable_seqscan = off; SET client_min_messages = 'warning'",
                   error) &&
         (!(flags & PK_SQL_READ_ONLY) ||
          run_text (self, "SET default_transaction_read_only = on", error));
}

/**
 * pk_postgres_is_uri:
 *
 * Returns: whether the text is an address of a PostgreSQL database
 */
gboolean
pk_postgres_is_uri (const char *text)
{
  return g_str_has_prefix (text, "postgresql://") || g_str_has_prefix (text, "postgres://");
}

/* Without a password that the address may have. */
static char *
dup_public_name (PGconn *handle)
{
  return g_strdup_printf ("postgresql://%s/%s", PQhost (handle), PQdb (handle));
}

/**
 * pk_postgres_open:
 * @uri: such as "postgresql:///pakobla?host=/run/postgresql"
 *
 * Opens a connection for the calling thread.
 *
 * Errors: %PK_SQL_ERROR_IO where the server cannot be reached
 * Returns: (transfer full): the connection; close it with [func@sql_close]
 */
PkSql *
pk_postgres_open (const char *uri, PkSqlFlags flags, GError **error)
{
  const char *const keys[] = { "dbname", "fallback_application_name", "connect_timeout", NULL };
  const char *const values[] = { uri, "pakobla", "10", NULL };
  PkPostgres *postgres = g_new0 (PkPostgres, 1);
  g_autoptr (PkSql) self = &postgres->base;

  postgres->handle = PQconnectdbParams (keys, values, TRUE);
  postgres->queued = g_ptr_array_new ();
  g_autofree char *name = dup_public_name (postgres->handle);
  pk_sql_init (self, &pk_postgres_driver, name);
  PQsetNoticeReceiver (postgres->handle, notice_cb, NULL);
  if (PQstatus (postgres->handle) != CONNECTION_OK)
    {
      g_autofree char *words = g_strchomp (g_strdup (PQerrorMessage (postgres->handle)));
      g_set_error (error, PK_SQL_ERROR, PK_SQL_ERROR_IO, "%s: %s", name, words);
      return NULL;
    }
  return set_up (postgres, flags, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * pk_postgres_get_socket:
 *
 * Returns: what becomes readable when the server has something to say
 */
int
pk_postgres_get_socket (PkSql *self)
{
  return PQsocket (of_sql (self)->handle);
}

/**
 * pk_postgres_take_notices:
 * @n_out: (out): how many notices came since the last look
 *
 * Reads what has come, without waiting.
 *
 * Errors: %PK_SQL_ERROR_IO where the connection is lost
 */
gboolean
pk_postgres_take_notices (PkSql *self, guint *n_out, GError **error)
{
  PkPostgres *postgres = of_sql (self);
  PGnotify *notice;

  *n_out = 0;
  if (!PQconsumeInput (postgres->handle))
    {
      g_set_error_literal (error, PK_SQL_ERROR, PK_SQL_ERROR_IO, PQerrorMessage (postgres->handle));
      return FALSE;
    }
  while ((notice = PQnotifies (postgres->handle)) != NULL)
    {
      (*n_out)++;
      PQfreemem (notice);
    }
  return TRUE;
}
