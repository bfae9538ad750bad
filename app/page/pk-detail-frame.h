#pragma once

#include "pk-detail.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * What every detail page stands in: one scrolled column of a readable width, and words of its own where there is nothing to show
 * or where access was lost.
 */
#define PK_TYPE_DETAIL_FRAME (pk_detail_frame_get_type ())
G_DECLARE_FINAL_TYPE (PkDetailFrame, pk_detail_frame, PK, DETAIL_FRAME, GtkWidget)

GtkWidget *pk_detail_frame_new (PkDetail *detail, const char *icon_name, const char *empty_title);
void pk_detail_frame_append (PkDetailFrame *self, GtkWidget *child);
void pk_detail_frame_scroll_to_top (PkDetailFrame *self);

G_END_DECLS
