#pragma once

#include "pk-writer-private.h"

G_BEGIN_DECLS

/* A scope that differs from the server's is repaired by ranges (pk-repair.c). */
void pk_repair_free (PkRepair *self);
gboolean pk_repair_concerns (const PkRepair *self, const char *scope);
void pk_repair_fill_request (PkWriter *writer, PkPullRequest *request, GPtrArray *scopes);
gboolean pk_repair_take (PkWriter *writer,
                         PkHeldScope *scope,
                         const PkFeedLine *line,
                         GHashTable *seen,
                         GError **error);
gboolean pk_repair_end_checkpoint (PkWriter *writer, GPtrArray *scopes, GError **error);

G_END_DECLS
