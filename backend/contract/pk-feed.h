#pragma once

#include "pk-hash.h"
#include "pk-id-range.h"
#include "pk-mutation.h"

G_BEGIN_DECLS

/*
 * Pull (sync protocol): the request and the lines of the answer, as JSON. Each has a writer and a reader here, so that both
 * sides and the simulation speak through the same code. Lines:
 *   {"begin":{"seq":…,"epoch":…,"time":…,"model":1,"grants":…,"scopes":[{"name":…,"horizon":…,"count":…,"fingerprint":…,
 *             "snapshot":{"sha256":…,"size":…,"seq":…,"rows":…}}…]}}      scopes are numbered 0, 1 … by their place here
 *   {"drop":["unit/…",…]}
 *   {"rows":"task","fields":["title",…],"data":[[id,seq,[scope numbers],value…],…]}
 *   {"gone":"task","scope":3,"ids":[…],"seqs":[…]}                         left that scope (or was deleted)
 *   {"verdicts":[…]}
 *   {"ranges":3,"parts":[[from,to,count,fingerprint],…],"whole":[[from,to,true],…]}
 *                                          repair: what is in parts of the ranges that were asked for, or all of their rows came
 *   {"policy":{"lease_days":30}}           what the operator decided; sent to those who say their version
 *   {"commit":{"seq":…,"scopes":[[number,count,fingerprint],…]}}            the checkpoint
 * A line with another word is of a newer server and is passed over.
 */
#define PK_FEED_MOST_UNSURE 100

typedef struct
{
  char *name; /* (owned) */
  gint64 cursor;
} PkScopeCursor;

typedef struct
{
  PkId device;
  PkId epoch; /* all zero: none yet */
  gint64 grants;
  guint model;
  gint64 judged; /* verdicts are known up to this n */
  GArray
      *unsure; /* (owned) (nullable): PkId of mutations that were given up, but may have arrived */
  GPtrArray *scopes; /* (owned): PkScopeCursor, sorted by name */

  char *repair;   /* (owned) (nullable): the scope whose ranges are asked for */
  GArray *ranges; /* (owned) (nullable): PkIdRange; with repair */

  char *version;   /* (owned) (nullable): of the program; the members below are told with it */
  gint64 n_unsent; /* mutations without a verdict */
  gint64 oldest_unsent_us; /* when the oldest of them was made; 0: there is none */
  gint64 n_repairs;        /* of this replica so far */
} PkPullRequest;

PkPullRequest *pk_pull_request_new (void);
void pk_pull_request_free (PkPullRequest *self);
void pk_pull_request_add (PkPullRequest *self, const char *scope, gint64 cursor);
void pk_pull_request_append_json (GString *out, const PkPullRequest *self);
PkPullRequest *pk_pull_request_read (const char *json, gsize size, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkPullRequest, pk_pull_request_free)

typedef struct
{
  char *name; /* (owned) */
  gint64 horizon;
  gint64 count;
  PkFingerprint fingerprint;
  char *snapshot; /* (owned) (nullable): SHA-256 of the compressed file */
  gint64 snapshot_size;
  gint64 snapshot_seq;
  gint64 snapshot_rows;
} PkFeedScope;

typedef struct
{
  PkRecord *record; /* (owned) */
  guint n_scopes;
  guint *scopes; /* (owned): numbers in the begin line */
} PkFeedRow;

typedef enum
{
  PK_FEED_BEGIN,
  PK_FEED_DROP,
  PK_FEED_ROWS,
  PK_FEED_GONE,
  PK_FEED_VERDICTS,
  PK_FEED_COMMIT,
  PK_FEED_RANGES,
  PK_FEED_POLICY,
  PK_FEED_OTHER /* of a newer server: passed over */
} PkFeedKind;

typedef struct
{
  guint scope;
  gint64 count;
  PkFingerprint fingerprint;
} PkFeedCheck;

/* One line that was read; only the members of its kind are set. */
typedef struct
{
  PkFeedKind kind;
  gint64 seq;             /* begin, commit */
  PkId epoch;             /* begin */
  gint64 time_us;         /* begin */
  guint model;            /* begin */
  gint64 grants;          /* begin */
  GPtrArray *scopes;      /* begin (owned): PkFeedScope */
  char **dropped;         /* drop (owned) */
  const PkEntity *entity; /* rows, gone */
  GPtrArray *rows;        /* rows (owned): PkFeedRow */
  guint scope;            /* gone, ranges */
  GArray *ids;            /* gone (owned): PkId */
  GPtrArray *verdicts;    /* verdicts (owned): PkVerdict */
  GArray *checks;         /* commit (owned): PkFeedCheck */
  GArray *parts;          /* ranges (owned): PkIdRangeSum */
  GArray *whole;          /* ranges (owned): PkIdRange */
  gint64 lease_days;      /* policy; 0: for ever */
} PkFeedLine;

PkFeedLine *pk_feed_line_read (const char *line, gsize size, GError **error);
void pk_feed_line_free (PkFeedLine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkFeedLine, pk_feed_line_free)

void pk_feed_append_begin (GString *out,
                           gint64 seq,
                           const PkId *epoch,
                           gint64 time_us,
                           gint64 grants,
                           const PkFeedScope *scopes,
                           guint n_scopes);
void pk_feed_append_drop (GString *out, const char *const *scopes);
void pk_feed_append_rows_start (GString *out, const PkEntity *entity);
void pk_feed_append_row (GString *out, const PkRecord *record, const guint *scopes, guint n_scopes);
void pk_feed_append_rows_end (GString *out);
void pk_feed_append_gone (GString *out,
                          const PkEntity *entity,
                          guint scope,
                          const PkId *ids,
                          guint n_ids);
void pk_feed_append_verdicts (GString *out, GPtrArray *verdicts);
void pk_feed_append_ranges (GString *out, guint scope, GArray *parts, GArray *whole);
void pk_feed_append_policy (GString *out, gint64 lease_days);
void pk_feed_append_commit (GString *out, gint64 seq, const PkFeedCheck *checks, guint n_checks);

G_END_DECLS
