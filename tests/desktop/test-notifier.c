/*
 * Notifications on a desktop that is played by hand, which takes them from programs (org.gtk.Notifications) and from sandboxes (the portal;
 * with GNOTIFICATION_BACKEND=portal): what the server sends is told, what is settled is taken back, and
 * the buttons do what they say, also in a program that the bus has started for that.
 */
#include "config.h"

#include "desktop-place.h"
#include "pk-application-private.h"
#include "pk-feed.h"
#include "pk-notifier.h"
#include "pk-test.h"
#include "pk-time.h"
#include "pk-writer-sync.h"

#include <string.h>

#define APPLICATION_PATH "/no/kommune/kristiansund/Pakobla"
#define NOTIFY_NAME      "org.gtk.Notifications"
#define NOTIFY_PATH      "/org/gtk/Notifications"
#define PORTAL_NAME      "org.freedesktop.portal.Desktop"
#define PORTAL_PATH      "/org/freedesktop/portal/desktop"

typedef struct
{
  DesktopPlace place;
  guint names[2];
  guint registrations[2];
  GHashTable *shown;    /* (owned): id → GVariant */
  guint n_told;         /* how often something was told */
  gint64 seq;           /* of the server that is played */
  PkReplica *replica;   /* (owned) (nullable): in this process */
  PkLibrary *library;   /* (owned) (nullable) */
  PkNotifier *notifier; /* (owned) (nullable) */
  GApplication *teller; /* (owned) (nullable) */
  gboolean is_applied;
} Fixture;

static const char face[] =
    "<node><interface name='org.gtk.Notifications'>"
    "<method name='AddNotification'><arg type='s' direction='in'/>"
    "<arg type='s' direction='in'/><arg type='a{sv}' direction='in'/></method>"
    "<method name='RemoveNotification'><arg type='s' direction='in'/>"
    "<arg type='s' direction='in'/></method></interface>"
    "<interface name='org.freedesktop.portal.Notification'>"
    "<method name='AddNotification'><arg type='s' direction='in'/>"
    "<arg type='a{sv}' direction='in'/></method>"
    "<method name='RemoveNotification'><arg type='s' direction='in'/></method>"
    "</interface></node>";

static void
notified_cb (GDBusConnection *connection G_GNUC_UNUSED,
             const char *sender G_GNUC_UNUSED,
             const char *path G_GNUC_UNUSED,
             const char *interface,
             const char *method,
             GVariant *parameters,
             GDBusMethodInvocation *invocation,
             gpointer user_data)
{
  Fixture *self = user_data;
  /* To a program's desktop it says first which program it is. */
  guint first = g_str_equal (interface, NOTIFY_NAME) ? 1 : 0;
  const char *id;

  g_variant_get_child (parameters, first, "&s", &id);
  if (g_str_equal (method, "AddNotification"))
    {
      g_hash_table_insert (self->shown,
                           g_strdup (id),
                           g_variant_get_child_value (parameters, first + 1));
      self->n_told++;
    }
  else
    g_hash_table_remove (self->shown, id);
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
named_cb (GDBusConnection *connection G_GNUC_UNUSED,
          const char *name G_GNUC_UNUSED,
          gpointer is_named)
{
  *(gboolean *) is_named = TRUE;
}

static void
start_desktop (Fixture *self)
{
  static const GDBusInterfaceVTable table = { .method_call = notified_cb };
  static const char *const names[] = { NOTIFY_NAME, PORTAL_NAME };
  static const char *const paths[] = { NOTIFY_PATH, PORTAL_PATH };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (face, NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gboolean is_named = FALSE;
      self->registrations[i] = g_dbus_connection_register_object (self->place.peer,
                                                                  paths[i],
                                                                  node->interfaces[i],
                                                                  &table,
                                                                  self,
                                                                  NULL,
                                                                  &error);
      g_assert_no_error (error);
      self->names[i] = g_bus_own_name_on_connection (self->place.peer,
                                                     names[i],
                                                     G_BUS_NAME_OWNER_FLAGS_NONE,
                                                     named_cb,
                                                     NULL,
                                                     &is_named,
                                                     NULL);
      pk_test_wait_until (is_named);
    }
}

static void
set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  desktop_place_set_up (&self->place, DESKTOP_SIGNED_IN);
  self->shown =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  self->seq = 1000;
  start_desktop (self);
}

static void
stop_telling (Fixture *self)
{
  g_clear_object (&self->notifier);
  g_clear_object (&self->library);
  if (self->replica != NULL)
    pk_replica_close (self->replica);
  g_clear_object (&self->replica);
}

static void
quit_cb (gpointer application)
{
  g_application_quit (application);
}

/* An application that has been registered ends as one that ran. */
static void
end_teller (Fixture *self)
{
  char *arguments[] = { (char *) "teller", (char *) "--gapplication-service", NULL };

  if (self->teller == NULL)
    return;
  g_idle_add_once (quit_cb, self->teller);
  g_application_run (self->teller, 2, arguments);
  g_clear_object (&self->teller);
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  stop_telling (self);
  end_teller (self);
  for (guint i = 0; i < G_N_ELEMENTS (self->names); i++)
    {
      g_bus_unown_name (self->names[i]);
      g_dbus_connection_unregister_object (self->place.peer, self->registrations[i]);
    }
  desktop_place_tear_down (&self->place);
  g_hash_table_unref (self->shown);
}

/* The notifier in this process, for somebody who syncs and does not look. */
static void
start_telling (Fixture *self)
{
  World *world = &self->place.world;
  g_autoptr (GError) error = NULL;

  self->replica = pk_replica_open (self->place.replica,
                                   world->clock,
                                   world->ids,
                                   &world->person,
                                   PK_REPLICA_NO_SYNC,
                                   &error);
  g_assert_no_error (error);
  self->library = pk_library_new (self->replica);
  if (self->teller == NULL)
    {
      self->teller = g_application_new (PK_APPLICATION_ID ".Teller", G_APPLICATION_DEFAULT_FLAGS);
      g_application_register (self->teller, NULL, &error);
      g_assert_no_error (error);
    }
  self->notifier = pk_notifier_new (self->teller, self->library, NULL);
  pk_notifier_set_settled (self->notifier, TRUE);
}

static void
wait_for_notifier (Fixture *self)
{
  pk_test_wait_until (!pk_replica_is_busy (self->replica));
  pk_test_wait_until (!pk_notifier_is_busy (self->notifier));
}

static GVariant *
get_shown (Fixture *self, const char *kind, const PkId *task)
{
  char id[PK_ID_TEXT_LENGTH + 1];
  g_autofree char *key = task == NULL ? g_strdup (kind)
                                      : g_strconcat (kind, "/", pk_id_to_text (task, id), NULL);

  return g_hash_table_lookup (self->shown, key);
}

static void
assert_says (GVariant *notification, const char *key, const char *words)
{
  const char *text = NULL;

  g_assert_nonnull (notification);
  g_assert_true (g_variant_lookup (notification, key, "&s", &text));
  g_assert_cmpstr (text, ==, words);
}

static gboolean
has_text (GVariant *notification, const char *words)
{
  g_autofree char *text = g_variant_print (notification, FALSE);

  return strstr (text, words) != NULL;
}

/* What the server says: one record in a scope that the person has. */
static gpointer
apply_record (PkWriter *writer, gpointer data, GError **error)
{
  PkRecord *record = data;
  g_autoptr (PkPullRequest) request = pk_writer_make_pull_request (writer, PK_PULL_DEFAULT, error);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_feed_line_free);
  g_autoptr (GString) begin = g_string_new (NULL);
  g_autoptr (GString) row = g_string_new (NULL);
  g_autoptr (GString) commit = g_string_new (NULL);
  PkFeedScope scope = { .name = (char *) "everyone" };
  const guint first = 0;
  PkId epoch;

  g_assert_true (pk_writer_get_epoch (writer, &epoch, error));
  pk_feed_append_begin (begin, pk_record_get_seq (record), &epoch, 0, 1, &scope, 1);
  pk_feed_append_rows_start (row, pk_record_get_entity (record));
  pk_feed_append_row (row, record, &first, 1);
  pk_feed_append_rows_end (row);
  pk_feed_append_commit (commit, pk_record_get_seq (record), NULL, 0);
  GString *texts[] = { begin, row, commit };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_strchomp (texts[i]->str);
      g_ptr_array_add (lines, pk_feed_line_read (texts[i]->str, strlen (texts[i]->str), error));
      g_assert_nonnull (lines->pdata[i]);
    }
  return pk_writer_apply (writer, request, lines, error) ? PK_DONE : NULL;
}

static void
applied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fixture *self = user_data;
  g_autoptr (GError) error = NULL;

  pk_replica_job_finish (PK_REPLICA (object), result, &error);
  g_assert_no_error (error);
  self->is_applied = TRUE;
}

static void
receive (Fixture *self, PkRecord *record)
{
  PkReplicaJob job = { .priority = PK_PRIORITY_SYNC,
                       .data = record,
                       .free_data = (GDestroyNotify) pk_record_unref };

  pk_record_set_seq (record, ++self->seq);
  self->is_applied = FALSE;
  pk_replica_write_async (self->replica, apply_record, &job, NULL, applied_cb, self);
  pk_test_wait_until (self->is_applied);
  wait_for_notifier (self);
}

static PkRecord *
make_message (Fixture *self, guint author, const PkId *task, const char *body)
{
  World *world = &self->place.world;
  PkId id = pk_id_source_next (world->ids);
  PkRecord *message = pk_record_new (pk_entity_by_id (PK_ENTITY_MESSAGE), &id);

  pk_record_set_ref (message, PK_MESSAGE_TASK_ID, task);
  pk_record_set_ref (message, PK_MESSAGE_AUTHOR_ID, &world->persons[author]);
  pk_record_set_int (message, PK_MESSAGE_AUDIENCE, PK_AUDIENCE_PUBLIC);
  pk_record_set_text (message, PK_MESSAGE_BODY, body);
  pk_record_set_int (message, PK_MESSAGE_SENT_AT, pk_clock_now_us (world->clock) + self->seq);
  return message;
}

static PkRecord *
make_assignment (Fixture *self, guint actor, const PkId *task)
{
  World *world = &self->place.world;
  PkId id = pk_id_source_next (world->ids);
  PkRecord *line = pk_record_new (pk_entity_by_id (PK_ENTITY_HISTORY), &id);
  char me[PK_ID_TEXT_LENGTH + 1];
  g_autofree char *value = g_strdup_printf ("\"%s\"", pk_id_to_text (&world->person, me));

  pk_record_set_text (line, PK_HISTORY_ENTITY, "task");
  pk_record_set_ref (line, PK_HISTORY_RECORD_ID, task);
  pk_record_set_ref (line, PK_HISTORY_TASK_ID, task);
  pk_record_set_int (line, PK_HISTORY_KIND, PK_HISTORY_KIND_COMMAND);
  pk_record_set_text (line, PK_HISTORY_FIELD, "assignee_id");
  pk_record_set_text (line, PK_HISTORY_NEW_VALUE, value);
  pk_record_set_ref (line, PK_HISTORY_ACTOR_ID, &world->persons[actor]);
  pk_record_set_int (line, PK_HISTORY_AT, pk_clock_now_us (world->clock));
  return line;
}

static void
test_the_first_look_tells_how_many_there_are (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  start_telling (self);
  wait_for_notifier (self);
  pk_test_wait_until (self->n_told == 1);
  assert_says (get_shown (self, "summary", NULL), "title", "There is news for you");
  assert_says (get_shown (self, "summary", NULL), "body", "You have 15 open tasks.");
}

static void
test_what_colleagues_do_is_told (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  World *world = &self->place.world;

  start_telling (self);
  wait_for_notifier (self);
  receive (self, make_message (self, 4, &world->task, "Går det bra?\nHilsen 4B"));
  pk_test_wait_until (get_shown (self, "message", &world->task) != NULL);
  GVariant *told = get_shown (self, "message", &world->task);
  assert_says (told, "title", "Aisha Mohamud wrote about Bytt pære i gymsalen");
  assert_says (told, "body", "Går det bra?");
  assert_says (told, "default-action", "app.open-link");
  receive (self, make_assignment (self, 1, &world->tasks[4]));
  pk_test_wait_until (get_shown (self, "assigned", &world->tasks[4]) != NULL);
  told = get_shown (self, "assigned", &world->tasks[4]);
  assert_says (told, "title", "Ola Hansen gave you a task");
  g_assert_true (has_text (told, "app.accept-task"));
  g_assert_cmpuint (self->n_told, ==, 3);
}

static void
test_a_confidential_task_is_not_named (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  World *world = &self->place.world;

  start_telling (self);
  wait_for_notifier (self);
  g_autoptr (PkRecord) task = pk_library_find (self->library, PK_ENTITY_TASK, &world->task);
  PkRecord *confidential = pk_record_copy (task);
  pk_record_set_int (confidential, PK_TASK_CONFIDENTIALITY, PK_CONFIDENTIALITY_CONFIDENTIAL);
  receive (self, confidential);
  receive (self, make_message (self, 4, &world->task, "Gjelder en ansatt"));
  pk_test_wait_until (get_shown (self, "message", &world->task) != NULL);
  GVariant *told = get_shown (self, "message", &world->task);
  assert_says (told, "title", "Aisha Mohamud wrote about a confidential task");
  g_assert_false (has_text (told, "ansatt"));
  g_assert_false (has_text (told, "gymsalen"));
}

static void
test_what_the_person_does_is_not_told (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  World *world = &self->place.world;

  start_telling (self);
  wait_for_notifier (self);
  pk_test_wait_until (self->n_told == 1);
  receive (self, make_message (self, 0, &world->task, "Skrevet på en annen maskin"));
  receive (self, make_assignment (self, 0, &world->tasks[4]));
  g_assert_cmpuint (self->n_told, ==, 1);
}

static void
test_an_answer_on_another_device_takes_it_back (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  World *world = &self->place.world;

  start_telling (self);
  wait_for_notifier (self);
  receive (self, make_message (self, 4, &world->task, "Går det bra?"));
  pk_test_wait_until (get_shown (self, "message", &world->task) != NULL);
  receive (self, make_message (self, 0, &world->task, "Ja."));
  pk_test_wait_until (get_shown (self, "message", &world->task) == NULL);
}

static void
test_a_restart_tells_nothing_twice_and_loses_nothing (Fixture *self,
                                                      gconstpointer data G_GNUC_UNUSED)
{
  World *world = &self->place.world;

  start_telling (self);
  wait_for_notifier (self);
  receive (self, make_message (self, 4, &world->task, "Går det bra?"));
  pk_test_wait_until (self->n_told == 2);
  pk_notifier_set_settled (self->notifier, FALSE);
  receive (self, make_message (self, 4, &world->tasks[1], "Og her?"));
  stop_telling (self);
  start_telling (self);
  wait_for_notifier (self);
  pk_test_wait_until (get_shown (self, "message", &world->tasks[1]) != NULL);
  g_assert_cmpuint (self->n_told, ==, 3);
}

static void
test_what_is_looked_at_is_taken_back (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  World *world = &self->place.world;

  start_telling (self);
  wait_for_notifier (self);
  receive (self, make_message (self, 4, &world->task, "Går det bra?"));
  pk_test_wait_until (get_shown (self, "message", &world->task) != NULL);
  pk_notifier_set_looking (self->notifier, TRUE, &world->task);
  pk_test_wait_until (g_hash_table_size (self->shown) == 0);
}

static void
test_signing_out_takes_everything_back (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  World *world = &self->place.world;

  start_telling (self);
  wait_for_notifier (self);
  receive (self, make_message (self, 4, &world->task, "Går det bra?"));
  pk_test_wait_until (g_hash_table_size (self->shown) == 2);
  pk_notifier_leave (self->notifier);
  pk_test_wait_until (g_hash_table_size (self->shown) == 0);
}

static void
press (Fixture *self, const char *action, const PkId *task)
{
  g_autofree char *link = task == NULL ? NULL : pk_link_make (PK_ENTITY_TASK, task);
  GVariantBuilder targets;

  g_variant_builder_init (&targets, G_VARIANT_TYPE ("av"));
  if (link != NULL)
    g_variant_builder_add (&targets, "v", g_variant_new_string (link));
  desktop_place_call (
      &self->place,
      APPLICATION_PATH,
      "org.freedesktop.Application",
      "ActivateAction",
      g_variant_new ("(sav@a{sv})", action, &targets, g_variant_new ("a{sv}", NULL)));
}

static int
read_status (Fixture *self, const PkId *task)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkReader) reader = pk_reader_open (self->place.replica, &error);

  g_assert_no_error (error);
  g_autoptr (PkRecord)
      record = pk_reader_find (reader, pk_entity_by_id (PK_ENTITY_TASK), task, &error);
  g_assert_no_error (error);
  return (int) pk_record_get_int (record, PK_TASK_STATUS, -1);
}

static gboolean
tick_cb (gpointer user_data G_GNUC_UNUSED)
{
  return G_SOURCE_CONTINUE;
}

static void
test_a_button_does_it_without_a_window (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  const PkId *task = &self->place.world.tasks[4];
  guint ticks = g_timeout_add (20, tick_cb, NULL);

  g_assert_false (desktop_place_is_running (&self->place));
  g_assert_cmpint (read_status (self, task), ==, PK_TASK_STATUS_NEW);
  press (self, "complete-task", task);
  pk_test_wait_until (read_status (self, task) == PK_TASK_STATUS_DONE);
  pk_test_wait_until (get_shown (self, "done", NULL) != NULL);
  g_assert_true (has_text (get_shown (self, "done", NULL), "app.undo"));
  press (self, "undo", NULL);
  pk_test_wait_until (read_status (self, task) != PK_TASK_STATUS_DONE);
  g_source_remove (ticks);
}

int
main (int argc, char *argv[])
{
  desktop_place_begin ();
  g_test_init (&argc, &argv, NULL);

#define ADD(name, test) g_test_add ("/notifier/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("the-first-look-tells-how-many-there-are", test_the_first_look_tells_how_many_there_are);
  ADD ("what-colleagues-do-is-told", test_what_colleagues_do_is_told);
  ADD ("a-confidential-task-is-not-named", test_a_confidential_task_is_not_named);
  ADD ("what-the-person-does-is-not-told", test_what_the_person_does_is_not_told);
  ADD ("an-answer-on-another-device-takes-it-back", test_an_answer_on_another_device_takes_it_back);
  ADD ("a-restart-tells-nothing-twice-and-loses-nothing",
       test_a_restart_tells_nothing_twice_and_loses_nothing);
  ADD ("what-is-looked-at-is-taken-back", test_what_is_looked_at_is_taken_back);
  ADD ("signing-out-takes-everything-back", test_signing_out_takes_everything_back);
  ADD ("a-button-does-it-without-a-window", test_a_button_does_it_without_a_window);
#undef ADD
  return desktop_place_end (g_test_run ());
}
