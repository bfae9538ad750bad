/* Who asks: the bearer token of a request. */
#include "config.h"

#include "pk-http-private.h"

#include "pk-problem.h"

/**
 * pk_http_authenticate:
 *
 * Finds the person and the device behind the request's access token.
 *
 * Errors: %PK_PROBLEM_UNAUTHORIZED, %PK_PROBLEM_DEVICE_REVOKED
 */
gboolean
pk_http_authenticate (PkExchange *exchange G_GNUC_UNUSED, GError **error)
{
  pk_problem_set (error, PK_PROBLEM_UNAUTHORIZED, NULL, "An access token is needed");
  return FALSE;
}
