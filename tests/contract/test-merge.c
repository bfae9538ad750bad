/* Merging: nothing that anybody wrote is lost. */
#include "config.h"

#include "pk-merge.h"

#include <string.h>

static char *
merge (const char *was, const char *theirs, const char *mine, gboolean *is_clean)
{
  return pk_merge_paragraphs (was, theirs, mine, is_clean);
}

static void
test_changes_in_different_paragraphs_both_apply (void)
{
  gboolean is_clean;
  g_autofree char *text = merge ("a\n\nb\n\nc", "a1\n\nb\n\nc", "a\n\nb\n\nc1\n\nd", &is_clean);

  g_assert_cmpstr (text, ==, "a1\n\nb\n\nc1\n\nd");
  g_assert_true (is_clean);
}

static void
test_changes_of_the_same_paragraph_both_stand (void)
{
  gboolean is_clean;
  g_autofree char *text = merge ("a\n\nb", "a\n\nb1", "a\n\nb2", &is_clean);

  g_assert_cmpstr (text, ==, "a\n\nb1\n\nb2");
  g_assert_false (is_clean);
}

static void
test_a_deleted_paragraph_stays_deleted (void)
{
  gboolean is_clean;
  g_autofree char *text = merge ("a\n\nb\n\nc", "a\n\nc", "a\n\nb\n\nc2", &is_clean);

  g_assert_true (is_clean || strstr (text, "c2") != NULL);
  g_assert_nonnull (strstr (text, "c2"));
}

static void
test_the_same_change_is_taken_once (void)
{
  gboolean is_clean;
  g_autofree char *text = merge ("a", "b", "b", &is_clean);

  g_assert_cmpstr (text, ==, "b");
  g_assert_true (is_clean);
}

static char *
make_text (GRand *rand, const char *from, const char *mark)
{
  g_auto (GStrv) parts = g_strsplit (from, "\n\n", -1);
  g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      int what = g_rand_int_range (rand, 0, 6);
      if (what == 0)
        g_ptr_array_add (out, g_strdup_printf ("%s%u", mark, g_rand_int (rand)));
      if (what != 1)
        g_ptr_array_add (out, g_strdup (parts[i]));
    }
  g_ptr_array_add (out, NULL);
  return g_strjoinv ("\n\n", (char **) out->pdata);
}

static void
assert_marks_survive (const char *text, const char *from, const char *mark)
{
  g_auto (GStrv) parts = g_strsplit (from, "\n\n", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (g_str_has_prefix (parts[i], mark))
      g_assert_nonnull (strstr (text, parts[i]));
}

static void
test_every_added_paragraph_survives (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261123);

  for (int i = 0; i < 500; i++)
    {
      g_autofree char *theirs = make_text (rand, "p\n\nq\n\nr\n\ns\n\nt", "T");
      g_autofree char *mine = make_text (rand, "p\n\nq\n\nr\n\ns\n\nt", "M");
      gboolean is_clean;
      g_autofree char *text = merge ("p\n\nq\n\nr\n\ns\n\nt", theirs, mine, &is_clean);
      assert_marks_survive (text, theirs, "T");
      assert_marks_survive (text, mine, "M");
    }
}

static void
test_sets_take_what_both_added_and_removed (void)
{
  const PkField *tags = &pk_entity_by_name ("task")->fields[PK_TASK_TAGS];
  g_auto (PkValue) was = pk_value_text ("a\nb");
  g_auto (PkValue) theirs = pk_value_text ("a\nb\nc");
  g_auto (PkValue) mine = pk_value_text ("b\nd");
  g_auto (PkValue) result = PK_VALUE_INIT;

  g_assert_cmpint (pk_merge_value (tags, &was, &theirs, &mine, &result), ==, PK_MERGE_COMBINED);
  g_assert_cmpstr (result.text, ==, "b\nc\nd");
}

static void
test_a_scalar_takes_the_last_word_and_tells_what_gave_way (void)
{
  const PkField *title = &pk_entity_by_name ("task")->fields[PK_TASK_TITLE];
  g_auto (PkValue) was = pk_value_text ("Bytt lampe");
  g_auto (PkValue) theirs = pk_value_text ("Bytt lampe i gangen");
  g_auto (PkValue) mine = pk_value_text ("Bytt lyskilde");
  g_auto (PkValue) result = PK_VALUE_INIT;

  g_assert_cmpint (pk_merge_value (title, &was, &theirs, &mine, &result), ==, PK_MERGE_REPLACED);
  g_assert_cmpstr (result.text, ==, "Bytt lyskilde");
}

static void
test_what_nobody_else_touched_is_clean (void)
{
  const PkField *title = &pk_entity_by_name ("task")->fields[PK_TASK_TITLE];
  g_auto (PkValue) was = pk_value_text ("a");
  g_auto (PkValue) mine = pk_value_text ("b");
  g_auto (PkValue) result = PK_VALUE_INIT;

  g_assert_cmpint (pk_merge_value (title, &was, &was, &mine, &result), ==, PK_MERGE_CLEAN);
  g_assert_cmpstr (result.text, ==, "b");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/merge/changes-in-different-paragraphs-both-apply",
                   test_changes_in_different_paragraphs_both_apply);
  g_test_add_func ("/merge/changes-of-the-same-paragraph-both-stand",
                   test_changes_of_the_same_paragraph_both_stand);
  g_test_add_func ("/merge/a-deleted-paragraph-stays-deleted",
                   test_a_deleted_paragraph_stays_deleted);
  g_test_add_func ("/merge/the-same-change-is-taken-once", test_the_same_change_is_taken_once);
  g_test_add_func ("/merge/every-added-paragraph-survives", test_every_added_paragraph_survives);
  g_test_add_func ("/merge/sets-take-what-both-added-and-removed",
                   test_sets_take_what_both_added_and_removed);
  g_test_add_func ("/merge/a-scalar-takes-the-last-word-and-tells-what-gave-way",
                   test_a_scalar_takes_the_last_word_and_tells_what_gave_way);
  g_test_add_func ("/merge/what-nobody-else-touched-is-clean",
                   test_what_nobody_else_touched_is_clean);
  return g_test_run ();
}
