/* An operator's hour with the real programs: pakoblad in a folder of its own, pakobla-admin over its socket. */
#include "config.h"

#include "pk-json.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *folder;        /* (owned) */
  GSubprocess *server; /* (owned) */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  (void) data;
  self->folder = g_dir_make_tmp ("pakobla-operator-XXXXXX", &error);
  g_assert_no_error (error);
  self->server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                   &error,
                                   g_getenv ("PK_PAKOBLAD"),
                                   "--data",
                                   self->folder,
                                   "--port",
                                   "0",
                                   NULL);
  g_assert_no_error (error);
  g_autoptr (GDataInputStream)
      output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->server));
  g_autofree char *line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (line != NULL && g_str_has_prefix (line, "listening on "));
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  (void) data;
  g_subprocess_send_signal (self->server, SIGTERM);
  g_subprocess_wait (self->server, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (self->server));
  g_object_unref (self->server);
  remove_folder (self->folder);
  g_free (self->folder);
}

/* Runs pakobla-admin --json with the words; the exit status must be @status. */
static JsonObject *
run (Fixture *self, int status, const char *const *words)
{
  g_autoptr (GPtrArray) command = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;

  g_ptr_array_add (command, (char *) g_getenv ("PK_PAKOBLA_ADMIN"));
  g_ptr_array_add (command, (char *) "--json");
  g_ptr_array_add (command, (char *) "--data");
  g_ptr_array_add (command, self->folder);
  for (; *words != NULL; words++)
    g_ptr_array_add (command, (char *) *words);
  g_ptr_array_add (command, NULL);
  g_autoptr (GSubprocess)
      program = g_subprocess_newv ((const char *const *) command->pdata,
                                   G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                                   &error);
  g_assert_no_error (error);
  g_autofree char *complaint = NULL;
  g_subprocess_communicate_utf8 (program, NULL, NULL, &output, &complaint, &error);
  g_assert_no_error (error);
  g_test_message ("%s %s", (const char *) command->pdata[4], complaint);
  g_assert_cmpint (g_subprocess_get_exit_status (program), ==, status);
  if (*output == '\0')
    return NULL;
  g_autoptr (JsonNode) node = pk_json_parse (output, strlen (output), &error);
  g_assert_no_error (error);
  return json_object_ref (json_node_get_object (node));
}

#define RUN(fixture, status, ...) run (fixture, status, (const char *const[]){ __VA_ARGS__, NULL })

static void
forget (JsonObject *answer)
{
  if (answer != NULL)
    json_object_unref (answer);
}

static gint64
count_buildings (Fixture *self)
{
  g_autoptr (JsonObject) status = RUN (self, 0, "status");

  return json_object_get_int_member (json_object_get_object_member (status, "entities"),
                                     "building");
}

static char *
write_file (Fixture *self, const char *name, const char *text)
{
  char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return path;
}

static void
test_a_register_comes_in_once_and_its_faults_are_told (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "registers", "quirks.csv", NULL);

  (void) data;
  forget (RUN (self, 4, "import-buildings", path, "--preview"));
  g_assert_cmpint (count_buildings (self), ==, 0);
  g_autoptr (JsonObject) first = RUN (self, 4, "import-buildings", path);
  g_assert_cmpint (json_object_get_int_member (first, "imported"), ==, 6);
  g_assert_cmpint (json_object_get_int_member (first, "rejected"), ==, 4);
  g_autoptr (JsonObject) again = RUN (self, 4, "import-buildings", path);
  g_assert_cmpint (json_object_get_int_member (again, "imported"), ==, 0);
  g_assert_cmpint (count_buildings (self), ==, 6);
}

static void
test_a_backup_brings_back_what_was_and_nothing_else_does (Fixture *self, gconstpointer data)
{
  g_autofree char *one = write_file (self, "one.csv", "id,navn\n1,Vågen\n");
  g_autofree char *two = write_file (self, "two.csv", "id,navn\n2,Myra\n");
  g_autofree char *empty = write_file (self, "empty.db", "");
  g_autofree char *other = write_file (self, "other.db", "no database");
  g_autofree char *backup = g_build_filename (self->folder, "backup.db", NULL);

  (void) data;
  forget (RUN (self, 0, "import-buildings", one));
  g_autoptr (JsonObject) saved = RUN (self, 0, "backup", backup);
  g_assert_cmpint (json_object_get_int_member (saved, "bytes"), >, 0);
  forget (RUN (self, 1, "backup", backup));
  forget (RUN (self, 0, "import-buildings", two));
  g_assert_cmpint (count_buildings (self), ==, 2);
  forget (RUN (self, 1, "restore", empty));
  forget (RUN (self, 1, "restore", other));
  forget (RUN (self, 1, "restore", "/nowhere/backup.db"));
  g_assert_cmpint (count_buildings (self), ==, 2);
  forget (RUN (self, 0, "restore", backup));
  g_assert_cmpint (count_buildings (self), ==, 1);
}

static void
test_people_come_in_and_wrong_words_are_refused (Fixture *self, gconstpointer data)
{
  (void) data;
  forget (RUN (self,
               0,
               "users",
               "add",
               "--name",
               "Åse Ørnes",
               "--email",
               "ase@a.example",
               "--role",
               "administrator"));
  g_autoptr (JsonObject) found = RUN (self, 0, "users", "list", "--search", "ørnes");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (found, "users")), ==, 1);
  forget (RUN (self, 1, "users", "add", "--title", "Uten navn"));
  forget (RUN (self, 1, "demo-data"));
  forget (RUN (self, 1, "devices", "revoke", "7"));
  forget (RUN (self, 2, "dance"));
  forget (RUN (self, 2, "backup"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add ("/operator/a-register-comes-in-once-and-its-faults-are-told",
              Fixture,
              NULL,
              set_up,
              test_a_register_comes_in_once_and_its_faults_are_told,
              tear_down);
  g_test_add ("/operator/a-backup-brings-back-what-was-and-nothing-else-does",
              Fixture,
              NULL,
              set_up,
              test_a_backup_brings_back_what_was_and_nothing_else_does,
              tear_down);
  g_test_add ("/operator/people-come-in-and-wrong-words-are-refused",
              Fixture,
              NULL,
              set_up,
              test_people_come_in_and_wrong_words_are_refused,
              tear_down);
  return g_test_run ();
}
