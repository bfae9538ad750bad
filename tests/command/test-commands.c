/* What people do, against a real replica: what shows at once, and that each step can be taken back. */
#include "config.h"

#include "command-fixture.h"
#include "pk-attention-commands.h"
#include "pk-blob-cache.h"
#include "pk-document-commands.h"
#include "pk-photo.h"
#include "pk-record-commands.h"
#include "pk-replica.h"
#include "pk-report-back.h"
#include "pk-task-commands.h"
#include "pk-test.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <string.h>

static PkCommand *
run_well (CommandFixture *fixture, PkCommand *command)
{
  g_autoptr (GError) error = NULL;
  PkCommand *undo = command_fixture_run (fixture, command, &error);

  g_assert_no_error (error);
  return undo;
}

static void
run_refused (CommandFixture *fixture, PkCommand *command, PkProblem problem)
{
  g_autoptr (GError) checked = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (pk_command_check (command, fixture->context, &checked));
  g_assert_error (checked, PK_PROBLEM_ERROR, (int) problem);
  g_assert_null (command_fixture_run (fixture, command, &error));
  g_assert_error (error, PK_PROBLEM_ERROR, (int) problem);
}

static PkRecord *
find (CommandFixture *fixture, PkEntityId entity, const PkId *id)
{
  g_autoptr (GError) error = NULL;
  PkRecord *record = pk_reader_find (pk_replica_get_reader (fixture->replica),
                                     pk_entity_by_id (entity),
                                     id,
                                     &error);

  g_assert_no_error (error);
  return record;
}

static PkRecord *
make_task (CommandFixture *fixture, const char *title)
{
  g_autoptr (PkRecord) draft = pk_create_task_command_draft (fixture->context);
  pk_record_set_text (draft, PK_TASK_TITLE, title);
  g_autoptr (PkCommand) command = pk_create_task_command_new (draft);
  g_autoptr (PkCommand) undo = run_well (fixture, command);

  g_assert_nonnull (undo);
  return find (fixture, PK_ENTITY_TASK, pk_record_get_id (draft));
}

static PkRecord *
again (CommandFixture *fixture, PkRecord *record)
{
  return find (fixture, (PkEntityId) pk_record_get_entity (record)->id, pk_record_get_id (record));
}

static PkTaskStatus
status_of (CommandFixture *fixture, PkRecord *task)
{
  g_autoptr (PkRecord) now = again (fixture, task);

  return (PkTaskStatus) pk_record_get_int (now, PK_TASK_STATUS, -1);
}

static guint
count_messages (CommandFixture *fixture, PkRecord *task)
{
  g_autoptr (GPtrArray)
      messages = pk_reader_list_children (pk_replica_get_reader (fixture->replica),
                                          pk_entity_by_id (PK_ENTITY_MESSAGE),
                                          PK_MESSAGE_TASK_ID,
                                          pk_record_get_id (task),
                                          PK_LIST_FORWARD,
                                          100,
                                          NULL);

  return messages->len;
}

static void
a_task_is_there_at_once_and_gone_when_taken_back (CommandFixture *fixture,
                                                  G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkRecord) draft = pk_create_task_command_draft (fixture->context);
  pk_record_set_text (draft, PK_TASK_TITLE, "Bytt pære");
  g_autoptr (PkCommand) command = pk_create_task_command_new (draft);
  g_autoptr (PkCommand) undo = run_well (fixture, command);
  g_autoptr (PkRecord) made = again (fixture, draft);

  g_assert_cmpstr (pk_record_get_text (made, PK_TASK_TITLE), ==, "Bytt pære");
  g_assert_cmpstr (pk_command_get_toast (command), ==, "Task created");
  g_assert_true (pk_id_equal (pk_command_get_record (command), pk_record_get_id (draft)));
  g_autoptr (PkCommand) redo = run_well (fixture, undo);
  g_assert_null (again (fixture, draft));
  g_autoptr (PkCommand) last = run_well (fixture, redo);
  g_autoptr (PkRecord) back = again (fixture, draft);
  g_assert_cmpstr (pk_record_get_text (back, PK_TASK_TITLE), ==, "Bytt pære");
}

static void
one_line_becomes_a_task_of_ones_own (CommandFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkQuickEntry)
      entry = pk_quick_entry_parse ("Kjøp maling i morgen !høy #lager", "2026-11-23", NULL, NULL);
  g_autoptr (PkCommand) command = pk_create_task_command_new_from_entry (entry);
  g_autoptr (PkCommand) undo = run_well (fixture, command);
  g_autoptr (PkRecord) task = find (fixture, PK_ENTITY_TASK, pk_command_get_record (command));

  g_assert_nonnull (undo);
  g_assert_cmpstr (pk_record_get_text (task, PK_TASK_TITLE), ==, "Kjøp maling");
  g_assert_cmpstr (pk_record_get_text (task, PK_TASK_DUE_ON), ==, "2026-11-24");
  g_assert_cmpstr (pk_record_get_text (task, PK_TASK_TAGS), ==, "lager");
  g_assert_cmpint (pk_record_get_int (task, PK_TASK_PRIORITY, -1), ==, PK_TASK_PRIORITY_HIGH);
  g_assert_true (pk_id_equal (pk_record_get_ref (task, PK_TASK_ASSIGNEE_ID), &fixture->actor));
}

static void
a_task_without_a_title_is_refused (CommandFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkQuickEntry) entry = pk_quick_entry_parse ("!høy i dag", "2026-11-23", NULL, NULL);
  g_autoptr (PkCommand) command = pk_create_task_command_new_from_entry (entry);

  run_refused (fixture, command, PK_PROBLEM_REQUIRED);
}

static PkCommand *
new_step (PkRecord *task, PkTaskStatus to)
{
  switch (to)
    {
    case PK_TASK_STATUS_NEW:
      return pk_put_back_command_new (task);
    case PK_TASK_STATUS_ACCEPTED:
      return pk_accept_command_new (task);
    case PK_TASK_STATUS_IN_PROGRESS:
      return pk_start_command_new (task);
    case PK_TASK_STATUS_WAITING:
      return pk_wait_command_new (task, "deler");
    case PK_TASK_STATUS_DONE:
      return pk_complete_command_new (task, PK_TASK_OUTCOME_SOLVED, NULL, NULL);
    case PK_TASK_STATUS_CANCELLED:
    default:
      return pk_cancel_command_new (task, PK_TASK_OUTCOME_DECLINED, "Ikke vårt", NULL);
    }
}

static const PkTaskStatus all_statuses[] = { PK_TASK_STATUS_NEW,         PK_TASK_STATUS_ACCEPTED,
                                             PK_TASK_STATUS_IN_PROGRESS, PK_TASK_STATUS_WAITING,
                                             PK_TASK_STATUS_DONE,        PK_TASK_STATUS_CANCELLED };

static PkRecord *
bring_to (CommandFixture *fixture, PkTaskStatus status)
{
  g_autoptr (PkRecord) task = make_task (fixture, "Oppgave");

  if (status == PK_TASK_STATUS_NEW)
    return g_steal_pointer (&task);
  g_autoptr (PkCommand) step = new_step (task, status);
  g_autoptr (PkCommand) undo = run_well (fixture, step);
  return again (fixture, task);
}

/* Every step that the state machine allows, from every status, leads back to where it came from. */
static void
every_step_can_be_taken_back (CommandFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  guint n_steps = 0;

  for (guint i = 0; i < G_N_ELEMENTS (all_statuses); i++)
    for (guint k = 0; k < G_N_ELEMENTS (all_statuses); k++)
      {
        g_autoptr (PkRecord) task = bring_to (fixture, all_statuses[i]);
        gboolean is_reopening = all_statuses[i] >= PK_TASK_STATUS_DONE &&
                                all_statuses[k] == PK_TASK_STATUS_IN_PROGRESS;
        g_autoptr (PkCommand) step = is_reopening ? pk_reopen_command_new (task)
                                                  : new_step (task, all_statuses[k]);
        if (!pk_command_check (step, fixture->context, NULL))
          continue;
        g_autoptr (PkCommand) undo = run_well (fixture, step);
        g_assert_cmpint (status_of (fixture, task), ==, all_statuses[k]);
        g_autoptr (PkCommand) redo = run_well (fixture, undo);
        g_assert_cmpint (status_of (fixture, task), ==, all_statuses[i]);
        g_autoptr (PkRecord) back = again (fixture, task);
        g_assert_cmpstr (pk_record_get_text (back, PK_TASK_WAITING_FOR),
                         ==,
                         pk_record_get_text (task, PK_TASK_WAITING_FOR));
        g_assert_cmpstr (pk_record_get_text (back, PK_TASK_OUTCOME_REASON),
                         ==,
                         pk_record_get_text (task, PK_TASK_OUTCOME_REASON));
        n_steps++;
      }
  g_assert_cmpuint (n_steps, >=, 17);
}

static void
a_step_that_is_not_allowed_is_refused_in_words (CommandFixture *fixture,
                                                G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkRecord) done = bring_to (fixture, PK_TASK_STATUS_DONE);
  g_autoptr (PkCommand) accept = pk_accept_command_new (done);
  g_autoptr (PkRecord) task = make_task (fixture, "Ny");
  g_autoptr (PkCommand) wait = pk_wait_command_new (task, "  ");
  g_autoptr (PkCommand) cancel = pk_cancel_command_new (task, PK_TASK_OUTCOME_DECLINED, "", NULL);

  run_refused (fixture, accept, PK_PROBLEM_WRONG_STATUS);
  run_refused (fixture, wait, PK_PROBLEM_REQUIRED);
  run_refused (fixture, cancel, PK_PROBLEM_REQUIRED);
}

static void
reporting_back_is_one_step (CommandFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkRecord) task = bring_to (fixture, PK_TASK_STATUS_ACCEPTED);
  g_autoptr (PkCommand) complete =
      pk_complete_command_new (task, PK_TASK_OUTCOME_SOLVED, "Ny pære", "Vi har byttet pæren.");
  g_autoptr (PkCommand) undo = run_well (fixture, complete);
  g_autoptr (PkRecord) done = again (fixture, task);

  g_assert_cmpint (status_of (fixture, task), ==, PK_TASK_STATUS_DONE);
  g_assert_cmpstr (pk_record_get_text (done, PK_TASK_OUTCOME_REASON), ==, "Ny pære");
  g_assert_cmpuint (count_messages (fixture, task), ==, 1);
  g_autoptr (PkCommand) redo = run_well (fixture, undo);
  g_assert_cmpint (status_of (fixture, task), ==, PK_TASK_STATUS_ACCEPTED);
  g_assert_cmpuint (count_messages (fixture, task), ==, 0);
}

static void
assigning_can_be_taken_back (CommandFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkRecord) task = make_task (fixture, "Oppgave");
  PkId person = pk_id_source_next (fixture->ids);
  PkId unit = pk_id_source_next (fixture->ids);
  g_autoptr (PkCommand) assign = pk_assign_command_new (task, &person, &unit);
  g_autoptr (PkCommand) undo = run_well (fixture, assign);
  g_autoptr (PkRecord) assigned = again (fixture, task);

  g_assert_true (pk_id_equal (pk_record_get_ref (assigned, PK_TASK_ASSIGNEE_ID), &person));
  g_autoptr (PkCommand) redo = run_well (fixture, undo);
  g_autoptr (PkRecord) back = again (fixture, task);
  g_assert_null (pk_record_get_ref (back, PK_TASK_ASSIGNEE_ID));
  g_assert_null (pk_record_get_ref (back, PK_TASK_UNIT_ID));
}

static void
only_what_differs_is_sent (CommandFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkRecord) task = make_task (fixture, "Gammel");
  const PkEntity *entity = pk_record_get_entity (task);
  g_autoptr (PkValues) values = pk_values_new (entity->fields, entity->n_fields);

  pk_values_take (values, PK_TASK_TITLE, pk_value_text ("Gammel"));
  g_autoptr (PkCommand) nothing = pk_edit_command_new (task, values);
  g_assert_null (run_well (fixture, nothing));
  g_assert_null (pk_command_get_toast (nothing));
  pk_values_take (values, PK_TASK_TITLE, pk_value_text ("Ny"));
  g_autoptr (PkCommand) edit = pk_edit_command_new (task, values);
  g_autoptr (PkCommand) undo = run_well (fixture, edit);
  g_autoptr (PkRecord) edited = again (fixture, task);
  g_assert_cmpstr (pk_record_get_text (edited, PK_TASK_TITLE), ==, "Ny");
  g_autoptr (PkCommand) redo = run_well (fixture, undo);
  g_autoptr (PkRecord) back = again (fixture, task);
  g_assert_cmpstr (pk_record_get_text (back, PK_TASK_TITLE), ==, "Gammel");
}

static void
many_are_changed_together_or_not_at_all (CommandFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkRecord) one = make_task (fixture, "En");
  g_autoptr (PkRecord) two = make_task (fixture, "To");
  g_autoptr (PkRecord) done = bring_to (fixture, PK_TASK_STATUS_DONE);
  g_autoptr (GPtrArray) good = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) bad = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (bad, pk_accept_command_new (one));
  g_ptr_array_add (bad, pk_accept_command_new (done));
  g_autoptr (PkCommand) refused = pk_bulk_command_new (bad);
  run_refused (fixture, refused, PK_PROBLEM_WRONG_STATUS);
  g_assert_cmpint (status_of (fixture, one), ==, PK_TASK_STATUS_NEW);
  g_ptr_array_add (good, pk_accept_command_new (one));
  g_ptr_array_add (good, pk_accept_command_new (two));
  g_autoptr (PkCommand) bulk = pk_bulk_command_new (good);
  g_autoptr (PkCommand) undo = run_well (fixture, bulk);
  g_assert_cmpint (status_of (fixture, two), ==, PK_TASK_STATUS_ACCEPTED);
  g_assert_cmpstr (pk_command_get_toast (bulk), ==, "2 changed");
  g_autoptr (PkCommand) redo = run_well (fixture, undo);
  g_assert_cmpint (status_of (fixture, one), ==, PK_TASK_STATUS_NEW);
  g_assert_cmpint (status_of (fixture, two), ==, PK_TASK_STATUS_NEW);
}

static void
a_value_that_gave_way_comes_back (CommandFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkRecord) task = make_task (fixture, "Vinneren");
  PkId id = pk_id_source_next (fixture->ids);
  g_autoptr (PkRecord) history = pk_record_new (pk_entity_by_id (PK_ENTITY_HISTORY), &id);

  pk_record_set_ref (history, PK_HISTORY_RECORD_ID, pk_record_get_id (task));
  pk_record_set_text (history, PK_HISTORY_FIELD, "title");
  pk_record_set_text (history, PK_HISTORY_OTHER_VALUE, "\"Taperen\"");
  g_autoptr (PkCommand) restore = pk_restore_value_command_new (task, history);
  g_autoptr (PkCommand) undo = run_well (fixture, restore);
  g_autoptr (PkRecord) back = again (fixture, task);
  g_assert_nonnull (undo);
  g_assert_cmpstr (pk_record_get_text (back, PK_TASK_TITLE), ==, "Taperen");
  pk_record_set_text (history, PK_HISTORY_FIELD, "no_such_field");
  g_autoptr (PkCommand) wrong = pk_restore_value_command_new (task, history);
  run_refused (fixture, wrong, PK_PROBLEM_NOT_FOUND);
}

static void
a_deviation_knows_its_place (CommandFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  PkId id = pk_id_source_next (fixture->ids);
  PkId building = pk_id_source_next (fixture->ids);
  g_autoptr (PkRecord) room = pk_record_new (pk_entity_by_id (PK_ENTITY_LOCATION), &id);

  pk_record_set_ref (room, PK_LOCATION_BUILDING_ID, &building);
  g_autoptr (PkCommand)
      command = pk_make_deviation_command_new (room, " Lekkasje ", NULL, PK_TASK_PRIORITY_HIGH);
  g_autoptr (PkCommand) undo = run_well (fixture, command);
  g_autoptr (PkRecord) task = find (fixture, PK_ENTITY_TASK, pk_command_get_record (command));
  g_assert_nonnull (undo);
  g_assert_cmpstr (pk_record_get_text (task, PK_TASK_TITLE), ==, "Lekkasje");
  g_assert_cmpint (pk_record_get_int (task, PK_TASK_KIND, -1), ==, PK_TASK_KIND_DEVIATION);
  g_assert_true (pk_id_equal (pk_record_get_ref (task, PK_TASK_LOCATION_ID), &id));
  g_assert_true (pk_id_equal (pk_record_get_ref (task, PK_TASK_BUILDING_ID), &building));
}

static GBytes *
make_picture (int width, int height, const char *format)
{
  g_autoptr (GdkPixbuf)
      pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, g_str_equal (format, "png"), 8, width, height);
  char *bytes = NULL;
  gsize size = 0;

  gdk_pixbuf_fill (pixbuf, 0x3366ff80);
  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &bytes, &size, format, NULL, NULL));
  return g_bytes_new_take (bytes, size);
}

static GdkPixbuf *
load (GBytes *bytes)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type ("jpeg", NULL);
  g_autoptr (GError) error = NULL;

  gdk_pixbuf_loader_write_bytes (loader, bytes, &error);
  g_assert_no_error (error);
  gdk_pixbuf_loader_close (loader, &error);
  g_assert_no_error (error);
  return g_object_ref (gdk_pixbuf_loader_get_pixbuf (loader));
}

/* An Exif segment after the beginning of a JPEG: orientation "turn right", and a text that must not travel. */
static GBytes *
add_exif (GBytes *jpeg)
{
  static const guint8 exif[] = { 0xff, 0xe1, 0x00, 0x38, 'E',  'x', 'i', 'f', 0,    0, 'I', 'I',
                                 0x2a, 0,    8,    0,    0,    0,   2,   0,   0x12, 1, 3,   0,
                                 1,    0,    0,    0,    6,    0,   0,   0,   0x0e, 1, 2,   0,
                                 9,    0,    0,    0,    0x26, 0,   0,   0,   0,    0, 0,   0,
                                 'H',  'e',  'm',  'm',  'e',  'l', 'i', 'g', 0,    0 };
  gsize size;
  const guint8 *data = g_bytes_get_data (jpeg, &size);
  GByteArray *out = g_byte_array_new ();

  g_byte_array_append (out, data, 2);
  g_byte_array_append (out, exif, sizeof exif);
  g_byte_array_append (out, data + 2, (guint) size - 2);
  return g_byte_array_free_to_bytes (out);
}

static void
a_photo_is_small_upright_and_bare (G_GNUC_UNUSED CommandFixture *fixture,
                                   G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GBytes) picture = make_picture (3000, 1000, "jpeg");
  g_autoptr (GBytes) tagged = add_exif (picture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) photo = pk_photo_make (tagged, PK_PHOTO_MAX_SIDE, &error);

  g_assert_no_error (error);
  g_autoptr (GdkPixbuf) made = load (photo);
  g_assert_cmpint (gdk_pixbuf_get_height (made), ==, 2048);
  g_assert_cmpint (gdk_pixbuf_get_width (made), ==, 682);
  gsize size;
  const char *bytes = g_bytes_get_data (photo, &size);
  g_assert_null (memmem (bytes, size, "Hemmelig", 8));
  g_assert_null (memmem (bytes, size, "Exif", 4));
}

static void
a_small_photo_keeps_its_size_and_what_is_no_picture_is_refused (
    G_GNUC_UNUSED CommandFixture *fixture,
    G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GBytes) picture = make_picture (40, 30, "png");
  g_autoptr (GBytes) photo = pk_photo_make (picture, PK_PHOTO_MAX_SIDE, NULL);
  g_autoptr (GdkPixbuf) made = load (photo);
  gsize size = g_bytes_get_size (picture);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (gdk_pixbuf_get_width (made), ==, 40);
  g_assert_false (gdk_pixbuf_get_has_alpha (made));
  g_autoptr (GBytes) text = g_bytes_new_static ("not a picture", 13);
  g_assert_null (pk_photo_make (text, PK_PHOTO_MAX_SIDE, &error));
  g_assert_nonnull (error);
  for (gsize n = 0; n + 1 < size; n += 7)
    {
      g_autoptr (GBytes) cut = g_bytes_new_from_bytes (picture, 0, n);
      g_autoptr (GBytes) made_of_cut = pk_photo_make (cut, PK_PHOTO_MAX_SIDE, NULL);
    }
}

static void
a_photo_is_there_at_once_and_waits_to_be_sent (CommandFixture *fixture,
                                               G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkRecord) task = make_task (fixture, "Med bilde");
  g_autoptr (GBytes) picture = make_picture (100, 50, "png");
  g_autoptr (PkCommand) add = pk_add_photo_command_new_from_bytes (task, picture, "Lekkasjen");
  g_autoptr (PkCommand) undo = run_well (fixture, add);
  g_autoptr (PkRecord) document = find (fixture, PK_ENTITY_DOCUMENT, pk_command_get_record (add));
  const char *sha256 = pk_record_get_text (document, PK_DOCUMENT_SHA256);
  PkReplicaSummary summary;

  g_assert_true (pk_blob_cache_has (fixture->directory, sha256));
  g_assert_cmpstr (pk_record_get_text (document, PK_DOCUMENT_MEDIA_TYPE), ==, "image/jpeg");
  g_assert_true (pk_reader_read_summary (pk_replica_get_reader (fixture->replica), &summary, NULL));
  g_assert_cmpint (summary.n_uploads, ==, 1);
  g_autoptr (PkCommand) redo = run_well (fixture, undo);
  g_assert_null (again (fixture, document));
}

static void
a_document_is_kept_as_it_is (CommandFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkRecord) task = make_task (fixture, "Med dokument");
  g_autofree char *path = g_build_filename (fixture->directory, "Brannbok.txt", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_file_set_contents (path, "Innhold", -1, NULL);
  g_autoptr (PkCommand)
      add = pk_add_document_command_new (task, file, PK_DOCUMENT_KIND_REPORT, NULL);
  g_autoptr (PkCommand) undo = run_well (fixture, add);
  g_autoptr (PkRecord) document = find (fixture, PK_ENTITY_DOCUMENT, pk_command_get_record (add));

  g_assert_nonnull (undo);
  g_assert_cmpstr (pk_record_get_text (document, PK_DOCUMENT_TITLE), ==, "Brannbok.txt");
  g_assert_cmpint (pk_record_get_int (document, PK_DOCUMENT_SIZE_BYTES, 0), ==, 7);
  g_unlink (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (PkCommand)
      gone = pk_add_document_command_new (task, file, PK_DOCUMENT_KIND_REPORT, NULL);
  g_assert_null (command_fixture_run (fixture, gone, &error));
  g_assert_nonnull (error);
}

static void
a_pin_is_taken_back_by_its_opposite (CommandFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkRecord) task = make_task (fixture, "Festet");
  g_autoptr (PkCommand) pin = pk_pin_command_new (task);
  g_autoptr (PkCommand) unpin = run_well (fixture, pin);
  PkReader *reader = pk_replica_get_reader (fixture->replica);

  g_assert_true (
      pk_reader_is_pinned (reader, pk_record_get_entity (task), pk_record_get_id (task)));
  g_autoptr (PkCommand) redo = run_well (fixture, unpin);
  g_assert_false (pk_reader_is_pinned (pk_replica_get_reader (fixture->replica),
                                       pk_record_get_entity (task),
                                       pk_record_get_id (task)));
}

static void
the_reporter_gets_a_whole_sentence (CommandFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkRecord) task = make_task (fixture, "Mørkt i gymsalen");
  g_autofree char *plain = pk_report_back_sentence (task, PK_TASK_OUTCOME_SOLVED, NULL);
  g_autofree char *reason =
      pk_report_back_sentence (task, PK_TASK_OUTCOME_DECLINED, "  veien er privat ");

  g_assert_cmpstr (plain,
                   ==,
                   "We have fixed what you told us about: “Mørkt i gymsalen”. Thank you for "
                   "telling us.");
  g_assert_cmpstr (reason,
                   ==,
                   "We cannot do what you asked for: “Mørkt i gymsalen”. Veien er privat. Answer "
                   "this message if you have questions.");
  for (int outcome = 0; outcome <= PK_TASK_OUTCOME_MOVED_ON; outcome++)
    {
      g_autofree char *text = pk_report_back_sentence (task, outcome, "Årsak!");
      g_assert_nonnull (strstr (text, "Mørkt i gymsalen"));
      g_assert_nonnull (strstr (text, " Årsak! "));
    }
}

static void
what_was_refused_can_be_copied (CommandFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  PkId id = pk_id_source_next (fixture->ids);
  g_autoptr (PkMutation)
      mutation = pk_mutation_new (PK_OP_CREATE, pk_entity_by_id (PK_ENTITY_TASK), NULL, &id);

  pk_values_take (mutation->fields, PK_TASK_TITLE, pk_value_text ("Tre uker i kjelleren"));
  pk_values_take (mutation->fields, PK_TASK_DESCRIPTION, pk_value_text ("Alt jeg skrev"));
  pk_values_take (mutation->fields, PK_TASK_PRIORITY, pk_value_int (PK_TASK_PRIORITY_HIGH));
  pk_values_take (mutation->fields, PK_TASK_BUILDING_ID, pk_value_id (&id));
  g_autofree char *text = pk_attention_copy_text (mutation);
  g_assert_cmpstr (text,
                   ==,
                   "Title: Tre uker i kjelleren\nDescription: Alt jeg skrev\nPriority: High");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(name)                                                                                  \
  g_test_add ("/command/" #name,                                                                   \
              CommandFixture,                                                                      \
              NULL,                                                                                \
              command_fixture_set_up,                                                              \
              name,                                                                                \
              command_fixture_tear_down)
  ADD (a_task_is_there_at_once_and_gone_when_taken_back);
  ADD (one_line_becomes_a_task_of_ones_own);
  ADD (a_task_without_a_title_is_refused);
  ADD (every_step_can_be_taken_back);
  ADD (a_step_that_is_not_allowed_is_refused_in_words);
  ADD (reporting_back_is_one_step);
  ADD (assigning_can_be_taken_back);
  ADD (only_what_differs_is_sent);
  ADD (many_are_changed_together_or_not_at_all);
  ADD (a_value_that_gave_way_comes_back);
  ADD (a_deviation_knows_its_place);
  ADD (a_photo_is_small_upright_and_bare);
  ADD (a_small_photo_keeps_its_size_and_what_is_no_picture_is_refused);
  ADD (a_photo_is_there_at_once_and_waits_to_be_sent);
  ADD (a_document_is_kept_as_it_is);
  ADD (a_pin_is_taken_back_by_its_opposite);
  ADD (the_reporter_gets_a_whole_sentence);
  ADD (what_was_refused_can_be_copied);
  return g_test_run ();
}
