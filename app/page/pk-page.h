#pragma once

#include "pk-id.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * What the window knows of a page: a place (in the list pane) or a detail (in the detail pane). The window owns header bars and
 * navigation; a page activates win.open-task, win.open-building, win.open-document, win.open-person (s: id) and
 * win.show-place (s). All vfuncs but get_title are optional. A page says that its title, menu or actions are others with
 * pk_page_changed().
 */
#define PK_TYPE_PAGE (pk_page_get_type ())
G_DECLARE_INTERFACE (PkPage, pk_page, PK, PAGE, GtkWidget)

struct _PkPageInterface
{
  GTypeInterface parent_interface;
  const char *(*get_title) (PkPage *self);
  const char *(*get_subtitle) (PkPage *self);
  GActionGroup *(*get_actions) (PkPage *self);
  GMenuModel *(*get_menu) (PkPage *self);
  void (*show_record) (PkPage *self, const PkId *id);
  void (*focus_start) (PkPage *self);
};

const char *pk_page_get_title (PkPage *self);
const char *pk_page_get_subtitle (PkPage *self);
GActionGroup *pk_page_get_actions (PkPage *self);
GMenuModel *pk_page_get_menu (PkPage *self);
void pk_page_show_record (PkPage *self, const PkId *id);
void pk_page_focus_start (PkPage *self);
void pk_page_changed (PkPage *self);

G_END_DECLS
