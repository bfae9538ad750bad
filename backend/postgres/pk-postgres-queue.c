/*
 * Statements whose rows nobody wants are sent without waiting: what they say is read with the next answer that is wanted, so that
 * a transaction waits for the server only where it reads. A failure shows there, at the latest at the commit; the transaction is
 * broken by then, so that nothing of it can become durable.
 */
#include "config.h"

#include "pk-postgres-private.h"

/* As many as fit in what the two sockets hold, so that neither side waits for the other to read. */
#define MOST_QUEUED 64

/**
 * pk_postgres_has_queued:
 *
 * Returns: whether something was sent of which nobody knows what became
 */
gboolean
pk_postgres_has_queued (PkPostgres *self)
{
  return self->queued->len > 0;
}

static gboolean
fail_to_send (PkPostgres *self, const char *what, GError **error)
{
  return pk_postgres_take_result (self, NULL, what, error);
}

static PkPostgres *
connection_of (PkPostgresStatement *statement)
{
  return (PkPostgres *) statement->base.sql;
}

/* The next statement's answer, with the empty one that ends it. */
static PGresult *
read_answer (PkPostgres *self)
{
  PGresult *result = PQgetResult (self->handle);

  for (PGresult *more; result != NULL && (more = PQgetResult (self->handle)) != NULL;)
    PQclear (more);
  return result;
}

static gboolean
read_queued (PkPostgres *self, GError **error)
{
  gboolean is_good = TRUE;

  for (guint i = 0; i < self->queued->len; i++)
    {
      PkPostgresStatement *statement = self->queued->pdata[i];
      PGresult *result = read_answer (self);
      if (is_good && !pk_postgres_take_result (self, result, statement->base.text, error))
        is_good = FALSE;
      self->changes = result != NULL ? (guint) g_ascii_strtoull (PQcmdTuples (result), NULL, 10)
                                     : 0;
      PQclear (result);
    }
  g_ptr_array_set_size (self->queued, 0);
  return is_good;
}

static void
leave_pipeline (PkPostgres *self)
{
  PGresult *sync = PQgetResult (self->handle);

  PQclear (sync);
  PQexitPipelineMode (self->handle);
  pk_postgres_forget_cause (self);
}

/**
 * pk_postgres_settle:
 *
 * Waits until nothing is under way on the connection: what was queued has been answered, what was streaming has been fetched.
 *
 * Returns: %FALSE if something that was queued has failed
 */
gboolean
pk_postgres_settle (PkPostgres *self, GError **error)
{
  if (self->streaming != NULL)
    pk_postgres_fetch_all (self->streaming);
  if (PQpipelineStatus (self->handle) == PQ_PIPELINE_OFF)
    return TRUE;
  if (!PQpipelineSync (self->handle))
    {
      g_ptr_array_set_size (self->queued, 0);
      return fail_to_send (self, "Sending", error);
    }
  gboolean is_good = read_queued (self, error);
  leave_pipeline (self);
  return is_good;
}

/**
 * pk_postgres_queue:
 *
 * Sends a statement without waiting for what becomes of it.
 *
 * Returns: %FALSE if it cannot be sent, or something sent before has failed
 */
gboolean
pk_postgres_queue (PkPostgresStatement *statement, GError **error)
{
  PkPostgres *self = connection_of (statement);

  if (self->streaming != NULL)
    pk_postgres_fetch_all (self->streaming);
  if (self->queued->len >= MOST_QUEUED && !pk_postgres_settle (self, error))
    return FALSE;
  if (!PQenterPipelineMode (self->handle) || !pk_postgres_send (statement))
    return fail_to_send (self, statement->base.text, error);
  g_ptr_array_add (self->queued, statement);
  return TRUE;
}

/**
 * pk_postgres_fetch:
 *
 * Runs a statement and waits for it, and for all that was queued before.
 *
 * Returns: (transfer full) (nullable): what it gave
 */
PGresult *
pk_postgres_fetch (PkPostgresStatement *statement, GError **error)
{
  PkPostgres *self = connection_of (statement);
  const char *text = statement->base.text;
  gboolean is_piped = pk_postgres_has_queued (self);

  if (!is_piped && !pk_postgres_settle (self, error))
    return NULL;
  if (!pk_postgres_send (statement) || (is_piped && !PQpipelineSync (self->handle)))
    {
      fail_to_send (self, text, error);
      return NULL;
    }
  gboolean is_good = !is_piped || read_queued (self, error);
  PGresult *result = read_answer (self);
  if (is_piped)
    leave_pipeline (self);
  if (is_good && pk_postgres_take_result (self, result, text, error))
    return result;
  PQclear (result);
  return NULL;
}
