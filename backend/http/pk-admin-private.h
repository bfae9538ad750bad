#pragma once

#include "pk-exchange.h"

G_BEGIN_DECLS

void pk_admin_append_text (GString *out, const char *name, const char *value);
void pk_admin_append_number (GString *out, const char *name, gint64 number);
JsonNode *pk_admin_read_object (PkExchange *exchange, GError **error);
const char *pk_admin_read_path (JsonNode *body, GError **error);
const char *pk_admin_get_text (JsonNode *object, const char *name);

gboolean pk_admin_get_users (PkExchange *exchange, GError **error);
gboolean pk_admin_post_user (PkExchange *exchange, GError **error);
gboolean pk_admin_get_devices (PkExchange *exchange, GError **error);
gboolean pk_admin_revoke_device (PkExchange *exchange, GError **error);

G_END_DECLS
