/* How a device moves contents, as app/sync/pk-session-look.c, -upload.c and -fetch.c do it: the same functions of the writer in the same order. */
#include "config.h"

#include "pk-sim-contents.h"

#include "pk-blob-cache.h"
#include "pk-blob-queue.h"
#include "pk-sim-oracle.h"

#include <string.h>

#define MANY_CONTENTS 200

static gint64
measure (PkSimClient *self, const char *path)
{
  PkSimFile *file = pk_sim_disk_lookup (self->disk, path);

  return file != NULL ? pk_sim_file_size (file) : 0;
}

static gint64
measure_part (PkSimClient *self, const char *sha256)
{
  g_autofree char *part = pk_blob_cache_get_part_path (self->directory, sha256);

  return measure (self, part);
}

static void
want_uploads (PkSimClient *self, GPtrArray *uploads)
{
  while (uploads->len > 0)
    {
      PkPendingUpload *upload = g_ptr_array_steal_index (uploads, 0);
      g_autofree char *sha256 = g_strdup (upload->sha256);
      gint64 size = upload->size_bytes;
      if (g_hash_table_contains (self->uploads, sha256))
        pk_pending_upload_free (upload);
      else
        g_hash_table_insert (self->uploads, g_strdup (sha256), upload);
      pk_sim_client_send (
          self,
          (PkSyncEvent){ .kind = PK_SYNC_EVENT_UPLOAD_WANTED, .sha256 = sha256, .size = size });
    }
}

/* Sorted: whatever order a table gives, a schedule must go the same way each time. */
static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/**
 * pk_sim_client_look_for_contents:
 *
 * As list_contents() and want_contents() of pk-session-look.c.
 */
void
pk_sim_client_look_for_contents (PkSimClient *self)
{
  g_autoptr (GPtrArray) uploads = pk_writer_list_uploads (self->writer, MANY_CONTENTS, NULL);
  g_autoptr (GPtrArray) wanted =
      uploads != NULL ? pk_writer_list_wanted_blobs (self->writer, MANY_CONTENTS, NULL) : NULL;

  if (wanted == NULL)
    return;
  want_uploads (self, uploads);
  g_ptr_array_sort (wanted, compare_names);
  for (guint i = 0; i < wanted->len; i++)
    pk_sim_client_send (self,
                        (PkSyncEvent){ .kind = PK_SYNC_EVENT_DOWNLOAD_WANTED,
                                       .sha256 = wanted->pdata[i],
                                       .number = measure_part (self, wanted->pdata[i]) });
}

/**
 * pk_sim_client_want_content:
 *
 * A person waits for it.
 */
void
pk_sim_client_want_content (PkSimClient *self, const char *sha256, gint64 size)
{
  pk_sim_client_send (self,
                      (PkSyncEvent){ .kind = PK_SYNC_EVENT_DOWNLOAD_WANTED,
                                     .sha256 = sha256,
                                     .size = size,
                                     .number = measure_part (self, sha256),
                                     .flag = TRUE });
}

static PkSimRequest *
make_request (PkSimClient *self, PkSimRequestKind kind, const PkSyncEffect *effect)
{
  PkSimRequest *request = pk_sim_request_new (kind);

  request->request = effect->request;
  request->token = g_strdup (self->access);
  request->sha256 = g_strdup (effect->sha256);
  request->size = effect->size;
  return request;
}

static void
send_chunk (PkSimClient *self, const PkSyncEffect *effect, const PkPendingUpload *pending)
{
  g_autofree char *path = pk_blob_cache_get_path (self->directory, effect->sha256);
  gint64 size = CLAMP (measure (self, path) - effect->number, 0, effect->size);
  g_autoptr (PkSimRequest) request = make_request (self, PK_SIM_REQUEST_PIECE, effect);

  if (size == 0)
    {
      pk_sim_client_fail (self, effect->request, PK_SYNC_FAILURE_LOCAL, NULL);
      return;
    }
  pk_id_parse (pending->url, &request->upload);
  request->offset = effect->number;
  g_string_set_size (request->body, (gsize) size);
  pk_sim_file_read (pk_sim_disk_lookup (self->disk, path),
                    effect->number,
                    request->body->str,
                    (gsize) size);
  pk_sim_net_send (self, g_steal_pointer (&request));
}

static void
upload (PkSimClient *self, const PkSyncEffect *effect)
{
  const PkPendingUpload *pending = g_hash_table_lookup (self->uploads, effect->sha256);

  if (pending == NULL)
    pk_sim_client_fail (self, effect->request, PK_SYNC_FAILURE_REFUSED, NULL);
  else if (effect->number < 0)
    {
      PkSimRequest *request = make_request (self, PK_SIM_REQUEST_UPLOAD, effect);
      request->size = pending->size_bytes;
      pk_sim_net_send (self, request);
    }
  else if (pending->url == NULL)
    pk_sim_client_fail (self, effect->request, PK_SYNC_FAILURE_MISSING, NULL);
  else
    send_chunk (self, effect, pending);
}

static void
refuse_upload (PkSimClient *self, const char *sha256)
{
  const PkPendingUpload *pending = g_hash_table_lookup (self->uploads, sha256);

  if (pending == NULL)
    return;
  pk_sim_world_tell (self->world, "client %u: %.8s is refused", self->number, sha256);
  pk_writer_refuse_upload (self->writer, pending->place, "refused", NULL);
  g_hash_table_remove (self->uploads, sha256);
}

static void
verify (PkSimClient *self, guint request, const char *sha256)
{
  if (!pk_blob_cache_finish_part (self->directory, sha256, NULL))
    {
      g_autofree char *part = pk_blob_cache_get_part_path (self->directory, sha256);
      pk_sim_disk_remove (self->disk, part);
      pk_sim_client_fail (self, request, PK_SYNC_FAILURE_CHECKSUM, NULL);
      return;
    }
  pk_writer_note_blob_arrived (self->writer, sha256, NULL);
  pk_sim_client_answer (self, request, (PkSyncEvent){ .kind = PK_SYNC_EVENT_DOWNLOADED }, FALSE);
}

static void
download (PkSimClient *self, const PkSyncEffect *effect)
{
  gint64 n_bytes = measure_part (self, effect->sha256);

  if (pk_blob_cache_has (self->directory, effect->sha256))
    pk_sim_client_answer (self,
                          effect->request,
                          (PkSyncEvent){ .kind = PK_SYNC_EVENT_DOWNLOADED },
                          FALSE);
  else if (effect->size > 0 && n_bytes >= effect->size)
    verify (self, effect->request, effect->sha256);
  else
    {
      PkSimRequest *request = make_request (self, PK_SIM_REQUEST_CONTENT, effect);
      request->offset = n_bytes;
      pk_sim_net_send (self, request);
    }
}

/**
 * pk_sim_client_move_content:
 *
 * Carries out an effect of the lanes of contents.
 */
void
pk_sim_client_move_content (PkSimClient *self, const PkSyncEffect *effect)
{
  if (effect->kind == PK_SYNC_EFFECT_UPLOAD)
    upload (self, effect);
  else if (effect->kind == PK_SYNC_EFFECT_REFUSE_UPLOAD)
    refuse_upload (self, effect->sha256);
  else if (effect->kind == PK_SYNC_EFFECT_DOWNLOAD)
    download (self, effect);
}

static void
take_offset (PkSimClient *self, const PkSimRequest *request, const PkSimAnswer *answer)
{
  PkPendingUpload *pending = g_hash_table_lookup (self->uploads, request->sha256);
  PkSyncEvent event = { .kind = PK_SYNC_EVENT_UPLOADED, .number = answer->offset };
  char text[PK_ID_TEXT_LENGTH + 1];

  if (pending == NULL)
    {
      pk_sim_client_fail (self, request->request, PK_SYNC_FAILURE_SERVER, NULL);
      return;
    }
  if (request->kind == PK_SIM_REQUEST_UPLOAD)
    {
      g_free (pending->url);
      pending->url = g_strdup (pk_id_to_text (&answer->upload, text));
    }
  if (answer->offset >= pending->size_bytes)
    {
      if (!pk_writer_finish_upload (self->writer, pending->place, NULL))
        {
          pk_sim_client_fail (self, request->request, PK_SYNC_FAILURE_LOCAL, NULL);
          return;
        }
      g_hash_table_remove (self->uploads, request->sha256);
    }
  pk_sim_client_answer (self, request->request, event, FALSE);
}

static gboolean
append_part (PkSimClient *self, const char *part, const PkSimAnswer *answer)
{
  PkSimFile *file = pk_sim_disk_make (self->disk, part);
  gint64 size = file != NULL ? pk_sim_file_size (file) : 0;

  /* A server that begins elsewhere: then it begins anew. */
  if (file == NULL || (answer->offset != size && !pk_sim_file_truncate (file, 0)))
    return FALSE;
  if (answer->body->len == 0)
    return TRUE;
  if (pk_sim_world_strikes (self->world, PK_SIM_FAULT_CORRUPT))
    answer->body->str[pk_sim_chance_below (&self->world->chance, (guint) answer->body->len)] ^= 4;
  return pk_sim_file_write (file,
                            answer->offset == size ? size : 0,
                            answer->body->str,
                            answer->body->len);
}

static void
take_bytes (PkSimClient *self, const PkSimRequest *request, const PkSimAnswer *answer)
{
  g_autofree char *part = pk_blob_cache_get_part_path (self->directory, request->sha256);

  if (!append_part (self, part, answer))
    {
      pk_sim_client_fail (self, request->request, PK_SYNC_FAILURE_LOCAL, NULL);
      return;
    }
  gint64 here = measure (self, part);
  pk_sim_client_send (self,
                      (PkSyncEvent){ .kind = PK_SYNC_EVENT_PROGRESS,
                                     .request = request->request,
                                     .number = here,
                                     .size = request->size });
  if (answer->is_cut || (request->size > 0 && here < request->size))
    pk_sim_client_fail (self, request->request, PK_SYNC_FAILURE_NETWORK, NULL);
  else
    verify (self, request->request, request->sha256);
}

/**
 * pk_sim_client_take_content:
 *
 * A good answer to a request of these lanes.
 */
void
pk_sim_client_take_content (PkSimClient *self,
                            const PkSimRequest *request,
                            const PkSimAnswer *answer)
{
  if (!pk_sync_machine_has_request (self->machine, request->request))
    return;
  if (request->kind == PK_SIM_REQUEST_CONTENT)
    take_bytes (self, request, answer);
  else
    take_offset (self, request, answer);
}
