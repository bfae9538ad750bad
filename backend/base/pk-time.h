#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PK_TIME_TEXT_LENGTH 27

/* Instants are microseconds since 1970 UTC, in text RFC 3339 with six decimals and Z; days are "2026-11-23". */
gboolean pk_time_parse (const char *text, gint64 *time_us_out);
char *pk_time_to_text (gint64 time_us, char text[PK_TIME_TEXT_LENGTH + 1]);
gboolean pk_date_is_valid (const char *text);
char *pk_date_from_time (gint64 time_us, GTimeZone *zone);

G_END_DECLS
