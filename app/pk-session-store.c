/* Small files beside the replicas: who was signed in last, and the line that the one who started the program waits for. Main thread. */
#include "config.h"

#include "pk-session-store.h"

#include "pk-glib-backports.h"
#include "pk-json.h"

#include <glib/gstdio.h>
#include <string.h>

#define GROUP "account"

static char *
get_path (const char *data_directory)
{
  return g_build_filename (data_directory, "account.ini", NULL);
}

/**
 * pk_session_store_load:
 * @data_directory: where the replicas are
 * @server: (nullable): only an account at this server
 * @demo: (nullable): only this person of the demo
 *
 * Returns: (transfer full) (nullable): who was signed in last
 */
PkAccount *
pk_session_store_load (const char *data_directory, const char *server, const char *demo)
{
  g_autofree char *path = get_path (data_directory);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  PkAccount found = { NULL };

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return NULL;
  g_autofree char *at = g_key_file_get_string (file, GROUP, "server", NULL);
  g_autofree char *person = g_key_file_get_string (file, GROUP, "person", NULL);
  g_autofree char *device = g_key_file_get_string (file, GROUP, "device", NULL);
  g_autofree char *name = g_key_file_get_string (file, GROUP, "name", NULL);
  g_autofree char *asked = g_key_file_get_string (file, GROUP, "demo", NULL);
  if (g_strcmp0 (asked, demo) != 0 || at == NULL || person == NULL || device == NULL ||
      (server != NULL && g_strcmp0 (server, at) != 0))
    return NULL;
  found.server = at;
  found.person = person;
  found.device = device;
  found.name = name;
  return pk_account_copy (&found);
}

/**
 * pk_session_store_save:
 * @data_directory: where the replicas are
 * @account: who is signed in
 * @demo: (nullable): as whom of the demo the person was asked for
 * @error: return location
 *
 * Errors: of %G_FILE_ERROR.
 * Returns: %TRUE if it was written
 */
gboolean
pk_session_store_save (const char *data_directory,
                       const PkAccount *account,
                       const char *demo,
                       GError **error)
{
  g_autofree char *path = get_path (data_directory);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_mkdir_with_parents (data_directory, 0700);
  g_key_file_set_string (file, GROUP, "server", account->server);
  g_key_file_set_string (file, GROUP, "person", account->person);
  g_key_file_set_string (file, GROUP, "device", account->device);
  if (account->name != NULL)
    g_key_file_set_string (file, GROUP, "name", account->name);
  if (demo != NULL)
    g_key_file_set_string (file, GROUP, "demo", demo);
  return g_key_file_save_to_file (file, path, error);
}

/**
 * pk_session_store_forget:
 * @data_directory: where the replicas are
 *
 * Nobody is signed in any more.
 */
void
pk_session_store_forget (const char *data_directory)
{
  g_autofree char *path = get_path (data_directory);

  g_unlink (path);
}

#define SAFE_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"

static char *
make_host_name (const char *server)
{
  const char *host = strstr (server, "://");

  return g_strcanon (g_strdup (host == NULL ? server : host + strlen ("://")), SAFE_LETTERS, '_');
}

/**
 * pk_session_store_get_demo_tokens:
 * @data_directory: where the replicas are
 * @server: with the demo municipality
 * @demo: the role or the id that was asked for
 *
 * Returns: (transfer full): the file for the tokens of a person of the demo
 */
char *
pk_session_store_get_demo_tokens (const char *data_directory, const char *server, const char *demo)
{
  g_autofree char *host = make_host_name (server);
  g_autofree char *person = g_strcanon (g_strdup (demo), SAFE_LETTERS, '_');
  g_autofree char *name = g_strdup_printf ("demo-%s.json", person);

  return g_build_filename (data_directory, host, name, NULL);
}

/**
 * pk_session_store_get_replica:
 * @data_directory: where the replicas are
 * @account: who is signed in
 *
 * Returns: (transfer full): the directory of the account's replica
 */
char *
pk_session_store_get_replica (const char *data_directory, const PkAccount *account)
{
  g_autofree char *name = make_host_name (account->server);

  return g_build_filename (data_directory, name, account->person, NULL);
}

/**
 * pk_session_store_find_database:
 * @replica_directory: of one person's replica
 *
 * Returns: (transfer full): the file that holds the records now: the newest generation
 */
char *
pk_session_store_find_database (const char *replica_directory)
{
  g_autoptr (GDir) folder = g_dir_open (replica_directory, 0, NULL);
  g_autofree char *newest = g_strdup ("");
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_prefix (name, "replica") && g_str_has_suffix (name, ".db") &&
        g_strcmp0 (name, newest) > 0)
      g_set_str (&newest, name);
  return g_build_filename (replica_directory, newest, NULL);
}

static void
write_line (const char *path, const char *line)
{
  g_autofree char *unfinished = g_strconcat (path, ".part", NULL);
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents (unfinished, line, -1, &error))
    g_warning ("Writing the status file: %s", error->message);
  else if (g_rename (unfinished, path) != 0)
    g_warning ("The status file %s could not be put in place", path);
}

/**
 * pk_session_store_report:
 * @path: (nullable): of the status file; nothing is written where there is none
 * @person: who is signed in
 * @n_rows: in the replica
 * @seconds: that the first sync took
 * @replica: its file
 *
 * Tells whoever started the program that it is ready.
 */
void
pk_session_store_report (const char *path,
                         const char *person,
                         gint64 n_rows,
                         double seconds,
                         const char *replica)
{
  g_autoptr (GString) line = g_string_new ("{\"person\":");

  if (path == NULL)
    return;
  pk_json_append_text (line, person);
  g_string_append_printf (line, ",\"rows\":%" G_GINT64_FORMAT ",\"seconds\":", n_rows);
  pk_json_append_real (line, seconds);
  g_string_append (line, ",\"replica\":");
  pk_json_append_text (line, replica);
  g_string_append (line, "}\n");
  write_line (path, line->str);
}

/**
 * pk_session_store_report_problem:
 * @path: (nullable): of the status file; nothing is written where there is none
 * @problem: a sentence
 *
 * Tells whoever started the program that it could not sign in.
 */
void
pk_session_store_report_problem (const char *path, const char *problem)
{
  g_autoptr (GString) line = g_string_new ("{\"error\":");

  if (path == NULL)
    return;
  pk_json_append_text (line, problem);
  g_string_append (line, "}\n");
  write_line (path, line->str);
}
