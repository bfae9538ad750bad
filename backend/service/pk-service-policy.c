/* Policies, each a named text of the store. */
#include "config.h"

#include "pk-service-policy.h"

#include "pk-store-meta.h"

#include <string.h>

#define LEASE_DAYS "policy-lease-days"
#define QUARANTINE "policy-quarantine"

/**
 * pk_service_get_policy:
 * @policy_out: (out caller-allocates)
 *
 * Returns: %TRUE if it was read
 */
gboolean
pk_service_get_policy (PkService *service, PkPolicy *policy_out, GError **error)
{
  PkStore *store = pk_service_get_store (service);
  g_autofree char *days = NULL, *quarantine = NULL;
  guint64 number = PK_POLICY_LEASE_DAYS;

  if (!pk_store_get_meta (store, LEASE_DAYS, &days, error) ||
      !pk_store_get_meta (store, QUARANTINE, &quarantine, error))
    return FALSE;
  if (days != NULL)
    g_ascii_string_to_unsigned (days, 10, 0, G_MAXINT, &number, NULL);
  *policy_out = (PkPolicy){ (gint64) number, g_strcmp0 (quarantine, "on") == 0 };
  return TRUE;
}

/**
 * pk_service_set_policy:
 *
 * Changes the policies, on the writer. Devices learn of it with their next pull that has news.
 *
 * Returns: %TRUE if it is durable
 */
gboolean
pk_service_set_policy (PkService *service, const PkPolicy *policy, GError **error)
{
  PkStore *store = pk_service_get_store (service);
  g_autofree char *days = g_strdup_printf ("%" G_GINT64_FORMAT, policy->lease_days);

  if (!pk_store_begin (store, error))
    return FALSE;
  if (pk_store_set_meta (store, LEASE_DAYS, days, error) &&
      pk_store_set_meta (store, QUARANTINE, policy->quarantines_refused ? "on" : "off", error))
    return pk_store_commit (store, error);
  pk_store_rollback (store);
  return FALSE;
}
