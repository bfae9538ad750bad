#pragma once

#include "pk-input.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * Change one field by typing: a line, what is wrong with what was typed, and Save. Enter saves, Escape leaves it as it was. Activates an
 * action that takes the field's name and the text (ss), once the text is one that the field can have.
 */
#define PK_TYPE_INPUT_POPOVER (pk_input_popover_get_type ())
G_DECLARE_FINAL_TYPE (PkInputPopover, pk_input_popover, PK, INPUT_POPOVER, GtkPopover)

GtkWidget *pk_input_popover_new (const PkField *field, const char *caption, const char *action);
void pk_input_popover_set_value (PkInputPopover *self, const PkValue *value);
void pk_input_popover_type (PkInputPopover *self, const char *text);
gboolean pk_input_popover_save (PkInputPopover *self);

G_END_DECLS
