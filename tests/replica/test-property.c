/*
 * Random histories against a server that is a table in memory: people change, move and delete tasks there; here the person works, is cut
 * off, crashes, and syncs when it happens. When all is quiet, the replica shows what the server has, no more and no less, and every
 * mutation has one verdict. PK_TEST_SEEDS says how many histories (60); a failing seed is printed.
 */
#include "config.h"

#include "pk-outbox.h"
#include "pk-rules.h"
#include "replica-fixture.h"

#include <stdlib.h>
#include <string.h>

#define N_SCOPES 3
#define N_STEPS  60

static const char *const scope_names[] = { "everyone", "role/a", "role/b", NULL };

/* A task on the server. It stays in the table when it is gone, as a tombstone. */
typedef struct
{
  PkRecord *record; /* (owned) */
  gboolean is_gone;
  gboolean is_in[N_SCOPES];
  gint64 log_seq[N_SCOPES]; /* of the line in the scope's log; 0: never was in it */
} Row;

typedef struct
{
  Fixture fixture;
  GRand *random;
  GPtrArray *rows;    /* (owned): Row */
  GHashTable *judged; /* (owned): id → verdict */
  gint64 server_seq;
} World;

static void
free_row (gpointer data)
{
  Row *self = data;

  pk_record_unref (self->record);
  g_free (self);
}

static Row *
find_row (World *world, const PkId *id)
{
  for (guint i = 0; i < world->rows->len; i++)
    {
      Row *row = world->rows->pdata[i];
      if (pk_id_equal (pk_record_get_id (row->record), id))
        return row;
    }
  return NULL;
}

static void
touch (World *world, Row *row)
{
  world->server_seq++;
  pk_record_set_seq (row->record, world->server_seq);
  for (guint i = 0; i < N_SCOPES; i++)
    if (row->is_in[i])
      row->log_seq[i] = world->server_seq;
}

static void
leave (World *world, Row *row, guint scope)
{
  if (!row->is_in[scope])
    return;
  row->is_in[scope] = FALSE;
  row->log_seq[scope] = ++world->server_seq;
}

static Row *
add_row (World *world, PkRecord *record)
{
  Row *row = g_new0 (Row, 1);

  row->record = record;
  row->is_in[g_rand_int_range (world->random, 0, N_SCOPES)] = TRUE;
  g_ptr_array_add (world->rows, row);
  touch (world, row);
  return row;
}

static Row *
pick_row (World *world)
{
  if (world->rows->len == 0)
    return NULL;
  Row *row = world->rows->pdata[g_rand_int_range (world->random, 0, (gint32) world->rows->len)];
  return row->is_gone ? NULL : row;
}

static void
work_on_the_server (World *world)
{
  Row *row = pick_row (world);
  g_autofree char *title = g_strdup_printf ("Tjener %" G_GINT64_FORMAT, world->server_seq);
  guint scope = (guint) g_rand_int_range (world->random, 0, N_SCOPES);

  if (row == NULL || g_rand_int_range (world->random, 0, 5) == 0)
    {
      add_row (world, fixture_make_task (&world->fixture, title));
      return;
    }
  switch (g_rand_int_range (world->random, 0, 6))
    {
    case 0:
      row->is_in[scope] = TRUE;
      touch (world, row);
      return;
    case 1:
      leave (world, row, scope);
      return;
    case 2:
      for (guint i = 0; i < N_SCOPES; i++)
        leave (world, row, i);
      row->is_gone = TRUE;
      return;
    default:
      pk_record_set_text (row->record, PK_TASK_TITLE, title);
      touch (world, row);
    }
}

static PkMutation *
make_work (World *world)
{
  g_autofree char *title = g_strdup_printf ("Min %u", g_rand_int (world->random));
  Row *row = pick_row (world);
  g_autoptr (PkRecord) seen = NULL;

  if (row != NULL)
    seen = pk_reader_find (world->fixture.reader,
                           pk_entity_by_id (PK_ENTITY_TASK),
                           pk_record_get_id (row->record),
                           NULL);
  if (seen == NULL)
    return fixture_create_task (&world->fixture, title);
  if (g_rand_int_range (world->random, 0, 6) == 0)
    return pk_mutation_new (PK_OP_DELETE,
                            pk_entity_by_id (PK_ENTITY_TASK),
                            NULL,
                            pk_record_get_id (seen));
  return fixture_set_title (&world->fixture,
                            pk_record_get_id (seen),
                            pk_record_get_text (seen, PK_TASK_TITLE),
                            title);
}

static void
work_here (World *world)
{
  g_autoptr (PkMutation) mutation = make_work (world);

  fixture_submit (&world->fixture, mutation);
}

static PkVerdictKind
execute (World *world, const PkMutation *mutation)
{
  PkRuleContext context = { world->fixture.person, mutation->at_us };
  Row *row = find_row (world, &mutation->record);

  if (mutation->op == PK_OP_CREATE)
    {
      add_row (world, pk_rules_create (mutation, &context, NULL));
      return PK_VERDICT_APPLIED;
    }
  if (row == NULL || row->is_gone || g_rand_int_range (world->random, 0, 8) == 0)
    return PK_VERDICT_REJECTED;
  if (mutation->op == PK_OP_DELETE)
    {
      for (guint i = 0; i < N_SCOPES; i++)
        leave (world, row, i);
      row->is_gone = TRUE;
      return PK_VERDICT_APPLIED;
    }
  pk_record_set_text (row->record,
                      PK_TASK_TITLE,
                      pk_values_get (mutation->fields, PK_TASK_TITLE)->text);
  touch (world, row);
  return PK_VERDICT_APPLIED;
}

static PkVerdict *
judge (World *world, const PkOutboxEntry *entry)
{
  PkVerdict *known = g_hash_table_lookup (world->judged, &entry->id);

  if (known == NULL)
    {
      g_autoptr (PkMutation) mutation = pk_outbox_entry_dup_mutation (entry);
      PkVerdictKind kind = execute (world, mutation);
      known = pk_verdict_new (entry->n,
                              &entry->id,
                              kind,
                              kind == PK_VERDICT_REJECTED ? 0 : world->server_seq);
      if (kind == PK_VERDICT_REJECTED)
        known->code = PK_PROBLEM_FORBIDDEN;
      g_hash_table_insert (world->judged, g_memdup2 (&entry->id, sizeof entry->id), known);
    }
  PkVerdict *copy = pk_verdict_new (entry->n, &known->id, known->kind, known->seq);
  copy->code = known->code;
  return copy;
}

/* Now and then the answer is lost on the way. */
static void
push (World *world, guint most)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray)
      entries = pk_writer_take_unsent (world->fixture.writer, 0, most, TRUE, &error);
  g_autoptr (GPtrArray)
      verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_verdict_free);

  g_assert_no_error (error);
  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (verdicts, judge (world, entries->pdata[i]));
  if (most < 1000 && g_rand_int_range (world->random, 0, 4) == 0)
    return;
  pk_writer_take_verdicts (world->fixture.writer, verdicts, &error);
  g_assert_no_error (error);
}

static gint64
cursor_of (const PkPullRequest *request, const char *name)
{
  for (guint i = 0; i < request->scopes->len; i++)
    {
      const PkScopeCursor *cursor = request->scopes->pdata[i];
      if (g_str_equal (cursor->name, name))
        return cursor->cursor;
    }
  return 0;
}

static void
answer_row (World *world, GPtrArray *lines, Row *row, const gint64 cursors[N_SCOPES])
{
  guint scopes[N_SCOPES], n_scopes = 0;
  gint64 own_seq = pk_record_get_seq (row->record);

  for (guint i = 0; i < N_SCOPES; i++)
    {
      if (row->log_seq[i] <= cursors[i])
        continue;
      if (row->is_in[i])
        scopes[n_scopes++] = i;
      else
        fixture_add_gone (lines, row->record, i);
    }
  if (n_scopes == 0)
    return;
  gint64 target = world->fixture.seq;
  world->fixture.seq = own_seq;
  fixture_add_row (&world->fixture, lines, row->record, scopes, n_scopes);
  world->fixture.seq = target;
}

static void
add_checks (World *world, PkFeedCheck checks[N_SCOPES])
{
  for (guint i = 0; i < N_SCOPES; i++)
    {
      checks[i] = (PkFeedCheck){ .scope = i };
      for (guint j = 0; j < world->rows->len; j++)
        {
          const Row *row = world->rows->pdata[j];
          if (!row->is_in[i])
            continue;
          checks[i].count++;
          pk_fingerprint_add (&checks[i].fingerprint,
                              PK_ENTITY_TASK,
                              pk_record_get_id (row->record),
                              pk_record_get_seq (row->record));
        }
    }
}

static void
pull (World *world)
{
  g_autoptr (GError) error = NULL;
  PkFeedCheck checks[N_SCOPES];
  gint64 cursors[N_SCOPES];
  g_autoptr (PkPullRequest)
      request = pk_writer_make_pull_request (world->fixture.writer, PK_PULL_DEFAULT, &error);

  world->fixture.seq = world->server_seq - 1;
  g_autoptr (GPtrArray) lines = fixture_begin (&world->fixture, scope_names);
  for (guint i = 0; i < N_SCOPES; i++)
    cursors[i] = cursor_of (request, scope_names[i]);
  for (guint i = 0; i < world->rows->len; i++)
    answer_row (world, lines, world->rows->pdata[i], cursors);
  add_checks (world, checks);
  fixture_add_commit (&world->fixture, lines, checks, N_SCOPES);
  pk_writer_apply (world->fixture.writer, request, lines, &error);
  g_assert_no_error (error);
}

static void
crash (World *world)
{
  fixture_crash (&world->fixture);
  fixture_reopen (&world->fixture);
}

static void
step (World *world)
{
  pk_clock_advance (world->fixture.clock, G_TIME_SPAN_SECOND);
  switch (g_rand_int_range (world->random, 0, 8))
    {
    case 0:
    case 1:
    case 2:
      work_on_the_server (world);
      return;
    case 3:
    case 4:
      work_here (world);
      return;
    case 5:
      push (world, (guint) g_rand_int_range (world->random, 1, 5));
      return;
    case 6:
      pull (world);
      return;
    default:
      crash (world);
    }
}

static gboolean
is_visible (const Row *row)
{
  return row->is_in[0] || row->is_in[1] || row->is_in[2];
}

static void
assert_same (World *world)
{
  guint n_visible = 0;
  gint64 count;
  g_autoptr (PkTaskQuery) all = pk_task_query_new ();

  for (guint i = 0; i < world->rows->len; i++)
    {
      const Row *row = world->rows->pdata[i];
      g_autoptr (PkRecord) here = pk_reader_find (world->fixture.reader,
                                                  pk_entity_by_id (PK_ENTITY_TASK),
                                                  pk_record_get_id (row->record),
                                                  NULL);
      if (is_visible (row))
        {
          g_assert_nonnull (here);
          g_assert_true (pk_record_equal (here, row->record));
          n_visible++;
        }
      else
        g_assert_null (here);
    }
  all->open = PK_TASKS_OPEN_AND_CLOSED;
  g_assert_true (pk_reader_count_tasks (world->fixture.reader, all, &count, NULL));
  g_assert_cmpint (count, ==, n_visible);
}

static void
assert_settled (World *world)
{
  PkReplicaSummary summary;
  g_autoptr (PkPullRequest)
      request = pk_writer_make_pull_request (world->fixture.writer, PK_PULL_DEFAULT, NULL);

  g_assert_true (pk_reader_read_summary (world->fixture.reader, &summary, NULL));
  g_assert_cmpint (summary.n_waiting, ==, 0);
  for (guint i = 0; i < N_SCOPES; i++)
    g_assert_cmpint (cursor_of (request, scope_names[i]), ==, world->server_seq);
}

static void
run_history (guint seed)
{
  World world = { .random = g_rand_new_with_seed (seed), .server_seq = 1 };

  g_test_message ("seed %u", seed);
  fixture_set_up (&world.fixture);
  world.rows = g_ptr_array_new_with_free_func (free_row);
  world.judged =
      g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, (GDestroyNotify) pk_verdict_free);
  for (guint i = 0; i < N_STEPS; i++)
    step (&world);
  push (&world, 1000);
  pull (&world);
  crash (&world);
  assert_settled (&world);
  assert_same (&world);
  g_hash_table_unref (world.judged);
  g_ptr_array_unref (world.rows);
  g_rand_free (world.random);
  fixture_tear_down (&world.fixture);
}

static void
test_every_history_ends_as_the_server_has_it (void)
{
  const char *wish = g_getenv ("PK_TEST_SEEDS");
  guint n_seeds = wish != NULL ? (guint) atoi (wish) : 60;

  for (guint seed = 1; seed <= n_seeds; seed++)
    run_history (seed);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/property/every-history-ends-as-the-server-has-it",
                   test_every_history_ends_as_the_server_has_it);
  return g_test_run ();
}
