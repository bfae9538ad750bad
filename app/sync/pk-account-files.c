/* Who was here last, so that the replica can be opened without keyring and network; and the tokens of the demo. Main thread. */
#include "config.h"

#include "pk-authorizer-private.h"

#include <glib/gstdio.h>

#define GROUP "account"

/* Directory names cannot hold a slash or a colon everywhere. */
static char *
dup_account_path (const char *server)
{
  const char *scheme_end = strstr (server, "://");
  g_autofree char *name = g_strdup (scheme_end ? scheme_end + 3 : server);

  g_strdelimit (name, "/:", '_');
  return g_build_filename (g_get_user_data_dir (), "pakobla", name, "account.ini", NULL);
}

static void
make_folder_of (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_mkdir_with_parents (folder, 0700);
}

/**
 * pk_account_save:
 *
 * Notes who was here last. No secrets.
 */
void
pk_account_save (const PkAccount *self)
{
  g_autofree char *path = dup_account_path (self->server);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  g_key_file_set_string (file, GROUP, "person", self->person);
  g_key_file_set_string (file, GROUP, "device", self->device);
  if (self->name != NULL)
    g_key_file_set_string (file, GROUP, "name", self->name);
  make_folder_of (path);
  if (!g_key_file_save_to_file (file, path, &error))
    g_warning ("Remembering who is signed in: %s", error->message);
}

/**
 * pk_account_load:
 *
 * Returns: (transfer full) (nullable): who was here last
 */
PkAccount *
pk_account_load (const char *server)
{
  g_autofree char *path = dup_account_path (server);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (PkAccount) account = g_new0 (PkAccount, 1);

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return NULL;
  account->server = g_strdup (server);
  account->person = g_key_file_get_string (file, GROUP, "person", NULL);
  account->device = g_key_file_get_string (file, GROUP, "device", NULL);
  account->name = g_key_file_get_string (file, GROUP, "name", NULL);
  return account->person && account->device ? g_steal_pointer (&account) : NULL;
}

/**
 * pk_token_file_save:
 * @path: of the file; only its owner can read it
 *
 * Keeps the tokens. Where that fails, they last as long as the program.
 */
void
pk_token_file_save (const char *path, const PkTokens *tokens)
{
  g_autofree char *text = pk_tokens_to_text (tokens);
  g_autoptr (GError) error = NULL;

  make_folder_of (path);
  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_message ("Signed in until the program ends: %s", error->message);
}

/**
 * pk_token_file_load:
 *
 * Returns: (transfer full) (nullable): the tokens; %NULL where there are none that can be read
 */
PkTokens *
pk_token_file_load (const char *path, const char *server)
{
  g_autofree char *text = NULL;
  gsize size;

  if (!g_file_get_contents (path, &text, &size, NULL))
    return NULL;
  return pk_tokens_read (server, text, size, NULL);
}
