#pragma once

#include "pk-model.h"

G_BEGIN_DECLS

/* The JSON API as OpenAPI 3.1, made from the model's tables: an entity that is declared is described. */
char *pk_openapi_to_json (void);

G_END_DECLS
