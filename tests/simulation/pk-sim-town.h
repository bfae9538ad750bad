#pragma once

#include "pk-record.h"
#include "pk-sim-world.h"

G_BEGIN_DECLS

#define PK_SIM_N_UNITS     4
#define PK_SIM_N_PERSONS   5
#define PK_SIM_N_BUILDINGS 2
#define PK_SIM_N_TASKS     8

/*
 * What every schedule begins with, made once: a server with a small municipality, and the disks of four devices, each as it is
 * when it was just installed and when it has everything.
 *
 * Units: 0 above 1 and 2; 3 on its own. Person 0 leads unit 0, 1 leads unit 1, 2 works in 2 and looks after building 0, 3 works in 1,
 * 4 is administrator. Devices 0, 1, 2 are of these persons; device 3 is person 1's second one.
 */
struct _PkSimTown
{
  gint64 start_us;
  PkSimDisk *server_disk;                    /* (owned) */
  PkSimImage *server_image;                  /* (owned) */
  PkSimImage *server_with_snapshots;         /* (owned) */
  PkSimDisk *disks[PK_SIM_MOST_CLIENTS];     /* (owned) */
  PkSimImage *fresh[PK_SIM_MOST_CLIENTS];    /* (owned) */
  PkSimImage *complete[PK_SIM_MOST_CLIENTS]; /* (owned) */
  gint64 contacts_us[PK_SIM_MOST_CLIENTS];   /* of those that have everything */
  char *access[PK_SIM_MOST_CLIENTS];         /* (owned) */
  char *refresh[PK_SIM_MOST_CLIENTS];        /* (owned) */
  PkId devices[PK_SIM_MOST_CLIENTS];
  PkId units[PK_SIM_N_UNITS];
  PkId persons[PK_SIM_N_PERSONS];
  PkId buildings[PK_SIM_N_BUILDINGS];
  PkId tasks[PK_SIM_N_TASKS];
  GTimeZone *zone; /* (owned): the service's: GLib reads it again as soon as nobody has it */
};

typedef enum
{
  PK_SIM_TOWN_PLAIN,
  PK_SIM_TOWN_WITH_SNAPSHOTS /* of all scopes of some size */
} PkSimTownKind;

PkSimTown *pk_sim_town_new (void);
void pk_sim_town_free (PkSimTown *self);
const PkId *pk_sim_town_get_owner (PkSimTown *self, guint client);
gboolean pk_sim_town_import (PkSimServer *server, PkRecord *record, GError **error);

/* Everybody in a new world; those with a bit in @fresh were just installed. No device is switched on yet. */
void pk_sim_town_populate (PkSimTown *self,
                           PkSimWorld *world,
                           PkSimTownKind kind,
                           guint n_clients,
                           guint fresh);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkSimTown, pk_sim_town_free)

G_END_DECLS
