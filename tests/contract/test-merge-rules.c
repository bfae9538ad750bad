/*
 * The merge rules, field type by field type, on random values: what both sides did lives on wherever the rule says so, and what gives way
 * is said to. PK_TEST_SEEDS says how many draws there are (400).
 */
#include "config.h"

#include "pk-merge.h"
#include "pk-model-tables.h"

#include <stdlib.h>
#include <string.h>

static const PkField set_field = { .name = "words", .type = PK_TYPE_SET, .merge = PK_MERGE_UNION };
static const PkField sum_field = { .name = "count", .type = PK_TYPE_INT, .merge = PK_MERGE_SUM };
static const PkField log_field = { .name = "log",
                                   .type = PK_TYPE_LONG_TEXT,
                                   .merge = PK_MERGE_APPEND };
static const PkField text_field = { .name = "text",
                                    .type = PK_TYPE_LONG_TEXT,
                                    .merge = PK_MERGE_PARAGRAPHS };
static const PkField plain_field = { .name = "title", .type = PK_TYPE_TEXT };

static guint
get_n_draws (void)
{
  const char *text = g_getenv ("PK_TEST_SEEDS");

  return text != NULL ? (guint) atoi (text) : 400;
}

static void
test_every_field_has_the_rule_of_its_type (void)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    for (guint j = 0; j < pk_model.entities[i].n_fields; j++)
      {
        const PkField *field = &pk_model.entities[i].fields[j];
        g_test_message ("%s.%s", pk_model.entities[i].name, field->name);
        if (field->set_by != PK_SET_BY_CLIENT || g_str_equal (pk_model.entities[i].write, "server"))
          continue;
        if (field->type == PK_TYPE_SET)
          g_assert_cmpint (field->merge, ==, PK_MERGE_UNION);
        else if (field->type == PK_TYPE_LONG_TEXT && !g_str_equal (field->name, "outcome_reason"))
          g_assert_true (field->merge == PK_MERGE_PARAGRAPHS || field->merge == PK_MERGE_APPEND);
        else if (g_str_equal (field->name, "status") && field->type == PK_TYPE_ENUM &&
                 pk_model.entities[i].id == PK_ENTITY_TASK)
          g_assert_cmpint (field->merge, ==, PK_MERGE_STATUS);
        else if (field->type != PK_TYPE_INT && field->type != PK_TYPE_REAL)
          g_assert_cmpint (field->merge, ==, PK_MERGE_SCALAR);
      }
}

static PkValue
draw_set (GRand *random)
{
  g_autoptr (GString) words = g_string_new (NULL);

  for (char word = 'a'; word <= 'h'; word++)
    if (g_rand_boolean (random))
      g_string_append_printf (words, "%s%c", words->len > 0 ? "\n" : "", word);
  return words->len > 0 ? pk_value_text (words->str) : PK_VALUE_INIT;
}

static gboolean
has_word (const PkValue *set, char word)
{
  return set->kind == PK_VALUE_TEXT && strchr (set->text, word) != NULL;
}

static void
test_a_set_has_what_either_added_and_lacks_what_either_removed (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (guint i = 0; i < get_n_draws (); i++)
    {
      g_auto (PkValue) was = draw_set (random);
      g_auto (PkValue) theirs = draw_set (random);
      g_auto (PkValue) mine = draw_set (random);
      g_auto (PkValue) one = PK_VALUE_INIT;
      g_auto (PkValue) other = PK_VALUE_INIT;
      pk_merge_value (&set_field, &was, &theirs, &mine, &one);
      pk_merge_value (&set_field, &was, &mine, &theirs, &other);
      g_assert_true (pk_value_equal (&one, &other));
      for (char word = 'a'; word <= 'h'; word++)
        {
          gboolean is_there = has_word (&was, word)
                                  ? has_word (&theirs, word) && has_word (&mine, word)
                                  : has_word (&theirs, word) || has_word (&mine, word);
          g_assert_cmpint (has_word (&one, word), ==, is_there);
        }
    }
}

static void
test_counters_add_up_whatever_the_order (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2);

  for (guint i = 0; i < get_n_draws (); i++)
    {
      gint64 start = g_rand_int_range (random, -1000, 1000);
      gint64 theirs_added = g_rand_int_range (random, -50, 50);
      gint64 mine_added = g_rand_int_range (random, -50, 50);
      PkValue was = pk_value_int (start), theirs = pk_value_int (start + theirs_added),
              mine = pk_value_int (start + mine_added);
      g_auto (PkValue) sum = PK_VALUE_INIT;
      PkMergeResult result = pk_merge_value (&sum_field, &was, &theirs, &mine, &sum);
      gint64 expected = result == PK_MERGE_SAME ? mine.number : start + theirs_added + mine_added;
      g_assert_cmpint (sum.number, ==, expected);
    }
}

static void
test_a_sum_that_no_number_holds_gives_way_to_the_last_word (void)
{
  PkValue was = pk_value_int (-1), theirs = pk_value_int (G_MAXINT64), mine = pk_value_int (5);
  g_auto (PkValue) result = PK_VALUE_INIT;

  g_assert_cmpint (pk_merge_value (&sum_field, &was, &theirs, &mine, &result),
                   ==,
                   PK_MERGE_REPLACED);
  g_assert_cmpint (result.number, ==, 5);
}

static void
test_what_both_appended_stands_in_the_order_of_the_server (void)
{
  g_auto (PkValue) was = pk_value_text ("Start.");
  g_auto (PkValue) theirs = pk_value_text ("Start. De.");
  g_auto (PkValue) mine = pk_value_text ("Start. Jeg.");
  g_auto (PkValue) result = PK_VALUE_INIT;

  g_assert_cmpint (pk_merge_value (&log_field, &was, &theirs, &mine, &result),
                   ==,
                   PK_MERGE_COMBINED);
  g_assert_cmpstr (result.text, ==, "Start. De. Jeg.");
}

static char *
draw_text (GRand *random, char **base, guint n_base, char by)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n_base; i++)
    {
      guint fate = (guint) g_rand_int_range (random, 0, 6);
      if (fate == 0)
        continue;
      if (text->len > 0)
        g_string_append (text, "\n\n");
      if (fate == 1)
        g_string_append_printf (text, "%s endret av %c", base[i], by);
      else
        g_string_append (text, base[i]);
      if (fate == 2)
        g_string_append_printf (text, "\n\nnytt av %c etter %u", by, i);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
holds (char **paragraphs, const char *paragraph)
{
  return g_strv_contains ((const char *const *) paragraphs, paragraph);
}

/* All that one of them wrote is in the result. */
static void
assert_all_new_survives (char **was, char **wrote, char **result)
{
  for (guint i = 0; wrote[i] != NULL; i++)
    if (*wrote[i] != '\0' && !holds (was, wrote[i]))
      g_assert_true (holds (result, wrote[i]));
}

static void
test_no_paragraph_that_anybody_wrote_is_lost (void)
{
  static const char *const was_text = "en\n\nto\n\ntre\n\nfire\n\nfem";
  g_auto (GStrv) base = g_strsplit (was_text, "\n\n", -1);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  g_auto (PkValue) was = pk_value_text (was_text);

  for (guint i = 0; i < get_n_draws (); i++)
    {
      g_autofree char *a = draw_text (random, base, 5, 'A');
      g_autofree char *b = draw_text (random, base, 5, 'B');
      g_auto (PkValue) theirs = pk_value_text (a);
      g_auto (PkValue) mine = pk_value_text (b);
      g_auto (PkValue) merged = PK_VALUE_INIT;
      pk_merge_value (&text_field, &was, &theirs, &mine, &merged);
      g_auto (GStrv) a_list = g_strsplit (a, "\n\n", -1);
      g_auto (GStrv) b_list = g_strsplit (b, "\n\n", -1);
      g_auto (GStrv)
          result = g_strsplit (merged.kind == PK_VALUE_TEXT ? merged.text : "", "\n\n", -1);
      g_test_message ("draw %u", i);
      assert_all_new_survives (base, a_list, result);
      assert_all_new_survives (base, b_list, result);
      for (guint j = 0; j < 5; j++)
        if (holds (a_list, base[j]) && holds (b_list, base[j]))
          g_assert_true (holds (result, base[j]));
    }
}

static void
test_a_scalar_takes_the_order_of_the_server_and_says_what_gave_way (void)
{
  static const char *const words[] = { "a", "b", "c" };

  for (guint i = 0; i < 27; i++)
    {
      g_auto (PkValue) was = pk_value_text (words[i % 3]);
      g_auto (PkValue) theirs = pk_value_text (words[i / 3 % 3]);
      g_auto (PkValue) mine = pk_value_text (words[i / 9]);
      g_auto (PkValue) result = PK_VALUE_INIT;
      PkMergeResult kind = pk_merge_value (&plain_field, &was, &theirs, &mine, &result);
      g_assert_true (pk_value_equal (&result, &mine));
      gboolean gives_way = !pk_value_equal (&theirs, &mine) && !pk_value_equal (&was, &theirs);
      g_assert_cmpint (kind == PK_MERGE_REPLACED, ==, gives_way);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/merge-rules/every-field-has-the-rule-of-its-type",
                   test_every_field_has_the_rule_of_its_type);
  g_test_add_func ("/merge-rules/a-set-has-what-either-added-and-lacks-what-either-removed",
                   test_a_set_has_what_either_added_and_lacks_what_either_removed);
  g_test_add_func ("/merge-rules/counters-add-up-whatever-the-order",
                   test_counters_add_up_whatever_the_order);
  g_test_add_func ("/merge-rules/a-sum-that-no-number-holds-gives-way-to-the-last-word",
                   test_a_sum_that_no_number_holds_gives_way_to_the_last_word);
  g_test_add_func ("/merge-rules/what-both-appended-stands-in-the-order-of-the-server",
                   test_what_both_appended_stands_in_the_order_of_the_server);
  g_test_add_func ("/merge-rules/no-paragraph-that-anybody-wrote-is-lost",
                   test_no_paragraph_that_anybody_wrote_is_lost);
  g_test_add_func ("/merge-rules/a-scalar-takes-the-order-of-the-server-and-says-what-gave-way",
                   test_a_scalar_takes_the_order_of_the_server_and_says_what_gave_way);
  return g_test_run ();
}
