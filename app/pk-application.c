/*
 * The program. The window opens on the replica of who was signed in last, before anything is asked of the network; signing in and sync
 * follow. Main thread.
 */
#include "config.h"

#include "pk-application.h"

#include "pk-application-private.h"
#include "pk-compat.h"
#include "pk-first-frame.h"
#include "pk-preferences.h"
#include "pk-session-store.h"
#include "pk-shortcuts.h"
#include "pk-writer-sync.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

#define LOOK_AT_LEASE_SECONDS 3600

G_DEFINE_FINAL_TYPE (PkApplication, pk_application, ADW_TYPE_APPLICATION)

/* The application's word for each state of the sync machine. */
static PkStand
get_stand (PkSyncState state)
{
  switch (state)
    {
    case PK_SYNC_STATE_UP_TO_DATE:
      return PK_STAND_UP_TO_DATE;
    case PK_SYNC_STATE_SYNCING:
      return PK_STAND_SYNCING;
    case PK_SYNC_STATE_OFFLINE:
      return PK_STAND_OFFLINE;
    case PK_SYNC_STATE_TROUBLE:
      return PK_STAND_TROUBLE;
    case PK_SYNC_STATE_SIGN_IN_NEEDED:
      return PK_STAND_SIGN_IN_NEEDED;
    case PK_SYNC_STATE_TOO_OLD:
      return PK_STAND_TOO_OLD;
    case PK_SYNC_STATE_REVOKED:
      return PK_STAND_REVOKED;
    case PK_SYNC_STATE_STARTING:
    default:
      return PK_STAND_STARTING;
    }
}

/* Counted on the reader's connection of this thread: once, after the first sync, and only where somebody asked for it. */
static gint64
count_rows (PkApplication *self)
{
  PkReader *reader = pk_replica_get_reader (self->replica);
  gint64 n_rows = 0;

  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      const PkEntity *entity = &pk_model.entities[i];
      g_auto (GStrv) columns = g_strsplit (entity->indexes[0], ",", 2);
      g_autoptr (PkRecordQuery) query = pk_record_query_new (entity, columns[0]);
      g_autoptr (GArray) rids = pk_reader_query_records (reader, query, NULL);
      n_rows += rids == NULL ? 0 : rids->len;
    }
  return n_rows;
}

static void
report_ready (PkApplication *self)
{
  double seconds = (double) (pk_clock_now_us (self->clock) - self->started_us) / G_USEC_PER_SEC;
  g_autofree char *file = pk_session_store_find_database (pk_replica_get_directory (self->replica));

  if (self->is_reported || self->status_file == NULL)
    return;
  self->is_reported = TRUE;
  pk_session_store_report (self->status_file,
                           self->account->name == NULL ? self->account->person
                                                       : self->account->name,
                           count_rows (self),
                           seconds,
                           file);
}

static void
status_changed_cb (PkApplication *self)
{
  PkSyncStatus *status = pk_sync_session_get_status (self->session);
  PkStandDetails details = {
    .stand = get_stand (pk_sync_status_get_state (status)),
    .is_first = pk_sync_status_get_is_first (status),
    .is_keyring_locked = pk_sync_status_get_is_keyring_locked (status),
    .n_waiting = pk_sync_status_get_n_waiting (status),
    .n_attention = pk_sync_status_get_n_attention (status),
    .done = pk_sync_status_get_done (status),
    .total = pk_sync_status_get_total (status),
    .rows = pk_sync_status_get_rows (status),
    .offline_since_us = pk_sync_status_get_offline_since (status),
    .last_contact_us = pk_sync_status_get_last_contact (status),
  };

  /* A person of the demo signs in without being asked: until somebody answers, that is being offline. */
  if (details.stand == PK_STAND_SIGN_IN_NEEDED && self->unreachable_us > 0)
    {
      details.stand = PK_STAND_OFFLINE;
      details.offline_since_us = self->unreachable_us;
    }
  pk_sync_model_set (self->sync, &details, pk_clock_now_us (self->clock));
  pk_application_follow_link (self);
  if (self->notifier != NULL)
    pk_notifier_set_settled (self->notifier,
                             details.stand != PK_STAND_STARTING &&
                                 details.stand != PK_STAND_SYNCING);
  if (details.stand == PK_STAND_UP_TO_DATE)
    {
      self->is_renewed = FALSE;
      report_ready (self);
    }
  else if (pk_sync_status_get_state (status) == PK_SYNC_STATE_SIGN_IN_NEEDED)
    pk_application_renew_demo (self);
}

static void
erased_cb (PkApplication *self)
{
  pk_application_leave (self);
  pk_application_show_sign_in_page (self,
                                    _ ("This device has been signed out by an administrator."));
}

static void
open_uri_cb (PkApplication *self, const char *uri)
{
  if (self->window != NULL)
    pk_compat_open_uri (GTK_WIDGET (self->window), uri);
}

/* A person of the demo signs in without a browser, and asks no keyring: nothing waits for its password. */
static PkAuthorizer *
new_authorizer (PkApplication *self, const char *server)
{
  if (self->demo_person == NULL)
    return pk_authorizer_new (server, PK_AUTHORIZER_DEFAULT);
  g_autofree char *tokens =
      pk_session_store_get_demo_tokens (self->data_directory, server, self->demo_person);
  return pk_authorizer_new_with_file (server, tokens);
}

/**
 * pk_application_take_authorizer:
 * @self: the program
 * @server: where somebody is signed in, or will be
 *
 * Forgets who signed in elsewhere.
 */
void
pk_application_take_authorizer (PkApplication *self, const char *server)
{
  g_clear_object (&self->authorizer);
  self->authorizer = new_authorizer (self, server);
  g_signal_connect_object (self->authorizer,
                           "open-uri",
                           G_CALLBACK (open_uri_cb),
                           self,
                           G_CONNECT_SWAPPED);
}

/**
 * pk_application_start_session:
 * @self: the program, with a replica
 *
 * Begins to sync.
 */
void
pk_application_start_session (PkApplication *self)
{
  self->session = pk_sync_session_new (self->replica, self->authorizer);
  self->started_us = pk_clock_now_us (self->clock);
  pk_application_start_notices (self);
  g_signal_connect_object (self->session,
                           "notify::status",
                           G_CALLBACK (status_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session,
                           "erased",
                           G_CALLBACK (erased_cb),
                           self,
                           G_CONNECT_SWAPPED);
  pk_sync_session_start (self->session);
}

static const char *
get_open_problem (const GError *error)
{
  if (error->domain == PK_REPLICA_ERROR && error->code == PK_REPLICA_ERROR_TOO_NEW)
    return _ ("Your data was written by a newer version of Påkobla. Update the program; nothing is "
              "lost.");
  if (error->domain == PK_REPLICA_ERROR && error->code == PK_REPLICA_ERROR_FULL)
    return _ ("There is no room left on the disk. Free some space and open Påkobla again.");
  return _ ("Your data on this device could not be opened. What you have not sent is kept. Restart "
            "the computer and try again.");
}

/* Of who was signed in last, before the toolkit starts. */
static void
open_early (PkApplication *self)
{
  g_autoptr (PkAccount)
      last = pk_session_store_load (self->data_directory, self->server, self->demo_person);
  PkId person;

  if (last == NULL || !pk_id_parse (last->person, &person))
    return;
  g_autofree char *directory = pk_session_store_get_replica (self->data_directory, last);
  self->early = pk_early_replica_start (directory, self->clock, self->ids, &person);
}

/* Gives up what was opened early and not asked for. */
static void
close_early (PkApplication *self)
{
  g_autoptr (PkReplica) replica =
      self->early == NULL ? NULL : pk_early_replica_finish (g_steal_pointer (&self->early), NULL);

  if (replica != NULL)
    pk_replica_close (replica);
}

static gboolean
open_replica (PkApplication *self, const PkAccount *account)
{
  g_autofree char *directory = pk_session_store_get_replica (self->data_directory, account);
  g_autoptr (GError) error = NULL;
  PkId person;

  if (!pk_id_parse (account->person, &person))
    return FALSE;
  g_mkdir_with_parents (directory, 0700);
  if (self->early != NULL && pk_early_replica_is_of (self->early, directory))
    self->replica = pk_early_replica_finish (g_steal_pointer (&self->early), &error);
  else
    self->replica =
        pk_replica_open (directory, self->clock, self->ids, &person, PK_REPLICA_DEFAULT, &error);
  if (self->replica != NULL)
    return TRUE;
  g_warning ("Opening the replica: %s", error->message);
  pk_session_store_report_problem (self->status_file, get_open_problem (error));
  pk_application_show_sign_in_page (self, get_open_problem (error));
  return FALSE;
}

static PkCommandContext *
new_context (PkApplication *self, PkLibrary *library)
{
  const PkId *person = pk_replica_get_person (self->replica);
  g_autoptr (PkRecord) me = pk_library_find (library, PK_ENTITY_PERSON, person);
  const PkId *unit = me == NULL ? NULL : pk_record_get_ref (me, PK_PERSON_UNIT_ID);

  return pk_command_context_new (self->replica, self->clock, self->ids, person, unit);
}

/* Who the person is, and in which unit, is known after the first sync only, and may change. */
static void
library_changed_cb (PkApplication *self, guint64 entities, PkLibrary *library)
{
  if ((entities & PK_LIBRARY_BIT (PK_ENTITY_PERSON)) == 0 || self->client == NULL)
    return;
  g_autoptr (PkCommandContext) context = new_context (self, library);
  pk_client_set_context (self->client, context);
}

static void
content_wanted_cb (PkApplication *self, const char *sha256, gint64 size)
{
  if (self->session != NULL)
    pk_sync_session_want_content (self->session, sha256, size);
}

static gpointer
renew_lease (PkWriter *writer, G_GNUC_UNUSED gpointer data, GError **error)
{
  return pk_writer_renew_lease (writer, error) ? PK_DONE : NULL;
}

/* Reading is allowed for so long without contact as the municipality says; what was not sent is kept whatever happens. */
static gboolean
is_locked (PkApplication *self)
{
  PkReplicaJob job = { .priority = PK_PRIORITY_INTERACTIVE };
  PkReplicaSummary summary;

  if (!pk_reader_read_summary (pk_replica_get_reader (self->replica), &summary, NULL) ||
      !pk_replica_summary_is_locked (&summary, pk_clock_now_us (self->clock)))
    return FALSE;
  if (!self->has_signed_in)
    return TRUE;
  pk_replica_write_async (self->replica, renew_lease, &job, NULL, NULL, NULL);
  return FALSE;
}

static const char *
get_lock_reason (void)
{
  return _ ("This device has not been in contact with the municipality for too long. Sign in again "
            "to read; what you have not sent is kept.");
}

static gboolean
lease_cb (gpointer user_data)
{
  PkApplication *self = user_data;

  self->has_signed_in = FALSE;
  if (self->client != NULL && is_locked (self))
    {
      pk_application_leave (self);
      pk_application_show_sign_in_page (self, get_lock_reason ());
    }
  return G_SOURCE_CONTINUE;
}

/**
 * pk_application_show_account:
 * @self: the program
 * @account: who is signed in
 *
 * Opens the account's replica and shows the places.
 *
 * Returns: %FALSE where it could not be opened, or may not be read any more; that is shown
 */
gboolean
pk_application_show_account (PkApplication *self, const PkAccount *account)
{
  if (!open_replica (self, account))
    return FALSE;
  if (is_locked (self))
    {
      pk_replica_close (self->replica);
      g_clear_object (&self->replica);
      pk_application_show_sign_in_page (self, get_lock_reason ());
      return FALSE;
    }
  if (self->lease_id == 0)
    self->lease_id = g_timeout_add_seconds (LOOK_AT_LEASE_SECONDS, lease_cb, self);
  g_autoptr (PkLibrary) library = pk_library_new (self->replica);
  g_autoptr (PkCommandContext) context = new_context (self, library);

  g_clear_object (&self->client);
  self->client = pk_client_new (library, context);
  pk_application_watch_client (self);
  g_clear_object (&self->day_watch);
  self->day_watch = pk_day_watch_new (library);
  g_signal_connect_object (library,
                           "changed",
                           G_CALLBACK (library_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (library,
                           "content-wanted",
                           G_CALLBACK (content_wanted_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_clear_pointer (&self->account, pk_account_free);
  self->account = pk_account_copy (account);
  if (self->window != NULL)
    pk_window_set_client (self->window, self->client);
  g_clear_weak_pointer (&self->sign_in_page);
  g_clear_pointer (&self->problem, g_free);
  pk_application_show_desktop (self);
  pk_application_follow_link (self);
  return TRUE;
}

/**
 * pk_application_leave:
 * @self: the program
 *
 * Nobody is signed in any more. What is under way with the replica is finished before it closes.
 */
void
pk_application_leave (PkApplication *self)
{
  static const PkStandDetails nobody = { .stand = PK_STAND_STARTING };

  pk_session_store_forget (self->data_directory);
  g_clear_handle_id (&self->look_up_id, g_source_remove);
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      pk_sync_session_stop (self->session);
    }
  pk_application_stop_notices (self, TRUE);
  if (self->window != NULL)
    pk_window_set_client (self->window, NULL);
  g_clear_object (&self->session);
  g_clear_object (&self->day_watch);
  g_clear_object (&self->client);
  pk_application_show_desktop (self);
  g_clear_object (&self->replica);
  g_clear_object (&self->authorizer);
  if (self->server == NULL && self->account != NULL)
    self->server = g_strdup (self->account->server);
  g_clear_pointer (&self->account, pk_account_free);
  pk_sync_model_set (self->sync, &nobody, pk_clock_now_us (self->clock));
  self->unreachable_us = 0;
  self->is_renewed = FALSE;
}

static void
set_accelerators (PkApplication *self)
{
  guint n;
  const PkShortcut *table = pk_shortcuts_get (&n);

  for (guint i = 0; i < n; i++)
    {
      if (table[i].accelerators == NULL)
        continue;
      g_auto (GStrv) keys = g_strsplit (table[i].accelerators, " ", -1);
      gtk_application_set_accels_for_action (GTK_APPLICATION (self),
                                             table[i].action,
                                             (const char *const *) keys);
    }
}

static void
sync_now_cb (GSimpleAction *action G_GNUC_UNUSED,
             GVariant *parameter G_GNUC_UNUSED,
             gpointer user_data)
{
  PkApplication *self = user_data;

  if (self->session != NULL)
    pk_sync_session_sync_now (self->session);
}

static void
sign_in_cb (GSimpleAction *action G_GNUC_UNUSED,
            GVariant *parameter G_GNUC_UNUSED,
            gpointer user_data)
{
  PkApplication *self = user_data;

  if (self->account != NULL)
    pk_application_sign_in_at (self, self->account->server);
}

static void
sign_out_cb (GSimpleAction *action G_GNUC_UNUSED,
             GVariant *parameter G_GNUC_UNUSED,
             gpointer user_data)
{
  pk_application_sign_out (user_data);
}

static void
quit_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer user_data)
{
  PkApplication *self = user_data;

  if (self->window != NULL)
    gtk_window_close (GTK_WINDOW (self->window));
}

static const GActionEntry entries[] = {
  { "quit", quit_cb, NULL, NULL, NULL, { 0 } },
  { "sign-in", sign_in_cb, NULL, NULL, NULL, { 0 } },
  { "sign-out", sign_out_cb, NULL, NULL, NULL, { 0 } },
  { "sync-now", sync_now_cb, NULL, NULL, NULL, { 0 } },
};

static gboolean
terminated_cb (gpointer user_data)
{
  PkApplication *self = user_data;

  pk_application_keep (self, FALSE);
  pk_application_end_stay (self);
  if (self->window != NULL)
    gtk_window_close (GTK_WINDOW (self->window));
  else
    g_application_quit (G_APPLICATION (self));
  return G_SOURCE_REMOVE;
}

static void
pk_application_startup (GApplication *application)
{
  PkApplication *self = PK_APPLICATION (application);

  if (self->data_directory == NULL)
    self->data_directory = g_build_filename (g_get_user_data_dir (), "pakobla", NULL);
  open_early (self);
  G_APPLICATION_CLASS (pk_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  set_accelerators (self);
  pk_preferences_apply_colour_scheme ();
  g_unix_signal_add (SIGTERM, terminated_cb, self);
  g_unix_signal_add (SIGINT, terminated_cb, self);
  pk_application_add_notice_actions (self);
  pk_application_plan_desktop (self);
}

static void
pk_application_activate (GApplication *application)
{
  PkApplication *self = PK_APPLICATION (application);

  if (self->window == NULL)
    {
      g_set_weak_pointer (&self->window, pk_window_new (GTK_APPLICATION (self), self->sync));
      pk_first_frame_watch (GTK_WINDOW (self->window));
      pk_window_set_background (self->window, self->background_model);
      pk_application_watch_window (self);
      pk_application_begin (self);
    }
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
pk_application_shutdown (GApplication *application)
{
  PkApplication *self = PK_APPLICATION (application);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->look_up_id, g_source_remove);
  g_clear_handle_id (&self->again_id, g_source_remove);
  g_clear_handle_id (&self->lease_id, g_source_remove);
  if (self->session != NULL)
    pk_sync_session_stop (self->session);
  g_clear_object (&self->session);
  pk_application_stop_notices (self, FALSE);
  g_clear_object (&self->day_watch);
  g_clear_object (&self->client);
  pk_application_close_desktop (self);
  if (self->replica != NULL)
    pk_replica_close (self->replica);
  g_clear_object (&self->replica);
  close_early (self);
  G_APPLICATION_CLASS (pk_application_parent_class)->shutdown (application);
}

static int
pk_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  PkApplication *self = PK_APPLICATION (application);

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("pakobla %s\n", PK_VERSION);
      return 0;
    }
  g_variant_dict_lookup (options, "server", "s", &self->server);
  g_variant_dict_lookup (options, "demo-person", "s", &self->demo_person);
  g_variant_dict_lookup (options, "status-file", "^ay", &self->status_file);
  g_variant_dict_lookup (options, "data", "^ay", &self->data_directory);
  if (g_variant_dict_contains (options, "background"))
    return pk_application_run_in_background (self);
  return -1;
}

static void
pk_application_finalize (GObject *object)
{
  PkApplication *self = PK_APPLICATION (object);

  g_clear_weak_pointer (&self->window);
  g_clear_weak_pointer (&self->sign_in_page);
  g_clear_pointer (&self->problem, g_free);
  g_clear_pointer (&self->acting, g_free);
  g_clear_pointer (&self->server, g_free);
  g_clear_pointer (&self->demo_person, g_free);
  g_clear_pointer (&self->status_file, g_free);
  g_clear_pointer (&self->data_directory, g_free);
  g_clear_pointer (&self->account, pk_account_free);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->authorizer);
  g_clear_object (&self->sync);
  g_clear_object (&self->background_model);
  g_clear_pointer (&self->ids, pk_id_source_unref);
  g_clear_pointer (&self->clock, pk_clock_unref);
  G_OBJECT_CLASS (pk_application_parent_class)->finalize (object);
}

static void
pk_application_class_init (PkApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pk_application_finalize;
  application_class->startup = pk_application_startup;
  application_class->activate = pk_application_activate;
  application_class->open = pk_application_open_files;
  application_class->dbus_register = pk_application_register_on_bus;
  application_class->dbus_unregister = pk_application_leave_bus;
  application_class->shutdown = pk_application_shutdown;
  application_class->handle_local_options = pk_application_handle_local_options;
}

static void
pk_application_init (PkApplication *self)
{
  static const GOptionEntry options[] = {
    { "server", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Address of the server"), N_ ("URL") },
    { "demo-person",
      0,
      0,
      G_OPTION_ARG_STRING,
      NULL,
      N_ ("Sign in as a person of the demo, by role or id"),
      N_ ("PERSON") },
    { "status-file",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      NULL,
      N_ ("Write a line of JSON when the first sync is done"),
      N_ ("FILE") },
    { "data", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Keep the replica here"), N_ ("DIRECTORY") },
    { "background",
      0,
      0,
      G_OPTION_ARG_NONE,
      NULL,
      N_ ("Start without a window, and tell what is new"),
      NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  self->clock = pk_clock_new_system ();
  self->ids = pk_id_source_new (self->clock);
  self->sync = pk_sync_model_new ();
  self->background_model = pk_background_model_new ();
}

/**
 * pk_application_new:
 *
 * Returns: (transfer full): the program
 */
PkApplication *
pk_application_new (void)
{
  return g_object_new (PK_TYPE_APPLICATION,
                       "application-id",
                       PK_APPLICATION_ID,
                       "flags",
                       G_APPLICATION_HANDLES_OPEN,
                       NULL);
}
