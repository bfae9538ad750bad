#pragma once

#include "pk-store.h"

G_BEGIN_DECLS

/*
 * Other processes that serve the same store, side by side on PostgreSQL. On SQLite there is none, and all of this means nothing.
 *
 * Work that one of them is to do is claimed by name; the claim ends with the handle. A bell rings on the main context when
 * another process told of a change; also when it may have missed that, because the connection was lost for a while.
 */
gboolean pk_store_has_others (PkStore *self);
gboolean pk_store_claim (PkStore *self, const char *work, gboolean *is_ours_out, GError **error);
gboolean pk_store_yield (PkStore *self, const char *work, GError **error);
gboolean pk_store_tell_others (PkStore *self, GError **error);

typedef struct _PkStoreBell PkStoreBell;
typedef void (*PkStoreBellFunc) (gpointer data);

PkStoreBell *pk_store_bell_new (const char *dir, PkStoreBellFunc func, gpointer data);
void pk_store_bell_free (PkStoreBell *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkStoreBell, pk_store_bell_free)

G_END_DECLS
