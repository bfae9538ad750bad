/*
 * A PDF, read by the module. A document may be used by one thread at a time: after the opening it belongs to the worker, and only the
 * worker touches it. What leaves the worker are numbers, text, textures and recordings.
 */
#include "config.h"

#include "pk-pdf.h"

#include "pk-pdf-module.h"
#include "pk-worker.h"

#include <dlfcn.h>
#include <math.h>

/* A page is never drawn larger than this, whatever is asked for: 16 megapixels. */
#define LARGEST_SIDE 4096
/* So much of a page's text is told to who does not see it. */
#define TEXT_CHARACTERS 2000

/* What the threads share; whoever drops the last reference frees it, the worker too. */
typedef struct
{
  const PkPdfModule *module;
  PkPdfDocument *document; /* (owned): used by one thread at a time */
  GArray *sizes;           /* (owned): PkPdfSize by page; constant */
} Core;

struct _PkPdf
{
  GObject parent_instance;
  PkWorker *worker; /* (owned) */
  Core *core;       /* (owned) */
};

typedef struct
{
  Core *core; /* (owned) */
  guint page;
  double scale;
} Order;

typedef struct
{
  GdkTexture *texture; /* (owned) */
  char *text;          /* (owned) */
} Rendering;

G_DEFINE_FINAL_TYPE (PkPdf, pk_pdf, G_TYPE_OBJECT)

static void
core_clear (Core *core)
{
  g_clear_pointer (&core->document, core->module->free);
  g_clear_pointer (&core->sizes, g_array_unref);
}

static void
core_unref (Core *core)
{
  g_atomic_rc_box_release_full (core, (GDestroyNotify) core_clear);
}

static Order *
new_order (PkPdf *self, guint page, double scale)
{
  Order *order = g_new (Order, 1);

  *order = (Order){ g_atomic_rc_box_acquire (self->core), page, scale };
  return order;
}

static void
order_free (Order *order)
{
  core_unref (order->core);
  g_free (order);
}

static void
rendering_free (Rendering *rendering)
{
  g_clear_object (&rendering->texture);
  g_free (rendering->text);
  g_free (rendering);
}

/*
 * Loaded once, and kept: the libraries below it do not like to be unloaded. It is looked for where the program's RPATH says, in the
 * build tree as well as where it is installed.
 */
static const PkPdfModule *
load_module (GError **error)
{
  static gsize module = 0;

  if (g_once_init_enter (&module))
    {
      void *file = dlopen (PK_PDF_MODULE_FILE, RTLD_NOW | RTLD_LOCAL);
      void *found = file == NULL ? NULL : dlsym (file, PK_PDF_MODULE_SYMBOL);
      if (found == NULL)
        g_warning ("PDF cannot be read: %s", dlerror ());
      g_once_init_leave (&module, found == NULL ? 1 : GPOINTER_TO_SIZE (found));
    }
  if (module != 1)
    return GSIZE_TO_POINTER (module);
  g_set_error (error,
               G_IO_ERROR,
               G_IO_ERROR_NOT_SUPPORTED,
               "%s is missing or damaged",
               PK_PDF_MODULE_FILE);
  return NULL;
}

static void
read_sizes (Core *core)
{
  guint n_pages = core->module->get_n_pages (core->document);

  core->sizes = g_array_new (FALSE, FALSE, sizeof (PkPdfSize));
  for (guint i = 0; i < n_pages; i++)
    {
      PkPdfSize size = { 595, 842 };
      core->module->get_page_size (core->document, i, &size.width, &size.height);
      g_array_append_val (core->sizes, size);
    }
}

static Core *
open_core (const char *path, GError **error)
{
  const PkPdfModule *module = load_module (error);
  PkPdfDocument *document = module == NULL ? NULL : module->open (path, error);

  if (document == NULL)
    return NULL;
  Core *core = g_atomic_rc_box_new0 (Core);
  core->module = module;
  core->document = document;
  read_sizes (core);
  return core;
}

static void
open_in_thread (GTask *task,
                gpointer source G_GNUC_UNUSED,
                gpointer data,
                GCancellable *cancellable G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  Core *core = open_core (data, &error);

  if (core == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, core, (GDestroyNotify) core_unref);
}

static GdkTexture *
texture_of (cairo_surface_t *surface)
{
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);

  cairo_surface_flush (surface);
  g_autoptr (GBytes) bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface),
                                                         stride * (gsize) height,
                                                         (GDestroyNotify) cairo_surface_destroy,
                                                         cairo_surface_reference (surface));
  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
}

static GdkTexture *
draw_page (const Order *order)
{
  Core *core = order->core;
  const PkPdfSize *size = &g_array_index (core->sizes, PkPdfSize, order->page);
  double scale = MIN (order->scale, LARGEST_SIDE / MAX (1, MAX (size->width, size->height)));
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_ARGB32,
                                  MAX (1, (int) ceil (size->width * scale)),
                                  MAX (1, (int) ceil (size->height * scale)));
  cairo_t *cairo = cairo_create (surface);

  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_paint (cairo);
  cairo_scale (cairo, scale, scale);
  gboolean is_drawn = core->module->draw_page (core->document, order->page, cairo);
  cairo_destroy (cairo);
  GdkTexture *texture = is_drawn ? texture_of (surface) : NULL;
  cairo_surface_destroy (surface);
  return texture;
}

static char *
text_of (const Order *order)
{
  g_autofree char *whole = order->core->module->dup_text (order->core->document, order->page);

  if (whole == NULL)
    return g_strdup ("");
  return g_utf8_strlen (whole, -1) > TEXT_CHARACTERS ? g_utf8_substring (whole, 0, TEXT_CHARACTERS)
                                                     : g_strdup (whole);
}

static void
return_unreadable (GTask *task, const Order *order)
{
  g_task_return_new_error (task,
                           G_IO_ERROR,
                           G_IO_ERROR_INVALID_DATA,
                           "Page %u cannot be read",
                           order->page + 1);
}

static void
render_in_worker (GTask *task,
                  gpointer source G_GNUC_UNUSED,
                  gpointer data,
                  GCancellable *cancellable G_GNUC_UNUSED)
{
  const Order *order = data;
  GdkTexture *texture = draw_page (order);

  if (texture == NULL)
    {
      return_unreadable (task, order);
      return;
    }
  Rendering *rendering = g_new0 (Rendering, 1);
  rendering->texture = texture;
  rendering->text = text_of (order);
  g_task_return_pointer (task, rendering, (GDestroyNotify) rendering_free);
}

static void
record_in_worker (GTask *task,
                  gpointer source G_GNUC_UNUSED,
                  gpointer data,
                  GCancellable *cancellable G_GNUC_UNUSED)
{
  const Order *order = data;
  Core *core = order->core;
  const PkPdfSize *size = &g_array_index (core->sizes, PkPdfSize, order->page);
  cairo_rectangle_t whole = { 0, 0, size->width, size->height };
  cairo_surface_t *recording = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, &whole);
  cairo_t *cairo = cairo_create (recording);
  gboolean is_drawn = core->module->print_page (core->document, order->page, cairo);

  cairo_destroy (cairo);
  if (is_drawn)
    g_task_return_pointer (task, recording, (GDestroyNotify) cairo_surface_destroy);
  else
    {
      cairo_surface_destroy (recording);
      return_unreadable (task, order);
    }
}

static void
pk_pdf_finalize (GObject *object)
{
  PkPdf *self = PK_PDF (object);

  /* Never on the worker: its tasks hold the core, not this object. */
  g_clear_object (&self->worker);
  g_clear_pointer (&self->core, core_unref);
  G_OBJECT_CLASS (pk_pdf_parent_class)->finalize (object);
}

static void
pk_pdf_class_init (PkPdfClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_pdf_finalize;
}

static void
pk_pdf_init (PkPdf *self)
{
  self->worker = pk_worker_new ("pdf");
}

/**
 * pk_pdf_open_async:
 * @path: a PDF file
 * @cancellable: (nullable): ends the wait
 * @callback: (scope async): called when it is open
 * @user_data: for @callback
 *
 * Opens a PDF on another thread.
 */
void
pk_pdf_open_async (const char *path,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, pk_pdf_open_async);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, open_in_thread);
}

/**
 * pk_pdf_open_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends pk_pdf_open_async().
 *
 * Errors: those of the module (damaged, encrypted) and GIO; %G_IO_ERROR_NOT_SUPPORTED where the module is missing.
 * Returns: (transfer full) (nullable): the PDF
 */
PkPdf *
pk_pdf_open_finish (GAsyncResult *result, GError **error)
{
  Core *core = g_task_propagate_pointer (G_TASK (result), error);

  if (core == NULL)
    return NULL;
  PkPdf *self = g_object_new (PK_TYPE_PDF, NULL);
  self->core = core;
  return self;
}

/**
 * pk_pdf_get_n_pages:
 * @self: a PDF
 *
 * Returns: how many pages it has
 */
guint
pk_pdf_get_n_pages (PkPdf *self)
{
  g_return_val_if_fail (PK_IS_PDF (self), 0);
  return self->core->sizes->len;
}

/**
 * pk_pdf_get_page_size:
 * @self: a PDF
 * @page: from 0
 *
 * Returns: the page's size in points
 */
PkPdfSize
pk_pdf_get_page_size (PkPdf *self, guint page)
{
  g_return_val_if_fail (PK_IS_PDF (self) && page < self->core->sizes->len, (PkPdfSize){ 0 });
  return g_array_index (self->core->sizes, PkPdfSize, page);
}

/**
 * pk_pdf_render_async:
 * @self: a PDF
 * @page: from 0
 * @scale: pixels for each point
 * @cancellable: (nullable): a page that nobody looks at any more is not drawn
 * @callback: (scope async): called with the page
 * @user_data: for @callback
 *
 * Draws a page on the worker.
 */
void
pk_pdf_render_async (PkPdf *self,
                     guint page,
                     double scale,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_return_if_fail (PK_IS_PDF (self) && page < self->core->sizes->len);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, pk_pdf_render_async);
  g_task_set_task_data (task, new_order (self, page, scale), (GDestroyNotify) order_free);
  pk_worker_queue (self->worker, PK_PRIORITY_INTERACTIVE, task, render_in_worker);
}

/**
 * pk_pdf_render_finish:
 * @self: a PDF
 * @result: what the callback got
 * @text_out: (out) (optional): the beginning of the page's text
 * @error: return location for an error
 *
 * Ends pk_pdf_render_async().
 *
 * Returns: (transfer full) (nullable): the page as a texture
 */
GdkTexture *
pk_pdf_render_finish (PkPdf *self, GAsyncResult *result, char **text_out, GError **error)
{
  g_return_val_if_fail (PK_IS_PDF (self), NULL);
  Rendering *rendering = g_task_propagate_pointer (G_TASK (result), error);

  if (rendering == NULL)
    return NULL;
  GdkTexture *texture = g_steal_pointer (&rendering->texture);
  if (text_out != NULL)
    *text_out = g_steal_pointer (&rendering->text);
  rendering_free (rendering);
  return texture;
}

/**
 * pk_pdf_record_async:
 * @self: a PDF
 * @page: from 0
 * @cancellable: (nullable): ends the wait
 * @callback: (scope async): called with the page
 * @user_data: for @callback
 *
 * Records a page for paper on the worker.
 */
void
pk_pdf_record_async (PkPdf *self,
                     guint page,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_return_if_fail (PK_IS_PDF (self) && page < self->core->sizes->len);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, pk_pdf_record_async);
  g_task_set_task_data (task, new_order (self, page, 1), (GDestroyNotify) order_free);
  pk_worker_queue (self->worker, PK_PRIORITY_INTERACTIVE, task, record_in_worker);
}

/**
 * pk_pdf_record_finish:
 * @self: a PDF
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends pk_pdf_record_async().
 *
 * Returns: (transfer full) (nullable): the page, to be painted at any size; a unit is a point
 */
cairo_surface_t *
pk_pdf_record_finish (PkPdf *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (PK_IS_PDF (self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
