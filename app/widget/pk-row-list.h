#pragma once

#include "pk-row-model.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What stands where there are no rows. Constants and translations: they are not copied. */
typedef struct
{
  const char *icon_name;
  const char *title;
  const char *text;            /* (nullable) */
  const char *action_label;    /* (nullable) */
  const char *detailed_action; /* (nullable) */
} PkRowListWords;

/*
 * A list of any size with its own words for empty, loading and broken. Activating a row opens its record. With
 * pk_row_list_set_is_choosing() several rows can be chosen. Emits "chosen-changed".
 */
#define PK_TYPE_ROW_LIST (pk_row_list_get_type ())
G_DECLARE_FINAL_TYPE (PkRowList, pk_row_list, PK, ROW_LIST, GtkWidget)

GtkWidget *pk_row_list_new (void);
void pk_row_list_set_model (PkRowList *self, PkRowModel *model);
PkRowModel *pk_row_list_get_model (PkRowList *self);
void pk_row_list_set_empty (PkRowList *self, const PkRowListWords *words);
void pk_row_list_set_label (PkRowList *self, const char *label);
void pk_row_list_set_is_choosing (PkRowList *self, gboolean is_choosing);
GtkBitset *pk_row_list_get_chosen (PkRowList *self);
guint pk_row_list_count_chosen (PkRowList *self);
void pk_row_list_focus (PkRowList *self);

G_END_DECLS
