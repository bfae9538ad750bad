/* Programs of different ages: an outbox that is a year old, a server that is older than the program, a replica one model behind. */
#include "config.h"

#include "pk-pair.h"

#include "pk-old-file.h"
#include "pk-service-push.h"

#include <string.h>

/* The stored file's person is the first id that its fixture drew. */
static PkId
get_old_person (PkPair *pair)
{
  g_autoptr (PkIdSource) ids = pk_id_source_new_seeded (pair->clock, 7);

  return pk_id_source_next (ids);
}

static void
import_old_world (PkPair *pair, const PkId *person_id, const PkId *lamp_id)
{
  g_autoptr (PkRecord) person = pk_record_new (pk_entity_by_id (PK_ENTITY_PERSON), person_id);
  g_autoptr (PkRecord) draft = pk_pair_make_task (pair, &pair->unit, "Lampe");
  g_autoptr (PkRecord) lamp = pk_record_new (pk_entity_by_id (PK_ENTITY_TASK), lamp_id);

  pk_record_set_text (person, PK_PERSON_NAME, "Borte Lenge");
  pk_record_set_ref (person, PK_PERSON_UNIT_ID, &pair->unit);
  pk_record_set_int (person, PK_PERSON_IS_ACTIVE, TRUE);
  pk_pair_import (pair, person);
  for (guint i = 0; i < pk_record_get_entity (draft)->n_fields; i++)
    pk_record_take (lamp, i, pk_value_copy (pk_record_get (draft, i)));
  pk_pair_import (pair, lamp);
}

static void
test_a_year_old_outbox_is_judged_whole (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  PkId person = get_old_person (pair), lamp, created;
  g_autoptr (GError) error = NULL;

  g_assert_true (pk_id_parse ("01a1ee56-5e00-7003-8b29-3e6770eb3a95", &lamp));
  g_assert_true (pk_id_parse ("01a1ee56-5e00-7007-bebe-023d51d6fc53", &created));
  import_old_world (pair, &person, &lamp);
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &person);
  pk_pair_client_close (client);
  g_autofree char *path = g_build_filename (client->dir, "outbox.db", NULL);
  g_autofree char *sum = pk_old_file_unpack ("outbox", "1", path);
  g_assert_nonnull (sum);
  pk_clock_advance (pair->clock, 365 * G_TIME_SPAN_DAY);
  pk_pair_client_open (client);
  pk_pair_client_sync (client);

  g_autoptr (PkRecord) renamed = pk_pair_find (pair, PK_ENTITY_TASK, &lamp);
  g_autoptr (PkRecord) made = pk_pair_find (pair, PK_ENTITY_TASK, &created);
  g_assert_cmpstr (pk_record_get_text (renamed, PK_TASK_TITLE), ==, "Lampe i gangen");
  g_assert_cmpstr (pk_record_get_text (made, PK_TASK_TITLE), ==, "Snø på taket");
  g_autoptr (GPtrArray) unsent = pk_writer_take_unsent (client->writer, 0, 10, FALSE, &error);
  g_assert_cmpuint (unsent->len, ==, 0);
  /* What was refused a year ago still waits for its author. */
  g_autoptr (GPtrArray)
      refused = pk_reader_list_outbox (client->reader, PK_OUTBOX_ATTENTION, NULL, 10, &error);
  g_assert_cmpuint (refused->len, ==, 1);
  pk_pair_client_assert_in_step (client);
}

static PkMutation *
read_line (const char *line)
{
  g_autoptr (GError) error = NULL;
  PkMutation *mutation = pk_mutation_read (line, strlen (line), &error);

  g_assert_no_error (error);
  return mutation;
}

static char *
make_line (gint64 n,
           const PkId *id,
           const PkId *prev,
           const char *op,
           const PkId *record,
           const char *fields,
           guint model)
{
  char id_text[PK_ID_TEXT_LENGTH + 1], prev_text[PK_ID_TEXT_LENGTH + 1],
      record_text[PK_ID_TEXT_LENGTH + 1];

  return g_strdup_printf ("{\"n\":%" G_GINT64_FORMAT ",\"id\":\"%s\",\"prev\":\"%s\",\"op\":\"%s\","
                          "\"entity\":\"task\",\"record\":\"%s\",\"fields\":%s,"
                          "\"at\":\"2026-11-23T08:00:00Z\",\"model\":%u}",
                          n,
                          pk_id_to_text (id, id_text),
                          pk_id_to_text (prev, prev_text),
                          op,
                          pk_id_to_text (record, record_text),
                          fields,
                          model);
}

typedef struct
{
  PkPair *pair;
  PkId device;
  PkId last;
  gint64 n;
} Pusher;

static PkVerdictKind
push_again (Pusher *self, const char *line, gint64 *n_out)
{
  g_autoptr (GPtrArray)
      mutations = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (mutations, read_line (line));
  g_autoptr (PkPushResult) result =
      pk_service_push (self->pair->service, &self->pair->kari, &self->device, mutations, &error);
  g_assert_no_error (error);
  g_assert_cmpint (result->code, ==, -1);
  g_assert_cmpuint (result->verdicts->len, ==, 1);
  const PkVerdict *verdict = result->verdicts->pdata[0];
  if (n_out != NULL)
    *n_out = verdict->n;
  return verdict->kind;
}

static char *
next_line (Pusher *self, const char *op, const PkId *record, const char *fields, guint model)
{
  PkId id = pk_id_source_next (self->pair->ids);
  char *line = make_line (++self->n, &id, &self->last, op, record, fields, model);

  self->last = id;
  return line;
}

static void
begin_pushing (Pusher *self, PkPair *pair)
{
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);

  *self = (Pusher){ .pair = pair };
  pk_writer_get_device (client->writer, &self->device);
}

static void
test_what_a_newer_program_wrote_waits_and_blocks_nothing_else (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkRecord) lamp = pk_pair_make_task (pair, &pair->unit, "Lampe");
  g_autoptr (PkRecord) door = pk_pair_make_task (pair, &pair->unit, "Dør");
  const PkId *lamp_id = pk_record_get_id (lamp), *door_id = pk_record_get_id (door);
  Pusher pusher;

  begin_pushing (&pusher, pair);
  pk_pair_import (pair, lamp);
  pk_pair_import (pair, door);
  /* A field, and an act, that this server does not know yet. */
  g_autofree char *field =
      next_line (&pusher, "set", lamp_id, "{\"colour\":\"red\"}", PK_MODEL_VERSION + 1);
  g_autofree char *act = next_line (&pusher, "paint", door_id, "{}", PK_MODEL_VERSION + 1);
  g_autofree char *same =
      next_line (&pusher, "set", lamp_id, "{\"title\":\"Lampe 2\"}", PK_MODEL_VERSION);
  g_autoptr (PkRecord) other = pk_pair_make_task (pair, &pair->unit, "Vindu");
  pk_pair_import (pair, other);
  g_autofree char *independent = next_line (&pusher,
                                            "set",
                                            pk_record_get_id (other),
                                            "{\"title\":\"Vindu 2\"}",
                                            PK_MODEL_VERSION);
  g_assert_cmpint (push_again (&pusher, field, NULL), ==, PK_VERDICT_LATER);
  g_assert_cmpint (push_again (&pusher, act, NULL), ==, PK_VERDICT_LATER);
  g_assert_cmpint (push_again (&pusher, same, NULL), ==, PK_VERDICT_LATER);
  g_assert_cmpint (push_again (&pusher, independent, NULL), ==, PK_VERDICT_APPLIED);
  g_autoptr (PkRecord) untouched = pk_pair_find (pair, PK_ENTITY_TASK, lamp_id);
  g_assert_cmpstr (pk_record_get_text (untouched, PK_TASK_TITLE), ==, "Lampe");
}

static char *
replace (const char *line, const char *what, const char *with)
{
  g_auto (GStrv) parts = g_strsplit (line, what, 2);

  g_assert_nonnull (parts[1]);
  return g_strjoinv (with, parts);
}

static void
test_when_the_server_has_learnt_it_all_takes_effect_in_order (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  PkId id = pk_id_source_next (pair->ids);
  Pusher pusher;

  begin_pushing (&pusher, pair);
  g_autofree char *create = next_line (&pusher, "create", &id, "{\"title\":\"Ny\"}", 2);
  g_autofree char *change = next_line (&pusher, "set", &id, "{\"title\":\"Nyere\"}", 1);
  g_assert_cmpint (push_again (&pusher, create, NULL), ==, PK_VERDICT_LATER);
  g_assert_cmpint (push_again (&pusher, change, NULL), ==, PK_VERDICT_LATER);
  /* Tried again too early, nothing has changed, also not the order. */
  g_assert_cmpint (push_again (&pusher, change, NULL), ==, PK_VERDICT_LATER);

  /* The server knows that model now: to it the line is like one of its own. */
  g_autofree char *known = replace (create, "\"model\":2", "\"model\":1");
  g_assert_cmpint (push_again (&pusher, known, NULL), ==, PK_VERDICT_APPLIED);
  g_assert_cmpint (push_again (&pusher, change, NULL), ==, PK_VERDICT_APPLIED);
  g_autoptr (PkRecord) task = pk_pair_find (pair, PK_ENTITY_TASK, &id);
  g_assert_cmpstr (pk_record_get_text (task, PK_TASK_TITLE), ==, "Nyere");
  g_assert_cmpint (push_again (&pusher, known, NULL), ==, PK_VERDICT_APPLIED);
}

static void
test_what_points_to_a_record_that_waits_waits_too (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  PkId task = pk_id_source_next (pair->ids), message = pk_id_source_next (pair->ids);
  char task_text[PK_ID_TEXT_LENGTH + 1];
  Pusher pusher;

  begin_pushing (&pusher, pair);
  pk_id_to_text (&task, task_text);
  g_autofree char *create = next_line (&pusher, "create", &task, "{\"title\":\"Ny\"}", 2);
  g_autofree char *fields =
      g_strdup_printf ("{\"task_id\":\"%s\",\"body\":\"Hei\",\"audience\":\"internal\"}",
                       task_text);
  g_autofree char *line = next_line (&pusher, "create", &message, fields, 1);
  g_autofree char *written = replace (line, "\"entity\":\"task\"", "\"entity\":\"message\"");
  g_assert_cmpint (push_again (&pusher, create, NULL), ==, PK_VERDICT_LATER);
  g_assert_cmpint (push_again (&pusher, written, NULL), ==, PK_VERDICT_LATER);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/model/a-year-old-outbox-is-judged-whole",
                   test_a_year_old_outbox_is_judged_whole);
  g_test_add_func ("/model/what-a-newer-program-wrote-waits-and-blocks-nothing-else",
                   test_what_a_newer_program_wrote_waits_and_blocks_nothing_else);
  g_test_add_func ("/model/when-the-server-has-learnt-it-all-takes-effect-in-order",
                   test_when_the_server_has_learnt_it_all_takes_effect_in_order);
  g_test_add_func ("/model/what-points-to-a-record-that-waits-waits-too",
                   test_what_points_to_a_record_that_waits_waits_too);
  return g_test_run ();
}
