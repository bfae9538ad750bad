/*
 * Who works here: signing in through the browser or the demo's door, and signing out. What was not sent stays in the outbox of who did it,
 * whoever signs in next. Main thread.
 */
#include "config.h"

#include "pk-application-private.h"

#include "pk-glib-backports.h"
#include "pk-session-store.h"
#include "pk-writer-sync.h"

#include <glib/gi18n.h>

#define SIGN_IN_AGAIN_SECONDS 5

static const char *
get_sign_in_problem (const GError *error)
{
  const char *no_answer =
      _ ("The server does not answer. Look at the address and the network, then try again.");

  if (error->domain != PK_AUTHORIZER_ERROR)
    return no_answer;
  switch ((PkAuthorizerError) error->code)
    {
    case PK_AUTHORIZER_ERROR_NO_ANSWER:
      return no_answer;
    case PK_AUTHORIZER_ERROR_NOT_OURS:
      return _ (
          "What answers there is not Påkobla. Perhaps the network wants you to sign in first.");
    case PK_AUTHORIZER_ERROR_NO_SECRETS:
      return _ ("The keyring is locked. Unlock it and try again.");
    case PK_AUTHORIZER_ERROR_REFUSED:
    case PK_AUTHORIZER_ERROR_NOBODY:
    default:
      return _ ("You were not signed in. Try again, or ask whoever looks after your account.");
    }
}

static gboolean
sign_in_again_cb (gpointer user_data)
{
  PkApplication *self = user_data;

  self->again_id = 0;
  if (self->account != NULL)
    pk_application_sign_in_at (self, self->account->server);
  return G_SOURCE_REMOVE;
}

/* Nobody could be signed in now. What is on the device can be used all the same; a person of the demo is tried again. */
static void
go_on_without (PkApplication *self, const char *problem)
{
  if (self->replica == NULL)
    {
      pk_application_show_sign_in_page (self, problem);
      return;
    }
  if (self->demo_person != NULL && self->unreachable_us == 0)
    self->unreachable_us = pk_clock_now_us (self->clock);
  if (self->session == NULL)
    pk_application_start_session (self);
  if (self->demo_person != NULL && self->again_id == 0)
    self->again_id = g_timeout_add_seconds (SIGN_IN_AGAIN_SECONDS, sign_in_again_cb, self);
}

static void
signed_in_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) save_error = NULL;
  g_autoptr (PkAccount) account = pk_authorizer_finish (PK_AUTHORIZER (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (account == NULL)
    {
      g_message ("Signing in: %s", error->message);
      pk_session_store_report_problem (self->status_file, get_sign_in_problem (error));
      go_on_without (self, get_sign_in_problem (error));
      return;
    }
  if (!pk_session_store_save (self->data_directory, account, self->demo_person, &save_error))
    g_warning ("Remembering who is signed in: %s", save_error->message);
  self->unreachable_us = 0;
  self->has_signed_in = TRUE;
  if (self->session != NULL)
    {
      pk_sync_session_signed_in (self->session);
      return;
    }
  if (self->replica != NULL || pk_application_show_account (self, account))
    pk_application_start_session (self);
}

/**
 * pk_application_sign_in_at:
 * @self: the program
 * @server: scheme, host and port
 *
 * Signs in in the browser, or as the person of the demo.
 */
void
pk_application_sign_in_at (PkApplication *self, const char *server)
{
  g_clear_handle_id (&self->look_up_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  if (self->authorizer == NULL ||
      g_strcmp0 (pk_authorizer_get_server (self->authorizer), server) != 0)
    pk_application_take_authorizer (self, server);
  if (self->demo_person != NULL)
    pk_authorizer_sign_in_demo_async (self->authorizer,
                                      self->demo_person,
                                      self->cancellable,
                                      signed_in_cb,
                                      g_object_ref (self));
  else
    pk_authorizer_sign_in_async (self->authorizer,
                                 self->cancellable,
                                 signed_in_cb,
                                 g_object_ref (self));
}

static void
sign_in_asked_cb (PkApplication *self, const char *server)
{
  pk_sign_in_page_show_waiting (
      self->sign_in_page,
      self->demo_person != NULL ? _ ("Signing in") : _ ("Go on in the browser"),
      self->demo_person != NULL ? NULL : _ ("Come back here when you have signed in."));
  pk_application_sign_in_at (self, server);
}

static void
sign_in_cancelled_cb (PkApplication *self)
{
  g_cancellable_cancel (self->cancellable);
}

/**
 * pk_application_show_sign_in_page:
 * @self: the program
 * @problem: (nullable): why the person must sign in
 *
 * Asks where to sign in, now or when there is a window.
 */
void
pk_application_show_sign_in_page (PkApplication *self, const char *problem)
{
  if (problem != self->problem)
    g_set_str (&self->problem, problem);
  if (self->window == NULL)
    return;
  if (self->sign_in_page == NULL)
    {
      g_set_weak_pointer (&self->sign_in_page,
                          PK_SIGN_IN_PAGE (pk_sign_in_page_new (self->server)));
      g_signal_connect_object (self->sign_in_page,
                               "sign-in",
                               G_CALLBACK (sign_in_asked_cb),
                               self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->sign_in_page,
                               "cancelled",
                               G_CALLBACK (sign_in_cancelled_cb),
                               self,
                               G_CONNECT_SWAPPED);
      pk_window_show_alone (self->window, GTK_WIDGET (self->sign_in_page));
    }
  if (problem != NULL)
    pk_sign_in_page_show_problem (self->sign_in_page, problem);
}

static void
looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PkAccount) account = pk_authorizer_finish (PK_AUTHORIZER (object), result, &error);

  self->is_looking_up = FALSE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->account == NULL ||
      self->session != NULL)
    return;
  if (account == NULL && self->demo_person != NULL)
    pk_application_sign_in_at (self, self->account->server);
  else
    pk_application_start_session (self);
}

static gboolean
look_up_cb (gpointer user_data)
{
  PkApplication *self = user_data;

  self->look_up_id = 0;
  self->is_looking_up = TRUE;
  pk_authorizer_look_up_async (self->authorizer, NULL, looked_up_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

/**
 * pk_application_open_account:
 * @self: the program
 *
 * Opens the replica of who was signed in last; a person of the demo only where the same one is asked for again. Asks nothing of keyring or
 * network, and needs no window.
 *
 * Returns: whether somebody is signed in who may read
 */
gboolean
pk_application_open_account (PkApplication *self)
{
  if (self->client != NULL)
    return TRUE;
  g_autoptr (PkAccount)
      last = pk_session_store_load (self->data_directory, self->server, self->demo_person);
  if (last == NULL || !pk_application_show_account (self, last))
    return FALSE;
  pk_application_take_authorizer (self, last->server);
  return TRUE;
}

/**
 * pk_application_begin_sync:
 * @self: the program
 *
 * Begins to sync what is open: keyring and network come after the first frame.
 */
void
pk_application_begin_sync (PkApplication *self)
{
  if (self->client != NULL && self->session == NULL && self->look_up_id == 0 &&
      !self->is_looking_up)
    self->look_up_id = g_idle_add_full (G_PRIORITY_LOW, look_up_cb, self, NULL);
}

/**
 * pk_application_begin:
 * @self: the program, with a new window
 *
 * Shows who was signed in last, or asks where to sign in.
 */
void
pk_application_begin (PkApplication *self)
{
  gboolean was_open = self->client != NULL;

  if (pk_application_open_account (self))
    {
      if (was_open)
        pk_window_set_client (self->window, self->client);
      pk_application_begin_sync (self);
      return;
    }
  if (self->sign_in_page == NULL)
    pk_application_show_sign_in_page (self, self->problem);
  if (self->problem == NULL && self->demo_person != NULL && self->server != NULL)
    sign_in_asked_cb (self, self->server);
}

/**
 * pk_application_renew_demo:
 * @self: the program
 *
 * The server does not know the tokens any more: a person of the demo signs in by itself, at once for the first time.
 */
void
pk_application_renew_demo (PkApplication *self)
{
  if (self->demo_person == NULL || self->account == NULL || self->again_id != 0)
    return;
  if (self->is_renewed)
    {
      self->again_id = g_timeout_add_seconds (SIGN_IN_AGAIN_SECONDS, sign_in_again_cb, self);
      return;
    }
  self->is_renewed = TRUE;
  pk_application_sign_in_at (self, self->account->server);
}

static void
signed_out_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkApplication) self = user_data;
  g_autoptr (GError) error = NULL;

  pk_authorizer_finish (PK_AUTHORIZER (object), result, &error);
  if (error != NULL)
    g_warning ("Signing out: %s", error->message);
  g_application_release (G_APPLICATION (self));
}

static gpointer
erase_records (PkWriter *writer, G_GNUC_UNUSED gpointer data, GError **error)
{
  return pk_writer_erase (writer, FALSE, error) ? PK_DONE : NULL;
}

static void
erased_cb (GObject *object, GAsyncResult *result, G_GNUC_UNUSED gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (pk_replica_job_finish (PK_REPLICA (object), result, &error) == NULL)
    g_warning ("Erasing what was here: %s", error->message);
}

/**
 * pk_application_sign_out:
 * @self: the program
 *
 * Gives the tokens back and leaves no records on the device. What was not sent is kept and sent when the person signs in again.
 */
void
pk_application_sign_out (PkApplication *self)
{
  static const PkReplicaJob job = { .priority = PK_PRIORITY_INTERACTIVE };

  if (self->account == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->again_id, g_source_remove);
  g_autoptr (PkReplica) replica = g_object_ref (self->replica);
  g_autoptr (PkAuthorizer) authorizer = g_object_ref (self->authorizer);
  pk_application_leave (self);
  pk_replica_write_async (replica, erase_records, &job, NULL, erased_cb, NULL);
  /* The program stays until it is done, also where the window is closed meanwhile. */
  g_application_hold (G_APPLICATION (self));
  pk_authorizer_sign_out_async (authorizer, NULL, signed_out_cb, g_object_ref (self));
  pk_application_show_sign_in_page (self, NULL);
}
