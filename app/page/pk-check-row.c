/* One point of a checklist: mark, text, note, and what else it can be but done. Main thread. */
#include "config.h"

#include "pk-check-row.h"

#include "pk-task-commands.h"
#include "pk-value-words.h"
#include "pk-words.h"

#include <glib/gi18n.h>

struct _PkCheckRow
{
  GtkListBoxRow parent_instance;
  PkClient *client;   /* (owned) */
  PkRecordItem *item; /* (owned) */
  GtkWidget *mark;
  GtkWidget *icon;
  GtkWidget *text;
  GtkWidget *detail;
  GtkWidget *chip;
  GtkWidget *revealer;
  GtkWidget *note;
};

G_DEFINE_FINAL_TYPE (PkCheckRow, pk_check_row, GTK_TYPE_LIST_BOX_ROW)

static const struct
{
  const char *icon_name;
  const char *tone;
} marks[] = {
  [PK_CHECK_STATE_OPEN] = { "checkbox-symbolic", "pk-check-open" },
  [PK_CHECK_STATE_DONE] = { "checkbox-checked-symbolic", "success" },
  [PK_CHECK_STATE_DEVIATION] = { "dialog-warning-symbolic", "warning" },
  [PK_CHECK_STATE_NOT_APPLICABLE] = { "list-remove-symbolic", "dim-label" },
};

static PkRecord *
point_of (PkCheckRow *self)
{
  return pk_record_item_get_record (self->item);
}

static PkCheckState
state_of (PkCheckRow *self)
{
  return (PkCheckState) pk_record_get_int (point_of (self),
                                           PK_CHECKLIST_ITEM_STATE,
                                           PK_CHECK_STATE_OPEN);
}

static void
set_state (PkCheckRow *self, PkCheckState state, const char *note)
{
  g_autoptr (PkCommand) command = pk_check_item_command_new (point_of (self), state, note);

  pk_client_run (self->client, command);
}

static const char *
note_of (PkCheckRow *self)
{
  const char *note = pk_record_get_text (point_of (self), PK_CHECKLIST_ITEM_NOTE);

  return note != NULL ? note : "";
}

static void
open_note (PkCheckRow *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->note), note_of (self));
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), TRUE);
  gtk_widget_grab_focus (self->note);
}

static void
close_note (PkCheckRow *self)
{
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
save_note (PkCheckRow *self)
{
  g_autofree char *note = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->note))));

  close_note (self);
  if (!g_str_equal (note, note_of (self)))
    set_state (self, state_of (self), note);
}

static void
note_activated_cb (PkCheckRow *self)
{
  save_note (self);
}

static gboolean
note_key_cb (GtkEventControllerKey *keys G_GNUC_UNUSED,
             guint key,
             guint code G_GNUC_UNUSED,
             GdkModifierType state G_GNUC_UNUSED,
             PkCheckRow *self)
{
  if (key != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  close_note (self);
  return GDK_EVENT_STOP;
}

static void
check_action (GtkWidget *widget, const char *name G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED)
{
  PkCheckRow *self = PK_CHECK_ROW (widget);
  gboolean is_open = state_of (self) == PK_CHECK_STATE_OPEN;

  set_state (self, is_open ? PK_CHECK_STATE_DONE : PK_CHECK_STATE_OPEN, NULL);
}

static void
deviation_action (GtkWidget *widget,
                  const char *name G_GNUC_UNUSED,
                  GVariant *parameter G_GNUC_UNUSED)
{
  PkCheckRow *self = PK_CHECK_ROW (widget);

  set_state (self, PK_CHECK_STATE_DEVIATION, NULL);
  open_note (self);
}

static void
not_applicable_action (GtkWidget *widget,
                       const char *name G_GNUC_UNUSED,
                       GVariant *parameter G_GNUC_UNUSED)
{
  set_state (PK_CHECK_ROW (widget), PK_CHECK_STATE_NOT_APPLICABLE, NULL);
}

static void
note_action (GtkWidget *widget, const char *name G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED)
{
  open_note (PK_CHECK_ROW (widget));
}

static char *
detail_of (PkCheckRow *self)
{
  const char *note = note_of (self);
  gint64 at_us = pk_record_get_int (point_of (self), PK_CHECKLIST_ITEM_DONE_AT, 0);
  PkLibrary *library = pk_client_get_library (self->client);
  const char *who =
      pk_library_get_name (library,
                           PK_ENTITY_PERSON,
                           pk_record_get_ref (point_of (self), PK_CHECKLIST_ITEM_DONE_BY));
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *when = NULL;
  g_autofree char *done = NULL;

  if (at_us > 0)
    when = pk_words_time (at_us, pk_clock_now_us (pk_library_get_clock (library)), zone);
  if (when != NULL && who != NULL)
    done = g_strdup_printf ("%s, %s", who, when);
  if (*note != '\0' && done != NULL)
    return g_strdup_printf ("%s\n%s", note, done);
  return g_strdup (*note != '\0' ? note : done);
}

static void
show_mark (PkCheckRow *self, PkCheckState state)
{
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    gtk_widget_remove_css_class (self->icon, marks[i].tone);
  gtk_widget_add_css_class (self->icon, marks[state].tone);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), marks[state].icon_name);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->mark),
                               GTK_ACCESSIBLE_STATE_CHECKED,
                               state == PK_CHECK_STATE_DONE   ? GTK_ACCESSIBLE_TRISTATE_TRUE
                               : state == PK_CHECK_STATE_OPEN ? GTK_ACCESSIBLE_TRISTATE_FALSE
                                                              : GTK_ACCESSIBLE_TRISTATE_MIXED,
                               -1);
}

static void
show_chip (PkCheckRow *self, PkCheckState state)
{
  gboolean is_required = pk_record_get_int (point_of (self), PK_CHECKLIST_ITEM_IS_REQUIRED, FALSE);
  const char *words = state >= PK_CHECK_STATE_DEVIATION
                          ? pk_field_enum_words (point_of (self), PK_CHECKLIST_ITEM_STATE)
                      : state == PK_CHECK_STATE_OPEN && is_required ? _ ("Must be done")
                                                                    : NULL;

  gtk_label_set_label (GTK_LABEL (self->chip), words != NULL ? words : "");
  gtk_widget_set_visible (self->chip, words != NULL);
  gtk_widget_remove_css_class (self->chip, "warning");
  if (state == PK_CHECK_STATE_DEVIATION)
    gtk_widget_add_css_class (self->chip, "warning");
}

static void
update (PkCheckRow *self)
{
  PkCheckState state = state_of (self);
  const char *text = pk_record_get_text (point_of (self), PK_CHECKLIST_ITEM_TEXT);
  g_autofree char *detail = detail_of (self);
  g_autofree char *name =
      g_strdup_printf ("%s, %s",
                       text,
                       pk_field_enum_words (point_of (self), PK_CHECKLIST_ITEM_STATE));

  gtk_label_set_label (GTK_LABEL (self->text), text);
  gtk_label_set_label (GTK_LABEL (self->detail), detail != NULL ? detail : "");
  gtk_widget_set_visible (self->detail, detail != NULL);
  show_mark (self, state);
  show_chip (self, state);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->mark),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text,
                                  -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
pk_check_row_dispose (GObject *object)
{
  PkCheckRow *self = PK_CHECK_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PK_TYPE_CHECK_ROW);
  g_clear_object (&self->client);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (pk_check_row_parent_class)->dispose (object);
}

static void
add_keys (GtkWidgetClass *widget_class)
{
  const struct
  {
    guint key;
    const char *action;
  } keys[] = { { GDK_KEY_space, "row.check" },      { GDK_KEY_Return, "row.check" },
               { GDK_KEY_KP_Enter, "row.check" },   { GDK_KEY_d, "row.deviation" },
               { GDK_KEY_n, "row.not-applicable" }, { GDK_KEY_m, "row.note" } };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, 0, keys[i].action, NULL);
}

static void
pk_check_row_class_init (PkCheckRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pk_check_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/kommune/kristiansund/Pakobla/pk-check-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PkCheckRow, mark);
  gtk_widget_class_bind_template_child (widget_class, PkCheckRow, icon);
  gtk_widget_class_bind_template_child (widget_class, PkCheckRow, text);
  gtk_widget_class_bind_template_child (widget_class, PkCheckRow, detail);
  gtk_widget_class_bind_template_child (widget_class, PkCheckRow, chip);
  gtk_widget_class_bind_template_child (widget_class, PkCheckRow, revealer);
  gtk_widget_class_bind_template_child (widget_class, PkCheckRow, note);
  gtk_widget_class_bind_template_callback (widget_class, note_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, note_key_cb);
  gtk_widget_class_install_action (widget_class, "row.check", NULL, check_action);
  gtk_widget_class_install_action (widget_class, "row.deviation", NULL, deviation_action);
  gtk_widget_class_install_action (widget_class, "row.not-applicable", NULL, not_applicable_action);
  gtk_widget_class_install_action (widget_class, "row.note", NULL, note_action);
  add_keys (widget_class);
}

static void
pk_check_row_init (PkCheckRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * pk_check_row_new:
 * @client: how it acts
 * @item: the point
 *
 * Makes a row that follows @item.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
pk_check_row_new (PkClient *client, PkRecordItem *item)
{
  PkCheckRow *self = g_object_new (PK_TYPE_CHECK_ROW, NULL);

  self->client = g_object_ref (client);
  self->item = g_object_ref (item);
  g_signal_connect_object (item, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
