#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *pk_sort_key (const char *text);

G_END_DECLS
