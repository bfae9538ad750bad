#pragma once

#include "pk-id.h"

G_BEGIN_DECLS

typedef enum
{
  PK_STORE_READ_WRITE, /* the one writer: creates and migrates, and alone checkpoints */
  PK_STORE_READ_ONLY
} PkStoreMode;

/* In the store's folder: a line such as "postgresql:///pakobla?host=/run/postgresql" where the database is not DIR/pakobla.db. */
#define PK_STORE_ADDRESS "database"

/*
 * One thread's handle on what the server keeps in a folder: DIR/pakobla.db, DIR/blobs/, DIR/snapshots/. Opened by the thread
 * that uses it, or handed over with pk_store_adopt(). All that runs between begin and commit is durable together or not at all.
 * No driver shows here: a folder with a file DIR/database has its rows in PostgreSQL, and other processes may write them too. A
 * transaction may then end with PK_SQL_ERROR_CONFLICT wherever it is; run again from its beginning it finds what came between. Failures of the driver are its own errors; the
 * service turns a full disk into PK_PROBLEM_NO_SPACE and the rest into PK_PROBLEM_INTERNAL.
 */
typedef struct _PkStore PkStore;

PkStore *pk_store_open (const char *dir, PkStoreMode mode, PkIdSource *ids, GError **error);
void pk_store_close (PkStore *self);
void pk_store_adopt (PkStore *self);
const char *pk_store_get_dir (PkStore *self);
char *pk_store_dup_address (const char *dir);
gboolean pk_store_is_lost (PkStore *self);

gboolean pk_store_begin (PkStore *self, GError **error);
void pk_store_write_beside (PkStore *self, const PkId *families, guint n_families);
gboolean pk_store_is_conflict (const GError *error);
gboolean pk_store_begin_reading (PkStore *self, GError **error);
gboolean pk_store_commit (PkStore *self, GError **error);
void pk_store_rollback (PkStore *self);
gboolean pk_store_begin_shared (PkStore *self, GError **error);
gboolean pk_store_commit_shared (PkStore *self, GError **error);
gboolean pk_store_savepoint (PkStore *self, GError **error);
gboolean pk_store_release (PkStore *self, GError **error);
void pk_store_rollback_to_savepoint (PkStore *self);
gboolean pk_store_checkpoint (PkStore *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkStore, pk_store_close)

G_END_DECLS
