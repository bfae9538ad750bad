#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Small pieces of text that lists are put together from. Pure. */
char *pk_text_add_days (const char *day, int n_days);
char *pk_text_clock (gint64 at_us);
char *pk_text_number (gint64 number);
void pk_text_join (GString *out, const char *part);

G_END_DECLS
