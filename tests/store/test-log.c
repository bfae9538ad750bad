/* The log: one line per scope and record, counts and fingerprints that follow, points in a transaction that can be taken back. */
#include "config.h"

#include "pk-test-store.h"

#include "pk-store-log.h"
#include "pk-store-meta.h"
#include "pk-store-records.h"

typedef PkTestStore Fixture;

static gint64
intern (Fixture *self, const char *name)
{
  gint64 number;

  g_assert_true (pk_store_intern_scope (self->store, name, &number, NULL));
  return number;
}

static void
place (Fixture *self, const PkId *id, gint64 seq, const gint64 *scopes, guint n_scopes)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;

  if (scopes != NULL)
    g_array_append_vals (list, scopes, n_scopes);
  pk_store_place (self->store,
                  pk_entity_by_id (PK_ENTITY_TASK),
                  id,
                  seq,
                  scopes ? list : NULL,
                  NULL,
                  &error);
  g_assert_no_error (error);
}

static gboolean
collect (const PkLogLine *line, gpointer data)
{
  g_array_append_val ((GArray *) data, *line);
  return TRUE;
}

static GArray *
read_log (Fixture *self, gint64 scope, gint64 after)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (PkLogLine));

  g_assert_true (pk_store_visit_log (self->store, scope, after, G_MAXINT64, collect, lines, NULL));
  return lines;
}

static void
test_a_record_that_changes_keeps_one_line_per_scope (Fixture *self,
                                                     gconstpointer data G_GNUC_UNUSED)
{
  PkId id = pk_id_source_next (self->ids);
  gint64 seq = 0;

  g_assert_true (pk_store_begin (self->store, NULL));
  gint64 scope = intern (self, "everyone");
  for (guint i = 0; i < 3; i++)
    {
      seq = pk_store_next_seq (self->store);
      place (self, &id, seq, &scope, 1);
    }
  g_assert_true (pk_store_commit (self->store, NULL));

  g_autoptr (GArray) lines = read_log (self, scope, 0);
  g_assert_cmpuint (lines->len, ==, 1);
  g_assert_cmpint (g_array_index (lines, PkLogLine, 0).seq, ==, seq);
  g_autoptr (PkStoreScope) row = pk_store_find_scope (self->store, "everyone", NULL);
  PkFingerprint expected = { 0, 0 };
  pk_fingerprint_add (&expected, PK_ENTITY_TASK, &id, seq);
  g_assert_cmpint (row->count, ==, 1);
  g_assert_cmpint (row->last_seq, ==, seq);
  g_assert_true (pk_fingerprint_equal (&row->fingerprint, &expected));
}

static void
test_a_record_that_leaves_a_scope_is_out_there_and_in_elsewhere (Fixture *self,
                                                                 gconstpointer data G_GNUC_UNUSED)
{
  PkId id = pk_id_source_next (self->ids);
  const gint64 *no_scopes = NULL;

  g_assert_true (pk_store_begin (self->store, NULL));
  gint64 scopes[] = { intern (self, "role/a"), intern (self, "role/b"), intern (self, "role/c") };
  place (self, &id, pk_store_next_seq (self->store), scopes, 2);
  gint64 seq = pk_store_next_seq (self->store);
  place (self, &id, seq, scopes + 1, 2);
  g_assert_true (pk_store_commit (self->store, NULL));
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GArray) lines = read_log (self, scopes[i], 0);
      g_assert_cmpuint (lines->len, ==, 1);
      g_assert_cmpint (g_array_index (lines, PkLogLine, 0).seq, ==, seq);
      g_assert_cmpint (g_array_index (lines, PkLogLine, 0).state,
                       ==,
                       i == 0 ? PK_LOG_OUT : PK_LOG_IN);
    }
  g_assert_true (pk_store_begin (self->store, NULL));
  place (self, &id, pk_store_next_seq (self->store), no_scopes, 0);
  g_assert_true (pk_store_commit (self->store, NULL));
  g_autoptr (GArray) lines = read_log (self, scopes[1], 0);
  g_assert_cmpint (g_array_index (lines, PkLogLine, 0).state, ==, PK_LOG_DELETED);
  g_autoptr (PkStoreScope) row = pk_store_find_scope (self->store, "role/b", NULL);
  g_assert_cmpint (row->count, ==, 0);
  g_assert_true (pk_fingerprint_equal (&row->fingerprint, &(PkFingerprint){ 0, 0 }));
}

static PkId
add_later (Fixture *self, gint64 scope)
{
  PkId id = pk_id_source_next (self->ids);
  g_autoptr (PkRecord) row = pk_record_new (pk_entity_by_id (PK_ENTITY_HISTORY), &id);
  g_autoptr (GArray) scopes = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;

  g_array_append_val (scopes, scope);
  pk_record_set_seq (row, pk_store_next_seq (self->store));
  pk_record_set_text (row, PK_HISTORY_ENTITY, "task");
  pk_record_set_ref (row, PK_HISTORY_RECORD_ID, &id);
  pk_record_set_int (row, PK_HISTORY_KIND, PK_HISTORY_KIND_CREATED);
  pk_record_set_int (row, PK_HISTORY_AT, 1);
  pk_store_add_later (self->store, row, scopes, &error);
  g_assert_no_error (error);
  return id;
}

static gint64
count_history (Fixture *self)
{
  gint64 count;

  g_assert_true (pk_store_count (self->store, pk_entity_by_id (PK_ENTITY_HISTORY), &count, NULL));
  return count;
}

/* Also where reading has made the store write them within the step that is undone. */
static void
test_rows_for_later_are_read_at_once_and_undone_with_their_step (Fixture *self,
                                                                 gconstpointer data G_GNUC_UNUSED)
{
  g_assert_true (pk_store_begin (self->store, NULL));
  gint64 scope = intern (self, "everyone");
  PkId first = add_later (self, scope);
  g_assert_true (pk_store_savepoint (self->store, NULL));
  add_later (self, scope);
  g_assert_cmpint (count_history (self), ==, 2);
  pk_store_rollback_to_savepoint (self->store);
  g_assert_cmpint (count_history (self), ==, 1);
  g_assert_true (pk_store_savepoint (self->store, NULL));
  add_later (self, scope);
  g_assert_true (pk_store_release (self->store, NULL));
  g_assert_true (pk_store_commit (self->store, NULL));

  g_autoptr (GArray) lines = read_log (self, scope, 0);
  g_assert_cmpuint (lines->len, ==, 2);
  g_assert_true (pk_id_equal (&g_array_index (lines, PkLogLine, 0).id, &first) ||
                 pk_id_equal (&g_array_index (lines, PkLogLine, 1).id, &first));
  g_assert_cmpint (count_history (self), ==, 2);
  g_autoptr (PkStoreScope) row = pk_store_find_scope (self->store, "everyone", NULL);
  g_assert_cmpint (row->count, ==, 2);
}

static void
test_what_a_savepoint_undoes_leaves_no_trace_in_numbers (Fixture *self,
                                                         gconstpointer data G_GNUC_UNUSED)
{
  PkId first = pk_id_source_next (self->ids), second = pk_id_source_next (self->ids);
  gint64 seq, kept;

  g_assert_true (pk_store_begin (self->store, NULL));
  gint64 scope = intern (self, "everyone");
  kept = pk_store_next_seq (self->store);
  place (self, &first, kept, &scope, 1);
  g_assert_true (pk_store_savepoint (self->store, NULL));
  place (self, &second, pk_store_next_seq (self->store), &scope, 1);
  place (self, &first, pk_store_next_seq (self->store), NULL, 0);
  intern (self, "role/new");
  pk_store_rollback_to_savepoint (self->store);
  g_assert_true (pk_store_commit (self->store, NULL));

  pk_test_store_reopen (self);
  g_assert_true (pk_store_get_seq (self->store, &seq, NULL));
  g_assert_cmpint (seq, ==, kept);
  g_autoptr (PkStoreScope) row = pk_store_find_scope (self->store, "everyone", NULL);
  PkFingerprint expected = { 0, 0 };
  pk_fingerprint_add (&expected, PK_ENTITY_TASK, &first, kept);
  g_assert_cmpint (row->count, ==, 1);
  g_assert_true (pk_fingerprint_equal (&row->fingerprint, &expected));
  g_assert_null (pk_store_find_scope (self->store, "role/new", NULL));
}

static void
test_pruning_forgets_what_left_and_raises_the_horizon (Fixture *self,
                                                       gconstpointer data G_GNUC_UNUSED)
{
  PkId stays = pk_id_source_next (self->ids), leaves = pk_id_source_next (self->ids);

  g_assert_true (pk_store_begin (self->store, NULL));
  gint64 scope = intern (self, "everyone"), other = intern (self, "role/b");
  place (self, &leaves, pk_store_next_seq (self->store), &scope, 1);
  place (self, &stays, pk_store_next_seq (self->store), &scope, 1);
  gint64 seq = pk_store_next_seq (self->store);
  place (self, &leaves, seq, &other, 1);
  g_assert_true (pk_store_prune_log (self->store, seq, NULL));
  g_assert_true (pk_store_commit (self->store, NULL));

  g_autoptr (GArray) lines = read_log (self, scope, 0);
  g_assert_cmpuint (lines->len, ==, 1);
  g_assert_true (pk_id_equal (&g_array_index (lines, PkLogLine, 0).id, &stays));
  g_autoptr (PkStoreScope) row = pk_store_find_scope (self->store, "everyone", NULL);
  g_assert_cmpint (row->horizon, ==, seq);
  g_autoptr (PkStoreScope) untouched = pk_store_find_scope (self->store, "role/b", NULL);
  g_assert_cmpint (untouched->horizon, ==, 0);
}

static void
test_a_reader_sees_one_state_while_the_writer_goes_on (Fixture *self,
                                                       gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkStore) reader = pk_store_open (self->dir, PK_STORE_READ_ONLY, self->ids, NULL);
  gint64 seq, next;

  g_assert_true (pk_store_begin_reading (reader, NULL));
  g_assert_true (pk_store_get_seq (reader, &seq, NULL));
  g_assert_cmpint (seq, ==, 0);
  g_assert_true (pk_store_begin (self->store, NULL));
  next = pk_store_next_seq (self->store);
  g_assert_true (pk_store_commit (self->store, NULL));
  g_assert_true (pk_store_get_seq (reader, &seq, NULL));
  g_assert_cmpint (seq, ==, 0);
  pk_store_rollback (reader);
  g_assert_true (pk_store_get_seq (reader, &seq, NULL));
  g_assert_cmpint (seq, ==, next);
}

#define N_SCOPES  3
#define N_RECORDS 12

/* What a replica holds of a scope: id → seq. */
static gboolean
follow_line (const PkLogLine *line, gpointer data)
{
  GHashTable *held = data;

  if (line->state == PK_LOG_IN)
    g_hash_table_replace (held,
                          g_memdup2 (&line->id, sizeof line->id),
                          g_memdup2 (&line->seq, sizeof line->seq));
  else
    g_hash_table_remove (held, &line->id);
  return TRUE;
}

static void
catch_up (Fixture *self, gint64 scope, gint64 cursor, GHashTable *held)
{
  g_autoptr (PkStoreScope) row = pk_store_get_scope (self->store, scope, NULL);

  if (cursor < row->horizon)
    {
      g_hash_table_remove_all (held);
      cursor = 0;
    }
  g_assert_true (
      pk_store_visit_log (self->store, scope, cursor, G_MAXINT64, follow_line, held, NULL));
}

static void
check_same (Fixture *self, gint64 scope, GHashTable *held)
{
  g_autoptr (PkStoreScope) row = pk_store_get_scope (self->store, scope, NULL);
  PkFingerprint sum = { 0, 0 };
  GHashTableIter iter;
  gpointer id, seq;

  g_hash_table_iter_init (&iter, held);
  while (g_hash_table_iter_next (&iter, &id, &seq))
    pk_fingerprint_add (&sum, PK_ENTITY_TASK, id, *(gint64 *) seq);
  g_assert_cmpint (row->count, ==, g_hash_table_size (held));
  g_assert_true (pk_fingerprint_equal (&row->fingerprint, &sum));
}

static void
place_at_random (Fixture *self, GRand *rand, const PkId *ids, const gint64 *scopes)
{
  gint64 chosen[N_SCOPES];
  guint n_chosen = 0;

  for (guint i = 0; i < N_SCOPES; i++)
    if (g_rand_boolean (rand))
      chosen[n_chosen++] = scopes[i];
  place (self,
         &ids[g_rand_int_range (rand, 0, N_RECORDS)],
         pk_store_next_seq (self->store),
         g_rand_int_range (rand, 0, 8) == 0 ? NULL : chosen,
         n_chosen);
}

static void
commit_step (Fixture *self, GRand *rand, const PkId *ids, const gint64 *scopes)
{
  gint64 seq;

  g_assert_true (pk_store_begin (self->store, NULL));
  for (int i = g_rand_int_range (rand, 1, 6); i > 0; i--)
    {
      gboolean is_undone = g_rand_int_range (rand, 0, 4) == 0;
      g_assert_true (pk_store_savepoint (self->store, NULL));
      place_at_random (self, rand, ids, scopes);
      if (is_undone)
        pk_store_rollback_to_savepoint (self->store);
      else
        g_assert_true (pk_store_release (self->store, NULL));
    }
  g_assert_true (pk_store_get_seq (self->store, &seq, NULL));
  if (g_rand_int_range (rand, 0, 5) == 0)
    g_assert_true (
        pk_store_prune_log (self->store, g_rand_int_range (rand, 0, (gint32) seq + 1), NULL));
  g_assert_true (pk_store_commit (self->store, NULL));
}

static void
test_wherever_the_log_is_pruned_replicas_come_to_the_same (Fixture *self,
                                                           gconstpointer data G_GNUC_UNUSED)
{
  guint32 seed = (guint32) g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GHashTable) held = g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, g_free);
  PkId ids[N_RECORDS];
  gint64 scopes[N_SCOPES], cursor = 0;

  g_test_message ("seed %u", seed);
  g_assert_true (pk_store_begin (self->store, NULL));
  scopes[0] = intern (self, "role/a");
  scopes[1] = intern (self, "role/b");
  scopes[2] = intern (self, "role/c");
  g_assert_true (pk_store_commit (self->store, NULL));
  for (guint i = 0; i < N_RECORDS; i++)
    ids[i] = pk_id_source_next (self->ids);
  for (guint i = 0; i < 300; i++)
    {
      commit_step (self, rand, ids, scopes);
      if (g_rand_int_range (rand, 0, 4) != 0)
        continue;
      catch_up (self, scopes[0], cursor, held);
      g_assert_true (pk_store_get_seq (self->store, &cursor, NULL));
      check_same (self, scopes[0], held);
    }
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/log/a-record-that-changes-keeps-one-line-per-scope",
      test_a_record_that_changes_keeps_one_line_per_scope },
    { "/log/a-record-that-leaves-a-scope-is-out-there-and-in-elsewhere",
      test_a_record_that_leaves_a_scope_is_out_there_and_in_elsewhere },
    { "/log/rows-for-later-are-read-at-once-and-undone-with-their-step",
      test_rows_for_later_are_read_at_once_and_undone_with_their_step },
    { "/log/what-a-savepoint-undoes-leaves-no-trace-in-numbers",
      test_what_a_savepoint_undoes_leaves_no_trace_in_numbers },
    { "/log/pruning-forgets-what-left-and-raises-the-horizon",
      test_pruning_forgets_what_left_and_raises_the_horizon },
    { "/log/a-reader-sees-one-state-while-the-writer-goes-on",
      test_a_reader_sees_one_state_while_the_writer_goes_on },
    { "/log/wherever-the-log-is-pruned-replicas-come-to-the-same",
      test_wherever_the_log_is_pruned_replicas_come_to_the_same },
  };

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    pk_test_store_add (tests[i].name, tests[i].func);
  return g_test_run ();
}
