#pragma once

#include "pk-clock.h"

G_BEGIN_DECLS

#define PK_ID_TEXT_LENGTH 36

/* A UUID (RFC 9562); ours are version 7, so that newer ids sort after older ones. Copied by value. */
typedef struct
{
  guint8 bytes[16];
} PkId;

/* Where new ids come from: a clock and randomness that are given. Any thread. */
typedef struct _PkIdSource PkIdSource;

PkIdSource *pk_id_source_new (PkClock *clock);
PkIdSource *pk_id_source_new_seeded (PkClock *clock, guint64 seed);
PkIdSource *pk_id_source_ref (PkIdSource *self);
void pk_id_source_unref (PkIdSource *self);
PkId pk_id_source_next (PkIdSource *self);
guint64 pk_id_source_next_random (PkIdSource *self);

gboolean pk_id_parse (const char *text, PkId *id_out);
char *pk_id_to_text (const PkId *id, char text[PK_ID_TEXT_LENGTH + 1]);
char *pk_id_dup_text (const PkId *id);
gboolean pk_id_is_null (const PkId *id);
int pk_id_compare (const PkId *a, const PkId *b);
guint pk_id_hash (gconstpointer id);
gboolean pk_id_equal (gconstpointer a, gconstpointer b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkIdSource, pk_id_source_unref)

G_END_DECLS
