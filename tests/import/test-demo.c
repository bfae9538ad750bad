/* The demo municipality: the same every time, valid by the model, whole, and made of real files. */
#include "config.h"

#include "pk-codec.h"
#include "pk-demo.h"
#include "pk-hash.h"
#include "pk-model-tables.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

#define TODAY "2026-11-23"

/* What came out: counts by entity, the ids seen, references that nobody has answered yet, and a checksum of everything. */
typedef struct
{
  guint counts[64];
  guint n_contents;
  guint n_pdf;
  guint n_jpeg;
  guint n_svg;
  gboolean checks_json;
  GHashTable *ids;      /* (owned): of records, as text */
  GHashTable *open_ids; /* (owned): pointed to, not yet come */
  GHashTable *hashes;   /* (owned): of contents */
  GPtrArray *records;   /* (owned) (nullable): kept where a test looks at them */
  GChecksum *checksum;  /* (owned) */
} Collected;

static void
clear_collected (Collected *self)
{
  g_hash_table_unref (self->ids);
  g_hash_table_unref (self->open_ids);
  g_hash_table_unref (self->hashes);
  g_clear_pointer (&self->records, g_ptr_array_unref);
  g_checksum_free (self->checksum);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Collected, clear_collected)

static void
init_collected (Collected *self)
{
  memset (self, 0, sizeof *self);
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->open_ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->hashes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
}

static void
note_references (Collected *self, const PkRecord *record)
{
  const PkEntity *entity = pk_record_get_entity (record);

  for (guint i = 0; i < entity->n_fields; i++)
    {
      const PkId *id = entity->fields[i].ref != NULL ? pk_record_get_ref (record, i) : NULL;
      if (id == NULL)
        continue;
      g_autofree char *text = pk_id_dup_text (id);
      g_autofree char *key = g_strconcat (entity->fields[i].ref, "/", text, NULL);
      if (!g_hash_table_contains (self->ids, key))
        g_hash_table_add (self->open_ids, g_steal_pointer (&key));
    }
}

static gboolean
take_record_cb (PkRecord *record, gpointer user_data, GError **error)
{
  Collected *self = user_data;
  const PkEntity *entity = pk_record_get_entity (record);
  g_autoptr (GString) json = g_string_new (NULL);
  g_autofree char *text = pk_id_dup_text (pk_record_get_id (record));
  char *key = g_strconcat (entity->name, "/", text, NULL);

  pk_codec_append_record (json, record);
  g_checksum_update (self->checksum, (const guchar *) json->str, (gssize) json->len);
  self->counts[entity->id]++;
  g_hash_table_remove (self->open_ids, key);
  g_assert_true (g_hash_table_add (self->ids, key));
  note_references (self, record);
  if (self->records != NULL)
    g_ptr_array_add (self->records, pk_record_ref (record));
  if (!self->checks_json)
    return TRUE;
  g_autoptr (JsonNode) node = pk_json_parse (json->str, json->len, error);
  g_assert_nonnull (node);
  g_autoptr (PkRecord) read = pk_codec_read_record (entity, node, error);
  if (read == NULL)
    g_test_message ("%s", json->str);
  else
    g_assert_true (pk_record_equal (read, record));
  if (entity->id == PK_ENTITY_DOCUMENT)
    g_assert_true (
        g_hash_table_contains (self->hashes, pk_record_get_text (record, PK_DOCUMENT_SHA256)));
  return read != NULL;
}

/* Some of each kind are opened by those who know them. */
#define N_OPENED 3

static gboolean
can_open_svg (void)
{
  GSList *formats = gdk_pixbuf_get_formats ();
  gboolean can_open = FALSE;

  for (GSList *at = formats; at != NULL; at = at->next)
    {
      g_autofree char *name = gdk_pixbuf_format_get_name (at->data);
      can_open |= g_str_equal (name, "svg");
    }
  g_slist_free (formats);
  return can_open;
}

static void
open_picture (const char *bytes, gsize size, const char *media_type)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_mime_type (media_type, &error);

  g_assert_no_error (error);
  gdk_pixbuf_loader_write (loader, (const guchar *) bytes, size, &error);
  g_assert_no_error (error);
  gdk_pixbuf_loader_close (loader, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_pixbuf_get_width (gdk_pixbuf_loader_get_pixbuf (loader)), >=, 640);
}

static void
open_pdf (const char *bytes, gsize size)
{
  g_autofree char *program = g_find_program_in_path ("pdfinfo");
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "demo.pdf", NULL);
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  int status = -1;

  if (program == NULL)
    return;
  g_mkdir_with_parents (g_get_user_cache_dir (), 0700);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size, &error));
  const char *command[] = { program, path, NULL };
  g_spawn_sync (NULL,
                (char **) command,
                NULL,
                G_SPAWN_DEFAULT,
                NULL,
                NULL,
                &output,
                NULL,
                &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  g_assert_nonnull (strstr (output, "(A4)"));
}

static void
check_content (Collected *self, const char *bytes, gsize size)
{
  if (size > 5 && memcmp (bytes, "%PDF-", 5) == 0)
    {
      if (self->n_pdf++ < N_OPENED)
        open_pdf (bytes, size);
    }
  else if (size > 3 && memcmp (bytes, "\xff\xd8\xff", 3) == 0)
    {
      if (self->n_jpeg++ < N_OPENED)
        open_picture (bytes, size, "image/jpeg");
    }
  else
    {
      g_assert_true (size > 5 && memcmp (bytes, "<?xml", 5) == 0);
      if (self->n_svg++ < N_OPENED && can_open_svg ())
        open_picture (bytes, size, "image/svg+xml");
    }
}

static gboolean
take_content_cb (const char *sha256, GBytes *content, gpointer user_data, GError **error)
{
  Collected *self = user_data;
  gsize size;
  const char *bytes = g_bytes_get_data (content, &size);
  g_autofree char *actual = pk_sha256_of_bytes (bytes, size);

  (void) error;
  g_assert_cmpstr (sha256, ==, actual);
  g_hash_table_add (self->hashes, g_strdup (sha256));
  self->n_contents++;
  check_content (self, bytes, size);
  return TRUE;
}

static gboolean
end_group_cb (gpointer user_data, GError **error)
{
  Collected *self = user_data;

  (void) error;
  g_assert_cmpuint (g_hash_table_size (self->open_ids), ==, 0);
  return TRUE;
}

static const PkDemoSink sink = { take_record_cb, take_content_cb, end_group_cb };

static void
generate (const PkDemoOptions *options, Collected *collected)
{
  g_autoptr (GError) error = NULL;

  if (!pk_demo_generate (options, &sink, collected, &error))
    g_error ("%s", error->message);
  g_assert_cmpuint (g_hash_table_size (collected->open_ids), ==, 0);
}

static void
test_the_municipality_is_as_large_as_it_should_be (void)
{
  PkDemoOptions options = { .seed = 1, .today = TODAY };
  g_auto (Collected) all;

  init_collected (&all);
  all.checks_json = TRUE;
  generate (&options, &all);
  g_assert_cmpuint (all.counts[PK_ENTITY_PERSON], ==, 2000);
  g_assert_cmpuint (all.counts[PK_ENTITY_TASK], ==, 3000);
  g_assert_cmpuint (all.counts[PK_ENTITY_UNIT], >=, 60);
  g_assert_cmpuint (all.counts[PK_ENTITY_PROPERTY], >=, 45);
  g_assert_cmpuint (all.counts[PK_ENTITY_BUILDING], >=, 59);
  g_assert_cmpuint (all.counts[PK_ENTITY_ARTICLE], >=, 25);
  g_assert_cmpuint (all.counts[PK_ENTITY_CATEGORY], >=, 40);
  g_assert_cmpuint (all.n_pdf, >, 100);
  g_assert_cmpuint (all.n_jpeg, >, 100);
  g_assert_cmpuint (all.n_svg, >, 100);
  for (guint i = 0; i < pk_model.n_entities; i++)
    g_test_message ("%s: %u", pk_model.entities[i].name, all.counts[pk_model.entities[i].id]);
  g_test_message ("contents: %u", all.n_contents);
}

static char *
fingerprint (guint64 seed, const char *today, PkDemoFlags flags)
{
  PkDemoOptions options = { .seed = seed,
                            .today = today,
                            .n_people = 150,
                            .n_tasks = 60,
                            .flags = flags };
  g_auto (Collected) all;

  init_collected (&all);
  generate (&options, &all);
  return g_strdup (g_checksum_get_string (all.checksum));
}

static void
test_the_same_seed_gives_the_same_municipality (void)
{
  g_autofree char *first = fingerprint (7, TODAY, 0), *again = fingerprint (7, TODAY, 0);
  g_autofree char *bare = fingerprint (7, TODAY, PK_DEMO_WITHOUT_FILES);
  g_autofree char *other_seed = fingerprint (8, TODAY, PK_DEMO_WITHOUT_FILES);
  g_autofree char *other_day = fingerprint (7, "2026-11-24", PK_DEMO_WITHOUT_FILES);

  /* documents name their content by its hash, so this speaks of the files too */
  g_assert_cmpstr (first, ==, again);
  g_assert_cmpstr (bare, !=, other_seed);
  g_assert_cmpstr (bare, !=, other_day);
}

static void
generate_tasks (Collected *collected, guint n_tasks)
{
  PkDemoOptions options = { .seed = 3,
                            .today = TODAY,
                            .n_tasks = n_tasks,
                            .flags = PK_DEMO_WITHOUT_FILES | PK_DEMO_BARE_TASKS };

  init_collected (collected);
  collected->records = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  generate (&options, collected);
}

static void
test_a_task_tells_a_story_that_holds (void)
{
  g_auto (Collected) all;
  guint n_open = 0, n_overdue = 0, by_status[8] = { 0 };

  generate_tasks (&all, 3000);
  for (guint i = 0; i < all.records->len; i++)
    {
      const PkRecord *task = all.records->pdata[i];
      if (pk_record_get_entity (task)->id != PK_ENTITY_TASK)
        continue;
      gint64 status = pk_record_get_int (task, PK_TASK_STATUS, -1);
      gint64 created = pk_record_get_int (task, PK_TASK_CREATED_AT, 0);
      gint64 completed = pk_record_get_int (task, PK_TASK_COMPLETED_AT, 0);
      gboolean is_closed = status == PK_TASK_STATUS_DONE || status == PK_TASK_STATUS_CANCELLED;
      const char *due = pk_record_get_text (task, PK_TASK_DUE_ON);
      g_assert_cmpint (is_closed, ==, completed != 0);
      g_assert_cmpint (is_closed, ==, pk_record_get (task, PK_TASK_OUTCOME)->kind != PK_VALUE_NULL);
      g_assert_cmpint (is_closed, ==, !pk_record_get_int (task, PK_TASK_IS_OPEN, FALSE));
      if (is_closed)
        g_assert_cmpint (created, <, completed);
      g_assert_nonnull (pk_record_get_ref (task, PK_TASK_CREATED_BY));
      g_assert_null (strchr (pk_record_get_text (task, PK_TASK_TITLE), '{'));
      n_open += !is_closed;
      n_overdue += !is_closed && due != NULL && strcmp (due, TODAY) < 0;
      by_status[status]++;
    }
  g_test_message ("open %u, overdue %u, waiting %u",
                  n_open,
                  n_overdue,
                  by_status[PK_TASK_STATUS_WAITING]);
  g_assert_cmpuint (n_open, >, 300);
  g_assert_cmpuint (n_overdue, >, 20);
  for (guint status = 0; status <= PK_TASK_STATUS_CANCELLED; status++)
    g_assert_cmpuint (by_status[status], >, 0);
}

static void
test_no_blank_is_left_in_any_text (void)
{
  PkDemoOptions options = { .seed = 5,
                            .today = TODAY,
                            .n_tasks = 800,
                            .flags = PK_DEMO_WITHOUT_FILES };
  g_auto (Collected) all;

  init_collected (&all);
  all.records = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  generate (&options, &all);
  for (guint i = 0; i < all.records->len; i++)
    {
      const PkRecord *record = all.records->pdata[i];
      const PkEntity *entity = pk_record_get_entity (record);
      for (guint field = 0; field < entity->n_fields; field++)
        {
          const PkValue *value = pk_record_get (record, field);
          if (value->kind == PK_VALUE_TEXT && strchr (value->text, '{') != NULL)
            g_test_fail_printf ("%s.%s: %s", entity->name, entity->fields[field].name, value->text);
        }
    }
}

static void
test_norwegian_letters_come_through (void)
{
  g_auto (Collected) all;
  gboolean has_letters = FALSE;

  generate_tasks (&all, 50);
  for (guint i = 0; i < all.records->len; i++)
    {
      const PkRecord *record = all.records->pdata[i];
      if (pk_record_get_entity (record)->id != PK_ENTITY_PERSON)
        continue;
      const char *name = pk_record_get_text (record, PK_PERSON_NAME);
      has_letters |= strstr (name, "ø") != NULL;
      g_assert_true (g_str_is_ascii (pk_record_get_text (record, PK_PERSON_EMAIL)));
      g_assert_true (g_utf8_validate (name, -1, NULL));
    }
  g_assert_true (has_letters);
}

static void
test_a_hundred_thousand_tasks_can_be_made (void)
{
  PkDemoOptions options = { .seed = 3,
                            .today = TODAY,
                            .n_tasks = 100000,
                            .flags = PK_DEMO_WITHOUT_FILES | PK_DEMO_BARE_TASKS };
  g_auto (Collected) all;

  init_collected (&all);
  generate (&options, &all);
  g_assert_cmpuint (all.counts[PK_ENTITY_TASK], ==, 100000);
}

static gboolean
refuse_cb (PkRecord *record, gpointer user_data, GError **error)
{
  (void) record, (void) user_data;
  g_set_error_literal (error, PK_DEMO_ERROR, PK_DEMO_ERROR_DECLARATION, "full");
  return FALSE;
}

static void
test_a_sink_that_fails_ends_it (void)
{
  PkDemoOptions options = { .seed = 1, .today = TODAY };
  PkDemoSink refusing = { .take_record = refuse_cb };
  g_autoptr (GError) error = NULL;

  g_assert_false (pk_demo_generate (&options, &refusing, NULL, &error));
  g_assert_error (error, PK_DEMO_ERROR, PK_DEMO_ERROR_DECLARATION);
  options.today = "in the morning";
  g_clear_error (&error);
  g_assert_false (pk_demo_generate (&options, &refusing, NULL, &error));
  g_assert_error (error, PK_DEMO_ERROR, PK_DEMO_ERROR_DECLARATION);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/demo/the-municipality-is-as-large-as-it-should-be",
                   test_the_municipality_is_as_large_as_it_should_be);
  g_test_add_func ("/demo/the-same-seed-gives-the-same-municipality",
                   test_the_same_seed_gives_the_same_municipality);
  g_test_add_func ("/demo/a-task-tells-a-story-that-holds", test_a_task_tells_a_story_that_holds);
  g_test_add_func ("/demo/no-blank-is-left-in-any-text", test_no_blank_is_left_in_any_text);
  g_test_add_func ("/demo/norwegian-letters-come-through", test_norwegian_letters_come_through);
  g_test_add_func ("/demo/a-hundred-thousand-tasks-can-be-made",
                   test_a_hundred_thousand_tasks_can_be_made);
  g_test_add_func ("/demo/a-sink-that-fails-ends-it", test_a_sink_that_fails_ends_it);
  return g_test_run ();
}
