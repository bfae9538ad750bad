#pragma once

#include "pk-sql.h"

G_BEGIN_DECLS

gboolean pk_tokenizer_register (PkSql *sql, GError **error);
char **pk_tokenizer_split (const char *text, guint most);

G_END_DECLS
