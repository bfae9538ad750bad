#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Answers of the administrative socket as people read them, on standard output. */
void pk_admin_print_json (JsonNode *answer);
void pk_admin_print_status (JsonObject *status);
void pk_admin_print_users (JsonObject *answer);
void pk_admin_print_devices (JsonObject *answer);
void pk_admin_print_register (JsonObject *report);
char *pk_admin_describe_error (const GError *error);

void pk_admin_print_sync (JsonObject *answer);
void pk_admin_print_quarantine (JsonObject *answer);
void pk_admin_print_policy (JsonObject *answer);

G_END_DECLS
