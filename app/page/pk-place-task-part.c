/* The open tasks at a place. A deviation needs no more than one line: the place is known. Main thread. */
#include "config.h"

#include "pk-place-task-part.h"

#include "pk-document-commands.h"
#include "pk-row.h"
#include "pk-section.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _PkPlaceTaskPart
{
  PkPart parent_instance;
  PkPlaceTasks *tasks; /* (owned) (nullable) */
  GtkWidget *section;
  GtkWidget *form;
  GtkWidget *entry;
  GtkWidget *list;
  GtkWidget *empty;
  GtkWidget *more;
  int focus_row; /* the row to move the keyboard to when it is there; -1: none */
};

/* So many more tasks at a click. */
#define PK_PLACE_TASKS_MORE 100

G_DEFINE_FINAL_TYPE (PkPlaceTaskPart, pk_place_task_part, PK_TYPE_PART)

static void
apply_cb (PkPlaceTaskPart *self)
{
  pk_place_task_part_report (self, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
}

static gboolean
key_cb (GtkEventControllerKey *keys G_GNUC_UNUSED,
        guint key,
        guint code G_GNUC_UNUSED,
        GdkModifierType state G_GNUC_UNUSED,
        PkPlaceTaskPart *self)
{
  if (key != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  gtk_widget_set_visible (self->form, FALSE);
  return GDK_EVENT_STOP;
}

static GtkWidget *
new_form (PkPlaceTaskPart *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->form = gtk_list_box_new ();
  self->entry = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->entry), _ ("What is wrong here?"));
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (self->entry), TRUE);
  g_signal_connect_object (self->entry, "apply", G_CALLBACK (apply_cb), self, G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (self->entry, keys);
  gtk_list_box_append (GTK_LIST_BOX (self->form), self->entry);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->form), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->form, "boxed-list");
  gtk_widget_set_visible (self->form, FALSE);
  return self->form;
}

static void
more_cb (PkPlaceTaskPart *self)
{
  guint n = g_list_model_get_n_items (pk_place_tasks_get_rows (self->tasks));

  self->focus_row = (int) n;
  pk_place_tasks_set_most (self->tasks, n + PK_PLACE_TASKS_MORE);
}

/* Who asked for more with the keyboard goes on at the first row that came. */
static void
focus_first_new (PkPlaceTaskPart *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), self->focus_row);

  if (self->focus_row < 0 || row == NULL)
    return;
  self->focus_row = -1;
  gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
pk_place_task_part_build (PkPart *part)
{
  PkPlaceTaskPart *self = PK_PLACE_TASK_PART (part);

  self->section = pk_section_new (_ ("Tasks"));
  pk_section_set_action (PK_SECTION (self->section), _ ("New _deviation"), "page.new-deviation");
  self->empty = gtk_label_new (_ ("No open tasks here."));
  gtk_label_set_xalign (GTK_LABEL (self->empty), 0);
  gtk_widget_add_css_class (self->empty, "dim-label");
  self->more = gtk_button_new ();
  gtk_widget_set_halign (self->more, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->more, "flat");
  g_signal_connect_object (self->more, "clicked", G_CALLBACK (more_cb), self, G_CONNECT_SWAPPED);
  pk_section_append (PK_SECTION (self->section), new_form (self));
  pk_section_append (PK_SECTION (self->section), self->empty);
  pk_part_append (part, self->section);
}

static void
tasks_changed_cb (PkPlaceTaskPart *self)
{
  guint n = g_list_model_get_n_items (pk_place_tasks_get_rows (self->tasks));
  gint64 n_more = pk_place_tasks_get_n_open (self->tasks) - n;
  g_autofree char *more =
      n_more <= PK_PLACE_TASKS_MORE
          ? g_strdup_printf (_ ("Show all %d"), (int) (n + n_more))
          : g_strdup_printf (_ ("Show %1$d more of %2$d"), PK_PLACE_TASKS_MORE, (int) (n + n_more));

  gtk_widget_set_visible (self->list, n > 0);
  gtk_widget_set_visible (self->empty, n == 0 && pk_place_tasks_is_ready (self->tasks));
  gtk_widget_set_visible (self->more, n_more > 0);
  gtk_button_set_label (GTK_BUTTON (self->more), more);
  focus_first_new (self);
}

static void
pk_place_task_part_dispose (GObject *object)
{
  g_clear_object (&PK_PLACE_TASK_PART (object)->tasks);
  G_OBJECT_CLASS (pk_place_task_part_parent_class)->dispose (object);
}

static void
pk_place_task_part_class_init (PkPlaceTaskPartClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_place_task_part_dispose;
  PK_PART_CLASS (klass)->build = pk_place_task_part_build;
}

static void
pk_place_task_part_init (PkPlaceTaskPart *self)
{
  self->focus_row = -1;
}

/**
 * pk_place_task_part_new:
 * @client: how it acts
 * @detail: the place
 * @tasks: its open tasks
 *
 * Returns: (transfer floating): the tasks at a place
 */
GtkWidget *
pk_place_task_part_new (PkClient *client, PkDetail *detail, PkPlaceTasks *tasks)
{
  GtkWidget *widget = pk_part_new (PK_TYPE_PLACE_TASK_PART, client, detail);
  PkPlaceTaskPart *self = PK_PLACE_TASK_PART (widget);

  self->tasks = g_object_ref (tasks);
  self->list = pk_row_list_box_new (pk_place_tasks_get_rows (tasks), _ ("Tasks"));
  pk_section_append (PK_SECTION (self->section), self->list);
  pk_section_append (PK_SECTION (self->section), self->more);
  g_signal_connect_object (tasks,
                           "changed",
                           G_CALLBACK (tasks_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  tasks_changed_cb (self);
  return widget;
}

/**
 * pk_place_task_part_new_deviation:
 * @self: the tasks at a place
 *
 * Opens the line to report a deviation with.
 */
void
pk_place_task_part_new_deviation (PkPlaceTaskPart *self)
{
  g_return_if_fail (PK_IS_PLACE_TASK_PART (self));
  gtk_widget_set_visible (self->form, TRUE);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  gtk_widget_grab_focus (self->entry);
}

/**
 * pk_place_task_part_report:
 * @self: the tasks at a place
 * @what: what is wrong
 *
 * Makes a deviation at the place.
 *
 * Returns: %TRUE if there was something to report
 */
gboolean
pk_place_task_part_report (PkPlaceTaskPart *self, const char *what)
{
  g_return_val_if_fail (PK_IS_PLACE_TASK_PART (self), FALSE);
  PkRecord *place = pk_part_get_record (PK_PART (self));
  g_autofree char *title = g_strstrip (g_strdup (what));

  if (place == NULL || *title == '\0')
    return FALSE;
  pk_part_run (PK_PART (self),
               pk_make_deviation_command_new (place, title, NULL, PK_TASK_PRIORITY_NORMAL));
  gtk_widget_set_visible (self->form, FALSE);
  return TRUE;
}
