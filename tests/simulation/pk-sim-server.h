#pragma once

#include "pk-service.h"
#include "pk-sim-world.h"

G_BEGIN_DECLS

/* Mutations of one device, where a server's quarantine has little room. */
#define PK_SIM_LITTLE_ROOM 2

/* The server: the service on its store, behind a door that says what backend/http says, without HTTP. */
typedef enum
{
  PK_SIM_REQUEST_PUSH,
  PK_SIM_REQUEST_PULL,
  PK_SIM_REQUEST_SNAPSHOT,
  PK_SIM_REQUEST_REFRESH,
  PK_SIM_REQUEST_EVENTS,
  PK_SIM_REQUEST_UPLOAD, /* begins one, or asks how far it has come */
  PK_SIM_REQUEST_PIECE,
  PK_SIM_REQUEST_CONTENT
} PkSimRequestKind;

typedef struct
{
  guint n_refs;
  PkSimRequestKind kind;
  guint client;
  guint life;    /* of the client: answers go to the process that asked */
  guint request; /* the machine's number */
  char *token;   /* (owned) (nullable): access, or what refreshes it */
  PkId device;   /* push */
  PkId epoch;    /* push; all zero: none */
  GString *body; /* (owned) */
  char *sha256;  /* (owned) (nullable) */
  gint64 offset;
  gint64 size; /* of a content */
  PkId upload;
} PkSimRequest;

/* As our protocol's header says, or as somebody on the way says. */
typedef struct
{
  gboolean is_ours;
  guint status;
  GString *body; /* (owned): lines, bytes of a file, or a problem as JSON */
  char *refresh; /* (owned) (nullable): tokens: body is the access token */
  PkId device;   /* of the tokens */
  gint64 offset; /* where the bytes begin; how far an upload has come */
  PkId upload;
  gboolean is_cut;
} PkSimAnswer;

struct _PkSimServer
{
  PkSimWorld *world;
  PkSimDisk *disk;
  PkClock *clock;      /* (owned) */
  gint64 clock_off_us; /* how wrong it is */
  gint64 clock_us;     /* what it was set to */
  PkIdSource *ids;     /* (owned) */
  PkStore *store;      /* (owned) (nullable): NULL while it is down */
  PkService *service;  /* (owned) (nullable) */
  guint life;
  gboolean is_going_to_lose_power;
  gboolean has_little_room; /* in its quarantine */
  PkSimImage *backup;       /* (owned) (nullable) */
  GArray *listeners;        /* (owned): of events: client, life, request */
};

PkSimServer *pk_sim_server_new (PkSimWorld *world, PkSimDisk *disk);
void pk_sim_server_free (PkSimServer *self);
gboolean pk_sim_server_start (PkSimServer *self);
void pk_sim_server_die (PkSimServer *self);
void pk_sim_server_survive (PkSimServer *self);
void pk_sim_server_set_clock (PkSimServer *self);
PkSimAnswer *pk_sim_server_answer (PkSimServer *self, const PkSimRequest *request);
void pk_sim_server_listen (PkSimServer *self, const PkSimRequest *request);
gboolean pk_sim_server_sign_in (PkSimServer *self,
                                const PkId *person,
                                const PkId *device,
                                PkSimAnswer *answer_out);
void pk_sim_server_back_up (PkSimServer *self);
void pk_sim_server_restore (PkSimServer *self);
void pk_sim_server_make_snapshots (PkSimServer *self);

PkSimRequest *pk_sim_request_new (PkSimRequestKind kind);
PkSimRequest *pk_sim_request_ref (PkSimRequest *self);
void pk_sim_request_unref (PkSimRequest *self);
PkSimAnswer *pk_sim_answer_new (guint status);
void pk_sim_answer_free (PkSimAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkSimRequest, pk_sim_request_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkSimAnswer, pk_sim_answer_free)

G_END_DECLS
