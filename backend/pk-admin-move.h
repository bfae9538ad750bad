#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *pk_admin_move_store (const char *dir, const char *address, gboolean as_json, GError **error);

G_END_DECLS
