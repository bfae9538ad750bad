/*
 * Several connections that write at once, with transactions held open: numbers are given out in another order than they become
 * visible in. On PostgreSQL only.
 */
#include "config.h"

#include "pk-model-tables.h"
#include "pk-sql.h"
#include "pk-store-log.h"
#include "pk-store-meta.h"
#include "pk-store-records.h"
#include "pk-test-store.h"

#define N_WRITERS      4
#define N_RECORDS      8
#define N_TRANSACTIONS 60

typedef PkTestStore Fixture;

/* What a replica holds of one scope, and from where it asks on. */
typedef struct
{
  PkStore *store; /* (owned): a reader */
  gint64 scope;
  GHashTable *held; /* (owned): id → seq */
  gint64 cursor;
  gboolean is_careless; /* takes the greatest number that it sees for its cursor */
} Replica;

static PkStore *
open_store (Fixture *self, PkStoreMode mode)
{
  g_autoptr (GError) error = NULL;
  PkStore *store = pk_store_open (self->dir, mode, self->ids, &error);

  g_assert_no_error (error);
  return store;
}

static gint64
intern (PkStore *store)
{
  g_autoptr (GError) error = NULL;
  gint64 scope;

  g_assert_true (pk_store_begin (store, &error));
  pk_store_intern_scope (store, "everyone", &scope, &error);
  pk_store_commit (store, &error);
  g_assert_no_error (error);
  return scope;
}

static void
begin_replica (Replica *self, Fixture *fixture, gint64 scope, gboolean is_careless)
{
  self->store = open_store (fixture, PK_STORE_READ_ONLY);
  self->scope = scope;
  self->held = g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, g_free);
  self->cursor = 0;
  self->is_careless = is_careless;
}

static void
end_replica (Replica *self)
{
  pk_store_close (self->store);
  g_hash_table_unref (self->held);
}

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

static gboolean
is_same (Replica *self, const PkStoreScope *row)
{
  PkFingerprint sum = { 0, 0 };
  GHashTableIter iter;
  gpointer id, seq;

  g_hash_table_iter_init (&iter, self->held);
  while (g_hash_table_iter_next (&iter, &id, &seq))
    pk_fingerprint_add (&sum, PK_ENTITY_TASK, id, *(gint64 *) seq);
  return row->count == g_hash_table_size (self->held) &&
         pk_fingerprint_equal (&row->fingerprint, &sum);
}

/* As a pull does it: one state, all that it sees after the cursor. */
static gboolean
pull (Replica *self)
{
  g_autoptr (GError) error = NULL;
  PkStoreHead head;

  g_assert_true (pk_store_begin_reading (self->store, &error));
  pk_store_get_head (self->store, &head, &error);
  g_autoptr (PkStoreScope) row = pk_store_get_scope (self->store, self->scope, &error);
  g_assert_no_error (error);
  pk_store_visit_log (self->store,
                      self->scope,
                      self->cursor,
                      G_MAXINT64,
                      follow_line,
                      self->held,
                      &error);
  g_assert_no_error (error);
  pk_store_rollback (self->store);
  g_assert_cmpint (head.seq, <=, head.greatest);
  g_assert_cmpint (self->cursor, <=, self->is_careless ? head.greatest : head.seq);
  self->cursor = self->is_careless ? head.greatest : head.seq;
  return is_same (self, row);
}

static gboolean
place (PkStore *store, gint64 scope, const PkId *id, gboolean is_in, GError **error)
{
  g_autoptr (GArray) scopes = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (is_in)
    g_array_append_val (scopes, scope);
  return pk_store_place (store,
                         pk_entity_by_id (PK_ENTITY_TASK),
                         id,
                         pk_store_next_seq (store),
                         scopes,
                         NULL,
                         error);
}

/* A family of which the store is sure that it is none of the others. */
static PkId
make_family (guint lane)
{
  PkId family = { { 0 } };

  while (pk_id_hash (&family) % 32 != lane)
    family.bytes[12]++;
  return family;
}

static void
begin_beside (PkStore *store, guint lane)
{
  PkId family = make_family (lane);

  pk_store_write_beside (store, &family, 1);
  g_assert_true (pk_store_begin (store, NULL));
}

/* The first that begins is the last that commits: whoever pulls meanwhile must come to the same in the end. */
static void
test_what_is_committed_late_is_not_passed_over (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  PkStore *writers[N_WRITERS];
  Replica careful, careless;
  gint64 scope = intern (self->store);

  begin_replica (&careful, self, scope, FALSE);
  begin_replica (&careless, self, scope, TRUE);
  for (guint i = 0; i < N_WRITERS; i++)
    {
      PkId id = pk_id_source_next (self->ids);
      writers[i] = open_store (self, PK_STORE_READ_WRITE);
      begin_beside (writers[i], i);
      g_assert_true (place (writers[i], scope, &id, TRUE, NULL));
    }
  for (guint i = N_WRITERS; i > 0; i--)
    {
      g_assert_true (pk_store_commit (writers[i - 1], NULL));
      pk_store_close (writers[i - 1]);
      g_assert_true (pull (&careful));
      pull (&careless);
    }
  g_assert_cmpuint (g_hash_table_size (careful.held), ==, N_WRITERS);
  /* That the hazard is there at all: who believes the greatest number loses what began before it. */
  g_assert_cmpuint (g_hash_table_size (careless.held), ==, 1);
  end_replica (&careful);
  end_replica (&careless);
}

static void
test_a_transaction_that_is_undone_holds_nobody_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkStore) older = open_store (self, PK_STORE_READ_WRITE);
  PkId id = pk_id_source_next (self->ids);
  gint64 scope = intern (self->store);
  PkStoreHead head;

  begin_beside (older, 1);
  g_assert_true (place (older, scope, &id, TRUE, NULL));
  begin_beside (self->store, 2);
  g_assert_true (place (self->store, scope, &id, FALSE, NULL));
  g_assert_true (pk_store_commit (self->store, NULL));
  g_assert_true (pk_store_get_head (self->store, &head, NULL));
  g_assert_cmpint (head.seq, <, head.greatest);
  pk_store_rollback (older);
  g_assert_true (pk_store_get_head (self->store, &head, NULL));
  g_assert_cmpint (head.seq, ==, head.greatest);
}

static void
test_two_that_change_one_record_do_not_both_succeed (Fixture *self,
                                                     gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkStore) other = open_store (self, PK_STORE_READ_WRITE);
  g_autoptr (PkRecord) task = pk_test_task (self, "One");
  g_autoptr (GError) error = NULL;

  g_assert_true (pk_store_put (self->store, task, NULL, NULL));
  g_autoptr (PkRecord) after = pk_record_copy (task);
  begin_beside (self->store, 1);
  begin_beside (other, 2);
  pk_record_set_text (after, PK_TASK_TITLE, "Two");
  g_assert_true (pk_store_put (self->store, after, task, NULL));
  g_assert_true (pk_store_commit (self->store, NULL));
  pk_record_set_text (after, PK_TASK_TITLE, "Three");
  g_assert_false (pk_store_put (other, after, task, &error) && pk_store_commit (other, &error));
  g_assert_error (error, PK_SQL_ERROR, PK_SQL_ERROR_CONFLICT);
  pk_store_rollback (other);
}

/* A thread with a connection of its own. */
typedef struct
{
  Fixture *fixture;
  gint64 scope;
  const PkId *ids;
  guint32 seed;
  PkId family; /* not what it writes: the locks keep nobody apart, and the database has to */
  guint n_conflicts;
} Writer;

static gboolean
write_once (PkStore *store, const Writer *writer, guint32 seed, gboolean is_alone, GError **error)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  if (!is_alone)
    pk_store_write_beside (store, &writer->family, 1);
  if (!pk_store_begin (store, error))
    return FALSE;
  for (int i = g_rand_int_range (rand, 1, 12); i > 0; i--)
    {
      const PkId *id = &writer->ids[g_rand_int_range (rand, 0, N_RECORDS)];
      gboolean is_in = g_rand_int_range (rand, 0, 3) != 0;
      if (!place (store, writer->scope, id, is_in, error))
        return FALSE;
    }
  if (g_rand_int_range (rand, 0, 6) != 0)
    return pk_store_commit (store, error);
  pk_store_rollback (store);
  return TRUE;
}

static gpointer
write_all (gpointer data)
{
  Writer *self = data;
  g_autoptr (PkStore) store = open_store (self->fixture, PK_STORE_READ_WRITE);

  for (guint32 i = 0; i < N_TRANSACTIONS; i++)
    for (guint n_runs = 1;; n_runs++)
      {
        g_autoptr (GError) error = NULL;
        if (write_once (store, self, self->seed + i, n_runs > 2, &error))
          break;
        g_assert_true (pk_store_is_conflict (error));
        pk_store_rollback (store);
        self->n_conflicts++;
      }
  return NULL;
}

static guint
count_conflicts (const Writer *writers)
{
  guint n = 0;

  for (guint i = 0; i < N_WRITERS; i++)
    n += writers[i].n_conflicts;
  return n;
}

static void
test_whoever_pulls_while_four_write_agrees_at_every_look (Fixture *self,
                                                          gconstpointer data G_GNUC_UNUSED)
{
  guint32 seed = (guint32) g_test_rand_int ();
  gint64 scope = intern (self->store);
  GThread *threads[N_WRITERS];
  Writer writers[N_WRITERS];
  PkId ids[N_RECORDS];
  Replica replica;

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < N_RECORDS; i++)
    ids[i] = pk_id_source_next (self->ids);
  begin_replica (&replica, self, scope, FALSE);
  for (guint i = 0; i < N_WRITERS; i++)
    {
      writers[i] = (Writer){ self, scope, ids, seed + i * 1000, make_family (i), 0 };
      threads[i] = g_thread_new ("writer", write_all, &writers[i]);
    }
  for (guint i = 0; i < 200; i++)
    {
      g_assert_true (pull (&replica));
      if (i % 20 == 0)
        g_assert_true (pk_store_checkpoint (self->store, NULL));
    }
  for (guint i = 0; i < N_WRITERS; i++)
    g_thread_join (threads[i]);
  g_assert_true (pull (&replica));
  g_assert_true (pk_store_checkpoint (self->store, NULL));
  g_assert_true (pull (&replica));
  g_test_message ("%u conflicts", count_conflicts (writers));
  end_replica (&replica);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/race/what-is-committed-late-is-not-passed-over",
      test_what_is_committed_late_is_not_passed_over },
    { "/race/a-transaction-that-is-undone-holds-nobody-up",
      test_a_transaction_that_is_undone_holds_nobody_up },
    { "/race/two-that-change-one-record-do-not-both-succeed",
      test_two_that_change_one_record_do_not_both_succeed },
    { "/race/whoever-pulls-while-four-write-agrees-at-every-look",
      test_whoever_pulls_while_four_write_agrees_at_every_look },
  };

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    pk_test_store_add (tests[i].name, tests[i].func);
  return g_test_run ();
}
