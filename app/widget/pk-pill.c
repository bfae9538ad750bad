/* The sync pill: a shape, and words where there is room. Main thread. */
#include "config.h"

#include "pk-pill.h"

struct _PkPill
{
  GtkButton parent_instance;
  PkSyncModel *model; /* (owned) (nullable) */
  GtkWidget *image;
  GtkWidget *label;
  gboolean is_compact;
};

enum
{
  PROP_0,
  PROP_IS_COMPACT,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (PkPill, pk_pill, GTK_TYPE_BUTTON)

static void
set_class (GtkWidget *widget, const char *css_class, gboolean is_on)
{
  if (is_on)
    gtk_widget_add_css_class (widget, css_class);
  else
    gtk_widget_remove_css_class (widget, css_class);
}

static void
show_model (PkPill *self)
{
  const PkStandDetails *details = pk_sync_model_get (self->model);
  const char *text = pk_sync_model_get_text (self->model);
  gboolean is_quiet = details->stand == PK_STAND_UP_TO_DATE && details->n_attention == 0;

  gtk_image_set_from_icon_name (GTK_IMAGE (self->image), pk_sync_model_get_icon_name (self->model));
  gtk_label_set_label (GTK_LABEL (self->label), text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self),
                               self->is_compact ? text
                                                : pk_sync_model_get_explanation (self->model));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  set_class (GTK_WIDGET (self), "dim-label", is_quiet);
  set_class (GTK_WIDGET (self), "warning", details->n_attention > 0);
}

static void
set_is_compact (PkPill *self, gboolean is_compact)
{
  self->is_compact = is_compact;
  gtk_widget_set_visible (self->label, !is_compact);
  set_class (GTK_WIDGET (self), "pk-is-compact", is_compact);
  if (self->model != NULL)
    show_model (self);
}

static void
pk_pill_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  if (id == PROP_IS_COMPACT)
    set_is_compact (PK_PILL (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
pk_pill_dispose (GObject *object)
{
  PkPill *self = PK_PILL (object);

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, show_model, self);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (pk_pill_parent_class)->dispose (object);
}

static void
pk_pill_class_init (PkPillClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_pill_dispose;
  G_OBJECT_CLASS (klass)->set_property = pk_pill_set_property;
  properties[PROP_IS_COMPACT] = g_param_spec_boolean ("is-compact",
                                                      "Compact",
                                                      "Only the shape",
                                                      FALSE,
                                                      G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPERTIES, properties);
}

static void
pk_pill_init (PkPill *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->image = gtk_image_new ();
  self->label = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->label, "numeric");
  gtk_box_append (GTK_BOX (box), self->image);
  gtk_box_append (GTK_BOX (box), self->label);
  gtk_button_set_child (GTK_BUTTON (self), box);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self), "win.show-sync");
  gtk_widget_add_css_class (GTK_WIDGET (self), "flat");
  gtk_widget_add_css_class (GTK_WIDGET (self), "pk-pill");
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

/**
 * pk_pill_new:
 *
 * Returns: (transfer floating): a pill without words yet
 */
GtkWidget *
pk_pill_new (void)
{
  return g_object_new (PK_TYPE_PILL, NULL);
}

/**
 * pk_pill_set_model:
 * @self: a pill
 * @model: how it stands
 *
 * Shows @model and follows it.
 */
void
pk_pill_set_model (PkPill *self, PkSyncModel *model)
{
  g_return_if_fail (PK_IS_PILL (self));

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, show_model, self);
  g_set_object (&self->model, model);
  g_signal_connect_object (model, "changed", G_CALLBACK (show_model), self, G_CONNECT_SWAPPED);
  show_model (self);
}
