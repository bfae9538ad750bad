#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* One field of a record in a boxed list: its label dimmed above, its value below; can be selected and copied. */
#define PK_TYPE_FIELD_ROW (pk_field_row_get_type ())
G_DECLARE_FINAL_TYPE (PkFieldRow, pk_field_row, PK, FIELD_ROW, GtkListBoxRow)

GtkWidget *pk_field_row_new (const char *label, const char *value);
void pk_field_row_set_value (PkFieldRow *self, const char *value);
void pk_field_row_set_action (PkFieldRow *self,
                              const char *icon_name,
                              const char *tooltip,
                              const char *detailed_action);

G_END_DECLS
