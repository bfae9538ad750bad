#pragma once

#include "pk-hash.h"
#include "pk-json.h"

G_BEGIN_DECLS

/*
 * Ranges of the records of a scope, by which a replica that differs is repaired (sync protocol, Pull). Records are in the order of
 * (entity's number, id). The side that is right divides a range into sixteen parts of as many records each, so that every round
 * leaves a sixteenth whatever the ids look like: those of version 7 begin with the time, and a day's work would share the first
 * dozen digits of a fixed prefix. As JSON a key is "<entity>/<uuid>", and "" for the beginning or the end.
 */
#define PK_ID_RANGE_PARTS 16
/* So few records are sent whole instead of being divided again. */
#define PK_ID_RANGE_LEAF 32
#define PK_ID_RANGE_MAX  4096

typedef struct
{
  guint entity; /* 0: before all; PK_ID_RANGE_END: after all */
  PkId id;
} PkIdRangeKey;

#define PK_ID_RANGE_END G_MAXINT32

typedef struct
{
  PkIdRangeKey from;
  PkIdRangeKey to; /* not in it */
  gboolean wants_rows;
} PkIdRange;

/* What one side has in a range. */
typedef struct
{
  PkIdRange range;
  gint64 count;
  PkFingerprint fingerprint;
} PkIdRangeSum;

PkIdRange pk_id_range_whole (void);
int pk_id_range_key_compare (const PkIdRangeKey *a, const PkIdRangeKey *b);
gboolean pk_id_range_holds (const PkIdRange *self, guint entity, const PkId *id);
void pk_id_range_append_list (GString *out, GArray *ranges);
GArray *pk_id_range_read_list (JsonNode *node, GError **error);
void pk_id_range_append_sums (GString *out, GArray *sums);
GArray *pk_id_range_read_sums (JsonNode *node, GError **error);

G_END_DECLS
