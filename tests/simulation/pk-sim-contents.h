#pragma once

#include "pk-sim-client.h"
#include "pk-sim-door.h"

G_BEGIN_DECLS

/* Documents' contents: moved as app/sync/pk-session-upload.c and -fetch.c move them, let in as backend/http/pk-uploads.c lets them in. */
void pk_sim_client_look_for_contents (PkSimClient *self);
void pk_sim_client_want_content (PkSimClient *self, const char *sha256, gint64 size);
void pk_sim_client_move_content (PkSimClient *self, const PkSyncEffect *effect);
void pk_sim_client_take_content (PkSimClient *self,
                                 const PkSimRequest *request,
                                 const PkSimAnswer *answer);

PkSimAnswer *
pk_sim_door_begin_upload (PkSimServer *self, const PkSimRequest *request, const PkId *person);
PkSimAnswer *
pk_sim_door_take_piece (PkSimServer *self, const PkSimRequest *request, const PkId *person);
PkSimAnswer *
pk_sim_door_send_content (PkSimServer *self, const PkSimRequest *request, const PkId *person);

G_END_DECLS
