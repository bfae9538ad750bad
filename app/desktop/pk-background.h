#pragma once

#include "pk-background-model.h"

G_BEGIN_DECLS

/* Who starts the program when the person signs in to the computer. */
typedef enum
{
  PK_BACKGROUND_BY_FILE, /* a file in the person's folder "autostart" */
  PK_BACKGROUND_BY_PORTAL /* the desktop's portal, which may ask the person: in a sandbox there is no other way */
} PkBackgroundWay;

/*
 * Carries out what the preferences ask of the model: that the program is started without a window ("--background") when the person signs in
 * to the computer. Main thread.
 */
#define PK_TYPE_BACKGROUND (pk_background_get_type ())
G_DECLARE_FINAL_TYPE (PkBackground, pk_background, PK, BACKGROUND, GObject)

PkBackground *
pk_background_new (PkBackgroundModel *model, GDBusConnection *connection, PkBackgroundWay way);
PkBackgroundWay pk_background_find_way (void);
char *pk_background_get_file (void);

G_END_DECLS
