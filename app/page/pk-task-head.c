/* The top of the task page: what and where. Main thread. */
#include "config.h"

#include "pk-task-head.h"

#include "pk-day-popover.h"
#include "pk-editable-text.h"
#include "pk-fact.h"
#include "pk-find-popover.h"
#include "pk-place-tree.h"
#include "pk-record-commands.h"
#include "pk-value-words.h"
#include "pk-words.h"
#include "pk-wrap-layout.h"

#include <glib/gi18n.h>

struct _PkTaskHead
{
  PkPart parent_instance;
  GtkWidget *kind;
  GtkWidget *cloud;
  GtkWidget *title;
  GtkWidget *description;
  GtkWidget *state;
  GtkWidget *building;
  GtkWidget *location;
  GtkWidget *component;
  GtkWidget *due;
  GtkWidget *promised;
  GtkWidget *assignee;
  GtkWidget *unit;
  GtkWidget *category;
  GtkWidget *priority;
  GtkWidget *choose_assignee;  /* (owned): in their facts while they make sense */
  GtkWidget *choose_unit;      /* (owned) */
  GtkWidget *choose_building;  /* (owned) */
  GtkWidget *choose_location;  /* (owned) */
  GtkWidget *choose_component; /* (owned) */
  GtkWidget *choose_category;  /* (owned) */
};

G_DEFINE_FINAL_TYPE (PkTaskHead, pk_task_head, PK_TYPE_PART)

static const struct
{
  const char *icon_name;
  const char *tone;
} states[] = {
  [PK_TASK_STATUS_NEW] = { "pk-status-new-symbolic", NULL },
  [PK_TASK_STATUS_ACCEPTED] = { "pk-status-accepted-symbolic", NULL },
  [PK_TASK_STATUS_IN_PROGRESS] = { "pk-status-in-progress-symbolic", "accent" },
  [PK_TASK_STATUS_WAITING] = { "pk-status-waiting-symbolic", "warning" },
  [PK_TASK_STATUS_DONE] = { "pk-status-done-symbolic", "success" },
  [PK_TASK_STATUS_CANCELLED] = { "pk-status-cancelled-symbolic", NULL },
};

static void
save_text (PkTaskHead *self, guint field, const char *text)
{
  PkRecord *task = pk_part_get_record (PK_PART (self));
  g_auto (PkValue) value = *text != '\0' ? pk_value_text (text) : PK_VALUE_INIT;

  if (task != NULL)
    pk_part_run (PK_PART (self), pk_edit_field_command_new (task, field, &value));
}

static void
title_committed_cb (PkTaskHead *self, const char *text)
{
  save_text (self, PK_TASK_TITLE, text);
}

static void
description_committed_cb (PkTaskHead *self, const char *text)
{
  save_text (self, PK_TASK_DESCRIPTION, text);
}

static GtkWidget *
new_overline (PkTaskHead *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager (line, g_object_new (PK_TYPE_WRAP_LAYOUT, "spacing", 8, NULL));
  self->kind = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->kind), 0);
  gtk_widget_add_css_class (self->kind, "caption-heading");
  gtk_widget_add_css_class (self->kind, "dim-label");
  self->cloud = gtk_label_new (_ ("Waits to be sent"));
  gtk_widget_add_css_class (self->cloud, "pk-chip");
  gtk_box_append (GTK_BOX (line), self->kind);
  gtk_box_append (GTK_BOX (line), self->cloud);
  gtk_widget_add_css_class (line, "pk-overline");
  return line;
}

static GMenu *
new_priority_menu (void)
{
  GMenu *menu = g_menu_new ();
  const PkEnum *values = pk_entity_by_id (PK_ENTITY_TASK)->fields[PK_TASK_PRIORITY].values;

  for (guint i = values->n_values; i-- > 0;)
    {
      g_autofree char *action = g_strdup_printf ("page.priority::%s", values->values[i].code);
      g_menu_append (menu, pk_enum_words (values, i), action);
    }
  return menu;
}

static GtkWidget *
new_finder (PkTaskHead *self, guint entity, const char *action, const char *nothing)
{
  GtkWidget *popover = pk_find_popover_new (pk_part_get_library (PK_PART (self)), entity, action);

  pk_find_popover_set_nothing (PK_FIND_POPOVER (popover), nothing);
  return g_object_ref_sink (popover);
}

static void
make_finders (PkTaskHead *self)
{
  self->choose_assignee = new_finder (self, PK_ENTITY_PERSON, "page.assign", _ ("_Nobody"));
  self->choose_unit = new_finder (self, PK_ENTITY_UNIT, "page.set-unit", NULL);
  self->choose_building =
      new_finder (self, PK_ENTITY_BUILDING, "page.set-building", _ ("_No building"));
  self->choose_location =
      new_finder (self, PK_ENTITY_LOCATION, "page.set-location", _ ("_Whole building"));
  self->choose_component =
      new_finder (self, PK_ENTITY_COMPONENT, "page.set-component", _ ("_No component"));
  self->choose_category =
      new_finder (self, PK_ENTITY_CATEGORY, "page.set-category", _ ("_No category"));
}

static void
let_change (GtkWidget *fact, GtkWidget *popover, gboolean is_allowed)
{
  GtkWidget *wanted = is_allowed ? popover : NULL;

  if (pk_fact_get_popover (PK_FACT (fact)) != wanted)
    pk_fact_set_popover (PK_FACT (fact), wanted);
}

static GtkWidget *
new_facts (PkTaskHead *self)
{
  GtkWidget *box = pk_facts_box_new ();
  g_autoptr (GMenu) priorities = new_priority_menu ();
  const struct
  {
    GtkWidget **fact;
    const char *caption;
  } facts[] = {
    { &self->state, _ ("Status") },
    { &self->priority, _ ("Priority") },
    { &self->due, _ ("Due") },
    { &self->promised, _ ("Promised") },
    { &self->assignee, _ ("Assigned to") },
    { &self->unit, _ ("Unit") },
    { &self->building, _ ("Building") },
    { &self->location, _ ("Place") },
    { &self->component, _ ("Component") },
    { &self->category, _ ("Category") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      *facts[i].fact = pk_fact_new (facts[i].caption);
      gtk_box_append (GTK_BOX (box), *facts[i].fact);
    }
  pk_fact_set_menu (PK_FACT (self->priority), G_MENU_MODEL (priorities));
  pk_fact_set_popover (PK_FACT (self->due), pk_day_popover_new ("page.due-on"));
  pk_fact_set_popover (PK_FACT (self->promised), pk_day_popover_new ("page.promised-on"));
  make_finders (self);
  let_change (self->category, self->choose_category, TRUE);
  return box;
}

static void
pk_task_head_build (PkPart *part)
{
  PkTaskHead *self = PK_TASK_HEAD (part);

  pk_part_append (part, new_overline (self));
  self->title = pk_editable_text_new (PK_EDITABLE_TITLE, _ ("Title"), NULL);
  g_signal_connect_object (self->title,
                           "committed",
                           G_CALLBACK (title_committed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  pk_part_append (part, self->title);
  self->description =
      pk_editable_text_new (PK_EDITABLE_BODY, _ ("Description"), _ ("Add a description"));
  g_signal_connect_object (self->description,
                           "committed",
                           G_CALLBACK (description_committed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  pk_part_append (part, self->description);
  pk_part_append (part, new_facts (self));
}

static void
show_day (GtkWidget *fact, PkRecord *task, guint field, const char *today, gboolean is_open)
{
  const char *day = pk_record_get_text (task, field);
  g_autofree char *words = NULL;
  g_autofree char *exact = day != NULL ? pk_words_exact_day (day) : NULL;
  int days = day != NULL ? pk_words_days_between (today, day) : 1;
  gboolean is_overdue = is_open && days < 0;

  if (day != NULL)
    words = is_overdue ? pk_words_deadline (day, today) : pk_words_day_capital (day, today);
  pk_fact_set_value (PK_FACT (fact), words, exact);
  pk_fact_set_icon (PK_FACT (fact), is_overdue ? "task-past-due-symbolic" : NULL);
  pk_fact_set_tone (PK_FACT (fact), is_overdue ? "error" : is_open && days == 0 ? "warning" : NULL);
}

static void
show_reference (PkTaskHead *self, GtkWidget *fact, guint field, const char *action)
{
  const char *name = pk_detail_get_name (pk_part_get_detail (PK_PART (self)), field);
  const PkId *id = pk_record_get_ref (pk_part_get_record (PK_PART (self)), field);
  g_autofree char *target = id != NULL ? pk_id_dup_text (id) : NULL;

  pk_fact_set_value (PK_FACT (fact), name, NULL);
  if (action != NULL)
    pk_fact_set_action (PK_FACT (fact), name != NULL ? action : NULL, target);
}

static void
show_state (PkTaskHead *self, PkRecord *task)
{
  gint64 status = pk_record_get_int (task, PK_TASK_STATUS, PK_TASK_STATUS_NEW);
  gint64 priority = pk_record_get_int (task, PK_TASK_PRIORITY, PK_TASK_PRIORITY_NORMAL);

  pk_fact_set_value (PK_FACT (self->state), pk_field_enum_words (task, PK_TASK_STATUS), NULL);
  pk_fact_set_icon (PK_FACT (self->state), states[status].icon_name);
  pk_fact_set_tone (PK_FACT (self->state), states[status].tone);
  pk_fact_set_value (PK_FACT (self->priority), pk_field_enum_words (task, PK_TASK_PRIORITY), NULL);
  pk_fact_set_icon (PK_FACT (self->priority),
                    priority >= PK_TASK_PRIORITY_HIGH ? "emblem-important-symbolic" : NULL);
  pk_fact_set_tone (PK_FACT (self->priority),
                    priority == PK_TASK_PRIORITY_CRITICAL ? "error"
                    : priority == PK_TASK_PRIORITY_HIGH   ? "warning"
                                                          : NULL);
}

/* The nearest thing that is known of the place: the room, or what was written. */
static void
show_location (PkTaskHead *self, PkRecord *task)
{
  if (pk_record_get_ref (task, PK_TASK_LOCATION_ID) != NULL)
    show_reference (self, self->location, PK_TASK_LOCATION_ID, "win.open-location");
  else
    {
      pk_fact_set_action (PK_FACT (self->location), NULL, NULL);
      pk_fact_set_value (PK_FACT (self->location), pk_record_get_text (task, PK_TASK_PLACE), NULL);
    }
}

static gboolean
has_components (PkTaskHead *self, const PkId *building)
{
  return building != NULL &&
         pk_place_has_components (pk_part_get_library (PK_PART (self)), building);
}

/* What the task is about, where there is something that it can be about. */
static void
show_component (PkTaskHead *self, PkRecord *task)
{
  const PkId *building = pk_record_get_ref (task, PK_TASK_BUILDING_ID);
  const PkId *location = pk_record_get_ref (task, PK_TASK_LOCATION_ID);
  gboolean is_some = has_components (self, building);

  show_reference (self, self->component, PK_TASK_COMPONENT_ID, "win.open-component");
  let_change (self->component, self->choose_component, is_some);
  pk_find_popover_set_near (PK_FIND_POPOVER (self->choose_component),
                            location != NULL ? location : building);
  gtk_widget_set_visible (self->component,
                          is_some || pk_record_get_ref (task, PK_TASK_COMPONENT_ID) != NULL);
}

static void
show_place (PkTaskHead *self, PkRecord *task)
{
  const PkId *building = pk_record_get_ref (task, PK_TASK_BUILDING_ID);
  gboolean is_open = pk_record_get_int (task, PK_TASK_IS_OPEN, TRUE) != 0;

  show_reference (self, self->building, PK_TASK_BUILDING_ID, "win.open-building");
  show_location (self, task);
  show_component (self, task);
  let_change (self->assignee, self->choose_assignee, is_open);
  let_change (self->unit, self->choose_unit, is_open);
  let_change (self->building, self->choose_building, TRUE);
  let_change (self->location, self->choose_location, building != NULL);
  pk_find_popover_set_near (PK_FIND_POPOVER (self->choose_location), building);
  pk_find_popover_set_near (PK_FIND_POPOVER (self->choose_assignee),
                            pk_record_get_ref (task, PK_TASK_UNIT_ID));
}

static void
pk_task_head_update (PkPart *part)
{
  PkTaskHead *self = PK_TASK_HEAD (part);
  PkRecord *task = pk_part_get_record (part);
  const char *number = pk_record_get_text (task, PK_TASK_NUMBER);
  g_autofree char *today = pk_library_dup_today (pk_part_get_library (part));
  g_autofree char *kind = g_strjoin (" · ", pk_field_enum_words (task, PK_TASK_KIND), number, NULL);
  gboolean is_open = pk_record_get_int (task, PK_TASK_IS_OPEN, TRUE) != 0;

  gtk_label_set_label (GTK_LABEL (self->kind), kind);
  gtk_widget_set_visible (self->cloud, pk_detail_is_waiting (pk_part_get_detail (part)));
  pk_editable_text_set_text (PK_EDITABLE_TEXT (self->title),
                             pk_record_get_text (task, PK_TASK_TITLE));
  pk_editable_text_set_text (PK_EDITABLE_TEXT (self->description),
                             pk_record_get_text (task, PK_TASK_DESCRIPTION));
  show_state (self, task);
  show_place (self, task);
  show_day (self->due, task, PK_TASK_DUE_ON, today, is_open);
  show_day (self->promised, task, PK_TASK_PROMISED_ON, today, is_open);
  show_reference (self, self->assignee, PK_TASK_ASSIGNEE_ID, NULL);
  show_reference (self, self->unit, PK_TASK_UNIT_ID, NULL);
  show_reference (self, self->category, PK_TASK_CATEGORY_ID, NULL);
}

static void
pk_task_head_dispose (GObject *object)
{
  PkTaskHead *self = PK_TASK_HEAD (object);

  G_OBJECT_CLASS (pk_task_head_parent_class)->dispose (object);
  g_clear_object (&self->choose_assignee);
  g_clear_object (&self->choose_unit);
  g_clear_object (&self->choose_building);
  g_clear_object (&self->choose_location);
  g_clear_object (&self->choose_component);
  g_clear_object (&self->choose_category);
}

static void
pk_task_head_class_init (PkTaskHeadClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_task_head_dispose;
  PK_PART_CLASS (klass)->build = pk_task_head_build;
  PK_PART_CLASS (klass)->update = pk_task_head_update;
}

static void
pk_task_head_init (PkTaskHead *self G_GNUC_UNUSED)
{
}

/**
 * pk_task_head_new:
 * @client: how it acts
 * @detail: the task
 *
 * Returns: (transfer floating): the top of a task page
 */
GtkWidget *
pk_task_head_new (PkClient *client, PkDetail *detail)
{
  return pk_part_new (PK_TYPE_TASK_HEAD, client, detail);
}

/**
 * pk_task_head_edit_title:
 * @self: the top of a task page
 *
 * Brings the cursor into the title.
 */
void
pk_task_head_edit_title (PkTaskHead *self)
{
  gtk_widget_grab_focus (self->title);
}

/**
 * pk_task_head_change:
 * @self: the top of a task page
 * @name: "assignee", "unit", "building", "place", "component", "category", "priority", "due" or "promised"
 *
 * Opens where a fact is changed.
 */
void
pk_task_head_change (PkTaskHead *self, const char *name)
{
  const struct
  {
    const char *name;
    GtkWidget *fact;
  } changes[] = {
    { "assignee", self->assignee }, { "unit", self->unit },
    { "building", self->building }, { "place", self->location },
    { "priority", self->priority }, { "due", self->due },
    { "promised", self->promised }, { "component", self->component },
    { "category", self->category },
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    if (g_str_equal (changes[i].name, name) && pk_fact_open_change (PK_FACT (changes[i].fact)))
      return;
  gtk_widget_error_bell (GTK_WIDGET (self));
}
