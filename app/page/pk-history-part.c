/* The history of a record. The newest few are shown; the rest is opened with one button. Main thread. */
#include "config.h"

#include "pk-history-part.h"

#include "pk-record-commands.h"
#include "pk-section.h"
#include "pk-value-words.h"
#include "pk-words.h"

#include <glib/gi18n.h>

#define SHOWN_AT_FIRST 6

struct _PkHistoryPart
{
  PkPart parent_instance;
  GtkWidget *list;
  GtkWidget *more;
  GtkWidget *empty;
  GtkSliceListModel *slice; /* (owned) */
};

G_DEFINE_FINAL_TYPE (PkHistoryPart, pk_history_part, PK_TYPE_PART)

static const char *
icon_of (PkRecord *history)
{
  switch (pk_record_get_int (history, PK_HISTORY_KIND, PK_HISTORY_KIND_CHANGED))
    {
    case PK_HISTORY_KIND_CREATED:
    case PK_HISTORY_KIND_IMPORTED:
      return "list-add-symbolic";
    case PK_HISTORY_KIND_MERGED:
      return "emblem-synchronizing-symbolic";
    case PK_HISTORY_KIND_RESTORED:
      return "edit-undo-symbolic";
    case PK_HISTORY_KIND_DELETED:
      return "user-trash-symbolic";
    case PK_HISTORY_KIND_COMMAND:
      return "emblem-ok-symbolic";
    default:
      return "document-edit-symbolic";
    }
}

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
restore_cb (GtkButton *button, PkHistoryPart *self)
{
  PkRecordItem *item = g_object_get_data (G_OBJECT (button), "item");
  PkRecord *history = pk_record_item_get_record (item);
  const char *name = pk_record_get_text (history, PK_HISTORY_ENTITY);
  const PkEntity *entity = name != NULL ? pk_entity_by_name (name) : NULL;
  const PkId *id = pk_record_get_ref (history, PK_HISTORY_RECORD_ID);
  g_autoptr (PkRecord) record = NULL;

  if (entity != NULL && id != NULL)
    record = pk_library_find (pk_part_get_library (PK_PART (self)), entity->id, id);
  if (record != NULL)
    pk_part_run (PK_PART (self), pk_restore_value_command_new (record, history));
}

static GtkWidget *
new_lost_value (PkHistoryPart *self, PkRecordItem *item)
{
  PkLibrary *library = pk_part_get_library (PK_PART (self));
  PkRecord *history = pk_record_item_get_record (item);
  g_autofree char *detail = pk_history_detail (library, history);
  g_autofree char *lost = pk_history_lost_value (library, history);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Bring it back"));

  g_object_set_data_full (G_OBJECT (button), "item", g_object_ref (item), g_object_unref);
  g_signal_connect_object (button, "clicked", G_CALLBACK (restore_cb), self, 0);
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), new_label (detail, "caption"));
  gtk_box_append (GTK_BOX (box), new_label (lost, "pk-quote"));
  gtk_box_append (GTK_BOX (box), button);
  return box;
}

static GtkWidget *
create_row (gpointer data, gpointer user_data)
{
  PkHistoryPart *self = user_data;
  PkRecordItem *item = data;
  PkRecord *history = pk_record_item_get_record (item);
  PkLibrary *library = pk_part_get_library (PK_PART (self));
  gint64 at_us = pk_record_get_int (history, PK_HISTORY_AT, 0);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *sentence = pk_history_sentence (library, history);
  g_autofree char *when =
      pk_words_time (at_us, pk_clock_now_us (pk_library_get_clock (library)), zone);
  g_autofree char *exact = pk_words_exact_time (at_us, zone);
  g_autofree char *name = g_strdup_printf ("%s, %s", sentence, when);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_of (history));
  GtkWidget *time = new_label (when, "caption");

  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_add_css_class (icon, "dim-label");
  gtk_widget_add_css_class (time, "dim-label");
  gtk_widget_set_tooltip_text (time, exact);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), new_label (sentence, NULL));
  gtk_box_append (GTK_BOX (texts), time);
  if (pk_record_get_int (history, PK_HISTORY_KIND, -1) == PK_HISTORY_KIND_MERGED)
    gtk_box_append (GTK_BOX (texts), new_lost_value (self, item));
  gtk_box_append (GTK_BOX (line), icon);
  gtk_box_append (GTK_BOX (line), texts);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_add_css_class (row, "pk-history-row");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return row;
}

static void
more_cb (PkHistoryPart *self)
{
  gtk_slice_list_model_set_size (self->slice, G_MAXUINT);
  gtk_widget_set_visible (self->more, FALSE);
}

static void
pk_history_part_build (PkPart *part)
{
  PkHistoryPart *self = PK_HISTORY_PART (part);
  GtkWidget *section = pk_section_new (_ ("History"));
  GListModel *history = pk_detail_get_history (pk_part_get_detail (part));

  self->slice = gtk_slice_list_model_new (g_object_ref (history), 0, SHOWN_AT_FIRST);
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("History"),
                                  -1);
  gtk_list_box_bind_model (GTK_LIST_BOX (self->list),
                           G_LIST_MODEL (self->slice),
                           create_row,
                           self,
                           NULL);
  self->empty = new_label (_ ("Nothing has happened yet that the server has told."), "dim-label");
  self->more = gtk_button_new_with_mnemonic (_ ("Show _all"));
  gtk_widget_set_halign (self->more, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->more, "flat");
  g_signal_connect_object (self->more, "clicked", G_CALLBACK (more_cb), self, G_CONNECT_SWAPPED);
  pk_section_append (PK_SECTION (section), self->list);
  pk_section_append (PK_SECTION (section), self->empty);
  pk_section_append (PK_SECTION (section), self->more);
  pk_part_append (part, section);
}

static void
pk_history_part_update (PkPart *part)
{
  PkHistoryPart *self = PK_HISTORY_PART (part);
  guint n = g_list_model_get_n_items (pk_detail_get_history (pk_part_get_detail (part)));

  gtk_widget_set_visible (self->list, n > 0);
  gtk_widget_set_visible (self->empty, n == 0);
  gtk_widget_set_visible (self->more,
                          n > SHOWN_AT_FIRST &&
                              gtk_slice_list_model_get_size (self->slice) == SHOWN_AT_FIRST);
}

static void
pk_history_part_dispose (GObject *object)
{
  PkHistoryPart *self = PK_HISTORY_PART (object);

  g_clear_object (&self->slice);
  G_OBJECT_CLASS (pk_history_part_parent_class)->dispose (object);
}

static void
pk_history_part_class_init (PkHistoryPartClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_history_part_dispose;
  PK_PART_CLASS (klass)->build = pk_history_part_build;
  PK_PART_CLASS (klass)->update = pk_history_part_update;
}

static void
pk_history_part_init (PkHistoryPart *self G_GNUC_UNUSED)
{
}

/**
 * pk_history_part_new:
 * @client: how it acts
 * @detail: the record
 *
 * Returns: (transfer floating): the history of a record
 */
GtkWidget *
pk_history_part_new (PkClient *client, PkDetail *detail)
{
  return pk_part_new (PK_TYPE_HISTORY_PART, client, detail);
}
