#pragma once

#include "pk-list-query.h"
#include "pk-store.h"

G_BEGIN_DECLS

PkRecord *pk_store_find (PkStore *self, const PkEntity *entity, const PkId *id, GError **error);
gboolean pk_store_has (PkStore *self,
                       const PkEntity *entity,
                       const PkId *id,
                       gboolean *has_out,
                       GError **error);
gboolean pk_store_put (PkStore *self, PkRecord *record, const PkRecord *before, GError **error);
gboolean pk_store_delete (PkStore *self, const PkEntity *entity, const PkId *id, GError **error);
gboolean pk_store_count (PkStore *self, const PkEntity *entity, gint64 *count_out, GError **error);

GPtrArray *pk_store_list (PkStore *self, const PkListQuery *query, GError **error);
GArray *pk_store_find_ids_by_ref (PkStore *self,
                                  const PkEntity *entity,
                                  guint field,
                                  const PkId *ref,
                                  GError **error);
GPtrArray *pk_store_find_by_ref (PkStore *self,
                                 const PkEntity *entity,
                                 guint field,
                                 const PkId *ref,
                                 GError **error);
gboolean pk_store_visit (PkStore *self,
                         const PkEntity *entity,
                         PkRecordVisitor visitor,
                         gpointer data,
                         GError **error);
gboolean pk_store_visit_scope (PkStore *self,
                               const PkEntity *entity,
                               gint64 scope,
                               PkRecordVisitor visitor,
                               gpointer data,
                               GError **error);

G_END_DECLS
