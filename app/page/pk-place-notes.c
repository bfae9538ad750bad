/*
 * Good to know, and who to ask. Who may change the note has a button for it: the text as it is written stands in the place of the
 * article until it is saved or left. Main thread.
 */
#include "config.h"

#include "pk-place-notes.h"

#include "pk-article-view.h"
#include "pk-editable-text.h"
#include "pk-field-row.h"
#include "pk-record-commands.h"
#include "pk-section.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _PkPlaceNotes
{
  PkPart parent_instance;
  GtkWidget *notes;
  GtkWidget *text;
  GtkWidget *editor;
  GtkWidget *none;
  gboolean is_editing;
  GtkWidget *contacts;
  GtkWidget *list;
  GPtrArray *rows; /* (owned): in the list, not owned */
};

G_DEFINE_FINAL_TYPE (PkPlaceNotes, pk_place_notes, PK_TYPE_PART)

static int
note_field (PkRecord *record)
{
  switch (pk_record_get_entity (record)->id)
    {
    case PK_ENTITY_BUILDING:
      return PK_BUILDING_NOTE;
    case PK_ENTITY_COMPONENT:
      return PK_COMPONENT_NOTE;
    default:
      return -1;
    }
}

static void
show_editor (PkPlaceNotes *self, gboolean is_editing)
{
  self->is_editing = is_editing;
  gtk_widget_set_visible (self->editor, is_editing);
  gtk_widget_set_visible (self->text, !is_editing);
  gtk_widget_set_visible (self->none, FALSE);
}

static void
note_committed_cb (PkPlaceNotes *self, const char *text)
{
  PkRecord *record = pk_part_get_record (PK_PART (self));
  g_auto (PkValue) value = *text != '\0' ? pk_value_text (text) : PK_VALUE_INIT;

  if (record != NULL)
    pk_part_run (PK_PART (self),
                 pk_edit_field_command_new (record, (guint) note_field (record), &value));
}

static void
editor_left_cb (PkPlaceNotes *self)
{
  PkRecord *record = pk_part_get_record (PK_PART (self));

  show_editor (self, FALSE);
  if (record != NULL)
    PK_PART_GET_CLASS (self)->update (PK_PART (self));
}

static GtkWidget *
new_editor (PkPlaceNotes *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->editor = pk_editable_text_new (PK_EDITABLE_BODY,
                                       _ ("Good to know"),
                                       _ ("Write what others should know"));
  gtk_widget_add_css_class (self->editor, "card");
  gtk_widget_add_css_class (self->editor, "pk-note-editor");
  gtk_widget_set_visible (self->editor, FALSE);
  g_signal_connect_object (self->editor,
                           "committed",
                           G_CALLBACK (note_committed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (editor_left_cb), self);
  gtk_widget_add_controller (self->editor, focus);
  return self->editor;
}

static void
pk_place_notes_build (PkPart *part)
{
  PkPlaceNotes *self = PK_PLACE_NOTES (part);

  self->notes = pk_section_new (_ ("Good to know"));
  self->text = pk_article_view_new ();
  gtk_widget_add_css_class (self->text, "card");
  pk_section_append (PK_SECTION (self->notes), self->text);
  pk_section_append (PK_SECTION (self->notes), new_editor (self));
  self->none = gtk_label_new (_ ("Nothing has been written yet."));
  gtk_label_set_xalign (GTK_LABEL (self->none), 0);
  gtk_widget_add_css_class (self->none, "dim-label");
  pk_section_append (PK_SECTION (self->notes), self->none);
  self->contacts = pk_section_new (_ ("Who takes care of it"));
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Who takes care of it"),
                                  -1);
  pk_section_append (PK_SECTION (self->contacts), self->list);
  pk_part_append (part, self->notes);
  pk_part_append (part, self->contacts);
}

static void
add_row (PkPlaceNotes *self,
         const char *label,
         const char *name,
         const char *phone,
         const char *email)
{
  const char *parts[4] = { NULL };
  guint n = 0;

  if (name != NULL)
    parts[n++] = name;
  if (phone != NULL)
    parts[n++] = phone;
  if (email != NULL)
    parts[n++] = email;
  if (n == 0)
    return;
  g_autofree char *value = g_strjoinv (" · ", (char **) parts);
  GtkWidget *row = pk_field_row_new (label, value);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row);
  g_ptr_array_add (self->rows, row);
}

static void
show_contacts (PkPlaceNotes *self, PkRecord *building)
{
  PkLibrary *library = pk_part_get_library (PK_PART (self));
  const PkId *person_id = pk_record_get_ref (building, PK_BUILDING_CARETAKER_ID);
  const PkId *unit_id = pk_record_get_ref (building, PK_BUILDING_UNIT_ID);
  g_autoptr (PkRecord)
      person = person_id != NULL ? pk_library_find (library, PK_ENTITY_PERSON, person_id) : NULL;
  g_autoptr (PkRecord) unit = unit_id != NULL ? pk_library_find (library, PK_ENTITY_UNIT, unit_id)
                                              : NULL;

  if (person != NULL)
    add_row (self,
             _ ("Caretaker"),
             pk_record_get_text (person, PK_PERSON_NAME),
             pk_record_get_text (person, PK_PERSON_PHONE),
             pk_record_get_text (person, PK_PERSON_EMAIL));
  if (unit != NULL)
    add_row (self,
             _ ("Responsible unit"),
             pk_record_get_text (unit, PK_UNIT_NAME),
             pk_record_get_text (unit, PK_UNIT_PHONE),
             pk_record_get_text (unit, PK_UNIT_EMAIL));
}

static void
show_note (PkPlaceNotes *self, PkRecord *record)
{
  int field = note_field (record);
  const char *note = field >= 0 ? pk_record_get_text (record, (guint) field) : NULL;
  gboolean may_set = field >= 0 && pk_library_may_set (pk_part_get_library (PK_PART (self)),
                                                       record,
                                                       (guint) field);

  pk_article_view_set_text (PK_ARTICLE_VIEW (self->text), note);
  pk_editable_text_set_text (PK_EDITABLE_TEXT (self->editor), note);
  pk_section_set_action (PK_SECTION (self->notes),
                         !may_set       ? NULL
                         : note == NULL ? _ ("_Write")
                                        : _ ("_Edit"),
                         may_set ? "page.edit-note" : NULL);
  gtk_widget_set_visible (self->text, note != NULL && !self->is_editing);
  gtk_widget_set_visible (self->none, note == NULL && !self->is_editing);
  gtk_widget_set_visible (self->notes, note != NULL || may_set);
}

static void
pk_place_notes_update (PkPart *part)
{
  PkPlaceNotes *self = PK_PLACE_NOTES (part);
  PkRecord *record = pk_part_get_record (part);

  for (guint i = 0; i < self->rows->len; i++)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  if (pk_record_get_entity (record)->id == PK_ENTITY_BUILDING)
    show_contacts (self, record);
  show_note (self, record);
  gtk_widget_set_visible (self->contacts, self->rows->len > 0);
  gtk_widget_set_margin_top (self->contacts, gtk_widget_get_visible (self->notes) ? 12 : 0);
  gtk_widget_set_visible (GTK_WIDGET (self),
                          gtk_widget_get_visible (self->notes) || self->rows->len > 0);
}

static void
pk_place_notes_finalize (GObject *object)
{
  g_clear_pointer (&PK_PLACE_NOTES (object)->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (pk_place_notes_parent_class)->finalize (object);
}

static void
pk_place_notes_class_init (PkPlaceNotesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_place_notes_finalize;
  PK_PART_CLASS (klass)->build = pk_place_notes_build;
  PK_PART_CLASS (klass)->update = pk_place_notes_update;
}

static void
pk_place_notes_init (PkPlaceNotes *self)
{
  self->rows = g_ptr_array_new ();
}

/**
 * pk_place_notes_new:
 * @client: how it acts
 * @detail: a building or component
 *
 * Returns: (transfer floating): what is good to know; hidden where there is nothing
 */
GtkWidget *
pk_place_notes_new (PkClient *client, PkDetail *detail)
{
  return pk_part_new (PK_TYPE_PLACE_NOTES, client, detail);
}

/**
 * pk_place_notes_edit:
 * @self: what is good to know
 *
 * Lets the person write the note, where it is theirs to write. Leaving it saves.
 */
void
pk_place_notes_edit (PkPlaceNotes *self)
{
  PkRecord *record = pk_part_get_record (PK_PART (self));
  int field = record != NULL ? note_field (record) : -1;

  if (field < 0 ||
      !pk_library_may_set (pk_part_get_library (PK_PART (self)), record, (guint) field))
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  show_editor (self, TRUE);
  gtk_widget_grab_focus (self->editor);
}
