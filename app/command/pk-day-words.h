#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Days as Norwegians say them: «i dag», «i morgen», «fredag», «neste uke», «om 3 dager», «24.12.», «24. desember», «uke 50»;
 * nynorsk and English too. Pure: what day it is is given.
 */
char *pk_day_words_read (const char *const *words,
                         guint n_words,
                         const char *today,
                         gboolean is_asked,
                         guint *n_read_out);

G_END_DECLS
