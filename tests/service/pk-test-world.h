#pragma once

#include "pk-record.h"
#include "pk-service-import.h"
#include "pk-service.h"

G_BEGIN_DECLS

#define PK_TEST_N_UNITS     4
#define PK_TEST_N_PERSONS   6
#define PK_TEST_N_BUILDINGS 3

/*
 * A small municipality. Units: 0 above 1 and 2; 3 on its own. Persons work in unit (place modulo 4): 0 leads unit 0, 1 leads
 * unit 1, 4 is administrator, 5 is property manager; 2 is caretaker of building 0.
 */
typedef struct
{
  char *dir;          /* (owned) */
  PkClock *clock;     /* (owned): moved by hand */
  PkIdSource *ids;    /* (owned): seeded */
  PkStore *store;     /* (owned): the writer */
  PkService *service; /* (owned) */
  PkId units[PK_TEST_N_UNITS];
  PkId persons[PK_TEST_N_PERSONS];
  PkId buildings[PK_TEST_N_BUILDINGS];
} PkTestWorld;

typedef void (*PkTestWorldFunc) (PkTestWorld *self, gconstpointer data);

void pk_test_world_set_up (PkTestWorld *self);
void pk_test_world_tear_down (PkTestWorld *self);
void pk_test_world_add (const char *name, PkTestWorldFunc func);
PkRecord *pk_test_world_new_record (PkTestWorld *self, guint entity);
PkRecord *pk_test_world_new_task (PkTestWorld *self, const char *title);
void pk_test_world_import (PkTestWorld *self, PkRecord *record);
PkRecord *pk_test_world_find (PkTestWorld *self, guint entity, const PkId *id);
void pk_test_world_check (PkTestWorld *self);

G_END_DECLS
