#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean pk_file_fail (GError **error, const char *what);

G_END_DECLS
