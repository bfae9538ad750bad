#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * Sidebar, list and detail: beside each other where there is room, one at a time where there is not. Wide: all three. Middle: list and
 * detail, the sidebar slides over them. Narrow: list or detail. In a .ui file its
 * children have the types "sidebar", "list" and "detail".
 */
#define PK_TYPE_SPLIT (pk_split_get_type ())
G_DECLARE_FINAL_TYPE (PkSplit, pk_split, PK, SPLIT, GtkWidget)

GtkWidget *pk_split_new (void);
void pk_split_show_detail (PkSplit *self, gboolean is_detail);
gboolean pk_split_is_detail_shown (PkSplit *self);
void pk_split_toggle_sidebar (PkSplit *self);
void pk_split_hide_overlay (PkSplit *self);
gboolean pk_split_is_narrow (PkSplit *self);
gboolean pk_split_is_sidebar_over (PkSplit *self);
char *pk_split_dup_decoration_layout (PkSplit *self);
gboolean pk_split_has_sidebar (PkSplit *self);

G_END_DECLS
