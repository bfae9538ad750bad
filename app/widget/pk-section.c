/* A section of a page: heading, one verb, content. Main thread. */
#include "config.h"

#include "pk-section.h"

#include "pk-compat.h"

#include <adwaita.h>

struct _PkSection
{
  GtkWidget parent_instance;
  GtkWidget *title;
  GtkWidget *verb;
};

G_DEFINE_FINAL_TYPE (PkSection, pk_section, GTK_TYPE_WIDGET)

static void
pk_section_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (pk_section_parent_class)->dispose (object);
}

static void
pk_section_class_init (PkSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_section_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "pk-section");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
pk_section_init (PkSection *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  GtkWidget *header = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);

  self->title = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_label_set_wrap (GTK_LABEL (self->title), TRUE);
  gtk_widget_set_hexpand (self->title, TRUE);
  gtk_widget_add_css_class (self->title, "heading");

  self->verb = gtk_button_new ();
  gtk_widget_add_css_class (self->verb, "flat");
  gtk_widget_add_css_class (self->verb, "pk-section-verb");
  gtk_widget_set_valign (self->verb, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (self->verb, FALSE);

  gtk_box_append (GTK_BOX (header), self->title);
  gtk_box_append (GTK_BOX (header), self->verb);
  gtk_widget_add_css_class (header, "pk-section-header");
  gtk_widget_set_parent (header, GTK_WIDGET (self));
}

/**
 * pk_section_new:
 * @title: the heading
 *
 * Returns: (transfer floating): an empty section
 */
GtkWidget *
pk_section_new (const char *title)
{
  PkSection *self = g_object_new (PK_TYPE_SECTION, NULL);

  pk_section_set_title (self, title);
  return GTK_WIDGET (self);
}

/**
 * pk_section_set_title:
 * @self: a section
 * @title: the heading
 *
 * Says what the section holds.
 */
void
pk_section_set_title (PkSection *self, const char *title)
{
  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
}

/**
 * pk_section_set_action:
 * @self: a section
 * @label: (nullable): the verb, with a mnemonic; %NULL takes it away
 * @detailed_action: what it activates
 *
 * Puts the section's one verb into its header.
 */
void
pk_section_set_action (PkSection *self, const char *label, const char *detailed_action)
{
  gtk_widget_set_visible (self->verb, label != NULL);
  if (label == NULL)
    return;
  gtk_button_set_label (GTK_BUTTON (self->verb), label);
  gtk_button_set_use_underline (GTK_BUTTON (self->verb), TRUE);
  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (self->verb), detailed_action);
  pk_compat_name_buttons (self->verb);
}

/**
 * pk_section_append:
 * @self: a section
 * @child: what it holds
 *
 * Adds to the end.
 */
void
pk_section_append (PkSection *self, GtkWidget *child)
{
  gtk_widget_insert_before (child, GTK_WIDGET (self), NULL);
}

/**
 * pk_empty_new:
 * @icon_name: symbolic
 * @title: that there is nothing, in a few words
 * @text: (nullable): why, or what would come here
 * @action_label: (nullable): a way on
 * @detailed_action: (nullable): what it activates
 *
 * Returns: (transfer floating): what stands where there is nothing to show
 */
GtkWidget *
pk_empty_new (const char *icon_name,
              const char *title,
              const char *text,
              const char *action_label,
              const char *detailed_action)
{
  GtkWidget *page = adw_status_page_new ();

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), icon_name);
  adw_status_page_set_title (ADW_STATUS_PAGE (page), title);
  adw_status_page_set_description (ADW_STATUS_PAGE (page), text);
  gtk_widget_add_css_class (page, "compact");
  if (action_label != NULL)
    {
      GtkWidget *button = gtk_button_new_with_mnemonic (action_label);
      gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (button), detailed_action);
      gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (button, "pill");
      adw_status_page_set_child (ADW_STATUS_PAGE (page), button);
      pk_compat_name_buttons (button);
    }
  return page;
}
