/* The interface between the window and its pages. Main thread. */
#include "config.h"

#include "pk-page.h"

G_DEFINE_INTERFACE (PkPage, pk_page, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_PAGE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
pk_page_default_init (PkPageInterface *iface G_GNUC_UNUSED)
{
  /**
   * PkPage::page-changed:
   *
   * Title, menu or actions are others than before.
   */
  signals[SIGNAL_PAGE_CHANGED] = g_signal_new ("page-changed",
                                               PK_TYPE_PAGE,
                                               G_SIGNAL_RUN_LAST,
                                               0,
                                               NULL,
                                               NULL,
                                               NULL,
                                               G_TYPE_NONE,
                                               0);
}

/**
 * pk_page_get_title:
 * @self: a page
 *
 * Returns: (transfer none): what the header bar says
 */
const char *
pk_page_get_title (PkPage *self)
{
  return PK_PAGE_GET_IFACE (self)->get_title (self);
}

/**
 * pk_page_get_subtitle:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): a second, dimmed line
 */
const char *
pk_page_get_subtitle (PkPage *self)
{
  PkPageInterface *iface = PK_PAGE_GET_IFACE (self);

  return iface->get_subtitle == NULL ? NULL : iface->get_subtitle (self);
}

/**
 * pk_page_get_actions:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): the actions that the window offers as "page." while the page is shown
 */
GActionGroup *
pk_page_get_actions (PkPage *self)
{
  PkPageInterface *iface = PK_PAGE_GET_IFACE (self);

  return iface->get_actions == NULL ? NULL : iface->get_actions (self);
}

/**
 * pk_page_get_menu:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): the menu in the header bar
 */
GMenuModel *
pk_page_get_menu (PkPage *self)
{
  PkPageInterface *iface = PK_PAGE_GET_IFACE (self);

  return iface->get_menu == NULL ? NULL : iface->get_menu (self);
}

/**
 * pk_page_show_record:
 * @self: a page
 * @id: of the record
 *
 * Shows a record.
 */
void
pk_page_show_record (PkPage *self, const PkId *id)
{
  PkPageInterface *iface = PK_PAGE_GET_IFACE (self);

  if (iface->show_record != NULL)
    iface->show_record (self, id);
}

/**
 * pk_page_focus_start:
 * @self: a page
 *
 * Moves the focus to where work begins: the list of a place, the next step of a task.
 */
void
pk_page_focus_start (PkPage *self)
{
  PkPageInterface *iface = PK_PAGE_GET_IFACE (self);

  if (iface->focus_start != NULL)
    iface->focus_start (self);
  else
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

/**
 * pk_page_changed:
 * @self: a page
 *
 * For implementations: tells the window to ask again.
 */
void
pk_page_changed (PkPage *self)
{
  g_signal_emit (self, signals[SIGNAL_PAGE_CHANGED], 0);
}
