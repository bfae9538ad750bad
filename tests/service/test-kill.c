/*
 * The real pakoblad, killed in the middle of pushes, again and again: what it has acknowledged is there once, what it has not can be
 * sent again, and all that is kept beside the records equals what is worked out from them.
 */
#include "config.h"

#include "pk-mutation.h"
#include "pk-sql.h"
#include "pk-store-records.h"
#include "pk-test-program.h"
#include "pk-test-world.h"

#include <string.h>

#define N_WRITERS   3
#define N_ROUNDS    20
#define BATCH       4
#define MOST_PUSHES 6
#define PATIENCE_US (20 * G_USEC_PER_SEC)

typedef struct _Fixture Fixture;

/* A device that pushes as fast as it is answered. */
typedef struct
{
  Fixture *fixture;
  PkId unit;
  PkIdSource *ids; /* (owned) */
  char *token;     /* (owned) */
  gint64 n;
  PkId last;
  GPtrArray *waiting;      /* (owned): PkMutation: sent, perhaps, and not answered */
  GPtrArray *acknowledged; /* (owned): PkMutation */
} Writer;

struct _Fixture
{
  PkTestWorld world;
  PkTestProgram *server; /* (owned) */
  Writer writers[N_WRITERS];
  GMutex lock;
  GCond answered;
  guint n_pushes;     /* with lock: how many were acknowledged */
  guint n_unanswered; /* mutations that were done and not acknowledged */
};

static void
set_up_writer (Fixture *self, guint place)
{
  Writer *writer = &self->writers[place];
  char person[PK_ID_TEXT_LENGTH + 1];

  writer->fixture = self;
  writer->unit = self->world.units[place + 1];
  writer->ids = pk_id_source_new_seeded (self->world.clock, 100 + place);
  writer->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
  writer->acknowledged = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
  pk_id_to_text (&self->world.persons[place + 1], person);
  writer->token = pk_test_program_sign_in (self->server, person, NULL);
}

static void
set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pk_test_world_set_up (&self->world);
  g_clear_pointer (&self->world.service, pk_service_free);
  g_clear_pointer (&self->world.store, pk_store_close);
  self->server = pk_test_program_new (self->world.dir);
  pk_test_program_start (self->server, TRUE);
  for (guint i = 0; i < N_WRITERS; i++)
    set_up_writer (self, i);
  g_mutex_init (&self->lock);
  g_cond_init (&self->answered);
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pk_test_program_free (self->server);
  for (guint i = 0; i < N_WRITERS; i++)
    {
      Writer *writer = &self->writers[i];
      g_ptr_array_unref (writer->waiting);
      g_ptr_array_unref (writer->acknowledged);
      pk_id_source_unref (writer->ids);
      g_free (writer->token);
    }
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->answered);
  pk_test_world_tear_down (&self->world);
}

static PkMutation *
add_mutation (Writer *self, PkOp op, const PkId *record)
{
  PkMutation *mutation = pk_mutation_new (op, pk_entity_by_id (PK_ENTITY_TASK), NULL, record);

  mutation->id = pk_id_source_next (self->ids);
  mutation->prev = self->last;
  mutation->n = ++self->n;
  self->last = mutation->id;
  g_ptr_array_add (self->waiting, mutation);
  return mutation;
}

/* A task, and another title for it. */
static void
add_two (Writer *self)
{
  PkId id = pk_id_source_next (self->ids);
  PkMutation *create = add_mutation (self, PK_OP_CREATE, &id);

  pk_values_take (create->fields, PK_TASK_TITLE, pk_value_text ("Before"));
  pk_values_take (create->fields, PK_TASK_UNIT_ID, pk_value_id (&self->unit));
  PkMutation *set = add_mutation (self, PK_OP_SET, &id);
  pk_values_take (set->fields, PK_TASK_TITLE, pk_value_text ("After"));
  pk_values_take (set->was, PK_TASK_TITLE, pk_value_text ("Before"));
}

static void
check_verdicts (Writer *self, const char *answer)
{
  g_auto (GStrv) lines = g_strsplit (answer, "\n", -1);

  g_assert_cmpuint (g_strv_length (lines), ==, self->waiting->len + 1);
  for (guint i = 0; i < self->waiting->len; i++)
    {
      const PkMutation *mutation = self->waiting->pdata[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (PkVerdict) verdict = pk_verdict_read (lines[i], strlen (lines[i]), &error);
      g_assert_no_error (error);
      g_assert_true (pk_id_equal (&verdict->id, &mutation->id));
      g_assert_cmpint (verdict->kind, ==, PK_VERDICT_APPLIED);
    }
}

/* Pushes what waits; FALSE where the server is gone before it has answered. */
static gboolean
push (Writer *self)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autofree char *answer = NULL;

  for (guint i = 0; i < self->waiting->len; i++)
    {
      pk_mutation_append_json (lines, self->waiting->pdata[i]);
      g_string_append_c (lines, '\n');
    }
  guint status = pk_test_program_ask (self->fixture->server,
                                      "POST",
                                      "/api/sync/push",
                                      self->token,
                                      "Content-Type: application/x-ndjson",
                                      lines->str,
                                      &answer);
  if (status == 0)
    return FALSE;
  g_assert_cmpuint (status, ==, 200);
  check_verdicts (self, answer);
  g_ptr_array_extend_and_steal (self->acknowledged, g_steal_pointer (&self->waiting));
  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
  return TRUE;
}

static gpointer
push_on (gpointer data)
{
  Writer *self = data;
  gboolean is_answered = TRUE;

  while (is_answered)
    {
      while (self->waiting->len < BATCH)
        add_two (self);
      is_answered = push (self);
      g_mutex_lock (&self->fixture->lock);
      self->fixture->n_pushes += is_answered;
      g_cond_signal (&self->fixture->answered);
      g_mutex_unlock (&self->fixture->lock);
    }
  return NULL;
}

static void
wait_for_pushes (Fixture *self, guint n_pushes)
{
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;

  g_mutex_lock (&self->lock);
  while (self->n_pushes < n_pushes)
    g_assert_true (g_cond_wait_until (&self->answered, &self->lock, until_us));
  g_mutex_unlock (&self->lock);
}

static void
kill_among_pushes (Fixture *self, guint n_pushes)
{
  GThread *threads[N_WRITERS];

  self->n_pushes = 0;
  for (guint i = 0; i < N_WRITERS; i++)
    threads[i] = g_thread_new ("writer", push_on, &self->writers[i]);
  wait_for_pushes (self, n_pushes);
  pk_test_program_kill (self->server);
  for (guint i = 0; i < N_WRITERS; i++)
    g_thread_join (threads[i]);
}

static void
check_file (Fixture *self)
{
  g_autofree char *path = g_build_filename (self->world.dir, "pakobla.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PkSql) sql = pk_sql_open (path, PK_SQL_READ_ONLY, &error);

  g_assert_no_error (error);
  PkStatement *check = pk_sql_prepare (sql, "PRAGMA integrity_check", &error);
  g_assert_no_error (error);
  g_assert_true (pk_statement_next (check, &error));
  g_assert_cmpstr (pk_statement_get_text (check, 0), ==, "ok");
  pk_statement_reset (check);
}

static gboolean
count_mutation (PkRecord *history, gpointer data)
{
  GHashTable *counts = data;
  const PkId *mutation = pk_record_get_ref (history, PK_HISTORY_MUTATION_ID);

  if (mutation == NULL)
    return TRUE;
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, mutation));
  g_hash_table_insert (counts,
                       g_memdup2 (mutation, sizeof *mutation),
                       GUINT_TO_POINTER (count + 1));
  return TRUE;
}

static void
check_acknowledged (Fixture *self, const Writer *writer, GHashTable *counts)
{
  for (guint i = 0; i < writer->acknowledged->len; i++)
    {
      const PkMutation *mutation = writer->acknowledged->pdata[i];
      g_autoptr (PkRecord)
          task = pk_test_world_find (&self->world, PK_ENTITY_TASK, &mutation->record);
      g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (counts, &mutation->id)), ==, 1);
      g_assert_nonnull (task);
      if (mutation->op == PK_OP_SET)
        g_assert_cmpstr (pk_record_get_text (task, PK_TASK_TITLE), ==, "After");
    }
}

/* What was done and not answered: the server was killed between the two. It may be there, once. */
static guint
check_waiting (const Writer *writer, GHashTable *counts)
{
  guint n_done = 0;

  for (guint i = 0; i < writer->waiting->len; i++)
    {
      const PkMutation *mutation = writer->waiting->pdata[i];
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, &mutation->id));
      g_assert_cmpuint (count, <=, 1);
      n_done += count;
    }
  g_assert_true (n_done == 0 || n_done == writer->waiting->len);
  return n_done;
}

/* Beside the server that runs: a reader of its own sees what is durable. */
static void
check_store (Fixture *self)
{
  PkTestWorld *world = &self->world;
  g_autoptr (GHashTable) counts = g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;

  check_file (self);
  world->store = pk_store_open (world->dir, PK_STORE_READ_ONLY, world->ids, &error);
  g_assert_no_error (error);
  world->service = pk_service_new (world->store, world->clock, world->ids);
  g_assert_true (pk_store_visit (world->store,
                                 pk_entity_by_id (PK_ENTITY_HISTORY),
                                 count_mutation,
                                 counts,
                                 NULL));
  for (guint i = 0; i < N_WRITERS; i++)
    {
      check_acknowledged (self, &self->writers[i], counts);
      self->n_unanswered += check_waiting (&self->writers[i], counts);
    }
  pk_test_world_check (world);
  g_clear_pointer (&world->service, pk_service_free);
  g_clear_pointer (&world->store, pk_store_close);
}

static void
test_what_is_acknowledged_survives_being_killed (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  guint n_mutations = 0;

  for (guint round = 0; round < N_ROUNDS; round++)
    {
      kill_among_pushes (self, (guint) g_test_rand_int_range (1, MOST_PUSHES + 1));
      pk_test_program_start (self->server, TRUE);
      check_store (self);
    }
  for (guint i = 0; i < N_WRITERS; i++)
    {
      g_assert_true (push (&self->writers[i]));
      n_mutations += self->writers[i].acknowledged->len;
    }
  g_test_message ("%u mutations, %u done unanswered", n_mutations, self->n_unanswered);
  check_store (self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add ("/kill/what-is-acknowledged-survives-being-killed",
              Fixture,
              NULL,
              set_up,
              test_what_is_acknowledged_survives_being_killed,
              tear_down);
  return g_test_run ();
}
