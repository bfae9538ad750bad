/* What the tests of the replica have in common. */
#include "config.h"

#include "replica-fixture.h"

#include "pk-test.h"

static const char *const one_scope[] = { "everyone", NULL };

void
fixture_reopen (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  self->writer =
      pk_writer_open (self->directory, self->clock, self->ids, &self->person, self->flags, &error);
  g_assert_no_error (error);
  self->reader = pk_reader_open (self->directory, &error);
  g_assert_no_error (error);
}

void
fixture_set_up (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  *self = (Fixture){ .flags = PK_REPLICA_NO_SYNC };
  self->directory = g_dir_make_tmp ("replica-XXXXXX", &error);
  g_assert_no_error (error);
  self->clock = pk_clock_new_manual (1795000000000000);
  self->ids = pk_id_source_new_seeded (self->clock, 7);
  self->person = pk_id_source_next (self->ids);
  self->epoch = pk_id_source_next (self->ids);
  fixture_reopen (self);
}

void
fixture_crash (Fixture *self)
{
  g_clear_pointer (&self->reader, pk_reader_free);
  g_clear_pointer (&self->writer, pk_writer_free);
}

void
fixture_tear_down (Fixture *self)
{
  fixture_crash (self);
  pk_test_remove_tree (self->directory);
  pk_id_source_unref (self->ids);
  pk_clock_unref (self->clock);
  g_free (self->directory);
}

PkRecord *
fixture_make_task (Fixture *self, const char *title)
{
  PkId id = pk_id_source_next (self->ids);
  PkRecord *task = pk_record_new (pk_entity_by_id (PK_ENTITY_TASK), &id);

  pk_record_set_text (task, PK_TASK_TITLE, title);
  pk_record_set_int (task, PK_TASK_KIND, PK_TASK_KIND_TASK);
  pk_record_set_int (task, PK_TASK_PRIORITY, PK_TASK_PRIORITY_NORMAL);
  pk_record_set_int (task, PK_TASK_STATUS, PK_TASK_STATUS_NEW);
  pk_record_set_int (task, PK_TASK_IS_OPEN, TRUE);
  pk_record_set_int (task, PK_TASK_CHANNEL, PK_CHANNEL_INTERNAL);
  pk_record_set_int (task, PK_TASK_CONFIDENTIALITY, PK_CONFIDENTIALITY_INTERNAL);
  pk_record_set_int (task, PK_TASK_CREATED_AT, pk_clock_now_us (self->clock));
  return task;
}

PkMutation *
fixture_create_task (Fixture *self, const char *title)
{
  PkId id = pk_id_source_next (self->ids);
  PkMutation *mutation =
      pk_mutation_new (PK_OP_CREATE, pk_entity_by_id (PK_ENTITY_TASK), NULL, &id);

  pk_values_take (mutation->fields, PK_TASK_TITLE, pk_value_text (title));
  return mutation;
}

PkMutation *
fixture_set_title (Fixture *self G_GNUC_UNUSED,
                   const PkId *task,
                   const char *was,
                   const char *title)
{
  PkMutation *mutation = pk_mutation_new (PK_OP_SET, pk_entity_by_id (PK_ENTITY_TASK), NULL, task);

  pk_values_take (mutation->fields, PK_TASK_TITLE, pk_value_text (title));
  pk_values_take (mutation->was, PK_TASK_TITLE, pk_value_text (was));
  return mutation;
}

void
fixture_submit (Fixture *self, PkMutation *mutation)
{
  g_autoptr (GPtrArray) mutations = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (mutations, mutation);
  pk_writer_submit (self->writer, mutations, &error);
  g_assert_no_error (error);
}

char *
fixture_get_title (Fixture *self, const PkId *task)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkRecord)
      record = pk_reader_find (self->reader, pk_entity_by_id (PK_ENTITY_TASK), task, &error);

  g_assert_no_error (error);
  return record != NULL ? g_strdup (pk_record_get_text (record, PK_TASK_TITLE)) : NULL;
}

static void
add_line (GPtrArray *lines, GString *text)
{
  g_autoptr (GError) error = NULL;
  gsize length = text->len;

  while (length > 0 && text->str[length - 1] == '\n')
    length--;
  PkFeedLine *line = pk_feed_line_read (text->str, length, &error);
  g_assert_no_error (error);
  g_ptr_array_add (lines, line);
}

GPtrArray *
fixture_begin (Fixture *self, const char *const *scopes)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_feed_line_free);
  g_autoptr (GString) text = g_string_new (NULL);
  PkFeedScope told[16] = { 0 };
  guint n_scopes = 0;

  for (; scopes[n_scopes] != NULL; n_scopes++)
    told[n_scopes].name = (char *) scopes[n_scopes];
  self->seq++;
  pk_feed_append_begin (text,
                        self->seq,
                        &self->epoch,
                        pk_clock_now_us (self->clock),
                        1,
                        told,
                        n_scopes);
  add_line (lines, text);
  return lines;
}

void
fixture_add_row (Fixture *self,
                 GPtrArray *lines,
                 PkRecord *record,
                 const guint *scopes,
                 guint n_scopes)
{
  g_autoptr (GString) text = g_string_new (NULL);

  pk_record_set_seq (record, self->seq);
  pk_feed_append_rows_start (text, pk_record_get_entity (record));
  pk_feed_append_row (text, record, scopes, n_scopes);
  pk_feed_append_rows_end (text);
  add_line (lines, text);
}

void
fixture_add_gone (GPtrArray *lines, PkRecord *record, guint scope)
{
  g_autoptr (GString) text = g_string_new (NULL);

  pk_feed_append_gone (text, pk_record_get_entity (record), scope, pk_record_get_id (record), 1);
  add_line (lines, text);
}

void
fixture_add_drop (GPtrArray *lines, const char *scope)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *const scopes[] = { scope, NULL };

  pk_feed_append_drop (text, scopes);
  add_line (lines, text);
}

void
fixture_add_verdict (GPtrArray *lines, PkVerdict *verdict)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) verdicts = g_ptr_array_new ();

  g_ptr_array_add (verdicts, verdict);
  pk_feed_append_verdicts (text, verdicts);
  add_line (lines, text);
}

void
fixture_add_commit (Fixture *self, GPtrArray *lines, const PkFeedCheck *checks, guint n_checks)
{
  g_autoptr (GString) text = g_string_new (NULL);

  pk_feed_append_commit (text, self->seq, checks, n_checks);
  add_line (lines, text);
}

gboolean
fixture_apply (Fixture *self, GPtrArray *lines, GError **error)
{
  g_autoptr (PkPullRequest)
      request = pk_writer_make_pull_request (self->writer, PK_PULL_DEFAULT, error);

  return request != NULL && pk_writer_apply (self->writer, request, lines, error);
}

void
fixture_give_task (Fixture *self, PkRecord *task)
{
  g_autoptr (GPtrArray) lines = fixture_begin (self, one_scope);
  g_autoptr (GError) error = NULL;

  fixture_add_row (self, lines, task, (guint[]){ 0 }, 1);
  fixture_add_commit (self, lines, NULL, 0);
  fixture_apply (self, lines, &error);
  g_assert_no_error (error);
}
