/*
 * Two real pakoblad processes at one address and on one database: devices do not notice which of them they reach, nor that one is
 * killed in the middle of their pushes. On PostgreSQL only, with syncing on.
 */
#include "config.h"

#include "pk-store-records.h"
#include "pk-test-wire.h"
#include "pk-test-world.h"
#include "pk-test-writer.h"

#include <stdlib.h>
#include <string.h>

#define N_PROCESSES 2
#define N_WRITERS   3
#define N_ROUNDS    4
#define N_NEWS      5
#define N_TWICE     8
#define BATCH       4
#define PATIENCE_US (20 * G_USEC_PER_SEC)

typedef struct _Fixture Fixture;

/* A device that pushes until it is told to end, whoever answers. */
typedef struct
{
  Fixture *fixture;
  PkTestWriter *device; /* (owned) */
} Writer;

struct _Fixture
{
  PkTestWorld world;
  PkTestProgram *servers[N_PROCESSES]; /* (owned) */
  Writer writers[N_WRITERS];
  GMutex lock;
  GCond answered;
  guint n_pushes;   /* with lock: how many were acknowledged */
  gboolean is_over; /* with lock */
};

static guint
get_port (PkTestProgram *server)
{
  return (guint) g_ascii_strtoull (strrchr (server->url, ':') + 1, NULL, 10);
}

static void
set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pk_test_world_set_up (&self->world);
  g_clear_pointer (&self->world.service, pk_service_free);
  g_clear_pointer (&self->world.store, pk_store_close);
  for (guint i = 0; i < N_PROCESSES; i++)
    {
      self->servers[i] = pk_test_program_new (self->world.dir);
      self->servers[i]->port = i == 0 ? 0 : get_port (self->servers[0]);
      pk_test_program_start (self->servers[i], TRUE);
    }
  self->servers[0]->port = get_port (self->servers[0]);
  for (guint i = 0; i < N_WRITERS; i++)
    self->writers[i] = (Writer){ self, pk_test_writer_new (&self->world, self->servers[0], i) };
  g_mutex_init (&self->lock);
  g_cond_init (&self->answered);
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  for (guint i = 0; i < N_PROCESSES; i++)
    pk_test_program_free (self->servers[i]);
  for (guint i = 0; i < N_WRITERS; i++)
    pk_test_writer_free (self->writers[i].device);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->answered);
  pk_test_world_tear_down (&self->world);
}

static gboolean
note_number (PkRecord *task, gpointer data)
{
  const char *number = pk_record_get_text (task, PK_TASK_NUMBER);

  g_assert_nonnull (number);
  g_assert_true (g_hash_table_add (data, g_strdup (number)));
  return TRUE;
}

/* Beside the servers that run: a reader of its own sees what is durable. */
static void
check_store (Fixture *self)
{
  PkTestWorld *world = &self->world;
  g_autoptr (GHashTable) numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;

  world->store = pk_store_open (world->dir, PK_STORE_READ_ONLY, world->ids, &error);
  g_assert_no_error (error);
  world->service = pk_service_new (world->store, world->clock, world->ids);
  g_autoptr (GHashTable) counts = pk_test_count_mutations (world);
  for (guint i = 0; i < N_WRITERS; i++)
    g_assert_cmpuint (pk_test_writer_check (self->writers[i].device, world, counts), ==, 0);
  g_assert_true (
      pk_store_visit (world->store, pk_entity_by_id (PK_ENTITY_TASK), note_number, numbers, NULL));
  g_test_message ("%u tasks", g_hash_table_size (numbers));
  pk_test_world_check (world);
  g_clear_pointer (&world->service, pk_service_free);
  g_clear_pointer (&world->store, pk_store_close);
}

/* Pushes what waits to a chosen server. */
static void
push_to (PkTestWriter *writer, PkTestWire *wire)
{
  g_autofree char *lines = pk_test_writer_dup_lines (writer);

  pk_test_wire_send (wire, "POST", "/api/sync/push", writer->token, lines);
  g_autofree char *answer = pk_test_wire_read_answer (wire);
  pk_test_writer_check_verdicts (writer, answer);
}

static void
wait_for_line (PkTestWire *stream, const char *start)
{
  for (;;)
    {
      g_autofree char *line = pk_test_wire_read_line (stream);
      g_assert_nonnull (line);
      if (g_str_has_prefix (line, start))
        return;
    }
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  return *(const gint64 *) a < *(const gint64 *) b ? -1 : 1;
}

/* Without the bell it would be the look that each process takes every few seconds. */
static void
check_news (Fixture *self, PkTestProgram *at, PkTestProgram *from)
{
  PkTestWriter *writer = self->writers[0].device;
  g_autoptr (PkTestWire) stream = pk_test_wire_new (at);
  gint64 times_us[N_NEWS];

  pk_test_wire_send (stream, "GET", "/api/sync/events", writer->token, NULL);
  wait_for_line (stream, ":");
  for (guint i = 0; i < N_NEWS; i++)
    {
      g_autoptr (PkTestWire) wire = pk_test_wire_new (from);
      pk_test_writer_add_two (writer);
      push_to (writer, wire);
      pk_test_writer_note_acknowledged (writer);
      gint64 pushed_us = g_get_monotonic_time ();
      wait_for_line (stream, "data:");
      times_us[i] = g_get_monotonic_time () - pushed_us;
    }
  qsort (times_us, N_NEWS, sizeof (gint64), compare_times);
  g_test_message ("heard after %d ms", (int) (times_us[N_NEWS / 2] / 1000));
  g_assert_cmpint (times_us[N_NEWS / 2], <, G_USEC_PER_SEC);
}

static void
test_who_listens_at_one_hears_of_a_push_at_the_other (Fixture *self,
                                                      gconstpointer data G_GNUC_UNUSED)
{
  check_news (self, self->servers[0], self->servers[1]);
  check_news (self, self->servers[1], self->servers[0]);
}

typedef struct
{
  PkTestWriter *writer; /* only read */
  PkTestWire *wire;
} Pushing;

static gpointer
push_func (gpointer data)
{
  Pushing *self = data;

  push_to (self->writer, self->wire);
  return NULL;
}

static void
push_at_both (Fixture *self, PkTestWriter *writer)
{
  Pushing pushings[N_PROCESSES];
  GThread *threads[N_PROCESSES];

  for (guint i = 0; i < N_PROCESSES; i++)
    pushings[i] = (Pushing){ writer, pk_test_wire_new (self->servers[i]) };
  for (guint i = 0; i < N_PROCESSES; i++)
    threads[i] = g_thread_new ("push", push_func, &pushings[i]);
  for (guint i = 0; i < N_PROCESSES; i++)
    {
      g_thread_join (threads[i]);
      pk_test_wire_free (pushings[i].wire);
    }
}

static void
test_the_same_push_at_both_takes_effect_once (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  PkTestWriter *writer = self->writers[0].device;

  for (guint i = 0; i < N_TWICE; i++)
    {
      pk_test_writer_add_two (writer);
      push_at_both (self, writer);
      pk_test_writer_note_acknowledged (writer);
    }
  check_store (self);
}

static gboolean
note_push (Fixture *self, gboolean is_answered)
{
  g_mutex_lock (&self->lock);
  self->n_pushes += is_answered;
  g_cond_signal (&self->answered);
  gboolean goes_on = !self->is_over || !is_answered;
  g_mutex_unlock (&self->lock);
  return goes_on;
}

static gpointer
push_on (gpointer data)
{
  Writer *self = data;
  gboolean goes_on = TRUE;

  while (goes_on)
    {
      while (self->device->waiting->len < BATCH)
        pk_test_writer_add_two (self->device);
      goes_on = note_push (self->fixture, pk_test_writer_push (self->device));
    }
  return NULL;
}

static void
wait_for_pushes (Fixture *self, guint n_more)
{
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;

  g_mutex_lock (&self->lock);
  guint wanted = self->n_pushes + n_more;
  while (self->n_pushes < wanted)
    g_assert_true (g_cond_wait_until (&self->answered, &self->lock, until_us));
  g_mutex_unlock (&self->lock);
}

static void
test_one_is_killed_and_the_other_goes_on (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  GThread *threads[N_WRITERS];

  for (guint i = 0; i < N_WRITERS; i++)
    threads[i] = g_thread_new ("writer", push_on, &self->writers[i]);
  for (guint round = 0; round < N_ROUNDS; round++)
    {
      PkTestProgram *victim = self->servers[round % N_PROCESSES];
      wait_for_pushes (self, (guint) g_test_rand_int_range (4, 12));
      pk_test_program_kill (victim);
      wait_for_pushes (self, 2 * N_WRITERS);
      pk_test_program_start (victim, TRUE);
    }
  g_mutex_lock (&self->lock);
  self->is_over = TRUE;
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < N_WRITERS; i++)
    g_thread_join (threads[i]);
  check_store (self);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/two-processes/who-listens-at-one-hears-of-a-push-at-the-other",
      test_who_listens_at_one_hears_of_a_push_at_the_other },
    { "/two-processes/the-same-push-at-both-takes-effect-once",
      test_the_same_push_at_both_takes_effect_once },
    { "/two-processes/one-is-killed-and-the-other-goes-on",
      test_one_is_killed_and_the_other_goes_on },
  };

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
