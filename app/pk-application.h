#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The program: who is signed in, the replica, sync, and the window. Wires everything together and decides nothing else. */
#define PK_TYPE_APPLICATION (pk_application_get_type ())
G_DECLARE_FINAL_TYPE (PkApplication, pk_application, PK, APPLICATION, AdwApplication)

PkApplication *pk_application_new (void);

G_END_DECLS
