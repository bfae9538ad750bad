#pragma once

#include "pk-store-private.h"

G_BEGIN_DECLS

/* All rows of a store, from SQLite into PostgreSQL and back, each in the transaction of its caller. */
gboolean pk_store_copy_in (PkStore *self, PkSql *sqlite, GError **error);
gboolean pk_store_copy_out (PkStore *self, PkSql *sqlite, GError **error);
gboolean pk_store_copy_check (PkStore *self, PkSql *sqlite, gint64 *n_rows_out, GError **error);

G_END_DECLS
