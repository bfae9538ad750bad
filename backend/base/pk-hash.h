#pragma once

#include "pk-id.h"

G_BEGIN_DECLS

/* A sum of 128-bit hashes: adding a record and taking it away again gives the sum from before, in any order. */
typedef struct
{
  guint64 high;
  guint64 low;
} PkFingerprint;

#define PK_FINGERPRINT_TEXT_LENGTH 32

void pk_fingerprint_add (PkFingerprint *self, guint entity, const PkId *id, gint64 seq);
void pk_fingerprint_subtract (PkFingerprint *self, guint entity, const PkId *id, gint64 seq);
gboolean pk_fingerprint_equal (const PkFingerprint *a, const PkFingerprint *b);
char *pk_fingerprint_to_text (const PkFingerprint *self, char text[PK_FINGERPRINT_TEXT_LENGTH + 1]);
gboolean pk_fingerprint_parse (const char *text, PkFingerprint *out);

char *pk_sha256_of_bytes (gconstpointer bytes, gsize size);
char *pk_sha256_of_file (const char *path, gint64 *size_out, GError **error);
gboolean pk_sha256_is_valid (const char *text);

G_END_DECLS
