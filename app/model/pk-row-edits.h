#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Rows that went and rows that came at one place, between two vectors of numbers. */
typedef struct
{
  guint position; /* in the old vector */
  guint removed;
  guint from; /* in the new vector */
  guint added;
} PkRowEdit;

#define PK_ROW_MAX_EDITS 8

GArray *pk_row_edits_find (GArray *old_numbers, GArray *new_numbers);

G_END_DECLS
