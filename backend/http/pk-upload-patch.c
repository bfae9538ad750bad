/*
 * A piece of an upload. Its bytes go to the file as they come; the new offset is told to the store after the file is synced, so
 * that a crash never leaves an offset beyond the bytes. A connection that is cut leaves what had come, unless a checksum was
 * promised for the piece: then it counts as a whole or not at all.
 *
 *   headers → pk_uploads_open (reader: find, check, open) → bytes → settle (reader: sync, verify) → record (writer)
 */
#include "config.h"

#include "pk-uploads.h"

#include "pk-exchange-private.h"
#include "pk-hash.h"
#include "pk-http-private.h"
#include "pk-problem.h"
#include "pk-tus.h"
#include "pk-upload-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static void
free_upload (gpointer data)
{
  pk_upload_free (data);
}

static gboolean
check_offset (PkExchange *exchange, const PkUpload *upload, GError **error)
{
  const char *text = pk_exchange_get_header (exchange, "Upload-Offset");
  gint64 offset;

  if (!pk_tus_read_number (text, &offset))
    {
      pk_problem_set (error, PK_PROBLEM_MALFORMED, NULL, "Upload-Offset is needed");
      return FALSE;
    }
  if (offset == upload->offset)
    return TRUE;
  pk_upload_set_headers (exchange, upload);
  pk_problem_set (error,
                  PK_PROBLEM_OFFSET,
                  NULL,
                  "The upload continues at %" G_GINT64_FORMAT,
                  upload->offset);
  return FALSE;
}

/* Upload-Checksum: "sha256 <base64>". */
static gboolean
begin_checksum (PkExchange *exchange, GError **error)
{
  const char *header = pk_exchange_get_header (exchange, "Upload-Checksum");

  if (header == NULL)
    return TRUE;
  if (g_str_has_prefix (header, "sha256 "))
    exchange->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  else if (g_str_has_prefix (header, "sha1 "))
    exchange->checksum = g_checksum_new (G_CHECKSUM_SHA1);
  else
    pk_problem_set (error, PK_PROBLEM_MALFORMED, NULL, "The checksum's kind is not offered");
  return exchange->checksum != NULL;
}

/* Another process may serve the same folder: who writes has the file's lock until the exchange ends. */
static gboolean
lock_file (PkExchange *exchange, const PkUpload *upload, GError **error)
{
  g_autofree char *path = pk_service_dup_upload_path (pk_exchange_get_service (exchange), upload);

  exchange->sink = open (path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  if (exchange->sink >= 0 && flock (exchange->sink, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  int code = errno;
  if (code == EWOULDBLOCK)
    pk_problem_set (error, PK_PROBLEM_OFFSET, NULL, "Another request is writing to this upload");
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s", g_strerror (code));
  return FALSE;
}

static gboolean
begin_writing (PkExchange *exchange, const PkUpload *upload, GError **error)
{
  if (ftruncate (exchange->sink, upload->offset) != 0)
    {
      int code = errno;
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s", g_strerror (code));
      return FALSE;
    }
  exchange->sink_offset = upload->offset;
  exchange->sink_end = upload->size;
  return TRUE;
}

/**
 * pk_uploads_open:
 *
 * Makes ready for a piece before its bytes come. On a reading thread.
 */
gboolean
pk_uploads_open (PkExchange *exchange, GError **error)
{
  if (!pk_upload_check_version (exchange, error))
    return FALSE;
  g_autoptr (PkUpload) found = pk_upload_find (exchange, error);
  if (found == NULL || !lock_file (exchange, found, error))
    return FALSE;
  /* As it is now that nobody else writes. */
  PkUpload *upload = pk_upload_find (exchange, error);
  if (upload == NULL)
    return FALSE;
  pk_exchange_set_state (exchange, upload, free_upload);
  return check_offset (exchange, upload, error) && begin_checksum (exchange, error) &&
         begin_writing (exchange, upload, error);
}

static gboolean
verify_piece (PkExchange *exchange, GError **error)
{
  const char *header = pk_exchange_get_header (exchange, "Upload-Checksum");
  guint8 digest[32];
  gsize size = sizeof digest;

  if (exchange->checksum == NULL)
    return TRUE;
  g_checksum_get_digest (exchange->checksum, digest, &size);
  g_autofree char *text = g_base64_encode (digest, size);
  if (!exchange->is_gone && g_strcmp0 (strchr (header, ' ') + 1, text) == 0)
    return TRUE;
  pk_problem_set (error, PK_PROBLEM_CHECKSUM, NULL, "The piece does not match its checksum");
  return FALSE;
}

static gboolean
verify_whole (PkExchange *exchange, const PkUpload *upload, GError **error)
{
  g_autofree char *path = pk_service_dup_upload_path (pk_exchange_get_service (exchange), upload);
  g_autofree char *sha256 = pk_sha256_of_file (path, NULL, error);

  if (sha256 == NULL)
    return FALSE;
  exchange->is_verified = g_strcmp0 (sha256, upload->sha256) == 0;
  return TRUE;
}

/* On the writing thread: what came is told to the store; the last piece makes a content of it. */
static gboolean
record (PkExchange *exchange, GError **error)
{
  PkUpload *upload = pk_exchange_get_state (exchange);

  if (!pk_service_keep_upload (pk_exchange_get_service (exchange),
                               upload,
                               exchange->sink_offset,
                               exchange->is_verified,
                               error))
    return FALSE;
  pk_upload_set_headers (exchange, upload);
  pk_exchange_reply_empty (exchange, 204);
  return TRUE;
}

/**
 * pk_uploads_patch:
 *
 * A piece has come, or as much of it as there was before the client was gone. On a reading thread; goes on on the writing one.
 */
gboolean
pk_uploads_patch (PkExchange *exchange, GError **error)
{
  const PkUpload *upload = pk_exchange_get_state (exchange);

  if (!verify_piece (exchange, error))
    return FALSE;
  if (fsync (exchange->sink) != 0)
    {
      pk_problem_set (error, PK_PROBLEM_NO_SPACE, NULL, "The piece cannot be kept");
      return FALSE;
    }
  if (exchange->sink_offset == upload->size && !verify_whole (exchange, upload, error))
    return FALSE;
  exchange->next = record;
  return TRUE;
}
