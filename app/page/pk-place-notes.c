/* Good to know, and who to ask. Main thread. */
#include "config.h"

#include "pk-place-notes.h"

#include "pk-article-view.h"
#include "pk-field-row.h"
#include "pk-section.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _PkPlaceNotes
{
  PkPart parent_instance;
  GtkWidget *notes;
  GtkWidget *text;
  GtkWidget *contacts;
  GtkWidget *list;
  GPtrArray *rows; /* (owned): in the list, not owned */
};

G_DEFINE_FINAL_TYPE (PkPlaceNotes, pk_place_notes, PK_TYPE_PART)

static void
pk_place_notes_build (PkPart *part)
{
  PkPlaceNotes *self = PK_PLACE_NOTES (part);

  self->notes = pk_section_new (_ ("Good to know"));
  self->text = pk_article_view_new ();
  gtk_widget_add_css_class (self->text, "card");
  pk_section_append (PK_SECTION (self->notes), self->text);
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
pk_place_notes_update (PkPart *part)
{
  PkPlaceNotes *self = PK_PLACE_NOTES (part);
  PkRecord *record = pk_part_get_record (part);
  guint entity = pk_record_get_entity (record)->id;
  const char *note = entity == PK_ENTITY_BUILDING ? pk_record_get_text (record, PK_BUILDING_NOTE)
                     : entity == PK_ENTITY_COMPONENT
                         ? pk_record_get_text (record, PK_COMPONENT_NOTE)
                         : NULL;

  for (guint i = 0; i < self->rows->len; i++)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  if (entity == PK_ENTITY_BUILDING)
    show_contacts (self, record);
  pk_article_view_set_text (PK_ARTICLE_VIEW (self->text), note);
  gtk_widget_set_visible (self->notes, note != NULL);
  gtk_widget_set_visible (self->contacts, self->rows->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self), note != NULL || self->rows->len > 0);
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
