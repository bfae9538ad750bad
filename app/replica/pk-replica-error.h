#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PK_REPLICA_ERROR (pk_replica_error_quark ())
GQuark pk_replica_error_quark (void);

/* Beside PK_SQL_ERROR (disk, file) and PK_PROBLEM_ERROR (a mutation that the rules refuse). */
typedef enum
{
  PK_REPLICA_ERROR_FULL, /* no room on the disk: nothing was saved */
  PK_REPLICA_ERROR_GAP,  /* lines that do not follow what the replica holds: ask again */
  PK_REPLICA_ERROR_EPOCH, /* the server's history is another one: pk_writer_change_epoch(), then ask again */
  PK_REPLICA_ERROR_FEED,   /* lines that make no sense: nothing of the checkpoint was applied */
  PK_REPLICA_ERROR_PERSON, /* the directory belongs to somebody else */
  PK_REPLICA_ERROR_TOO_NEW, /* the files were made by a newer version of the program; they are untouched */
  PK_REPLICA_ERROR_STATE /* the outbox entry is not in a state that allows it */
} PkReplicaError;

G_END_DECLS
