#pragma once

#include "pk-mutation.h"
#include "pk-store.h"

G_BEGIN_DECLS

/* Work that nobody may carry out any more, kept for its author and for administrators. */
typedef struct
{
  PkId id; /* of the mutation */
  PkId person;
  PkId device;
  char *line;         /* (owned): as it was pushed */
  PkVerdict *verdict; /* (owned): why */
  gint64 at_us;
} PkQuarantined;

gboolean pk_store_put_quarantined (PkStore *self, const PkQuarantined *item, GError **error);
GPtrArray *
pk_store_list_quarantined (PkStore *self, const PkId *person, guint limit, GError **error);
gboolean pk_store_count_quarantined (PkStore *self, gint64 *count_out, GError **error);
void pk_quarantined_free (PkQuarantined *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkQuarantined, pk_quarantined_free)

G_END_DECLS
