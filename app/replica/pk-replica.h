#pragma once

#include "pk-outbox.h"
#include "pk-search.h"
#include "pk-worker.h"
#include "pk-writer.h"

G_BEGIN_DECLS

#define PK_TYPE_REPLICA (pk_replica_get_type ())
G_DECLARE_FINAL_TYPE (PkReplica, pk_replica, PK, REPLICA, GObject)

/*
 * The client's data, seen from the main thread: one directory, one person. It owns the writer with its worker, a reader for the main
 * thread, and a reader on a worker for what scans.
 *
 * Signal "changed" (PkChangeSet): on the main context after commits, several of them as one.
 */
PkReplica *pk_replica_open (const char *directory,
                            PkClock *clock,
                            PkIdSource *ids,
                            const PkId *person,
                            PkReplicaFlags flags,
                            GError **error);
void pk_replica_adopt (PkReplica *self);
void pk_replica_close (PkReplica *self);

/* Whether upkeep is under way, or changes are not told yet. */
gboolean pk_replica_is_busy (PkReplica *self);

PkReader *pk_replica_get_reader (PkReplica *self);
const PkId *pk_replica_get_person (PkReplica *self);
const char *pk_replica_get_directory (PkReplica *self);
PkClock *pk_replica_get_clock (PkReplica *self);
PkIdSource *pk_replica_get_id_source (PkReplica *self);

/* The person's acts: pk_writer_submit() on the writer. @mutations: (transfer none): array of PkMutation, not touched afterwards. */
void pk_replica_submit_async (PkReplica *self,
                              GPtrArray *mutations,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean pk_replica_submit_finish (PkReplica *self, GAsyncResult *result, GError **error);

/*
 * Anything else on the two workers. @func runs there and gives its result (NULL with @error if it failed; what succeeds without a
 * result gives PK_DONE); the result belongs to whoever finishes, or goes to @free_result.
 */
typedef gpointer (*PkWriterFunc) (PkWriter *writer, gpointer data, GError **error);
typedef gpointer (*PkReaderFunc) (PkReader *reader, gpointer data, GError **error);
#define PK_DONE GINT_TO_POINTER (1)

typedef struct
{
  PkPriority priority;
  gpointer data;              /* handed to the function */
  GDestroyNotify free_data;   /* (nullable) */
  GDestroyNotify free_result; /* (nullable) */
} PkReplicaJob;

void pk_replica_write_async (PkReplica *self,
                             PkWriterFunc func,
                             const PkReplicaJob *job,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
void pk_replica_read_async (PkReplica *self,
                            PkReaderFunc func,
                            const PkReplicaJob *job,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gpointer pk_replica_job_finish (PkReplica *self, GAsyncResult *result, GError **error);

/* The commonest scan. The result is a GArray of gint64. */
void pk_replica_query_tasks_async (PkReplica *self,
                                   const PkTaskQuery *query,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GArray *pk_replica_query_tasks_finish (PkReplica *self, GAsyncResult *result, GError **error);

G_END_DECLS
