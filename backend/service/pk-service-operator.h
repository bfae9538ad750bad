#pragma once

#include "pk-backup-facts.h"
#include "pk-device.h"
#include "pk-service.h"

G_BEGIN_DECLS

/* What an operator asks of the store, and the few facts that everybody may know. */
typedef struct
{
  PkId epoch;
  gint64 seq;
  gint64 n_blobs;
  gint64 blob_bytes;
  gint64 database_bytes;
  gint64 n_devices;
} PkServiceFacts;

gboolean pk_service_get_facts (PkService *service, PkServiceFacts *facts_out, GError **error);
gboolean pk_service_get_epoch (PkService *service, PkId *epoch_out, GError **error);
gboolean pk_service_count (PkService *service, guint entity, gint64 *count_out, GError **error);
const char *pk_service_get_dir (PkService *service);
GPtrArray *pk_service_list_devices (PkService *service, GError **error);
char *pk_service_dup_person_name (PkService *service, const PkId *person);
gboolean
pk_service_backup (PkService *service, const char *path, PkStoreBackup *facts_out, GError **error);
gboolean pk_service_restore (PkService *service, const char *path, GError **error);

G_END_DECLS
