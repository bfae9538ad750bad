#pragma once

#include "pk-feed.h"
#include "pk-outbox.h"
#include "pk-schema-plan.h"
#include "pk-sql.h"
#include "pk-table.h"
#include "pk-writer.h"

G_BEGIN_DECLS

/* A scope as the replica holds it; loaded for a transaction, written back before its commit. */
typedef struct
{
  gint64 number; /* in member.scope */
  char *name;    /* (owned) */
  gint64 cursor;
  gint64 count;
  PkFingerprint fingerprint;
  gboolean is_suspect;  /* count or fingerprint differed at a commit */
  gboolean is_repaired; /* a repair is under way */
  gint64 repaired_us;   /* when that was last begun */
  gboolean is_dirty;
  gboolean is_dropped;
} PkHeldScope;

/* The answer that is being applied: what its begin line said. */
typedef struct
{
  GPtrArray *scopes; /* (owned): PkFeedScope, by number */
  GHashTable *seen;  /* (owned): "entity/id/scope" of rows for scopes that are repaired */
  gint64 seq;
  PkId epoch;
  gint64 grants;
  gint64 cursor_version; /* of the writer, after the last checkpoint of this answer */
} PkStream;

/* A repair that is under way (pk-repair.c). */
typedef struct _PkRepair PkRepair;

struct _PkWriter
{
  char *directory; /* (owned) */
  PkClock *clock;  /* (owned) */
  PkIdSource *ids; /* (owned) */
  PkId person;
  PkReplicaFlags flags;
  const PkSchemaPlan *replica_plan;
  const PkSchemaPlan *outbox_plan;

  PkSql *sql;        /* (owned): the replica */
  PkTables *tables;  /* (owned) */
  guint generation;  /* of the replica's file */
  PkSql *outbox;     /* (owned) */
  GHashTable *dirty; /* (owned): PkRecordKey: visible rows to be made anew before the commit */
  GPtrArray *removed_blobs; /* (owned): names of content whose document went in this transaction */
  GPtrArray *unstored;      /* (owned): PkRecord: own documents that the server has no content of */
  gboolean has_swept;       /* the contents, since the files were opened */
  PkChangeSet *changes;     /* (owned): of this transaction */
  gboolean needs_replay;
  gboolean has_bases; /* there may be own work on records; of this transaction */
  gint64 cursor_version;
  PkStream *stream;  /* (owned) (nullable) */
  PkRepair *repair;  /* (owned) (nullable) */
  GPtrArray *wanted; /* (owned): PkFeedScope */

  PkWriterListener listener;
  gpointer listener_data;
  PkWriterYield must_yield; /* (nullable) */
  gpointer yield_data;
  gboolean has_yielded; /* this slice of upkeep */
};

/* Files (pk-replica-files.c) */
gboolean pk_writer_open_files (PkWriter *self, GError **error);
void pk_writer_close_replica (PkWriter *self);
gboolean pk_writer_note_epoch (PkWriter *self, const PkId *epoch, GError **error);
gboolean pk_writer_use_generation (PkWriter *self, guint generation, GError **error);
gboolean pk_writer_start_over (PkWriter *self, GError **error);
void pk_writer_mend (PkWriter *self);
gboolean pk_writer_guard (PkWriter *self, gboolean is_done, GError **error);
char *pk_replica_path (const char *directory, guint generation, const char *suffix);
guint pk_replica_find_generation (const char *directory);
char *pk_outbox_path (const char *directory);
gboolean pk_writer_switch_to (PkWriter *self, guint generation, GError **error);
gboolean pk_writer_reconcile (PkWriter *self, GError **error);
gboolean pk_replica_create_tables (PkWriter *self, GError **error);
gboolean
pk_replica_put_in_place (PkWriter *self, const char *part, const char *path, GError **error);
gboolean pk_replica_carry (PkWriter *self, const char *old, GPtrArray *scopes, GError **error);
gboolean pk_outbox_create_schema (PkWriter *self, GError **error);
guint pk_writer_get_generation (PkWriter *self);

/* Names and values of either file (pk-meta.c) */
gboolean
pk_meta_get_int (PkSql *sql, const char *name, gint64 fallback, gint64 *out, GError **error);
gboolean pk_meta_set_int (PkSql *sql, const char *name, gint64 value, GError **error);
gboolean pk_meta_get_id (PkSql *sql, const char *name, PkId *out, GError **error);
gboolean pk_meta_set_id (PkSql *sql, const char *name, const PkId *id, GError **error);

void pk_writer_forget_stream (PkWriter *self);

/* Opens with other steps than this program's: for tests of the way from version to version. */
PkWriter *pk_writer_open_planned (const char *directory,
                                  PkClock *clock,
                                  PkIdSource *ids,
                                  const PkId *person,
                                  PkReplicaFlags flags,
                                  const PkSchemaPlan *replica_plan,
                                  const PkSchemaPlan *outbox_plan,
                                  GError **error);

/* A transaction on the replica: replays what is dirty, commits, tells (pk-writer.c) */
gboolean pk_writer_begin (PkWriter *self, GError **error);
gboolean pk_writer_commit (PkWriter *self, GError **error);
void pk_writer_rollback (PkWriter *self);
void pk_writer_catch_up (PkWriter *self);
void pk_writer_tell (PkWriter *self);

/* Rows that people see (pk-visible.c), and own work on top of the server's (pk-overlay.c) */
gboolean pk_visible_put (PkWriter *self,
                         const PkEntity *entity,
                         const PkId *id,
                         PkRecord *record,
                         GError **error);
GHashTable *pk_overlay_new_marks (void);
gboolean pk_overlay_look (PkWriter *self, GError **error);
gboolean pk_overlay_put_server (PkWriter *self,
                                const PkEntity *entity,
                                const PkId *id,
                                PkRecord *record,
                                GError **error);
void pk_overlay_mark (PkWriter *self, const PkEntity *entity, const PkId *id);
gboolean pk_overlay_mark_outstanding (PkWriter *self, GError **error);
gboolean pk_overlay_try (PkWriter *self, const PkMutation *mutation, GError **error);
gboolean pk_overlay_rebase (PkWriter *self, GError **error);
gboolean pk_overlay_replay (PkWriter *self, GError **error);

/* Scopes and who is in them (pk-members.c) */
PkHeldScope *pk_held_scope_new (const char *name);
void pk_held_scope_free (PkHeldScope *self);
GPtrArray *pk_members_load_scopes (PkWriter *self, GError **error);
PkHeldScope *pk_members_find_scope (GPtrArray *scopes, const char *name);
gboolean pk_members_save_scopes (PkWriter *self, GPtrArray *scopes, GError **error);
gboolean pk_members_insert_scope (PkWriter *self, PkHeldScope *scope, GError **error);
gboolean pk_members_put (PkWriter *self,
                         GPtrArray *scopes,
                         const PkRecord *record,
                         PkHeldScope *const *into,
                         guint n_into,
                         GError **error);
gboolean pk_members_leave (PkWriter *self,
                           PkHeldScope *scope,
                           const PkEntity *entity,
                           const PkId *id,
                           GError **error);
gboolean pk_members_drop_scope (PkWriter *self, PkHeldScope *scope, GError **error);
gboolean pk_members_sweep (PkWriter *self,
                           PkHeldScope *scope,
                           const PkIdRange *range,
                           GHashTable *seen,
                           guint *n_removed,
                           GError **error);
char *pk_members_seen_key (const PkEntity *entity, const PkId *id, gint64 scope);

/* The outbox's own table (pk-outbox-store.c) */
#define PK_OUTBOX_COLUMNS                                                                          \
  "place, n, id, entity, record, at, line, state, seq, verdict, judged_at, replaces, is_seen"

PkOutboxEntry *pk_outbox_read_line (PkStatement *row);
PkOutboxEntry *pk_outbox_read_entry (PkStatement *row);
gboolean pk_outbox_append (PkWriter *self, PkMutation *mutation, gint64 replaces, GError **error);
gboolean pk_outbox_number (PkWriter *self, GPtrArray *mutations, GError **error);
GPtrArray *pk_outbox_list_active (PkWriter *self, const PkId *record, gint64 seq, GError **error);

/* The mutation that a verdict is about. */
typedef struct
{
  gint64 place;
  const PkEntity *entity; /* (nullable) */
  PkId record;
  gboolean is_waiting; /* it had no verdict yet */
} PkVerdictTarget;

gboolean pk_outbox_save_verdict (PkWriter *self,
                                 const PkVerdict *verdict,
                                 PkVerdictTarget *target_out,
                                 GError **error);
PkOutboxEntry *pk_outbox_find (PkWriter *self, gint64 place, GError **error);
gboolean pk_outbox_set_state (PkWriter *self, gint64 place, PkOutboxState state, GError **error);
gboolean pk_outbox_renumber (PkWriter *self,
                             gint64 from_n,
                             gint64 first_n,
                             const PkId *prev,
                             GError **error);
gboolean pk_outbox_prune (PkWriter *self, guint *n_out, GError **error);
gboolean pk_outbox_salvage (const char *damaged, PkSql *into, guint *n_out, GError **error);

/* What the feed and the answers to a push have in common (pk-writer-push.c) */
gboolean pk_writer_save_verdicts (PkWriter *self, GPtrArray *verdicts, GError **error);
gboolean pk_writer_mark_settled (PkWriter *self, gint64 old_seq, gint64 new_seq, GError **error);

/* Indexes (pk-indexes.c) */
#define PK_INDEXES_VERSION 2
gboolean pk_indexes_create (PkSql *sql, GError **error);
gboolean pk_indexes_make_next (PkWriter *self, gboolean *is_made_out, GError **error);

/* Search index (pk-search-index.c) */
gboolean pk_search_create (PkSql *sql, GError **error);
gboolean pk_search_watch (PkSql *sql, GError **error);
gboolean pk_search_follow (PkSql *sql, GError **error);
gboolean pk_search_follow_slice (PkWriter *self, gboolean *has_more_out, GError **error);
gboolean pk_search_fill_slice (PkWriter *self, gboolean *has_more_out, GError **error);
gboolean pk_search_pause (PkWriter *self, GError **error);
gboolean pk_search_forget (PkWriter *self, GError **error);

/* Contents (pk-blob-queue.c) */
gboolean pk_writer_remove_orphan_blobs (PkWriter *self, GError **error);
void pk_writer_note_unstored (PkWriter *self, PkRecord *document);
gboolean pk_writer_queue_unstored (PkWriter *self, GError **error);
gboolean pk_writer_sweep_blobs (PkWriter *self, GError **error);

G_END_DECLS
