/*
 * Children in columns of one width: as many columns as there is room for, and no row of a single orphan where two even rows
 * would do. Figures, facts and thumbnails stand in it; at 360 px they fold by themselves.
 */
#include "config.h"

#include "pk-even-layout.h"

struct _PkEvenLayout
{
  GtkLayoutManager parent_instance;
  int column_width; /* the least width of a column, in px of the theme's scale */
  int column_spacing;
  int row_spacing;
  int max_columns;   /* 0: as many as fit */
  int least_columns; /* a few children leave room for so many, so that they do not grow large */
};

G_DEFINE_FINAL_TYPE (PkEvenLayout, pk_even_layout, GTK_TYPE_LAYOUT_MANAGER)

enum
{
  PROP_COLUMN_WIDTH = 1,
  PROP_COLUMN_SPACING,
  PROP_ROW_SPACING,
  PROP_MAX_COLUMNS,
  PROP_LEAST_COLUMNS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GtkWidget *
next_shown (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static int
count_shown (GtkWidget *widget)
{
  int count = 0;

  for (GtkWidget *child = next_shown (gtk_widget_get_first_child (widget)); child != NULL;
       child = next_shown (gtk_widget_get_next_sibling (child)))
    count++;
  return count;
}

static int
widest_minimum (GtkWidget *widget)
{
  int widest = 0;

  for (GtkWidget *child = next_shown (gtk_widget_get_first_child (widget)); child != NULL;
       child = next_shown (gtk_widget_get_next_sibling (child)))
    {
      int minimum = 0;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      widest = MAX (widest, minimum);
    }
  return widest;
}

static int
columns_for (PkEvenLayout *self, GtkWidget *widget, int width, int *count_out)
{
  int count = count_shown (widget);
  int least = MAX (self->column_width, widest_minimum (widget));
  int columns = (width + self->column_spacing) / MAX (1, least + self->column_spacing);

  *count_out = count;
  count = MAX (count, self->least_columns);
  columns = CLAMP (columns, 1, MAX (1, count));
  if (self->max_columns > 0)
    columns = MIN (columns, self->max_columns);
  int rows = (count + columns - 1) / MAX (1, columns);
  return self->max_columns > 0 || rows == 0 ? columns : (count + rows - 1) / rows;
}

static int
width_of_column (PkEvenLayout *self, int width, int columns)
{
  return MAX (1, (width - (columns - 1) * self->column_spacing) / columns);
}

/* Measures the row that begins at @child; steps @child to the next row. */
static int
row_height (GtkWidget **child, int columns, int column_width)
{
  int height = 0;

  for (int i = 0; i < columns && *child != NULL; i++)
    {
      int natural = 0;
      gtk_widget_measure (*child,
                          GTK_ORIENTATION_VERTICAL,
                          column_width,
                          NULL,
                          &natural,
                          NULL,
                          NULL);
      height = MAX (height, natural);
      *child = next_shown (gtk_widget_get_next_sibling (*child));
    }
  return height;
}

static int
height_for (PkEvenLayout *self, GtkWidget *widget, int width)
{
  int count = 0, height = 0;
  int columns = columns_for (self, widget, width, &count);
  int column_width = width_of_column (self, width, columns);
  GtkWidget *child = next_shown (gtk_widget_get_first_child (widget));

  while (child != NULL)
    height += row_height (&child, columns, column_width) + self->row_spacing;
  return MAX (0, height - self->row_spacing);
}

static void
pk_even_layout_measure (GtkLayoutManager *manager,
                        GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline G_GNUC_UNUSED,
                        int *natural_baseline G_GNUC_UNUSED)
{
  PkEvenLayout *self = PK_EVEN_LAYOUT (manager);
  int count = count_shown (widget);
  int least = widest_minimum (widget);
  int wanted = MAX (self->column_width, least);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      int columns = self->max_columns > 0 ? MIN (self->max_columns, count) : count;
      *minimum = least;
      *natural = MAX (least, columns * (wanted + self->column_spacing) - self->column_spacing);
      return;
    }
  *minimum = *natural = count == 0 ? 0
                                   : height_for (self, widget, for_size < 0 ? wanted : for_size);
}

static void
pk_even_layout_allocate (GtkLayoutManager *manager,
                         GtkWidget *widget,
                         int width,
                         int height G_GNUC_UNUSED,
                         int baseline G_GNUC_UNUSED)
{
  PkEvenLayout *self = PK_EVEN_LAYOUT (manager);
  gboolean is_mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int count = 0, y = 0;
  int columns = columns_for (self, widget, width, &count);
  int column_width = width_of_column (self, width, columns);
  GtkWidget *child = next_shown (gtk_widget_get_first_child (widget));

  while (child != NULL)
    {
      GtkWidget *next = child;
      int row = row_height (&next, columns, column_width);
      for (int i = 0; i < columns && child != NULL; i++)
        {
          int x = i * (column_width + self->column_spacing);
          x = is_mirrored ? width - x - column_width : x;
          gtk_widget_size_allocate (child, &(GtkAllocation){ x, y, column_width, row }, -1);
          child = next_shown (gtk_widget_get_next_sibling (child));
        }
      y += row + self->row_spacing;
    }
}

static GtkSizeRequestMode
pk_even_layout_get_request_mode (GtkLayoutManager *manager G_GNUC_UNUSED,
                                 GtkWidget *widget G_GNUC_UNUSED)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static int *
place_of (PkEvenLayout *self, guint id)
{
  int *const places[N_PROPS] = {
    [PROP_COLUMN_WIDTH] = &self->column_width,   [PROP_COLUMN_SPACING] = &self->column_spacing,
    [PROP_ROW_SPACING] = &self->row_spacing,     [PROP_MAX_COLUMNS] = &self->max_columns,
    [PROP_LEAST_COLUMNS] = &self->least_columns,
  };

  return id < N_PROPS ? places[id] : NULL;
}

static void
pk_even_layout_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  int *place = place_of (PK_EVEN_LAYOUT (object), id);

  if (place == NULL)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  g_value_set_int (value, *place);
}

static void
pk_even_layout_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  int *place = place_of (PK_EVEN_LAYOUT (object), id);

  if (place == NULL)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  *place = g_value_get_int (value);
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (object));
}

static void
pk_even_layout_class_init (PkEvenLayoutClass *klass)
{
  static const char *const names[N_PROPS] = { NULL,          "column-width", "column-spacing",
                                              "row-spacing", "max-columns",  "least-columns" };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  object_class->get_property = pk_even_layout_get_property;
  object_class->set_property = pk_even_layout_set_property;
  layout_class->measure = pk_even_layout_measure;
  layout_class->allocate = pk_even_layout_allocate;
  layout_class->get_request_mode = pk_even_layout_get_request_mode;

  for (guint i = 1; i < N_PROPS; i++)
    properties[i] = g_param_spec_int (names[i],
                                      NULL,
                                      NULL,
                                      0,
                                      G_MAXINT,
                                      0,
                                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pk_even_layout_init (PkEvenLayout *self)
{
  self->column_width = 150;
  self->column_spacing = 12;
  self->row_spacing = 12;
}

/**
 * pk_even_layout_new:
 * @column_width: the least width of a column
 * @column_spacing: between columns
 * @row_spacing: between rows
 *
 * Makes a layout of even columns, as many as fit.
 *
 * Returns: (transfer full): the layout
 */
GtkLayoutManager *
pk_even_layout_new (int column_width, int column_spacing, int row_spacing)
{
  return g_object_new (PK_TYPE_EVEN_LAYOUT,
                       "column-width",
                       column_width,
                       "column-spacing",
                       column_spacing,
                       "row-spacing",
                       row_spacing,
                       NULL);
}
