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
#include "pk-tus.h"
#include "pk-upload-private.h"

#include <string.h>

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

static gboolean
read_creation (PkExchange *exchange, gint64 *size_out, char **sha256_out, GError **error)
{
  const char *length = pk_exchange_get_header (exchange, "Upload-Length");
  gint64 size;

  if (!pk_tus_read_number (length, &size))
    {
      pk_problem_set (error, PK_PROBLEM_MALFORMED, NULL, "Upload-Length is needed");
      return FALSE;
    }
  if (size > PK_UPLOAD_MAX_BYTES)
    {
      pk_problem_set (error, PK_PROBLEM_TOO_LARGE, NULL, "A content of this size is not taken");
      return FALSE;
    }
  g_autofree char *sha256 =
      pk_tus_dup_metadata (pk_exchange_get_header (exchange, "Upload-Metadata"), "sha256");
  if (sha256 == NULL || !pk_sha256_is_valid (sha256))
    {
      pk_problem_set (error,
                      PK_PROBLEM_INVALID,
                      "/sha256",
                      "Upload-Metadata must tell the content's sha256");
      return FALSE;
    }
  *size_out = size;
  *sha256_out = g_steal_pointer (&sha256);
  return TRUE;
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

/**
 * pk_uploads_create:
 *
 * Begins an upload, or tells how far an earlier one has come. On the writing thread.
 */
gboolean
pk_uploads_create (PkExchange *exchange, GError **error)
{
  g_autofree char *sha256 = NULL;
  gint64 size;

  if (!pk_upload_check_version (exchange, error) ||
      !read_creation (exchange, &size, &sha256, error))
    return FALSE;
  g_autoptr (PkUpload) upload = pk_service_begin_upload (pk_exchange_get_service (exchange),
                                                         pk_exchange_get_person (exchange),
                                                         sha256,
                                                         size,
                                                         error);
  if (upload == NULL)
    return FALSE;
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
  PkId id;

  if (pk_id_parse (pk_exchange_get_parameter (exchange, 0), &id))
    return pk_service_find_upload (pk_exchange_get_service (exchange),
                                   pk_exchange_get_person (exchange),
                                   &id,
                                   error);
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
  if (upload == NULL || !pk_service_drop_upload (pk_exchange_get_service (exchange), upload, error))
    return FALSE;
  pk_exchange_reply_empty (exchange, 204);
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
  g_autofree char *path = pk_service_dup_content_path (service, sha256);
  pk_exchange_set_header (exchange, "Content-Disposition", "attachment");
  return pk_file_reply (exchange, path, sha256, error);
}
