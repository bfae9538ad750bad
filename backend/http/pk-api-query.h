#pragma once

#include "pk-exchange.h"
#include "pk-service-records.h"

G_BEGIN_DECLS

#define PK_API_DEFAULT_LIMIT 50
#define PK_API_MAX_LIMIT     200

/* What a list's address asks for: limit, after, order, title, and fields that must be equal. */
typedef struct
{
  PkListQuery query;
  PkValues *filters;  /* (owned): what query.filters points to */
  const char *cursor; /* (nullable): of the exchange */
} PkApiQuery;

PkApiQuery *pk_api_query_read (GHashTable *parameters, const PkEntity *entity, GError **error);
void pk_api_query_free (PkApiQuery *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkApiQuery, pk_api_query_free)

G_END_DECLS
