#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PK_TYPE_WRAP_LAYOUT (pk_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (PkWrapLayout, pk_wrap_layout, PK, WRAP_LAYOUT, GtkLayoutManager)

G_END_DECLS
