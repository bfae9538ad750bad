/* The clients of a pair: real replicas whose requests go through their text. */
#include "config.h"

#include "pk-pair.h"

#include "pk-model-tables.h"
#include "pk-service-devices.h"
#include "pk-service-push.h"
#include "pk-snapshot.h"
#include "pk-store-grants.h"
#include "pk-store-meta.h"
#include "pk-store-records.h"
#include "pk-sync-pull.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define MOST_ROUNDS 40

/**
 * pk_pair_client_open:
 *
 * Opens the files again.
 */
void
pk_pair_client_open (PkPairClient *self)
{
  g_autoptr (GError) error = NULL;

  self->writer = pk_writer_open (self->dir,
                                 self->pair->clock,
                                 self->pair->ids,
                                 &self->person,
                                 PK_REPLICA_NO_SYNC,
                                 &error);
  g_assert_no_error (error);
  self->reader = pk_reader_open (self->dir, &error);
  g_assert_no_error (error);
}

/**
 * pk_pair_client_close:
 *
 * Closes the files, as the program's end does.
 */
void
pk_pair_client_close (PkPairClient *self)
{
  g_clear_pointer (&self->reader, pk_reader_free);
  g_clear_pointer (&self->writer, pk_writer_free);
}

/**
 * pk_pair_client_new:
 *
 * Returns: (transfer full): a new device of @person
 */
PkPairClient *
pk_pair_client_new (PkPair *pair, const PkId *person)
{
  PkPairClient *self = g_new0 (PkPairClient, 1);
  g_autoptr (GError) error = NULL;
  PkId device;

  self->pair = pair;
  self->person = *person;
  self->dir = g_dir_make_tmp ("pakobla-client-XXXXXX", &error);
  g_assert_no_error (error);
  pk_pair_client_open (self);
  pk_service_register_device (pair->service, person, "PC", "1.0", &device, &error);
  g_assert_no_error (error);
  pk_writer_set_device (self->writer, &device, &error);
  g_assert_no_error (error);
  return self;
}

/**
 * pk_pair_client_free:
 *
 * Closes the files and removes them.
 */
void
pk_pair_client_free (PkPairClient *self)
{
  pk_pair_client_close (self);
  pk_pair_remove_folder (self->dir);
  g_free (self->dir);
  g_free (self);
}

static void
copy_folder (const char *from, const char *to)
{
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  const char *name;

  g_mkdir_with_parents (to, 0700);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *source = g_build_filename (from, name, NULL);
      g_autofree char *target = g_build_filename (to, name, NULL);
      g_autofree char *bytes = NULL;
      gsize size;
      if (g_file_test (source, G_FILE_TEST_IS_DIR))
        {
          copy_folder (source, target);
          continue;
        }
      g_assert_true (g_file_get_contents (source, &bytes, &size, NULL));
      g_assert_true (g_file_set_contents (target, bytes, (gssize) size, NULL));
    }
}

/**
 * pk_pair_client_clone:
 *
 * Returns: (transfer full): a device with a copy of the disk
 */
PkPairClient *
pk_pair_client_clone (PkPairClient *self)
{
  PkPairClient *clone = g_new0 (PkPairClient, 1);

  clone->pair = self->pair;
  clone->person = self->person;
  clone->dir = g_dir_make_tmp ("pakobla-client-XXXXXX", NULL);
  pk_pair_client_close (self);
  copy_folder (self->dir, clone->dir);
  pk_pair_client_open (self);
  pk_pair_client_open (clone);
  return clone;
}

typedef struct
{
  GPtrArray *lines;
  PkPairClient *client;
} Answer;

static gboolean
take_piece (const char *text, gsize size, gpointer data, GError **error)
{
  Answer *self = data;
  const char *end = text + size;

  self->client->n_bytes += size;
  while (text < end)
    {
      const char *stop = memchr (text, '\n', (gsize) (end - text));
      g_assert_nonnull (stop);
      PkFeedLine *line = pk_feed_line_read (text, (gsize) (stop - text), error);
      if (line == NULL)
        return FALSE;
      self->client->n_rows += line->kind == PK_FEED_ROWS ? line->rows->len : 0;
      g_ptr_array_add (self->lines, line);
      text = stop + 1;
    }
  return TRUE;
}

static PkPullRequest *
travel (PkPairClient *self, PkPullRequest *request)
{
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  if (self->model != 0)
    request->model = self->model;
  pk_pull_request_append_json (json, request);
  PkPullRequest *arrived = pk_pull_request_read (json->str, json->len, &error);
  g_assert_no_error (error);
  return arrived;
}

static void
install_snapshots (PkPairClient *self)
{
  g_autoptr (GPtrArray) wanted = pk_writer_list_wanted_snapshots (self->writer);
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
  g_autoptr (GError) error = NULL;

  if (wanted->len == 0 || self->flags & PK_PULL_ALL_AS_ROWS)
    return;
  for (guint i = 0; i < wanted->len; i++)
    {
      const PkFeedScope *scope = wanted->pdata[i];
      gboolean may_read = FALSE;
      pk_snapshot_may_read (self->pair->service, &self->person, scope->snapshot, &may_read, &error);
      g_assert_no_error (error);
      g_autofree char *path = pk_snapshot_dup_path (self->pair->service, scope->snapshot);
      if (may_read)
        g_strv_builder_add (paths, path);
    }
  g_auto (GStrv) list = g_strv_builder_end (paths);
  if (list[0] != NULL)
    pk_writer_install_snapshots (self->writer, (const char *const *) list, &error);
  g_assert_no_error (error);
}

/**
 * pk_pair_client_pull:
 *
 * Asks once and applies the answer.
 *
 * Returns: %TRUE if the replica is at a newer state, or nothing was new
 */
gboolean
pk_pair_client_pull (PkPairClient *self, GError **error)
{
  g_autoptr (PkPullRequest)
      request = pk_writer_make_pull_request (self->writer, self->flags, error);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_feed_line_free);
  Answer answer = { lines, self };
  gboolean has_news;

  if (request == NULL)
    return FALSE;
  g_autoptr (PkPullRequest) arrived = travel (self, request);
  self->n_rows = 0;
  self->n_bytes = 0;
  self->n_asked++;
  self->n_ranges += request->repair != NULL ? 1 : 0;
  if (!pk_sync_pull (self->pair->service,
                     &self->person,
                     arrived,
                     take_piece,
                     &answer,
                     &has_news,
                     error))
    return FALSE;
  return lines->len == 0 || pk_writer_apply (self->writer, request, lines, error);
}

static GPtrArray *
read_mutations (GPtrArray *entries)
{
  GPtrArray *mutations = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);

  for (guint i = 0; i < entries->len; i++)
    {
      const PkOutboxEntry *entry = entries->pdata[i];
      g_autoptr (GError) error = NULL;
      PkMutation *mutation = pk_mutation_read (entry->line, strlen (entry->line), &error);
      g_assert_no_error (error);
      g_ptr_array_add (mutations, mutation);
    }
  return mutations;
}

static gboolean
push_from (PkPairClient *self, gint64 from_n, gboolean with_later, gint64 *again_n, GError **error)
{
  g_autoptr (GPtrArray)
      entries = pk_writer_take_unsent (self->writer, from_n, 100, with_later, error);
  PkId device;

  *again_n = -1;
  if (entries == NULL || entries->len == 0)
    return entries != NULL;
  pk_writer_get_device (self->writer, &device);
  g_autoptr (GPtrArray) mutations = read_mutations (entries);
  g_autoptr (PkPushResult)
      result = pk_service_push (self->pair->service, &self->person, &device, mutations, error);
  if (result == NULL)
    return FALSE;
  *again_n = 0;
  if (result->verdicts->len > 0)
    return pk_writer_take_verdicts (self->writer, result->verdicts, error);
  if (result->code == PK_PROBLEM_GAP)
    *again_n = result->expected_n;
  if (result->code != PK_PROBLEM_FORKED)
    return TRUE;
  self->n_forks++;
  return pk_writer_change_device (self->writer, &result->device, error);
}

/**
 * pk_pair_client_push_from:
 * @from_n: as of [func@writer_take_unsent]
 *
 * Pushes once.
 *
 * Returns: %TRUE if the server took it
 */
gboolean
pk_pair_client_push_from (PkPairClient *self, gint64 from_n, GError **error)
{
  gint64 again_n;

  return push_from (self, from_n, FALSE, &again_n, error);
}

/* The epoch travels beside the mutations, all zero where none is known. */
static gboolean
check_epoch (PkPairClient *self, GError **error)
{
  PkId known, epoch;

  if (!pk_writer_get_epoch (self->writer, &known, error) ||
      !pk_store_get_epoch (self->pair->store, &epoch, error))
    return FALSE;
  if (pk_id_equal (&known, &epoch))
    return TRUE;
  pk_problem_set (error, PK_PROBLEM_EPOCH, "/epoch", "The server's history is another one");
  return FALSE;
}

/**
 * pk_pair_client_push:
 *
 * Pushes until nothing waits that was not judged.
 *
 * Returns: %TRUE if the server took it
 */
gboolean
pk_pair_client_push (PkPairClient *self, GError **error)
{
  gint64 from_n = 0;

  if (!check_epoch (self, error))
    return FALSE;
  for (guint i = 0; i < MOST_ROUNDS && from_n >= 0; i++)
    if (!push_from (self, from_n, FALSE, &from_n, error))
      return FALSE;
  g_assert_cmpint (from_n, <, 0);
  return TRUE;
}

static void
heal (PkPairClient *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkId epoch;

  pk_store_get_epoch (self->pair->store, &epoch, &local_error);
  g_assert_no_error (local_error);
  g_clear_error (error);
  pk_writer_change_epoch (self->writer, &epoch, &local_error);
  g_assert_no_error (local_error);
}

/**
 * pk_pair_client_sync:
 *
 * What the machine does until nothing is left to do: push, pull, snapshots, another epoch, repair.
 */
void
pk_pair_client_sync (PkPairClient *self)
{
  gboolean has_more = TRUE;

  self->n_asked = 0;
  self->n_ranges = 0;
  for (guint i = 0; has_more; i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_cmpuint (i, <, MOST_ROUNDS);
      if (!pk_pair_client_push (self, &error) || !pk_pair_client_pull (self, &error))
        {
          if (!g_error_matches (error, PK_PROBLEM_ERROR, PK_PROBLEM_EPOCH) &&
              !g_error_matches (error, PK_REPLICA_ERROR, PK_REPLICA_ERROR_EPOCH))
            g_assert_no_error (error);
          heal (self, &error);
          continue;
        }
      install_snapshots (self);
      g_autoptr (GPtrArray) unsent = pk_writer_take_unsent (self->writer, 0, 1, FALSE, &error);
      g_assert_no_error (error);
      has_more = self->n_rows > 0 || pk_writer_wants_pull (self->writer) || unsent->len > 0;
    }
}

/**
 * pk_pair_client_submit:
 *
 * The person does one thing.
 */
void
pk_pair_client_submit (PkPairClient *self, PkMutation *mutation)
{
  g_autoptr (GPtrArray) mutations = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (mutations, mutation);
  pk_writer_submit (self->writer, mutations, &error);
  g_assert_no_error (error);
}

/**
 * pk_pair_client_set_title:
 *
 * The person gives a task another title.
 *
 * Returns: (transfer full): what was submitted
 */
PkMutation *
pk_pair_client_set_title (PkPairClient *self, PkRecord *task, const char *was, const char *title)
{
  PkMutation *mutation =
      pk_mutation_new (PK_OP_SET, pk_record_get_entity (task), NULL, pk_record_get_id (task));

  pk_values_take (mutation->fields, PK_TASK_TITLE, pk_value_text (title));
  pk_values_take (mutation->was, PK_TASK_TITLE, pk_value_text (was));
  pk_pair_client_submit (self, mutation);
  return mutation;
}

/**
 * pk_pair_client_create_task:
 *
 * The person makes a task in the unit.
 *
 * Returns: (transfer full): what was submitted
 */
PkMutation *
pk_pair_client_create_task (PkPairClient *self, const char *title)
{
  PkId id = pk_id_source_next (self->pair->ids);
  PkMutation *mutation =
      pk_mutation_new (PK_OP_CREATE, pk_entity_by_id (PK_ENTITY_TASK), NULL, &id);

  pk_values_take (mutation->fields, PK_TASK_TITLE, pk_value_text (title));
  pk_values_take (mutation->fields, PK_TASK_UNIT_ID, pk_value_id (&self->pair->unit));
  pk_pair_client_submit (self, mutation);
  return mutation;
}

static char *
find_replica (PkPairClient *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "replica") && g_str_has_suffix (name, ".db"))
      return g_build_filename (self->dir, name, NULL);
  g_assert_not_reached ();
}

/**
 * pk_pair_client_exec:
 * @sql: what happens to the replica's file behind the program's back
 *
 * The replica is closed meanwhile.
 */
void
pk_pair_client_exec (PkPairClient *self, const char *sql)
{
  g_autofree char *path = find_replica (self);
  sqlite3 *file = NULL;

  pk_pair_client_close (self);
  g_assert_cmpint (sqlite3_open (path, &file), ==, SQLITE_OK);
  sqlite3_exec (file, sql, NULL, NULL, NULL);
  g_assert_cmpstr (sqlite3_errmsg (file), ==, "not an error");
  sqlite3_close (file);
  pk_pair_client_open (self);
}

/**
 * pk_pair_client_count:
 * @sql: a question to the replica's file with one number as the answer
 *
 * Returns: the number
 */
gint64
pk_pair_client_count (PkPairClient *self, const char *sql)
{
  g_autofree char *path = find_replica (self);
  sqlite3 *file = NULL;
  sqlite3_stmt *query = NULL;

  g_assert_cmpint (sqlite3_open (path, &file), ==, SQLITE_OK);
  sqlite3_prepare_v2 (file, sql, -1, &query, NULL);
  g_assert_cmpstr (sqlite3_errmsg (file), ==, "not an error");
  g_assert_cmpint (sqlite3_step (query), ==, SQLITE_ROW);
  gint64 number = sqlite3_column_int64 (query, 0);
  sqlite3_finalize (query);
  sqlite3_close (file);
  return number;
}

typedef struct
{
  PkPairClient *client;
  gint64 n; /* records of the server that the person may see */
  gint64 n_tasks;
} Comparison;

static gboolean
compare_record (PkRecord *record, gpointer data)
{
  Comparison *self = data;
  const PkEntity *entity = pk_record_get_entity (record);
  g_autoptr (GString) theirs = g_string_new (NULL);
  g_autoptr (GString) ours = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  gboolean is_visible = FALSE;

  pk_store_is_visible (self->client->pair->store,
                       &self->client->person,
                       entity->id,
                       pk_record_get_id (record),
                       &is_visible,
                       &error);
  g_assert_no_error (error);
  g_autoptr (PkRecord)
      held = pk_reader_find (self->client->reader, entity, pk_record_get_id (record), &error);
  g_assert_no_error (error);
  if (!is_visible)
    {
      g_assert_null (held);
      return TRUE;
    }
  g_assert_nonnull (held);
  pk_codec_append_record (theirs, record);
  pk_codec_append_record (ours, held);
  g_assert_cmpstr (ours->str, ==, theirs->str);
  self->n++;
  self->n_tasks += entity->id == PK_ENTITY_TASK ? 1 : 0;
  return TRUE;
}

/**
 * pk_pair_client_assert_in_step:
 *
 * Invariant 1: the replica shows what the server has for this person, value by value, and nothing else.
 */
void
pk_pair_client_assert_in_step (PkPairClient *self)
{
  Comparison comparison = { .client = self };
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->reader, pk_reader_free);
  self->reader = pk_reader_open (self->dir, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      pk_store_visit (self->pair->store,
                      &pk_model.entities[i],
                      compare_record,
                      &comparison,
                      &error);
      g_assert_no_error (error);
    }
  g_assert_cmpint (
      pk_pair_client_count (self, "SELECT count(*) FROM (SELECT DISTINCT entity, id FROM member)"),
      ==,
      comparison.n);
  g_assert_cmpint (pk_pair_client_count (self, "SELECT count(*) FROM task"),
                   ==,
                   comparison.n_tasks);
}
