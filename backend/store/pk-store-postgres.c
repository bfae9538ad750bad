/*
 * The store on PostgreSQL, where several processes write at once.
 *
 * Numbers. A change has the number of its transaction: PostgreSQL's own transaction id, moved by a constant of the store. These
 * ids are given out when a transaction begins and become visible when it commits, so they are no order of commits: a reader that
 * has seen 12 may not say "I know all up to 12" while 11 is under way. What it may say is
 *
 *     W = the lesser of  xmin - 1  and  the greatest number that it sees
 *
 * where xmin is the oldest transaction that its snapshot takes for unfinished. All below xmin are finished: committed, and then
 * seen by this snapshot, or undone, and then nobody ever sees them. So nothing new can come at or below W. (The second half keeps
 * W among what is durable: the id of a transaction that was undone may be given again after a crash.) xmin never falls, so that W
 * does not fall either, whichever process is asked. A reader takes all that its snapshot sees, also above W, and comes again from
 * W: what it gets twice is the same, since a record with one number has one content.
 *
 * A record's number grows: who overwrites a version has it in its snapshot, so that version was committed before the
 * transaction's id was given.
 *
 * The ids go on in another cluster from another place: a store that was brought there gets another constant and another epoch.
 *
 * Counts. A row per scope would be written by everybody. Each transaction adds a line of differences instead; `scope` is a view
 * of the row with its lines, and a fold now and then (one process at a time for a scope) adds lines to the row.
 *
 * Writing. Whoever begins to write passes a gate, alone unless it has said by pk_store_write_beside() what it will change. Who shares the
 * gate also holds a lane for each of these families of records, so that two that change the same one follow one another. All
 * that others may change meanwhile is other families' rows; the service says which changes are of that kind. The locks come
 * before the snapshot, so that nothing has to be done again; a family that was not named is caught all the same where the same
 * row is written.
 */
#include "config.h"

#include "pk-store-copy-private.h"
#include "pk-store-counters.h"
#include "pk-store-files-private.h"
#include "pk-store-meta.h"
#include "pk-store-private.h"

#include <glib/gstdio.h>

/* Of advisory locks: who changes the schema. */
#define SCHEMA_LOCK "SELECT pg_advisory_xact_lock (7023111)"

static const char *const own_steps[] = {
  "CREATE TABLE writer_gate (nothing bigint);"
  "DO $$ BEGIN FOR i IN 0..31 LOOP EXECUTE format ('CREATE TABLE writer_lane_%s (nothing bigint)', "
  "i);"
  " END LOOP; END $$;"
  "CREATE TABLE log_change (number bigint PRIMARY KEY);"
  "INSERT INTO meta (key, value) VALUES"
  " ('number-base', (- pg_current_xact_id ()::text::bigint)::text);"
  "ALTER TABLE scope RENAME TO scope_row;"
  "ALTER TABLE scope_row DROP COLUMN fp_high, DROP COLUMN fp_low,"
  " ADD COLUMN fp numeric NOT NULL DEFAULT 0;"
  "CREATE TABLE scope_change (scope bigint NOT NULL, number bigint NOT NULL,"
  " count bigint NOT NULL, fp numeric NOT NULL);"
  "CREATE INDEX scope_change_scope ON scope_change (scope, number);"
  "CREATE FUNCTION fp_of (high bigint, low bigint) RETURNS numeric LANGUAGE sql IMMUTABLE AS"
  " 'SELECT (high + CASE WHEN high < 0 THEN 18446744073709551616 ELSE 0 END)"
  " * 18446744073709551616 + low + CASE WHEN low < 0 THEN 18446744073709551616 ELSE 0 END';"
  "CREATE FUNCTION fp_half (half numeric) RETURNS bigint LANGUAGE sql IMMUTABLE AS"
  " 'SELECT (mod (half, 18446744073709551616) - CASE WHEN mod (half, 18446744073709551616)"
  " >= 9223372036854775808 THEN 18446744073709551616 ELSE 0 END)::bigint';"
  "CREATE FUNCTION fp_of_scope (scope_number bigint, fp numeric) RETURNS numeric"
  " LANGUAGE sql STABLE AS 'SELECT $2 + coalesce (sum (c.fp), 0) FROM scope_change AS c"
  " WHERE c.scope = $1';"
  "CREATE VIEW scope AS SELECT number, name,"
  " count + (SELECT coalesce (sum (c.count), 0) FROM scope_change AS c"
  " WHERE c.scope = scope_row.number)::bigint AS count,"
  " fp_half (div (fp_of_scope (number, fp), 18446744073709551616)) AS fp_high,"
  " fp_half (fp_of_scope (number, fp)) AS fp_low,"
  " greatest (last_seq, (SELECT max (c.number) FROM scope_change AS c"
  " WHERE c.scope = scope_row.number)) AS last_seq, horizon FROM scope_row",
};

static gboolean
run_with_number (PkStore *self, const char *text, gint64 number, GError **error)
{
  PkStatement *statement = pk_sql_prepare (self->sql, text, error);

  if (statement == NULL)
    return FALSE;
  pk_statement_bind_int (statement, 1, number);
  return pk_statement_run (statement, error);
}

/* Not by pk_sql_begin(): who waited for another that changed the schema must see what that one did. */
static gboolean
begin_schema (PkStore *self, GError **error)
{
  return pk_sql_exec (self->sql, "BEGIN ISOLATION LEVEL READ COMMITTED", error) &&
         pk_sql_exec (self->sql, SCHEMA_LOCK, error);
}

static gboolean
get_version (PkStore *self, gint64 *version_out, GError **error)
{
  return pk_sql_exec (self->sql,
                      "CREATE TABLE IF NOT EXISTS store_version (version bigint NOT NULL)",
                      error) &&
         pk_sql_get_int (self->sql,
                         "SELECT coalesce (max (version), 0) FROM store_version WHERE version < "
                         "1000",
                         version_out,
                         error);
}

static gboolean
set_version (PkStore *self, guint version, GError **error)
{
  return run_with_number (self, "INSERT INTO store_version (version) VALUES (?1)", version, error);
}

static gboolean
find_columns (PkStore *self, const char *table, GHashTable *columns, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->sql,
                                       "SELECT column_name::text FROM information_schema.columns"
                                       " WHERE table_schema = current_schema () AND"
                                       " table_name = ?1",
                                       error);
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
take_own_steps (PkStore *self, GError **error)
{
  gint64 version;

  if (!pk_sql_get_int (self->sql,
                       "SELECT coalesce (max (version), 1000) - 1000 FROM store_version"
                       " WHERE version > 1000",
                       &version,
                       error))
    return FALSE;
  for (guint i = (guint) version; i < G_N_ELEMENTS (own_steps); i++)
    if (!pk_sql_exec (self->sql, own_steps[i], error) || !set_version (self, 1001 + i, error))
      return FALSE;
  return TRUE;
}

/* A store whose numbers are ahead of the cluster's was brought here from another one. */
static gboolean
check_numbers (PkStore *self, GError **error)
{
  gint64 is_ahead;
  PkId epoch;

  if (!pk_sql_get_int (self->sql,
                       "SELECT (SELECT coalesce (max (number), 0) FROM log_change) >"
                       " pg_snapshot_xmax (pg_current_snapshot ())::text::bigint + value::bigint"
                       " FROM meta WHERE key = 'number-base'",
                       &is_ahead,
                       error))
    return FALSE;
  if (!is_ahead)
    return TRUE;
  return pk_sql_exec (self->sql,
                      "UPDATE meta SET value = ((SELECT max (number) FROM log_change)"
                      " - pg_current_xact_id ()::text::bigint)::text WHERE key = 'number-base'",
                      error) &&
         pk_store_renew_epoch (self, &epoch, error);
}

static gboolean
complete_schema (PkStore *self, GError **error)
{
  return take_own_steps (self, error) && check_numbers (self, error);
}

static const char *const lane_texts[] = {
  "LOCK TABLE writer_lane_0 IN EXCLUSIVE MODE",  "LOCK TABLE writer_lane_1 IN EXCLUSIVE MODE",
  "LOCK TABLE writer_lane_2 IN EXCLUSIVE MODE",  "LOCK TABLE writer_lane_3 IN EXCLUSIVE MODE",
  "LOCK TABLE writer_lane_4 IN EXCLUSIVE MODE",  "LOCK TABLE writer_lane_5 IN EXCLUSIVE MODE",
  "LOCK TABLE writer_lane_6 IN EXCLUSIVE MODE",  "LOCK TABLE writer_lane_7 IN EXCLUSIVE MODE",
  "LOCK TABLE writer_lane_8 IN EXCLUSIVE MODE",  "LOCK TABLE writer_lane_9 IN EXCLUSIVE MODE",
  "LOCK TABLE writer_lane_10 IN EXCLUSIVE MODE", "LOCK TABLE writer_lane_11 IN EXCLUSIVE MODE",
  "LOCK TABLE writer_lane_12 IN EXCLUSIVE MODE", "LOCK TABLE writer_lane_13 IN EXCLUSIVE MODE",
  "LOCK TABLE writer_lane_14 IN EXCLUSIVE MODE", "LOCK TABLE writer_lane_15 IN EXCLUSIVE MODE",
  "LOCK TABLE writer_lane_16 IN EXCLUSIVE MODE", "LOCK TABLE writer_lane_17 IN EXCLUSIVE MODE",
  "LOCK TABLE writer_lane_18 IN EXCLUSIVE MODE", "LOCK TABLE writer_lane_19 IN EXCLUSIVE MODE",
  "LOCK TABLE writer_lane_20 IN EXCLUSIVE MODE", "LOCK TABLE writer_lane_21 IN EXCLUSIVE MODE",
  "LOCK TABLE writer_lane_22 IN EXCLUSIVE MODE", "LOCK TABLE writer_lane_23 IN EXCLUSIVE MODE",
  "LOCK TABLE writer_lane_24 IN EXCLUSIVE MODE", "LOCK TABLE writer_lane_25 IN EXCLUSIVE MODE",
  "LOCK TABLE writer_lane_26 IN EXCLUSIVE MODE", "LOCK TABLE writer_lane_27 IN EXCLUSIVE MODE",
  "LOCK TABLE writer_lane_28 IN EXCLUSIVE MODE", "LOCK TABLE writer_lane_29 IN EXCLUSIVE MODE",
  "LOCK TABLE writer_lane_30 IN EXCLUSIVE MODE", "LOCK TABLE writer_lane_31 IN EXCLUSIVE MODE",
};

G_STATIC_ASSERT (G_N_ELEMENTS (lane_texts) == PK_STORE_N_LANES);

/* In their order, so that nobody waits in a circle. */
static gboolean
enter_lanes (PkStore *self, guint32 lanes, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (lane_texts); i++)
    if ((lanes >> i & 1) && !pk_store_run (pk_sql_prepare (self->sql, lane_texts[i], error), error))
      return FALSE;
  return TRUE;
}

/* Through the gate, then the number: the first statement that takes a snapshot comes after the wait. */
static gboolean
begin (PkStore *self, guint32 lanes, GError **error)
{
  const char *gate = lanes == 0 ? "LOCK TABLE writer_gate IN EXCLUSIVE MODE"
                                : "LOCK TABLE writer_gate IN ROW EXCLUSIVE MODE";

  return pk_store_run (pk_sql_prepare (self->sql, gate, error), error) &&
         enter_lanes (self, lanes, error) &&
         pk_sql_get_int (self->sql,
                         "SELECT pg_current_xact_id ()::text::bigint - 1 + value::bigint FROM meta"
                         " WHERE key = 'number-base'",
                         &self->saved_seq,
                         error);
}

static gboolean
read_seq (PkStore *self, gint64 *seq_out, GError **error)
{
  return pk_sql_get_int (self->sql,
                         "SELECT least (pg_snapshot_xmin (pg_current_snapshot ())::text::bigint"
                         " - 1 + value::bigint, (SELECT coalesce (max (number), 0)"
                         " FROM log_change)) FROM meta WHERE key = 'number-base'",
                         seq_out,
                         error);
}

static gboolean
read_head (PkStore *self, PkStoreHead *head_out, GError **error)
{
  PkStatement *query =
      pk_sql_prepare (self->sql,
                      "SELECT pg_snapshot_xmin (pg_current_snapshot ())::text::bigint - 1"
                      " + value::bigint, (SELECT coalesce (max (number), 0) FROM log_change)"
                      " FROM meta WHERE key = 'number-base'",
                      error);
  gboolean has_row;

  if (query == NULL || !pk_store_step (query, &has_row, error))
    return FALSE;
  head_out->greatest = has_row ? pk_statement_get_int (query, 1) : 0;
  head_out->seq = has_row ? MIN (pk_statement_get_int (query, 0), head_out->greatest) : 0;
  pk_statement_reset (query);
  return TRUE;
}

static gboolean
write_seq (PkStore *self, GError **error)
{
  return run_with_number (self, "INSERT INTO log_change (number) VALUES (?1)", self->seq, error);
}

static gboolean
write_scope (PkStore *self, gint64 scope, const PkScopeChange *change, GError **error)
{
  PkStatement *insert = pk_sql_prepare (self->sql,
                                        "INSERT INTO scope_change (scope, number, count, fp)"
                                        " VALUES (?1, ?2, ?3, fp_of (?4, ?5))",
                                        error);

  if (insert == NULL)
    return FALSE;
  pk_statement_bind_int (insert, 1, scope);
  pk_statement_bind_int (insert, 2, change->last_seq);
  pk_statement_bind_int (insert, 3, change->count);
  pk_statement_bind_int (insert, 4, (gint64) change->fingerprint.high);
  pk_statement_bind_int (insert, 5, (gint64) change->fingerprint.low);
  return pk_statement_run (insert, error);
}

/* One statement, outside of a transaction: what another process folds at this moment is left to it. */
static gboolean
fold (PkStore *self, GError **error)
{
  return pk_sql_exec (self->sql,
                      "WITH mine AS (SELECT number FROM scope_row WHERE number IN"
                      " (SELECT scope FROM scope_change) ORDER BY number FOR UPDATE SKIP LOCKED),"
                      " gone AS (DELETE FROM scope_change AS c USING mine WHERE c.scope = "
                      "mine.number"
                      " RETURNING c.scope, c.number, c.count, c.fp),"
                      " sums AS (SELECT scope, sum (count) AS count, sum (fp) AS fp,"
                      " max (number) AS last FROM gone GROUP BY scope)"
                      " UPDATE scope_row AS r SET count = r.count + sums.count,"
                      " fp = mod (r.fp + sums.fp, 340282366920938463463374607431768211456),"
                      " last_seq = greatest (r.last_seq, sums.last)"
                      " FROM sums WHERE r.number = sums.scope",
                      error) &&
         pk_sql_exec (self->sql,
                      "DELETE FROM log_change WHERE number < (SELECT max (number) FROM log_change)",
                      error);
}

static gboolean
checkpoint (PkStore *self, GError **error)
{
  return fold (self, error);
}

/* A backup is the same for both databases: a new store of SQLite's with the rows of this one. */
static gboolean
copy_out (PkStore *self, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *uploads = g_build_filename (folder, "uploads", NULL);
  g_autofree char *snapshots = g_build_filename (folder, "snapshots", NULL);
  g_autoptr (PkStore) copy = pk_store_open_at (folder, NULL, PK_STORE_READ_WRITE, self->ids, error);

  if (copy == NULL || !pk_sql_begin (copy->sql, error) || !pk_store_begin_reading (self, error))
    return FALSE;
  gboolean is_done = pk_store_copy_out (self, copy->sql, error);
  pk_store_rollback (self);
  if (!is_done || !pk_sql_commit (copy->sql, error))
    return FALSE;
  g_clear_pointer (&copy, pk_store_close);
  g_rmdir (uploads);
  g_rmdir (snapshots);
  return pk_store_sync_path (path, error);
}

static gboolean
copy_in (PkStore *self, const char *path, GError **error)
{
  g_autoptr (PkSql) sqlite = pk_sql_open (path, PK_SQL_READ_ONLY, error);
  gint64 n_rows;

  if (sqlite == NULL || !pk_store_begin (self, error))
    return FALSE;
  if (pk_store_copy_in (self, sqlite, error) && pk_store_copy_check (self, sqlite, &n_rows, error))
    return pk_store_commit (self, error);
  pk_store_rollback (self);
  return FALSE;
}

static gboolean
ask_for_lock (PkStatement *query, const char *work, gboolean *answer_out, GError **error)
{
  gboolean has_row;

  if (query == NULL)
    return FALSE;
  pk_statement_bind_text (query, 1, work);
  if (!pk_store_step (query, &has_row, error))
    return FALSE;
  *answer_out = has_row && pk_statement_get_int (query, 0) != 0;
  pk_statement_reset (query);
  return TRUE;
}

static gboolean
claim (PkStore *self, const char *work, gboolean *is_ours_out, GError **error)
{
  return ask_for_lock (pk_sql_prepare (self->sql,
                                       "SELECT pg_try_advisory_lock (7023112,"
                                       " hashtext (current_schema () || ' ' || ?1))",
                                       error),
                       work,
                       is_ours_out,
                       error);
}

static gboolean
yield (PkStore *self, const char *work, GError **error)
{
  gboolean was_ours;

  return ask_for_lock (pk_sql_prepare (self->sql,
                                       "SELECT pg_advisory_unlock (7023112,"
                                       " hashtext (current_schema () || ' ' || ?1))",
                                       error),
                       work,
                       &was_ours,
                       error);
}

static gboolean
tell_others (PkStore *self, GError **error)
{
  return pk_sql_exec (self->sql, "NOTIFY pakobla", error);
}

const PkStoreEngine pk_store_postgres = {
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
  .one_number_each = TRUE,
};
