#pragma once

#include "pk-model.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* pk-openapi-schemas.c */
void pk_openapi_add_text (JsonBuilder *builder, const char *name, const char *value);
void pk_openapi_add_ref (JsonBuilder *builder, const char *section, const char *name);
void pk_openapi_add_field (JsonBuilder *builder, const PkField *field, gboolean is_nullable);
void pk_openapi_add_schemas (JsonBuilder *builder);
char *pk_openapi_type_name (const char *name);

G_END_DECLS
