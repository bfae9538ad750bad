#pragma once

#include "pk-store-log.h"
#include "pk-store-private.h"

G_BEGIN_DECLS

/* One line of a record: where it stands in one scope. */
typedef struct
{
  gint64 scope;
  gint64 seq;
  PkLogState state;
} PkPlace;

GArray *pk_places_find (PkPlaces *self, const PkEntity *entity, const PkId *id);
void pk_places_learn (PkPlaces *self, const PkEntity *entity, const PkId *id, GArray *stored);
void pk_places_set (PkPlaces *self, const PkEntity *entity, const PkId *id, GArray *places);

G_END_DECLS
