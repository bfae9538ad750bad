#pragma once

#include "pk-device-report.h"
#include "pk-feed.h"
#include "pk-service.h"

G_BEGIN_DECLS

/*
 * What devices say of themselves with each pull. Kept in memory, so that a pull writes nothing, and written down now and then. Any
 * thread.
 */
typedef struct _PkDeviceReports PkDeviceReports;

PkDeviceReports *pk_device_reports_new (void);
void pk_device_reports_free (PkDeviceReports *self);
void pk_device_reports_note (PkDeviceReports *self,
                             const PkPullRequest *request,
                             gint64 seq,
                             gint64 now_us);
gboolean pk_device_reports_flush (PkDeviceReports *self, PkService *service, GError **error);
GHashTable *pk_device_reports_list (PkDeviceReports *self, PkService *service, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkDeviceReports, pk_device_reports_free)

G_END_DECLS
