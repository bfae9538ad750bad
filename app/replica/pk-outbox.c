/* The outbox as people see it: what waits, what needs attention, what was merged. Read-only, on a reader's thread. */
#include "config.h"

#include "pk-outbox.h"

#include "pk-blob-cache.h"
#include "pk-hash.h"
#include "pk-reader-private.h"
#include "pk-search.h"
#include "pk-writer-private.h"

static const char *const list_texts[] = {
  "SELECT " PK_OUTBOX_COLUMNS " FROM mutation WHERE state IN (0, 1, 2) AND ?2 IS NOT NULL"
  " ORDER BY place LIMIT ?1",
  "SELECT " PK_OUTBOX_COLUMNS " FROM mutation WHERE state = 5 AND ?2 IS NOT NULL"
  " ORDER BY place DESC LIMIT ?1",
  "SELECT " PK_OUTBOX_COLUMNS " FROM mutation WHERE state IN (4, 8) AND ?2 IS NOT NULL"
  " ORDER BY place DESC LIMIT ?1",
  "SELECT " PK_OUTBOX_COLUMNS " FROM mutation WHERE record = ?2 ORDER BY place DESC LIMIT ?1",
};

/**
 * pk_reader_list_outbox:
 * @record: (nullable): for %PK_OUTBOX_OF_RECORD
 * @limit: how many at most
 *
 * Returns: (transfer full) (element-type PkOutboxEntry) (nullable): the entries
 */
GPtrArray *
pk_reader_list_outbox (PkReader *self,
                       PkOutboxList list,
                       const PkId *record,
                       guint limit,
                       GError **error)
{
  g_autoptr (GPtrArray)
      entries = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_outbox_entry_free);
  g_autoptr (GError) local_error = NULL;
  PkId none = { { 0 } };
  PkStatement *query = pk_sql_prepare (self->outbox, list_texts[list], error);

  if (query == NULL)
    return NULL;
  pk_statement_bind_int (query, 1, limit);
  pk_statement_bind_id (query, 2, record != NULL ? record : &none);
  while (pk_statement_next (query, &local_error))
    g_ptr_array_add (entries, pk_outbox_read_entry (query));
  if (local_error == NULL)
    return g_steal_pointer (&entries);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * pk_reader_find_outbox:
 *
 * Returns: (transfer full) (nullable): the entry at @place; %NULL without an error where there is none
 */
PkOutboxEntry *
pk_reader_find_outbox (PkReader *self, gint64 place, GError **error)
{
  PkOutboxEntry *entry = NULL;
  PkStatement *query = pk_sql_prepare (self->outbox,
                                       "SELECT " PK_OUTBOX_COLUMNS
                                       " FROM mutation WHERE place = ?1",
                                       error);

  if (query == NULL)
    return NULL;
  pk_statement_bind_int (query, 1, place);
  if (pk_statement_next (query, error))
    entry = pk_outbox_read_entry (query);
  pk_statement_reset (query);
  return entry;
}

static gboolean
read_counts (PkReader *self, PkReplicaSummary *out, GError **error)
{
  gint64 lease;

  if (!pk_sql_get_int (self->outbox,
                       "SELECT count(*) FROM mutation WHERE state IN (0, 1, 2)",
                       &out->n_waiting,
                       error) ||
      !pk_sql_get_int (self->outbox,
                       "SELECT count(*) FROM mutation WHERE state = 2",
                       &out->n_later,
                       error) ||
      !pk_sql_get_int (self->outbox,
                       "SELECT count(*) FROM mutation WHERE state = 5",
                       &out->n_attention,
                       error) ||
      !pk_sql_get_int (self->outbox,
                       "SELECT count(*) FROM mutation WHERE state IN (4, 8) AND NOT is_seen",
                       &out->n_merged_unseen,
                       error) ||
      !pk_sql_get_int (self->outbox,
                       "SELECT count(*) FROM upload WHERE fault IS NULL",
                       &out->n_uploads,
                       error) ||
      !pk_sql_get_int (self->outbox,
                       "SELECT sum(size) FROM upload WHERE fault IS NULL",
                       &out->upload_bytes,
                       error) ||
      !pk_meta_get_int (self->outbox, "contact", 0, &out->last_contact_us, error) ||
      !pk_meta_get_int (self->outbox, "lease", 0, &lease, error))
    return FALSE;
  out->lease_until_us = lease;
  return TRUE;
}

/**
 * pk_reader_read_summary:
 * @out: (out): the figures
 *
 * Reads what the sync pill says. Bounded: the outbox is small.
 *
 * Returns: %TRUE unless a file could not be read
 */
gboolean
pk_reader_read_summary (PkReader *self, PkReplicaSummary *out, GError **error)
{
  *out = (PkReplicaSummary){ 0 };
  if (!read_counts (self, out, error) || !pk_meta_get_int (self->sql, "seq", 0, &out->seq, error))
    return FALSE;
  out->needs_bootstrap = out->seq == 0;
  out->is_search_ready = pk_reader_is_search_ready (self);
  return TRUE;
}

/**
 * pk_replica_summary_is_locked:
 *
 * A clock that was set back a day or more behind the last contact counts like one that has run out.
 *
 * Returns: whether nothing may be read until the person has signed in again
 */
gboolean
pk_replica_summary_is_locked (const PkReplicaSummary *self, gint64 now_us)
{
  return self->lease_until_us != 0 &&
         (now_us >= self->lease_until_us || now_us < self->last_contact_us - G_TIME_SPAN_DAY);
}

static gboolean
has_row (PkStatement *query)
{
  gboolean has = pk_statement_next (query, NULL);

  pk_statement_reset (query);
  return has;
}

/**
 * pk_reader_is_pinned:
 * @entity: task or building
 *
 * Returns: whether the person keeps the record's contents on this device
 */
gboolean
pk_reader_is_pinned (PkReader *self, const PkEntity *entity, const PkId *id)
{
  PkStatement *query =
      pk_sql_prepare (self->outbox, "SELECT 1 FROM pin WHERE entity = ?1 AND id = ?2", NULL);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_int (query, 1, entity->id);
  pk_statement_bind_id (query, 2, id);
  return has_row (query);
}

/**
 * pk_reader_get_blob:
 * @path_out: (out) (optional) (transfer full): where it is, if it is here
 *
 * Returns: whether a document's content is on this device
 */
PkBlobState
pk_reader_get_blob (PkReader *self, const char *sha256, char **path_out)
{
  PkStatement *query =
      pk_sql_prepare (self->outbox, "SELECT 1 FROM upload WHERE sha256 = ?1", NULL);

  if (path_out != NULL)
    *path_out = NULL;
  if (!pk_sha256_is_valid (sha256))
    return PK_BLOB_NONE;
  if (!pk_blob_cache_has (self->directory, sha256))
    {
      g_autofree char *part = pk_blob_cache_get_part_path (self->directory, sha256);
      return g_file_test (part, G_FILE_TEST_EXISTS) ? PK_BLOB_ARRIVING : PK_BLOB_NONE;
    }
  if (path_out != NULL)
    *path_out = pk_blob_cache_get_path (self->directory, sha256);
  if (query == NULL)
    return PK_BLOB_HERE;
  pk_statement_bind_text (query, 1, sha256);
  return has_row (query) ? PK_BLOB_HERE_NOT_UPLOADED : PK_BLOB_HERE;
}
