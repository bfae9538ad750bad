/* The page that shows what was found. Main thread. */
#include "config.h"

#include "pk-search-page.h"

#include "pk-page.h"
#include "pk-row-list.h"
#include "pk-search-source.h"
#include "pk-section.h"

#include <glib/gi18n.h>

#define HITS_OF_A_KIND 30

struct _PkSearchPage
{
  GtkWidget parent_instance;
  PkRowList *list;
  PkRowModel *model; /* (owned) */
  PkClient *client;  /* (owned) (nullable) */
};

static void page_iface_init (PkPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PkSearchPage,
                               pk_search_page,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (PK_TYPE_PAGE, page_iface_init))

static const char *
get_title (PkPage *page G_GNUC_UNUSED)
{
  return _ ("Search");
}

static void
focus_start (PkPage *page)
{
  pk_row_list_focus (PK_SEARCH_PAGE (page)->list);
}

static void
page_iface_init (PkPageInterface *iface)
{
  iface->get_title = get_title;
  iface->focus_start = focus_start;
}

static void
pk_search_page_dispose (GObject *object)
{
  PkSearchPage *self = PK_SEARCH_PAGE (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->model);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (pk_search_page_parent_class)->dispose (object);
}

static void
pk_search_page_class_init (PkSearchPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_search_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pk_search_page_init (PkSearchPage *self)
{
  self->model = pk_row_model_new (NULL);
  self->list = PK_ROW_LIST (pk_row_list_new ());
  pk_row_list_set_label (self->list, _ ("What was found"));
  pk_row_list_set_model (self->list, self->model);
  pk_row_list_set_empty (self->list,
                         &(PkRowListWords){
                             .icon_name = "system-search-symbolic",
                             .title = _ ("Nothing was found"),
                             .text = _ ("Try fewer words, or the beginning of one."),
                         });
  gtk_widget_set_parent (GTK_WIDGET (self->list), GTK_WIDGET (self));
}

/**
 * pk_search_page_new:
 * @client: what pages get
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
pk_search_page_new (PkClient *client)
{
  PkSearchPage *self = g_object_new (PK_TYPE_SEARCH_PAGE, NULL);

  self->client = g_object_ref (client);
  return GTK_WIDGET (self);
}

/**
 * pk_search_page_set_text:
 * @self: the page
 * @text: as the person typed it
 *
 * Searches; what was found before stays until the answer is there.
 */
void
pk_search_page_set_text (PkSearchPage *self, const char *text)
{
  PkLibrary *library = pk_client_get_library (self->client);
  g_autoptr (PkRowSource) source = pk_search_source_new (library, text, HITS_OF_A_KIND);

  pk_row_model_set_source (self->model, source);
}
