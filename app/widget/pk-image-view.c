/*
 * A picture that can be zoomed and moved. Zoom 1 is "all of it"; the offset is where the picture's middle lies, counted from the
 * middle of the widget, in px. Drawn on GtkSnapshot; a drawing is decoded again with more pixels when it is looked at closely.
 * Main thread; decoding happens in pk-picture.
 */
#include "config.h"

#include "pk-image-view.h"
#include "pk-picture.h"
#include "pk-zoom.h"

#include <glib/gi18n.h>
#include <math.h>

#define LARGEST_ZOOM 16.0
#define FIRST_SIDE   2048

struct _PkImageView
{
  GtkWidget parent_instance;
  char *path;                /* (owned) (nullable) */
  PkPicture *picture;        /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable): of the decoding under way */
  double zoom;
  double x;
  double y;
  double zoom_at_begin;
  double x_at_begin;
  double y_at_begin;
  double pointer_x;
  double pointer_y;
};

G_DEFINE_FINAL_TYPE (PkImageView, pk_image_view, GTK_TYPE_WIDGET)

enum
{
  PROP_ZOOM = 1,
  PROP_HAS_PICTURE,
  N_PROPS
};

enum
{
  SIGNAL_FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static double
fit_scale (PkImageView *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));

  if (self->picture == NULL || width == 0 || height == 0)
    return 1;
  double scale = MIN ((double) width / self->picture->width,
                      (double) height / self->picture->height);
  return self->picture->is_vector ? scale : MIN (scale, 1);
}

/* Keeps the picture in sight: an edge never comes further in than the widget's edge. */
static void
bound_offset (PkImageView *self)
{
  if (self->picture == NULL)
    return;
  double scale = fit_scale (self) * self->zoom;
  double room_x =
      MAX (0, (self->picture->width * scale - gtk_widget_get_width (GTK_WIDGET (self))) / 2);
  double room_y =
      MAX (0, (self->picture->height * scale - gtk_widget_get_height (GTK_WIDGET (self))) / 2);

  self->x = CLAMP (self->x, -room_x, room_x);
  self->y = CLAMP (self->y, -room_y, room_y);
}

static void
move_to (PkImageView *self, double x, double y)
{
  self->x = x;
  self->y = y;
  bound_offset (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void start_decoding (PkImageView *self, int longest_side);

static void
decode_sharper_if_needed (PkImageView *self)
{
  if (self->picture == NULL || !self->picture->is_vector || self->cancellable != NULL)
    return;
  int longest = MAX (gdk_texture_get_width (self->picture->texture),
                     gdk_texture_get_height (self->picture->texture));
  double wanted = MAX (self->picture->width, self->picture->height) * fit_scale (self) *
                  self->zoom * gtk_widget_get_scale_factor (GTK_WIDGET (self));

  if (wanted > longest * 1.1 && longest < 2 * FIRST_SIDE)
    start_decoding (self, MIN (2 * FIRST_SIDE, (int) ceil (wanted)));
}

static void
update_actions (PkImageView *self)
{
  pk_zoom_update_actions (GTK_WIDGET (self),
                          self->picture != NULL ? self->zoom : 0,
                          1,
                          LARGEST_ZOOM);
}

/* Zooms so that what lies under (@x, @y), counted from the middle, stays there. */
static void
zoom_around (PkImageView *self, double zoom, double x, double y)
{
  double bounded = CLAMP (zoom, 1, LARGEST_ZOOM);
  double ratio = bounded / self->zoom;

  self->zoom = bounded;
  move_to (self, x - (x - self->x) * ratio, y - (y - self->y) * ratio);
  update_actions (self);
  decode_sharper_if_needed (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ZOOM]);
}

static void
decoded_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  PkPicture *picture = pk_picture_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PkImageView *self = user_data;
  g_clear_object (&self->cancellable);
  if (picture == NULL)
    {
      g_debug ("Showing a picture: %s", error->message);
      g_signal_emit (self, signals[SIGNAL_FAILED], 0);
      return;
    }
  pk_picture_free (self->picture);
  self->picture = picture;
  bound_offset (self);
  update_actions (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_PICTURE]);
  decode_sharper_if_needed (self);
}

static void
start_decoding (PkImageView *self, int longest_side)
{
  self->cancellable = g_cancellable_new ();
  pk_picture_load_async (self->path, longest_side, self->cancellable, decoded_cb, self);
}

static void
drag_begin_cb (GtkGestureDrag *gesture G_GNUC_UNUSED,
               double x G_GNUC_UNUSED,
               double y G_GNUC_UNUSED,
               PkImageView *self)
{
  self->x_at_begin = self->x;
  self->y_at_begin = self->y;
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
drag_update_cb (GtkGestureDrag *gesture G_GNUC_UNUSED, double x, double y, PkImageView *self)
{
  move_to (self, self->x_at_begin + x, self->y_at_begin + y);
}

static void
motion_cb (GtkEventControllerMotion *motion G_GNUC_UNUSED, double x, double y, PkImageView *self)
{
  self->pointer_x = x - gtk_widget_get_width (GTK_WIDGET (self)) / 2.0;
  self->pointer_y = y - gtk_widget_get_height (GTK_WIDGET (self)) / 2.0;
}

static gboolean
scroll_cb (GtkEventControllerScroll *scroll, double dx, double dy, PkImageView *self)
{
  if (pk_zoom_is_asked (GTK_EVENT_CONTROLLER (scroll)))
    zoom_around (self, pk_zoom_after_scroll (self->zoom, dy), self->pointer_x, self->pointer_y);
  else if (self->zoom > 1)
    move_to (self, self->x - dx * 40, self->y - dy * 40);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
pinch_begin_cb (GtkGesture *gesture G_GNUC_UNUSED,
                GdkEventSequence *sequence G_GNUC_UNUSED,
                PkImageView *self)
{
  self->zoom_at_begin = self->zoom;
}

static void
pinch_cb (GtkGestureZoom *gesture, double scale, PkImageView *self)
{
  double x = 0, y = 0;

  gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y);
  zoom_around (self,
               self->zoom_at_begin * scale,
               x - gtk_widget_get_width (GTK_WIDGET (self)) / 2.0,
               y - gtk_widget_get_height (GTK_WIDGET (self)) / 2.0);
}

static void
double_click_cb (GtkGestureClick *click G_GNUC_UNUSED,
                 int presses,
                 double x,
                 double y,
                 PkImageView *self)
{
  if (presses != 2)
    return;
  double middle_x = gtk_widget_get_width (GTK_WIDGET (self)) / 2.0;
  double middle_y = gtk_widget_get_height (GTK_WIDGET (self)) / 2.0;
  zoom_around (self, self->zoom > 1 ? 1 : 3, x - middle_x, y - middle_y);
}

static void
zoom_action (GtkWidget *widget, const char *name, GVariant *parameter G_GNUC_UNUSED)
{
  PkImageView *self = PK_IMAGE_VIEW (widget);

  zoom_around (self, pk_zoom_after_action (self->zoom, name), 0, 0);
}

static void
pan_action (GtkWidget *widget, const char *name G_GNUC_UNUSED, GVariant *parameter)
{
  PkImageView *self = PK_IMAGE_VIEW (widget);
  int dx = 0, dy = 0;

  g_variant_get (parameter, "(ii)", &dx, &dy);
  move_to (self, self->x + dx, self->y + dy);
}

static void
pk_image_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PkImageView *self = PK_IMAGE_VIEW (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);

  if (self->picture == NULL)
    return;
  double scale = fit_scale (self) * self->zoom;
  double shown_width = self->picture->width * scale;
  double shown_height = self->picture->height * scale;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, width, height);
  graphene_rect_t place = GRAPHENE_RECT_INIT (roundf ((width - shown_width) / 2 + self->x),
                                              roundf ((height - shown_height) / 2 + self->y),
                                              shown_width,
                                              shown_height);

  gtk_snapshot_push_clip (snapshot, &bounds);
  if (self->picture->is_vector)
    gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 1, 1, 1, 1 }, &place);
  gtk_snapshot_append_texture (snapshot, self->picture->texture, &place);
  gtk_snapshot_pop (snapshot);
}

static void
pk_image_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PkImageView *self = PK_IMAGE_VIEW (widget);

  GTK_WIDGET_CLASS (pk_image_view_parent_class)->size_allocate (widget, width, height, baseline);
  bound_offset (self);
}

static void
pk_image_view_measure (GtkWidget *widget G_GNUC_UNUSED,
                       GtkOrientation orientation G_GNUC_UNUSED,
                       int for_size G_GNUC_UNUSED,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline G_GNUC_UNUSED,
                       int *natural_baseline G_GNUC_UNUSED)
{
  *minimum = 60;
  *natural = 240;
}

static void
pk_image_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PkImageView *self = PK_IMAGE_VIEW (object);

  if (id == PROP_ZOOM)
    g_value_set_double (value, self->zoom);
  else if (id == PROP_HAS_PICTURE)
    g_value_set_boolean (value, self->picture != NULL);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
pk_image_view_dispose (GObject *object)
{
  PkImageView *self = PK_IMAGE_VIEW (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->picture, pk_picture_free);
  g_clear_pointer (&self->path, g_free);
  G_OBJECT_CLASS (pk_image_view_parent_class)->dispose (object);
}

static void
add_keys (GtkWidgetClass *widget_class)
{
  const struct
  {
    guint key;
    int dx;
    int dy;
  } moves[] = { { GDK_KEY_Left, 60, 0 },
                { GDK_KEY_Right, -60, 0 },
                { GDK_KEY_Up, 0, 60 },
                { GDK_KEY_Down, 0, -60 } };

  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    gtk_widget_class_add_binding_action (widget_class,
                                         moves[i].key,
                                         0,
                                         "view.pan",
                                         "(ii)",
                                         moves[i].dx,
                                         moves[i].dy);
}

static void
pk_image_view_class_init (PkImageViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pk_image_view_dispose;
  object_class->get_property = pk_image_view_get_property;
  widget_class->snapshot = pk_image_view_snapshot;
  widget_class->measure = pk_image_view_measure;
  widget_class->size_allocate = pk_image_view_size_allocate;

  properties[PROP_ZOOM] = g_param_spec_double ("zoom",
                                               NULL,
                                               NULL,
                                               1,
                                               LARGEST_ZOOM,
                                               1,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_HAS_PICTURE] = g_param_spec_boolean ("has-picture",
                                                       NULL,
                                                       NULL,
                                                       FALSE,
                                                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_FAILED] = pk_zoom_add_failed_signal (PK_TYPE_IMAGE_VIEW);

  pk_zoom_install (widget_class, zoom_action);
  gtk_widget_class_install_action (widget_class, "view.pan", "(ii)", pan_action);
  add_keys (widget_class);
  gtk_widget_class_set_css_name (widget_class, "imageview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
add_gestures (PkImageView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *pinch = gtk_gesture_zoom_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *motion = gtk_event_controller_motion_new ();

  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  g_signal_connect (click, "pressed", G_CALLBACK (double_click_cb), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (widget, scroll);
  gtk_widget_add_controller (widget, motion);
}

static void
pk_image_view_init (PkImageView *self)
{
  self->zoom = 1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  add_gestures (self);
  update_actions (self);
}

/**
 * pk_image_view_new:
 *
 * Makes a view without a picture.
 *
 * Returns: (transfer floating): the view
 */
GtkWidget *
pk_image_view_new (void)
{
  return g_object_new (PK_TYPE_IMAGE_VIEW, NULL);
}

/**
 * pk_image_view_set_path:
 * @self: a view
 * @path: (nullable): the file to show; %NULL empties the view
 * @name: (nullable): what the picture shows, for who does not see it
 *
 * Shows another picture, all of it. ::failed is emitted where the file is not a picture.
 */
void
pk_image_view_set_path (PkImageView *self, const char *path, const char *name)
{
  g_return_if_fail (PK_IS_IMAGE_VIEW (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->picture, pk_picture_free);
  g_free (self->path);
  self->path = g_strdup (path);
  self->zoom = 1;
  self->x = self->y = 0;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name != NULL ? name : _ ("Picture"),
                                  -1);
  if (path != NULL)
    start_decoding (self, FIRST_SIDE);
  update_actions (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_PICTURE]);
}

/**
 * pk_image_view_has_picture:
 * @self: a view
 *
 * Returns: %TRUE when the picture is decoded and shown
 */
gboolean
pk_image_view_has_picture (PkImageView *self)
{
  g_return_val_if_fail (PK_IS_IMAGE_VIEW (self), FALSE);
  return self->picture != NULL;
}

/**
 * pk_image_view_get_zoom:
 * @self: a view
 *
 * Returns: how much is zoomed; 1 is all of the picture
 */
double
pk_image_view_get_zoom (PkImageView *self)
{
  g_return_val_if_fail (PK_IS_IMAGE_VIEW (self), 1);
  return self->zoom;
}

/**
 * pk_image_view_set_zoom:
 * @self: a view
 * @zoom: from 1 (all of it) to 16
 *
 * Zooms around the middle.
 */
void
pk_image_view_set_zoom (PkImageView *self, double zoom)
{
  g_return_if_fail (PK_IS_IMAGE_VIEW (self));
  zoom_around (self, zoom, 0, 0);
}
