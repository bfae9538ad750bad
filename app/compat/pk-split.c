/*
 * Three panes that fold. AdwFlap and AdwLeaflet do the work; newer libadwaita has other widgets for the same, so nobody else
 * sees which. Properties "is-narrow", "is-sidebar-over" and "is-tight" tell what header bars must offer. Main thread.
 */
#include "config.h"

#include "pk-split.h"

#include <adwaita.h>
#include <string.h>

/* Where the panes stop to fit. */
#define TWO_PANES_WIDTH   760
#define THREE_PANES_WIDTH 1040
/* Where header bars have no room for more than one button of the window. */
#define TIGHT_WIDTH 480
/* A list beside a detail keeps its width, whatever the detail holds. */
#define LIST_WIDTH 380
/* More than any screen has. What sums such widths must not go over the greatest number, as libadwaita did with G_MAXINT. */
#define ANY_WIDTH 100000

struct _PkSplit
{
  GtkWidget parent_instance;
  AdwFlap *flap;
  AdwLeaflet *leaflet;
  GtkWidget *list; /* an AdwClamp around it */
  GtkWidget *detail;
  gboolean is_narrow;
  gboolean is_sidebar_over;
  gboolean is_tight;
};

enum
{
  PROP_0,
  PROP_IS_NARROW,
  PROP_IS_SIDEBAR_OVER,
  PROP_IS_TIGHT,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_GNUC_BEGIN_IGNORE_DEPRECATIONS

static void buildable_iface_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PkSplit,
                               pk_split,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_iface_init))

static void
notify_folds (PkSplit *self)
{
  gboolean is_narrow = adw_leaflet_get_folded (self->leaflet);
  gboolean is_over = adw_flap_get_folded (self->flap);
  int list_width = is_narrow ? ANY_WIDTH : LIST_WIDTH;

  adw_clamp_set_maximum_size (ADW_CLAMP (self->list), list_width);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (self->list), list_width);
  if (is_narrow != self->is_narrow)
    {
      self->is_narrow = is_narrow;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_NARROW]);
    }
  if (is_over != self->is_sidebar_over)
    {
      self->is_sidebar_over = is_over;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_SIDEBAR_OVER]);
    }
}

/* The width decides, not what the panes hold, so that nothing folds because a title is long. */
static void
fold_for_width (PkSplit *self, int width)
{
  gboolean is_over = width < THREE_PANES_WIDTH;

  if (width <= 0)
    return;
  if (self->is_tight != (width < TIGHT_WIDTH))
    {
      self->is_tight = width < TIGHT_WIDTH;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_TIGHT]);
    }
  if (is_over != adw_flap_get_folded (self->flap))
    {
      adw_flap_set_fold_policy (self->flap,
                                is_over ? ADW_FLAP_FOLD_POLICY_ALWAYS : ADW_FLAP_FOLD_POLICY_NEVER);
      adw_flap_set_reveal_flap (self->flap, !is_over);
    }
  gboolean has_room = width >= TWO_PANES_WIDTH;
  adw_leaflet_set_can_unfold (self->leaflet, has_room);
  gtk_widget_set_size_request (self->list, has_room ? LIST_WIDTH : -1, -1);
}

static void
pk_split_realize (GtkWidget *widget)
{
  PkSplit *self = PK_SPLIT (widget);

  GTK_WIDGET_CLASS (pk_split_parent_class)->realize (widget);
  if (GTK_IS_WINDOW (gtk_widget_get_root (widget)))
    {
      int width, height;
      gtk_window_get_default_size (GTK_WINDOW (gtk_widget_get_root (widget)), &width, &height);
      fold_for_width (self, width);
    }
}

static int
least_width (GtkWidget *child)
{
  int minimum = 0;

  if (child != NULL)
    gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  return minimum;
}

/*
 * However it is folded now, it can become as narrow as one pane: otherwise a window that is wide could not become narrow in one
 * step, since nothing folds before there is less room.
 */
static void
pk_split_measure (GtkWidget *widget,
                  GtkOrientation orientation,
                  int for_size,
                  int *minimum,
                  int *natural,
                  int *minimum_baseline G_GNUC_UNUSED,
                  int *natural_baseline G_GNUC_UNUSED)
{
  PkSplit *self = PK_SPLIT (widget);

  gtk_widget_measure (GTK_WIDGET (self->flap), orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_VERTICAL || self->list == NULL)
    return;
  *minimum = MIN (
      *minimum,
      MAX (least_width (adw_clamp_get_child (ADW_CLAMP (self->list))), least_width (self->detail)));
  *natural = MAX (*natural, *minimum);
}

/* Folds before the panes get their room; what does not fold at once is cut off for a frame. */
static void
pk_split_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PkSplit *self = PK_SPLIT (widget);
  int least = 0;

  fold_for_width (self, width);
  if (width < TWO_PANES_WIDTH)
    least = least_width (GTK_WIDGET (self->flap));
  gtk_widget_allocate (GTK_WIDGET (self->flap), MAX (width, least), height, baseline, NULL);
}

static void
pk_split_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  PkSplit *self = PK_SPLIT (object);

  if (id == PROP_IS_NARROW)
    g_value_set_boolean (value, self->is_narrow);
  else if (id == PROP_IS_SIDEBAR_OVER)
    g_value_set_boolean (value, self->is_sidebar_over);
  else if (id == PROP_IS_TIGHT)
    g_value_set_boolean (value, self->is_tight);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
pk_split_dispose (GObject *object)
{
  PkSplit *self = PK_SPLIT (object);

  if (self->flap != NULL)
    {
      g_signal_handlers_disconnect_by_func (self->flap, notify_folds, self);
      g_signal_handlers_disconnect_by_func (self->leaflet, notify_folds, self);
      gtk_widget_unparent (GTK_WIDGET (self->flap));
    }
  self->flap = NULL;
  G_OBJECT_CLASS (pk_split_parent_class)->dispose (object);
}

static void
add_list (PkSplit *self, GtkWidget *list)
{
  self->list = adw_clamp_new ();
  adw_clamp_set_child (ADW_CLAMP (self->list), list);
  gtk_widget_set_hexpand (self->list, FALSE);
  adw_leaflet_append (self->leaflet, self->list);
  AdwLeafletPage *separator = adw_leaflet_append (self->leaflet,
                                                  gtk_separator_new (GTK_ORIENTATION_VERTICAL));
  adw_leaflet_page_set_navigatable (separator, FALSE);
  notify_folds (self);
}

/* Children of the types "sidebar", "list" and "detail", in this order. */
static void
add_child (GtkBuildable *buildable,
           GtkBuilder *builder G_GNUC_UNUSED,
           GObject *child,
           const char *type)
{
  PkSplit *self = PK_SPLIT (buildable);

  if (g_strcmp0 (type, "sidebar") == 0)
    {
      adw_flap_set_flap (self->flap, GTK_WIDGET (child));
      adw_flap_set_separator (self->flap, gtk_separator_new (GTK_ORIENTATION_VERTICAL));
    }
  else if (g_strcmp0 (type, "list") == 0)
    add_list (self, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "detail") == 0)
    {
      self->detail = GTK_WIDGET (child);
      gtk_widget_set_hexpand (self->detail, TRUE);
      adw_leaflet_append (self->leaflet, self->detail);
    }
}

static void
buildable_iface_init (GtkBuildableIface *iface)
{
  iface->add_child = add_child;
}

static void
pk_split_class_init (PkSplitClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_split_dispose;
  G_OBJECT_CLASS (klass)->get_property = pk_split_get_property;
  GTK_WIDGET_CLASS (klass)->realize = pk_split_realize;
  GTK_WIDGET_CLASS (klass)->measure = pk_split_measure;
  GTK_WIDGET_CLASS (klass)->size_allocate = pk_split_size_allocate;
  properties[PROP_IS_NARROW] = g_param_spec_boolean ("is-narrow",
                                                     "Narrow",
                                                     "List or detail, one at a time",
                                                     FALSE,
                                                     G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_IS_SIDEBAR_OVER] =
      g_param_spec_boolean ("is-sidebar-over",
                            "Sidebar over",
                            "The sidebar slides over the other panes",
                            FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_IS_TIGHT] = g_param_spec_boolean ("is-tight",
                                                    "Tight",
                                                    "As narrow as a phone",
                                                    FALSE,
                                                    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPERTIES, properties);
}

static void
pk_split_init (PkSplit *self)
{
  self->flap = ADW_FLAP (adw_flap_new ());
  self->leaflet = ADW_LEAFLET (adw_leaflet_new ());
  adw_leaflet_set_can_navigate_back (self->leaflet, TRUE);
  /* While they fold slowly they ask for room that there is no more. */
  adw_leaflet_set_mode_transition_duration (self->leaflet, 0);
  adw_flap_set_fold_duration (self->flap, 0);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  adw_flap_set_fold_policy (self->flap, ADW_FLAP_FOLD_POLICY_ALWAYS);
  adw_flap_set_reveal_flap (self->flap, FALSE);
  adw_flap_set_content (self->flap, GTK_WIDGET (self->leaflet));
  adw_flap_set_swipe_to_close (self->flap, TRUE);
  gtk_widget_set_parent (GTK_WIDGET (self->flap), GTK_WIDGET (self));
  self->is_sidebar_over = TRUE;
  g_signal_connect_swapped (self->flap, "notify::folded", G_CALLBACK (notify_folds), self);
  g_signal_connect_swapped (self->leaflet, "notify::folded", G_CALLBACK (notify_folds), self);
}

/**
 * pk_split_new:
 *
 * Returns: (transfer floating): an empty split
 */
GtkWidget *
pk_split_new (void)
{
  return g_object_new (PK_TYPE_SPLIT, NULL);
}

/**
 * pk_split_show_detail:
 * @self: a split
 * @is_detail: whether the detail is what matters
 *
 * Chooses the pane that is shown where there is room for one only.
 */
void
pk_split_show_detail (PkSplit *self, gboolean is_detail)
{
  adw_leaflet_set_visible_child (self->leaflet, is_detail ? self->detail : self->list);
}

/**
 * pk_split_is_detail_shown:
 * @self: a split
 *
 * Returns: %TRUE where the detail is what matters
 */
gboolean
pk_split_is_detail_shown (PkSplit *self)
{
  return adw_leaflet_get_visible_child (self->leaflet) == self->detail;
}

/**
 * pk_split_toggle_sidebar:
 * @self: a split
 *
 * Shows or hides the sidebar.
 */
void
pk_split_toggle_sidebar (PkSplit *self)
{
  adw_flap_set_reveal_flap (self->flap, !adw_flap_get_reveal_flap (self->flap));
}

/**
 * pk_split_hide_overlay:
 * @self: a split
 *
 * Hides the sidebar where it lies over the list: the person has chosen a place.
 */
void
pk_split_hide_overlay (PkSplit *self)
{
  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
}

/**
 * pk_split_is_narrow:
 * @self: a split
 *
 * Returns: %TRUE where there is room for the list or the detail only
 */
gboolean
pk_split_is_narrow (PkSplit *self)
{
  return self->is_narrow;
}

/**
 * pk_split_is_sidebar_over:
 * @self: a split
 *
 * Returns: %TRUE where there is no room for the sidebar beside the others
 */
gboolean
pk_split_is_sidebar_over (PkSplit *self)
{
  return self->is_sidebar_over;
}

/**
 * pk_split_has_sidebar:
 * @self: a split
 *
 * Returns: %TRUE where the sidebar stands beside the list
 */
gboolean
pk_split_has_sidebar (PkSplit *self)
{
  return !self->is_sidebar_over && adw_flap_get_reveal_flap (self->flap);
}

/**
 * pk_split_dup_decoration_layout:
 * @self: a split
 *
 * As narrow as a phone, a window has no use for being made larger or smaller: the room is the title's.
 *
 * Returns: (transfer full) (nullable): the buttons of header bars; %NULL for those that the desktop wants
 */
char *
pk_split_dup_decoration_layout (PkSplit *self)
{
  g_autofree char *layout = NULL;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)),
                "gtk-decoration-layout",
                &layout,
                NULL);
  if (!self->is_tight || layout == NULL)
    return NULL;
  g_auto (GStrv) ends = g_strsplit (layout, ":", 2);
  gboolean is_left = ends[0] != NULL && strstr (ends[0], "close") != NULL;
  return g_strdup (is_left ? "close:" : ":close");
}

G_GNUC_END_IGNORE_DEPRECATIONS
