#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The headers of tus 1.0, which come from anybody. */
char *pk_tus_dup_metadata (const char *header, const char *name);
gboolean pk_tus_read_number (const char *header, gint64 *number_out);

G_END_DECLS
