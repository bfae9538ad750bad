/*
 * The pages of a PDF in a scrolled column. Pages within one viewport of what is seen have a picture, the others only their place:
 * a thousand pages cost a thousand empty sheets. Zoom 1 is the width of the view. Main thread.
 */
#include "config.h"

#include "pk-pdf-view.h"

#include "pk-pdf-page.h"
#include "pk-zoom.h"

#include <math.h>

#define LARGEST_ZOOM  5.0
#define SMALLEST_ZOOM 0.4
#define SPACING       12
#define WIDEST_FIT    900

struct _PkPdfView
{
  GtkWidget parent_instance;
  GtkWidget *scroller;       /* (owned by the widget tree) */
  GtkWidget *column;         /* (owned by the widget tree) */
  PkPdf *pdf;                /* (owned) (nullable) */
  GPtrArray *pages;          /* (owned): PkPdfPage, not owned */
  GCancellable *cancellable; /* (owned) (nullable): of the opening */
  double zoom;
  guint page; /* from 0 */
  int width;  /* that the pages were laid out for */
};

G_DEFINE_FINAL_TYPE (PkPdfView, pk_pdf_view, GTK_TYPE_WIDGET)

enum
{
  PROP_PAGE = 1,
  PROP_N_PAGES,
  PROP_ZOOM,
  N_PROPS
};

enum
{
  SIGNAL_FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static GtkAdjustment *
vertical (PkPdfView *self)
{
  return gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller));
}

static int
width_of_pages (PkPdfView *self)
{
  int room = MIN (WIDEST_FIT, gtk_widget_get_width (GTK_WIDGET (self)) - 2 * SPACING);

  return MAX (60, (int) lround (room * self->zoom));
}

static int
height_of_page (PkPdfView *self, guint page)
{
  PkPdfSize size = pk_pdf_get_page_size (self->pdf, page);

  return MAX (1, (int) lround (width_of_pages (self) * size.height / MAX (1, size.width)));
}

/* Where the page begins in the column; follows from the sizes, so that it is known before anything is laid out. */
static double
top_of_page (PkPdfView *self, guint page)
{
  double top = SPACING;

  for (guint i = 0; i < page; i++)
    top += height_of_page (self, i) + SPACING;
  return top;
}

static void
update_actions (PkPdfView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_open = self->pdf != NULL;

  pk_zoom_update_actions (widget, is_open ? self->zoom : 0, SMALLEST_ZOOM, LARGEST_ZOOM);
  gtk_widget_action_set_enabled (widget,
                                 "view.next-page",
                                 is_open && self->page + 1 < self->pages->len);
  gtk_widget_action_set_enabled (widget, "view.previous-page", is_open && self->page > 0);
}

static void
set_current (PkPdfView *self, guint page)
{
  if (page == self->page)
    return;
  self->page = page;
  update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAGE]);
}

static void
draw_what_is_seen (PkPdfView *self)
{
  if (self->pdf == NULL || gtk_widget_get_width (GTK_WIDGET (self)) == 0)
    return;
  double from = gtk_adjustment_get_value (vertical (self));
  double size = MAX (1, gtk_adjustment_get_page_size (vertical (self)));
  double top = SPACING;
  guint current = self->page;
  gboolean is_found = FALSE;

  for (guint i = 0; i < self->pages->len; i++)
    {
      PkPdfPage *page = g_ptr_array_index (self->pages, i);
      double bottom = top + height_of_page (self, i);
      if (bottom >= from - size && top <= from + 2 * size)
        pk_pdf_page_show_picture (page);
      else
        pk_pdf_page_drop_picture (page);
      if (!is_found && bottom > from + size / 3)
        {
          current = i;
          is_found = TRUE;
        }
      top = bottom + SPACING;
    }
  set_current (self, current);
}

static void
lay_out (PkPdfView *self)
{
  for (guint i = 0; i < self->pages->len; i++)
    pk_pdf_page_set_width (g_ptr_array_index (self->pages, i), width_of_pages (self));
}

static void
scrolled_cb (PkPdfView *self)
{
  draw_what_is_seen (self);
}

static void
set_zoom (PkPdfView *self, double zoom)
{
  GtkAdjustment *adjustment = vertical (self);
  double middle = gtk_adjustment_get_page_size (adjustment) / 2;
  double ratio = CLAMP (zoom, SMALLEST_ZOOM, LARGEST_ZOOM) / self->zoom;
  double value = (gtk_adjustment_get_value (adjustment) + middle) * ratio - middle;

  self->zoom *= ratio;
  lay_out (self);
  gtk_adjustment_set_upper (adjustment,
                            MAX (gtk_adjustment_get_upper (adjustment), value + 2 * middle));
  gtk_adjustment_set_value (adjustment, value);
  draw_what_is_seen (self);
  update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ZOOM]);
}

static void
remove_pages (PkPdfView *self)
{
  for (guint i = 0; i < self->pages->len; i++)
    gtk_box_remove (GTK_BOX (self->column), g_ptr_array_index (self->pages, i));
  g_ptr_array_set_size (self->pages, 0);
  self->page = 0;
}

static void
add_pages (PkPdfView *self)
{
  for (guint i = 0; i < pk_pdf_get_n_pages (self->pdf); i++)
    {
      GtkWidget *page = pk_pdf_page_new (self->pdf, i);
      gtk_box_append (GTK_BOX (self->column), page);
      g_ptr_array_add (self->pages, page);
    }
  lay_out (self);
  draw_what_is_seen (self);
  update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_PAGES]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAGE]);
}

static void
opened_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  PkPdf *pdf = pk_pdf_open_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PkPdfView *self = user_data;
  g_clear_object (&self->cancellable);
  if (pdf == NULL)
    {
      g_debug ("Opening a PDF: %s", error->message);
      g_signal_emit (self, signals[SIGNAL_FAILED], 0);
      return;
    }
  self->pdf = pdf;
  add_pages (self);
}

static void
zoom_action (GtkWidget *widget, const char *name, GVariant *parameter G_GNUC_UNUSED)
{
  PkPdfView *self = PK_PDF_VIEW (widget);

  set_zoom (self, pk_zoom_after_action (self->zoom, name));
}

static void
page_action (GtkWidget *widget, const char *name, GVariant *parameter G_GNUC_UNUSED)
{
  PkPdfView *self = PK_PDF_VIEW (widget);

  if (g_str_equal (name, "view.next-page"))
    pk_pdf_view_go_to_page (self, self->page + 2);
  else
    pk_pdf_view_go_to_page (self, self->page);
}

static gboolean
scroll_cb (GtkEventControllerScroll *scroll, double dx G_GNUC_UNUSED, double dy, PkPdfView *self)
{
  if (!pk_zoom_is_asked (GTK_EVENT_CONTROLLER (scroll)) || self->pdf == NULL)
    return GDK_EVENT_PROPAGATE;
  set_zoom (self, pk_zoom_after_scroll (self->zoom, dy));
  return GDK_EVENT_STOP;
}

static gboolean
lay_out_anew_cb (GtkWidget *widget,
                 GdkFrameClock *clock G_GNUC_UNUSED,
                 gpointer user_data G_GNUC_UNUSED)
{
  PkPdfView *self = PK_PDF_VIEW (widget);

  lay_out (self);
  draw_what_is_seen (self);
  return G_SOURCE_REMOVE;
}

/* Pages change their size with the view's; a size cannot change while sizes are being given out, so they do before the next frame. */
static void
pk_pdf_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PkPdfView *self = PK_PDF_VIEW (widget);

  gtk_widget_allocate (self->scroller, width, height, baseline, NULL);
  if (width == self->width)
    return;
  self->width = width;
  gtk_widget_add_tick_callback (widget, lay_out_anew_cb, NULL, NULL);
}

static void
pk_pdf_view_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline G_GNUC_UNUSED,
                     int *natural_baseline G_GNUC_UNUSED)
{
  gtk_widget_measure (PK_PDF_VIEW (widget)->scroller,
                      orientation,
                      for_size,
                      minimum,
                      natural,
                      NULL,
                      NULL);
}

static void
pk_pdf_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PkPdfView *self = PK_PDF_VIEW (object);

  if (id == PROP_PAGE)
    g_value_set_uint (value, pk_pdf_view_get_page (self));
  else if (id == PROP_N_PAGES)
    g_value_set_uint (value, self->pages->len);
  else if (id == PROP_ZOOM)
    g_value_set_double (value, self->zoom);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
pk_pdf_view_dispose (GObject *object)
{
  PkPdfView *self = PK_PDF_VIEW (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->pages, g_ptr_array_unref);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_object (&self->pdf);
  G_OBJECT_CLASS (pk_pdf_view_parent_class)->dispose (object);
}

static void
add_keys (GtkWidgetClass *widget_class)
{
  const struct
  {
    guint key;
    GdkModifierType modifier;
    const char *action;
  } keys[] = {
    { GDK_KEY_Page_Down, GDK_CONTROL_MASK, "view.next-page" },
    { GDK_KEY_Page_Up, GDK_CONTROL_MASK, "view.previous-page" },
    { GDK_KEY_n, 0, "view.next-page" },
    { GDK_KEY_p, 0, "view.previous-page" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class,
                                         keys[i].key,
                                         keys[i].modifier,
                                         keys[i].action,
                                         NULL);
}

static void
pk_pdf_view_class_init (PkPdfViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pk_pdf_view_dispose;
  object_class->get_property = pk_pdf_view_get_property;
  widget_class->size_allocate = pk_pdf_view_size_allocate;
  widget_class->measure = pk_pdf_view_measure;

  properties[PROP_PAGE] = g_param_spec_uint ("page",
                                             NULL,
                                             NULL,
                                             0,
                                             G_MAXUINT,
                                             0,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_N_PAGES] = g_param_spec_uint ("n-pages",
                                                NULL,
                                                NULL,
                                                0,
                                                G_MAXUINT,
                                                0,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ZOOM] = g_param_spec_double ("zoom",
                                               NULL,
                                               NULL,
                                               0,
                                               LARGEST_ZOOM,
                                               1,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_FAILED] = pk_zoom_add_failed_signal (PK_TYPE_PDF_VIEW);

  pk_zoom_install (widget_class, zoom_action);
  gtk_widget_class_install_action (widget_class, "view.next-page", NULL, page_action);
  gtk_widget_class_install_action (widget_class, "view.previous-page", NULL, page_action);
  add_keys (widget_class);
  gtk_widget_class_set_css_name (widget_class, "pdfview");
}

static void
pk_pdf_view_init (PkPdfView *self)
{
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  self->zoom = 1;
  self->pages = g_ptr_array_new ();
  self->column = gtk_box_new (GTK_ORIENTATION_VERTICAL, SPACING);
  gtk_widget_set_margin_top (self->column, SPACING);
  gtk_widget_set_margin_bottom (self->column, SPACING);
  gtk_widget_set_halign (self->column, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->column, GTK_ALIGN_START);
  self->scroller = gtk_scrolled_window_new ();
  gtk_widget_set_focusable (self->scroller, TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), self->column);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  g_signal_connect_object (vertical (self),
                           "value-changed",
                           G_CALLBACK (scrolled_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (vertical (self),
                           "changed",
                           G_CALLBACK (scrolled_cb),
                           self,
                           G_CONNECT_SWAPPED);
  update_actions (self);
}

/**
 * pk_pdf_view_new:
 *
 * Makes a view without a document.
 *
 * Returns: (transfer floating): the view
 */
GtkWidget *
pk_pdf_view_new (void)
{
  return g_object_new (PK_TYPE_PDF_VIEW, NULL);
}

/**
 * pk_pdf_view_set_path:
 * @self: a view
 * @path: (nullable): the file to show; %NULL empties the view
 *
 * Shows another document from its first page. ::failed is emitted where it cannot be read.
 */
void
pk_pdf_view_set_path (PkPdfView *self, const char *path)
{
  g_return_if_fail (PK_IS_PDF_VIEW (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  remove_pages (self);
  g_clear_object (&self->pdf);
  self->zoom = 1;
  update_actions (self);
  if (path == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  pk_pdf_open_async (path, self->cancellable, opened_cb, self);
}

/**
 * pk_pdf_view_get_page:
 * @self: a view
 *
 * Returns: the page that is looked at, from 1; 0 where there is none
 */
guint
pk_pdf_view_get_page (PkPdfView *self)
{
  g_return_val_if_fail (PK_IS_PDF_VIEW (self), 0);
  return self->pages->len == 0 ? 0 : self->page + 1;
}

/**
 * pk_pdf_view_get_n_pages:
 * @self: a view
 *
 * Returns: how many pages there are
 */
guint
pk_pdf_view_get_n_pages (PkPdfView *self)
{
  g_return_val_if_fail (PK_IS_PDF_VIEW (self), 0);
  return self->pages->len;
}

/**
 * pk_pdf_view_go_to_page:
 * @self: a view
 * @page: from 1; brought within what there is
 *
 * Scrolls to the top of a page.
 */
void
pk_pdf_view_go_to_page (PkPdfView *self, guint page)
{
  g_return_if_fail (PK_IS_PDF_VIEW (self));

  if (self->pages->len == 0)
    return;
  guint place = CLAMP (page, 1, self->pages->len) - 1;
  gtk_adjustment_set_value (vertical (self), top_of_page (self, place) - SPACING);
  set_current (self, place);
}

/**
 * pk_pdf_view_is_drawn:
 * @self: a view
 * @page: from 1
 *
 * Returns: %TRUE when the page's picture is there
 */
gboolean
pk_pdf_view_is_drawn (PkPdfView *self, guint page)
{
  g_return_val_if_fail (PK_IS_PDF_VIEW (self), FALSE);
  return page >= 1 && page <= self->pages->len &&
         pk_pdf_page_has_picture (g_ptr_array_index (self->pages, page - 1));
}
