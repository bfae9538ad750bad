/*
 * The real pakoblad, killed in the middle of pushes, again and again: what it has acknowledged is there once, what it has not can be
 * sent again, and all that is kept beside the records equals what is worked out from them.
 */
#include "config.h"

#include "pk-sql.h"
#include "pk-store.h"
#include "pk-test-program.h"
#include "pk-test-world.h"
#include "pk-test-writer.h"

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
  PkTestWriter *device; /* (owned) */
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
set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pk_test_world_set_up (&self->world);
  g_clear_pointer (&self->world.service, pk_service_free);
  g_clear_pointer (&self->world.store, pk_store_close);
  self->server = pk_test_program_new (self->world.dir);
  pk_test_program_start (self->server, TRUE);
  for (guint i = 0; i < N_WRITERS; i++)
    self->writers[i] = (Writer){ self, pk_test_writer_new (&self->world, self->server, i) };
  g_mutex_init (&self->lock);
  g_cond_init (&self->answered);
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pk_test_program_free (self->server);
  for (guint i = 0; i < N_WRITERS; i++)
    pk_test_writer_free (self->writers[i].device);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->answered);
  pk_test_world_tear_down (&self->world);
}

static gpointer
push_on (gpointer data)
{
  Writer *self = data;
  gboolean is_answered = TRUE;

  while (is_answered)
    {
      while (self->device->waiting->len < BATCH)
        pk_test_writer_add_two (self->device);
      is_answered = pk_test_writer_push (self->device);
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

/* Beside the server that runs: a reader of its own sees what is durable. */
static void
check_store (Fixture *self)
{
  PkTestWorld *world = &self->world;
  g_autoptr (GError) error = NULL;

  check_file (self);
  world->store = pk_store_open (world->dir, PK_STORE_READ_ONLY, world->ids, &error);
  g_assert_no_error (error);
  world->service = pk_service_new (world->store, world->clock, world->ids);
  g_autoptr (GHashTable) counts = pk_test_count_mutations (world);
  for (guint i = 0; i < N_WRITERS; i++)
    self->n_unanswered += pk_test_writer_check (self->writers[i].device, world, counts);
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
      g_assert_true (pk_test_writer_push (self->writers[i].device));
      n_mutations += self->writers[i].device->acknowledged->len;
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
