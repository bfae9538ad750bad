/* SQL texts of the replica that depend on an entity: names come from the model's constant tables, values are parameters. */
#include "config.h"

#include "pk-query-replica.h"

#include "pk-model-tables.h"
#include "pk-query.h"

#include <string.h>

static char **
make_row_texts (void)
{
  char **texts = g_new0 (char *, pk_model.n_entities);

  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      g_autofree char *columns = pk_query_columns (&pk_model.entities[i]);
      texts[i] = g_strdup_printf ("SELECT rid, %s FROM %s WHERE id = ?1",
                                  columns,
                                  pk_model.entities[i].name);
    }
  return texts;
}

/**
 * pk_query_row:
 *
 * Made once: it is asked for with each row of a feed. Any thread.
 *
 * Returns: (transfer none): SELECT of rid and [func@query_columns] of the record with id ?1
 */
const char *
pk_query_row (const PkEntity *entity)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    g_once_init_leave (&once, (gsize) make_row_texts ());
  return ((char **) once)[entity - pk_model.entities];
}

/**
 * pk_query_update_changed:
 * @is_changed: (array): by the field's place
 *
 * Only what changed is named, so that SQLite leaves the indexes of all else alone. Parameters and OR FAIL as in
 * [func@query_insert].
 *
 * Returns: (transfer full): UPDATE of the record with id ?1
 */
char *
pk_query_update_changed (const PkEntity *entity, const gboolean *is_changed)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "UPDATE OR FAIL %s SET seq = ?2", entity->name);
  if (is_changed[entity->title] && pk_query_has_title_key (entity))
    g_string_append (text, ", title_key = ?3");
  for (guint i = 0; i < entity->n_fields; i++)
    if (is_changed[i])
      g_string_append_printf (text, ", %s = ?%u", entity->fields[i].name, i + 4);
  g_string_append (text, " WHERE id = ?1");
  return g_string_free (text, FALSE);
}

/**
 * pk_query_name:
 *
 * Returns: (transfer full): SELECT of what the record with id ?1 is called
 */
char *
pk_query_name (const PkEntity *entity)
{
  return g_strdup_printf ("SELECT %s FROM %s WHERE id = ?1",
                          entity->fields[entity->title].name,
                          entity->name);
}

static const char *
find_index (const PkEntity *entity, const char *first)
{
  gsize length = strlen (first);

  for (guint i = 0; i < entity->n_indexes; i++)
    if (strncmp (entity->indexes[i], first, length) == 0 &&
        (entity->indexes[i][length] == ',' || entity->indexes[i][length] == '\0'))
      return entity->indexes[i];
  return NULL;
}

/**
 * pk_query_append_order:
 * @columns: of one of the model's indexes
 *
 * Appends ORDER BY. Where the model goes on by id, the replica does by rid, as its indexes do.
 */
void
pk_query_append_order (GString *text, const char *columns, gboolean is_backward)
{
  g_auto (GStrv) names = g_strsplit (columns, ",", -1);

  for (guint i = 0; names[i] != NULL; i++)
    g_string_append_printf (text,
                            "%s%s%s",
                            i == 0 ? " ORDER BY " : ", ",
                            g_str_equal (names[i], "id") ? "rid" : names[i],
                            is_backward ? " DESC" : "");
}

/**
 * pk_query_children:
 * @field: the one that points to the parent
 *
 * Parameters: ?1 the parent, ?2 how many at most.
 *
 * Returns: (transfer full): SELECT of [func@query_columns] in the order of the index that begins with the field
 */
char *
pk_query_children (const PkEntity *entity, guint field, gboolean is_backward)
{
  const char *name = entity->fields[field].name;
  const char *index = find_index (entity, name);
  const char *rest = index != NULL ? strchr (index, ',') : NULL;
  g_autofree char *columns = pk_query_columns (entity);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "SELECT %s FROM %s WHERE %s = ?1", columns, entity->name, name);
  pk_query_append_order (text, rest != NULL ? rest + 1 : "rid", is_backward);
  g_string_append (text, " LIMIT ?2");
  return g_string_free (text, FALSE);
}

/**
 * pk_query_count_children:
 *
 * Returns: (transfer full): how many records point to ?1 with the field
 */
char *
pk_query_count_children (const PkEntity *entity, guint field)
{
  return g_strdup_printf ("SELECT count(*) FROM %s WHERE %s = ?1",
                          entity->name,
                          entity->fields[field].name);
}

/**
 * pk_query_linked_documents:
 * @link_field: of document_link
 *
 * Parameters: ?1 the record, ?2 how many at most.
 *
 * Returns: (transfer full): SELECT of the documents that are linked to a record, the last link first
 */
char *
pk_query_linked_documents (guint link_field)
{
  const PkEntity *document = pk_entity_by_id (PK_ENTITY_DOCUMENT);
  const PkEntity *link = pk_entity_by_id (PK_ENTITY_DOCUMENT_LINK);
  g_autofree char *columns = pk_query_columns (document);

  return g_strdup_printf ("SELECT %s FROM document_link JOIN document"
                          " ON document.id = document_link.document_id"
                          " WHERE document_link.%s = ?1 ORDER BY document_link.rid DESC LIMIT ?2",
                          columns,
                          link->fields[link_field].name);
}

/**
 * pk_query_copy_ids:
 *
 * Parameters: ?1 the entity's number, ?2 the scope's.
 *
 * Returns: (transfer full): INSERT of the members that the attached file "snapshot" brings
 */
char *
pk_query_copy_ids (const PkEntity *entity)
{
  return g_strdup_printf ("INSERT INTO member (entity, id, scope, seq)"
                          " SELECT ?1, id, ?2, seq FROM snapshot.%s WHERE true"
                          " ON CONFLICT (entity, id, scope) DO UPDATE SET seq = excluded.seq",
                          entity->name);
}

/**
 * pk_query_upsert_newer:
 *
 * Rows that are visible with unsent work on them are left alone: their base is brought up to date instead.
 *
 * Returns: (transfer full): INSERT … SELECT from the attached file "snapshot"; what is here and not older stays
 */
char *
pk_query_upsert_newer (const PkEntity *entity)
{
  GString *columns = g_string_new ("id, seq"), *updates = g_string_new ("seq = excluded.seq");

  if (pk_query_has_title_key (entity))
    {
      g_string_append (columns, ", title_key");
      g_string_append (updates, ", title_key = excluded.title_key");
    }
  for (guint i = 0; i < entity->n_fields; i++)
    {
      const char *name = entity->fields[i].name;
      g_string_append_printf (columns, ", %s", name);
      g_string_append_printf (updates, ", %s = excluded.%s", name, name);
    }
  char *text = g_strdup_printf ("INSERT INTO main.%s (%s) SELECT %s FROM snapshot.%s WHERE true"
                                " ON CONFLICT (id) DO UPDATE SET %s WHERE excluded.seq > %s.seq",
                                entity->name,
                                columns->str,
                                columns->str,
                                entity->name,
                                updates->str,
                                entity->name);
  g_string_free (columns, TRUE);
  g_string_free (updates, TRUE);
  return text;
}

/**
 * pk_query_add_title_key:
 *
 * Returns: (transfer full) (nullable): ALTER TABLE for the sort key of the title, where the entity has one
 */
char *
pk_query_add_title_key (const PkEntity *entity)
{
  if (!pk_query_has_title_key (entity))
    return NULL;
  return g_strdup_printf ("ALTER TABLE %s ADD COLUMN title_key TEXT", entity->name);
}

/**
 * pk_query_age:
 *
 * Returns: (transfer full): UPDATE that makes all records older than any state of the server
 */
char *
pk_query_age (const PkEntity *entity)
{
  return g_strdup_printf ("UPDATE %s SET seq = 0 WHERE seq != 0", entity->name);
}

/**
 * pk_query_copy_common:
 * @columns: (element-type utf8 utf8): names of the columns that the attached file "snapshot" has
 *
 * Rows that the new table refuses are left out: the server has them.
 *
 * Returns: (transfer full): INSERT … SELECT of what both tables have
 */
char *
pk_query_copy_common (const PkEntity *entity, GHashTable *columns)
{
  GString *names = g_string_new ("id, seq");

  if (pk_query_has_title_key (entity) && g_hash_table_contains (columns, "title_key"))
    g_string_append (names, ", title_key");
  for (guint i = 0; i < entity->n_fields; i++)
    if (g_hash_table_contains (columns, entity->fields[i].name))
      g_string_append_printf (names, ", %s", entity->fields[i].name);
  char *text =
      g_strdup_printf ("INSERT OR IGNORE INTO main.%s (%s) SELECT %s FROM snapshot.%s ORDER BY rid",
                       entity->name,
                       names->str,
                       names->str,
                       entity->name);
  g_string_free (names, TRUE);
  return text;
}

/**
 * pk_query_homeless:
 *
 * Returns: (transfer full): SELECT of the ids of records, and of bases below own work, that are in no scope
 */
char *
pk_query_homeless (const PkEntity *entity)
{
  return g_strdup_printf ("SELECT id FROM %s AS record WHERE NOT EXISTS"
                          " (SELECT 1 FROM member WHERE entity = %u AND member.id = record.id)"
                          " UNION SELECT id FROM base WHERE entity = %u AND NOT EXISTS"
                          " (SELECT 1 FROM member WHERE entity = %u AND member.id = base.id)",
                          entity->name,
                          entity->id,
                          entity->id,
                          entity->id);
}

/**
 * pk_query_forget_seq:
 *
 * Returns: (transfer full): UPDATE that makes every version of the entity older than any that comes
 */
char *
pk_query_forget_seq (const PkEntity *entity)
{
  return g_strdup_printf ("UPDATE %s SET seq = 0 WHERE seq != 0", entity->name);
}
