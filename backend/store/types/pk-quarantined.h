#pragma once

#include "pk-mutation.h"

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

void pk_quarantined_free (PkQuarantined *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkQuarantined, pk_quarantined_free)

G_END_DECLS
