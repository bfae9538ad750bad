#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Days and times as people say them. Pure: what day and what time it is are given. A day is "2026-11-23", an instant is
 * microseconds since 1970 UTC. All texts are translated and new (transfer full).
 */
int pk_words_days_between (const char *from, const char *to);
char *pk_words_day (const char *day, const char *today);
char *pk_words_day_capital (const char *day, const char *today);
char *pk_words_exact_day (const char *day);
char *pk_words_deadline (const char *day, const char *today);
char *pk_words_time (gint64 time_us, gint64 now_us, GTimeZone *zone);
char *pk_words_exact_time (gint64 time_us, GTimeZone *zone);
char *pk_words_capital (const char *words);

G_END_DECLS
