#pragma once

#include "pk-quarantined.h"
#include "pk-store.h"

G_BEGIN_DECLS

gboolean pk_store_put_quarantined (PkStore *self, const PkQuarantined *item, GError **error);
GPtrArray *
pk_store_list_quarantined (PkStore *self, const PkId *person, guint limit, GError **error);
gboolean pk_store_count_quarantined (PkStore *self, gint64 *count_out, GError **error);
gboolean
pk_store_has_quarantined (PkStore *self, const PkId *id, gboolean *has_out, GError **error);
gboolean pk_store_measure_quarantine (PkStore *self,
                                      const PkId *device,
                                      gint64 *count_out,
                                      gint64 *size_out,
                                      GError **error);

G_END_DECLS
