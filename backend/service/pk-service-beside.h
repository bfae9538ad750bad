#pragma once

#include "pk-service.h"

G_BEGIN_DECLS

/* What a push may change beside what other processes change. Used where a store has several writers. */
typedef struct _PkBeside PkBeside;

PkBeside *
pk_beside_new (PkService *service, const PkId *person, GPtrArray *mutations, GError **error);
gboolean pk_beside_check (PkBeside *self, GError **error);
void pk_beside_free (PkBeside *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkBeside, pk_beside_free)

G_END_DECLS
