#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is served first; within a priority, first come, first served. */
typedef enum
{
  PK_PRIORITY_INTERACTIVE, /* a person waits */
  PK_PRIORITY_SYNC,
  PK_PRIORITY_UPKEEP
} PkPriority;

#define PK_TYPE_WORKER (pk_worker_get_type ())
G_DECLARE_FINAL_TYPE (PkWorker, pk_worker, PK, WORKER, GObject)

/*
 * One named thread that runs queued tasks one at a time. What a worker owns (a database connection) is touched by
 * nothing else. A task completes on the main context where it was made.
 */
PkWorker *pk_worker_new (const char *name);
void pk_worker_queue (PkWorker *self, PkPriority priority, GTask *task, GTaskThreadFunc func);
gboolean pk_worker_is_current (PkWorker *self);
guint pk_worker_get_n_queued (PkWorker *self);
gboolean pk_worker_has_queued (PkWorker *self, PkPriority priority);
void pk_worker_shutdown (PkWorker *self);

G_END_DECLS
