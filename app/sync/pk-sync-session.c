/*
 * Carries out what the machine decides. Events go through a queue, so that an answer that comes while a step is being carried out
 * waits its turn; every request has a cancellable of its own. Main thread; the replica's files on the replica's workers.
 */
#include "config.h"

#include "pk-sync-session.h"

#include "pk-blob-cache.h"
#include "pk-blob-queue.h"
#include "pk-sync-session-private.h"
#include "pk-sync-status-private.h"

#include <glib/gstdio.h>
#include <sys/random.h>

enum
{
  PROP_STATUS = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint erased_signal;

G_DEFINE_FINAL_TYPE (PkSyncSession, pk_sync_session, G_TYPE_OBJECT)

static void
offer_free (gpointer data)
{
  PkSnapshotOffer *offer = data;

  g_free (offer->sha256);
  g_free (offer);
}

static void
tell (PkSyncSession *self)
{
  const PkSyncPicture *picture = pk_sync_machine_get_picture (self->machine);
  g_autoptr (PkSyncStatus)
      status = pk_sync_status_new (picture,
                                   g_get_real_time () - g_get_monotonic_time (),
                                   pk_authorizer_get_is_keyring_locked (self->authorizer),
                                   self->detail);

  if (g_set_object (&self->status, status))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

static gboolean
timer_cb (gpointer user_data)
{
  PkSyncSession *self = user_data;

  self->timer = 0;
  pk_sync_session_send (self, &(PkSyncEvent){ .kind = PK_SYNC_EVENT_TICK });
  return G_SOURCE_REMOVE;
}

static void
set_timer (PkSyncSession *self, gint64 at_us)
{
  gint64 wait_us = MAX (0, at_us - g_get_monotonic_time ());

  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add ((guint) MIN (wait_us / 1000 + 1, G_MAXINT), timer_cb, self);
}

static void
cancel (PkSyncSession *self, guint request)
{
  GCancellable *cancellable = g_hash_table_lookup (self->cancellables, GUINT_TO_POINTER (request));

  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  g_hash_table_remove (self->cancellables, GUINT_TO_POINTER (request));
}

static void
carry_out (PkSyncSession *self, const PkSyncEffect *effect)
{
  switch (effect->kind)
    {
    case PK_SYNC_EFFECT_PUSH:
      pk_sync_push_start (self, effect);
      return;
    case PK_SYNC_EFFECT_PULL:
      pk_sync_pull_start (self, effect);
      return;
    case PK_SYNC_EFFECT_FETCH_SNAPSHOT:
    case PK_SYNC_EFFECT_DOWNLOAD:
      pk_sync_fetch_start (self, effect);
      return;
    case PK_SYNC_EFFECT_UPLOAD:
      pk_sync_upload_start (self, effect);
      return;
    case PK_SYNC_EFFECT_OPEN_EVENTS:
      pk_sync_stream_start (self, effect);
      return;
    case PK_SYNC_EFFECT_REFRESH_TOKEN:
      pk_sync_refresh_start (self, effect);
      return;
    case PK_SYNC_EFFECT_INSTALL_SNAPSHOTS:
    case PK_SYNC_EFFECT_TAKE_DEVICE:
    case PK_SYNC_EFFECT_TAKE_EPOCH:
    case PK_SYNC_EFFECT_SET_ASIDE:
    case PK_SYNC_EFFECT_ERASE:
      pk_sync_work_start (self, effect);
      return;
    case PK_SYNC_EFFECT_CANCEL:
      cancel (self, effect->request);
      return;
    case PK_SYNC_EFFECT_SET_TIMER:
      set_timer (self, effect->number);
      return;
    case PK_SYNC_EFFECT_REFUSE_UPLOAD:
      pk_sync_upload_refuse (self, effect->sha256);
      return;
    case PK_SYNC_EFFECT_REFUSE_DOWNLOAD:
      g_message ("The content %s cannot be had now", effect->sha256);
      return;
    case PK_SYNC_EFFECT_TELL:
    default:
      tell (self);
    }
}

static void
forget_answered (PkSyncSession *self, guint request)
{
  if (request != 0 && !pk_sync_machine_has_request (self->machine, request))
    g_hash_table_remove (self->cancellables, GUINT_TO_POINTER (request));
}

static void
step (PkSyncSession *self, PkSyncEvent *event)
{
  PkSyncEffect effects[PK_SYNC_MAX_EFFECTS];

  event->now_us = g_get_monotonic_time ();
  guint n = pk_sync_machine_step (self->machine, event, effects);
  forget_answered (self, event->request);
  for (guint i = 0; i < n; i++)
    {
      g_debug ("sync: %s %u",
               pk_sync_machine_get_effect_name (effects[i].kind),
               effects[i].request);
      carry_out (self, &effects[i]);
    }
  if (event->kind == PK_SYNC_EVENT_ERASED)
    g_signal_emit (self, erased_signal, 0);
}

/**
 * pk_sync_session_send:
 *
 * Gives the machine an event, after those that wait.
 */
void
pk_sync_session_send (PkSyncSession *self, const PkSyncEvent *event)
{
  if (!self->is_running)
    return;
  g_queue_push_tail (&self->events, pk_sync_event_copy (event));
  if (self->is_draining)
    return;
  g_object_ref (self);
  self->is_draining = TRUE;
  for (PkSyncEvent *next = g_queue_pop_head (&self->events); next != NULL && self->is_running;
       next = g_queue_pop_head (&self->events))
    {
      step (self, next);
      pk_sync_event_free (next);
    }
  self->is_draining = FALSE;
  g_object_unref (self);
}

/**
 * pk_sync_session_dup_snapshot_path:
 *
 * Returns: (transfer full): where a snapshot lies until it is installed
 */
char *
pk_sync_session_dup_snapshot_path (PkSyncSession *self, const char *sha256)
{
  return g_build_filename (pk_replica_get_directory (self->replica), "snapshots", sha256, NULL);
}

static void
changed_cb (G_GNUC_UNUSED PkReplica *replica, PkChangeSet *changes, gpointer user_data)
{
  static const guint moving[] = { PK_ENTITY_DOCUMENT, PK_ENTITY_DOCUMENT_LINK, PK_ENTITY_PHOTO };
  gboolean matters = pk_change_set_has_outbox (changes) || pk_change_set_is_everything (changes);

  for (guint i = 0; !matters && i < G_N_ELEMENTS (moving); i++)
    matters = pk_change_set_has_entity (changes, pk_entity_by_id (moving[i]));
  if (matters)
    pk_sync_session_look (user_data);
}

static void
network_changed_cb (G_GNUC_UNUSED GNetworkMonitor *monitor,
                    gboolean is_available,
                    gpointer user_data)
{
  pk_sync_session_send (
      user_data,
      &(PkSyncEvent){ .kind = is_available ? PK_SYNC_EVENT_ONLINE : PK_SYNC_EVENT_OFFLINE });
}

static void
locked_cb (PkSyncSession *self)
{
  tell (self);
}

static void
device_checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkSyncSession) self = user_data;
  g_autoptr (GError) error = NULL;

  if (pk_replica_job_finish (PK_REPLICA (source), result, &error) == NULL)
    g_warning ("Noting which device this is: %s", error->message);
  pk_sync_session_send (
      self,
      &(PkSyncEvent){ .kind = PK_SYNC_EVENT_STARTED,
                      .flag = error == NULL && pk_authorizer_has_tokens (self->authorizer) });
  pk_sync_session_look (self);
}

static void
pk_sync_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_STATUS)
    g_value_set_object (value, PK_SYNC_SESSION (object)->status);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
pk_sync_session_dispose (GObject *object)
{
  pk_sync_session_stop (PK_SYNC_SESSION (object));
  G_OBJECT_CLASS (pk_sync_session_parent_class)->dispose (object);
}

static void
pk_sync_session_finalize (GObject *object)
{
  PkSyncSession *self = PK_SYNC_SESSION (object);

  g_queue_clear_full (&self->events, pk_sync_event_free);
  g_clear_pointer (&self->machine, pk_sync_machine_free);
  g_clear_pointer (&self->cancellables, g_hash_table_unref);
  g_clear_pointer (&self->uploads, g_hash_table_unref);
  g_clear_pointer (&self->offers, g_ptr_array_unref);
  g_clear_pointer (&self->after_look, g_ptr_array_unref);
  g_clear_pointer (&self->after_next, g_ptr_array_unref);
  g_clear_error (&self->push_fault);
  g_clear_object (&self->status);
  g_clear_object (&self->authorizer);
  g_clear_object (&self->replica);
  g_free (self->detail);
  G_OBJECT_CLASS (pk_sync_session_parent_class)->finalize (object);
}

static void
pk_sync_session_class_init (PkSyncSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pk_sync_session_get_property;
  object_class->dispose = pk_sync_session_dispose;
  object_class->finalize = pk_sync_session_finalize;
  properties[PROP_STATUS] = g_param_spec_object ("status",
                                                 NULL,
                                                 NULL,
                                                 PK_TYPE_SYNC_STATUS,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS |
                                                     G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  erased_signal = g_signal_new ("erased",
                                G_TYPE_FROM_CLASS (klass),
                                G_SIGNAL_RUN_LAST,
                                0,
                                NULL,
                                NULL,
                                NULL,
                                G_TYPE_NONE,
                                0);
}

static guint64
draw_seed (void)
{
  guint64 seed = 0;

  if (getrandom (&seed, sizeof seed, 0) != (gssize) sizeof seed)
    seed = (guint64) g_get_monotonic_time ();
  return seed;
}

static void
pk_sync_session_init (PkSyncSession *self)
{
  self->machine = pk_sync_machine_new (draw_seed ());
  g_queue_init (&self->events);
  self->cancellables = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->uploads = g_hash_table_new_full (g_str_hash,
                                         g_str_equal,
                                         g_free,
                                         (GDestroyNotify) pk_pending_upload_free);
  self->offers = g_ptr_array_new_with_free_func (offer_free);
  self->after_look = g_ptr_array_new_with_free_func (pk_sync_event_free);
  self->after_next = g_ptr_array_new_with_free_func (pk_sync_event_free);
}

/**
 * pk_sync_session_new:
 * @replica: the person's
 * @authorizer: where the same person is signed in, or was
 *
 * Returns: (transfer full): a session that has not begun
 */
PkSyncSession *
pk_sync_session_new (PkReplica *replica, PkAuthorizer *authorizer)
{
  PkSyncSession *self = g_object_new (PK_TYPE_SYNC_SESSION, NULL);

  self->replica = g_object_ref (replica);
  self->authorizer = g_object_ref (authorizer);
  self->http = pk_authorizer_get_http (authorizer);
  tell (self);
  return self;
}

/**
 * pk_sync_session_start:
 *
 * Begins, also where nobody is signed in: then it waits for pk_sync_session_signed_in().
 */
void
pk_sync_session_start (PkSyncSession *self)
{
  GNetworkMonitor *monitor = g_network_monitor_get_default ();

  if (self->is_running)
    return;
  self->is_running = TRUE;
  g_signal_connect_object (self->replica, "changed", G_CALLBACK (changed_cb), self, 0);
  g_signal_connect_object (self->authorizer,
                           "notify::is-keyring-locked",
                           G_CALLBACK (locked_cb),
                           self,
                           G_CONNECT_SWAPPED);
  if (!pk_sync_http_is_near (self->http))
    g_signal_connect_object (monitor, "network-changed", G_CALLBACK (network_changed_cb), self, 0);
  pk_sync_device_check (self, device_checked_cb, g_object_ref (self));
}

/**
 * pk_sync_session_stop:
 *
 * Ends for good; what is under way is given up, and nothing of it is lost.
 */
void
pk_sync_session_stop (PkSyncSession *self)
{
  GHashTableIter iter;
  gpointer cancellable;

  self->is_running = FALSE;
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->cancellables == NULL)
    return;
  g_autoptr (GHashTable) cancellables = g_steal_pointer (&self->cancellables);
  self->cancellables = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  g_hash_table_iter_init (&iter, cancellables);
  while (g_hash_table_iter_next (&iter, NULL, &cancellable))
    g_cancellable_cancel (cancellable);
}

/**
 * pk_sync_session_sync_now:
 *
 * The person wants it now: no waiting after faults.
 */
void
pk_sync_session_sync_now (PkSyncSession *self)
{
  pk_sync_session_send (self, &(PkSyncEvent){ .kind = PK_SYNC_EVENT_ASKED });
}

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkSyncSession) self = user_data;
  g_autoptr (GError) error = NULL;

  if (pk_replica_job_finish (PK_REPLICA (source), result, &error) == NULL)
    g_warning ("Noting which device this is: %s", error->message);
  else
    pk_sync_session_send (self, &(PkSyncEvent){ .kind = PK_SYNC_EVENT_SIGNED_IN });
}

/**
 * pk_sync_session_signed_in:
 *
 * The person has signed in anew at the authorizer.
 */
void
pk_sync_session_signed_in (PkSyncSession *self)
{
  pk_sync_device_check (self, signed_in_cb, g_object_ref (self));
}

/**
 * pk_sync_session_want_content:
 * @size: bytes; 0: unknown
 *
 * The person waits for a content: it is fetched before all others.
 */
void
pk_sync_session_want_content (PkSyncSession *self, const char *sha256, gint64 size)
{
  pk_sync_session_send (self,
                        &(PkSyncEvent){ .kind = PK_SYNC_EVENT_DOWNLOAD_WANTED,
                                        .sha256 = sha256,
                                        .size = size,
                                        .number = pk_sync_session_measure_part (self, sha256),
                                        .flag = TRUE });
}

/**
 * pk_sync_session_get_status:
 *
 * Returns: (transfer none): how it stands
 */
PkSyncStatus *
pk_sync_session_get_status (PkSyncSession *self)
{
  return self->status;
}
