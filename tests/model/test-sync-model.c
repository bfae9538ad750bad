/* The words of the sync pill. */
#include "config.h"

#include "pk-sync-model.h"

static PkSyncModel *
new_model (const PkStandDetails *details)
{
  PkSyncModel *model = pk_sync_model_new ();

  pk_sync_model_set (model, details, 0);
  return model;
}

static void
test_what_needs_the_person_comes_before_everything_else (void)
{
  PkStandDetails details = { .stand = PK_STAND_SYNCING, .n_attention = 3, .done = 1, .total = 9 };
  g_autoptr (PkSyncModel) model = new_model (&details);

  g_assert_cmpstr (pk_sync_model_get_text (model), ==, "3 need you");
  g_assert_cmpstr (pk_sync_model_get_icon_name (model), ==, "pk-sync-attention-symbolic");
}

static void
test_progress_is_told_in_rows (void)
{
  PkStandDetails details = { .stand = PK_STAND_SYNCING, .done = 214, .total = 980, .rows = 1960 };
  g_autoptr (PkSyncModel) model = new_model (&details);

  g_assert_cmpstr (pk_sync_model_get_text (model), ==, "Synchronising 428 of 1960");
}

static void
test_offline_says_what_waits (void)
{
  PkStandDetails details = { .stand = PK_STAND_OFFLINE, .n_waiting = 12, .offline_since_us = -1 };
  g_autoptr (PkSyncModel) model = new_model (&details);

  g_assert_cmpstr (pk_sync_model_get_text (model), ==, "Offline · 12 changes waiting");
}

static void
test_the_first_sync_says_how_long_it_takes (void)
{
  PkStandDetails details = { .stand = PK_STAND_SYNCING,
                             .is_first = TRUE,
                             .done = 1000000,
                             .total = 11000000,
                             .rows = 1100 };
  g_autoptr (PkSyncModel) model = pk_sync_model_new ();

  pk_sync_model_set (model, &details, G_USEC_PER_SEC);
  details.done = 2000000;
  pk_sync_model_set (model, &details, 11 * G_USEC_PER_SEC);
  g_autofree char *progress = pk_sync_model_dup_progress (model);
  g_assert_cmpstr (progress, ==, "200 of 1100 rows · 2.0 of 11.0 MB · 2 minutes left");
  g_assert_cmpfloat_with_epsilon (pk_sync_model_get_fraction (model), 2.0 / 11, 0.001);
  details.done = 10000000;
  pk_sync_model_set (model, &details, 20 * G_USEC_PER_SEC);
  g_autofree char *nearly = pk_sync_model_dup_progress (model);
  g_assert_cmpstr (nearly, ==, "1000 of 1100 rows · 10.0 of 11.0 MB · less than a minute left");
  details.done = details.total;
  pk_sync_model_set (model, &details, 30 * G_USEC_PER_SEC);
  g_autofree char *last = pk_sync_model_dup_progress (model);
  g_assert_cmpstr (last, ==, "1100 of 1100 rows · 11.0 of 11.0 MB · putting it in place");
}

static void
test_every_state_has_words_of_its_own (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint stand = PK_STAND_STARTING; stand <= PK_STAND_REVOKED; stand++)
    {
      PkStandDetails details = { .stand = stand, .offline_since_us = -1 };
      g_autoptr (PkSyncModel) model = new_model (&details);
      g_assert_true (g_hash_table_add (seen, g_strdup (pk_sync_model_get_text (model))));
      g_assert_nonnull (pk_sync_model_get_explanation (model));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/sync-model/what-needs-the-person-comes-before-everything-else",
                   test_what_needs_the_person_comes_before_everything_else);
  g_test_add_func ("/sync-model/progress-is-told-in-rows", test_progress_is_told_in_rows);
  g_test_add_func ("/sync-model/offline-says-what-waits", test_offline_says_what_waits);
  g_test_add_func ("/sync-model/the-first-sync-says-how-long-it-takes",
                   test_the_first_sync_says_how_long_it_takes);
  g_test_add_func ("/sync-model/every-state-has-words-of-its-own",
                   test_every_state_has_words_of_its_own);
  return g_test_run ();
}
