/*
 * One page of a PDF. It keeps the texture it has while a sharper one is drawn, and forgets it when it is far out of sight.
 * Main thread.
 */
#include "config.h"

#include "pk-pdf-page.h"

#include <glib/gi18n.h>
#include <math.h>

struct _PkPdfPage
{
  GtkWidget parent_instance;
  PkPdf *pdf; /* (owned) */
  guint page;
  int width;                 /* that it is shown in, px */
  int drawn_width;           /* that the texture was drawn for; 0: none */
  GdkTexture *texture;       /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable): of the drawing under way */
};

G_DEFINE_FINAL_TYPE (PkPdfPage, pk_pdf_page, GTK_TYPE_WIDGET)

static int
height_of (PkPdfPage *self)
{
  PkPdfSize size = pk_pdf_get_page_size (self->pdf, self->page);

  return MAX (1, (int) lround (self->width * size.height / MAX (1, size.width)));
}

static void
rendered_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  PkPdfPage *self = user_data;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_autoptr (GdkTexture) texture = pk_pdf_render_finish (self->pdf, result, &text, &error);
  g_clear_object (&self->cancellable);
  if (texture == NULL)
    {
      g_debug ("Drawing page %u: %s", self->page + 1, error->message);
      return;
    }
  g_set_object (&self->texture, texture);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
pk_pdf_page_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PkPdfPage *self = PK_PDF_PAGE (widget);
  graphene_rect_t sheet =
      GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget));

  gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 1, 1, 1, 1 }, &sheet);
  if (self->texture != NULL)
    gtk_snapshot_append_texture (snapshot, self->texture, &sheet);
}

static void
pk_pdf_page_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size G_GNUC_UNUSED,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline G_GNUC_UNUSED,
                     int *natural_baseline G_GNUC_UNUSED)
{
  PkPdfPage *self = PK_PDF_PAGE (widget);

  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? self->width : height_of (self);
}

static void
pk_pdf_page_dispose (GObject *object)
{
  PkPdfPage *self = PK_PDF_PAGE (object);

  pk_pdf_page_drop_picture (self);
  g_clear_object (&self->pdf);
  G_OBJECT_CLASS (pk_pdf_page_parent_class)->dispose (object);
}

static void
pk_pdf_page_class_init (PkPdfPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pk_pdf_page_dispose;
  widget_class->snapshot = pk_pdf_page_snapshot;
  widget_class->measure = pk_pdf_page_measure;
  gtk_widget_class_set_css_name (widget_class, "pdfpage");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
pk_pdf_page_init (PkPdfPage *self)
{
  self->width = 300;
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

/**
 * pk_pdf_page_new:
 * @pdf: the PDF
 * @page: from 0
 *
 * Makes a page that has its size, and no picture yet.
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
pk_pdf_page_new (PkPdf *pdf, guint page)
{
  PkPdfPage *self = g_object_new (PK_TYPE_PDF_PAGE, NULL);
  /* Translators: %1$u is the page's number, %2$u how many there are */
  g_autofree char *name =
      g_strdup_printf (_ ("Page %1$u of %2$u"), page + 1, pk_pdf_get_n_pages (pdf));

  self->pdf = g_object_ref (pdf);
  self->page = page;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return GTK_WIDGET (self);
}

/**
 * pk_pdf_page_set_width:
 * @self: a page
 * @width: px
 *
 * Shows the page in another size; what is drawn is stretched until it is drawn anew.
 */
void
pk_pdf_page_set_width (PkPdfPage *self, int width)
{
  g_return_if_fail (PK_IS_PDF_PAGE (self));

  if (width == self->width)
    return;
  self->width = width;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/**
 * pk_pdf_page_show_picture:
 * @self: a page that is in sight, or nearly
 *
 * Has the page drawn, unless it is drawn in this size already.
 */
void
pk_pdf_page_show_picture (PkPdfPage *self)
{
  g_return_if_fail (PK_IS_PDF_PAGE (self));
  int wanted = self->width * gtk_widget_get_scale_factor (GTK_WIDGET (self));

  if (wanted == self->drawn_width)
    return;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->drawn_width = wanted;
  PkPdfSize size = pk_pdf_get_page_size (self->pdf, self->page);
  pk_pdf_render_async (self->pdf,
                       self->page,
                       wanted / MAX (1, size.width),
                       self->cancellable,
                       rendered_cb,
                       self);
}

/**
 * pk_pdf_page_drop_picture:
 * @self: a page that is out of sight
 *
 * Frees the page's picture; its place stays.
 */
void
pk_pdf_page_drop_picture (PkPdfPage *self)
{
  g_return_if_fail (PK_IS_PDF_PAGE (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->texture);
  self->drawn_width = 0;
}

/**
 * pk_pdf_page_has_picture:
 * @self: a page
 *
 * Returns: %TRUE when the page is drawn
 */
gboolean
pk_pdf_page_has_picture (PkPdfPage *self)
{
  g_return_val_if_fail (PK_IS_PDF_PAGE (self), FALSE);
  return self->texture != NULL;
}
