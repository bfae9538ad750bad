/*
 * A look at what is to be done: the outbox is counted on the replica's reader, the contents are listed by its writer. One look at a
 * time; what is asked for meanwhile is looked at once more, so that an answer told after a look always comes after its counts.
 */
#include "config.h"

#include "pk-blob-cache.h"
#include "pk-blob-queue.h"
#include "pk-sync-session-private.h"

#include <glib/gstdio.h>

#define MANY_CONTENTS 200

/* What a look found: of the outbox, and of contents to be moved. Belongs to the task of the look. */
typedef struct
{
  PkSyncSession *session; /* (owned) */
  PkReplicaSummary summary;
  GPtrArray *uploads; /* (owned) (nullable): PkPendingUpload */
  GPtrArray *wanted;  /* (owned) (nullable): SHA-256 */
} Look;

static void
look_free (Look *self)
{
  g_clear_pointer (&self->uploads, g_ptr_array_unref);
  g_clear_pointer (&self->wanted, g_ptr_array_unref);
  g_object_unref (self->session);
  g_free (self);
}

static gpointer
count (PkReader *reader, gpointer data, GError **error)
{
  Look *look = data;

  return pk_reader_read_summary (reader, &look->summary, error) ? PK_DONE : NULL;
}

static gpointer
list_contents (PkWriter *writer, gpointer data, GError **error)
{
  Look *look = data;

  look->uploads = pk_writer_list_uploads (writer, MANY_CONTENTS, error);
  if (look->uploads == NULL)
    return NULL;
  look->wanted = pk_writer_list_wanted_blobs (writer, MANY_CONTENTS, error);
  return look->wanted != NULL ? PK_DONE : NULL;
}

static void begin_look (PkSyncSession *self);

/* Contents to be moved concern none of these answers, and the writer may be busy. */
static void
send_answers (PkSyncSession *self)
{
  g_autoptr (GPtrArray) events = g_steal_pointer (&self->after_look);

  self->after_look = g_ptr_array_new_with_free_func (pk_sync_event_free);
  for (guint i = 0; i < events->len; i++)
    pk_sync_session_send (self, events->pdata[i]);
}

static void
end_look (Look *look)
{
  PkSyncSession *self = look->session;

  self->is_looking = FALSE;
  if (self->must_look && self->is_running)
    begin_look (self);
  look_free (look);
}

/**
 * pk_sync_session_measure_part:
 *
 * Returns: how many bytes of a content have arrived
 */
gint64
pk_sync_session_measure_part (PkSyncSession *self, const char *sha256)
{
  g_autofree char *path = pk_blob_cache_get_part_path (pk_replica_get_directory (self->replica),
                                                       sha256);
  GStatBuf status;

  return g_stat (path, &status) == 0 ? (gint64) status.st_size : 0;
}

static void
want_contents (Look *look)
{
  PkSyncSession *self = look->session;

  /* Taken one by one: the session keeps them from here on. */
  while (look->uploads->len > 0)
    {
      PkPendingUpload *upload = g_ptr_array_steal_index (look->uploads, 0);
      PkSyncEvent wanted = { .kind = PK_SYNC_EVENT_UPLOAD_WANTED, .size = upload->size_bytes };
      g_autofree char *sha256 = g_strdup (upload->sha256);
      wanted.sha256 = sha256;
      if (g_hash_table_contains (self->uploads, sha256))
        pk_pending_upload_free (upload);
      else
        g_hash_table_insert (self->uploads, g_strdup (sha256), upload);
      pk_sync_session_send (self, &wanted);
    }
  for (guint i = 0; i < look->wanted->len; i++)
    pk_sync_session_send (
        self,
        &(PkSyncEvent){ .kind = PK_SYNC_EVENT_DOWNLOAD_WANTED,
                        .sha256 = look->wanted->pdata[i],
                        .number = pk_sync_session_measure_part (self, look->wanted->pdata[i]) });
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Look *look = user_data;
  g_autoptr (GError) error = NULL;

  if (pk_replica_job_finish (PK_REPLICA (source), result, &error) == NULL)
    g_warning ("Looking for contents to be moved: %s", error->message);
  else if (look->session->is_running)
    want_contents (look);
  end_look (look);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Look *look = user_data;
  PkReplicaJob job = { .priority = PK_PRIORITY_SYNC, .data = look };
  g_autoptr (GError) error = NULL;

  if (pk_replica_job_finish (PK_REPLICA (source), result, &error) == NULL)
    g_warning ("Looking into the outbox: %s", error->message);
  else
    pk_sync_session_send (look->session,
                          &(PkSyncEvent){ .kind = PK_SYNC_EVENT_OUTBOX,
                                          .number = look->summary.n_waiting - look->summary.n_later,
                                          .later = (guint) look->summary.n_later,
                                          .attention = (guint) look->summary.n_attention });
  send_answers (look->session);
  if (look->session->is_running)
    pk_replica_write_async (PK_REPLICA (source), list_contents, &job, NULL, listed_cb, look);
  else
    end_look (look);
}

static void
begin_look (PkSyncSession *self)
{
  Look *look = g_new0 (Look, 1);
  PkReplicaJob job = { .priority = PK_PRIORITY_SYNC, .data = look };
  GPtrArray *next = self->after_next;

  look->session = g_object_ref (self);
  self->is_looking = TRUE;
  self->must_look = FALSE;
  self->after_next = self->after_look;
  self->after_look = next;
  pk_replica_read_async (self->replica, count, &job, NULL, counted_cb, look);
}

/**
 * pk_sync_session_look:
 *
 * Looks what waits in the outbox, and which contents are to be moved; what was committed before is seen.
 */
void
pk_sync_session_look (PkSyncSession *self)
{
  if (!self->is_running)
    return;
  self->must_look = TRUE;
  if (!self->is_looking)
    begin_look (self);
}
