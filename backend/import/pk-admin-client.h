#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The other end of a running server's administrative socket. Blocks; for programs that do one thing. */
typedef struct _PkAdminClient PkAdminClient;

PkAdminClient *pk_admin_client_new (const char *data_dir);
void pk_admin_client_free (PkAdminClient *self);
gboolean pk_admin_client_call (PkAdminClient *self,
                               const char *method,
                               const char *path,
                               const char *media_type,
                               GBytes *body,
                               JsonNode **answer_out,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkAdminClient, pk_admin_client_free)

G_END_DECLS
