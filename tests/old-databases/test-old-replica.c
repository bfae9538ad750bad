/*
 * Replicas and outboxes that older clients wrote, opened by today's. With --make VERSION FOLDER it writes today's there instead,
 * to be kept for the clients to come.
 */
#include "config.h"

#include "pk-old-file.h"
#include "pk-outbox.h"
#include "pk-problem.h"
#include "pk-sql.h"
#include "replica-fixture.h"

#include <string.h>

static const char *const versions[] = { "1" };
static const char *const names[] = { "replica", "outbox" };

static char *
dup_path (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->directory,
                           g_str_equal (name, "replica") ? "replica-1.db" : "outbox.db",
                           NULL);
}

static void
refuse_all (Fixture *fixture)
{
  g_autoptr (GError) error = NULL, fault = NULL;
  g_autoptr (GPtrArray) entries = pk_writer_take_unsent (fixture->writer, 0, 10, FALSE, &error);
  g_autoptr (GPtrArray)
      verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_verdict_free);

  pk_problem_set (&fault, PK_PROBLEM_FORBIDDEN, NULL, "Not yours");
  for (guint i = 0; i < entries->len; i++)
    {
      const PkOutboxEntry *entry = entries->pdata[i];
      PkVerdict *verdict = pk_verdict_new (entry->n, &entry->id, PK_VERDICT_REJECTED, 0);
      pk_verdict_set_fault (verdict, fault);
      g_ptr_array_add (verdicts, verdict);
    }
  g_assert_true (pk_writer_take_verdicts (fixture->writer, verdicts, &error));
}

/* Two tasks of the server's; a change that was refused, one that waits, and a task that waits. */
static void
fill (Fixture *fixture)
{
  PkId device = pk_id_source_next (fixture->ids);
  g_autoptr (PkRecord) lamp = fixture_make_task (fixture, "Lampe");
  g_autoptr (PkRecord) door = fixture_make_task (fixture, "Dør");

  g_assert_true (pk_writer_set_device (fixture->writer, &device, NULL));
  fixture_give_task (fixture, lamp);
  fixture_give_task (fixture, door);
  g_autoptr (PkMutation)
      refused = fixture_set_title (fixture, pk_record_get_id (door), "Dør", "Dør som henger");
  fixture_submit (fixture, refused);
  refuse_all (fixture);
  g_autoptr (PkMutation)
      waiting = fixture_set_title (fixture, pk_record_get_id (lamp), "Lampe", "Lampe i gangen");
  fixture_submit (fixture, waiting);
  g_autoptr (PkMutation) created = fixture_create_task (fixture, "Snø på taket");
  fixture_submit (fixture, created);
}

static void
make (const char *version, const char *folder)
{
  Fixture fixture;

  fixture_set_up (&fixture);
  fill (&fixture);
  fixture_crash (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = dup_path (&fixture, names[i]);
      pk_old_file_pack (path, names[i], version, folder);
    }
  fixture_tear_down (&fixture);
}

/* The same person and clock as when it was made; what the fixture has made of its own is replaced. */
static void
begin (Fixture *fixture, const char *version)
{
  fixture_set_up (fixture);
  fixture_crash (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = dup_path (fixture, names[i]);
      g_autofree char *sum = pk_old_file_unpack (names[i], version, path);
      g_assert_nonnull (sum);
    }
}

static void
test_every_record (gconstpointer data)
{
  static const char *const expected[] = { "Dør", "Lampe i gangen", "Snø på taket" };
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  g_autoptr (PkTaskQuery) query = pk_task_query_new ();
  g_autoptr (GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);

  begin (&fixture, data);
  fixture_reopen (&fixture);
  g_autoptr (GArray) rids = pk_reader_query_tasks (fixture.reader, query, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < rids->len; i++)
    {
      g_autoptr (PkRecord) task = pk_reader_find_by_rid (fixture.reader,
                                                         pk_entity_by_id (PK_ENTITY_TASK),
                                                         g_array_index (rids, gint64, i),
                                                         &error);
      g_assert_no_error (error);
      g_ptr_array_add (titles, g_strdup (pk_record_get_text (task, PK_TASK_TITLE)));
    }
  g_assert_cmpuint (titles->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_true (
        g_ptr_array_find_with_equal_func (titles, expected[i], (GEqualFunc) g_str_equal, NULL));
  fixture_tear_down (&fixture);
}

static void
test_what_waits (gconstpointer data)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  PkId device;

  begin (&fixture, data);
  fixture_reopen (&fixture);
  g_assert_true (pk_writer_get_device (fixture.writer, &device));
  g_autoptr (GPtrArray) entries = pk_writer_take_unsent (fixture.writer, 0, 10, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, 2);
  for (guint i = 0; i < entries->len; i++)
    {
      const PkOutboxEntry *entry = entries->pdata[i];
      g_autoptr (PkMutation) read = pk_mutation_read (entry->line, strlen (entry->line), &error);
      g_assert_no_error (error);
      g_assert_no_error (read->fault);
      g_assert_true (pk_id_equal (&read->id, &entry->id));
      g_assert_cmpint (entry->n, ==, 2 + i);
    }
  g_autoptr (GPtrArray)
      refused = pk_reader_list_outbox (fixture.reader, PK_OUTBOX_ATTENTION, NULL, 10, &error);
  g_assert_cmpuint (refused->len, ==, 1);
  g_assert_cmpint (((PkOutboxEntry *) refused->pdata[0])->verdict->code, ==, PK_PROBLEM_FORBIDDEN);
  g_assert_nonnull (((PkOutboxEntry *) refused->pdata[0])->mutation);
  fixture_tear_down (&fixture);
}

static void
test_a_newer_one (gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      Fixture fixture;
      g_autoptr (GError) error = NULL;

      begin (&fixture, data);
      g_autofree char *path = dup_path (&fixture, names[i]);
      {
        g_autoptr (PkSql) sql = pk_sql_open (path, PK_SQL_READ_WRITE, &error);
        g_assert_true (
            pk_sql_exec (sql, "UPDATE meta SET value = 1000 WHERE name = 'version'", &error));
      }
      g_autofree char *before = pk_old_file_sum (path);
      PkWriter *writer = pk_writer_open (fixture.directory,
                                         fixture.clock,
                                         fixture.ids,
                                         &fixture.person,
                                         PK_REPLICA_NO_SYNC,
                                         &error);
      g_assert_null (writer);
      g_assert_error (error, PK_REPLICA_ERROR, PK_REPLICA_ERROR_TOO_NEW);
      g_autofree char *after = pk_old_file_sum (path);
      g_assert_cmpstr (before, ==, after);
      fixture_tear_down (&fixture);
    }
}

static void
add (const char *version, const char *sentence, GTestDataFunc func)
{
  g_autofree char *name = g_strdup_printf ("/old-replica/%s/%s", version, sentence);

  g_test_add_data_func (name, version, func);
}

int
main (int argc, char **argv)
{
  if (argc == 4 && g_str_equal (argv[1], "--make"))
    {
      make (argv[2], argv[3]);
      return 0;
    }
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      add (versions[i], "every-record-is-there-with-unsent-work-on-top", test_every_record);
      add (versions[i], "what-waits-can-still-be-sent", test_what_waits);
      add (versions[i], "a-newer-one-is-refused-untouched", test_a_newer_one);
    }
  return g_test_run ();
}
