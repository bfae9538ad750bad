/* An operator's hour with the real programs: pakoblad in a folder of its own, pakobla-admin over its socket. */
#include "config.h"

#include "pk-hash.h"
#include "pk-json.h"
#include "pk-store-blobs.h"
#include "pk-store.h"
#include "pk-test-database.h"
#include "pk-test-program.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *folder;          /* (owned) */
  PkTestProgram *server; /* (owned) */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  (void) data;
  self->folder = g_dir_make_tmp ("pakobla-operator-XXXXXX", &error);
  g_assert_no_error (error);
  pk_test_database_set_up (self->folder);
  self->server = pk_test_program_new (self->folder);
  pk_test_program_start (self->server, FALSE);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  (void) data;
  pk_test_program_free (self->server);
  pk_test_remove_folder (self->folder);
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
  g_autoptr (JsonObject)
      first = RUN (self, 4, "import-buildings", path, "--property", "Kommunens bygg");
  g_assert_cmpint (json_object_get_int_member (first, "properties"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (first, "without_property"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (first, "imported"), ==, 6);
  g_assert_cmpint (json_object_get_int_member (first, "rejected"), ==, 4);
  forget (RUN (self, 1, "import-buildings", path, "--unit", "Ukjent enhet"));
  g_autoptr (JsonObject)
      again = RUN (self, 4, "import-buildings", path, "--property", "Kommunens bygg");
  g_assert_cmpint (json_object_get_int_member (again, "imported"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (again, "properties"), ==, 0);
  g_assert_cmpint (count_buildings (self), ==, 6);
}

static void
test_a_backup_brings_back_what_was_and_nothing_else_does (Fixture *self, gconstpointer data)
{
  g_autofree char *one = write_file (self, "one.csv", "id,navn\n1,Vågen\n");
  g_autofree char *two = write_file (self, "two.csv", "id,navn\n2,Myra\n");
  g_autofree char *empty = write_file (self, "empty.db", "");
  g_autofree char *other = write_file (self, "other.db", "no database");
  g_autofree char *backup = g_build_filename (self->folder, "backup", NULL);

  (void) data;
  forget (RUN (self, 0, "import-buildings", one));
  g_autoptr (JsonObject) saved = RUN (self, 0, "backup", backup);
  g_assert_cmpint (json_object_get_int_member (saved, "bytes"), >, 0);
  forget (RUN (self, 1, "backup", backup));
  forget (RUN (self, 0, "import-buildings", two));
  g_assert_cmpint (count_buildings (self), ==, 2);
  forget (RUN (self, 1, "restore", empty));
  forget (RUN (self, 1, "restore", other));
  forget (RUN (self, 1, "restore", "/nowhere/backup"));
  g_assert_cmpint (count_buildings (self), ==, 2);
  forget (RUN (self, 0, "restore", backup));
  g_assert_cmpint (count_buildings (self), ==, 1);
}

#define N_CONTENTS 300
#define CONTENT    "How the pumps of the school are started"

/* A person whom the server lets in by name: it is started anew as a demonstration, with what it has. */
static char *
let_somebody_in (Fixture *self)
{
  g_autoptr (JsonObject)
      added = RUN (self, 0, "users", "add", "--name", "Åse Ørnes", "--role", "administrator");

  pk_test_program_stop (self->server);
  pk_test_program_start (self->server, TRUE);
  return pk_test_program_sign_in (self->server, json_object_get_string_member (added, "id"), NULL);
}

static void
make_document (Fixture *self, const char *token, const char *sha256)
{
  g_autofree char *body = g_strdup_printf (
      "{\"title\":\"Pumps\",\"file_name\":\"pumps.txt\",\"media_type\":\"text/plain\","
      "\"kind\":\"drawing\",\"size_bytes\":%d,\"sha256\":\"%s\",\"confidentiality\":\"open\"}",
      (int) strlen (CONTENT),
      sha256);
  g_autofree char *answer = NULL;
  guint status =
      pk_test_program_ask (self->server, "POST", "/api/documents", token, NULL, body, &answer);

  g_test_message ("%s", answer);
  g_assert_cmpuint (status, ==, 201);
}

static void
send_content (Fixture *self, const char *token, const char *sha256)
{
  g_autofree char *encoded = g_base64_encode ((const guchar *) sha256, strlen (sha256));
  g_autofree char *headers =
      g_strdup_printf ("Tus-Resumable: 1.0.0\nUpload-Length: %d\nUpload-Metadata: sha256 %s",
                       (int) strlen (CONTENT),
                       encoded);
  g_autofree char *place = NULL;
  guint status =
      pk_test_program_ask (self->server, "POST", "/api/uploads", token, headers, NULL, &place);

  g_assert_cmpuint (status, ==, 201);
  status = pk_test_program_ask (self->server,
                                "PATCH",
                                place,
                                token,
                                "Tus-Resumable: 1.0.0\nUpload-Offset: 0\n"
                                "Content-Type: application/offset+octet-stream",
                                CONTENT,
                                NULL);
  g_assert_cmpuint (status, ==, 204);
}

static guint
read_content (Fixture *self, const char *token, const char *sha256, char **content_out)
{
  g_autofree char *path = g_strconcat ("/api/content/", sha256, NULL);

  return pk_test_program_ask (self->server, "GET", path, token, NULL, NULL, content_out);
}

static void
damage (const char *folder, const char *sha256)
{
  g_autofree char *start = g_strndup (sha256, 2);
  g_autofree char *path = g_build_filename (folder, "blobs", start, sha256, NULL);
  g_autoptr (GError) error = NULL;

  g_unlink (path);
  g_file_set_contents (path, "Something that broke", -1, &error);
  g_assert_no_error (error);
}

static void
test_documents_can_be_read_after_a_restore (Fixture *self, gconstpointer data)
{
  g_autofree char *sha256 = pk_sha256_of_bytes (CONTENT, strlen (CONTENT));
  g_autofree char *backup = g_build_filename (self->folder, "backup", NULL);
  g_autofree char *second = g_build_filename (self->folder, "second", NULL);
  g_autofree char *blobs = g_build_filename (self->folder, "blobs", NULL);
  g_autofree char *token = let_somebody_in (self);
  g_autofree char *content = NULL;

  (void) data;
  make_document (self, token, sha256);
  send_content (self, token, sha256);
  g_autoptr (JsonObject) saved = RUN (self, 0, "backup", backup);
  g_assert_cmpint (json_object_get_int_member (saved, "contents"), ==, 1);
  forget (RUN (self, 0, "backup", second));
  pk_test_remove_folder (blobs);
  g_assert_cmpuint (read_content (self, token, sha256, NULL), !=, 200);

  damage (second, sha256);
  g_autoptr (JsonObject) before = RUN (self, 0, "status");
  forget (RUN (self, 1, "restore", second));
  g_autoptr (JsonObject) after = RUN (self, 0, "status");
  g_assert_cmpstr (json_object_get_string_member (before, "epoch"),
                   ==,
                   json_object_get_string_member (after, "epoch"));
  g_assert_cmpuint (read_content (self, token, sha256, NULL), !=, 200);

  g_autoptr (JsonObject) restored = RUN (self, 0, "restore", backup);
  g_assert_cmpstr (json_object_get_string_member (before, "epoch"),
                   !=,
                   json_object_get_string_member (restored, "epoch"));
  g_assert_cmpuint (read_content (self, token, sha256, &content), ==, 200);
  g_assert_cmpstr (content, ==, CONTENT);
}

/* So many contents that a backup of them takes a while. */
static void
fill_with_contents (Fixture *self)
{
  g_autoptr (PkClock) clock = pk_clock_new_manual (1);
  g_autoptr (PkIdSource) ids = pk_id_source_new_seeded (clock, 7);
  g_autoptr (GError) error = NULL;

  pk_test_program_stop (self->server);
  g_autoptr (PkStore) store = pk_store_open (self->folder, PK_STORE_READ_WRITE, ids, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_CONTENTS; i++)
    {
      g_autoptr (GBytes) content = g_bytes_new (&i, sizeof i);
      pk_store_put_blob_bytes (store, content, 1, NULL, &error);
      g_assert_no_error (error);
    }
  g_clear_pointer (&store, pk_store_close);
  pk_test_program_start (self->server, FALSE);
}

static gboolean
has_begun (const char *folder)
{
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);

  return entries != NULL && g_dir_read_name (entries) != NULL;
}

/* What has the backup's name is whole, whenever the server was killed. */
static void
test_a_backup_that_is_cut_off_does_not_look_like_one (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (self->folder, "backups", NULL);
  g_autofree char *backup = g_build_filename (folder, "today", NULL);
  gint64 until_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  g_autoptr (GError) error = NULL;

  (void) data;
  fill_with_contents (self);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_autoptr (GSubprocess) program = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                                                      &error,
                                                      g_getenv ("PK_PAKOBLA_ADMIN"),
                                                      "--data",
                                                      self->folder,
                                                      "backup",
                                                      backup,
                                                      NULL);
  g_assert_no_error (error);
  while (!has_begun (folder))
    g_assert_cmpint (g_get_monotonic_time (), <, until_us);
  pk_test_program_kill (self->server);
  gboolean was_faster = g_file_test (backup, G_FILE_TEST_EXISTS);
  g_assert_true (g_subprocess_wait (program, NULL, NULL));
  g_test_message ("%s", was_faster ? "It was whole before the end" : "It was cut off");

  pk_test_program_start (self->server, FALSE);
  if (!was_faster)
    forget (RUN (self, 0, "backup", backup));
  forget (RUN (self, 0, "restore", backup));
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

/* The fixture's database is empty; the folder is made to say that it is on SQLite. */
static void
begin_on_sqlite (Fixture *self)
{
  g_autofree char *path = g_build_filename (self->folder, PK_STORE_ADDRESS, NULL);

  pk_test_program_stop (self->server);
  g_assert_cmpint (g_unlink (path), ==, 0);
  pk_test_program_start (self->server, FALSE);
}

static void
test_a_store_moves_by_a_command (Fixture *self, gconstpointer data)
{
  g_autofree char *csv = write_file (self, "one.csv", "id,navn\n1,Vågen\n");
  g_autofree char *address = pk_test_database_dup_address (self->folder);
  g_autofree char *old = g_build_filename (self->folder, "pakobla.db", NULL);

  (void) data;
  begin_on_sqlite (self);
  forget (RUN (self, 0, "import-buildings", csv));
  g_autoptr (JsonObject) before = RUN (self, 0, "status");
  forget (RUN (self, 1, "move-store", address));
  pk_test_program_stop (self->server);
  g_autoptr (JsonObject) moved = RUN (self, 0, "move-store", address);
  g_assert_cmpint (json_object_get_int_member (moved, "rows"), >, 0);
  g_assert_false (g_file_test (old, G_FILE_TEST_EXISTS));
  forget (RUN (self, 1, "move-store", address));

  pk_test_program_start (self->server, FALSE);
  g_autoptr (JsonObject) after = RUN (self, 0, "status");
  g_assert_cmpint (count_buildings (self), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (before, "epoch"),
                   ==,
                   json_object_get_string_member (after, "epoch"));
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
  g_test_add ("/operator/documents-can-be-read-after-a-restore",
              Fixture,
              NULL,
              set_up,
              test_documents_can_be_read_after_a_restore,
              tear_down);
  g_test_add ("/operator/a-backup-that-is-cut-off-does-not-look-like-one",
              Fixture,
              NULL,
              set_up,
              test_a_backup_that_is_cut_off_does_not_look_like_one,
              tear_down);
  g_test_add ("/operator/people-come-in-and-wrong-words-are-refused",
              Fixture,
              NULL,
              set_up,
              test_people_come_in_and_wrong_words_are_refused,
              tear_down);
  if (pk_test_database_is_postgres ())
    g_test_add ("/operator/a-store-moves-by-a-command",
                Fixture,
                NULL,
                set_up,
                test_a_store_moves_by_a_command,
                tear_down);
  return g_test_run ();
}
