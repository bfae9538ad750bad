/* SQL text of the store, made from the model's constant tables and nothing else. Parameters as in pk-query.h. */
#include "config.h"

#include "pk-query-store.h"

#include "pk-query.h"

#include <string.h>

/**
 * pk_query_update:
 * @fields: bits of the fields that change; parameters ?1 id, ?2 seq, ?3 title_key where the title changes, ?4 … the fields
 *
 * Returns: (transfer full): UPDATE of these columns only, so that no other index is touched
 */
char *
pk_query_update (const PkEntity *entity, guint64 fields)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "UPDATE %s SET seq = ?2", entity->name);
  if (pk_query_has_title_key (entity) && (fields >> entity->title & 1))
    g_string_append (text, ", title_key = ?3");
  for (guint i = 0; i < entity->n_fields; i++)
    if (fields >> i & 1)
      g_string_append_printf (text, ", %s = ?%u", entity->fields[i].name, i + 4);
  g_string_append (text, " WHERE id = ?1");
  return g_string_free (text, FALSE);
}

/**
 * pk_query_has:
 *
 * Returns: (transfer full): a row if the record with id ?1 exists
 */
char *
pk_query_has (const PkEntity *entity)
{
  return g_strdup_printf ("SELECT 1 FROM %s WHERE id = ?1", entity->name);
}

/**
 * pk_query_count:
 *
 * Returns: (transfer full): how many records there are
 */
char *
pk_query_count (const PkEntity *entity)
{
  return g_strdup_printf ("SELECT count(*) FROM %s", entity->name);
}

/**
 * pk_query_all:
 *
 * Returns: (transfer full): all records, in the order they came
 */
char *
pk_query_all (const PkEntity *entity)
{
  g_autofree char *columns = pk_query_columns (entity);

  return g_strdup_printf ("SELECT %s FROM %s ORDER BY rid", columns, entity->name);
}

/**
 * pk_query_ids_by_ref:
 *
 * Returns: (transfer full): ids of the records whose @field points to ?1
 */
char *
pk_query_ids_by_ref (const PkEntity *entity, guint field)
{
  return g_strdup_printf ("SELECT id FROM %s WHERE %s = ?1 ORDER BY rid",
                          entity->name,
                          entity->fields[field].name);
}

/**
 * pk_query_of_scope:
 *
 * Returns: (transfer full): the records of the entity that are in the scope ?1
 */
char *
pk_query_of_scope (const PkEntity *entity)
{
  g_autofree char *columns = pk_query_columns (entity);

  return g_strdup_printf ("SELECT %s FROM scope_log JOIN %s ON %s.id = scope_log.id"
                          " WHERE scope_log.scope = ?1 AND scope_log.entity = %u"
                          " AND scope_log.state = 0 ORDER BY scope_log.id",
                          columns,
                          entity->name,
                          entity->name,
                          entity->id);
}

static gboolean
begins_an_index (const PkEntity *entity, const char *name)
{
  gsize length = strlen (name);

  for (guint i = 0; i < entity->n_indexes; i++)
    if (strncmp (entity->indexes[i], name, length) == 0 &&
        (entity->indexes[i][length] == ',' || entity->indexes[i][length] == '\0'))
      return TRUE;
  return FALSE;
}

static gboolean
is_walked_by_rule (const PkEntity *entity, const char *name)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    for (guint j = 0; j < pk_model.entities[i].n_scopes; j++)
      {
        const PkScopeRule *rule = &pk_model.entities[i].scopes[j];
        gboolean is_link = rule->kind == PK_SCOPE_LINKS;
        const char *owner = is_link ? rule->target : pk_model.entities[i].name;
        gboolean is_walked = is_link || rule->kind == PK_SCOPE_FOLLOW || rule->path != NULL;
        if (is_walked && g_str_equal (owner, entity->name) && g_str_equal (rule->field, name))
          return TRUE;
      }
  return FALSE;
}

/* References that grants are worked out from: who leads, who looks after a building, who holds a membership of a unit. */
static gboolean
is_walked_by_grants (const PkEntity *entity, const char *name)
{
  return (entity->id == PK_ENTITY_UNIT &&
          (g_str_equal (name, "leader_id") || g_str_equal (name, "parent_id"))) ||
         (entity->id == PK_ENTITY_BUILDING && g_str_equal (name, "caretaker_id"));
}

/**
 * pk_query_create_ref_index:
 *
 * Returns: (transfer full) (nullable): CREATE INDEX for a reference that is walked backwards when scopes or grants are worked
 *   out, unless one of the entity's orders begins with it; NULL for other fields
 */
char *
pk_query_create_ref_index (const PkEntity *entity, guint field)
{
  const char *name = entity->fields[field].name;

  if (entity->fields[field].type != PK_TYPE_ID || begins_an_index (entity, name) ||
      !(is_walked_by_rule (entity, name) || is_walked_by_grants (entity, name)))
    return NULL;
  return g_strdup_printf ("CREATE INDEX IF NOT EXISTS %s_ref_%s ON %s (%s) WHERE %s IS NOT NULL",
                          entity->name,
                          name,
                          entity->name,
                          name,
                          name);
}

static void
append_equal (GString *text,
              const PkEntity *entity,
              const char *column,
              gboolean is_empty,
              guint place)
{
  g_string_append_printf (text, " AND %s.%s ", entity->name, column);
  if (is_empty)
    g_string_append (text, "IS NULL");
  else
    g_string_append_printf (text, "= ?%u", place);
}

static void
append_bound (GString *text, const PkListPart *part)
{
  for (guint i = 0; i < part->n_equal; i++)
    append_equal (text,
                  part->entity,
                  part->columns[i],
                  part->empty_columns >> i & 1,
                  PK_LIST_COLUMN + i);
  if (part->bound == PK_LIST_FROM_START)
    return;
  g_string_append_printf (text, " AND %s.%s", part->entity->name, part->columns[part->n_equal]);
  if (part->bound == PK_LIST_NOT_EMPTY)
    g_string_append (text, " IS NOT NULL");
  else if (part->bound == PK_LIST_EMPTY)
    g_string_append (text, " IS NULL");
  else
    g_string_append_printf (text,
                            " %c ?%u",
                            part->bound == PK_LIST_ABOVE ? '>' : '<',
                            PK_LIST_COLUMN + part->n_equal);
}

static void
append_filters (GString *text, const PkListPart *part)
{
  const PkEntity *entity = part->entity;

  for (guint i = 0; i < entity->n_fields; i++)
    if (part->filters >> i & 1)
      append_equal (text,
                    entity,
                    entity->fields[i].name,
                    part->empty_filters >> i & 1,
                    PK_LIST_FIELD + i);
  if (part->has_title)
    g_string_append_printf (text,
                            " AND %s.title_key >= ?%d AND %s.title_key < ?%d",
                            entity->name,
                            PK_LIST_TITLE,
                            entity->name,
                            PK_LIST_TITLE_END);
  if (part->has_person)
    g_string_append_printf (text,
                            " AND EXISTS (SELECT 1 FROM scope_log AS l CROSS JOIN person_scope AS p"
                            " WHERE l.entity = %u AND l.id = %s.id AND l.state = 0"
                            " AND p.person = ?%d AND p.scope = l.scope)",
                            entity->id,
                            entity->name,
                            PK_LIST_PERSON);
}

/**
 * pk_query_list:
 *
 * Returns: (transfer full): SELECT of [func@query_columns] in the part's order, by its index
 */
char *
pk_query_list (const PkListPart *part)
{
  g_autofree char *columns = pk_query_columns (part->entity);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "SELECT %s FROM %s WHERE true", columns, part->entity->name);
  append_bound (text, part);
  append_filters (text, part);
  for (guint i = part->n_equal; i < part->n_columns; i++)
    g_string_append_printf (text,
                            "%s%s.%s%s",
                            i == part->n_equal ? " ORDER BY " : ", ",
                            part->entity->name,
                            part->columns[i],
                            part->is_descending ? " DESC NULLS LAST" : " ASC NULLS FIRST");
  g_string_append_printf (text, " LIMIT ?%d", PK_LIST_LIMIT);
  return g_string_free (text, FALSE);
}

/**
 * pk_query_put_lines:
 * @n_lines: how many at once
 *
 * Returns: (transfer full): lines of the log, new or not, each as five parameters: entity, id, scope, seq, state
 */
char *
pk_query_put_lines (guint n_lines)
{
  GString *text = g_string_new ("INSERT INTO scope_log (entity, id, scope, seq, state) VALUES ");

  for (guint i = 0; i < n_lines; i++)
    g_string_append_printf (text,
                            "%s(?%u, ?%u, ?%u, ?%u, ?%u)",
                            i > 0 ? ", " : "",
                            i * 5 + 1,
                            i * 5 + 2,
                            i * 5 + 3,
                            i * 5 + 4,
                            i * 5 + 5);
  g_string_append (text,
                   " ON CONFLICT (entity, id, scope) DO UPDATE SET seq = excluded.seq,"
                   " state = excluded.state");
  return g_string_free (text, FALSE);
}
