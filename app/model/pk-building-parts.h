#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The headings of building parts (one and two digits; a customer's licensed table gives the rest). Pure. */
const char *pk_building_part_get_name (const char *code);
char *pk_building_part_dup_group (const char *code);

G_END_DECLS
