/*
 * Applying the feed: the lines of one checkpoint in one transaction, cursors included, so that a replica only ever shows states that
 * existed on the server (plus the person's own work on top). Nothing of a checkpoint that makes no sense is applied.
 *
 * An answer begins with its begin line, which is remembered for the checkpoints that follow; each is accepted only if the cursors are
 * still where the one before left them. A scope whose count or fingerprint differs at the end is suspect and repaired by ranges
 * (pk-repair.c); the outbox is not concerned.
 */
#include "config.h"

#include "pk-migrate.h"
#include "pk-repair.h"
#include "pk-writer-sync.h"

static void
free_feed_scope (gpointer data)
{
  PkFeedScope *self = data;

  g_free (self->name);
  g_free (self->snapshot);
  g_free (self);
}

static PkFeedScope *
copy_feed_scope (const PkFeedScope *scope)
{
  PkFeedScope *copy = g_memdup2 (scope, sizeof *scope);

  copy->name = g_strdup (scope->name);
  copy->snapshot = g_strdup (scope->snapshot);
  return copy;
}

/**
 * pk_writer_forget_stream:
 *
 * Forgets the answer that was being applied.
 */
void
pk_writer_forget_stream (PkWriter *self)
{
  g_autofree PkStream *stream = g_steal_pointer (&self->stream);

  if (stream == NULL)
    return;
  g_ptr_array_unref (stream->scopes);
  g_hash_table_unref (stream->seen);
}

static gboolean
refuse (GError **error, PkReplicaError code, const char *what)
{
  g_set_error_literal (error, PK_REPLICA_ERROR, code, what);
  return FALSE;
}

static gint64
requested_cursor (const PkPullRequest *request, const char *name)
{
  for (guint i = 0; i < request->scopes->len; i++)
    {
      const PkScopeCursor *asked = request->scopes->pdata[i];
      if (g_str_equal (asked->name, name))
        return asked->cursor;
    }
  return -1;
}

static gboolean
check_cursors (GPtrArray *scopes, const PkPullRequest *request, GError **error)
{
  for (guint i = 0; i < scopes->len; i++)
    {
      const PkHeldScope *scope = scopes->pdata[i];
      gint64 asked = requested_cursor (request, scope->name);
      if (asked != scope->cursor)
        return refuse (error, PK_REPLICA_ERROR_GAP, "The answer is to an older question");
    }
  return TRUE;
}

static gboolean
check_epoch (PkWriter *self, const PkFeedLine *begin, GError **error)
{
  PkId epoch;
  gint64 seq;

  if (!pk_meta_get_id (self->sql, "epoch", &epoch, error) ||
      !pk_meta_get_int (self->sql, "seq", 0, &seq, error))
    return FALSE;
  if (!pk_id_is_null (&epoch) && !pk_id_equal (&epoch, &begin->epoch))
    return refuse (error, PK_REPLICA_ERROR_EPOCH, "The server's history is another one");
  if (begin->seq < seq)
    return refuse (error, PK_REPLICA_ERROR_EPOCH, "The server knows less than it did");
  return TRUE;
}

static void
note_wanted (PkWriter *self)
{
  g_ptr_array_set_free_func (self->wanted, free_feed_scope);
  g_ptr_array_set_size (self->wanted, 0);
  for (guint i = 0; i < self->stream->scopes->len; i++)
    {
      const PkFeedScope *scope = self->stream->scopes->pdata[i];
      if (scope->snapshot != NULL)
        g_ptr_array_add (self->wanted, copy_feed_scope (scope));
    }
}

static gboolean
begin_stream (PkWriter *self,
              GPtrArray *scopes,
              const PkPullRequest *request,
              const PkFeedLine *begin,
              GError **error)
{
  pk_writer_forget_stream (self);
  if (!check_epoch (self, begin, error) || !check_cursors (scopes, request, error))
    return FALSE;
  self->stream = g_new0 (PkStream, 1);
  self->stream->scopes = g_ptr_array_new_with_free_func (free_feed_scope);
  self->stream->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->stream->seq = begin->seq;
  self->stream->epoch = begin->epoch;
  self->stream->grants = begin->grants;
  self->stream->cursor_version = self->cursor_version;
  for (guint i = 0; i < begin->scopes->len; i++)
    g_ptr_array_add (self->stream->scopes, copy_feed_scope (begin->scopes->pdata[i]));
  note_wanted (self);
  return TRUE;
}

/* The scope with a number of the begin line; made where it is new. NULL with an error where there is no such number. */
static PkHeldScope *
take_scope (PkWriter *self, GPtrArray *scopes, guint number, GError **error)
{
  if (number >= self->stream->scopes->len)
    {
      refuse (error, PK_REPLICA_ERROR_FEED, "A line names a scope that the begin line does not");
      return NULL;
    }
  const PkFeedScope *told = self->stream->scopes->pdata[number];
  PkHeldScope *scope = pk_members_find_scope (scopes, told->name);
  if (scope != NULL)
    return scope;
  scope = pk_held_scope_new (told->name);
  g_ptr_array_add (scopes, scope);
  return pk_members_insert_scope (self, scope, error) ? scope : NULL;
}

static void
note_seen (PkWriter *self, const PkRecord *record, PkHeldScope *const *into, guint n_into)
{
  for (guint i = 0; i < n_into; i++)
    if (pk_repair_concerns (self->repair, into[i]->name))
      g_hash_table_add (self->stream->seen,
                        pk_members_seen_key (pk_record_get_entity (record),
                                             pk_record_get_id (record),
                                             into[i]->number));
}

static gboolean
apply_row (PkWriter *self, GPtrArray *scopes, const PkFeedRow *row, GError **error)
{
  g_autofree PkHeldScope **into = g_new0 (PkHeldScope *, row->n_scopes);
  const PkEntity *entity = pk_record_get_entity (row->record);

  if (row->n_scopes == 0)
    return refuse (error, PK_REPLICA_ERROR_FEED, "A record is in no scope");
  for (guint i = 0; i < row->n_scopes; i++)
    if ((into[i] = take_scope (self, scopes, row->scopes[i], error)) == NULL)
      return FALSE;
  note_seen (self, row->record, into, row->n_scopes);
  return pk_members_put (self, scopes, row->record, into, row->n_scopes, error) &&
         pk_overlay_put_server (self, entity, pk_record_get_id (row->record), row->record, error);
}

static gboolean
apply_rows (PkWriter *self, GPtrArray *scopes, const PkFeedLine *line, GError **error)
{
  for (guint i = 0; i < line->rows->len; i++)
    if (!apply_row (self, scopes, line->rows->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
apply_gone (PkWriter *self, GPtrArray *scopes, const PkFeedLine *line, GError **error)
{
  PkHeldScope *scope = take_scope (self, scopes, line->scope, error);

  if (scope == NULL)
    return FALSE;
  for (guint i = 0; i < line->ids->len; i++)
    if (!pk_members_leave (self, scope, line->entity, &g_array_index (line->ids, PkId, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
apply_drop (PkWriter *self, GPtrArray *scopes, const PkFeedLine *line, GError **error)
{
  for (guint i = 0; line->dropped[i] != NULL; i++)
    {
      PkHeldScope *scope = pk_members_find_scope (scopes, line->dropped[i]);
      if (scope != NULL && !pk_members_drop_scope (self, scope, error))
        return FALSE;
    }
  return pk_meta_set_int (self->sql, "must_forget", 1, error);
}

static void
check_scope (PkHeldScope *scope, const PkFeedCheck *check)
{
  gboolean is_equal = scope->count == check->count &&
                      pk_fingerprint_equal (&scope->fingerprint, &check->fingerprint);

  if (!is_equal)
    g_message ("Scope %s differs from the server: %" G_GINT64_FORMAT
               " records here, %" G_GINT64_FORMAT " there",
               scope->name,
               scope->count,
               check->count);
  scope->is_suspect = !is_equal;
}

/* All scopes of the begin line are at the commit's seq now, but for those whose snapshot is still to come. */
static gboolean
end_scopes (PkWriter *self, GPtrArray *scopes, gint64 seq, GError **error)
{
  for (guint i = 0; i < self->stream->scopes->len; i++)
    {
      const PkFeedScope *told = self->stream->scopes->pdata[i];
      if (told->snapshot != NULL)
        continue;
      PkHeldScope *scope = take_scope (self, scopes, i, error);
      if (scope == NULL)
        return FALSE;
      scope->cursor = seq;
      scope->is_dirty = TRUE;
    }
  return TRUE;
}

static gboolean
check_scopes (PkWriter *self, GPtrArray *scopes, GArray *checks, GError **error)
{
  for (guint i = 0; i < checks->len; i++)
    {
      const PkFeedCheck *check = &g_array_index (checks, PkFeedCheck, i);
      PkHeldScope *scope = take_scope (self, scopes, check->scope, error);
      if (scope == NULL)
        return FALSE;
      check_scope (scope, check);
    }
  return TRUE;
}

/* Whether all that the person may see is here: the target is reached, and no snapshot is still to come. */
static gboolean
is_whole (PkWriter *self, gint64 seq)
{
  for (guint i = 0; i < self->stream->scopes->len; i++)
    if (((PkFeedScope *) self->stream->scopes->pdata[i])->snapshot != NULL)
      return FALSE;
  return seq == self->stream->seq;
}

static gboolean
apply_commit (PkWriter *self, GPtrArray *scopes, const PkFeedLine *line, GError **error)
{
  gint64 old_seq;

  if (!pk_meta_get_int (self->sql, "seq", 0, &old_seq, error))
    return FALSE;
  if (line->seq < old_seq || line->seq > self->stream->seq)
    return refuse (error,
                   PK_REPLICA_ERROR_FEED,
                   "The checkpoint is not between here and the target");
  return end_scopes (self, scopes, line->seq, error) &&
         (line->seq < self->stream->seq || pk_repair_end_checkpoint (self, scopes, error)) &&
         (!is_whole (self, line->seq) || pk_migrate_drop_outdated (self, error)) &&
         check_scopes (self, scopes, line->checks, error) &&
         pk_meta_set_int (self->sql, "seq", line->seq, error) &&
         pk_meta_set_id (self->sql, "epoch", &self->stream->epoch, error) &&
         pk_writer_note_epoch (self, &self->stream->epoch, error) &&
         pk_meta_set_int (self->sql, "grants", self->stream->grants, error) &&
         pk_writer_mark_settled (self, old_seq, line->seq, error);
}

static gboolean
apply_ranges (PkWriter *self, GPtrArray *scopes, const PkFeedLine *line, GError **error)
{
  PkHeldScope *scope = take_scope (self, scopes, line->scope, error);

  return scope != NULL && pk_repair_take (self, scope, line, self->stream->seen, error);
}

static gboolean
apply_line (PkWriter *self, GPtrArray *scopes, const PkFeedLine *line, GError **error)
{
  switch (line->kind)
    {
    case PK_FEED_DROP:
      return apply_drop (self, scopes, line, error);
    case PK_FEED_ROWS:
      return apply_rows (self, scopes, line, error);
    case PK_FEED_GONE:
      return apply_gone (self, scopes, line, error);
    case PK_FEED_VERDICTS:
      return pk_writer_save_verdicts (self, line->verdicts, error);
    case PK_FEED_COMMIT:
      return apply_commit (self, scopes, line, error);
    case PK_FEED_RANGES:
      return apply_ranges (self, scopes, line, error);
    case PK_FEED_POLICY:
      return pk_meta_set_int (self->outbox, "lease_days", line->lease_days, error);
    case PK_FEED_OTHER:
      return TRUE;
    case PK_FEED_BEGIN:
    default:
      return refuse (error, PK_REPLICA_ERROR_FEED, "An answer begins twice");
    }
}

static gboolean
apply_lines (PkWriter *self,
             GPtrArray *scopes,
             const PkPullRequest *request,
             GPtrArray *lines,
             GError **error)
{
  const PkFeedLine *first = lines->pdata[0];
  guint place = 0;

  if (first->kind == PK_FEED_BEGIN)
    {
      if (!begin_stream (self, scopes, request, first, error))
        return FALSE;
      place = 1;
    }
  if (self->stream == NULL || self->stream->cursor_version != self->cursor_version)
    return refuse (error, PK_REPLICA_ERROR_GAP, "The lines do not follow what was applied");
  for (; place < lines->len; place++)
    {
      const PkFeedLine *line = lines->pdata[place];
      if ((line->kind == PK_FEED_COMMIT) != (place == lines->len - 1))
        return refuse (error, PK_REPLICA_ERROR_FEED, "A checkpoint ends with one commit line");
      if (!apply_line (self, scopes, line, error))
        return FALSE;
    }
  return pk_members_save_scopes (self, scopes, error);
}

static gboolean
apply (PkWriter *self, const PkPullRequest *request, GPtrArray *lines, GError **error)
{
  g_autoptr (GPtrArray) scopes = NULL;

  if (!pk_writer_begin (self, error))
    return FALSE;
  scopes = pk_members_load_scopes (self, error);
  if (scopes == NULL || !apply_lines (self, scopes, request, lines, error))
    {
      pk_writer_rollback (self);
      pk_writer_forget_stream (self);
      g_clear_pointer (&self->repair, pk_repair_free);
      return FALSE;
    }
  pk_change_set_set_outbox (self->changes);
  if (!pk_writer_commit (self, error))
    {
      pk_writer_forget_stream (self);
      g_clear_pointer (&self->repair, pk_repair_free);
      return FALSE;
    }
  self->stream->cursor_version = ++self->cursor_version;
  return TRUE;
}

/**
 * pk_writer_apply:
 * @request: the question that is answered
 * @lines: (element-type PkFeedLine): one checkpoint; the last line is its commit
 *
 * Applies a checkpoint, or nothing of it.
 *
 * Errors: %PK_REPLICA_ERROR_GAP, %PK_REPLICA_ERROR_EPOCH, %PK_REPLICA_ERROR_FEED, %PK_REPLICA_ERROR_FULL
 * Returns: %TRUE if it is committed
 */
gboolean
pk_writer_apply (PkWriter *self, const PkPullRequest *request, GPtrArray *lines, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (lines->len > 0, FALSE);

  if (pk_writer_guard (self, apply (self, request, lines, &local_error), &local_error))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static void
fill_request (PkWriter *self, PkPullRequest *request, GPtrArray *scopes, PkPullFlags flags)
{
  for (guint i = 0; i < scopes->len; i++)
    {
      const PkHeldScope *scope = scopes->pdata[i];
      pk_pull_request_add (request, scope->name, scope->cursor);
    }
  for (guint i = 0; (flags & PK_PULL_ALL_AS_ROWS) && i < self->wanted->len; i++)
    {
      const PkFeedScope *scope = self->wanted->pdata[i];
      if (requested_cursor (request, scope->name) < 0)
        pk_pull_request_add (request, scope->name, 0);
    }
  pk_repair_fill_request (self, request, scopes);
}

/* What this device gave up by itself has no number of the server's, and no word of it either. */
static gboolean
find_unsure (PkWriter *self, PkPullRequest *request, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkStatement *query = pk_sql_prepare (self->outbox,
                                       "SELECT id FROM mutation WHERE state IN (5, 6, 7)"
                                       " AND seq = -1 ORDER BY place DESC LIMIT ?1",
                                       error);
  PkId id;

  if (query == NULL)
    return FALSE;
  pk_statement_bind_int (query, 1, PK_FEED_MOST_UNSURE);
  while (pk_statement_next (query, &local_error))
    {
      if (request->unsure == NULL)
        request->unsure = g_array_new (FALSE, FALSE, sizeof (PkId));
      if (pk_statement_get_id (query, 0, &id))
        g_array_append_val (request->unsure, id);
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* What operators want to know of a device. */
static gboolean
fill_report (PkWriter *self, PkPullRequest *request, GError **error)
{
  PkStatement *query =
      pk_sql_prepare (self->outbox,
                      "SELECT count(*), min(at) FROM mutation WHERE state IN (0, 1, 2)",
                      error);

  request->version = g_strdup (PK_VERSION);
  if (query == NULL || !pk_statement_next (query, error))
    return FALSE;
  request->n_unsent = pk_statement_get_int (query, 0);
  request->oldest_unsent_us = pk_statement_get_int (query, 1);
  pk_statement_reset (query);
  return pk_meta_get_int (self->sql, "repairs", 0, &request->n_repairs, error);
}

/* A repair begins with the question. Most of the time there is none, and nothing is written. */
static gboolean
save_scopes (PkWriter *self, GPtrArray *scopes, GError **error)
{
  gboolean is_dirty = FALSE;

  for (guint i = 0; i < scopes->len; i++)
    is_dirty = is_dirty || ((PkHeldScope *) scopes->pdata[i])->is_dirty;
  if (!is_dirty)
    return TRUE;
  if (!pk_sql_begin (self->sql, error))
    return FALSE;
  if (pk_members_save_scopes (self, scopes, error))
    return pk_sql_commit (self->sql, error);
  pk_sql_rollback (self->sql);
  return FALSE;
}

/**
 * pk_writer_make_pull_request:
 *
 * What to ask the server: all scopes that are held with their cursors, and ranges of one that is repaired.
 *
 * Returns: (transfer full) (nullable): the question; keep it until the answer is applied
 */
PkPullRequest *
pk_writer_make_pull_request (PkWriter *self, PkPullFlags flags, GError **error)
{
  g_autoptr (PkPullRequest) request = pk_pull_request_new ();
  g_autoptr (GPtrArray) scopes = NULL;
  gint64 judged;

  pk_writer_catch_up (self);
  if (!pk_meta_get_id (self->outbox, "device", &request->device, error) ||
      !pk_meta_get_id (self->sql, "epoch", &request->epoch, error) ||
      !pk_migrate_find_grants (self, &request->grants, error) ||
      !pk_sql_get_int (self->outbox,
                       "SELECT coalesce ((SELECT min (n) - 1 FROM mutation WHERE state = 1),"
                       " max (coalesce ((SELECT n FROM mutation WHERE +state >= 3 ORDER BY n DESC"
                       " LIMIT 1), 0),"
                       " coalesce ((SELECT value FROM meta WHERE name = 'told_n'), 0)))",
                       &judged,
                       error) ||
      !find_unsure (self, request, error) || !fill_report (self, request, error) ||
      (scopes = pk_members_load_scopes (self, error)) == NULL)
    return NULL;
  request->model = PK_MODEL_VERSION;
  request->judged = judged;
  fill_request (self, request, scopes, flags);
  return save_scopes (self, scopes, error) ? g_steal_pointer (&request) : NULL;
}

/**
 * pk_writer_list_wanted_snapshots:
 *
 * Returns: (transfer full) (element-type PkFeedScope): new scopes of the last answer whose snapshot is offered
 */
GPtrArray *
pk_writer_list_wanted_snapshots (PkWriter *self)
{
  GPtrArray *copies = g_ptr_array_new_with_free_func (free_feed_scope);

  for (guint i = 0; i < self->wanted->len; i++)
    g_ptr_array_add (copies, copy_feed_scope (self->wanted->pdata[i]));
  return copies;
}
