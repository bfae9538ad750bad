/*
 * pakobla-admin: what an operator does with a running server, over the socket in its data folder.
 *
 * Exit status: 0 done, 1 refused or failed, 2 wrong use, 3 no server, 4 done but some rows were rejected.
 */
#include "config.h"

#include "pk-admin-client.h"
#include "pk-admin-move.h"
#include "pk-admin-print.h"

#include "pk-json.h"
#include "pk-problem.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

#define EXIT_REFUSED   1
#define EXIT_USAGE     2
#define EXIT_NO_SERVER 3
#define EXIT_REJECTED  4

typedef struct
{
  char *data_dir;
  gboolean as_json;
  gboolean is_preview;
  char *mapping;
  char *search;
  char *name;
  char *title;
  char *email;
  char *phone;
  char *unit;
  char *property;
  char *caretaker;
  char **roles;
  int seed;
  char *today;
  int n_tasks;
  int lease_days;   /* -1: not given */
  char *quarantine; /* on, off */
  char **words;     /* the command and what it is about */
} Arguments;

static void
clear_arguments (Arguments *self)
{
  g_free (self->data_dir);
  g_free (self->mapping);
  g_free (self->search);
  g_free (self->name);
  g_free (self->title);
  g_free (self->email);
  g_free (self->phone);
  g_free (self->unit);
  g_free (self->property);
  g_free (self->caretaker);
  g_strfreev (self->roles);
  g_free (self->today);
  g_free (self->quarantine);
  g_strfreev (self->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, clear_arguments)

typedef struct
{
  const Arguments *arguments;
  PkAdminClient *client;
  JsonNode *answer; /* (owned) (nullable) */
} Session;

typedef int (*CommandFunc) (Session *session, const char *const *words, GError **error);

typedef struct
{
  const char *name;
  const char *argument; /* msgid (nullable): what must follow */
  CommandFunc run;
  const char *help; /* msgid */
} Command;

static gboolean
ask (Session *self,
     const char *method,
     const char *path,
     const char *media_type,
     GBytes *body,
     GError **error)
{
  g_clear_pointer (&self->answer, json_node_unref);
  return pk_admin_client_call (self->client, method, path, media_type, body, &self->answer, error);
}

static gboolean
ask_json (Session *self, const char *path, GString *json, GError **error)
{
  g_autoptr (GBytes) body = g_string_free_to_bytes (json);

  return ask (self, "POST", path, "application/json", body, error);
}

typedef void (*PrintFunc) (JsonObject *answer);

static int
print (Session *self, PrintFunc func, int status)
{
  gboolean is_object = self->answer != NULL && JSON_NODE_HOLDS_OBJECT (self->answer);

  if (self->arguments->as_json)
    pk_admin_print_json (self->answer);
  else if (is_object && func != NULL)
    func (json_node_get_object (self->answer));
  return status;
}

static void
append_member (GString *json, const char *name, const char *text)
{
  if (text == NULL)
    return;
  pk_json_append_name (json, name);
  pk_json_append_text (json, text);
}

static int
run_status (Session *self, const char *const *words, GError **error)
{
  (void) words;
  if (!ask (self, "GET", "/admin/status", NULL, NULL, error))
    return EXIT_REFUSED;
  return print (self, pk_admin_print_status, EXIT_SUCCESS);
}

static int
run_users (Session *self, const char *const *words, GError **error)
{
  const char *search = self->arguments->search;
  g_autofree char *escaped = g_uri_escape_string (search != NULL ? search : "", NULL, FALSE);
  g_autofree char *path = g_strconcat ("/admin/users?limit=5000&q=", escaped, NULL);

  (void) words;
  if (!ask (self, "GET", path, NULL, NULL, error))
    return EXIT_REFUSED;
  return print (self, pk_admin_print_users, EXIT_SUCCESS);
}

static void
print_added (JsonObject *answer)
{
  g_print (_ ("Added with id %s\n"), json_object_get_string_member_with_default (answer, "id", ""));
}

static int
run_add_user (Session *self, const char *const *words, GError **error)
{
  const Arguments *arguments = self->arguments;
  GString *json = g_string_new ("{");

  (void) words;
  append_member (json, "name", arguments->name);
  append_member (json, "title", arguments->title);
  append_member (json, "email", arguments->email);
  append_member (json, "phone", arguments->phone);
  append_member (json, "unit_id", arguments->unit);
  pk_json_append_name (json, "roles");
  g_string_append_c (json, '[');
  for (guint i = 0; arguments->roles != NULL && arguments->roles[i] != NULL; i++)
    {
      g_string_append (json, i > 0 ? "," : "");
      pk_json_append_text (json, arguments->roles[i]);
    }
  g_string_append (json, "]}");
  if (!ask_json (self, "/admin/users", json, error))
    return EXIT_REFUSED;
  return print (self, print_added, EXIT_SUCCESS);
}

static int
run_devices (Session *self, const char *const *words, GError **error)
{
  (void) words;
  if (!ask (self, "GET", "/admin/devices", NULL, NULL, error))
    return EXIT_REFUSED;
  return print (self, pk_admin_print_devices, EXIT_SUCCESS);
}

static int
run_sync (Session *self, const char *const *words, GError **error)
{
  (void) words;
  if (!ask (self, "GET", "/admin/sync", NULL, NULL, error))
    return EXIT_REFUSED;
  return print (self, pk_admin_print_sync, EXIT_SUCCESS);
}

static int
run_quarantine (Session *self, const char *const *words, GError **error)
{
  (void) words;
  if (!ask (self, "GET", "/admin/quarantine", NULL, NULL, error))
    return EXIT_REFUSED;
  return print (self, pk_admin_print_quarantine, EXIT_SUCCESS);
}

/* Without an option it is only shown. */
static int
run_policy (Session *self, const char *const *words, GError **error)
{
  const Arguments *arguments = self->arguments;
  g_autoptr (GString) json = g_string_new ("{");

  (void) words;
  if (arguments->lease_days >= 0)
    g_string_append_printf (json, "\"lease_days\":%d", arguments->lease_days);
  if (arguments->quarantine != NULL)
    g_string_append_printf (json,
                            "%s\"quarantine\":%s",
                            json->len > 1 ? "," : "",
                            g_str_equal (arguments->quarantine, "on") ? "true" : "false");
  g_string_append_c (json, '}');
  gboolean is_done = json->len > 2
                         ? ask_json (self, "/admin/policy", g_steal_pointer (&json), error)
                         : ask (self, "GET", "/admin/policy", NULL, NULL, error);
  return is_done ? print (self, pk_admin_print_policy, EXIT_SUCCESS) : EXIT_REFUSED;
}

static int
run_revoke (Session *self, const char *const *words, GError **error)
{
  g_autofree char *id = g_uri_escape_string (words[0], NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/admin/devices/%s/revoke", id);

  if (!ask_json (self, path, g_string_new ("{}"), error))
    return EXIT_REFUSED;
  if (!self->arguments->as_json)
    g_print ("%s\n", _ ("Revoked. The device is told at its next contact."));
  return print (self, NULL, EXIT_SUCCESS);
}

static void
print_backup (JsonObject *answer)
{
  g_autofree char *size =
      g_format_size ((guint64) json_object_get_int_member_with_default (answer, "bytes", 0));

  g_print (_ ("Saved %s in %s, with %d files of documents\nSHA-256 of the database %s\n"),
           size,
           json_object_get_string_member_with_default (answer, "path", ""),
           (int) json_object_get_int_member_with_default (answer, "contents", 0),
           json_object_get_string_member_with_default (answer, "sha256", ""));
}

static void
print_restored (JsonObject *answer)
{
  g_print (_ ("Restored from %s. The clients will fetch everything anew and send what they still "
              "hold.\n"),
           json_object_get_string_member_with_default (answer, "path", ""));
}

/* The server works in a folder of its own, so it is told the whole path. */
static gboolean
ask_path (Session *self, const char *route, const char *file, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (file, NULL);
  GString *json = g_string_new ("{");

  append_member (json, "path", path);
  g_string_append_c (json, '}');
  return ask_json (self, route, json, error);
}

static int
run_backup (Session *self, const char *const *words, GError **error)
{
  if (!ask_path (self, "/admin/backup", words[0], error))
    return EXIT_REFUSED;
  return print (self, print_backup, EXIT_SUCCESS);
}

static int
run_restore (Session *self, const char *const *words, GError **error)
{
  if (!ask_path (self, "/admin/restore", words[0], error))
    return EXIT_REFUSED;
  return print (self, print_restored, EXIT_SUCCESS);
}

static void
print_demo (JsonObject *answer)
{
  g_print (_ ("The demo municipality is in place: %d records and %d files.\n"),
           (int) json_object_get_int_member_with_default (answer, "records", 0),
           (int) json_object_get_int_member_with_default (answer, "contents", 0));
}

static int
run_demo_data (Session *self, const char *const *words, GError **error)
{
  GString *json = g_string_new ("{");

  (void) words;
  pk_json_append_name (json, "seed");
  g_string_append_printf (json, "%d", self->arguments->seed);
  append_member (json, "today", self->arguments->today);
  if (self->arguments->n_tasks > 0)
    {
      pk_json_append_name (json, "tasks");
      g_string_append_printf (json, "%d", self->arguments->n_tasks);
    }
  g_string_append_c (json, '}');
  if (!ask_json (self, "/admin/demo-data", json, error))
    return EXIT_REFUSED;
  return print (self, print_demo, EXIT_SUCCESS);
}

static void
set_default (JsonObject *defaults, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (defaults, name, text);
}

/* What was given as options stands in the mapping's defaults. NULL where there is no mapping at all, or no object. */
static char *
make_mapping (const Arguments *arguments, const char *file)
{
  g_autoptr (JsonNode) root = pk_json_parse (file, strlen (file), NULL);

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return g_strdup (file);
  JsonObject *mapping = json_node_get_object (root);
  JsonNode *member = json_object_get_member (mapping, "defaults");
  if (member != NULL && !JSON_NODE_HOLDS_OBJECT (member))
    return g_strdup (file);
  if (member == NULL)
    json_object_set_object_member (mapping, "defaults", json_object_new ());
  JsonObject *defaults = json_object_get_object_member (mapping, "defaults");
  set_default (defaults, "property", arguments->property);
  set_default (defaults, "unit", arguments->unit);
  set_default (defaults, "caretaker", arguments->caretaker);
  return json_to_string (root, FALSE);
}

static char *
make_import_path (const Arguments *arguments, GError **error)
{
  GString *path = g_string_new ("/admin/import-buildings?preview=");
  g_autofree char *file = NULL;

  g_string_append_c (path, arguments->is_preview ? '1' : '0');
  if (arguments->mapping != NULL && !g_file_get_contents (arguments->mapping, &file, NULL, error))
    {
      g_string_free (path, TRUE);
      return NULL;
    }
  g_autofree char *mapping = make_mapping (arguments, file != NULL ? file : "{}");
  g_string_append (path, "&mapping=");
  g_string_append_uri_escaped (path, mapping, NULL, FALSE);
  return g_string_free (path, FALSE);
}

static int
run_import_buildings (Session *self, const char *const *words, GError **error)
{
  g_autofree char *path = make_import_path (self->arguments, error);
  char *csv;
  gsize size;

  if (path == NULL || !g_file_get_contents (words[0], &csv, &size, error))
    return EXIT_REFUSED;
  g_autoptr (GBytes) body = g_bytes_new_take (csv, size);
  if (!ask (self, "POST", path, "text/csv", body, error))
    return EXIT_REFUSED;
  gboolean has_rejects =
      self->answer != NULL && JSON_NODE_HOLDS_OBJECT (self->answer) &&
      json_object_get_int_member_with_default (json_node_get_object (self->answer), "rejected", 0) >
          0;
  return print (self, pk_admin_print_register, has_rejects ? EXIT_REJECTED : EXIT_SUCCESS);
}

static int
run_move_store (Session *self, const char *const *words, GError **error)
{
  g_autofree char *text =
      pk_admin_move_store (self->arguments->data_dir, words[0], self->arguments->as_json, error);

  if (text == NULL)
    return EXIT_REFUSED;
  g_print ("%s", text);
  return EXIT_SUCCESS;
}

static const Command commands[] = {
  { "status", NULL, run_status, N_ ("how the server is") },
  { "users list", NULL, run_users, N_ ("who may sign in; --search TEXT") },
  { "users add",
    NULL,
    run_add_user,
    N_ ("a new person: --name, --title, --email, --phone, --unit ID, --role CODE") },
  { "devices list", NULL, run_devices, N_ ("what people work on") },
  { "devices revoke", "ID", run_revoke, N_ ("shut a device out") },
  { "sync", NULL, run_sync, N_ ("how it stands with sync on each device") },
  { "quarantine", NULL, run_quarantine, N_ ("work that nobody may carry out any more") },
  { "policy", NULL, run_policy, N_ ("what is decided about devices; --lease-days, --quarantine") },
  { "backup",
    N_ ("FOLDER"),
    run_backup,
    N_ ("save everything in a new folder, while the server runs") },
  { "restore", N_ ("FOLDER"), run_restore, N_ ("go back to a backup") },
  { "move-store",
    N_ ("ADDRESS"),
    run_move_store,
    N_ ("move everything into PostgreSQL, while no server runs") },
  { "import-buildings",
    N_ ("FILE"),
    run_import_buildings,
    N_ ("a register as CSV; --preview, --mapping FILE, --property, --unit, --caretaker") },
  { "demo-data",
    NULL,
    run_demo_data,
    N_ ("fill an empty server with a demo municipality; --seed, --today, --tasks") },
};

static char *
describe_commands (void)
{
  GString *out = g_string_new (_ ("Commands:"));

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (out,
                            "\n  %s%s%s – %s",
                            commands[i].name,
                            commands[i].argument != NULL ? " " : "",
                            commands[i].argument != NULL ? _ (commands[i].argument) : "",
                            _ (commands[i].help));
  g_string_append_printf (
      out,
      "\n\n%s",
      _ ("Exit status: 0 done, 1 refused, 2 wrong use, 3 no server, 4 some rows were rejected."));
  return g_string_free (out, FALSE);
}

static gboolean
read_arguments (Arguments *self, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "data",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &self->data_dir,
      N_ ("The server's data folder"),
      N_ ("DIR") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->as_json, N_ ("Print for programs"), NULL },
    { "preview", 0, 0, G_OPTION_ARG_NONE, &self->is_preview, N_ ("Change nothing"), NULL },
    { "mapping",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &self->mapping,
      N_ ("What the columns mean"),
      N_ ("FILE") },
    { "search", 0, 0, G_OPTION_ARG_STRING, &self->search, N_ ("Part of a name"), N_ ("TEXT") },
    { "name", 0, 0, G_OPTION_ARG_STRING, &self->name, N_ ("Name"), N_ ("TEXT") },
    { "title", 0, 0, G_OPTION_ARG_STRING, &self->title, N_ ("Position"), N_ ("TEXT") },
    { "email", 0, 0, G_OPTION_ARG_STRING, &self->email, N_ ("E-mail"), N_ ("TEXT") },
    { "phone", 0, 0, G_OPTION_ARG_STRING, &self->phone, N_ ("Phone"), N_ ("TEXT") },
    { "unit", 0, 0, G_OPTION_ARG_STRING, &self->unit, N_ ("Unit"), "ID" },
    { "property",
      0,
      0,
      G_OPTION_ARG_STRING,
      &self->property,
      N_ ("Property of buildings that have none"),
      N_ ("NAME") },
    { "caretaker",
      0,
      0,
      G_OPTION_ARG_STRING,
      &self->caretaker,
      N_ ("Caretaker of buildings that have none"),
      N_ ("E-MAIL") },
    { "role",
      0,
      0,
      G_OPTION_ARG_STRING_ARRAY,
      &self->roles,
      N_ ("Role, may be given more than once"),
      N_ ("CODE") },
    { "seed", 0, 0, G_OPTION_ARG_INT, &self->seed, N_ ("Another demo municipality"), "N" },
    { "today",
      0,
      0,
      G_OPTION_ARG_STRING,
      &self->today,
      N_ ("The day that its tasks are due around"),
      N_ ("DAY") },
    { "tasks", 0, 0, G_OPTION_ARG_INT, &self->n_tasks, N_ ("How many tasks it has"), "N" },
    { "lease-days",
      0,
      0,
      G_OPTION_ARG_INT,
      &self->lease_days,
      N_ ("For how long a device may be read without contact; 0: for ever"),
      N_ ("DAYS") },
    { "quarantine",
      0,
      0,
      G_OPTION_ARG_STRING,
      &self->quarantine,
      N_ ("Whether refused work of who lost the right moves to the server"),
      "on|off" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->words, NULL, NULL },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("COMMAND – runs a Påkobla server"));
  g_autofree char *description = describe_commands ();

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_description (context, description);
  return g_option_context_parse (context, argc, argv, error);
}

/* How many words of @words make up the command's name; 0 if it is another command. */
static guint
match (const Command *command, char **words)
{
  g_auto (GStrv) parts = g_strsplit (command->name, " ", -1);
  guint n = g_strv_length (parts);

  for (guint i = 0; i < n; i++)
    if (words[i] == NULL || !g_str_equal (words[i], parts[i]))
      return 0;
  guint n_arguments = command->argument != NULL ? 1 : 0;
  return g_strv_length (words) == n + n_arguments ? n : 0;
}

static const Command *
find_command (char **words, guint *n_words_out)
{
  for (gsize i = 0; words != NULL && i < G_N_ELEMENTS (commands); i++)
    {
      *n_words_out = match (&commands[i], words);
      if (*n_words_out > 0)
        return &commands[i];
    }
  return NULL;
}

static int
fail (const GError *error, int status)
{
  g_autofree char *text = pk_admin_describe_error (error);

  g_printerr ("pakobla-admin: %s\n", text);
  return status;
}

static int
run (const Arguments *arguments, const Command *command, const char *const *words)
{
  g_autoptr (PkAdminClient) client = pk_admin_client_new (arguments->data_dir);
  g_autoptr (GError) error = NULL;
  Session session = { arguments, client, NULL };
  int status = command->run (&session, words, &error);

  g_clear_pointer (&session.answer, json_node_unref);
  if (error == NULL)
    return status;
  return fail (error, error->domain == G_IO_ERROR ? EXIT_NO_SERVER : EXIT_REFUSED);
}

int
main (int argc, char **argv)
{
  g_auto (Arguments) arguments = { .seed = 1, .lease_days = -1 };
  g_autoptr (GError) error = NULL;
  guint n_words = 0;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, PK_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (!read_arguments (&arguments, &argc, &argv, &error))
    return fail (error, EXIT_USAGE);
  const Command *command = find_command (arguments.words, &n_words);
  if (command == NULL || arguments.data_dir == NULL)
    {
      g_autofree char *description = describe_commands ();
      g_printerr ("%s\n\n%s\n", _ ("Usage: pakobla-admin --data DIR COMMAND"), description);
      return EXIT_USAGE;
    }
  return run (&arguments, command, (const char *const *) arguments.words + n_words);
}
