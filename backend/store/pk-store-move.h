#pragma once

#include "pk-store.h"

G_BEGIN_DECLS

/* What was moved. */
typedef struct
{
  gint64 n_rows;
  gint64 n_scopes;
} PkStoreMove;

gboolean pk_store_move (const char *dir,
                        const char *address,
                        PkIdSource *ids,
                        PkStoreMove *facts_out,
                        GError **error);

G_END_DECLS
