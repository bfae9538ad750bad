#pragma once

#include "pk-record.h"
#include "pk-store.h"

G_BEGIN_DECLS

/* Called for each record, which lives on if it is referenced; FALSE ends the visit. It must not write the same table. */
typedef gboolean (*PkRecordVisitor) (PkRecord *record, gpointer data);

/* A page of a list. All members may be zero but @entity and @limit. */
typedef struct
{
  const PkEntity *entity;
  guint order; /* which of the entity's indexes; the id is added as the last word */
  gboolean is_descending;
  const PkValues *filters; /* (nullable): fields that must be equal; a null value: must be empty */
  const PkId *person;      /* (nullable): only what is in a scope that this person holds */
  const char *title;       /* (nullable): the title's sort key begins with that of this text */
  const PkRecord *after;   /* (nullable): begins after this record */
  guint limit;
} PkListQuery;

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
