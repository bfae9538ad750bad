#pragma once

#include "pk-store-ranges.h"

G_BEGIN_DECLS

/* What is said of the ranges that a device asks for. */
typedef struct
{
  GArray *parts; /* (owned): PkIdRangeSum */
  GArray *whole; /* (owned): PkIdRange: all of their rows are sent */
} PkSyncRanges;

PkSyncRanges *pk_sync_ranges_new (void);
void pk_sync_ranges_free (PkSyncRanges *self);
gboolean pk_sync_ranges_look (PkSyncRanges *self,
                              PkStore *store,
                              gint64 scope,
                              GArray *ranges,
                              PkLogVisitor send_row,
                              gpointer data,
                              GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkSyncRanges, pk_sync_ranges_free)

G_END_DECLS
