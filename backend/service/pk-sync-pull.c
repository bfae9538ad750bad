/*
 * Pull: what changed in a person's scopes since the device's cursors, as the lines of pk-feed.h.
 *
 * One reading transaction, so that the answer is a state that existed. Its cost follows what changed: the log is asked per
 * scope for lines after the cursor, and each record in them is read once, however many scopes hold it. Memory does not follow it:
 * where much may come it is gathered and sent by stretches of numbers. A record's lines that are in have one number, its own, so
 * that it still comes once, with all of its scopes.
 *
 * A scope is sent in one of four ways:
 *   held by the device, cursor within the log    lines after the cursor
 *   held, cursor below the horizon or 0          all that is in it, from 0 (after a drop, where something was held)
 *   not held, and there is a snapshot            the begin line names the snapshot and no rows follow; the device fetches it,
 *                                                sets its cursor to the snapshot's seq and pulls again
 *   not held, no snapshot                        all that is in it
 * Every scope of the begin line without a snapshot is at the commit's seq afterwards.
 *
 * What a field's access class keeps from the person is sent empty. A scope that holds such records has no snapshot: it is shared.
 */
#include "config.h"

#include "pk-sync-pull.h"

#include "pk-model-tables.h"
#include "pk-service-access.h"
#include "pk-service-policy.h"
#include "pk-service.h"
#include "pk-store-devices.h"
#include "pk-store-grants.h"
#include "pk-store-log.h"
#include "pk-store-meta.h"
#include "pk-store-records.h"
#include "pk-store-snapshots.h"
#include "pk-sync-ranges-private.h"

#define ROWS_PER_LINE   500
#define BYTES_PER_PIECE 65536
#define MAX_VERDICTS    10000

typedef struct
{
  PkStoreScope *store; /* not owned */
  gint64 cursor;
  gboolean is_held;
  gboolean is_sent; /* rows follow, or there are none to send */
  gboolean has_lines;
  PkSnapshotRow *snapshot; /* (owned) (nullable): named in the begin line */
} Scope;

/* A record with a line that is in, and the numbers of the scopes that have such a line. */
typedef struct
{
  PkId id;
  guint n_scopes;
  guint scopes[];
} Entry;

typedef struct
{
  PkService *service;
  PkStore *store;
  const PkId *person;
  PkActor *actor; /* (owned) (nullable): loaded where it is asked for */
  const PkPullRequest *request;
  GPtrArray *granted;   /* (owned): PkStoreScope */
  GArray *scopes;       /* (owned): Scope, by number in the begin line */
  GHashTable **rows;    /* (owned): per entity of the model: id → Entry */
  GArray **gone;        /* (owned) (nullable): per scope and entity: PkId */
  guint scope;          /* the one whose log is visited */
  PkSyncRanges *ranges; /* (owned) (nullable): what is said of those that were asked for */
  guint repaired;       /* the scope that they are of */
  GPtrArray *dropped;   /* (owned): names, not owned */
  GPtrArray *verdicts;  /* (owned): PkVerdict */
  GString *out;         /* (owned) */
  PkPullSink sink;
  gpointer data;
} Pull;

static Scope *
get_scope (Pull *self, guint number)
{
  return &g_array_index (self->scopes, Scope, number);
}

static void
clear_scope (gpointer data)
{
  Scope *self = data;

  g_clear_pointer (&self->snapshot, pk_snapshot_row_free);
}

static void
clear_pull (Pull *self)
{
  guint n_gone = self->scopes ? self->scopes->len * pk_model.n_entities : 0;

  for (guint i = 0; self->rows != NULL && i < pk_model.n_entities; i++)
    g_clear_pointer (&self->rows[i], g_hash_table_unref);
  for (guint i = 0; self->gone != NULL && i < n_gone; i++)
    g_clear_pointer (&self->gone[i], g_array_unref);
  g_free (self->rows);
  g_free (self->gone);
  g_clear_pointer (&self->actor, pk_actor_unref);
  g_clear_pointer (&self->granted, g_ptr_array_unref);
  g_clear_pointer (&self->scopes, g_array_unref);
  g_clear_pointer (&self->ranges, pk_sync_ranges_free);
  g_clear_pointer (&self->dropped, g_ptr_array_unref);
  g_clear_pointer (&self->verdicts, g_ptr_array_unref);
  if (self->out != NULL)
    g_string_free (self->out, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pull, clear_pull)

static const PkScopeCursor *
find_cursor (const PkPullRequest *request, const char *name)
{
  for (guint low = 0, high = request->scopes->len; low < high;)
    {
      guint middle = (low + high) / 2;
      const PkScopeCursor *cursor = request->scopes->pdata[middle];
      int order = g_strcmp0 (name, cursor->name);
      if (order == 0)
        return cursor;
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  return NULL;
}

static gboolean
add_scope (Pull *self, PkStoreScope *store, GError **error)
{
  const PkScopeCursor *cursor = find_cursor (self->request, store->name);
  Scope scope = { .store = store, .is_held = cursor != NULL, .is_sent = TRUE };
  g_autoptr (GError) local_error = NULL;

  if (cursor != NULL && cursor->cursor >= store->horizon)
    scope.cursor = cursor->cursor;
  else if (cursor != NULL && cursor->cursor > 0)
    g_ptr_array_add (self->dropped, store->name);
  if (cursor == NULL)
    {
      scope.snapshot = pk_store_find_snapshot (self->store, store->number, &local_error);
      scope.is_sent = scope.snapshot == NULL;
    }
  g_array_append_val (self->scopes, scope);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
holds_scope (Pull *self, const char *name)
{
  for (guint i = 0; i < self->scopes->len; i++)
    if (g_str_equal (get_scope (self, i)->store->name, name))
      return TRUE;
  return FALSE;
}

/* A full diff of what the device says it holds against what it may: no history of revocations is needed. */
static void
find_dropped (Pull *self)
{
  for (guint i = 0; i < self->request->scopes->len; i++)
    {
      const PkScopeCursor *cursor = self->request->scopes->pdata[i];
      if (!holds_scope (self, cursor->name))
        g_ptr_array_add (self->dropped, cursor->name);
    }
}

static gboolean
find_scopes (Pull *self, const PkId *person, GError **error)
{
  self->granted = pk_store_get_grants (self->store, person, error);
  if (self->granted == NULL)
    return FALSE;
  for (guint i = 0; i < self->granted->len; i++)
    if (!add_scope (self, self->granted->pdata[i], error))
      return FALSE;
  find_dropped (self);
  return TRUE;
}

static void
add_row (Pull *self, const PkLogLine *line)
{
  GHashTable **rows = &self->rows[line->entity - pk_model.entities];

  if (*rows == NULL)
    *rows = g_hash_table_new_full (pk_id_hash, pk_id_equal, NULL, g_free);
  Entry *old = g_hash_table_lookup (*rows, &line->id);
  guint n = old ? old->n_scopes : 0;
  Entry *entry = g_malloc (sizeof *entry + (n + 1) * sizeof (guint));
  entry->id = line->id;
  entry->n_scopes = n + 1;
  for (guint i = 0; i < n; i++)
    entry->scopes[i] = old->scopes[i];
  entry->scopes[n] = self->scope;
  g_hash_table_replace (*rows, &entry->id, entry);
}

static void
add_gone (Pull *self, const PkLogLine *line)
{
  GArray **ids =
      &self->gone[self->scope * pk_model.n_entities + (guint) (line->entity - pk_model.entities)];

  if (*ids == NULL)
    *ids = g_array_new (FALSE, FALSE, sizeof (PkId));
  g_array_append_val (*ids, line->id);
}

static gboolean
visit_line_cb (const PkLogLine *line, gpointer data)
{
  Pull *self = data;
  Scope *scope = get_scope (self, self->scope);

  if (line->state == PK_LOG_IN)
    add_row (self, line);
  else if (scope->cursor > 0)
    add_gone (self, line);
  else
    return TRUE;
  scope->has_lines = TRUE;
  return TRUE;
}

/* All that the transaction sees, so that counts and fingerprints agree with it. Where several processes write there may be lines
 * above the answer's seq: they come again with the next answer, and change nothing then. */
static gboolean
find_lines (Pull *self, gint64 from, gint64 to, GError **error)
{
  for (self->scope = 0; self->scope < self->scopes->len; self->scope++)
    {
      Scope *scope = get_scope (self, self->scope);
      gint64 after = MAX (scope->cursor, from);
      if (!scope->is_sent || scope->store->last_seq <= after || after >= to)
        continue;
      if (!pk_store_visit_log (self->store,
                               scope->store->number,
                               after,
                               to,
                               visit_line_cb,
                               self,
                               error))
        return FALSE;
    }
  return TRUE;
}

/* What the log says after the cursor comes anyway. */
static gboolean
visit_range_cb (const PkLogLine *line, gpointer data)
{
  Pull *self = data;

  if (line->seq <= get_scope (self, self->scope)->cursor)
    add_row (self, line);
  return TRUE;
}

/* Only of a scope that is granted, and that the device holds by its log: one that begins anew is whole afterwards. */
static gboolean
find_ranges (Pull *self, GError **error)
{
  for (guint i = 0; self->request->repair != NULL && i < self->scopes->len; i++)
    {
      const Scope *scope = get_scope (self, i);
      if (scope->cursor == 0 || !g_str_equal (scope->store->name, self->request->repair))
        continue;
      self->ranges = pk_sync_ranges_new ();
      self->repaired = self->scope = i;
      return pk_sync_ranges_look (self->ranges,
                                  self->store,
                                  scope->store->number,
                                  self->request->ranges,
                                  visit_range_cb,
                                  self,
                                  error);
    }
  return TRUE;
}

static gboolean
flush (Pull *self, gsize above, GError **error)
{
  if (self->out->len <= above)
    return TRUE;
  if (!self->sink (self->out->str, self->out->len, self->data, error))
    return FALSE;
  g_string_truncate (self->out, 0);
  return TRUE;
}

static gboolean
send_policy (Pull *self, PkService *service, GError **error)
{
  PkPolicy policy;

  if (!pk_service_get_policy (service, &policy, error))
    return FALSE;
  pk_feed_append_policy (self->out, policy.lease_days);
  return TRUE;
}

static gboolean
send_begin (Pull *self,
            PkService *service,
            const PkId *epoch,
            gint64 seq,
            gint64 grants,
            GError **error)
{
  g_autofree PkFeedScope *scopes = g_new0 (PkFeedScope, MAX (1, self->scopes->len));

  for (guint i = 0; i < self->scopes->len; i++)
    {
      const Scope *scope = get_scope (self, i);
      scopes[i].name = scope->store->name;
      scopes[i].horizon = scope->store->horizon;
      scopes[i].count = scope->store->count;
      scopes[i].fingerprint = scope->store->fingerprint;
      if (scope->snapshot == NULL)
        continue;
      scopes[i].snapshot = scope->snapshot->sha256;
      scopes[i].snapshot_size = scope->snapshot->size;
      scopes[i].snapshot_seq = scope->snapshot->seq;
      scopes[i].snapshot_rows = scope->snapshot->rows;
    }
  pk_feed_append_begin (self->out,
                        seq,
                        epoch,
                        pk_service_now_us (service),
                        grants,
                        scopes,
                        self->scopes->len);
  if (self->request->version != NULL && !send_policy (self, service, error))
    return FALSE;
  if (self->dropped->len > 0)
    {
      g_ptr_array_add (self->dropped, NULL);
      pk_feed_append_drop (self->out, (const char *const *) self->dropped->pdata);
    }
  return flush (self, BYTES_PER_PIECE, error);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *first = *(Entry *const *) a, *second = *(Entry *const *) b;

  return pk_id_compare (&first->id, &second->id);
}

/* Few kinds of records have fields that are not for everybody who sees them; nothing is looked up for the others. */
static gboolean
withhold (Pull *self, PkRecord *record, GError **error)
{
  if (self->actor == NULL)
    self->actor = pk_actor_load (self->service, self->person, error);
  if (self->actor == NULL)
    return FALSE;
  pk_access_withhold (self->service, self->actor, record);
  return TRUE;
}

static gboolean
send_row (Pull *self, const PkEntity *entity, const Entry *entry, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PkRecord) record = pk_store_find (self->store, entity, &entry->id, &local_error);

  if (record == NULL && local_error == NULL)
    g_set_error (&local_error,
                 PK_PROBLEM_ERROR,
                 PK_PROBLEM_INTERNAL,
                 "The log names a %s that is not there",
                 entity->name);
  if (record == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (entity->is_guarded && !withhold (self, record, error))
    return FALSE;
  pk_feed_append_row (self->out, record, entry->scopes, entry->n_scopes);
  return TRUE;
}

static gboolean
send_rows_of (Pull *self, guint place, GError **error)
{
  const PkEntity *entity = &pk_model.entities[place];
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer entry;

  if (self->rows[place] == NULL)
    return TRUE;
  g_hash_table_iter_init (&iter, self->rows[place]);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    g_ptr_array_add (entries, entry);
  g_ptr_array_sort (entries, compare_entries);
  for (guint i = 0; i < entries->len; i++)
    {
      if (i % ROWS_PER_LINE == 0)
        pk_feed_append_rows_start (self->out, entity);
      if (!send_row (self, entity, entries->pdata[i], error))
        return FALSE;
      if ((i + 1) % ROWS_PER_LINE != 0 && i + 1 != entries->len)
        continue;
      pk_feed_append_rows_end (self->out);
      if (!flush (self, BYTES_PER_PIECE, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
send_rows (Pull *self, GError **error)
{
  for (guint place = 0; place < pk_model.n_entities; place++)
    if (!send_rows_of (self, place, error))
      return FALSE;
  return TRUE;
}

static void
forget_rows (Pull *self)
{
  for (guint place = 0; place < pk_model.n_entities; place++)
    g_clear_pointer (&self->rows[place], g_hash_table_unref);
}

/* No more lines that are in can come than there are. */
static gint64
count_possible (Pull *self, gint64 *lowest_out)
{
  gint64 count = 0;

  *lowest_out = G_MAXINT64;
  for (guint i = 0; i < self->scopes->len; i++)
    {
      const Scope *scope = get_scope (self, i);
      if (!scope->is_sent || scope->store->last_seq <= scope->cursor)
        continue;
      *lowest_out = MIN (*lowest_out, scope->cursor);
      count += scope->store->count;
    }
  return count;
}

/* What is repaired comes with the first stretch. */
static gboolean
send_stretches (Pull *self, gint64 rows_at_once, gint64 seq, GError **error)
{
  gint64 from, to;
  gboolean is_much = count_possible (self, &from) > rows_at_once;
  gboolean is_done;

  self->rows = g_new0 (GHashTable *, pk_model.n_entities);
  self->gone = g_new0 (GArray *, MAX (1, self->scopes->len) * pk_model.n_entities);
  is_done = find_ranges (self, error);
  for (; is_done && from < G_MAXINT64; from = to)
    {
      to = is_much && from + rows_at_once < seq ? from + rows_at_once : G_MAXINT64;
      is_done = find_lines (self, from, to, error) && send_rows (self, error);
      forget_rows (self);
    }
  return is_done && send_rows (self, error);
}

static gboolean
send_gone (Pull *self, GError **error)
{
  for (guint i = 0; i < self->scopes->len * pk_model.n_entities; i++)
    {
      GArray *ids = self->gone[i];
      if (ids == NULL)
        continue;
      pk_feed_append_gone (self->out,
                           &pk_model.entities[i % pk_model.n_entities],
                           i / pk_model.n_entities,
                           (const PkId *) (gpointer) ids->data,
                           ids->len);
      if (!flush (self, BYTES_PER_PIECE, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
send_commit (Pull *self, gint64 seq, GError **error)
{
  g_autoptr (GArray) checks = g_array_new (FALSE, FALSE, sizeof (PkFeedCheck));

  for (guint i = 0; i < self->scopes->len; i++)
    {
      const Scope *scope = get_scope (self, i);
      PkFeedCheck check = { i, scope->store->count, scope->store->fingerprint };
      gboolean is_repaired = self->ranges != NULL && i == self->repaired;
      if (scope->is_sent && (scope->has_lines || scope->cursor == 0 || is_repaired))
        g_array_append_val (checks, check);
    }
  if (self->ranges != NULL)
    pk_feed_append_ranges (self->out, self->repaired, self->ranges->parts, self->ranges->whole);
  if (self->verdicts->len > 0)
    pk_feed_append_verdicts (self->out, self->verdicts);
  pk_feed_append_commit (self->out,
                         seq,
                         (const PkFeedCheck *) (gpointer) checks->data,
                         checks->len);
  return flush (self, 0, error);
}

static gboolean
check_epoch (const PkPullRequest *request, const PkId *epoch, gint64 seq, GError **error)
{
  gboolean knows_more = FALSE;

  for (guint i = 0; i < request->scopes->len; i++)
    knows_more = knows_more || ((const PkScopeCursor *) request->scopes->pdata[i])->cursor > seq;
  if (!knows_more && (pk_id_is_null (&request->epoch) || pk_id_equal (&request->epoch, epoch)))
    return TRUE;
  g_autofree char *text = pk_id_dup_text (epoch);
  pk_problem_set (error, PK_PROBLEM_EPOCH, "/epoch", "The history is %s", text);
  return FALSE;
}

static gboolean
has_news (Pull *self, gint64 grants)
{
  if (grants != self->request->grants || self->dropped->len > 0 || self->verdicts->len > 0 ||
      pk_id_is_null (&self->request->epoch) || self->request->repair != NULL)
    return TRUE;
  for (guint i = 0; i < self->scopes->len; i++)
    {
      const Scope *scope = get_scope (self, i);
      if (!scope->is_held || scope->store->last_seq > scope->cursor)
        return TRUE;
    }
  return FALSE;
}

static gboolean
answer (Pull *self, PkService *service, const PkId *person, gboolean *has_news_out, GError **error)
{
  gint64 seq, grants;
  PkId epoch;

  if (!pk_store_get_epoch (self->store, &epoch, error) ||
      !pk_store_get_seq (self->store, &seq, error) ||
      !check_epoch (self->request, &epoch, seq, error) ||
      !pk_store_get_grant_epoch (self->store, person, &grants, error) ||
      !find_scopes (self, person, error))
    return FALSE;
  self->verdicts = pk_store_list_verdicts (self->store,
                                           &self->request->device,
                                           self->request->judged,
                                           MAX_VERDICTS,
                                           error);
  if (self->verdicts == NULL ||
      (self->request->unsure != NULL &&
       !pk_store_add_effects (self->store, person, self->request->unsure, self->verdicts, error)))
    return FALSE;
  *has_news_out = has_news (self, grants);
  if (!*has_news_out)
    return TRUE;
  return send_begin (self, service, &epoch, seq, grants, error) &&
         send_stretches (self, pk_service_get_rows_at_once (service), seq, error) &&
         send_gone (self, error) && send_commit (self, seq, error);
}

/**
 * pk_sync_pull:
 * @service: a reading service
 * @person: who asks; whose scopes are sent and no others
 * @request: what the device holds
 * @sink: takes the answer piece by piece
 * @has_news_out: (out): %FALSE where nothing is new and nothing was sent
 *
 * Errors: %PK_PROBLEM_EPOCH where the device knows another history or a later state than this, %PK_PROBLEM_MODEL_TOO_OLD
 * Source: sync protocol, Pull.
 * Returns: %TRUE if the answer is whole
 */
gboolean
pk_sync_pull (PkService *service,
              const PkId *person,
              const PkPullRequest *request,
              PkPullSink sink,
              gpointer data,
              gboolean *has_news_out,
              GError **error)
{
  g_auto (Pull) self = { .service = service,
                         .store = pk_service_get_store (service),
                         .person = person,
                         .request = request,
                         .sink = sink,
                         .data = data };

  if (request->model + 1 < PK_MODEL_VERSION)
    {
      pk_problem_set (error,
                      PK_PROBLEM_MODEL_TOO_OLD,
                      "/model",
                      "The server speaks model %d",
                      PK_MODEL_VERSION);
      return FALSE;
    }
  self.scopes = g_array_new (FALSE, FALSE, sizeof (Scope));
  g_array_set_clear_func (self.scopes, clear_scope);
  self.dropped = g_ptr_array_new ();
  self.out = g_string_sized_new (BYTES_PER_PIECE + BYTES_PER_PIECE / 2);
  if (!pk_store_begin_reading (self.store, error))
    return FALSE;
  gboolean is_answered = answer (&self, service, person, has_news_out, error);
  pk_store_rollback (self.store);
  return is_answered;
}
