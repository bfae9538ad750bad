/* See the header. */
#include "config.h"

#include "command-fixture.h"

#include "pk-test.h"

/**
 * command_fixture_set_up:
 * @data: none
 *
 * Makes the empty replica. Its clock stands still.
 */
void
command_fixture_set_up (CommandFixture *self, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkClock) clock = pk_clock_new_manual (G_GINT64_CONSTANT (1795392000000000));
  g_autoptr (GError) error = NULL;

  self->ids = pk_id_source_new_seeded (clock, 3);
  self->actor = pk_id_source_next (self->ids);
  self->directory = g_dir_make_tmp ("pk-command-XXXXXX", &error);
  g_assert_no_error (error);
  self->replica =
      pk_replica_open (self->directory, clock, self->ids, &self->actor, PK_REPLICA_NO_SYNC, &error);
  g_assert_no_error (error);
  self->context = pk_command_context_new (self->replica, clock, self->ids, &self->actor, NULL);
}

/**
 * command_fixture_tear_down:
 * @data: none
 *
 * Closes and removes the replica.
 */
void
command_fixture_tear_down (CommandFixture *self, G_GNUC_UNUSED gconstpointer data)
{
  g_clear_pointer (&self->refused, pk_outbox_entry_free);
  g_clear_pointer (&self->context, pk_command_context_unref);
  pk_replica_close (self->replica);
  g_clear_object (&self->replica);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_clear_pointer (&self->ids, pk_id_source_unref);
  pk_test_remove_tree (self->directory);
  g_free (self->directory);
}

/**
 * command_fixture_run:
 *
 * Runs @command as the application does, and waits for it.
 *
 * Returns: (transfer full) (nullable): what takes it back
 */
PkCommand *
command_fixture_run (CommandFixture *self, PkCommand *command, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pk_command_run_async (command, self->context, NULL, pk_test_keep_result_cb, &result);
  pk_test_wait_until (result != NULL);
  return pk_command_run_finish (command, result, error);
}
