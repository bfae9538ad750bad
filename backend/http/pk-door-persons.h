#pragma once

#include "pk-model-tables.h"
#include "pk-record.h"
#include "pk-service.h"

G_BEGIN_DECLS

typedef struct
{
  PkRecord *record; /* (owned) */
  char *unit;       /* (owned) (nullable): its name */
  GPtrArray *roles; /* (owned): codes, each once */
} PkDoorPerson;

GPtrArray *pk_door_persons_load (PkService *service, GError **error);
const PkDoorPerson *pk_door_persons_find (GPtrArray *persons, const char *word);
gboolean pk_door_person_fits (const PkDoorPerson *self, const char *text, const char *more);
gboolean pk_door_person_has_role (const PkDoorPerson *self, const char *role);

G_END_DECLS
