/* A store that moves from SQLite to PostgreSQL, and a backup of one that is there. On PostgreSQL only. */
#include "config.h"

#include "pk-model-tables.h"
#include "pk-sql.h"
#include "pk-store-backup.h"
#include "pk-store-log.h"
#include "pk-store-meta.h"
#include "pk-store-move.h"
#include "pk-store-records.h"
#include "pk-test-database.h"
#include "pk-test-store.h"

#include <glib/gstdio.h>

#define N_TASKS 25

typedef PkTestStore Fixture;

static gint64
fill (Fixture *self)
{
  g_autoptr (GArray) scopes = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;
  gint64 scope, seq = 0;

  pk_store_begin (self->store, &error);
  g_assert_no_error (error);
  g_assert_true (pk_store_intern_scope (self->store, "everyone", &scope, &error));
  g_array_append_val (scopes, scope);
  for (guint i = 0; i < N_TASKS; i++)
    {
      g_autoptr (PkRecord) task = pk_test_task (self, "Å");
      seq = pk_store_next_seq (self->store);
      pk_record_set_seq (task, seq);
      g_assert_true (pk_store_put (self->store, task, NULL, &error));
      g_assert_true (pk_store_place (self->store,
                                     pk_record_get_entity (task),
                                     pk_record_get_id (task),
                                     seq,
                                     scopes,
                                     NULL,
                                     &error));
    }
  g_assert_true (pk_store_commit (self->store, &error));
  return seq;
}

static void
check_same (const PkStoreScope *before, PkStore *store)
{
  g_autoptr (PkStoreScope) after = pk_store_find_scope (store, "everyone", NULL);
  gint64 count;

  g_assert_cmpint (after->count, ==, before->count);
  g_assert_true (pk_fingerprint_equal (&after->fingerprint, &before->fingerprint));
  g_assert_true (pk_store_count (store, pk_entity_by_id (PK_ENTITY_TASK), &count, NULL));
  g_assert_cmpint (count, ==, N_TASKS);
}

/* The fixture's schema is empty; the folder is made to say that it is on SQLite. */
static char *
begin_on_sqlite (Fixture *self)
{
  g_autofree char *path = g_build_filename (self->dir, PK_STORE_ADDRESS, NULL);
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->store, pk_store_close);
  g_unlink (path);
  self->store = pk_store_open (self->dir, PK_STORE_READ_WRITE, self->ids, &error);
  g_assert_no_error (error);
  return pk_test_database_dup_address (self->dir);
}

static void
test_a_store_moves_with_its_history (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *address = begin_on_sqlite (self);
  gint64 last = fill (self), seq;
  g_autoptr (PkStoreScope) before = pk_store_find_scope (self->store, "everyone", NULL);
  g_autoptr (GError) error = NULL;
  PkId epoch, after;
  PkStoreMove facts;

  g_assert_true (pk_store_get_epoch (self->store, &epoch, NULL));
  g_clear_pointer (&self->store, pk_store_close);
  pk_store_move (self->dir, address, self->ids, &facts, &error);
  g_assert_no_error (error);
  g_assert_cmpint (facts.n_rows, >=, 2 * N_TASKS);
  g_assert_cmpint (facts.n_scopes, ==, 1);

  self->store = pk_store_open (self->dir, PK_STORE_READ_WRITE, self->ids, &error);
  g_assert_no_error (error);
  check_same (before, self->store);
  g_assert_true (pk_store_get_epoch (self->store, &after, NULL));
  g_assert_true (pk_id_equal (&epoch, &after));
  g_assert_true (pk_store_get_seq (self->store, &seq, NULL));
  g_assert_cmpint (seq, ==, last);
  g_assert_cmpint (fill (self), >, last);
  g_assert_false (pk_store_move (self->dir, address, self->ids, &facts, &error));
  g_assert_error (error, PK_SQL_ERROR, PK_SQL_ERROR_CONSTRAINT);
}

static void
test_a_database_with_a_store_in_it_is_left_alone (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  PkStoreMove facts;

  fill (self);
  g_autofree char *address = begin_on_sqlite (self);
  g_clear_pointer (&self->store, pk_store_close);
  g_assert_false (pk_store_move (self->dir, address, self->ids, &facts, &error));
  g_assert_error (error, PK_SQL_ERROR, PK_SQL_ERROR_CONSTRAINT);
}

static void
test_a_backup_of_one_comes_back_to_both (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  gint64 last = fill (self);
  g_autoptr (PkStoreScope) before = pk_store_find_scope (self->store, "everyone", NULL);
  g_autofree char *backup = g_build_filename (self->dir, "backup", NULL);
  g_autofree char *folder = g_build_filename (self->dir, "other", NULL);
  g_autoptr (GError) error = NULL;
  PkStoreBackup facts;

  pk_store_backup (self->store, backup, &facts, &error);
  g_assert_no_error (error);
  g_assert_cmpint (facts.seq, ==, last);
  fill (self);
  pk_store_restore (self->store, backup, &error);
  g_assert_no_error (error);
  check_same (before, self->store);
  g_assert_cmpint (fill (self), >, last);

  g_autoptr (PkStore) other = pk_store_open (folder, PK_STORE_READ_WRITE, self->ids, &error);
  g_assert_no_error (error);
  pk_store_restore (other, backup, &error);
  g_assert_no_error (error);
  check_same (before, other);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/move/a-store-moves-with-its-history", test_a_store_moves_with_its_history },
    { "/move/a-database-with-a-store-in-it-is-left-alone",
      test_a_database_with_a_store_in_it_is_left_alone },
    { "/move/a-backup-of-one-comes-back-to-both", test_a_backup_of_one_comes_back_to_both },
  };

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    pk_test_store_add (tests[i].name, tests[i].func);
  return g_test_run ();
}
