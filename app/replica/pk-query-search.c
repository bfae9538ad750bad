/* SQL texts of the search index: names come from the model's constant tables, values are parameters. */
#include "config.h"

#include "pk-query-search.h"

#include "pk-model-tables.h"

/**
 * pk_query_is_searched:
 *
 * Returns: whether the entity has a search index
 */
gboolean
pk_query_is_searched (const PkEntity *entity)
{
  switch ((PkEntityId) entity->id)
    {
    case PK_ENTITY_TASK:
    case PK_ENTITY_BUILDING:
    case PK_ENTITY_COMPONENT:
    case PK_ENTITY_DOCUMENT:
    case PK_ENTITY_ARTICLE:
    case PK_ENTITY_PERSON:
      return entity->n_search > 0;
    default:
      return FALSE;
    }
}

static char *
join_columns (const PkEntity *entity, const char *prefix)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < entity->n_search; i++)
    g_string_append_printf (text,
                            "%s%s%s",
                            i > 0 ? ", " : "",
                            prefix,
                            entity->fields[entity->search[i]].name);
  return g_string_free (text, FALSE);
}

/**
 * pk_query_search_table:
 *
 * Returns: (transfer full): CREATE VIRTUAL TABLE
 */
char *
pk_query_search_table (const PkEntity *entity)
{
  g_autofree char *columns = join_columns (entity, "");

  return g_strdup_printf (
      "CREATE VIRTUAL TABLE IF NOT EXISTS %s_search USING fts5 (%s, content='%s',"
      " content_rowid='rid', tokenize='pk', detail=column, columnsize=0)",
      entity->name,
      columns,
      entity->name);
}

/* What a row says in the index is noted once, as it was before the first change: that is what must leave the index. */
static void
append_note (GString *text, const PkEntity *entity, const char *row, gboolean is_indexed)
{
  g_autofree char *columns = join_columns (entity, "");
  g_autofree char *values = join_columns (entity, row);

  g_string_append_printf (text,
                          "INSERT INTO %s_unfound (rid, is_indexed, %s) VALUES"
                          " (%srid, %d, %s) ON CONFLICT DO NOTHING;",
                          entity->name,
                          columns,
                          row,
                          is_indexed,
                          values);
}

static void
append_head (GString *text, const PkEntity *entity, const char *event, const char *row)
{
  g_string_append_printf (
      text,
      "CREATE TEMP TRIGGER IF NOT EXISTS %s_search_%s AFTER %s ON main.%s WHEN %s.rid <="
      " (SELECT filled FROM search_state WHERE entity = %u)",
      entity->name,
      event,
      event,
      entity->name,
      row,
      entity->id);
}

static void
append_is_changed (GString *text, const PkEntity *entity)
{
  g_string_append (text, " AND (");
  for (guint i = 0; i < entity->n_search; i++)
    {
      const char *name = entity->fields[entity->search[i]].name;
      g_string_append_printf (text, "%sold.%s IS NOT new.%s", i > 0 ? " OR " : "", name, name);
    }
  g_string_append (text, ")");
}

/**
 * pk_query_search_notes:
 *
 * Returns: (transfer full): CREATE TABLE of what the index has to follow: a row of the entity as the index has it
 */
char *
pk_query_search_notes (const PkEntity *entity)
{
  g_autofree char *columns = join_columns (entity, "");

  return g_strdup_printf ("CREATE TABLE IF NOT EXISTS %s_unfound (rid INTEGER PRIMARY KEY,"
                          " is_indexed, %s)",
                          entity->name,
                          columns);
}

/**
 * pk_query_search_triggers:
 *
 * Temporary: of the writing connection alone, so that a snapshot or a damaged file brings none. Triggers only note which rows the
 * index has to follow: each change of the index in a statement of its own would be written as a segment of its own.
 *
 * Returns: (transfer full): CREATE TEMP TRIGGERs that note what changed of rows that are filled in already
 */
char *
pk_query_search_triggers (const PkEntity *entity)
{
  GString *text = g_string_new (NULL);

  append_head (text, entity, "insert", "new");
  g_string_append (text, " BEGIN ");
  append_note (text, entity, "new.", FALSE);
  g_string_append (text, " END;");
  append_head (text, entity, "delete", "old");
  g_string_append (text, " BEGIN ");
  append_note (text, entity, "old.", TRUE);
  g_string_append (text, " END;");
  append_head (text, entity, "update", "old");
  append_is_changed (text, entity);
  g_string_append (text, " BEGIN ");
  append_note (text, entity, "old.", TRUE);
  g_string_append (text, " END");
  return g_string_free (text, FALSE);
}

/**
 * pk_query_search_last_note:
 *
 * Parameter: ?1 how many notes at most.
 *
 * Returns: (transfer full): SELECT of how many notes there are, and of the rid of the last of them
 */
char *
pk_query_search_last_note (const PkEntity *entity)
{
  return g_strdup_printf ("SELECT count(*), max(rid) FROM (SELECT rid FROM %s_unfound"
                          " ORDER BY rid LIMIT ?1)",
                          entity->name);
}

/**
 * pk_query_search_noted:
 *
 * Parameter: ?1 the last rid.
 *
 * Returns: (transfer full): SELECT of rid and id of the noted rows that are there
 */
char *
pk_query_search_noted (const PkEntity *entity)
{
  return g_strdup_printf ("SELECT t.rid, t.id FROM %s_unfound AS n CROSS JOIN %s AS t"
                          " ON t.rid = n.rid WHERE n.rid <= ?1",
                          entity->name,
                          entity->name);
}

/**
 * pk_query_search_take_out:
 *
 * Parameter: ?1 the last rid. Ordered by rid, as the index is written fastest.
 *
 * Returns: (transfer full): takes noted rows out of the index as they were
 */
char *
pk_query_search_take_out (const PkEntity *entity)
{
  const char *name = entity->name;
  g_autofree char *columns = join_columns (entity, "");

  return g_strdup_printf ("INSERT INTO %s_search (%s_search, rowid, %s) SELECT 'delete', rid, %s"
                          " FROM %s_unfound WHERE rid <= ?1 AND is_indexed ORDER BY rid",
                          name,
                          name,
                          columns,
                          columns,
                          name);
}

/**
 * pk_query_search_put_in:
 *
 * Parameter: ?1 the last rid.
 *
 * Returns: (transfer full): puts noted rows into the index as they are
 */
char *
pk_query_search_put_in (const PkEntity *entity)
{
  const char *name = entity->name;
  g_autofree char *columns = join_columns (entity, "");
  g_autofree char *now = join_columns (entity, "t.");

  return g_strdup_printf ("INSERT INTO %s_search (rowid, %s) SELECT t.rid, %s FROM %s_unfound"
                          " AS n CROSS JOIN %s AS t ON t.rid = n.rid WHERE n.rid <= ?1"
                          " ORDER BY n.rid",
                          name,
                          columns,
                          now,
                          name,
                          name);
}

/**
 * pk_query_search_forget_notes:
 *
 * Parameter: ?1 the last rid.
 *
 * Returns: (transfer full): DELETE of the notes
 */
char *
pk_query_search_forget_notes (const PkEntity *entity)
{
  return g_strdup_printf ("DELETE FROM %s_unfound WHERE rid <= ?1", entity->name);
}

/**
 * pk_query_search_fill:
 *
 * Parameters: ?1 the last rid that is filled in, ?2 how many rows.
 *
 * Returns: (transfer full): INSERT of the next rows
 */
char *
pk_query_search_fill (const PkEntity *entity)
{
  g_autofree char *columns = join_columns (entity, "");

  return g_strdup_printf ("INSERT INTO %s_search (rowid, %s) SELECT rid, %s FROM %s WHERE rid > ?1"
                          " ORDER BY rid LIMIT ?2",
                          entity->name,
                          columns,
                          columns,
                          entity->name);
}

/**
 * pk_query_search_last:
 *
 * Returns: (transfer full): the last rid that [func@query_search_fill] with the same parameters fills in
 */
char *
pk_query_search_last (const PkEntity *entity)
{
  return g_strdup_printf (
      "SELECT max(rid) FROM (SELECT rid FROM %s WHERE rid > ?1 ORDER BY rid LIMIT ?2)",
      entity->name);
}

/**
 * pk_query_search_max_rid:
 *
 * Returns: (transfer full): SELECT of the greatest rid
 */
char *
pk_query_search_max_rid (const PkEntity *entity)
{
  return g_strdup_printf ("SELECT max(rid) FROM %s", entity->name);
}

/**
 * pk_query_search_optimize:
 *
 * Returns: (transfer full): makes the index anew, so that nothing of a deleted text is left in it
 */
char *
pk_query_search_optimize (const PkEntity *entity)
{
  return g_strdup_printf ("INSERT INTO %s_search (%s_search) VALUES ('optimize')",
                          entity->name,
                          entity->name);
}

/* What stands below the title in a list of hits. */
static const char *
detail_of (const PkEntity *entity)
{
  switch ((PkEntityId) entity->id)
    {
    case PK_ENTITY_TASK:
      return "coalesce((SELECT name FROM building WHERE building.id = t.building_id), t.place)";
    case PK_ENTITY_BUILDING:
      return "t.address";
    case PK_ENTITY_COMPONENT:
      return "(SELECT name FROM building WHERE building.id = t.building_id)";
    case PK_ENTITY_DOCUMENT:
      return "t.file_name";
    case PK_ENTITY_PERSON:
      return "t.title";
    default:
      return "NULL";
    }
}

/**
 * pk_query_search_match:
 *
 * Parameters: ?1 the expression, ?2 how many at most.
 *
 * Returns: (transfer full): SELECT of rid, id, title and detail, the newest rows first
 */
char *
pk_query_search_match (const PkEntity *entity)
{
  return g_strdup_printf ("SELECT t.rid, t.id, t.%s, %s FROM (SELECT rowid FROM %s_search WHERE"
                          " %s_search MATCH ?1 ORDER BY rowid DESC LIMIT ?2) AS hit"
                          " JOIN %s AS t ON t.rid = hit.rowid ORDER BY hit.rowid DESC",
                          entity->fields[entity->title].name,
                          detail_of (entity),
                          entity->name,
                          entity->name,
                          entity->name);
}
