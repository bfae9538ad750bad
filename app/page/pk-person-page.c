/* Who somebody is and how to reach them: read only. Main thread. */
#include "config.h"

#include "pk-person-page.h"

#include "pk-field-row.h"
#include "pk-page.h"

#include <glib/gi18n.h>

struct _PkPersonPage
{
  GtkWidget parent_instance;
  GtkWidget *avatar;
  GtkWidget *name;
  GtkWidget *title;
  GtkWidget *unit;
  GtkWidget *phone;
  GtkWidget *email;
  PkClient *client; /* (owned) (nullable) */
};

static void page_iface_init (PkPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PkPersonPage,
                               pk_person_page,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (PK_TYPE_PAGE, page_iface_init))

static const char *
get_title (PkPage *page G_GNUC_UNUSED)
{
  return _ ("Person");
}

static void
show_record (PkPage *page, const PkId *id)
{
  PkPersonPage *self = PK_PERSON_PAGE (page);
  PkLibrary *library = pk_client_get_library (self->client);
  g_autoptr (PkRecord) person = pk_library_find (library, PK_ENTITY_PERSON, id);

  if (person == NULL)
    return;
  const char *name = pk_record_get_text (person, PK_PERSON_NAME);
  const char *title = pk_record_get_text (person, PK_PERSON_TITLE);
  const char *unit =
      pk_library_get_name (library, PK_ENTITY_UNIT, pk_record_get_ref (person, PK_PERSON_UNIT_ID));
  adw_avatar_set_text (ADW_AVATAR (self->avatar), name);
  gtk_label_set_label (GTK_LABEL (self->name), name);
  gtk_label_set_label (GTK_LABEL (self->title), title == NULL ? "" : title);
  pk_field_row_set_value (PK_FIELD_ROW (self->unit), unit);
  pk_field_row_set_value (PK_FIELD_ROW (self->phone), pk_record_get_text (person, PK_PERSON_PHONE));
  pk_field_row_set_value (PK_FIELD_ROW (self->email), pk_record_get_text (person, PK_PERSON_EMAIL));
}

static void
page_iface_init (PkPageInterface *iface)
{
  iface->get_title = get_title;
  iface->show_record = show_record;
}

static void
pk_person_page_dispose (GObject *object)
{
  PkPersonPage *self = PK_PERSON_PAGE (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (pk_person_page_parent_class)->dispose (object);
}

static void
pk_person_page_class_init (PkPersonPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_person_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static GtkWidget *
add_label (GtkWidget *box, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

static GtkWidget *
add_field (GtkWidget *list, const char *label)
{
  GtkWidget *row = pk_field_row_new (label, NULL);

  gtk_list_box_append (GTK_LIST_BOX (list), row);
  return row;
}

static void
pk_person_page_init (PkPersonPage *self)
{
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->avatar = adw_avatar_new (96, NULL, TRUE);
  gtk_widget_set_margin_top (self->avatar, 24);
  gtk_box_append (GTK_BOX (box), self->avatar);
  self->name = add_label (box, "pk-title");
  self->title = add_label (box, "dim-label");
  self->unit = add_field (list, _ ("Unit"));
  self->phone = add_field (list, _ ("Phone"));
  self->email = add_field (list, _ ("E-mail"));
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("How to reach them"),
                                  -1);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_bottom (box, 24);
  gtk_box_append (GTK_BOX (box), list);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 480);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller),
                                  GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), clamp);
  gtk_widget_set_parent (scroller, GTK_WIDGET (self));
}

/**
 * pk_person_page_new:
 * @client: what pages get
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
pk_person_page_new (PkClient *client)
{
  PkPersonPage *self = g_object_new (PK_TYPE_PERSON_PAGE, NULL);

  self->client = g_object_ref (client);
  return GTK_WIDGET (self);
}
