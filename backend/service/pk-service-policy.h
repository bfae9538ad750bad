#pragma once

#include "pk-service.h"

G_BEGIN_DECLS

/* What the municipality decides about devices. Kept in the store, changed by an operator. */
typedef struct
{
  gint64 lease_days;            /* so long a replica may be read without contact; 0: for ever */
  gboolean quarantines_refused; /* work of a person who lost the right is moved to the server */
} PkPolicy;

#define PK_POLICY_LEASE_DAYS 30

gboolean pk_service_get_policy (PkService *service, PkPolicy *policy_out, GError **error);
gboolean pk_service_set_policy (PkService *service, const PkPolicy *policy, GError **error);

G_END_DECLS
