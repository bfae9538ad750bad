/*
 * Uploads: made, asked about, given up. A content is named by its SHA-256, told at the beginning; what the same person has begun
 * under the same name is continued. The bytes themselves are in pk-upload-patch.c.
 */
#include "config.h"

#include "pk-uploads.h"

#include "pk-exchange-private.h"
#include "pk-file-reply.h"
#include "pk-hash.h"
#include "pk-problem.h"
#include "pk-service-documents.h"
#include "pk-store-blobs.h"
#include "pk-upload-private.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/statvfs.h>

#define LIFE_US       (G_GINT64_CONSTANT (14) * 24 * 3600 * G_USEC_PER_SEC)
#define RESERVE_BYTES (64 * 1024 * 1024)

/**
 * pk_upload_check_version:
 *
 * Errors: %PK_PROBLEM_PRECONDITION where the client does not speak tus 1.0.0
 */
gboolean
pk_upload_check_version (PkExchange *exchange, GError **error)
{
  pk_exchange_set_header (exchange, "Tus-Resumable", "1.0.0");
  if (g_strcmp0 (pk_exchange_get_header (exchange, "Tus-Resumable"), "1.0.0") == 0)
    return TRUE;
  pk_exchange_set_header (exchange, "Tus-Version", "1.0.0");
  pk_problem_set (error, PK_PROBLEM_PRECONDITION, NULL, "Tus-Resumable must be 1.0.0");
  return FALSE;
}

/**
 * pk_uploads_options:
 *
 * Says what of tus is offered.
 */
gboolean
pk_uploads_options (PkExchange *exchange, GError **error G_GNUC_UNUSED)
{
  g_autofree char *max = g_strdup_printf ("%" G_GINT64_FORMAT, PK_UPLOAD_MAX_BYTES);

  pk_exchange_set_header (exchange, "Tus-Resumable", "1.0.0");
  pk_exchange_set_header (exchange, "Tus-Version", "1.0.0");
  pk_exchange_set_header (exchange, "Tus-Extension", "creation,checksum,expiration,termination");
  pk_exchange_set_header (exchange, "Tus-Checksum-Algorithm", "sha1,sha256");
  pk_exchange_set_header (exchange, "Tus-Max-Size", max);
  pk_exchange_reply_empty (exchange, 204);
  return TRUE;
}

/* Upload-Metadata: key and base64 value, separated by commas. */
static char *
dup_metadata (const char *header, const char *name)
{
  g_auto (GStrv) pairs = g_strsplit (header != NULL ? header : "", ",", 32);

  for (char **pair = pairs; *pair != NULL; pair++)
    {
      g_auto (GStrv) words = g_strsplit (g_strstrip (*pair), " ", 2);
      if (words[0] == NULL || words[1] == NULL || !g_str_equal (words[0], name))
        continue;
      gsize size = 0;
      g_autofree guchar *bytes = g_base64_decode (words[1], &size);
      return g_strndup ((const char *) bytes, size);
    }
  return NULL;
}

static gboolean
read_creation (PkExchange *exchange, gint64 *size_out, char **sha256_out, GError **error)
{
  const char *length = pk_exchange_get_header (exchange, "Upload-Length");
  guint64 size;

  if (length == NULL || !g_ascii_string_to_unsigned (length, 10, 0, G_MAXINT64, &size, NULL))
    {
      pk_problem_set (error, PK_PROBLEM_MALFORMED, NULL, "Upload-Length is needed");
      return FALSE;
    }
  if (size > (guint64) PK_UPLOAD_MAX_BYTES)
    {
      pk_problem_set (error, PK_PROBLEM_TOO_LARGE, NULL, "A content of this size is not taken");
      return FALSE;
    }
  g_autofree char *sha256 = dup_metadata (pk_exchange_get_header (exchange, "Upload-Metadata"),
                                          "sha256");
  if (sha256 == NULL || !pk_sha256_is_valid (sha256))
    {
      pk_problem_set (error,
                      PK_PROBLEM_INVALID,
                      "/sha256",
                      "Upload-Metadata must tell the content's sha256");
      return FALSE;
    }
  *size_out = (gint64) size;
  *sha256_out = g_steal_pointer (&sha256);
  return TRUE;
}

static gboolean
check_room (PkExchange *exchange, gint64 size, GError **error)
{
  PkStore *store = pk_service_get_store (pk_exchange_get_service (exchange));
  struct statvfs room;

  if (statvfs (pk_store_get_dir (store), &room) != 0 ||
      (gint64) (room.f_bavail * room.f_frsize) > size + RESERVE_BYTES)
    return TRUE;
  pk_problem_set (error, PK_PROBLEM_NO_SPACE, NULL, "The server has no room for this content");
  return FALSE;
}

static void
set_number (PkExchange *exchange, const char *name, gint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);

  pk_exchange_set_header (exchange, name, text);
}

/**
 * pk_upload_set_headers:
 *
 * Says how far @upload has come, and how long it is kept.
 */
void
pk_upload_set_headers (PkExchange *exchange, const PkUpload *upload)
{
  g_autoptr (GDateTime)
      expires = g_date_time_new_from_unix_utc (upload->expires_us / G_USEC_PER_SEC);
  g_autofree char *text = soup_date_time_to_string (expires, SOUP_DATE_HTTP);

  set_number (exchange, "Upload-Offset", upload->offset);
  set_number (exchange, "Upload-Length", upload->size);
  if (upload->expires_us > 0)
    pk_exchange_set_header (exchange, "Upload-Expires", text);
}

static void
reply_created (PkExchange *exchange, const PkUpload *upload)
{
  char id[PK_ID_TEXT_LENGTH + 1];
  g_autofree char *location = g_strconcat ("/api/uploads/", pk_id_to_text (&upload->id, id), NULL);

  pk_exchange_set_header (exchange, "Location", location);
  pk_upload_set_headers (exchange, upload);
  pk_exchange_reply_empty (exchange, 201);
}

/* Whether the content is here and the person may read it: then nothing has to be sent. */
static gboolean
is_here (PkExchange *exchange, const char *sha256, gboolean *is_here_out, GError **error)
{
  PkService *service = pk_exchange_get_service (exchange);
  const PkId *person = pk_exchange_get_person (exchange);
  g_autoptr (PkActor) actor = pk_actor_load (service, person, error);

  if (actor == NULL ||
      !pk_store_find_blob (pk_service_get_store (service), sha256, is_here_out, NULL, error))
    return FALSE;
  if (!*is_here_out)
    return TRUE;
  return pk_service_may_read_content (service, actor, sha256, is_here_out, error) &&
         (!*is_here_out || pk_service_content_arrived (service, person, sha256, error));
}

static PkUpload *
find_begun (PkExchange *exchange, const char *sha256, gint64 size, GError **error)
{
  PkStore *store = pk_service_get_store (pk_exchange_get_service (exchange));
  g_autoptr (GPtrArray) uploads = pk_store_list_expired_uploads (store, G_MAXINT64, error);

  for (guint i = 0; uploads != NULL && i < uploads->len; i++)
    {
      const PkUpload *upload = uploads->pdata[i];
      if (upload->size == size && g_strcmp0 (upload->sha256, sha256) == 0 &&
          pk_id_equal (&upload->person, pk_exchange_get_person (exchange)))
        return pk_store_find_upload (store, &upload->id, error);
    }
  return NULL;
}

static PkUpload *
begin (PkExchange *exchange, const char *sha256, gint64 size, GError **error)
{
  PkService *service = pk_exchange_get_service (exchange);
  PkStore *store = pk_service_get_store (service);
  PkId id = pk_id_source_next (pk_service_get_ids (service));
  g_autoptr (PkUpload) upload = pk_upload_new (&id, pk_exchange_get_person (exchange), size);
  g_autofree char *path = pk_store_dup_upload_path (store, &id);

  upload->sha256 = g_strdup (sha256);
  upload->created_us = pk_service_now_us (service);
  upload->expires_us = upload->created_us + LIFE_US;
  if (!check_room (exchange, size, error) ||
      !g_file_set_contents_full (path, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, error) ||
      !pk_store_put_upload (store, upload, error))
    return NULL;
  return g_steal_pointer (&upload);
}

/**
 * pk_uploads_create:
 *
 * Begins an upload, or tells how far an earlier one has come. On the writing thread.
 */
gboolean
pk_uploads_create (PkExchange *exchange, GError **error)
{
  g_autofree char *sha256 = NULL;
  g_autoptr (PkUpload) upload = NULL;
  g_autoptr (GError) local = NULL;
  gboolean has_it = FALSE;
  gint64 size;

  if (!pk_upload_check_version (exchange, error) ||
      !read_creation (exchange, &size, &sha256, error) ||
      !is_here (exchange, sha256, &has_it, error))
    return FALSE;
  if (has_it)
    {
      PkId none = { 0 };
      upload = pk_upload_new (&none, pk_exchange_get_person (exchange), size);
      upload->offset = size;
      reply_created (exchange, upload);
      return TRUE;
    }
  upload = find_begun (exchange, sha256, size, &local);
  if (upload == NULL && local == NULL)
    upload = begin (exchange, sha256, size, &local);
  if (upload == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  reply_created (exchange, upload);
  return TRUE;
}

/**
 * pk_upload_find:
 *
 * Errors: %PK_PROBLEM_NOT_FOUND, also for another person's
 * Returns: (transfer full) (nullable): the upload that the address names
 */
PkUpload *
pk_upload_find (PkExchange *exchange, GError **error)
{
  PkService *service = pk_exchange_get_service (exchange);
  g_autoptr (GError) local = NULL;
  g_autoptr (PkUpload) upload = NULL;
  PkId id;

  if (pk_id_parse (pk_exchange_get_parameter (exchange, 0), &id))
    upload = pk_store_find_upload (pk_service_get_store (service), &id, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (upload != NULL && pk_id_equal (&upload->person, pk_exchange_get_person (exchange)) &&
      upload->expires_us > pk_service_now_us (service))
    return g_steal_pointer (&upload);
  pk_problem_set (error, PK_PROBLEM_NOT_FOUND, NULL, "There is no such upload");
  return NULL;
}

/**
 * pk_uploads_head:
 *
 * Tells how far an upload has come. On a reading thread.
 */
gboolean
pk_uploads_head (PkExchange *exchange, GError **error)
{
  g_autoptr (PkUpload) upload = NULL;

  if (!pk_upload_check_version (exchange, error))
    return FALSE;
  upload = pk_upload_find (exchange, error);
  if (upload == NULL)
    return FALSE;
  pk_upload_set_headers (exchange, upload);
  pk_exchange_reply_empty (exchange, 200);
  return TRUE;
}

static gboolean
remove_upload (PkStore *store, const PkId *id, GError **error)
{
  g_autofree char *path = pk_store_dup_upload_path (store, id);

  g_unlink (path);
  return pk_store_delete_upload (store, id, error);
}

/**
 * pk_uploads_delete:
 *
 * Gives an upload up. On the writing thread.
 */
gboolean
pk_uploads_delete (PkExchange *exchange, GError **error)
{
  g_autoptr (PkUpload) upload = NULL;

  if (!pk_upload_check_version (exchange, error))
    return FALSE;
  upload = pk_upload_find (exchange, error);
  if (upload == NULL || !remove_upload (pk_service_get_store (pk_exchange_get_service (exchange)),
                                        &upload->id,
                                        error))
    return FALSE;
  pk_exchange_reply_empty (exchange, 204);
  return TRUE;
}

/**
 * pk_uploads_clean:
 *
 * Removes the uploads that nobody finished in time. On the writing thread.
 */
gboolean
pk_uploads_clean (PkService *service, GError **error)
{
  PkStore *store = pk_service_get_store (service);
  g_autoptr (GPtrArray)
      uploads = pk_store_list_expired_uploads (store, pk_service_now_us (service), error);

  if (uploads == NULL)
    return FALSE;
  for (guint i = 0; i < uploads->len; i++)
    if (!remove_upload (store, &((PkUpload *) uploads->pdata[i])->id, error))
      return FALSE;
  return TRUE;
}

/**
 * pk_content_get:
 *
 * A content, for whoever may see a document that points to it; for others it does not exist. On a reading thread.
 */
gboolean
pk_content_get (PkExchange *exchange, GError **error)
{
  PkService *service = pk_exchange_get_service (exchange);
  const char *sha256 = pk_exchange_get_parameter (exchange, 0);
  g_autoptr (PkActor) actor = pk_actor_load (service, pk_exchange_get_person (exchange), error);
  gboolean may_read = FALSE;

  if (actor == NULL || (pk_sha256_is_valid (sha256) &&
                        !pk_service_may_read_content (service, actor, sha256, &may_read, error)))
    return FALSE;
  if (!may_read)
    {
      pk_problem_set (error, PK_PROBLEM_NOT_FOUND, NULL, "There is no such content");
      return FALSE;
    }
  g_autofree char *path = pk_store_dup_blob_path (pk_service_get_store (service), sha256);
  pk_exchange_set_header (exchange, "Content-Disposition", "attachment");
  return pk_file_reply (exchange, path, sha256, error);
}
