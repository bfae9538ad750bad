/* Fingerprints of sets of records (XXH3, not a secret) and names of content (SHA-256). */
#include "config.h"

#include "pk-hash.h"

#include <gio/gio.h>
#include <string.h>
#include <xxhash.h>

static PkFingerprint
hash_record (guint entity, const PkId *id, gint64 seq)
{
  guint8 bytes[28];
  guint32 entity_le = GUINT32_TO_LE (entity);
  guint64 seq_le = GUINT64_TO_LE ((guint64) seq);

  memcpy (bytes, &entity_le, 4);
  memcpy (bytes + 4, id->bytes, 16);
  memcpy (bytes + 20, &seq_le, 8);
  XXH128_hash_t hash = XXH3_128bits (bytes, sizeof bytes);
  return (PkFingerprint){ hash.high64, hash.low64 };
}

/**
 * pk_fingerprint_add:
 * @entity: the entity's number
 * @seq: of the record's last change
 *
 * Adds a record to the sum (modulo 2¹²⁸).
 */
void
pk_fingerprint_add (PkFingerprint *self, guint entity, const PkId *id, gint64 seq)
{
  PkFingerprint hash = hash_record (entity, id, seq);

  self->low += hash.low;
  self->high += hash.high + (self->low < hash.low);
}

/**
 * pk_fingerprint_subtract:
 *
 * Takes a record away from the sum; the same arguments as when it was added.
 */
void
pk_fingerprint_subtract (PkFingerprint *self, guint entity, const PkId *id, gint64 seq)
{
  PkFingerprint hash = hash_record (entity, id, seq);

  self->high -= hash.high + (self->low < hash.low);
  self->low -= hash.low;
}

/**
 * pk_fingerprint_equal:
 *
 * Returns: whether both sums are the same
 */
gboolean
pk_fingerprint_equal (const PkFingerprint *a, const PkFingerprint *b)
{
  return a->high == b->high && a->low == b->low;
}

/**
 * pk_fingerprint_to_text:
 * @text: (out): 32 hexadecimal digits and the end
 *
 * Returns: @text
 */
char *
pk_fingerprint_to_text (const PkFingerprint *self, char text[PK_FINGERPRINT_TEXT_LENGTH + 1])
{
  g_snprintf (text,
              PK_FINGERPRINT_TEXT_LENGTH + 1,
              "%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x",
              self->high,
              self->low);
  return text;
}

/**
 * pk_fingerprint_parse:
 *
 * Returns: %FALSE if @text is not 32 hexadecimal digits
 */
gboolean
pk_fingerprint_parse (const char *text, PkFingerprint *out)
{
  guint64 parts[2] = { 0, 0 };

  if (strlen (text) != PK_FINGERPRINT_TEXT_LENGTH)
    return FALSE;
  for (int i = 0; i < PK_FINGERPRINT_TEXT_LENGTH; i++)
    {
      int digit = g_ascii_xdigit_value (text[i]);
      if (digit < 0)
        return FALSE;
      parts[i / 16] = parts[i / 16] << 4 | (guint64) digit;
    }
  *out = (PkFingerprint){ parts[0], parts[1] };
  return TRUE;
}

/**
 * pk_sha256_of_bytes:
 *
 * Returns: (transfer full): 64 lower-case hexadecimal digits
 */
char *
pk_sha256_of_bytes (gconstpointer bytes, gsize size)
{
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, size);
}

/**
 * pk_sha256_of_file:
 * @size_out: (out) (optional): bytes read
 *
 * Reads the file in pieces; for workers, not for the main thread.
 *
 * Returns: (transfer full) (nullable): 64 lower-case hexadecimal digits
 */
char *
pk_sha256_of_file (const char *path, gint64 *size_out, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *buffer = g_malloc (65536);
  gint64 size = 0;
  gssize n;

  if (stream == NULL)
    return NULL;
  while ((n = g_input_stream_read (G_INPUT_STREAM (stream), buffer, 65536, NULL, error)) > 0)
    {
      g_checksum_update (checksum, buffer, n);
      size += n;
    }
  if (n < 0)
    return NULL;
  if (size_out != NULL)
    *size_out = size;
  return g_strdup (g_checksum_get_string (checksum));
}

/**
 * pk_sha256_is_valid:
 *
 * Returns: whether @text is 64 lower-case hexadecimal digits: safe as a file name
 */
gboolean
pk_sha256_is_valid (const char *text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}
