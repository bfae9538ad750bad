/* Devices of persons. */
#include "config.h"

#include "pk-service-devices.h"

#include "pk-glib-backports.h"
#include "pk-service-private.h"
#include "pk-store-devices.h"
#include "pk-store-tokens.h"

static gboolean
commit_device (PkService *service, const PkDevice *device, GError **error)
{
  if (!pk_store_begin (service->store, error))
    return FALSE;
  if (pk_store_put_device (service->store, device, error))
    return pk_store_commit (service->store, error);
  pk_store_rollback (service->store);
  return FALSE;
}

/**
 * pk_service_register_device:
 * @name: (nullable): what people call it
 * @app_version: (nullable): of the program on it
 * @device_out: (out): its id
 *
 * Registers a device on the writer.
 *
 * Returns: %TRUE if it is registered
 */
gboolean
pk_service_register_device (PkService *service,
                            const PkId *person,
                            const char *name,
                            const char *app_version,
                            PkId *device_out,
                            GError **error)
{
  PkId id = pk_id_source_next (service->ids);
  g_autoptr (PkDevice) device = pk_device_new (&id, person);

  device->name = g_strdup (name);
  device->app_version = g_strdup (app_version);
  device->created_us = device->seen_us = pk_service_now_us (service);
  *device_out = id;
  return commit_device (service, device, error);
}

/**
 * pk_service_check_device:
 *
 * Errors: %PK_PROBLEM_NOT_FOUND, %PK_PROBLEM_FORBIDDEN for somebody else's, %PK_PROBLEM_DEVICE_REVOKED
 * Returns: (transfer full) (nullable): the person's device
 */
PkDevice *
pk_service_check_device (PkService *service, const PkId *person, const PkId *device, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PkDevice) found = pk_store_find_device (service->store, device, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (found == NULL)
    pk_problem_set (error, PK_PROBLEM_NOT_FOUND, "/device", "The device is not known");
  else if (!pk_id_equal (&found->person, person))
    pk_problem_set (error, PK_PROBLEM_FORBIDDEN, "/device", "The device is somebody else's");
  else if (found->revoked_us != 0)
    pk_problem_set (error, PK_PROBLEM_DEVICE_REVOKED, "/device", "The device has been revoked");
  else
    return g_steal_pointer (&found);
  return NULL;
}

/**
 * pk_service_touch_device:
 * @app_version: (nullable): of the program on it; NULL leaves what is known
 *
 * Notes on the writer that the device was heard of. One that is not known is left alone.
 *
 * Returns: %TRUE if it is noted
 */
gboolean
pk_service_touch_device (PkService *service,
                         const PkId *device,
                         const char *app_version,
                         GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PkDevice) found = pk_store_find_device (service->store, device, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (found == NULL)
    return TRUE;
  found->seen_us = pk_service_now_us (service);
  if (app_version != NULL)
    g_set_str (&found->app_version, app_version);
  return commit_device (service, found, error);
}

/**
 * pk_service_revoke_device:
 *
 * Revokes a device on the writer. Its tokens stay known but are worth nothing, so that it can be told why.
 *
 * Errors: %PK_PROBLEM_NOT_FOUND
 * Returns: %TRUE if it is revoked
 */
gboolean
pk_service_revoke_device (PkService *service, const PkId *device, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PkDevice) found = pk_store_find_device (service->store, device, &local_error);

  if (found == NULL && local_error == NULL)
    pk_problem_set (&local_error, PK_PROBLEM_NOT_FOUND, "/device", "The device is not known");
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (found->revoked_us == 0)
    found->revoked_us = pk_service_now_us (service);
  return pk_store_put_device (service->store, found, error);
}
