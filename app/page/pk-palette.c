/*
 * The command palette. Its actions come from the table of shortcuts; one that is not possible now is left out. Up and Down choose while
 * the focus stays in the entry; Enter does it. Main thread.
 */
#include "config.h"

#include "pk-palette.h"

#include "pk-row-model.h"
#include "pk-row.h"
#include "pk-search-source.h"
#include "pk-shortcuts.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define HITS_OF_A_KIND 5

#define PK_TYPE_PALETTE (pk_palette_get_type ())
G_DECLARE_FINAL_TYPE (PkPalette, pk_palette, PK, PALETTE, AdwWindow)

struct _PkPalette
{
  AdwWindow parent_instance;
  GtkWidget *entry;
  GtkListBox *list;
  PkClient *client;  /* (owned) (nullable) */
  PkRowModel *found; /* (owned) */
  GtkWindow *owner;  /* (nullable): whose actions it runs; transient for it, so it lives longer */
};

G_DEFINE_FINAL_TYPE (PkPalette, pk_palette, ADW_TYPE_WINDOW)

static gboolean
matches (const char *label, char **words)
{
  g_autofree char *folded = g_utf8_casefold (label, -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (folded, words[i]) == NULL)
      return FALSE;
  return TRUE;
}

/* Whether an action exists and is enabled where the window's focus was. */
static gboolean
is_possible (PkPalette *self, const char *detailed_action)
{
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;

  if (!g_action_parse_detailed_name (detailed_action, &name, &target, NULL))
    return FALSE;
  if (g_str_has_prefix (name, "win.") || g_str_has_prefix (name, "app."))
    return TRUE;
  const char *dot = strchr (name, '.');
  g_autofree char *group = g_strndup (name, (gsize) (dot - name));
  GActionGroup *actions = g_object_get_data (G_OBJECT (self->owner), group);
  return actions != NULL && g_action_group_has_action (actions, dot + 1) &&
         g_action_group_get_action_enabled (actions, dot + 1);
}

static GtkWidget *
new_action_row (const PkShortcut *shortcut)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (_ (shortcut->label));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("pk-palette-symbolic"));
  gtk_box_append (GTK_BOX (box), label);
  if (shortcut->accelerators != NULL)
    {
      g_auto (GStrv) keys = g_strsplit (shortcut->accelerators, " ", 2);
      guint key;
      GdkModifierType modifiers;
      gtk_accelerator_parse (keys[0], &key, &modifiers);
      g_autofree char *text = gtk_accelerator_get_label (key, modifiers);
      GtkWidget *hint = gtk_label_new (text);
      gtk_widget_add_css_class (hint, "pk-key");
      gtk_widget_add_css_class (hint, "caption");
      gtk_widget_add_css_class (hint, "dim-label");
      gtk_widget_set_valign (hint, GTK_ALIGN_CENTER);
      gtk_box_append (GTK_BOX (box), hint);
    }
  gtk_widget_add_css_class (box, "pk-palette-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data (G_OBJECT (row), "pk-action", (gpointer) shortcut->action);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (shortcut->label),
                                  -1);
  return row;
}

static void
add_actions (PkPalette *self, const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_auto (GStrv) words = g_strsplit_set (folded, " ", -1);
  guint n;
  const PkShortcut *table = pk_shortcuts_get (&n);

  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (table[i].action, "win.palette") != 0 && matches (_ (table[i].label), words) &&
        is_possible (self, table[i].action))
      gtk_list_box_append (self->list, new_action_row (&table[i]));
}

static void
add_found (PkPalette *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->found));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PkRowItem) item = g_list_model_get_item (G_LIST_MODEL (self->found), i);
      GtkWidget *row = pk_row_new ();
      GtkWidget *box_row = gtk_list_box_row_new ();
      gboolean is_heading = pk_row_item_is_heading (item);
      gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (box_row), row);
      gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (box_row), !is_heading);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (box_row), !is_heading);
      pk_row_set_item (PK_ROW (row), item);
      gtk_list_box_append (self->list, box_row);
    }
}

static void
show_rows (PkPalette *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  add_actions (self, text);
  if (text[0] != '\0')
    add_found (self);
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
}

static void
text_changed_cb (PkPalette *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  if (text[0] != '\0')
    {
      g_autoptr (PkRowSource) source =
          pk_search_source_new (pk_client_get_library (self->client), text, HITS_OF_A_KIND);
      pk_row_model_set_source (self->found, source);
    }
  show_rows (self);
}

static void
do_row (PkPalette *self, GtkListBoxRow *row)
{
  const char *action = g_object_get_data (G_OBJECT (row), "pk-action");
  GtkWidget *owner = GTK_WIDGET (self->owner);
  GtkWidget *child = gtk_list_box_row_get_child (row);
  g_autoptr (PkRowItem) item = PK_IS_ROW (child) ? g_object_ref (pk_row_get_item (PK_ROW (child)))
                                                 : NULL;
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;

  gtk_window_close (GTK_WINDOW (self));
  if (item != NULL)
    pk_row_open (owner, item);
  else if (g_action_parse_detailed_name (action, &name, &target, NULL))
    gtk_widget_activate_action_variant (owner, name, target);
}

static void
entry_activated_cb (PkPalette *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (row != NULL)
    do_row (self, row);
}

static void
choose (PkPalette *self, int step)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  int place = row == NULL ? -1 : gtk_list_box_row_get_index (row);
  GtkListBoxRow *next = gtk_list_box_get_row_at_index (self->list, place + step);

  while (next != NULL && !gtk_list_box_row_get_selectable (next))
    next = gtk_list_box_get_row_at_index (self->list, gtk_list_box_row_get_index (next) + step);
  if (next != NULL)
    gtk_list_box_select_row (self->list, next);
}

static gboolean
key_pressed_cb (PkPalette *self, guint key)
{
  if (key == GDK_KEY_Down)
    choose (self, 1);
  else if (key == GDK_KEY_Up)
    choose (self, -1);
  else if (key == GDK_KEY_Escape)
    gtk_window_close (GTK_WINDOW (self));
  else
    return FALSE;
  return TRUE;
}

static void
pk_palette_dispose (GObject *object)
{
  PkPalette *self = PK_PALETTE (object);

  g_clear_object (&self->found);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (pk_palette_parent_class)->dispose (object);
}

static void
pk_palette_class_init (PkPaletteClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pk_palette_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/kommune/kristiansund/Pakobla/palette.ui");
  gtk_widget_class_bind_template_child (widget_class, PkPalette, entry);
  gtk_widget_class_bind_template_child (widget_class, PkPalette, list);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, do_row);
}

static void
pk_palette_init (PkPalette *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->found = pk_row_model_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect_object (self->found,
                           "state-changed",
                           G_CALLBACK (show_rows),
                           self,
                           G_CONNECT_SWAPPED);
}

/**
 * pk_palette_present:
 * @parent: the window whose actions it offers
 * @client: what pages get
 *
 * Shows the palette.
 */
void
pk_palette_present (GtkWindow *parent, PkClient *client)
{
  PkPalette *self = g_object_new (PK_TYPE_PALETTE, "transient-for", parent, "modal", TRUE, NULL);

  self->client = g_object_ref (client);
  self->owner = parent;
  show_rows (self);
  gtk_window_present (GTK_WINDOW (self));
  gtk_widget_grab_focus (self->entry);
}
