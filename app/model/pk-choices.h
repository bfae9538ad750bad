#pragma once

#include "pk-library.h"
#include "pk-row-item.h"

G_BEGIN_DECLS

/*
 * What a field that points to another record can be given: people, units, buildings, properties, or the rooms of a building. Read
 * on the reader's worker when somebody is about to choose, then found in memory while the person types. Signal "changed": the
 * rows, or whether they are read, are others. Main thread.
 */
#define PK_TYPE_CHOICES (pk_choices_get_type ())
G_DECLARE_FINAL_TYPE (PkChoices, pk_choices, PK, CHOICES, GObject)

PkChoices *pk_choices_new (PkLibrary *library, guint entity);
void pk_choices_load (PkChoices *self, const PkId *near_to);
void pk_choices_search (PkChoices *self, const char *text);
GListModel *pk_choices_get_rows (PkChoices *self);
gboolean pk_choices_is_ready (PkChoices *self);

G_END_DECLS
