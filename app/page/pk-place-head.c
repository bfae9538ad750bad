/* The top of a place's page: its picture, its name, four figures of a building, its facts. Main thread. */
#include "config.h"

#include "pk-place-head.h"

#include "pk-editable-text.h"
#include "pk-even-layout.h"
#include "pk-fact.h"
#include "pk-figure.h"
#include "pk-find-popover.h"
#include "pk-input-popover.h"
#include "pk-place-picture.h"
#include "pk-record-commands.h"
#include "pk-record-page.h"
#include "pk-value-words.h"
#include "pk-words.h"

#include <glib/gi18n.h>

#define MOST_FACTS 18

struct _PkPlaceHead
{
  PkPart parent_instance;
  PkPlaceTasks *tasks; /* (owned) (nullable) */
  GtkWidget *picture;
  GtkWidget *overline;
  GtkWidget *name;       /* for who reads */
  GtkWidget *name_entry; /* for who may change it */
  GtkWidget *below;
  GtkWidget *figures;
  GtkWidget *open;
  GtkWidget *overdue;
  GtkWidget *condition;
  GtkWidget *energy;
  GtkWidget *facts;
  GtkWidget *fact[MOST_FACTS];
};

G_DEFINE_FINAL_TYPE (PkPlaceHead, pk_place_head, PK_TYPE_PART)

/*
 * The facts of each entity, in order; what a fact that points to another place opens; and those that the page says elsewhere, which stand
 * among the facts only for who may change them.
 */
static const struct
{
  guint entity;
  guint field;
  const char *action; /* (nullable) */
  gboolean is_said_elsewhere;
} facts[] = {
  { PK_ENTITY_BUILDING, PK_BUILDING_NUMBER, NULL, FALSE },
  { PK_ENTITY_BUILDING, PK_BUILDING_PROPERTY_ID, NULL, FALSE },
  { PK_ENTITY_BUILDING, PK_BUILDING_BUILT_YEAR, NULL, FALSE },
  { PK_ENTITY_BUILDING, PK_BUILDING_FLOORS, NULL, FALSE },
  { PK_ENTITY_BUILDING, PK_BUILDING_OCCUPANTS, NULL, FALSE },
  { PK_ENTITY_BUILDING, PK_BUILDING_AREA_M2, NULL, FALSE },
  { PK_ENTITY_BUILDING, PK_BUILDING_HEATING, NULL, FALSE },
  { PK_ENTITY_BUILDING, PK_BUILDING_STATUS, NULL, FALSE },
  { PK_ENTITY_BUILDING, PK_BUILDING_USE, NULL, TRUE },
  { PK_ENTITY_BUILDING, PK_BUILDING_CONDITION, NULL, TRUE },
  { PK_ENTITY_BUILDING, PK_BUILDING_ENERGY_LABEL, NULL, TRUE },
  { PK_ENTITY_BUILDING, PK_BUILDING_ADDRESS, NULL, TRUE },
  { PK_ENTITY_BUILDING, PK_BUILDING_POSTAL_CODE, NULL, TRUE },
  { PK_ENTITY_BUILDING, PK_BUILDING_POSTAL_PLACE, NULL, TRUE },
  { PK_ENTITY_BUILDING, PK_BUILDING_CARETAKER_ID, NULL, TRUE },
  { PK_ENTITY_BUILDING, PK_BUILDING_UNIT_ID, NULL, TRUE },
  { PK_ENTITY_LOCATION, PK_LOCATION_BUILDING_ID, "win.open-building", FALSE },
  { PK_ENTITY_LOCATION, PK_LOCATION_PARENT_ID, "win.open-location", FALSE },
  { PK_ENTITY_LOCATION, PK_LOCATION_NUMBER, NULL, TRUE },
  { PK_ENTITY_LOCATION, PK_LOCATION_KIND, NULL, TRUE },
  { PK_ENTITY_LOCATION, PK_LOCATION_USE, NULL, FALSE },
  { PK_ENTITY_LOCATION, PK_LOCATION_AREA_M2, NULL, FALSE },
  { PK_ENTITY_LOCATION, PK_LOCATION_PLAN_ID, "win.open-document", FALSE },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_BUILDING_ID, "win.open-building", FALSE },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_LOCATION_ID, "win.open-location", FALSE },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_STATUS, NULL, FALSE },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_CONDITION, NULL, FALSE },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_PART_CODE, NULL, FALSE },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_TAG, NULL, FALSE },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_MANUFACTURER, NULL, FALSE },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_MODEL, NULL, FALSE },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_SERIAL, NULL, FALSE },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_INSTALLED_ON, NULL, FALSE },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_WARRANTY_UNTIL, NULL, FALSE },
};

static GtkWidget *
new_label (const char *css_class, gboolean is_dim)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, css_class);
  if (is_dim)
    gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static void
name_committed_cb (PkPlaceHead *self, const char *text)
{
  PkRecord *record = pk_part_get_record (PK_PART (self));
  g_auto (PkValue) value = pk_value_text (text);

  if (record != NULL)
    pk_part_run (PK_PART (self),
                 pk_edit_field_command_new (record, pk_record_get_entity (record)->title, &value));
}

static GtkWidget *
new_titles (PkPlaceHead *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  self->overline = new_label ("caption-heading", TRUE);
  self->name = new_label ("pk-title", FALSE);
  self->name_entry = pk_editable_text_new (PK_EDITABLE_TITLE, _ ("Name"), NULL);
  g_signal_connect_object (self->name_entry,
                           "committed",
                           G_CALLBACK (name_committed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  self->below = new_label ("body", TRUE);
  gtk_box_append (GTK_BOX (box), self->overline);
  gtk_box_append (GTK_BOX (box), self->name);
  gtk_box_append (GTK_BOX (box), self->name_entry);
  gtk_box_append (GTK_BOX (box), self->below);
  return box;
}

static GtkWidget *
new_figures (PkPlaceHead *self)
{
  self->figures = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_layout_manager (self->figures, pk_even_layout_new (130, 9, 9));
  self->open = pk_figure_new (_ ("Open tasks"), "page.show-tasks");
  self->overdue = pk_figure_new (_ ("Overdue"), "page.show-tasks");
  self->condition = pk_figure_new (_ ("Condition"), "page.show-components");
  self->energy = pk_figure_new (_ ("Energy label"), "page.show-documents");
  gtk_box_append (GTK_BOX (self->figures), self->open);
  gtk_box_append (GTK_BOX (self->figures), self->overdue);
  gtk_box_append (GTK_BOX (self->figures), self->condition);
  gtk_box_append (GTK_BOX (self->figures), self->energy);
  return self->figures;
}

static guint
entity_of (PkPart *part)
{
  PkRecord *record = pk_part_get_record (part);

  return record != NULL ? pk_record_get_entity (record)->id : 0;
}

static void
pk_place_head_build (PkPart *part)
{
  PkPlaceHead *self = PK_PLACE_HEAD (part);

  self->picture = pk_place_picture_new (pk_part_get_client (part), pk_part_get_detail (part));
  self->facts = pk_facts_box_new ();
  pk_part_append (part, self->picture);
  pk_part_append (part, new_titles (self));
  pk_part_append (part, new_figures (self));
  pk_part_append (part, self->facts);
}

static void
show_figures (PkPlaceHead *self)
{
  PkRecord *record = pk_part_get_record (PK_PART (self));

  if (record == NULL || entity_of (PK_PART (self)) != PK_ENTITY_BUILDING)
    return;
  gint64 grade = pk_record_get_int (record, PK_BUILDING_CONDITION, -1);
  gint64 n_overdue = self->tasks != NULL ? pk_place_tasks_get_n_overdue (self->tasks) : 0;
  const char *energy = pk_record_get_text (record, PK_BUILDING_ENERGY_LABEL);
  g_autofree char *condition = grade == PK_CONDITION_GRADE_TGIU ? g_strdup ("TG IU")
                               : grade >= 0 ? g_strdup_printf ("TG %d", (int) grade)
                                            : g_strdup ("–");

  if (self->tasks != NULL && pk_place_tasks_is_ready (self->tasks))
    {
      pk_figure_set_number (PK_FIGURE (self->open), pk_place_tasks_get_n_open (self->tasks));
      pk_figure_set_number (PK_FIGURE (self->overdue), n_overdue);
      pk_figure_set_is_bad (PK_FIGURE (self->overdue), n_overdue > 0);
    }
  pk_figure_set_value (PK_FIGURE (self->condition), condition);
  pk_figure_set_is_bad (PK_FIGURE (self->condition), grade == PK_CONDITION_GRADE_TG3);
  gtk_widget_set_tooltip_text (self->condition,
                               pk_field_enum_words (record, PK_BUILDING_CONDITION));
  pk_figure_set_value (PK_FIGURE (self->energy), energy != NULL ? energy : "–");
}

static char *
words_of (PkPlaceHead *self, PkRecord *record, guint place)
{
  const PkField *field = &pk_record_get_entity (record)->fields[place];
  const PkValue *value = pk_record_get (record, place);

  if (value->kind == PK_VALUE_NULL)
    return NULL;
  if (field->type == PK_TYPE_DATE)
    {
      g_autofree char *today = pk_library_dup_today (pk_part_get_library (PK_PART (self)));
      return pk_words_day_capital (value->text, today);
    }
  return pk_value_words (pk_part_get_library (PK_PART (self)), field, value);
}

/* Where a field is changed; another place's page is not the place to move the place itself. */
static GtkWidget *
new_change (PkPlaceHead *self, const PkField *field)
{
  const PkEntity *other = field->ref != NULL ? pk_entity_by_name (field->ref) : NULL;

  if (other == NULL)
    return pk_input_popover_new (field, _ (field->label), "page.set");
  if (other->id != PK_ENTITY_PROPERTY && other->id != PK_ENTITY_PERSON &&
      other->id != PK_ENTITY_UNIT)
    return NULL;
  GtkWidget *popover =
      pk_find_popover_new (pk_part_get_library (PK_PART (self)), other->id, "page.set");
  pk_find_popover_set_prefix (PK_FIND_POPOVER (popover), field->name);
  pk_find_popover_set_nothing (PK_FIND_POPOVER (popover), field->required ? NULL : _ ("_Nothing"));
  return popover;
}

static void
allow_change (PkPlaceHead *self, PkFact *fact, const PkField *field, const PkValue *value)
{
  g_autoptr (GMenu) menu = NULL;
  GtkWidget *popover = pk_fact_get_popover (fact);

  if (field->type == PK_TYPE_ENUM)
    {
      if (!pk_fact_is_changeable (fact))
        pk_fact_set_menu (fact, G_MENU_MODEL (menu = pk_record_page_new_values_menu (field)));
      return;
    }
  if (popover == NULL && (popover = new_change (self, field)) != NULL)
    pk_fact_set_popover (fact, popover);
  if (popover != NULL && PK_IS_INPUT_POPOVER (popover))
    pk_input_popover_set_value (PK_INPUT_POPOVER (popover), value);
}

static void
show_fact (PkPlaceHead *self, PkFact *fact, PkRecord *record, guint i)
{
  guint place = facts[i].field;
  gboolean may_set = pk_library_may_set (pk_part_get_library (PK_PART (self)), record, place);
  g_autofree char *words = words_of (self, record, place);
  const PkId *id = facts[i].action != NULL ? pk_record_get_ref (record, place) : NULL;
  g_autofree char *target = id != NULL ? pk_id_dup_text (id) : NULL;

  pk_fact_set_value (fact, words, NULL);
  pk_fact_set_action (fact, target != NULL ? facts[i].action : NULL, target);
  if (may_set)
    allow_change (self,
                  fact,
                  &pk_record_get_entity (record)->fields[place],
                  pk_record_get (record, place));
  else
    {
      pk_fact_set_menu (fact, NULL);
      pk_fact_set_popover (fact, NULL);
    }
  gtk_widget_set_visible (GTK_WIDGET (fact),
                          pk_fact_is_changeable (fact) ||
                              (words != NULL && !facts[i].is_said_elsewhere));
}

static void
show_facts (PkPlaceHead *self, PkRecord *record)
{
  const PkEntity *entity = pk_record_get_entity (record);
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      if (facts[i].entity != entity->id || n >= MOST_FACTS)
        continue;
      if (self->fact[n] == NULL)
        {
          self->fact[n] = pk_fact_new (_ (entity->fields[facts[i].field].label));
          gtk_box_append (GTK_BOX (self->facts), self->fact[n]);
        }
      show_fact (self, PK_FACT (self->fact[n]), record, i);
      n++;
    }
}

static char *
overline_of (PkPlaceHead *self, PkRecord *record)
{
  PkDetail *detail = pk_part_get_detail (PK_PART (self));

  switch (entity_of (PK_PART (self)))
    {
    case PK_ENTITY_BUILDING:
      return g_strdup (pk_field_enum_words (record, PK_BUILDING_USE));
    case PK_ENTITY_LOCATION:
      return g_strjoin (" · ",
                        pk_field_enum_words (record, PK_LOCATION_KIND),
                        pk_record_get_text (record, PK_LOCATION_NUMBER),
                        NULL);
    default:
      return g_strjoin (" · ",
                        _ ("Component"),
                        pk_detail_get_name (detail, PK_COMPONENT_BUILDING_ID),
                        NULL);
    }
}

static char *
below_of (PkRecord *record)
{
  if (pk_record_get_entity (record)->id != PK_ENTITY_BUILDING)
    return NULL;
  const char *code = pk_record_get_text (record, PK_BUILDING_POSTAL_CODE);
  const char *place = pk_record_get_text (record, PK_BUILDING_POSTAL_PLACE);
  const char *address = pk_record_get_text (record, PK_BUILDING_ADDRESS);
  g_autofree char *post = code != NULL && place != NULL ? g_strdup_printf ("%s %s", code, place)
                                                        : g_strdup (place);

  return address != NULL ? g_strjoin (", ", address, post, NULL) : g_steal_pointer (&post);
}

static void
show_name (PkPlaceHead *self, PkRecord *record)
{
  guint title = pk_record_get_entity (record)->title;
  gboolean may_set = pk_library_may_set (pk_part_get_library (PK_PART (self)), record, title);
  const char *name = pk_record_get_text (record, title);

  gtk_label_set_label (GTK_LABEL (self->name), name);
  pk_editable_text_set_text (PK_EDITABLE_TEXT (self->name_entry), name);
  gtk_widget_set_visible (self->name, !may_set);
  gtk_widget_set_visible (self->name_entry, may_set);
}

static void
pk_place_head_update (PkPart *part)
{
  PkPlaceHead *self = PK_PLACE_HEAD (part);
  PkRecord *record = pk_part_get_record (part);
  const PkEntity *entity = pk_record_get_entity (record);
  g_autofree char *overline = overline_of (self, record);
  g_autofree char *below = below_of (record);

  gtk_label_set_label (GTK_LABEL (self->overline), overline);
  show_name (self, record);
  gtk_label_set_label (GTK_LABEL (self->below), below != NULL ? below : "");
  gtk_widget_set_visible (self->below, below != NULL);
  gtk_widget_set_visible (self->figures, entity->id == PK_ENTITY_BUILDING);
  show_figures (self);
  show_facts (self, record);
}

static void
pk_place_head_dispose (GObject *object)
{
  g_clear_object (&PK_PLACE_HEAD (object)->tasks);
  G_OBJECT_CLASS (pk_place_head_parent_class)->dispose (object);
}

static void
pk_place_head_class_init (PkPlaceHeadClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_place_head_dispose;
  PK_PART_CLASS (klass)->build = pk_place_head_build;
  PK_PART_CLASS (klass)->update = pk_place_head_update;
}

static void
pk_place_head_init (PkPlaceHead *self G_GNUC_UNUSED)
{
}

/**
 * pk_place_head_new:
 * @client: how it acts
 * @detail: the place
 * @tasks: its open tasks
 *
 * Returns: (transfer floating): the top of a place's page
 */
GtkWidget *
pk_place_head_new (PkClient *client, PkDetail *detail, PkPlaceTasks *tasks)
{
  GtkWidget *widget = pk_part_new (PK_TYPE_PLACE_HEAD, client, detail);
  PkPlaceHead *self = PK_PLACE_HEAD (widget);

  self->tasks = g_object_ref (tasks);
  g_signal_connect_object (tasks, "changed", G_CALLBACK (show_figures), self, G_CONNECT_SWAPPED);
  return widget;
}

/**
 * pk_place_head_edit_name:
 * @self: the top of a place's page
 *
 * Brings the cursor into the name, where the person may change it.
 */
void
pk_place_head_edit_name (PkPlaceHead *self)
{
  if (gtk_widget_get_visible (self->name_entry))
    gtk_widget_grab_focus (self->name_entry);
  else
    gtk_widget_error_bell (GTK_WIDGET (self));
}

/**
 * pk_place_head_get_picture:
 * @self: the top of a place's page
 *
 * Returns: (transfer none): a #PkPlacePicture
 */
GtkWidget *
pk_place_head_get_picture (PkPlaceHead *self)
{
  return self->picture;
}
