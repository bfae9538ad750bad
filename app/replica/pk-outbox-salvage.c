/*
 * Saving what a damaged outbox still holds. Two ways, one after the other: rows by their number, each by itself, so that a bad page
 * costs only its own rows; then the file's bytes, since every line is plain JSON. What is found by its bytes alone waits to be
 * sent again: the server knows it by its id, so that nothing happens twice.
 */
#include "config.h"

#include "pk-writer-private.h"

#include <string.h>

#define MOST_PLACES 1000000
#define MOST_MISSES 20000

static gboolean
insert_row (PkSql *into, const PkOutboxEntry *entry, const char *verdict, GError **error)
{
  PkStatement *insert = pk_sql_prepare (
      into,
      "INSERT INTO mutation (place, n, id, entity, record, at, line, state, seq, verdict, "
      "judged_at,"
      " replaces, is_seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
      " ON CONFLICT DO NOTHING",
      error);

  if (insert == NULL)
    return FALSE;
  if (entry->place > 0)
    pk_statement_bind_int (insert, 1, entry->place);
  pk_statement_bind_int (insert, 2, entry->n);
  pk_statement_bind_id (insert, 3, &entry->id);
  pk_statement_bind_int (insert, 4, entry->entity->id);
  pk_statement_bind_id (insert, 5, &entry->record);
  pk_statement_bind_int (insert, 6, entry->at_us);
  pk_statement_bind_text (insert, 7, entry->line);
  pk_statement_bind_int (insert, 8, entry->state);
  pk_statement_bind_int (insert, 9, entry->verdict != NULL ? entry->verdict->seq : 0);
  pk_statement_bind_text (insert, 10, verdict);
  pk_statement_bind_int (insert, 11, entry->judged_us);
  pk_statement_bind_int (insert, 12, entry->replaces);
  pk_statement_bind_int (insert, 13, entry->is_seen);
  return pk_statement_run (insert, error);
}

static gboolean
is_whole (const PkOutboxEntry *entry)
{
  return entry->entity != NULL && entry->mutation != NULL &&
         pk_id_equal (&entry->id, &entry->mutation->id);
}

/* Rows by number. Whatever goes wrong with one of them is skipped: the file is damaged, and that is known. */
static gboolean
copy_rows (PkSql *from, PkSql *into, guint *n_out, GError **error)
{
  guint n_misses = 0;

  for (gint64 place = 1; place < MOST_PLACES && n_misses < MOST_MISSES; place++)
    {
      PkStatement *query = pk_sql_prepare (
          from,
          "SELECT place, n, id, entity, record, at, line, state, seq, verdict, judged_at,"
          " replaces, is_seen FROM mutation WHERE place = ?1",
          NULL);
      if (query == NULL)
        return TRUE;
      pk_statement_bind_int (query, 1, place);
      if (!pk_statement_next (query, NULL))
        {
          n_misses++;
          continue;
        }
      n_misses = 0;
      if (pk_statement_get_text (query, 6) == NULL)
        continue;
      g_autoptr (PkOutboxEntry) entry = pk_outbox_read_entry (query);
      if (!is_whole (entry))
        continue;
      if (!insert_row (into, entry, pk_statement_get_text (query, 9), error))
        return FALSE;
      *n_out += pk_sql_get_changes (into);
    }
  return TRUE;
}

/* Where the JSON object that begins at @start ends; 0 if it does not. */
static gsize
measure_object (const char *start, gsize size)
{
  guint depth = 0;
  gboolean is_text = FALSE;

  for (gsize i = 0; i < size; i++)
    {
      char c = start[i];
      if (c == '\0')
        return 0;
      if (is_text && c == '\\')
        i++;
      else if (c == '"')
        is_text = !is_text;
      else if (!is_text && c == '{')
        depth++;
      else if (!is_text && c == '}' && --depth == 0)
        return i + 1;
    }
  return 0;
}

static gboolean
insert_line (PkSql *into, const char *line, gsize size, GError **error)
{
  g_autoptr (PkMutation) mutation = pk_mutation_read (line, size, NULL);
  PkOutboxEntry entry = { .state = PK_OUTBOX_PENDING };
  g_autofree char *copy = g_strndup (line, size);

  if (mutation == NULL || mutation->fault != NULL)
    return TRUE;
  entry.n = mutation->n;
  entry.id = mutation->id;
  entry.entity = mutation->entity;
  entry.record = mutation->record;
  entry.at_us = mutation->at_us;
  entry.line = copy;
  return insert_row (into, &entry, NULL, error);
}

static gboolean
copy_bytes (const char *path, PkSql *into, guint *n_out, GError **error)
{
  static const char mark[] = "{\"n\":";
  g_autofree char *bytes = NULL;
  gsize size = 0;

  if (!g_file_get_contents (path, &bytes, &size, NULL))
    return TRUE;
  const char *end = bytes + size, *place = bytes;
  while ((place = memmem (place, (gsize) (end - place), mark, strlen (mark))) != NULL)
    {
      gsize length = measure_object (place, (gsize) (end - place));
      if (length > 0)
        {
          if (!insert_line (into, place, length, error))
            return FALSE;
          *n_out += pk_sql_get_changes (into);
        }
      place += length > 0 ? length : strlen (mark);
    }
  return TRUE;
}

static gboolean
copy_device (PkSql *from, PkSql *into, GError **error)
{
  PkId device;

  if (!pk_meta_get_id (from, "device", &device, NULL) || pk_id_is_null (&device))
    return TRUE;
  return pk_meta_set_id (into, "device", &device, error);
}

static gboolean
set_last (PkSql *into, GError **error)
{
  gint64 last_n;
  PkId last_id = { { 0 } };

  if (!pk_sql_get_int (into, "SELECT max(n) FROM mutation", &last_n, error))
    return FALSE;
  PkStatement *query =
      pk_sql_prepare (into, "SELECT id FROM mutation ORDER BY n DESC LIMIT 1", error);
  if (query == NULL)
    return FALSE;
  if (pk_statement_next (query, NULL))
    pk_statement_get_id (query, 0, &last_id);
  pk_statement_reset (query);
  return pk_meta_set_int (into, "last_n", last_n, error) &&
         pk_meta_set_id (into, "last_id", &last_id, error);
}

/**
 * pk_outbox_salvage:
 * @damaged: the file that was moved aside
 * @into: a new outbox, in a transaction
 * @n_out: (out): how many mutations were saved
 *
 * Errors: only of the new file
 * Returns: %TRUE if all that could be read is in the new outbox
 */
gboolean
pk_outbox_salvage (const char *damaged, PkSql *into, guint *n_out, GError **error)
{
  g_autoptr (PkSql) from = pk_sql_open (damaged, PK_SQL_MUST_EXIST, NULL);
  g_autofree char *wal = g_strconcat (damaged, "-wal", NULL);

  *n_out = 0;
  if (from != NULL && (!copy_device (from, into, error) || !copy_rows (from, into, n_out, error)))
    return FALSE;
  return copy_bytes (damaged, into, n_out, error) && copy_bytes (wal, into, n_out, error) &&
         set_last (into, error);
}
