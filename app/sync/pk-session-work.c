/* What the machine asks of this device alone – snapshots, device, epoch, what is set aside, erasing – and refreshing the token. */
#include "config.h"

#include "pk-sync-own-work.h"
#include "pk-sync-session-private.h"

#include <glib/gstdio.h>

typedef struct
{
  PkSyncErrand errand;
  GStrv paths;        /* (owned) (nullable): of snapshots */
  GError *push_fault; /* (owned) (nullable) */
} Work;

static void
work_free (Work *self)
{
  pk_sync_errand_clear (&self->errand);
  g_strfreev (self->paths);
  g_clear_error (&self->push_fault);
  g_free (self);
}

static gpointer
do_work (PkWriter *writer, gpointer data, GError **error)
{
  Work *work = data;

  return pk_sync_own_work_run (writer,
                               &work->errand.effect,
                               (const char *const *) work->paths,
                               work->push_fault,
                               error)
             ? PK_DONE
             : NULL;
}

static void
remove_snapshots (Work *work)
{
  for (char **path = work->paths; path != NULL && *path != NULL; path++)
    g_unlink (*path);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Work *work = user_data;
  PkSyncEffectKind kind = work->errand.effect.kind;
  g_autoptr (GError) error = NULL;

  if (pk_replica_job_finish (PK_REPLICA (source), result, &error) != NULL)
    {
      remove_snapshots (work);
      pk_sync_errand_answer_after_look (
          &work->errand,
          (PkSyncEvent){ .kind = pk_sync_own_work_get_answer (kind) });
    }
  else
    {
      PkSyncFailure failure = pk_sync_own_work_judge (kind, error);
      if (failure != PK_SYNC_FAILURE_LOCAL)
        remove_snapshots (work);
      pk_sync_errand_fail_by (&work->errand, failure, error);
    }
  work_free (work);
}

static GStrv
list_snapshots (PkSyncSession *session)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  for (guint i = 0; i < session->offers->len; i++)
    {
      PkSnapshotOffer *offer = session->offers->pdata[i];
      g_autofree char *path = pk_sync_session_dup_snapshot_path (session, offer->sha256);
      g_strv_builder_add (paths, path);
    }
  return g_strv_builder_end (paths);
}

/**
 * pk_sync_work_start:
 *
 * Carries out what needs no network.
 */
void
pk_sync_work_start (PkSyncSession *session, const PkSyncEffect *effect)
{
  Work *work = g_new0 (Work, 1);
  PkReplicaJob job = { .priority = PK_PRIORITY_SYNC, .data = work };

  pk_sync_errand_init (&work->errand, session, effect);
  if (effect->kind == PK_SYNC_EFFECT_INSTALL_SNAPSHOTS)
    work->paths = list_snapshots (session);
  if (session->push_fault != NULL)
    work->push_fault = g_error_copy (session->push_fault);
  pk_replica_write_async (session->replica, do_work, &job, NULL, done_cb, work);
}

static gpointer
take_device (PkWriter *writer, gpointer data, GError **error)
{
  const PkId *device = data;
  PkId known;

  if (!pk_writer_get_device (writer, &known))
    return pk_writer_set_device (writer, device, error) ? PK_DONE : NULL;
  if (pk_id_equal (&known, device))
    return PK_DONE;
  /* Another device than the one whose numbers the outbox has: what waits is numbered anew. */
  return pk_writer_change_device (writer, device, error) ? PK_DONE : NULL;
}

static gpointer
do_nothing (G_GNUC_UNUSED PkWriter *writer,
            G_GNUC_UNUSED gpointer data,
            G_GNUC_UNUSED GError **error)
{
  return PK_DONE;
}

/**
 * pk_sync_device_check:
 * @callback: finish with pk_replica_job_finish()
 *
 * Sees to it that the outbox is the one of the device that the token speaks for.
 */
void
pk_sync_device_check (PkSyncSession *session, GAsyncReadyCallback callback, gpointer data)
{
  const PkAccount *account = pk_authorizer_get_account (session->authorizer);
  PkReplicaJob job = { .priority = PK_PRIORITY_SYNC, .free_data = g_free };
  PkId device;

  gboolean is_known = account != NULL && pk_id_parse (account->device, &device);
  if (is_known)
    job.data = g_memdup2 (&device, sizeof device);
  pk_replica_write_async (session->replica,
                          is_known ? take_device : do_nothing,
                          &job,
                          NULL,
                          callback,
                          data);
}

static void
refresh_free (PkSyncErrand *self)
{
  pk_sync_errand_clear (self);
  g_free (self);
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PkSyncErrand *errand = user_data;
  g_autoptr (GError) error = NULL;

  if (pk_replica_job_finish (PK_REPLICA (source), result, &error) != NULL)
    pk_sync_errand_answer (errand, (PkSyncEvent){ .kind = PK_SYNC_EVENT_TOKEN_REFRESHED });
  else
    pk_sync_errand_fail_by (errand, PK_SYNC_FAILURE_LOCAL, error);
  refresh_free (errand);
}

static PkSyncFailure
failure_of (const GError *error)
{
  if (error->domain != PK_AUTHORIZER_ERROR)
    return PK_SYNC_FAILURE_NETWORK;
  return error->code == PK_AUTHORIZER_ERROR_NOT_OURS ? PK_SYNC_FAILURE_PORTAL
                                                     : PK_SYNC_FAILURE_NETWORK;
}

static void
refreshed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PkSyncErrand *errand = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PkAccount) account = pk_authorizer_finish (PK_AUTHORIZER (source), result, &error);

  if (account != NULL && errand->session->is_running)
    {
      pk_sync_device_check (errand->session, checked_cb, errand);
      return;
    }
  if (g_error_matches (error, PK_AUTHORIZER_ERROR, PK_AUTHORIZER_ERROR_REFUSED))
    pk_sync_errand_answer (errand, (PkSyncEvent){ .kind = PK_SYNC_EVENT_TOKEN_REFUSED });
  else if (error != NULL)
    pk_sync_errand_fail_by (errand, failure_of (error), error);
  refresh_free (errand);
}

/**
 * pk_sync_refresh_start:
 *
 * Carries out %PK_SYNC_EFFECT_REFRESH_TOKEN.
 */
void
pk_sync_refresh_start (PkSyncSession *session, const PkSyncEffect *effect)
{
  PkSyncErrand *errand = g_new0 (PkSyncErrand, 1);

  pk_sync_errand_init (errand, session, effect);
  pk_authorizer_refresh_async (session->authorizer, errand->cancellable, refreshed_cb, errand);
}
