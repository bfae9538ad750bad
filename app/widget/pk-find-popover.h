#pragma once

#include "pk-choices.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * Search and choose one record for a field: one line to type in, what fits below, and a way to choose nothing. Activates an action
 * with the record's id, or with nothing. For persons the first choice is oneself.
 */
#define PK_TYPE_FIND_POPOVER (pk_find_popover_get_type ())
G_DECLARE_FINAL_TYPE (PkFindPopover, pk_find_popover, PK, FIND_POPOVER, GtkPopover)

GtkWidget *pk_find_popover_new (PkLibrary *library, guint entity, const char *action);
void pk_find_popover_set_prefix (PkFindPopover *self, const char *prefix);
void pk_find_popover_set_nothing (PkFindPopover *self, const char *label);
void pk_find_popover_set_near (PkFindPopover *self, const PkId *near_to);
PkChoices *pk_find_popover_get_choices (PkFindPopover *self);
gboolean pk_find_popover_choose_first (PkFindPopover *self);

G_END_DECLS
