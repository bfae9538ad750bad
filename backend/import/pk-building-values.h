#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What people write into registers of buildings, read. Pure. */

#define PK_SQUARE_METRES_PER_SQUARE_FOOT 0.09290304

gboolean pk_building_read_number (const char *text, char decimal, double *number_out);
gboolean pk_building_read_year (const char *text, int *year_out, gboolean *is_exact_out);
const char *pk_building_find_use (const char *text);

G_END_DECLS
