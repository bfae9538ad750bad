/*
 * Children in lines, each as wide as it wants to be, on to the next line where the width ends: chips and small buttons. A child that is
 * aligned to the end stands at the end of its line.
 */
#include "config.h"

#include "pk-wrap-layout.h"

struct _PkWrapLayout
{
  GtkLayoutManager parent_instance;
  int spacing;
};

G_DEFINE_FINAL_TYPE (PkWrapLayout, pk_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

enum
{
  PROP_SPACING = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static int
width_of (GtkWidget *child, int limit)
{
  int minimum = 0, natural = 0;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  return MAX (minimum, MIN (natural, limit));
}

static int
height_of (GtkWidget *child, int width)
{
  int natural = 0;

  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
  return natural;
}

/* Finds the end of the line that begins at @first (the first child that is not in it) and the line's height. */
static GtkWidget *
end_of_line (PkWrapLayout *self, GtkWidget *first, int width, int *height_out)
{
  int x = 0;

  *height_out = 0;
  for (GtkWidget *child = first; child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      if (!gtk_widget_should_layout (child))
        continue;
      int wanted = width_of (child, width);
      if (x > 0 && x + wanted > width)
        return child;
      x += wanted + self->spacing;
      *height_out = MAX (*height_out, height_of (child, wanted));
    }
  return NULL;
}

static int
height_for (PkWrapLayout *self, GtkWidget *widget, int width)
{
  int total = 0;
  GtkWidget *child = gtk_widget_get_first_child (widget);

  while (child != NULL)
    {
      int height = 0;
      child = end_of_line (self, child, width, &height);
      total += height > 0 ? height + self->spacing : 0;
    }
  return MAX (0, total - self->spacing);
}

static void
measure_width (PkWrapLayout *self, GtkWidget *widget, int *minimum, int *natural)
{
  *minimum = *natural = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int least = 0, wanted = 0;
      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, &wanted, NULL, NULL);
      *minimum = MAX (*minimum, least);
      *natural += wanted + (*natural > 0 ? self->spacing : 0);
    }
}

static void
pk_wrap_layout_measure (GtkLayoutManager *manager,
                        GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline G_GNUC_UNUSED,
                        int *natural_baseline G_GNUC_UNUSED)
{
  PkWrapLayout *self = PK_WRAP_LAYOUT (manager);
  int least = 0, wanted = 0;

  measure_width (self, widget, &least, &wanted);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = least;
      *natural = wanted;
      return;
    }
  *minimum = *natural = height_for (self, widget, for_size < 0 ? wanted : for_size);
}

static void
allocate_line (PkWrapLayout *self,
               GtkWidget *widget,
               GtkWidget *first,
               GtkWidget *end,
               const GtkAllocation *line)
{
  gboolean is_mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int x = 0;

  for (GtkWidget *child = first; child != end; child = gtk_widget_get_next_sibling (child))
    {
      if (!gtk_widget_should_layout (child))
        continue;
      int wanted = width_of (child, line->width);
      int height = MIN (line->height, height_of (child, wanted));
      if (gtk_widget_get_halign (child) == GTK_ALIGN_END)
        x = MAX (x, line->width - wanted);
      GtkAllocation place = { is_mirrored ? line->width - x - wanted : x,
                              line->y + (line->height - height) / 2,
                              wanted,
                              height };
      gtk_widget_size_allocate (child, &place, -1);
      x += wanted + self->spacing;
    }
}

static void
pk_wrap_layout_allocate (GtkLayoutManager *manager,
                         GtkWidget *widget,
                         int width,
                         int height G_GNUC_UNUSED,
                         int baseline G_GNUC_UNUSED)
{
  PkWrapLayout *self = PK_WRAP_LAYOUT (manager);
  GtkWidget *child = gtk_widget_get_first_child (widget);
  int y = 0;

  while (child != NULL)
    {
      int line = 0;
      GtkWidget *end = end_of_line (self, child, width, &line);
      allocate_line (self, widget, child, end, &(GtkAllocation){ 0, y, width, line });
      y += line > 0 ? line + self->spacing : 0;
      child = end;
    }
}

static GtkSizeRequestMode
pk_wrap_layout_get_request_mode (GtkLayoutManager *manager G_GNUC_UNUSED,
                                 GtkWidget *widget G_GNUC_UNUSED)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
pk_wrap_layout_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id != PROP_SPACING)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  g_value_set_int (value, PK_WRAP_LAYOUT (object)->spacing);
}

static void
pk_wrap_layout_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id != PROP_SPACING)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  PK_WRAP_LAYOUT (object)->spacing = g_value_get_int (value);
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (object));
}

static void
pk_wrap_layout_class_init (PkWrapLayoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  object_class->get_property = pk_wrap_layout_get_property;
  object_class->set_property = pk_wrap_layout_set_property;
  layout_class->measure = pk_wrap_layout_measure;
  layout_class->allocate = pk_wrap_layout_allocate;
  layout_class->get_request_mode = pk_wrap_layout_get_request_mode;

  properties[PROP_SPACING] = g_param_spec_int ("spacing",
                                               NULL,
                                               NULL,
                                               0,
                                               G_MAXINT,
                                               6,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pk_wrap_layout_init (PkWrapLayout *self)
{
  self->spacing = 6;
}
