#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PK_TYPE_EVEN_LAYOUT (pk_even_layout_get_type ())
G_DECLARE_FINAL_TYPE (PkEvenLayout, pk_even_layout, PK, EVEN_LAYOUT, GtkLayoutManager)

GtkLayoutManager *pk_even_layout_new (int column_width, int column_spacing, int row_spacing);

G_END_DECLS
