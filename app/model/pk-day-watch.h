#pragma once

#include "pk-library.h"

G_BEGIN_DECLS

/*
 * Lets a library look at the day when it may have become another one: at midnight where the person is, when the machine wakes from
 * sleep (timers stand still while it sleeps), and once an hour for clocks that were set. Main thread.
 */
#define PK_TYPE_DAY_WATCH (pk_day_watch_get_type ())
G_DECLARE_FINAL_TYPE (PkDayWatch, pk_day_watch, PK, DAY_WATCH, GObject)

PkDayWatch *pk_day_watch_new (PkLibrary *library);
guint pk_day_watch_count_seconds (gint64 now_us, GTimeZone *zone);

G_END_DECLS
