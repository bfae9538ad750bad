#pragma once

#include "pk-mutation.h"
#include "pk-service.h"

G_BEGIN_DECLS

/* Who acts, with what that person holds at one moment. Immutable; reference counted. */
typedef struct _PkActor PkActor;

PkActor *pk_actor_load (PkService *service, const PkId *person, GError **error);
PkActor *pk_actor_ref (PkActor *self);
void pk_actor_unref (PkActor *self);
const PkId *pk_actor_get_person (const PkActor *self);
gboolean pk_actor_has_role (const PkActor *self, const char *role);
const char *const *pk_actor_get_roles (const PkActor *self);
gboolean pk_actor_holds (const PkActor *self, const char *scope);

/*
 * May this person? Each answers with a problem that says why not. What may not be seen does not exist: NOT_FOUND; what may be
 * seen and not changed: FORBIDDEN. Seeing goes by the scopes that the record is in by now, so a change is asked about twice:
 * before it, and once it is written, in the same transaction.
 */
gboolean pk_access_check_see (PkService *service,
                              const PkActor *actor,
                              const PkEntity *entity,
                              const PkId *id,
                              GError **error);
gboolean pk_access_check_write (const PkActor *actor, const PkMutation *mutation, GError **error);
gboolean pk_access_check_fields (PkService *service,
                                 const PkActor *actor,
                                 const PkRecord *record,
                                 const PkValues *fields,
                                 GError **error);
gboolean pk_access_check_refs (PkService *service,
                               const PkActor *actor,
                               const PkRecord *record,
                               const PkRecord *before,
                               GError **error);
gboolean pk_access_check_kept (PkService *service,
                               const PkActor *actor,
                               const PkRecord *record,
                               GError **error);
void pk_access_withhold (PkService *service, const PkActor *actor, PkRecord *record);
gboolean pk_access_may_read_field (PkService *service,
                                   const PkActor *actor,
                                   const PkRecord *record,
                                   guint field);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkActor, pk_actor_unref)

G_END_DECLS
