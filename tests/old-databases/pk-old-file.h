#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The stored files lie beside the tests, compressed: PK_OLD_DATABASES says where. */
char *pk_old_file_unpack (const char *name, const char *version, const char *path);
void pk_old_file_pack (const char *path, const char *name, const char *version, const char *folder);
char *pk_old_file_sum (const char *path);

G_END_DECLS
