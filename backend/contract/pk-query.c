/* SQL text from the model's constant tables. */
#include "config.h"

#include "pk-query.h"

#include <string.h>

/**
 * pk_query_column_type:
 *
 * Returns: (transfer none): how a field of the type is stored
 */
const char *
pk_query_column_type (PkType type)
{
  switch (type)
    {
    case PK_TYPE_INT:
    case PK_TYPE_BOOL:
    case PK_TYPE_TIME:
      return "INTEGER";
    case PK_TYPE_REAL:
      return "REAL";
    case PK_TYPE_ID:
      return "BLOB";
    case PK_TYPE_TEXT:
    case PK_TYPE_LONG_TEXT:
    case PK_TYPE_DATE:
    case PK_TYPE_ENUM:
    case PK_TYPE_SET:
    default:
      return "TEXT";
    }
}

/**
 * pk_query_has_title_key:
 *
 * Returns: whether a list of the entity goes by title, so that its table has the column title_key
 */
gboolean
pk_query_has_title_key (const PkEntity *entity)
{
  for (guint i = 0; i < entity->n_indexes; i++)
    if (strstr (entity->indexes[i], "title_key") != NULL)
      return TRUE;
  return FALSE;
}

/* What is not for the person is empty on a device. */
static gboolean
is_never_empty (const PkField *field)
{
  return field->required && !pk_field_is_guarded (field);
}

/**
 * pk_query_create_table:
 * @schema: "main", or the name of an attached file
 *
 * Returns: (transfer full): CREATE TABLE for the entity
 */
char *
pk_query_create_table (const PkEntity *entity, const char *schema)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (
      text,
      "CREATE TABLE %s.%s (rid INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, seq INTEGER NOT NULL",
      schema,
      entity->name);
  if (pk_query_has_title_key (entity))
    g_string_append (text, ", title_key TEXT");
  for (guint i = 0; i < entity->n_fields; i++)
    g_string_append_printf (text,
                            ", %s %s%s",
                            entity->fields[i].name,
                            pk_query_column_type (entity->fields[i].type),
                            is_never_empty (&entity->fields[i]) ? " NOT NULL" : "");
  g_string_append (text, ") STRICT");
  return g_string_free (text, FALSE);
}

/**
 * pk_query_create_index:
 * @index: which of the entity's indexes
 *
 * Returns: (transfer full): CREATE INDEX IF NOT EXISTS
 */
char *
pk_query_create_index (const PkEntity *entity, guint index)
{
  g_assert (index < entity->n_indexes);
  return g_strdup_printf ("CREATE INDEX IF NOT EXISTS %s_%u ON %s (%s)",
                          entity->name,
                          index,
                          entity->name,
                          entity->indexes[index]);
}

/**
 * pk_query_add_column:
 *
 * Returns: (transfer full): ALTER TABLE for a field that an older database lacks; required or not, older rows have none
 */
char *
pk_query_add_column (const PkEntity *entity, guint field)
{
  return g_strdup_printf ("ALTER TABLE %s ADD COLUMN %s %s",
                          entity->name,
                          entity->fields[field].name,
                          pk_query_column_type (entity->fields[field].type));
}

/**
 * pk_query_columns:
 *
 * Returns: (transfer full): "id, seq, <fields>": what [func@table_read_row] reads
 */
char *
pk_query_columns (const PkEntity *entity)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s.id, %s.seq", entity->name, entity->name);
  for (guint i = 0; i < entity->n_fields; i++)
    g_string_append_printf (text, ", %s.%s", entity->name, entity->fields[i].name);
  return g_string_free (text, FALSE);
}

/**
 * pk_query_insert:
 *
 * Parameters: ?1 id, ?2 seq, ?3 title_key or unused, ?4 … the fields. OR FAIL: a failure ends the whole transaction in any case, so
 * that SQLite need not keep what a statement alone would need to be undone.
 *
 * Returns: (transfer full): INSERT of a record that is new
 */
char *
pk_query_insert (const PkEntity *entity)
{
  gboolean has_key = pk_query_has_title_key (entity);
  g_autoptr (GString) columns = g_string_new (has_key ? "id, seq, title_key" : "id, seq");
  g_autoptr (GString) values = g_string_new (has_key ? "?1, ?2, ?3" : "?1, ?2");

  for (guint i = 0; i < entity->n_fields; i++)
    {
      g_string_append_printf (columns, ", %s", entity->fields[i].name);
      g_string_append_printf (values, ", ?%u", i + 4);
    }
  return g_strdup_printf ("INSERT OR FAIL INTO %s (%s) VALUES (%s)",
                          entity->name,
                          columns->str,
                          values->str);
}

/**
 * pk_query_upsert:
 *
 * Parameters: ?1 id, ?2 seq, ?3 title_key or unused, ?4 … the fields.
 *
 * Returns: (transfer full): INSERT … ON CONFLICT (id) DO UPDATE
 */
char *
pk_query_upsert (const PkEntity *entity)
{
  gboolean has_key = pk_query_has_title_key (entity);
  GString *columns = g_string_new ("id, seq"), *values = g_string_new ("?1, ?2");
  GString *updates = g_string_new ("seq = excluded.seq");

  if (has_key)
    {
      g_string_append (columns, ", title_key");
      g_string_append (values, ", ?3");
      g_string_append (updates, ", title_key = excluded.title_key");
    }
  for (guint i = 0; i < entity->n_fields; i++)
    {
      const char *name = entity->fields[i].name;
      g_string_append_printf (columns, ", %s", name);
      g_string_append_printf (values, ", ?%u", i + 4);
      g_string_append_printf (updates, ", %s = excluded.%s", name, name);
    }
  char *text = g_strdup_printf ("INSERT INTO %s (%s) VALUES (%s) ON CONFLICT (id) DO UPDATE SET %s",
                                entity->name,
                                columns->str,
                                values->str,
                                updates->str);
  g_string_free (columns, TRUE);
  g_string_free (values, TRUE);
  g_string_free (updates, TRUE);
  return text;
}

/**
 * pk_query_select:
 * @key_column: "id", "rid" or a field's name; ?1 is its value
 *
 * Returns: (transfer full): SELECT of [func@query_columns]
 */
char *
pk_query_select (const PkEntity *entity, const char *key_column)
{
  g_autofree char *columns = pk_query_columns (entity);

  return g_strdup_printf ("SELECT %s FROM %s WHERE %s.%s = ?1",
                          columns,
                          entity->name,
                          entity->name,
                          key_column);
}

/**
 * pk_query_delete:
 *
 * Returns: (transfer full): DELETE of the record with id ?1
 */
char *
pk_query_delete (const PkEntity *entity)
{
  return g_strdup_printf ("DELETE FROM %s WHERE id = ?1", entity->name);
}

/**
 * pk_query_copy_table:
 * @from_schema: the name of an attached file whose table has the same columns
 *
 * The rows get new rids, in the order of the source; those whose id is there already are left out.
 *
 * Returns: (transfer full): INSERT … SELECT … ON CONFLICT DO NOTHING
 */
char *
pk_query_copy_table (const PkEntity *entity, const char *from_schema)
{
  GString *columns = g_string_new ("id, seq");

  if (pk_query_has_title_key (entity))
    g_string_append (columns, ", title_key");
  for (guint i = 0; i < entity->n_fields; i++)
    g_string_append_printf (columns, ", %s", entity->fields[i].name);
  char *text =
      g_strdup_printf ("INSERT INTO main.%s (%s) SELECT %s FROM %s.%s WHERE true ORDER BY rid"
                       " ON CONFLICT (id) DO NOTHING",
                       entity->name,
                       columns->str,
                       columns->str,
                       from_schema,
                       entity->name);
  g_string_free (columns, TRUE);
  return text;
}
