/* The picture of a place, and how the picture of a building is changed. Main thread. */
#include "config.h"

#include "pk-place-picture.h"

#include "pk-attachments.h"
#include "pk-bringer.h"
#include "pk-compat.h"
#include "pk-document-commands.h"
#include "pk-hero.h"
#include "pk-place-tree.h"
#include "pk-record-commands.h"

#include <glib/gi18n.h>

struct _PkPlacePicture
{
  PkPart parent_instance;
  GtkWidget *overlay;
  GtkWidget *hero;
  GtkWidget *change;  /* over the picture */
  GtkWidget *empty;   /* for who may bring one */
  PkBringer *bringer; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (PkPlacePicture, pk_place_picture, PK_TYPE_PART)

static gboolean
may_change (PkPlacePicture *self)
{
  PkRecord *record = pk_part_get_record (PK_PART (self));

  return record != NULL && pk_record_get_entity (record)->id == PK_ENTITY_BUILDING &&
         pk_library_may_set (pk_part_get_library (PK_PART (self)), record, PK_BUILDING_PICTURE_ID);
}

static void
file_cb (PkPlacePicture *self, GFile *file)
{
  PkRecord *record = pk_part_get_record (PK_PART (self));

  if (!may_change (self))
    gtk_widget_error_bell (GTK_WIDGET (self));
  else if (pk_bringer_is_photo (file))
    pk_part_run (PK_PART (self), pk_set_picture_command_new (record, file));
  else
    pk_client_say (pk_part_get_client (PK_PART (self)),
                   _ ("Only a picture can stand here, such as a JPEG or PNG file."));
}

static void
picture_cb (PkPlacePicture *self, GBytes *bytes)
{
  PkRecord *record = pk_part_get_record (PK_PART (self));

  if (may_change (self))
    pk_part_run (PK_PART (self), pk_set_picture_command_new_from_bytes (record, bytes));
  else
    gtk_widget_error_bell (GTK_WIDGET (self));
}

static GtkWidget *
new_change (void)
{
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenu) menu = g_menu_new ();

  g_menu_append (menu, _ ("_Choose a picture…"), "page.choose-picture");
  g_menu_append (menu, _ ("_Paste a picture"), "page.paste-as-picture");
  g_menu_append (menu, _ ("_Remove the picture"), "page.remove-picture");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "document-edit-symbolic");
  pk_compat_set_name (button, _ ("Change the picture"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Change the picture"),
                                  -1);
  gtk_widget_set_halign (button, GTK_ALIGN_END);
  gtk_widget_set_valign (button, GTK_ALIGN_END);
  gtk_widget_add_css_class (button, "osd");
  gtk_widget_add_css_class (button, "pk-hero-change");
  return button;
}

static GtkWidget *
new_empty (void)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *label = gtk_label_new (_ ("Drop a picture of the building here, or choose one."));

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "page.choose-picture");
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "pk-drop-here");
  return button;
}

static void
pk_place_picture_build (PkPart *part)
{
  PkPlacePicture *self = PK_PLACE_PICTURE (part);

  self->overlay = gtk_overlay_new ();
  self->hero = pk_hero_new ();
  self->change = new_change ();
  self->empty = new_empty ();
  gtk_overlay_set_child (GTK_OVERLAY (self->overlay), self->hero);
  gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), self->change);
  pk_part_append (part, self->overlay);
  pk_part_append (part, self->empty);
  gtk_widget_add_css_class (GTK_WIDGET (self), "pk-takes-files");
  self->bringer = pk_bringer_new (GTK_WIDGET (self), pk_part_get_client (part));
  g_signal_connect_object (self->bringer, "file", G_CALLBACK (file_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bringer,
                           "picture",
                           G_CALLBACK (picture_cb),
                           self,
                           G_CONNECT_SWAPPED);
}

/* The picture of a building, or the plan of it or of a floor. */
static const PkId *
find_picture (PkPlacePicture *self, PkRecord *record, PkId *plan_out)
{
  PkLibrary *library = pk_part_get_library (PK_PART (self));
  guint entity = pk_record_get_entity (record)->id;
  const PkId *picture = NULL;

  if (entity == PK_ENTITY_LOCATION)
    return pk_record_get_ref (record, PK_LOCATION_PLAN_ID);
  if (entity != PK_ENTITY_BUILDING)
    return NULL;
  picture = pk_record_get_ref (record, PK_BUILDING_PICTURE_ID);
  if (picture != NULL)
    return picture;
  g_autoptr (GPtrArray) floors = pk_place_list_floors (library, pk_record_get_id (record));
  for (guint i = 0; i < floors->len; i++)
    {
      picture = pk_record_get_ref (g_ptr_array_index (floors, i), PK_LOCATION_PLAN_ID);
      if (picture == NULL)
        continue;
      *plan_out = *picture;
      return plan_out;
    }
  return NULL;
}

static void
show_picture (PkPlacePicture *self, PkRecordItem *item)
{
  const char *path = pk_record_item_get_path (item);
  PkRecord *document = pk_record_item_get_record (item);
  gboolean is_drawing = pk_record_get_int (document, PK_DOCUMENT_KIND, -1) ==
                        PK_DOCUMENT_KIND_DRAWING;
  g_autofree char *target = pk_id_dup_text (pk_record_get_id (document));

  pk_hero_set_picture (PK_HERO (self->hero), path, "pk-building-symbolic", is_drawing);
  pk_hero_set_name (PK_HERO (self->hero), pk_attachment_get_title (item));
  pk_hero_set_target (PK_HERO (self->hero), "win.open-document", target);
}

static void
pk_place_picture_update (PkPart *part)
{
  PkPlacePicture *self = PK_PLACE_PICTURE (part);
  PkLibrary *library = pk_part_get_library (part);
  gboolean may = may_change (self);
  PkId plan;
  const PkId *id = find_picture (self, pk_part_get_record (part), &plan);
  g_autoptr (PkRecordItem) item = id != NULL ? pk_attachments_read_document (library, id) : NULL;

  if (item != NULL)
    show_picture (self, item);
  gtk_widget_set_visible (self->overlay, item != NULL);
  gtk_widget_set_visible (self->change, may);
  gtk_widget_set_visible (self->empty, item == NULL && may);
  gtk_widget_set_visible (GTK_WIDGET (self), item != NULL || may);
}

static void
pk_place_picture_dispose (GObject *object)
{
  PkPlacePicture *self = PK_PLACE_PICTURE (object);

  if (self->bringer != NULL)
    pk_bringer_stop (self->bringer);
  g_clear_object (&self->bringer);
  G_OBJECT_CLASS (pk_place_picture_parent_class)->dispose (object);
}

static void
pk_place_picture_class_init (PkPlacePictureClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_place_picture_dispose;
  PK_PART_CLASS (klass)->build = pk_place_picture_build;
  PK_PART_CLASS (klass)->update = pk_place_picture_update;
}

static void
pk_place_picture_init (PkPlacePicture *self G_GNUC_UNUSED)
{
}

/**
 * pk_place_picture_new:
 * @client: how it acts
 * @detail: the place
 *
 * Returns: (transfer floating): the picture of a place
 */
GtkWidget *
pk_place_picture_new (PkClient *client, PkDetail *detail)
{
  return pk_part_new (PK_TYPE_PLACE_PICTURE, client, detail);
}

/**
 * pk_place_picture_choose:
 * @self: the picture of a building
 *
 * Lets the person choose another picture.
 */
void
pk_place_picture_choose (PkPlacePicture *self)
{
  g_return_if_fail (PK_IS_PLACE_PICTURE (self));
  pk_bringer_choose (self->bringer, _ ("Choose a picture of the building"));
}

/**
 * pk_place_picture_paste:
 * @self: the picture of a building
 *
 * Takes the picture on the clipboard.
 */
void
pk_place_picture_paste (PkPlacePicture *self)
{
  g_return_if_fail (PK_IS_PLACE_PICTURE (self));
  pk_bringer_paste (self->bringer);
}

/**
 * pk_place_picture_remove:
 * @self: the picture of a building
 *
 * Lets go of the picture; it stays among the photos.
 */
void
pk_place_picture_remove (PkPlacePicture *self)
{
  g_return_if_fail (PK_IS_PLACE_PICTURE (self));
  PkRecord *record = pk_part_get_record (PK_PART (self));
  PkValue none = PK_VALUE_INIT;

  if (may_change (self))
    pk_part_run (PK_PART (self), pk_edit_field_command_new (record, PK_BUILDING_PICTURE_ID, &none));
}
