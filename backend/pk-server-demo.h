#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean pk_server_fill_demo (const char *data_dir, GError **error);

G_END_DECLS
