#pragma once

#include "pk-list-query.h"
#include "pk-service-access.h"

G_BEGIN_DECLS

/* Records for the JSON API: read within what the person holds, changed by the same road as a push. */
PkRecord *pk_service_get (PkService *service,
                          const PkActor *actor,
                          const PkEntity *entity,
                          const PkId *id,
                          GError **error);

/* A page: @next (nullable) is the cursor that continues it. */
typedef struct
{
  GPtrArray *records; /* (owned): PkRecord */
  char *next;         /* (owned) (nullable) */
} PkListPage;

PkListPage *pk_service_list (PkService *service,
                             const PkActor *actor,
                             const PkListQuery *query,
                             const char *cursor,
                             GError **error);
void pk_list_page_free (PkListPage *self);

/* @mutation needs op, entity, record, fields (and was, where the caller has seen something); the rest is filled in. */
PkVerdict *
pk_service_mutate (PkService *service, const PkId *person, PkMutation *mutation, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkListPage, pk_list_page_free)

G_END_DECLS
