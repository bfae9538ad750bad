#pragma once

#include "display-world.h"
#include "pk-application.h"

G_BEGIN_DECLS

/*
 * The program on a desktop of its own: a session bus, folders, and the replica of the small municipality where the program looks for it.
 * Nobody answers at the server's address. Where the program is not in this process, the bus starts the real one when it is asked for.
 */
typedef struct
{
  World world;                /* its replica is closed: the program opens it */
  char *replica;              /* (owned): the folder of the replica */
  GDBusConnection *peer;      /* (owned): whoever is not the program */
  PkApplication *application; /* (owned) (nullable): the program in this process */
  GVariant *answer;           /* (owned) (nullable): the last one */
  gboolean is_answered;
} DesktopPlace;

typedef enum
{
  DESKTOP_SIGNED_OUT = 0,
  DESKTOP_SIGNED_IN = 1 << 0
} DesktopFlags;

void desktop_place_begin (void);
int desktop_place_end (int status);
void desktop_place_set_up (DesktopPlace *self, DesktopFlags flags);
void desktop_place_tear_down (DesktopPlace *self);
void desktop_place_sign_in (DesktopPlace *self);
void desktop_place_start (DesktopPlace *self);
void desktop_place_call (DesktopPlace *self,
                         const char *path,
                         const char *interface,
                         const char *method,
                         GVariant *parameters);
gboolean desktop_place_is_running (DesktopPlace *self);

G_END_DECLS
