#pragma once

#include "pk-id.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define PK_JSON_ERROR (pk_json_error_quark ())
GQuark pk_json_error_quark (void);

typedef enum
{
  PK_JSON_ERROR_MALFORMED
} PkJsonError;

#define PK_JSON_MAX_DEPTH 32

/* Reading: strict RFC 8259 in UTF-8; no comments, no duplicate names, no more than PK_JSON_MAX_DEPTH levels. */
gboolean pk_json_check (const char *data, gsize size, GError **error);
JsonNode *pk_json_parse (const char *data, gsize size, GError **error);

/* Writing: values are appended as they are; commas and braces are the caller's. */
void pk_json_append_text (GString *out, const char *text);
void pk_json_append_real (GString *out, double value);
void pk_json_append_time (GString *out, gint64 time_us);
void pk_json_append_id (GString *out, const PkId *id);
void pk_json_append_name (GString *out, const char *name);

G_END_DECLS
