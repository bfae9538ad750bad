/*
 * Back to a backup while the server runs. A copy of the backup is opened as a store of its own, in DIR/restoring: that checks it,
 * brings an older one up to date and gives it a new epoch, which makes every client push again what the backup does not know.
 * Only then the store is closed, the file is put in its place – one rename – and the store is opened again.
 */
#include "config.h"

#include "pk-restore.h"

#include "pk-admin-private.h"
#include "pk-exchange-private.h"
#include "pk-http-private.h"
#include "pk-problem.h"
#include "pk-store-meta.h"

#include <errno.h>
#include <glib/gstdio.h>

#define FOLDER   "restoring"
#define DATABASE "pakobla.db"

static void
remove_folder (const char *dir)
{
  static const char *const names[] = {
    DATABASE, DATABASE "-wal", DATABASE "-shm", "blobs", "uploads", "snapshots",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (dir, names[i], NULL);
      g_remove (path);
    }
  g_rmdir (dir);
}

static gboolean
copy_backup (const char *from, const char *dir, GError **error)
{
  g_autofree char *path = g_build_filename (dir, DATABASE, NULL);
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (path);
  g_autoptr (GError) local = NULL;

  remove_folder (dir);
  if (g_mkdir_with_parents (dir, 0700) == 0 &&
      g_file_copy (source, target, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &local))
    return TRUE;
  pk_problem_set (error,
                  PK_PROBLEM_INVALID,
                  "/path",
                  "The backup cannot be copied: %s",
                  local != NULL ? local->message : g_strerror (errno));
  return FALSE;
}

static gboolean
renew (PkStore *store, PkId *epoch, gint64 *seq, GError **error)
{
  return pk_store_begin (store, error) && pk_store_renew_epoch (store, epoch, error) &&
         pk_store_get_seq (store, seq, error) && pk_store_commit (store, error) &&
         pk_store_checkpoint (store, error);
}

static void
reply (PkExchange *exchange, const char *path, const PkId *epoch, gint64 seq)
{
  GString *out = g_string_new ("{");

  pk_admin_append_text (out, "path", path);
  pk_admin_append_number (out, "head_seq", seq);
  pk_json_append_name (out, "epoch");
  pk_json_append_id (out, epoch);
  g_string_append_c (out, '}');
  pk_exchange_reply_json (exchange, 200, out);
}

static gboolean
put_in_place (PkHttp *http, GError **error)
{
  g_autofree char *from = g_build_filename (http->data_dir, FOLDER, DATABASE, NULL);
  g_autofree char *to = g_build_filename (http->data_dir, DATABASE, NULL);
  g_autofree char *wal = g_strconcat (to, "-wal", NULL);
  g_autofree char *shm = g_strconcat (to, "-shm", NULL);

  g_unlink (wal);
  g_unlink (shm);
  if (g_rename (from, to) == 0)
    return TRUE;
  int code = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s", g_strerror (code));
  return FALSE;
}

/* On the main thread: nothing else runs while the store is closed. */
static void
swap (PkExchange *exchange)
{
  PkHttp *http = pk_exchange_get_http (exchange);
  g_autofree char *dir = g_build_filename (http->data_dir, FOLDER, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) fatal = NULL;

  if (exchange->answer.status != 200)
    return;
  pk_http_close_store (http);
  pk_known_tokens_forget_all (http->tokens);
  if (!put_in_place (http, &error))
    pk_exchange_fail (exchange, error);
  remove_folder (dir);
  if (!pk_http_open_store (http, &fatal))
    g_error ("The store cannot be opened after a restore: %s", fatal->message);
}

/**
 * pk_restore_post:
 *
 * Takes `{"path": …}` of a backup. On a reading thread; what follows, on the main one.
 */
gboolean
pk_restore_post (PkExchange *exchange, GError **error)
{
  PkHttp *http = pk_exchange_get_http (exchange);
  g_autoptr (JsonNode) body = pk_admin_read_object (exchange, error);
  const char *path = body != NULL ? pk_admin_read_path (body, error) : NULL;
  g_autofree char *dir = g_build_filename (http->data_dir, FOLDER, NULL);
  PkIdSource *ids = pk_service_get_ids (pk_exchange_get_service (exchange));
  g_autoptr (GError) local = NULL;
  PkId epoch;
  gint64 seq;

  if (path == NULL)
    return FALSE;
  /* Opened to be written, an empty file would become an empty store. */
  if (!pk_store_check_backup (path, &local))
    {
      pk_problem_set (error, PK_PROBLEM_INVALID, "/path", "No backup: %s", local->message);
      return FALSE;
    }
  if (!copy_backup (path, dir, error))
    return FALSE;
  g_autoptr (PkStore) store = pk_store_open (dir, PK_STORE_READ_WRITE, ids, &local);
  if (store == NULL || !renew (store, &epoch, &seq, &local))
    {
      g_clear_pointer (&store, pk_store_close);
      remove_folder (dir);
      pk_problem_set (error, PK_PROBLEM_INVALID, "/path", "No backup: %s", local->message);
      return FALSE;
    }
  reply (exchange, path, &epoch, seq);
  exchange->then = swap;
  return TRUE;
}
