/* Records as rows: the one mapping between PkRecord and a table's columns. */
#include "config.h"

#include "pk-table.h"

#include "pk-query.h"

typedef struct
{
  char *insert;        /* (owned) */
  char *upsert;        /* (owned) */
  char *remove;        /* (owned) */
  char *select_by_id;  /* (owned) */
  char *select_by_rid; /* (owned) */
} Texts;

struct _PkTables
{
  PkSql *sql;         /* not owned: outlives the tables */
  const Texts *texts; /* one per entity, in the model's order; the same for all connections */
};

static Texts *
make_texts (void)
{
  Texts *texts = g_new0 (Texts, pk_model.n_entities);

  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      const PkEntity *entity = &pk_model.entities[i];
      texts[i].insert = pk_query_insert (entity);
      texts[i].upsert = pk_query_upsert (entity);
      texts[i].remove = pk_query_delete (entity);
      texts[i].select_by_id = pk_query_select (entity, "id");
      texts[i].select_by_rid = pk_query_select (entity, "rid");
    }
  return texts;
}

static const Texts *
get_texts (void)
{
  static gsize texts;

  if (g_once_init_enter (&texts))
    g_once_init_leave (&texts, (gsize) make_texts ());
  return (const Texts *) texts;
}

static const Texts *
texts_of (PkTables *self, const PkEntity *entity)
{
  return &self->texts[entity - pk_model.entities];
}

/**
 * pk_tables_new:
 * @sql: the connection; must outlive the result
 *
 * Returns: (transfer full): the tables
 */
PkTables *
pk_tables_new (PkSql *sql)
{
  PkTables *self = g_new0 (PkTables, 1);

  self->sql = sql;
  self->texts = get_texts ();
  return self;
}

/**
 * pk_tables_free:
 *
 * Frees it; the connection stays.
 */
void
pk_tables_free (PkTables *self)
{
  g_free (self);
}

/**
 * pk_tables_create:
 * @schema: "main", or the name of an attached file
 *
 * Creates every entity's table, without secondary indexes.
 *
 * Returns: %TRUE if all exist
 */
gboolean
pk_tables_create (PkTables *self, const char *schema, GError **error)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      g_autofree char *text = pk_query_create_table (&pk_model.entities[i], schema);
      if (!pk_sql_exec (self->sql, text, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * pk_tables_create_indexes:
 *
 * Creates those of the entity's indexes that do not exist yet.
 *
 * Returns: %TRUE if all exist
 */
gboolean
pk_tables_create_indexes (PkTables *self, const PkEntity *entity, GError **error)
{
  for (guint i = 0; i < entity->n_indexes; i++)
    {
      g_autofree char *text = pk_query_create_index (entity, i);
      if (!pk_sql_exec (self->sql, text, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * pk_table_bind_value:
 * @value: null, or of the field's kind
 *
 * Binds a field's value as its column holds it: an enum as its code.
 */
void
pk_table_bind_value (PkStatement *statement, int place, const PkField *field, const PkValue *value)
{
  switch (value->kind)
    {
    case PK_VALUE_INT:
      if (field->type == PK_TYPE_ENUM)
        pk_statement_bind_text (statement, place, field->values->values[value->number].code);
      else
        pk_statement_bind_int (statement, place, value->number);
      return;
    case PK_VALUE_REAL:
      pk_statement_bind_real (statement, place, value->real);
      return;
    case PK_VALUE_TEXT:
      pk_statement_bind_text (statement, place, value->text);
      return;
    case PK_VALUE_ID:
      pk_statement_bind_id (statement, place, &value->id);
      return;
    case PK_VALUE_NULL:
    default:
      pk_statement_bind_null (statement, place);
    }
}

static PkValue
read_enum (PkStatement *row, int column, const PkField *field)
{
  int place = pk_enum_find (field->values, pk_statement_get_text (row, column));

  /* A code of a newer model: nothing that this program knows. */
  return place < 0 ? PK_VALUE_INIT : pk_value_int (place);
}

/**
 * pk_table_read_value:
 *
 * Returns: (transfer full): the column as a value of the field
 */
PkValue
pk_table_read_value (PkStatement *row, int column, const PkField *field)
{
  PkId id;

  if (pk_statement_is_null (row, column))
    return PK_VALUE_INIT;
  if (field->type == PK_TYPE_ENUM)
    return read_enum (row, column, field);
  switch (pk_value_kind_of (field->type))
    {
    case PK_VALUE_INT:
      return pk_value_int (pk_statement_get_int (row, column));
    case PK_VALUE_REAL:
      return pk_value_real (pk_statement_get_real (row, column));
    case PK_VALUE_ID:
      return pk_statement_get_id (row, column, &id) ? pk_value_id (&id) : PK_VALUE_INIT;
    case PK_VALUE_TEXT:
    case PK_VALUE_NULL:
    default:
      return pk_value_text (pk_statement_get_text (row, column));
    }
}

static gboolean
has_code (PkStatement *row, int column, const PkField *field, const PkValue *value)
{
  const char *code = pk_statement_get_text (row, column);

  if (value->kind != PK_VALUE_INT)
    return pk_enum_find (field->values, code) < 0;
  return g_str_equal (field->values->values[value->number].code, code);
}

static gboolean
has_real (PkStatement *row, int column, double real)
{
  double here = pk_statement_get_real (row, column);

  return !(here < real) && !(here > real);
}

/**
 * pk_table_has_value:
 * @value: null, or of the field's kind
 *
 * The same as reading the column and comparing, without a copy.
 *
 * Returns: whether the column holds @value
 */
gboolean
pk_table_has_value (PkStatement *row, int column, const PkField *field, const PkValue *value)
{
  PkId id;

  if (pk_statement_is_null (row, column))
    return value->kind == PK_VALUE_NULL;
  if (field->type == PK_TYPE_ENUM)
    return has_code (row, column, field, value);
  if (pk_value_kind_of (field->type) == PK_VALUE_ID && !pk_statement_get_id (row, column, &id))
    return value->kind == PK_VALUE_NULL;
  switch (value->kind)
    {
    case PK_VALUE_INT:
      return pk_statement_get_int (row, column) == value->number;
    case PK_VALUE_REAL:
      return has_real (row, column, value->real);
    case PK_VALUE_TEXT:
      return g_str_equal (pk_statement_get_text (row, column), value->text);
    case PK_VALUE_ID:
      return pk_id_equal (&id, &value->id);
    case PK_VALUE_NULL:
    default:
      return FALSE;
    }
}

/**
 * pk_table_read_row:
 * @row: a row with the columns of [func@query_columns], from @first_column on
 *
 * Returns: (transfer full): the record
 */
PkRecord *
pk_table_read_row (PkStatement *row, int first_column, const PkEntity *entity)
{
  PkId id;
  pk_statement_get_id (row, first_column, &id);
  PkRecord *record = pk_record_new (entity, &id);

  pk_record_set_seq (record, pk_statement_get_int (row, first_column + 1));
  for (guint i = 0; i < entity->n_fields; i++)
    pk_record_take (record,
                    i,
                    pk_table_read_value (row, first_column + 2 + (int) i, &entity->fields[i]));
  return record;
}

static gboolean
write_row (PkTables *self, const char *text, PkRecord *record, GError **error)
{
  const PkEntity *entity = pk_record_get_entity (record);
  PkStatement *write = pk_sql_prepare (self->sql, text, error);

  if (write == NULL)
    return FALSE;
  pk_statement_bind_id (write, 1, pk_record_get_id (record));
  pk_statement_bind_int (write, 2, pk_record_get_seq (record));
  if (pk_query_has_title_key (entity))
    {
      g_autofree char *key = pk_record_dup_title_key (record);
      pk_statement_bind_text (write, 3, key);
    }
  for (guint i = 0; i < entity->n_fields; i++)
    pk_table_bind_value (write, (int) i + 4, &entity->fields[i], pk_record_get (record, i));
  return pk_statement_run (write, error);
}

/**
 * pk_tables_insert:
 *
 * Inserts a record that is not there. Where that fails the transaction has to be rolled back.
 *
 * Errors: %PK_SQL_ERROR_CONSTRAINT where a required field is empty, or it is there
 * Returns: %TRUE if it is written
 */
gboolean
pk_tables_insert (PkTables *self, PkRecord *record, GError **error)
{
  return write_row (self, texts_of (self, pk_record_get_entity (record))->insert, record, error);
}

/**
 * pk_tables_upsert:
 *
 * Inserts the record, or replaces all its fields.
 *
 * Errors: %PK_SQL_ERROR_CONSTRAINT where a required field is empty
 * Returns: %TRUE if it is written
 */
gboolean
pk_tables_upsert (PkTables *self, PkRecord *record, GError **error)
{
  return write_row (self, texts_of (self, pk_record_get_entity (record))->upsert, record, error);
}

/**
 * pk_tables_delete:
 *
 * Deletes the record; it may be gone already.
 *
 * Returns: %TRUE if it is not there any more
 */
gboolean
pk_tables_delete (PkTables *self, const PkEntity *entity, const PkId *id, GError **error)
{
  PkStatement *remove = pk_sql_prepare (self->sql, texts_of (self, entity)->remove, error);

  if (remove == NULL)
    return FALSE;
  pk_statement_bind_id (remove, 1, id);
  return pk_statement_run (remove, error);
}

static PkRecord *
read_one (PkStatement *query, const PkEntity *entity, GError **error)
{
  if (!pk_statement_next (query, error))
    return NULL;
  PkRecord *record = pk_table_read_row (query, 0, entity);
  pk_statement_reset (query);
  return record;
}

/**
 * pk_tables_find:
 *
 * Returns: (transfer full) (nullable): the record; NULL without an error where there is none
 */
PkRecord *
pk_tables_find (PkTables *self, const PkEntity *entity, const PkId *id, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->sql, texts_of (self, entity)->select_by_id, error);

  if (query == NULL)
    return NULL;
  pk_statement_bind_id (query, 1, id);
  return read_one (query, entity, error);
}

/**
 * pk_tables_find_by_rid:
 * @rid: the row's number in this file
 *
 * Returns: (transfer full) (nullable): the record; NULL without an error where there is none
 */
PkRecord *
pk_tables_find_by_rid (PkTables *self, const PkEntity *entity, gint64 rid, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->sql, texts_of (self, entity)->select_by_rid, error);

  if (query == NULL)
    return NULL;
  pk_statement_bind_int (query, 1, rid);
  return read_one (query, entity, error);
}
