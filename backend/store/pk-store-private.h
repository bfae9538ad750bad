#pragma once

#include "pk-store-meta.h"
#include "pk-table.h"

G_BEGIN_DECLS

typedef struct _PkScopeCounters PkScopeCounters;
typedef struct _PkPlaces PkPlaces;
typedef struct _PkLaterRows PkLaterRows;
typedef struct _PkScopeChange PkScopeChange;

/*
 * What the two databases do each in their own way; all the rest of the room is the same text for both. On SQLite there is one
 * writer, and numbers follow one another. On PostgreSQL there are several, see pk-store-postgres.c.
 */
typedef struct
{
  gboolean (*begin_schema) (PkStore *self, GError **error); /* nobody else changes it meanwhile */
  gboolean (*get_version) (PkStore *self, gint64 *version_out, GError **error);
  gboolean (*set_version) (PkStore *self, guint version, GError **error);
  gboolean (*find_columns) (PkStore *self, const char *table, GHashTable *columns, GError **error);
  gboolean (*complete_schema) (PkStore *self, GError **error); /* what only this database needs */
  gboolean (*begin) (PkStore *self,
                     guint32 lanes,
                     GError **error); /* sets saved_seq; no lanes: alone */
  gboolean (*read_seq) (PkStore *self, gint64 *seq_out, GError **error);
  gboolean (*read_head) (PkStore *self, PkStoreHead *head_out, GError **error);
  gboolean (*write_seq) (PkStore *self, GError **error);
  gboolean (*write_scope) (PkStore *self,
                           gint64 scope,
                           const PkScopeChange *change,
                           GError **error);
  gboolean (*checkpoint) (PkStore *self, GError **error);
  gboolean (*copy_out) (PkStore *self,
                        const char *path,
                        GError **error); /* into a new file of SQLite's */
  gboolean (*copy_in) (PkStore *self,
                       const char *path,
                       GError **error); /* in the place of all that is here */
  gboolean (*claim) (PkStore *self, const char *work, gboolean *is_ours_out, GError **error);
  gboolean (*yield) (PkStore *self, const char *work, GError **error);
  gboolean (*tell_others) (PkStore *self, GError **error);
  gboolean one_number_each; /* all changes of a transaction have the same number */
} PkStoreEngine;

#define PK_STORE_N_LANES 32

extern const PkStoreEngine pk_store_sqlite;
extern const PkStoreEngine pk_store_postgres;

struct _PkStore
{
  const PkStoreEngine *engine;
  PkSql *sql;       /* (owned) */
  PkTables *tables; /* (owned) */
  char *dir;        /* (owned) */
  PkStoreMode mode;
  PkIdSource *ids;           /* (owned) */
  gint64 seq;                /* writer, in a transaction: the last number given */
  gint64 saved_seq;          /* writer, in a transaction: what the file says */
  gboolean is_shared;        /* a transaction of several is open: theirs are parts of it */
  GArray *seq_marks;         /* (owned): seq at each open savepoint */
  PkScopeCounters *counters; /* (owned): counts and fingerprints that are not written yet */
  PkPlaces *places;          /* (owned): lines of the log that are not written yet */
  PkLaterRows *later_rows;   /* (owned): rows that are not written yet */
  GHashTable *holdings; /* (owned): writer: person → numbers of the scopes held, in a transaction */
  GHashTable *update_texts;  /* (owned): entity and changed fields → SQL text */
  GHashTable *other_texts;   /* (owned): SQL texts of the model, by a key of the caller */
  GHashTable *scope_numbers; /* (owned): name → number, of scopes that were met */
  guint32 lanes;             /* of the next transaction; 0: it is alone */
  gboolean has_new_scopes;   /* some of these are of the open transaction */
};

PkStore *pk_store_open_at (const char *dir,
                           const char *address,
                           PkStoreMode mode,
                           PkIdSource *ids,
                           GError **error);
gboolean pk_store_set_up_schema (PkStore *self, GError **error);

PkScopeCounters *pk_scope_counters_new (void);
void pk_scope_counters_free (PkScopeCounters *self);
void pk_scope_counters_forget (PkScopeCounters *self);
void pk_scope_counters_mark (PkScopeCounters *self);
void pk_scope_counters_release (PkScopeCounters *self);
void pk_scope_counters_rewind (PkScopeCounters *self);
gboolean pk_scope_counters_write (PkScopeCounters *self, PkStore *store, GError **error);

PkPlaces *pk_places_new (void);
void pk_places_free (PkPlaces *self);
void pk_places_forget (PkPlaces *self);
guint pk_places_get_size (PkPlaces *self);
void pk_places_mark (PkPlaces *self);
void pk_places_release (PkPlaces *self);
void pk_places_rewind (PkPlaces *self);
gboolean pk_places_write (PkPlaces *self, PkStore *store, GError **error);

PkLaterRows *pk_later_rows_new (void);
void pk_later_rows_free (PkLaterRows *self);
void pk_later_rows_forget (PkLaterRows *self);
guint pk_later_rows_get_size (PkLaterRows *self);
gboolean pk_later_rows_has (PkLaterRows *self, const PkEntity *entity);
void pk_later_rows_mark (PkLaterRows *self);
void pk_later_rows_release (PkLaterRows *self);
void pk_later_rows_rewind (PkLaterRows *self);
void pk_later_rows_add (PkLaterRows *self, PkRecord *row);
gboolean pk_later_rows_write (PkLaterRows *self, PkTables *tables, GError **error);

gboolean pk_store_begin_share (PkStore *self, GError **error);
void pk_store_rollback_share (PkStore *self);
gboolean pk_store_is_writing (PkStore *self);
gboolean pk_store_keep_little (PkStore *self, GError **error);

/* Before a table is read in SQL: what the transaction has kept back is written. */
gboolean pk_store_settle_log (PkStore *self, GError **error);
gboolean pk_store_settle_rows (PkStore *self, const PkEntity *entity, GError **error);

/* A statement of which nothing is known but that it may fail: the common end of short functions. */
gboolean pk_store_run (PkStatement *statement, GError **error);
gboolean pk_store_step (PkStatement *statement, gboolean *has_row_out, GError **error);

G_END_DECLS
