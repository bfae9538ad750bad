/*
 * Prepared statements: values go out and come in as bytes in the order of the network, in the types that the server found for
 * them when it prepared the text.
 */
#include "config.h"

#include "pk-postgres-private.h"

#include <string.h>

/* From the server's pg_type.dat; they never change. */
enum
{
  TYPE_BOOL = 16,
  TYPE_BYTEA = 17,
  TYPE_INT8 = 20,
  TYPE_INT2 = 21,
  TYPE_INT4 = 23,
  TYPE_FLOAT4 = 700,
  TYPE_FLOAT8 = 701,
  TYPE_NUMERIC = 1700
};

#define NUMERIC_BASE     10000
#define NUMERIC_NEGATIVE 0x4000

static PkPostgresStatement *
of_statement (PkStatement *statement)
{
  return (PkPostgresStatement *) statement;
}

static PkPostgres *
of_sql (PkSql *sql)
{
  return (PkPostgres *) sql;
}

static PkParameter *
get_parameter (PkStatement *statement, int place)
{
  PkPostgresStatement *self = of_statement (statement);

  g_assert (place > 0);
  guint slot = (guint) place < self->slots->len ? g_array_index (self->slots, guint, place) : 0;
  return &self->parameters[slot];
}

static void
bind_int (PkStatement *statement, int place, gint64 value)
{
  PkParameter *parameter = get_parameter (statement, place);

  parameter->kind = PK_PARAMETER_INT;
  parameter->number = (guint64) value;
}

static void
bind_real (PkStatement *statement, int place, double value)
{
  PkParameter *parameter = get_parameter (statement, place);

  parameter->kind = PK_PARAMETER_REAL;
  memcpy (&parameter->number, &value, sizeof value);
}

static void
set_bytes (PkParameter *parameter, PkParameterKind kind, gconstpointer bytes, gsize size)
{
  parameter->kind = bytes != NULL ? kind : PK_PARAMETER_NULL;
  if (parameter->bytes == NULL)
    parameter->bytes = g_byte_array_new ();
  g_byte_array_set_size (parameter->bytes, 0);
  if (size > 0)
    g_byte_array_append (parameter->bytes, bytes, (guint) size);
}

static void
bind_text (PkStatement *statement, int place, const char *value)
{
  set_bytes (get_parameter (statement, place),
             PK_PARAMETER_TEXT,
             value,
             value != NULL ? strlen (value) : 0);
}

static void
bind_blob (PkStatement *statement, int place, gconstpointer bytes, gsize size)
{
  set_bytes (get_parameter (statement, place), PK_PARAMETER_BYTES, bytes, size);
}

static void
drop_rows (PkPostgresStatement *self)
{
  PkPostgres *sql = of_sql (self->base.sql);

  if (sql->streaming == self)
    {
      for (PGresult *rest; (rest = PQgetResult (sql->handle)) != NULL;)
        PQclear (rest);
      sql->streaming = NULL;
    }
  g_queue_clear_full (&self->later, (GDestroyNotify) PQclear);
  g_clear_pointer (&self->result, PQclear);
  self->is_running = FALSE;
  self->wants_stream = FALSE;
}

static void
reset (PkStatement *statement)
{
  drop_rows (of_statement (statement));
}

static void
clear (PkStatement *statement)
{
  PkPostgresStatement *self = of_statement (statement);

  drop_rows (self);
  for (int i = 0; i <= self->n_parameters; i++)
    self->parameters[i].kind = PK_PARAMETER_NULL;
}

static void
free_statement (PkStatement *statement)
{
  PkPostgresStatement *self = of_statement (statement);

  drop_rows (self);
  for (int i = 0; i <= self->n_parameters; i++)
    if (self->parameters[i].bytes != NULL)
      g_byte_array_unref (self->parameters[i].bytes);
  g_free (self->parameters);
  g_array_unref (self->slots);
  g_free (self->types);
  pk_statement_clear (statement);
  g_free (self);
}

static void
stream (PkStatement *statement)
{
  of_statement (statement)->wants_stream = TRUE;
}

/* What a parameter is on the wire, as the type that the server takes. */
static const char *
encode (PkParameter *parameter, Oid type, char *buffer, int *size_out)
{
  guint64 number = parameter->number;
  guint32 half;

  if (parameter->kind == PK_PARAMETER_NULL)
    return NULL;
  if (parameter->kind == PK_PARAMETER_TEXT || parameter->kind == PK_PARAMETER_BYTES)
    {
      *size_out = (int) parameter->bytes->len;
      return parameter->bytes->data ? (const char *) parameter->bytes->data : "";
    }
  if (type == TYPE_FLOAT8 && parameter->kind == PK_PARAMETER_INT)
    {
      double real = (double) (gint64) number;
      memcpy (&number, &real, sizeof number);
    }
  if (type == TYPE_INT4)
    {
      half = GUINT32_TO_BE ((guint32) number);
      *size_out = sizeof half;
      return memcpy (buffer, &half, sizeof half);
    }
  g_assert (type == TYPE_INT8 || type == TYPE_FLOAT8);
  number = GUINT64_TO_BE (number);
  *size_out = sizeof number;
  return memcpy (buffer, &number, sizeof number);
}

/**
 * pk_postgres_send:
 *
 * Returns: whether the statement is on its way, with its parameters
 */
gboolean
pk_postgres_send (PkPostgresStatement *self)
{
  int n = self->n_parameters;
  g_autofree const char **values = g_new0 (const char *, n + 1);
  g_autofree int *sizes = g_new0 (int, n + 1), *formats = g_new (int, n + 1);
  g_autofree char *buffers = g_malloc (8 * (gsize) (n + 1));

  for (int i = 0; i < n; i++)
    {
      values[i] = encode (&self->parameters[i + 1], self->types[i], buffers + 8 * i, &sizes[i]);
      formats[i] = 1;
    }
  return PQsendQueryPrepared (of_sql (self->base.sql)->handle,
                              self->name,
                              n,
                              values,
                              sizes,
                              formats,
                              1) != 0;
}

/**
 * pk_postgres_fetch_all:
 *
 * Fetches the rows that are still coming, since the connection is wanted for something else.
 */
void
pk_postgres_fetch_all (PkPostgresStatement *self)
{
  PkPostgres *sql = of_sql (self->base.sql);

  for (PGresult *result; (result = PQgetResult (sql->handle)) != NULL;)
    g_queue_push_tail (&self->later, result);
  sql->streaming = NULL;
}

static gboolean
fail_with_cause (PkPostgres *sql, GError **error)
{
  g_set_error_literal (error, PK_SQL_ERROR, (int) sql->cause, sql->cause_text);
  return FALSE;
}

static gboolean
start_stream (PkPostgresStatement *self, GError **error)
{
  PkPostgres *sql = of_sql (self->base.sql);

  if (!pk_postgres_settle (sql, error))
    return FALSE;
  if (!pk_postgres_send (self) || !PQsetSingleRowMode (sql->handle))
    return pk_postgres_take_result (sql, NULL, self->base.text, error);
  sql->streaming = self;
  return TRUE;
}

static gboolean
start (PkPostgresStatement *self, GError **error)
{
  PkPostgres *sql = of_sql (self->base.sql);

  if (sql->cause_text != NULL)
    return fail_with_cause (sql, error);
  self->row = -1;
  if (self->wants_stream)
    return start_stream (self, error);
  self->result = pk_postgres_fetch (self, error);
  return self->result != NULL;
}

/* The next result of those that come row by row. */
static gboolean
take_next_result (PkPostgresStatement *self, GError **error)
{
  PkPostgres *sql = of_sql (self->base.sql);

  g_clear_pointer (&self->result, PQclear);
  self->row = -1;
  self->result = g_queue_pop_head (&self->later);
  if (self->result == NULL && sql->streaming == self)
    self->result = PQgetResult (sql->handle);
  if (self->result == NULL)
    {
      if (sql->streaming == self)
        sql->streaming = NULL;
      return FALSE;
    }
  return pk_postgres_take_result (sql, self->result, self->base.text, error);
}

static gboolean
next (PkStatement *statement, GError **error)
{
  PkPostgresStatement *self = of_statement (statement);

  if (!self->is_running && !start (self, error))
    {
      drop_rows (self);
      return FALSE;
    }
  self->is_running = TRUE;
  while (self->result == NULL || ++self->row >= PQntuples (self->result))
    if (!take_next_result (self, error))
      {
        drop_rows (self);
        return FALSE;
      }
    else if (self->wants_stream && PQntuples (self->result) > 0)
      {
        self->row = 0;
        return TRUE;
      }
  return TRUE;
}

static gboolean
run (PkStatement *statement, GError **error)
{
  PkPostgresStatement *self = of_statement (statement);
  PkPostgres *sql = of_sql (statement->sql);

  if (sql->cause_text != NULL)
    return fail_with_cause (sql, error);
  if (!self->gives_rows && pk_sql_in_transaction (statement->sql))
    return pk_postgres_queue (self, error);
  PGresult *result = pk_postgres_fetch (self, error);
  if (result == NULL)
    return FALSE;
  sql->changes = (guint) g_ascii_strtoull (PQcmdTuples (result), NULL, 10);
  PQclear (result);
  return TRUE;
}

static gboolean
is_null (PkStatement *statement, int column)
{
  PkPostgresStatement *self = of_statement (statement);

  return PQgetisnull (self->result, self->row, column);
}

static guint64
read_number (const char *bytes, int size)
{
  guint64 number = 0;

  for (int i = 0; i < size; i++)
    number = number << 8 | (guint8) bytes[i];
  return number;
}

/* Sums of whole numbers are of this type: digits of 10 000, the first of which weighs most; what follows the point is left out. */
static gint64
read_numeric (const char *bytes)
{
  int n_digits = (gint16) read_number (bytes, 2), weight = (gint16) read_number (bytes + 2, 2);
  gboolean is_negative = read_number (bytes + 4, 2) == NUMERIC_NEGATIVE;
  gint64 number = 0;

  for (int i = 0; i <= weight; i++)
    number = number * NUMERIC_BASE +
             (i < n_digits ? (gint64) read_number (bytes + 8 + 2 * i, 2) : 0);
  return is_negative ? -number : number;
}

static double
get_real (PkStatement *statement, int column)
{
  PkPostgresStatement *self = of_statement (statement);
  const char *bytes = PQgetvalue (self->result, self->row, column);
  guint64 number;
  double real;

  if (PQgetisnull (self->result, self->row, column))
    return 0;
  g_assert (PQftype (self->result, column) == TYPE_FLOAT8);
  number = read_number (bytes, 8);
  memcpy (&real, &number, sizeof real);
  return real;
}

static gint64
get_int (PkStatement *statement, int column)
{
  PkPostgresStatement *self = of_statement (statement);
  const char *bytes = PQgetvalue (self->result, self->row, column);

  if (PQgetisnull (self->result, self->row, column))
    return 0;
  switch (PQftype (self->result, column))
    {
    case TYPE_INT8:
      return (gint64) read_number (bytes, 8);
    case TYPE_INT4:
      return (gint32) read_number (bytes, 4);
    case TYPE_INT2:
      return (gint16) read_number (bytes, 2);
    case TYPE_BOOL:
      return bytes[0] != 0;
    case TYPE_NUMERIC:
      return read_numeric (bytes);
    case TYPE_FLOAT8:
      return (gint64) get_real (statement, column);
    default:
      return g_ascii_strtoll (bytes, NULL, 10);
    }
}

static const char *
get_text (PkStatement *statement, int column)
{
  PkPostgresStatement *self = of_statement (statement);

  return PQgetisnull (self->result, self->row, column)
             ? NULL
             : PQgetvalue (self->result, self->row, column);
}

static gconstpointer
get_blob (PkStatement *statement, int column, gsize *size_out)
{
  PkPostgresStatement *self = of_statement (statement);

  *size_out = (gsize) PQgetlength (self->result, self->row, column);
  return get_text (statement, column);
}

static const PkStatementDriver statement_driver = {
  .free = free_statement,
  .bind_int = bind_int,
  .bind_real = bind_real,
  .bind_text = bind_text,
  .bind_blob = bind_blob,
  .clear = clear,
  .stream = stream,
  .next = next,
  .run = run,
  .reset = reset,
  .is_null = is_null,
  .get_int = get_int,
  .get_real = get_real,
  .get_text = get_text,
  .get_blob = get_blob,
};

static gboolean
describe (PkPostgresStatement *self, GError **error)
{
  PkPostgres *sql = of_sql (self->base.sql);
  PGresult *result = PQdescribePrepared (sql->handle, self->name);

  if (!pk_postgres_take_result (sql, result, self->base.text, error))
    {
      PQclear (result);
      return FALSE;
    }
  self->gives_rows = PQnfields (result) > 0;
  for (int i = 0; i < self->n_parameters && i < PQnparams (result); i++)
    self->types[i] = PQparamtype (result, i);
  PQclear (result);
  return TRUE;
}

static gboolean
give_to_server (PkPostgresStatement *self, const char *words, GError **error)
{
  PkPostgres *sql = of_sql (self->base.sql);
  PGresult *result = PQprepare (sql->handle, self->name, words, 0, NULL);
  gboolean is_done = pk_postgres_take_result (sql, result, self->base.text, error);

  PQclear (result);
  return is_done && describe (self, error);
}

/**
 * pk_postgres_prepare:
 *
 * The driver's prepare().
 */
PkStatement *
pk_postgres_prepare (PkSql *sql, const char *text, GError **error)
{
  PkPostgres *postgres = of_sql (sql);
  g_autoptr (GArray) slots = g_array_new (FALSE, TRUE, sizeof (guint));
  g_autofree char *words = pk_postgres_translate (text, slots);
  guint n_parameters = 0;

  if (postgres->cause_text != NULL)
    {
      fail_with_cause (postgres, error);
      return NULL;
    }
  if (!pk_postgres_settle (postgres, error))
    return NULL;
  for (guint i = 0; i < slots->len; i++)
    n_parameters = MAX (n_parameters, g_array_index (slots, guint, i));
  PkPostgresStatement *self = g_new0 (PkPostgresStatement, 1);
  pk_statement_init (&self->base, &statement_driver, sql, text);
  g_snprintf (self->name, sizeof self->name, "s%u", ++postgres->n_named);
  self->n_parameters = (int) n_parameters;
  self->slots = g_steal_pointer (&slots);
  self->parameters = g_new0 (PkParameter, n_parameters + 1);
  self->types = g_new0 (Oid, n_parameters);
  g_queue_init (&self->later);
  if (give_to_server (self, words, error))
    return &self->base;
  free_statement (&self->base);
  return NULL;
}
