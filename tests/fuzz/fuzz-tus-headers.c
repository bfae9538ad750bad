/* The headers of an upload: a line of metadata, a line with a number. */
#include "config.h"

#include "pk-fuzz.h"

#include "pk-hash.h"
#include "pk-tus.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = pk_fuzz_dup_text (data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 2);
  g_autofree char *sha256 = pk_tus_dup_metadata (lines[0], "sha256");
  gint64 number;

  if (sha256 != NULL)
    pk_sha256_is_valid (sha256);
  if (lines[0] != NULL && pk_tus_read_number (lines[1], &number))
    g_assert_cmpint (number, >=, 0);
  return 0;
}
