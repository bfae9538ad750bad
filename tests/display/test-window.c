/* The window and everything that opens from it, over a small municipality: names for screen readers, actions, the keyboard. */
#include "config.h"

#include "display-page.h"
#include "display-shot.h"
#include "pk-model-tables.h"
#include "pk-row.h"
#include "pk-shortcuts.h"
#include "pk-window-private.h"

#include <string.h>

typedef struct
{
  World world;
  PkWindow *window;
} Fixture;

static void
open_window (Fixture *self, int width, int height)
{
  self->window = pk_window_new (NULL, self->world.sync);
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
  pk_window_set_client (self->window, self->world.client);
  pk_window_show_place (self->window, "my-day");
  gtk_window_present (GTK_WINDOW (self->window));
  display_settle (GTK_WIDGET (self->window));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  world_set_up (&self->world, GPOINTER_TO_INT (data));
  open_window (self, 1280, 800);
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  world_tear_down (&self->world);
}

/* Walks everything that can be seen. */
typedef void (*Visitor) (GtkWidget *widget, gpointer data);

static void
visit (GtkWidget *widget, Visitor visitor, gpointer data)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  visitor (widget, data);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    visit (child, visitor, data);
}

static gboolean
has_text_below (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && gtk_label_get_text (GTK_LABEL (widget))[0] != '\0')
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_text_below (child))
      return TRUE;
  return FALSE;
}

static gboolean
has_name (GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);

  return gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL) ||
         gtk_test_accessible_has_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY) ||
         has_text_below (widget);
}

/* What takes the focus for something else: the list is named, not what scrolls it; the entry, not the text in it. */
static gboolean
is_part_of_another (GtkWidget *widget)
{
  return GTK_IS_TEXT (widget) || GTK_IS_SCROLLED_WINDOW (widget) || GTK_IS_WINDOW (widget) ||
         GTK_IS_MENU_BUTTON (gtk_widget_get_parent (widget)) ||
         g_str_has_prefix (G_OBJECT_TYPE_NAME (widget), "GtkPopover");
}

static void
check_name_cb (GtkWidget *widget, gpointer data)
{
  const char *page = data;

  if (!gtk_widget_get_focusable (widget) || is_part_of_another (widget) ||
      gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)) ==
          GTK_ACCESSIBLE_ROLE_PRESENTATION)
    return;
  if (!has_name (widget))
    g_test_fail_printf ("On %s a %s has no name for a screen reader (in a %s)",
                        page,
                        G_OBJECT_TYPE_NAME (widget),
                        G_OBJECT_TYPE_NAME (gtk_widget_get_parent (widget)));
}

static void
check_names (GtkWidget *window, const char *page)
{
  display_settle (window);
  visit (window, check_name_cb, (gpointer) page);
}

static void
test_every_place_names_what_takes_the_focus (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const places[] = { "my-day", "tasks", "buildings", "documents" };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      pk_window_show_place (self->window, places[i]);
      check_names (GTK_WIDGET (self->window), places[i]);
    }
}

static void
test_every_detail_names_what_takes_the_focus (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pk_window_open (self->window, PK_ENTITY_TASK, &self->world.task);
  check_names (GTK_WIDGET (self->window), "task");
  pk_window_open (self->window, PK_ENTITY_BUILDING, &self->world.building);
  check_names (GTK_WIDGET (self->window), "building");
  pk_window_open (self->window, PK_ENTITY_DOCUMENT, &self->world.document);
  check_names (GTK_WIDGET (self->window), "document");
  pk_window_open (self->window, PK_ENTITY_PERSON, &self->world.person);
  check_names (GTK_WIDGET (self->window), "person");
  pk_window_open (self->window, PK_ENTITY_LOCATION, &self->world.room);
  check_names (GTK_WIDGET (self->window), "location");
  pk_window_open (self->window, PK_ENTITY_COMPONENT, &self->world.component);
  check_names (GTK_WIDGET (self->window), "component");
}

static void
check_dialog (Fixture *self, const char *action, const char *target)
{
  GtkWidget *window = GTK_WIDGET (self->window);

  g_assert_true (gtk_widget_activate_action (window, action, target == NULL ? NULL : "s", target));
  GtkWidget *dialog = display_get_dialog (window);
  g_assert_nonnull (dialog);
  check_names (dialog, action);
  display_close_dialog (dialog);
  display_settle (window);
}

static void
test_every_dialog_names_what_takes_the_focus (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  check_dialog (self, "win.show-sync", NULL);
  check_dialog (self, "win.palette", NULL);
  check_dialog (self, "win.new-task", "Bytt pære Dale barneskole fredag");
  check_dialog (self, "win.preferences", NULL);
}

static void
find_row_cb (GtkWidget *widget, gpointer data)
{
  GtkWidget **found = data;

  if (*found == NULL && PK_IS_ROW (widget) &&
      !pk_row_item_is_heading (pk_row_get_item (PK_ROW (widget))))
    *found = widget;
}

static GtkWidget *
find_row (Fixture *self)
{
  GtkWidget *row = NULL;

  visit (GTK_WIDGET (self->window), find_row_cb, &row);
  g_assert_nonnull (row);
  return row;
}

static void
test_a_row_says_the_whole_task (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  GtkWidget *row = find_row (self);

  gtk_test_accessible_assert_property (
      GTK_ACCESSIBLE (gtk_widget_get_parent (row)),
      GTK_ACCESSIBLE_PROPERTY_LABEL,
      "Dryppende kran på jentetoalettet, Accepted, 2 days overdue, "
      "Dale barneskole · Aisha Mohamud · VVS");
}

static void
check_action (Fixture *self, const PkShortcut *shortcut)
{
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;
  g_autoptr (GError) error = NULL;

  g_action_parse_detailed_name (shortcut->action, &name, &target, &error);
  g_assert_no_error (error);
  if (!g_str_has_prefix (name, "win."))
    return;
  const GVariantType *type =
      g_action_group_get_action_parameter_type (G_ACTION_GROUP (self->window),
                                                name + strlen ("win."));
  g_assert_true (g_action_group_has_action (G_ACTION_GROUP (self->window), name + strlen ("win.")));
  g_assert_true (type == NULL ? target == NULL
                              : target != NULL && g_variant_is_of_type (target, type));
}

static void
test_every_shortcut_stands_for_an_action_of_its_own (Fixture *self,
                                                     gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n;
  const PkShortcut *table = pk_shortcuts_get (&n);

  for (guint i = 0; i < n; i++)
    {
      check_action (self, &table[i]);
      g_auto (GStrv) accelerators =
          g_strsplit (table[i].accelerators == NULL ? "" : table[i].accelerators, " ", -1);
      for (guint j = 0; accelerators[j] != NULL; j++)
        {
          guint key;
          GdkModifierType modifiers;
          g_assert_true (gtk_accelerator_parse (accelerators[j], &key, &modifiers));
          /* Details take turns in the pane: their shortcuts may be the same. */
          if (!g_str_has_prefix (table[i].action, "page."))
            g_assert_true (g_hash_table_add (keys, g_strdup (accelerators[j])));
        }
    }
}

static void
wanted_cb (PkBackgroundModel *background, gboolean is_wanted, gboolean *wanted)
{
  *wanted = is_wanted;
  pk_background_model_set_busy (background);
}

static void
test_the_preferences_say_why_not (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkBackgroundModel) background = pk_background_model_new ();
  g_autoptr (GPtrArray) switches = g_ptr_array_new ();
  gboolean is_wanted = FALSE;

  g_signal_connect (background, "wanted", G_CALLBACK (wanted_cb), &is_wanted);
  pk_window_set_background (self->window, background);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->window), "win.preferences", NULL));
  GtkWidget *dialog = display_get_dialog (GTK_WIDGET (self->window));
  collect_widgets (dialog, GTK_TYPE_SWITCH, switches);
  g_assert_cmpuint (switches->len, ==, 3);
  GtkSwitch *choice = switches->pdata[2];
  check_names (dialog, "preferences");

  gtk_switch_set_active (choice, TRUE);
  g_assert_true (is_wanted);
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (choice)));
  pk_background_model_set (background, FALSE, "Not today");
  g_assert_false (gtk_switch_get_active (choice));
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (choice)));
  g_assert_true (has_label (dialog, "Not today"));
  pk_background_model_set (background, TRUE, NULL);
  g_assert_true (gtk_switch_get_active (choice) && gtk_switch_get_state (choice));
  g_assert_false (has_label (dialog, "Not today"));
  display_close_dialog (dialog);
}

static void
test_the_keyboard_reaches_every_pane (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  GtkWidget *window = GTK_WIDGET (self->window);
  gboolean has_row = FALSE, has_place = FALSE;

  pk_window_open (self->window, PK_ENTITY_TASK, &self->world.task);
  display_settle (window);
  gtk_window_set_focus (GTK_WINDOW (window), NULL);
  for (guint i = 0; i < 200 && gtk_widget_child_focus (window, GTK_DIR_TAB_FORWARD); i++)
    {
      GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (window));
      if (focus == NULL || !g_hash_table_add (seen, focus))
        break;
      GtkWidget *child = gtk_widget_get_first_child (focus);
      has_row |= child != NULL && PK_IS_ROW (child);
      has_place |= GTK_IS_LIST_BOX_ROW (focus);
      g_test_message ("%s", G_OBJECT_TYPE_NAME (focus));
    }
  g_assert_true (has_row);
  g_assert_true (has_place);
  g_assert_cmpuint (g_hash_table_size (seen), >, 8);
}

static gboolean
is_registered (gpointer data)
{
  Fixture *self = data;
  g_autoptr (GError) error = NULL;
  PkReplicaSummary summary;

  g_assert_true (
      pk_reader_read_summary (pk_replica_get_reader (self->world.replica), &summary, &error));
  return summary.n_waiting == 3;
}

static gboolean
is_undone (gpointer data)
{
  Fixture *self = data;
  PkReplicaSummary summary;

  g_assert_true (
      pk_reader_read_summary (pk_replica_get_reader (self->world.replica), &summary, NULL));
  return summary.n_waiting > 3;
}

static void
find_entry_cb (GtkWidget *widget, gpointer data)
{
  if (GTK_IS_ENTRY (widget))
    *(GtkWidget **) data = widget;
}

static void
test_a_line_becomes_a_task_and_can_be_undone (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  GtkWidget *entry = NULL;

  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.new-task", "s", "Tøm søppel fredag");
  GtkWidget *dialog = display_get_top ();
  display_settle (dialog);
  visit (dialog, find_entry_cb, &entry);
  g_assert_nonnull (entry);
  g_signal_emit_by_name (entry, "activate");
  world_wait (is_registered, self);
  display_settle (GTK_WIDGET (self->window));
  gtk_window_set_focus (GTK_WINDOW (self->window), NULL);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.undo", NULL);
  world_wait (is_undone, self);
}

/* The tasks that are due on the day that the world begins with, as the first list says of them. */
static guint
count_rows (Fixture *self, const char *words)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  guint n = 0;

  collect_widgets (GTK_WIDGET (self->window), PK_TYPE_ROW, rows);
  for (guint i = 0; i < rows->len; i++)
    n += gtk_widget_get_mapped (rows->pdata[i]) && has_label (rows->pdata[i], words) ? 1 : 0;
  return n;
}

static gboolean
is_tomorrow (gpointer data)
{
  return count_rows (data, "Today") == 1 && count_rows (data, "1 day overdue") == 3 &&
         count_rows (data, "2 days overdue") == 1;
}

static void
test_the_day_rolls_over_at_midnight (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmpuint (count_rows (self, "Today"), ==, 3);
  g_assert_cmpuint (count_rows (self, "1 day overdue"), ==, 1);
  pk_clock_advance (self->world.clock, 16 * G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC);
  pk_library_check_day (self->world.library);
  world_wait (is_tomorrow, self);
  g_assert_true (has_label (GTK_WIDGET (self->window), "Tuesday 24 November 2026"));
}

/* Where nobody else does, GTK draws a frame around a window, of one pixel or, when newer, of five on each side. */
static gboolean
is_as_narrow_as_a_phone (gpointer data)
{
  Fixture *self = data;

  return ABS (gtk_widget_get_width (GTK_WIDGET (self->window)) - 360) <= 10;
}

static void
test_a_wide_window_becomes_narrow_in_one_step (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  GtkWindow *window = GTK_WINDOW (self->window);

  pk_window_open (self->window, PK_ENTITY_TASK, &self->world.task);
  display_settle (GTK_WIDGET (window));
  gtk_window_set_default_size (window, 360, 680);
  world_wait (is_as_narrow_as_a_phone, self);
  display_settle (GTK_WIDGET (window));
  g_assert_true (is_as_narrow_as_a_phone (self));
  g_assert_true (pk_split_is_narrow (pk_window_get_split (self->window)));
  g_autofree char *buttons = pk_split_dup_decoration_layout (pk_window_get_split (self->window));
  g_assert_nonnull (buttons);
}

static gboolean
is_as_wide_as_a_desk (gpointer data)
{
  Fixture *self = data;

  return gtk_widget_get_width (GTK_WIDGET (self->window)) >= 1280 - 10;
}

/* Warnings are fatal in tests: nothing may ask for more room than there is on the way. */
static void
test_a_narrow_window_becomes_wide_in_one_step (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  GtkWindow *window = GTK_WINDOW (self->window);

  pk_window_open (self->window, PK_ENTITY_TASK, &self->world.task);
  gtk_window_set_default_size (window, 360, 680);
  world_wait (is_as_narrow_as_a_phone, self);
  display_settle (GTK_WIDGET (window));
  gtk_window_set_default_size (window, 1280, 800);
  world_wait (is_as_wide_as_a_desk, self);
  display_settle (GTK_WIDGET (window));
  g_assert_false (pk_split_is_narrow (pk_window_get_split (self->window)));
  g_assert_true (gtk_widget_get_mapped (find_row (self)));
  g_assert_true (pk_split_has_sidebar (pk_window_get_split (self->window)));
}

/* As narrow as a phone, a title has no room beside three buttons of the window. */
static void
check_buttons_cb (GtkWidget *widget, gpointer split)
{
  g_autofree char *wanted = pk_split_dup_decoration_layout (split);

  if (GTK_IS_WINDOW_CONTROLS (widget) && gtk_widget_get_mapped (widget))
    g_assert_cmpstr (gtk_window_controls_get_decoration_layout (GTK_WINDOW_CONTROLS (widget)),
                     ==,
                     wanted);
}

static void
test_a_narrow_window_shows_one_pane_at_a_time (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  open_window (self, 360, 640);
  GtkWidget *window = GTK_WIDGET (self->window);
  g_assert_cmpint (gtk_widget_get_width (window), <=, 400);
  GtkWidget *row = find_row (self);
  pk_window_open (self->window, PK_ENTITY_TASK, &self->world.task);
  display_settle (window);
  g_assert_false (gtk_widget_get_child_visible (row) && gtk_widget_get_mapped (row));
  gtk_widget_activate_action (window, "win.back", NULL);
  display_settle (window);
  g_assert_true (gtk_widget_get_mapped (find_row (self)));
  visit (window, check_buttons_cb, pk_window_get_split (self->window));
}

static void
test_an_empty_replica_has_words_everywhere (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const places[] = { "my-day", "tasks", "buildings", "documents" };

  for (guint stand = PK_STAND_STARTING; stand <= PK_STAND_REVOKED; stand++)
    {
      world_set_stand (&self->world, stand);
      pk_window_show_place (self->window, places[stand % G_N_ELEMENTS (places)]);
      check_names (GTK_WIDGET (self->window), places[stand % G_N_ELEMENTS (places)]);
    }
}

static void
add (const char *name, WorldKind kind, void (*test) (Fixture *self, gconstpointer data))
{
  g_test_add (name, Fixture, GINT_TO_POINTER (kind), set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_load_style ();

  add ("/window/every-place-names-what-takes-the-focus",
       WORLD_FULL,
       test_every_place_names_what_takes_the_focus);
  add ("/window/every-detail-names-what-takes-the-focus",
       WORLD_FULL,
       test_every_detail_names_what_takes_the_focus);
  add ("/window/every-dialog-names-what-takes-the-focus",
       WORLD_FULL,
       test_every_dialog_names_what_takes_the_focus);
  add ("/window/a-row-says-the-whole-task", WORLD_FULL, test_a_row_says_the_whole_task);
  add ("/window/the-preferences-say-why-not", WORLD_FULL, test_the_preferences_say_why_not);
  add ("/window/every-shortcut-stands-for-an-action-of-its-own",
       WORLD_FULL,
       test_every_shortcut_stands_for_an_action_of_its_own);
  add ("/window/the-keyboard-reaches-every-pane", WORLD_FULL, test_the_keyboard_reaches_every_pane);
  add ("/window/a-line-becomes-a-task-and-can-be-undone",
       WORLD_FULL,
       test_a_line_becomes_a_task_and_can_be_undone);
  add ("/window/the-day-rolls-over-at-midnight", WORLD_FULL, test_the_day_rolls_over_at_midnight);
  add ("/window/a-wide-window-becomes-narrow-in-one-step",
       WORLD_FULL,
       test_a_wide_window_becomes_narrow_in_one_step);
  add ("/window/a-narrow-window-becomes-wide-in-one-step",
       WORLD_FULL,
       test_a_narrow_window_becomes_wide_in_one_step);
  add ("/window/a-narrow-window-shows-one-pane-at-a-time",
       WORLD_FULL,
       test_a_narrow_window_shows_one_pane_at_a_time);
  add ("/window/an-empty-replica-has-words-everywhere",
       WORLD_EMPTY,
       test_an_empty_replica_has_words_everywhere);
  return g_test_run ();
}
