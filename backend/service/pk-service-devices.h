#pragma once

#include "pk-device.h"
#include "pk-service.h"

G_BEGIN_DECLS

/* Installations: registered at sign-in, seen at each contact, revoked by their person or an administrator. */
gboolean pk_service_register_device (PkService *service,
                                     const PkId *person,
                                     const char *name,
                                     const char *app_version,
                                     PkId *device_out,
                                     GError **error);
PkDevice *pk_service_check_device (PkService *service,
                                   const PkId *person,
                                   const PkId *device,
                                   GError **error);
gboolean pk_service_touch_device (PkService *service,
                                  const PkId *device,
                                  const char *app_version,
                                  GError **error);
gboolean pk_service_revoke_device (PkService *service, const PkId *device, GError **error);

G_END_DECLS
