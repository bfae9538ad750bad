/* Contents on their way. What one person has begun is not there for another. */
#include "config.h"

#include "pk-service-uploads.h"

#include "pk-problem.h"
#include "pk-store-blobs.h"
#include "pk-store.h"

#include <glib/gstdio.h>
#include <sys/statvfs.h>

#define LIFE_US       (G_GINT64_CONSTANT (14) * 24 * 3600 * G_USEC_PER_SEC)
#define RESERVE_BYTES (64 * 1024 * 1024)

static gboolean
check_room (PkStore *store, gint64 size, GError **error)
{
  struct statvfs room;

  if (statvfs (pk_store_get_dir (store), &room) != 0 ||
      (gint64) (room.f_bavail * room.f_frsize) > size + RESERVE_BYTES)
    return TRUE;
  pk_problem_set (error, PK_PROBLEM_NO_SPACE, NULL, "The server has no room for this content");
  return FALSE;
}

/* Whether the content is here and the person may read it: then nothing has to be sent. */
static gboolean
is_here (PkService *service,
         const PkId *person,
         const char *sha256,
         gboolean *is_here_out,
         GError **error)
{
  PkStore *store = pk_service_get_store (service);

  if (!pk_store_find_blob (store, sha256, is_here_out, NULL, error))
    return FALSE;
  if (!*is_here_out)
    return TRUE;
  g_autoptr (PkActor) actor = pk_actor_load (service, person, error);
  return actor != NULL &&
         pk_service_may_read_content (service, actor, sha256, is_here_out, error) &&
         (!*is_here_out || pk_service_content_arrived (service, person, sha256, error));
}

static PkUpload *
begin (PkService *service, const PkId *person, const char *sha256, gint64 size, GError **error)
{
  PkStore *store = pk_service_get_store (service);
  PkId id = pk_id_source_next (pk_service_get_ids (service));
  g_autoptr (PkUpload) upload = pk_upload_new (&id, person, size);
  g_autofree char *path = pk_store_dup_upload_path (store, &id);

  upload->sha256 = g_strdup (sha256);
  upload->created_us = pk_service_now_us (service);
  upload->expires_us = upload->created_us + LIFE_US;
  if (!check_room (store, size, error) ||
      !g_file_set_contents_full (path, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, error) ||
      !pk_store_put_upload (store, upload, error))
    return NULL;
  return g_steal_pointer (&upload);
}

/* The file goes when the content is put in its place; where that could not be told to the store, the upload stays without it. */
static gboolean
has_bytes (PkService *service, const PkUpload *upload)
{
  g_autofree char *path = pk_service_dup_upload_path (service, upload);
  GStatBuf info;

  return g_stat (path, &info) == 0 && (gint64) info.st_size >= upload->offset;
}

static gboolean
goes_on (PkService *service, const PkUpload *upload, gint64 size)
{
  return upload->size == size && upload->expires_us > pk_service_now_us (service) &&
         has_bytes (service, upload);
}

/**
 * pk_service_begin_upload:
 * @sha256: of the content
 * @size: of the content, in bytes
 *
 * Begins an upload, or continues the one that the person has begun. On the writing thread.
 *
 * Errors: %PK_PROBLEM_NO_SPACE
 * Returns: (transfer full) (nullable): the upload; one that is at its end and has no id where the content is here already
 */
PkUpload *
pk_service_begin_upload (PkService *service,
                         const PkId *person,
                         const char *sha256,
                         gint64 size,
                         GError **error)
{
  PkStore *store = pk_service_get_store (service);
  g_autoptr (PkUpload) upload = NULL;
  gboolean has_it;
  PkId none = { { 0 } };

  if (!is_here (service, person, sha256, &has_it, error))
    return NULL;
  if (has_it)
    {
      upload = pk_upload_new (&none, person, size);
      upload->offset = size;
      return g_steal_pointer (&upload);
    }
  if (!pk_store_find_open_upload (store, person, sha256, &upload, error))
    return NULL;
  if (upload != NULL && goes_on (service, upload, size))
    return g_steal_pointer (&upload);
  if (upload != NULL && !has_bytes (service, upload) &&
      !pk_service_drop_upload (service, upload, error))
    return NULL;
  return begin (service, person, sha256, size, error);
}

/**
 * pk_service_find_upload:
 *
 * Errors: %PK_PROBLEM_NOT_FOUND, also for another person's
 * Returns: (transfer full) (nullable): the upload
 */
PkUpload *
pk_service_find_upload (PkService *service, const PkId *person, const PkId *id, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (PkUpload) upload = pk_store_find_upload (pk_service_get_store (service), id, &local);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (upload != NULL && pk_id_equal (&upload->person, person) &&
      upload->expires_us > pk_service_now_us (service))
    return g_steal_pointer (&upload);
  pk_problem_set (error, PK_PROBLEM_NOT_FOUND, NULL, "There is no such upload");
  return NULL;
}

/**
 * pk_service_dup_upload_path:
 *
 * Returns: (transfer full): the file that its bytes are written to
 */
char *
pk_service_dup_upload_path (PkService *service, const PkUpload *upload)
{
  return pk_store_dup_upload_path (pk_service_get_store (service), &upload->id);
}

static gboolean
finish (PkService *service, const PkUpload *upload, GError **error)
{
  PkStore *store = pk_service_get_store (service);
  g_autofree char *path = pk_service_dup_upload_path (service, upload);

  return pk_store_take_blob_file (store,
                                  path,
                                  upload->sha256,
                                  pk_service_now_us (service),
                                  error) &&
         pk_store_delete_upload (store, &upload->id, error) &&
         pk_service_content_arrived (service, &upload->person, upload->sha256, error);
}

/**
 * pk_service_keep_upload:
 * @offset: bytes that are in the file and synced
 * @is_verified: of a whole file: whether it is what was promised
 *
 * Tells how far the upload has come; at its end it becomes a content. On the writing thread.
 *
 * Errors: %PK_PROBLEM_CHECKSUM where it is whole and not what was promised: then it is given up
 */
gboolean
pk_service_keep_upload (PkService *service,
                        PkUpload *upload,
                        gint64 offset,
                        gboolean is_verified,
                        GError **error)
{
  upload->offset = offset;
  if (offset < upload->size)
    return pk_store_put_upload (pk_service_get_store (service), upload, error);
  if (is_verified)
    return finish (service, upload, error);
  if (pk_service_drop_upload (service, upload, error))
    pk_problem_set (error, PK_PROBLEM_CHECKSUM, NULL, "The content is not what was promised");
  return FALSE;
}

/**
 * pk_service_drop_upload:
 *
 * Gives an upload up. On the writing thread.
 */
gboolean
pk_service_drop_upload (PkService *service, const PkUpload *upload, GError **error)
{
  g_autofree char *path = pk_service_dup_upload_path (service, upload);

  g_unlink (path);
  return pk_store_delete_upload (pk_service_get_store (service), &upload->id, error);
}

/**
 * pk_service_clean_uploads:
 *
 * Gives up what nobody finished in time. On the writing thread.
 */
gboolean
pk_service_clean_uploads (PkService *service, GError **error)
{
  g_autoptr (GPtrArray) uploads = pk_store_list_expired_uploads (pk_service_get_store (service),
                                                                 pk_service_now_us (service),
                                                                 error);

  if (uploads == NULL)
    return FALSE;
  for (guint i = 0; i < uploads->len; i++)
    if (!pk_service_drop_upload (service, uploads->pdata[i], error))
      return FALSE;
  return TRUE;
}
