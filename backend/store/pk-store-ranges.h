#pragma once

#include "pk-id-range.h"
#include "pk-store-log.h"

G_BEGIN_DECLS

/* Parts of a scope by the order of (entity, id): what is in it, not what left. The log's own key is in this order. */
gboolean pk_store_count_range (PkStore *self,
                               gint64 scope,
                               const PkIdRange *range,
                               gint64 *count_out,
                               GError **error);
gboolean pk_store_visit_range (PkStore *self,
                               gint64 scope,
                               const PkIdRange *range,
                               PkLogVisitor visitor,
                               gpointer data,
                               GError **error);

G_END_DECLS
