#pragma once

#include "pk-authorizer.h"
#include "pk-bench-server.h"
#include "pk-bench-town.h"
#include "pk-replica.h"
#include "pk-sync-session.h"

G_BEGIN_DECLS

/* A client as the program is one – authorizer, replica on disk, session – of the person who leads the town. */
typedef struct
{
  char *dir; /* (owned) */
  PkReplica *replica;
  PkAuthorizer *authorizer;
  PkSyncSession *session;
  gint64 seq; /* the state that it must come to hold */
} PkBenchClient;

typedef gboolean (*PkBenchCondition) (gpointer data);

double pk_bench_ms_since (gint64 start_us);
void pk_bench_wait_for (PkBenchCondition condition, gpointer data);

void pk_bench_client_open (PkBenchClient *self,
                           const PkBenchServer *server,
                           const PkBenchTown *town,
                           const char *name);
void pk_bench_client_close (PkBenchClient *self);
void pk_bench_client_start (PkBenchClient *self);
void pk_bench_client_stop (PkBenchClient *self);
double pk_bench_client_time_session (PkBenchClient *self);
double pk_bench_client_time_pull (PkBenchClient *self);
double pk_bench_client_edit_offline (PkBenchClient *self, guint n, const char *title);
gboolean pk_bench_client_is_up_to_date (gpointer data);
gboolean pk_bench_client_is_judged (gpointer data);
gboolean pk_bench_client_is_idle (gpointer data);
gint64 pk_bench_client_get_seq (PkBenchClient *self);

G_END_DECLS
