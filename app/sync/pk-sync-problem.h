#pragma once

#include "pk-sync-machine.h"

G_BEGIN_DECLS

/* What an error of our server means to the sync machine. */
typedef struct
{
  PkSyncFailure failure;
  gint64 number; /* gap: expected n */
  PkId id;       /* forked: device; epoch */
} PkSyncProblem;

PkSyncProblem pk_sync_problem_read (const GError *problem, const char *json, gsize size);
PkSyncFailure pk_sync_problem_judge_push (PkSyncFailure failure, int code);

G_END_DECLS
