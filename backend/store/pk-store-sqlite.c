/* The store on SQLite: one file, one writer. The last number is a row that each writing transaction reads and writes. */
#include "config.h"

#include "pk-store-backup-private.h"
#include "pk-store-counters.h"
#include "pk-store-meta.h"
#include "pk-store-private.h"

static gboolean
begin_schema (PkStore *self, GError **error)
{
  return pk_sql_begin (self->sql, error);
}

static gboolean
get_version (PkStore *self, gint64 *version_out, GError **error)
{
  return pk_sql_get_int (self->sql, "PRAGMA user_version", version_out, error);
}

static const char *const version_texts[] = {
  "PRAGMA user_version = 1", "PRAGMA user_version = 2", "PRAGMA user_version = 3",
  "PRAGMA user_version = 4", "PRAGMA user_version = 5",
};

static gboolean
set_version (PkStore *self, guint version, GError **error)
{
  g_assert (version <= G_N_ELEMENTS (version_texts));
  return pk_sql_exec (self->sql, version_texts[version - 1], error);
}

static gboolean
find_columns (PkStore *self, const char *table, GHashTable *columns, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->sql, "SELECT name FROM pragma_table_info(?1)", error);
  gboolean has_row;

  if (query == NULL)
    return FALSE;
  pk_statement_bind_text (query, 1, table);
  while (pk_store_step (query, &has_row, error))
    {
      if (!has_row)
        return TRUE;
      g_hash_table_add (columns, g_strdup (pk_statement_get_text (query, 0)));
    }
  return FALSE;
}

static gboolean
complete_schema (PkStore *self G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

static gboolean
read_seq (PkStore *self, gint64 *seq_out, GError **error)
{
  g_autofree char *text = NULL;

  if (!pk_store_get_meta (self, "seq", &text, error))
    return FALSE;
  *seq_out = text ? g_ascii_strtoll (text, NULL, 10) : 0;
  return TRUE;
}

static gboolean
read_head (PkStore *self, PkStoreHead *head_out, GError **error)
{
  if (!read_seq (self, &head_out->seq, error))
    return FALSE;
  head_out->greatest = head_out->seq;
  return TRUE;
}

static gboolean
begin (PkStore *self, guint32 lanes G_GNUC_UNUSED, GError **error)
{
  return read_seq (self, &self->saved_seq, error);
}

static gboolean
write_seq (PkStore *self, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, self->seq);

  return pk_store_set_meta (self, "seq", text, error);
}

static gboolean
read_scope (PkSql *sql, gint64 scope, PkScopeChange *sum, GError **error)
{
  PkStatement *query = pk_sql_prepare (
      sql,
      "SELECT count, fp_high, fp_low, last_seq, horizon FROM scope WHERE number = ?1",
      error);
  gboolean has_row;

  if (query == NULL)
    return FALSE;
  pk_statement_bind_int (query, 1, scope);
  if (!pk_store_step (query, &has_row, error))
    return FALSE;
  g_assert (has_row);
  *sum = (PkScopeChange){ .count = pk_statement_get_int (query, 0),
                          .fingerprint = { (guint64) pk_statement_get_int (query, 1),
                                           (guint64) pk_statement_get_int (query, 2) },
                          .last_seq = pk_statement_get_int (query, 3) };
  pk_statement_reset (query);
  return TRUE;
}

static void
add_change (PkScopeChange *sum, const PkScopeChange *change)
{
  guint64 low = sum->fingerprint.low + change->fingerprint.low;

  sum->fingerprint.high += change->fingerprint.high + (low < sum->fingerprint.low ? 1 : 0);
  sum->fingerprint.low = low;
  sum->count += change->count;
  sum->last_seq = MAX (sum->last_seq, change->last_seq);
}

static gboolean
write_scope (PkStore *self, gint64 scope, const PkScopeChange *change, GError **error)
{
  PkScopeChange sum;

  if (!read_scope (self->sql, scope, &sum, error))
    return FALSE;
  add_change (&sum, change);
  PkStatement *update = pk_sql_prepare (
      self->sql,
      "UPDATE scope SET count = ?2, fp_high = ?3, fp_low = ?4, last_seq = ?5 WHERE number = ?1",
      error);
  if (update == NULL)
    return FALSE;
  pk_statement_bind_int (update, 1, scope);
  pk_statement_bind_int (update, 2, sum.count);
  pk_statement_bind_int (update, 3, (gint64) sum.fingerprint.high);
  pk_statement_bind_int (update, 4, (gint64) sum.fingerprint.low);
  pk_statement_bind_int (update, 5, sum.last_seq);
  return pk_statement_run (update, error);
}

static gboolean
checkpoint (PkStore *self, GError **error)
{
  return pk_sql_checkpoint (self->sql, error);
}

static gboolean
copy_out (PkStore *self, const char *path, GError **error)
{
  return pk_backup_copy_database (self->sql, path, error);
}

static gboolean
copy_in (PkStore *self, const char *path, GError **error)
{
  return pk_backup_copy_pages (self, path, error);
}

/* There is nobody else. */
static gboolean
claim (PkStore *self G_GNUC_UNUSED,
       const char *work G_GNUC_UNUSED,
       gboolean *is_ours_out,
       GError **error G_GNUC_UNUSED)
{
  *is_ours_out = TRUE;
  return TRUE;
}

static gboolean
yield (PkStore *self G_GNUC_UNUSED, const char *work G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

static gboolean
tell_others (PkStore *self G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

const PkStoreEngine pk_store_sqlite = {
  .begin_schema = begin_schema,
  .get_version = get_version,
  .set_version = set_version,
  .find_columns = find_columns,
  .complete_schema = complete_schema,
  .begin = begin,
  .read_seq = read_seq,
  .read_head = read_head,
  .write_seq = write_seq,
  .write_scope = write_scope,
  .checkpoint = checkpoint,
  .copy_out = copy_out,
  .copy_in = copy_in,
  .claim = claim,
  .yield = yield,
  .tell_others = tell_others,
};
