/* The desktop searches: the bus starts the real program, which answers without a window; what is chosen opens in one. */
#include "config.h"

#include "desktop-place.h"
#include "display-page.h"
#include "pk-application-private.h"
#include "pk-test.h"

#define SEARCH_PATH "/no/kommune/kristiansund/Pakobla/SearchProvider"
#define SEARCH_FACE "org.gnome.Shell.SearchProvider2"

typedef DesktopPlace Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  desktop_place_set_up (self, (DesktopFlags) GPOINTER_TO_INT (data));
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  desktop_place_tear_down (self);
}

static void
call (Fixture *self, const char *method, GVariant *parameters)
{
  desktop_place_call (self, SEARCH_PATH, SEARCH_FACE, method, parameters);
}

static char **
search (Fixture *self, const char *first, const char *second)
{
  const char *const terms[] = { first, second, NULL };
  char **names;

  call (self, "GetInitialResultSet", g_variant_new ("(^as)", terms));
  g_variant_get (self->answer, "(^as)", &names);
  return names;
}

static void
assert_text (GVariant *meta, const char *key, const char *text)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (meta, key, G_VARIANT_TYPE_STRING);

  g_assert_nonnull (value);
  g_assert_cmpstr (g_variant_get_string (value, NULL), ==, text);
}

static void
test_the_program_answers_without_a_window (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *name = pk_link_make_name (PK_ENTITY_TASK, &self->world.task);

  g_assert_false (desktop_place_is_running (self));
  g_auto (GStrv) found = search (self, "pære", "gymsal");
  g_assert_cmpuint (g_strv_length (found), ==, 1);
  g_assert_cmpstr (found[0], ==, name);
  g_assert_true (desktop_place_is_running (self));

  gint64 began_us = g_get_monotonic_time ();
  g_auto (GStrv) again = search (self, "dal", NULL);
  g_test_message ("Answered in %.1f ms", (double) (g_get_monotonic_time () - began_us) / 1000);
  g_assert_cmpuint (g_strv_length (again), >, 0);
}

static void
test_a_result_says_what_it_is_and_how_it_stands (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *name = pk_link_make_name (PK_ENTITY_TASK, &self->world.tasks[15]);
  g_autofree char *building = pk_link_make_name (PK_ENTITY_BUILDING, &self->world.building);
  g_autofree char *link = pk_link_make (PK_ENTITY_TASK, &self->world.tasks[15]);
  const char *const names[] = { name, "task/nothing", building, NULL };

  call (self, "GetResultMetas", g_variant_new ("(^as)", names));
  g_autoptr (GVariant) metas = g_variant_get_child_value (self->answer, 0);
  g_assert_cmpuint (g_variant_n_children (metas), ==, 2);
  g_autoptr (GVariant) task = g_variant_get_child_value (metas, 0);
  assert_text (task, "id", name);
  assert_text (task, "name", "Tett pissoar i garderobe 2");
  assert_text (task, "description", "Done · Atlanten idrettshall");
  assert_text (task, "clipboardText", link);
  g_autoptr (GVariant) shape = g_variant_lookup_value (task, "icon", NULL);
  g_autoptr (GIcon) icon = g_icon_deserialize (shape);
  g_assert_cmpstr (g_themed_icon_get_names (G_THEMED_ICON (icon))[0],
                   ==,
                   "checkbox-checked-symbolic");
  g_autoptr (GVariant) second = g_variant_get_child_value (metas, 1);
  assert_text (second, "name", "Dale barneskole");
  assert_text (second, "description", "School · Skolevegen 14");
}

static void
test_who_goes_on_typing_gets_other_results (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  const char *const before[] = { "task/whatever", NULL };
  const char *const terms[] = { "rokilde", NULL };
  g_autofree char *name = pk_link_make_name (PK_ENTITY_BUILDING, &self->world.buildings[1]);
  g_auto (GStrv) found = NULL;

  call (self, "GetSubsearchResultSet", g_variant_new ("(^as^as)", before, terms));
  g_variant_get (self->answer, "(^as)", &found);
  g_assert_true (g_strv_contains ((const char *const *) found, name));
  g_auto (GStrv) nothing = search (self, "  ", NULL);
  g_assert_cmpuint (g_strv_length (nothing), ==, 0);
}

static void
test_nobody_signed_in_finds_nothing (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *name = pk_link_make_name (PK_ENTITY_TASK, &self->world.task);
  const char *const names[] = { name, NULL };
  g_auto (GStrv) found = search (self, "pære", NULL);

  g_assert_cmpuint (g_strv_length (found), ==, 0);
  call (self, "GetResultMetas", g_variant_new ("(^as)", names));
  g_autoptr (GVariant) metas = g_variant_get_child_value (self->answer, 0);
  g_assert_cmpuint (g_variant_n_children (metas), ==, 0);
}

static void
test_what_is_chosen_opens (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *name = pk_link_make_name (PK_ENTITY_TASK, &self->world.tasks[5]);
  const char *const terms[] = { "håndlist", NULL };

  desktop_place_start (self);
  call (self, "ActivateResult", g_variant_new ("(s^asu)", name, terms, 0));
  g_assert_nonnull (self->application->window);
  pk_test_wait_until (
      has_label (GTK_WIDGET (self->application->window), "Løs håndlist ved rampen"));
}

static void
test_all_results_are_shown_in_the_window (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  const char *const terms[] = { "rokilde", "sykehjem", NULL };

  desktop_place_start (self);
  call (self, "LaunchSearch", g_variant_new ("(^asu)", terms, 0));
  GtkWidget *window = GTK_WIDGET (self->application->window);
  g_assert_nonnull (window);
  GtkWidget *entry = find_widget (window, GTK_TYPE_SEARCH_ENTRY);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "rokilde sykehjem");
  pk_test_wait_until (has_label (window, "Rokilde sykehjem"));
}

int
main (int argc, char *argv[])
{
  desktop_place_begin ();
  g_test_init (&argc, &argv, NULL);
  gtk_init ();

#define ADD(name, flags, test)                                                                     \
  g_test_add ("/search/" name, Fixture, GINT_TO_POINTER (flags), set_up, test, tear_down)
  ADD ("the-program-answers-without-a-window",
       DESKTOP_SIGNED_IN,
       test_the_program_answers_without_a_window);
  ADD ("a-result-says-what-it-is-and-how-it-stands",
       DESKTOP_SIGNED_IN,
       test_a_result_says_what_it_is_and_how_it_stands);
  ADD ("who-goes-on-typing-gets-other-results",
       DESKTOP_SIGNED_IN,
       test_who_goes_on_typing_gets_other_results);
  ADD ("nobody-signed-in-finds-nothing", DESKTOP_SIGNED_OUT, test_nobody_signed_in_finds_nothing);
  ADD ("what-is-chosen-opens", DESKTOP_SIGNED_IN, test_what_is_chosen_opens);
  ADD ("all-results-are-shown-in-the-window",
       DESKTOP_SIGNED_IN,
       test_all_results_are_shown_in_the_window);
#undef ADD
  return desktop_place_end (g_test_run ());
}
