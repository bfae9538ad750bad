#pragma once

#include "pk-clock.h"
#include "pk-id.h"

G_BEGIN_DECLS

/* Opaque here: who stands on the service does not ask the store. */
typedef struct _PkStore PkStore;

/*
 * One thread's way to the rules: a store's handle with the clock and the ids that are given. Every function of the room takes
 * one; those that write want the writer's. Failures that can travel are problems (PK_PROBLEM_ERROR); others are the store's.
 */
typedef struct _PkService PkService;

PkService *pk_service_new (PkStore *store, PkClock *clock, PkIdSource *ids);
void pk_service_free (PkService *self);
PkStore *pk_service_get_store (PkService *self);
gint64 pk_service_get_rows_at_once (PkService *self);
void pk_service_set_quarantine_limit (PkService *self, gint64 limit);
void pk_service_set_rows_at_once (PkService *self, gint64 rows_at_once);
PkIdSource *pk_service_get_ids (PkService *self);
void pk_service_set_alone (PkService *self, gboolean is_alone);
gint64 pk_service_now_us (PkService *self);
char *pk_service_dup_today (PkService *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkService, pk_service_free)

G_END_DECLS
