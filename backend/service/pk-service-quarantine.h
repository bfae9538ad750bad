#pragma once

#include "pk-quarantined.h"
#include "pk-service-write.h"

G_BEGIN_DECLS

/* Refused work that the server keeps, so that neither the person nor the municipality loses it. */

/* How much of a device is kept, measured once in a transaction; zero at first. */
typedef struct
{
  gboolean is_measured;
  gint64 count;
  gint64 size; /* characters */
} PkQuarantineRoom;

gboolean pk_quarantine_take (PkWrite *write,
                             PkService *service,
                             const PkId *person,
                             const PkId *device,
                             const PkMutation *mutation,
                             PkQuarantineRoom *room,
                             PkVerdict *verdict,
                             GError **error);
gboolean pk_quarantine_concerns (PkService *service,
                                 const PkMutation *mutation,
                                 const PkVerdict *verdict,
                                 gboolean *concerns_out,
                                 GError **error);
GPtrArray *pk_quarantine_list (PkService *service, const PkId *person, guint limit, GError **error);

gboolean pk_quarantine_count (PkService *service, gint64 *count_out, GError **error);

G_END_DECLS
