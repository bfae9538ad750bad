/* What the tests that kill servers share: a device that pushes tasks, and keeps in mind what was acknowledged. */
#include "config.h"

#include "pk-test-writer.h"

#include "pk-store-records.h"

#include <string.h>

/**
 * pk_test_writer_new:
 * @server: that runs as a demonstration
 * @place: of the writer: the person is the one after it
 *
 * Returns: (transfer full): a device of its own
 */
PkTestWriter *
pk_test_writer_new (PkTestWorld *world, PkTestProgram *server, guint place)
{
  PkTestWriter *self = g_new0 (PkTestWriter, 1);
  char person[PK_ID_TEXT_LENGTH + 1];

  self->server = server;
  self->unit = world->units[place + 1];
  self->ids = pk_id_source_new_seeded (world->clock, 100 + place);
  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
  self->acknowledged = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
  pk_id_to_text (&world->persons[place + 1], person);
  self->token = pk_test_program_sign_in (server, person, NULL);
  return self;
}

/**
 * pk_test_writer_free:
 */
void
pk_test_writer_free (PkTestWriter *self)
{
  g_ptr_array_unref (self->waiting);
  g_ptr_array_unref (self->acknowledged);
  pk_id_source_unref (self->ids);
  g_free (self->token);
  g_free (self);
}

static PkMutation *
add_mutation (PkTestWriter *self, PkOp op, const PkId *record)
{
  PkMutation *mutation = pk_mutation_new (op, pk_entity_by_id (PK_ENTITY_TASK), NULL, record);

  mutation->id = pk_id_source_next (self->ids);
  mutation->prev = self->last;
  mutation->n = ++self->n;
  self->last = mutation->id;
  g_ptr_array_add (self->waiting, mutation);
  return mutation;
}

/**
 * pk_test_writer_add_two:
 *
 * Lets two changes more wait: a task, and another title for it.
 */
void
pk_test_writer_add_two (PkTestWriter *self)
{
  PkId id = pk_id_source_next (self->ids);
  PkMutation *create = add_mutation (self, PK_OP_CREATE, &id);

  pk_values_take (create->fields, PK_TASK_TITLE, pk_value_text ("Before"));
  pk_values_take (create->fields, PK_TASK_UNIT_ID, pk_value_id (&self->unit));
  PkMutation *set = add_mutation (self, PK_OP_SET, &id);
  pk_values_take (set->fields, PK_TASK_TITLE, pk_value_text ("After"));
  pk_values_take (set->was, PK_TASK_TITLE, pk_value_text ("Before"));
}

/**
 * pk_test_writer_dup_lines:
 *
 * Returns: (transfer full): what waits, as it is pushed
 */
char *
pk_test_writer_dup_lines (const PkTestWriter *self)
{
  GString *lines = g_string_new (NULL);

  for (guint i = 0; i < self->waiting->len; i++)
    {
      pk_mutation_append_json (lines, self->waiting->pdata[i]);
      g_string_append_c (lines, '\n');
    }
  return g_string_free (lines, FALSE);
}

/**
 * pk_test_writer_check_verdicts:
 * @answer: to a push of what waits
 *
 * Asserts that all was applied.
 */
void
pk_test_writer_check_verdicts (const PkTestWriter *self, const char *answer)
{
  g_auto (GStrv) lines = g_strsplit (answer, "\n", -1);

  g_assert_cmpuint (g_strv_length (lines), ==, self->waiting->len + 1);
  for (guint i = 0; i < self->waiting->len; i++)
    {
      const PkMutation *mutation = self->waiting->pdata[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (PkVerdict) verdict = pk_verdict_read (lines[i], strlen (lines[i]), &error);
      g_assert_no_error (error);
      g_assert_true (pk_id_equal (&verdict->id, &mutation->id));
      g_assert_cmpint (verdict->kind, ==, PK_VERDICT_APPLIED);
    }
}

/**
 * pk_test_writer_note_acknowledged:
 *
 * What waits was acknowledged.
 */
void
pk_test_writer_note_acknowledged (PkTestWriter *self)
{
  g_ptr_array_extend_and_steal (self->acknowledged, g_steal_pointer (&self->waiting));
  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
}

/**
 * pk_test_writer_push:
 *
 * Pushes what waits. Any thread.
 *
 * Returns: %FALSE where the server is gone before it has answered
 */
gboolean
pk_test_writer_push (PkTestWriter *self)
{
  g_autofree char *lines = pk_test_writer_dup_lines (self);
  g_autofree char *answer = NULL;
  guint status = pk_test_program_ask (self->server,
                                      "POST",
                                      "/api/sync/push",
                                      self->token,
                                      "Content-Type: application/x-ndjson",
                                      lines,
                                      &answer);

  if (status == 0)
    return FALSE;
  g_assert_cmpuint (status, ==, 200);
  pk_test_writer_check_verdicts (self, answer);
  pk_test_writer_note_acknowledged (self);
  return TRUE;
}

static gboolean
count_mutation (PkRecord *history, gpointer data)
{
  GHashTable *counts = data;
  const PkId *mutation = pk_record_get_ref (history, PK_HISTORY_MUTATION_ID);

  if (mutation == NULL)
    return TRUE;
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, mutation));
  g_hash_table_insert (counts,
                       g_memdup2 (mutation, sizeof *mutation),
                       GUINT_TO_POINTER (count + 1));
  return TRUE;
}

static void
check_acknowledged (const PkTestWriter *self, PkTestWorld *world, GHashTable *counts)
{
  for (guint i = 0; i < self->acknowledged->len; i++)
    {
      const PkMutation *mutation = self->acknowledged->pdata[i];
      g_autoptr (PkRecord) task = pk_test_world_find (world, PK_ENTITY_TASK, &mutation->record);
      g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (counts, &mutation->id)), ==, 1);
      g_assert_nonnull (task);
      if (mutation->op == PK_OP_SET)
        g_assert_cmpstr (pk_record_get_text (task, PK_TASK_TITLE), ==, "After");
    }
}

/* What was done and not answered: the server was killed between the two. It may be there, once. */
static guint
check_waiting (const PkTestWriter *self, GHashTable *counts)
{
  guint n_done = 0;

  for (guint i = 0; i < self->waiting->len; i++)
    {
      const PkMutation *mutation = self->waiting->pdata[i];
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, &mutation->id));
      g_assert_cmpuint (count, <=, 1);
      n_done += count;
    }
  g_assert_true (n_done == 0 || n_done == self->waiting->len);
  return n_done;
}

/**
 * pk_test_count_mutations:
 * @world: whose store is open
 *
 * Returns: (transfer full): the id of a mutation → how often the history tells of it
 */
GHashTable *
pk_test_count_mutations (PkTestWorld *world)
{
  GHashTable *counts = g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, NULL);

  g_assert_true (pk_store_visit (world->store,
                                 pk_entity_by_id (PK_ENTITY_HISTORY),
                                 count_mutation,
                                 counts,
                                 NULL));
  return counts;
}

/**
 * pk_test_writer_check:
 * @world: whose store is open
 * @counts: of pk_test_count_mutations()
 *
 * Asserts that what was acknowledged is there once.
 *
 * Returns: how many changes were done and not acknowledged
 */
guint
pk_test_writer_check (const PkTestWriter *self, PkTestWorld *world, GHashTable *counts)
{
  check_acknowledged (self, world, counts);
  return check_waiting (self, counts);
}
