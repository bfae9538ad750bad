#pragma once

#include "pk-service.h"
#include "pk-worker.h"

G_BEGIN_DECLS

/*
 * The threads of a store in a folder: one that writes and alone checkpoints, and a bounded number that read, each with its own
 * PkService. A job gets the thread's service; what it returns is handed over by _finish. A queue that is full answers
 * PK_PROBLEM_BUSY. A job that came into conflict with another process that serves the same store is run again from its beginning, so
 * that it must not change its data. Signal "changed" (gint64 seq) on the context that made the pool, after a commit that changed something.
 */
#define PK_TYPE_SERVICE_POOL (pk_service_pool_get_type ())
G_DECLARE_FINAL_TYPE (PkServicePool, pk_service_pool, PK, SERVICE_POOL, GObject)

typedef gpointer (*PkServiceFunc) (PkService *service,
                                   gpointer data,
                                   GCancellable *cancellable,
                                   GError **error);

/* A job: @func with @data; @free_data frees the data, @free_result a result that nobody takes (both nullable). */
typedef struct
{
  PkServiceFunc func;
  gpointer data;
  GDestroyNotify free_data;
  GDestroyNotify free_result;
  PkPriority priority;
  gboolean
      may_share; /* of the writer: all it does is in transactions that it begins and ends, so that others may share them */
} PkServiceJob;

PkServicePool *pk_service_pool_new (const char *dir,
                                    guint n_readers,
                                    PkClock *clock,
                                    PkIdSource *ids,
                                    GError **error);
void pk_service_pool_read_async (PkServicePool *self,
                                 const PkServiceJob *job,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
void pk_service_pool_write_async (PkServicePool *self,
                                  const PkServiceJob *job,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gpointer pk_service_pool_finish (PkServicePool *self, GAsyncResult *result, GError **error);
gint64 pk_service_pool_get_seq (PkServicePool *self);
gboolean pk_service_pool_can_run_again (const GError *error);
gboolean pk_service_pool_is_shared (PkServicePool *self);
gboolean pk_service_pool_is_current (PkServicePool *self, gint64 seq);
guint pk_service_pool_get_n_waiting (PkServicePool *self);
const char *pk_service_pool_get_dir (PkServicePool *self);
void pk_service_pool_shutdown (PkServicePool *self);

G_END_DECLS
