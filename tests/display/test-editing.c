/*
 * Changing facts where they stand: only what is the person's to change is offered, offline, and every change can be taken back.
 */
#include "config.h"

#include "display-page.h"
#include "display-shot.h"
#include "pk-building-page.h"
#include "pk-document-page.h"
#include "pk-editable-text.h"
#include "pk-fact.h"
#include "pk-find-popover.h"
#include "pk-input-popover.h"
#include "pk-model-tables.h"
#include "pk-page.h"
#include "pk-task-page.h"

#include <adwaita.h>

static PkRecord *
building_of (Shown *self)
{
  return pk_library_find (self->world.library, PK_ENTITY_BUILDING, &self->world.building);
}

static guint
count_changeable (Shown *self)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new ();
  guint n = 0;

  collect_widgets (self->page, PK_TYPE_FACT, facts);
  for (guint i = 0; i < facts->len; i++)
    n += pk_fact_is_changeable (facts->pdata[i]) ? 1 : 0;
  return n;
}

static void
facts_are_changed_by_those_whose_they_are (void)
{
  Shown caretaker = { 0 };
  Shown manager = { 0 };

  world_set_up (&caretaker.world, WORLD_FULL);
  shown_open (&caretaker, pk_building_page_new (caretaker.world.client), &caretaker.world.building);
  g_assert_cmpuint (count_changeable (&caretaker), ==, 0);
  g_assert_false (g_action_group_get_action_enabled (pk_page_get_actions (PK_PAGE (caretaker.page)),
                                                     "edit-note"));
  shown_close (&caretaker);

  world_set_up (&manager.world, WORLD_MANAGER);
  shown_open (&manager, pk_building_page_new (manager.world.client), &manager.world.building);
  g_assert_cmpuint (count_changeable (&manager), >, 10);
  g_assert_true (g_action_group_get_action_enabled (pk_page_get_actions (PK_PAGE (manager.page)),
                                                    "edit-note"));
  shown_close (&manager);
}

static PkInputPopover *
find_input (Shown *self, const char *caption)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new ();

  collect_widgets (self->page, PK_TYPE_FACT, facts);
  for (guint i = 0; i < facts->len; i++)
    if (has_label (facts->pdata[i], caption))
      return PK_INPUT_POPOVER (pk_fact_get_popover (facts->pdata[i]));
  g_assert_not_reached ();
}

static gboolean
is_built_in_1975 (gpointer data)
{
  g_autoptr (PkRecord) building = building_of (data);

  return pk_record_get_int (building, PK_BUILDING_BUILT_YEAR, 0) == 1975;
}

static gboolean
is_built_in_1974 (gpointer data)
{
  g_autoptr (PkRecord) building = building_of (data);

  return pk_record_get_int (building, PK_BUILDING_BUILT_YEAR, 0) == 1974;
}

static void
a_fact_is_changed_and_taken_back (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_MANAGER);
  shown_open (&self, pk_building_page_new (self.world.client), &self.world.building);
  PkInputPopover *built = find_input (&self, "Built");
  pk_input_popover_type (built, "1975");
  g_assert_true (pk_input_popover_save (built));
  world_wait (is_built_in_1975, &self);
  shown_wait_acted (&self, 1);
  shown_undo (&self);
  world_wait (is_built_in_1974, &self);
  shown_close (&self);
}

static void
what_cannot_be_is_told_and_not_saved (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_MANAGER);
  shown_open (&self, pk_building_page_new (self.world.client), &self.world.building);
  PkInputPopover *built = find_input (&self, "Built");
  pk_input_popover_type (built, "for lenge siden");
  g_assert_false (pk_input_popover_save (built));
  g_assert_true (has_label (GTK_WIDGET (built), "Write a number from 1000 to 2200."));
  pk_input_popover_type (built, "999");
  g_assert_false (pk_input_popover_save (built));
  g_assert_true (is_built_in_1974 (&self));
  shown_close (&self);
}

static gboolean
note_is_saved (gpointer data)
{
  g_autoptr (PkRecord) building = building_of (data);

  return g_strcmp0 (pk_record_get_text (building, PK_BUILDING_NOTE), "Nøkkel hos rektor") == 0;
}

static gboolean
note_is_shown (gpointer data)
{
  return has_label (((Shown *) data)->page, "Nøkkel hos rektor");
}

static GtkWidget *
find_editable (Shown *self, const char *css_class)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();

  collect_widgets (self->page, PK_TYPE_EDITABLE_TEXT, texts);
  for (guint i = 0; i < texts->len; i++)
    if (gtk_widget_has_css_class (texts->pdata[i], css_class))
      return texts->pdata[i];
  g_assert_not_reached ();
}

static void
what_is_good_to_know_is_written_where_it_stands (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_MANAGER);
  shown_open (&self, pk_building_page_new (self.world.client), &self.world.building);
  GtkWidget *editor = find_editable (&self, "pk-note-editor");
  g_assert_false (gtk_widget_get_visible (editor));
  gtk_widget_activate_action (self.page, "page.edit-note", NULL);
  g_assert_true (gtk_widget_get_visible (editor));
  g_signal_emit_by_name (editor, "committed", "Nøkkel hos rektor");
  world_wait (note_is_saved, &self);
  gtk_window_set_focus (GTK_WINDOW (self.window), NULL);
  g_assert_false (gtk_widget_get_visible (editor));
  world_wait (note_is_shown, &self);
  shown_close (&self);
}

static gboolean
is_renamed (gpointer data)
{
  Shown *self = data;
  g_autoptr (PkRecord) building = building_of (self);

  return g_strcmp0 (pk_record_get_text (building, PK_BUILDING_NAME), "Dale skole") == 0 &&
         g_str_equal (pk_page_get_title (PK_PAGE (self->page)), "Dale skole");
}

static void
a_building_is_renamed_where_its_name_stands (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_MANAGER);
  shown_open (&self, pk_building_page_new (self.world.client), &self.world.building);
  g_signal_emit_by_name (find_editable (&self, "pk-editable-title"), "committed", "Dale skole");
  world_wait (is_renamed, &self);
  shown_close (&self);
}

static void
a_change_that_is_not_the_persons_is_refused_here (void)
{
  Shown self = { 0 };
  g_autoptr (PkRecord) before = NULL;

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_building_page_new (self.world.client), &self.world.building);
  gtk_widget_activate_action (self.page, "page.set", "(ss)", "built_year", "1975");
  display_settle (self.window);
  g_assert_true (is_built_in_1974 (&self));
  g_assert_false (pk_client_undo (self.world.client));
  shown_close (&self);
}

/* The popover of the fact that is called @caption, shown. */
static PkFindPopover *
open_finder (Shown *self, const char *caption)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new ();

  collect_widgets (self->page, PK_TYPE_FACT, facts);
  for (guint i = 0; i < facts->len; i++)
    if (has_label (facts->pdata[i], caption))
      {
        g_assert_true (pk_fact_open_change (facts->pdata[i]));
        return PK_FIND_POPOVER (pk_fact_get_popover (facts->pdata[i]));
      }
  g_assert_not_reached ();
}

static gboolean
choices_are_read (gpointer data)
{
  return pk_choices_is_ready (pk_find_popover_get_choices (data));
}

static char *
dup_choice (PkFindPopover *finder, guint place)
{
  g_autoptr (PkRowItem) item =
      g_list_model_get_item (pk_choices_get_rows (pk_find_popover_get_choices (finder)), place);

  return item != NULL ? g_strdup (pk_row_item_get_face (item)->title) : NULL;
}

static void
choose (Shown *self, const char *caption, const char *typed)
{
  PkFindPopover *finder = open_finder (self, caption);

  world_wait (choices_are_read, finder);
  pk_choices_search (pk_find_popover_get_choices (finder), typed);
  g_assert_true (pk_find_popover_choose_first (finder));
}

static gboolean
is_in_the_hall (gpointer data)
{
  Shown *self = data;
  g_autoptr (PkRecord) task = shown_find_task (self);
  const PkId *location = pk_record_get_ref (task, PK_TASK_LOCATION_ID);

  return location != NULL && pk_id_equal (location, &self->world.room);
}

static gboolean
hall_is_shown (gpointer data)
{
  return has_label (((Shown *) data)->page, "Gymsal");
}

static gboolean
is_in_the_care_home (gpointer data)
{
  Shown *self = data;
  g_autoptr (PkRecord) task = shown_find_task (self);

  return pk_id_equal (pk_record_get_ref (task, PK_TASK_BUILDING_ID), &self->world.buildings[1]);
}

static void
a_place_is_found_by_typing_and_let_go_of_with_its_building (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_task_page_new (self.world.client), &self.world.task);
  choose (&self, "Place", "gym");
  world_wait (is_in_the_hall, &self);
  world_wait (hall_is_shown, &self);

  choose (&self, "Building", "rok syke");
  world_wait (is_in_the_care_home, &self);
  g_assert_false (is_in_the_hall (&self));

  shown_wait_acted (&self, 2);
  shown_undo (&self);
  world_wait (is_in_the_hall, &self);
  g_assert_false (is_in_the_care_home (&self));
  shown_close (&self);
}

static gboolean
is_plumbing (gpointer data)
{
  g_autoptr (PkRecord) task = shown_find_task (data);
  const PkId *id = pk_record_get_ref (task, PK_TASK_CATEGORY_ID);
  Shown *self = data;
  const char *name = id != NULL ? pk_library_get_name (self->world.library, PK_ENTITY_CATEGORY, id)
                                : NULL;

  return g_strcmp0 (name, "VVS") == 0;
}

static gboolean
is_not_plumbing (gpointer data)
{
  return !is_plumbing (data);
}

static void
a_category_is_found_by_typing_and_taken_back (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_task_page_new (self.world.client), &self.world.task);
  choose (&self, "Category", "vv");
  world_wait (is_plumbing, &self);
  shown_wait_acted (&self, 1);
  shown_undo (&self);
  world_wait (is_not_plumbing, &self);
  shown_close (&self);
}

static gboolean
is_about_the_component (gpointer data)
{
  Shown *self = data;
  g_autoptr (PkRecord) task = shown_find_task (self);
  const PkId *component = pk_record_get_ref (task, PK_TASK_COMPONENT_ID);

  return component != NULL && pk_id_equal (component, &self->world.component);
}

static gboolean
is_about_nothing_and_nowhere (gpointer data)
{
  g_autoptr (PkRecord) task = shown_find_task (data);

  return pk_record_get_ref (task, PK_TASK_COMPONENT_ID) == NULL &&
         pk_record_get_ref (task, PK_TASK_LOCATION_ID) == NULL;
}

static void
a_component_brings_the_room_that_it_stands_in (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_task_page_new (self.world.client), &self.world.task);
  choose (&self, "Component", "ventil");
  world_wait (is_about_the_component, &self);
  world_wait (is_in_the_hall, &self);
  shown_wait_acted (&self, 1);
  shown_undo (&self);
  world_wait (is_about_nothing_and_nowhere, &self);
  shown_close (&self);
}

static PkDocumentKind
kind_of (Shown *self)
{
  g_autoptr (PkRecord)
      document = pk_library_find (self->world.library, PK_ENTITY_DOCUMENT, &self->world.document);

  return (PkDocumentKind) pk_record_get_int (document, PK_DOCUMENT_KIND, -1);
}

static gboolean
is_a_drawing (gpointer data)
{
  return kind_of (data) == PK_DOCUMENT_KIND_DRAWING;
}

static gboolean
is_a_report (gpointer data)
{
  return kind_of (data) == PK_DOCUMENT_KIND_REPORT;
}

static void
the_kind_of_a_document_is_changed_and_taken_back (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_document_page_new (self.world.client), &self.world.document);
  g_assert_true (is_a_report (&self));
  g_assert_true (has_label (self.page, "Report"));
  gtk_widget_activate_action (self.page, "page.set", "(ss)", "kind", "drawing");
  world_wait (is_a_drawing, &self);
  shown_wait_acted (&self, 1);
  g_assert_true (has_label (self.page, "Drawing"));
  shown_undo (&self);
  world_wait (is_a_report, &self);
  shown_close (&self);
}

static void
people_of_the_unit_come_first (void)
{
  Shown self = { 0 };
  const char *const own[] = { "Bjørn Ålvik", "Ingrid Sæther", "Kari Nordmann", "Ola Hansen" };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_task_page_new (self.world.client), &self.world.task);
  PkFindPopover *finder = open_finder (&self, "Assigned to");
  world_wait (choices_are_read, finder);
  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    {
      g_autofree char *name = dup_choice (finder, i);
      g_assert_cmpstr (name, ==, own[i]);
    }
  g_autofree char *next = dup_choice (finder, G_N_ELEMENTS (own));
  g_assert_cmpstr (next, ==, "Aisha Mohamud");
  pk_choices_search (pk_find_popover_get_choices (finder), "xyz");
  g_assert_false (pk_find_popover_choose_first (finder));
  shown_close (&self);
}

static gboolean
is_of_the_park_and_nobodys (gpointer data)
{
  Shown *self = data;
  g_autoptr (PkRecord) task = shown_find_task (self);

  return pk_id_equal (pk_record_get_ref (task, PK_TASK_UNIT_ID), &self->world.units[1]) &&
         pk_record_get_ref (task, PK_TASK_ASSIGNEE_ID) == NULL;
}

static gboolean
is_mine_again (gpointer data)
{
  Shown *self = data;
  g_autoptr (PkRecord) task = shown_find_task (self);
  const PkId *assignee = pk_record_get_ref (task, PK_TASK_ASSIGNEE_ID);

  return assignee != NULL && pk_id_equal (assignee, &self->world.person) &&
         pk_id_equal (pk_record_get_ref (task, PK_TASK_UNIT_ID), &self->world.units[0]);
}

static void
another_unit_takes_a_task_over_as_new_work (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_task_page_new (self.world.client), &self.world.task);
  choose (&self, "Unit", "park");
  world_wait (is_of_the_park_and_nobodys, &self);
  shown_wait_acted (&self, 1);
  shown_undo (&self);
  world_wait (is_mine_again, &self);
  shown_close (&self);
}

static gboolean
is_nobodys (gpointer data)
{
  g_autoptr (PkRecord) task = shown_find_task (data);

  return pk_record_get_ref (task, PK_TASK_ASSIGNEE_ID) == NULL;
}

static void
a_task_can_be_nobodys (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_task_page_new (self.world.client), &self.world.task);
  gtk_widget_activate_action (self.page, "page.assign", "s", "");
  world_wait (is_nobodys, &self);
  shown_close (&self);
}

static void
every_change_has_a_key_and_opens_its_popover (void)
{
  static const char *const names[] = { "assignee",  "unit",     "building", "place",
                                       "component", "category", "due" };
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_task_page_new (self.world.client), &self.world.task);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GPtrArray) popovers = g_ptr_array_new ();
      guint n_open = 0;
      gtk_widget_activate_action (self.page, "page.change", "s", names[i]);
      collect_widgets (self.page, GTK_TYPE_POPOVER, popovers);
      for (guint j = 0; j < popovers->len; j++)
        if (gtk_widget_get_visible (popovers->pdata[j]))
          {
            n_open++;
            gtk_popover_popdown (popovers->pdata[j]);
          }
      g_test_message ("%s", names[i]);
      g_assert_cmpuint (n_open, ==, 1);
    }
  shown_close (&self);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*func) (void);
  } tests[] = {
    { "/building-page/facts-are-changed-by-those-whose-they-are",
      facts_are_changed_by_those_whose_they_are },
    { "/building-page/a-fact-is-changed-and-taken-back", a_fact_is_changed_and_taken_back },
    { "/building-page/what-cannot-be-is-told-and-not-saved", what_cannot_be_is_told_and_not_saved },
    { "/building-page/what-is-good-to-know-is-written-where-it-stands",
      what_is_good_to_know_is_written_where_it_stands },
    { "/building-page/a-building-is-renamed-where-its-name-stands",
      a_building_is_renamed_where_its_name_stands },
    { "/building-page/a-change-that-is-not-the-persons-is-refused-here",
      a_change_that_is_not_the_persons_is_refused_here },
    { "/task-page/a-place-is-found-by-typing-and-let-go-of-with-its-building",
      a_place_is_found_by_typing_and_let_go_of_with_its_building },
    { "/task-page/a-category-is-found-by-typing-and-taken-back",
      a_category_is_found_by_typing_and_taken_back },
    { "/task-page/a-component-brings-the-room-that-it-stands-in",
      a_component_brings_the_room_that_it_stands_in },
    { "/document-page/the-kind-of-a-document-is-changed-and-taken-back",
      the_kind_of_a_document_is_changed_and_taken_back },
    { "/task-page/people-of-the-unit-come-first", people_of_the_unit_come_first },
    { "/task-page/another-unit-takes-a-task-over-as-new-work",
      another_unit_takes_a_task_over_as_new_work },
    { "/task-page/a-task-can-be-nobodys", a_task_can_be_nobodys },
    { "/task-page/every-change-has-a-key-and-opens-its-popover",
      every_change_has_a_key_and_opens_its_popover },
  };

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  display_load_style ();
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_func (tests[i].name, tests[i].func);
  return g_test_run ();
}
