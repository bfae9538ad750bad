#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean pk_zstd_pack_file (const char *from,
                            const char *to,
                            int level,
                            char **sha256_out,
                            gint64 *size_out,
                            GError **error);

G_END_DECLS
