/*
 * The small window for a new task. Each keystroke parses the line and shows what was understood as chips below it; Enter makes the
 * task. A place may be given: it holds unless the line names another. Main thread.
 */
#include "config.h"

#include "pk-quick-entry-dialog.h"

#include "pk-compat.h"
#include "pk-name-index.h"
#include "pk-quick-entry.h"
#include "pk-state-icons.h"
#include "pk-task-commands.h"
#include "pk-words.h"
#include "pk-wrap-layout.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define PK_TYPE_QUICK_ENTRY_DIALOG (pk_quick_entry_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PkQuickEntryDialog, pk_quick_entry_dialog, PK, QUICK_ENTRY_DIALOG, AdwWindow)

struct _PkQuickEntryDialog
{
  AdwWindow parent_instance;
  GtkWidget *entry;
  GtkWidget *chips;
  GtkWidget *hint;
  GtkWidget *add_button;
  PkClient *client;     /* (owned) (nullable) */
  PkNameIndex *names;   /* (owned) (nullable) */
  PkQuickEntry *parsed; /* (owned) (nullable) */
  PkId building;        /* given from the start; all zero: none */
  PkId location;        /* as above */
};

G_DEFINE_FINAL_TYPE (PkQuickEntryDialog, pk_quick_entry_dialog, ADW_TYPE_WINDOW)

static gboolean
look_up (PkQuickKind kind, const char *words, const PkId *within, PkId *id_out, gpointer user_data)
{
  PkQuickEntryDialog *self = user_data;
  guint entity = kind == PK_QUICK_BUILDING   ? PK_ENTITY_BUILDING
                 : kind == PK_QUICK_LOCATION ? PK_ENTITY_LOCATION
                 : kind == PK_QUICK_UNIT     ? PK_ENTITY_UNIT
                 : kind == PK_QUICK_PERSON   ? PK_ENTITY_PERSON
                                             : 0;

  return entity != 0 && pk_name_index_find (self->names, entity, words, within, id_out);
}

static void
add_chip (PkQuickEntryDialog *self, const char *icon_name, const char *text)
{
  if (text == NULL)
    return;

  GtkWidget *chip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append (GTK_BOX (chip), gtk_image_new_from_icon_name (icon_name));
  gtk_box_append (GTK_BOX (chip), gtk_label_new (text));
  gtk_widget_add_css_class (chip, "pk-understood");
  gtk_box_append (GTK_BOX (self->chips), chip);
}

static void
add_name_chip (PkQuickEntryDialog *self, guint entity, const PkId *id)
{
  add_chip (self,
            pk_state_icon_of_entity (entity),
            pk_library_get_name (pk_client_get_library (self->client), entity, id));
}

static void
show_unknown (PkQuickEntryDialog *self, const char *line)
{
  for (guint i = 0; i < self->parsed->parts->len; i++)
    {
      PkQuickPart *part = &g_array_index (self->parsed->parts, PkQuickPart, i);
      if (part->kind != PK_QUICK_UNKNOWN)
        continue;
      g_autofree char *word = g_strndup (line + part->start, part->end - part->start);
      g_autofree char *text = g_strdup_printf (_ ("%s is not known"), word);
      add_chip (self, "dialog-question-symbolic", text);
    }
}

static void
show_understood (PkQuickEntryDialog *self, const char *line)
{
  const PkQuickEntry *parsed = self->parsed;
  g_autofree char *today = pk_library_dup_today (pk_client_get_library (self->client));
  g_autofree char *due = parsed->due_on == NULL ? NULL
                                                : pk_words_day_capital (parsed->due_on, today);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->chips)) != NULL)
    gtk_box_remove (GTK_BOX (self->chips), child);
  add_name_chip (self, PK_ENTITY_BUILDING, &parsed->building);
  add_name_chip (self, PK_ENTITY_LOCATION, &parsed->location);
  add_name_chip (self, PK_ENTITY_UNIT, &parsed->unit);
  add_name_chip (self, PK_ENTITY_PERSON, &parsed->person);
  add_chip (self, "x-office-calendar-symbolic", due);
  if (parsed->priority >= 0)
    add_chip (self,
              "pk-sync-attention-symbolic",
              _ (pk_entity_by_id (PK_ENTITY_TASK)
                     ->fields[PK_TASK_PRIORITY]
                     .values->values[parsed->priority]
                     .label));
  if (parsed->tags != NULL)
    {
      g_autofree char *tags = g_strdelimit (g_strdup (parsed->tags), "\n", ' ');
      add_chip (self, "user-bookmarks-symbolic", tags);
    }
  show_unknown (self, line);
  gtk_widget_set_visible (self->hint, gtk_widget_get_first_child (self->chips) == NULL);
  gtk_widget_set_visible (self->chips, gtk_widget_get_first_child (self->chips) != NULL);
}

static void
parse (PkQuickEntryDialog *self)
{
  const char *line = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  g_autofree char *today = pk_library_dup_today (pk_client_get_library (self->client));

  g_clear_pointer (&self->parsed, pk_quick_entry_free);
  self->parsed = pk_quick_entry_parse (line, today, look_up, self);
  if (pk_id_is_null (&self->parsed->building))
    {
      self->parsed->building = self->building;
      self->parsed->location = self->location;
    }
  show_understood (self, line);
  gtk_widget_set_sensitive (self->add_button, self->parsed->title[0] != '\0');
}

static void
add_task (PkQuickEntryDialog *self)
{
  if (self->parsed == NULL || self->parsed->title[0] == '\0')
    return;
  g_autoptr (PkCommand) command = pk_create_task_command_new_from_entry (self->parsed);
  pk_client_run (self->client, command);
  gtk_window_close (GTK_WINDOW (self));
}

static gboolean
close_cb (GtkWidget *widget, GVariant *arguments G_GNUC_UNUSED, gpointer user_data G_GNUC_UNUSED)
{
  gtk_window_close (GTK_WINDOW (widget));
  return TRUE;
}

static void
pk_quick_entry_dialog_dispose (GObject *object)
{
  PkQuickEntryDialog *self = PK_QUICK_ENTRY_DIALOG (object);

  g_clear_pointer (&self->parsed, pk_quick_entry_free);
  g_clear_object (&self->names);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (pk_quick_entry_dialog_parent_class)->dispose (object);
}

static void
pk_quick_entry_dialog_class_init (PkQuickEntryDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pk_quick_entry_dialog_dispose;
  g_type_ensure (PK_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/no/kommune/kristiansund/Pakobla/quick-entry-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PkQuickEntryDialog, entry);
  gtk_widget_class_bind_template_child (widget_class, PkQuickEntryDialog, chips);
  gtk_widget_class_bind_template_child (widget_class, PkQuickEntryDialog, hint);
  gtk_widget_class_bind_template_child (widget_class, PkQuickEntryDialog, add_button);
  gtk_widget_class_bind_template_callback (widget_class, parse);
  gtk_widget_class_bind_template_callback (widget_class, add_task);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, close_cb, NULL);
}

static void
pk_quick_entry_dialog_init (PkQuickEntryDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pk_compat_name_buttons (GTK_WIDGET (self));
}

static void
take_place (PkQuickEntryDialog *self, const char *target)
{
  PkId id;

  if (g_str_has_prefix (target, "building:") && pk_id_parse (target + strlen ("building:"), &id))
    self->building = id;
  else if (g_str_has_prefix (target, "location:") &&
           pk_id_parse (target + strlen ("location:"), &id))
    {
      g_autoptr (PkRecord) location =
          pk_library_find (pk_client_get_library (self->client), PK_ENTITY_LOCATION, &id);
      self->location = id;
      if (location != NULL)
        self->building = *pk_record_get_ref (location, PK_LOCATION_BUILDING_ID);
    }
  else
    gtk_editable_set_text (GTK_EDITABLE (self->entry), target);
}

/**
 * pk_quick_entry_dialog_present:
 * @parent: the window that asks
 * @client: what pages get
 * @target: "building:<id>" or "location:<id>" for a task at a place, else a text to begin with
 *
 * Lets the person make a task with one line.
 */
void
pk_quick_entry_dialog_present (GtkWindow *parent, PkClient *client, const char *target)
{
  PkQuickEntryDialog *self =
      g_object_new (PK_TYPE_QUICK_ENTRY_DIALOG, "transient-for", parent, "modal", TRUE, NULL);

  self->client = g_object_ref (client);
  self->names = pk_name_index_new (pk_client_get_library (client));
  g_signal_connect_object (self->names, "changed", G_CALLBACK (parse), self, G_CONNECT_SWAPPED);
  take_place (self, target);
  parse (self);
  gtk_window_present (GTK_WINDOW (self));
  gtk_entry_grab_focus_without_selecting (GTK_ENTRY (self->entry));
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
}
