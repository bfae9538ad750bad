/* Reading the headers of uploads. */
#include "config.h"

#include "pk-tus.h"

#define MOST_PAIRS 32

/**
 * pk_tus_dup_metadata:
 * @header: (nullable): Upload-Metadata: keys and base64 values, separated by commas
 * @name: a key
 *
 * Returns: (transfer full) (nullable): the value of the key
 */
char *
pk_tus_dup_metadata (const char *header, const char *name)
{
  g_auto (GStrv) pairs = g_strsplit (header != NULL ? header : "", ",", MOST_PAIRS);

  for (char **pair = pairs; *pair != NULL; pair++)
    {
      g_auto (GStrv) words = g_strsplit (g_strstrip (*pair), " ", 2);
      if (words[0] == NULL || words[1] == NULL || !g_str_equal (words[0], name))
        continue;
      gsize size = 0;
      g_autofree guchar *bytes = g_base64_decode (words[1], &size);
      return g_strndup ((const char *) bytes, size);
    }
  return NULL;
}

/**
 * pk_tus_read_number:
 * @header: (nullable): Upload-Length or Upload-Offset
 * @number_out: (out): bytes
 *
 * Returns: whether it is a number from 0
 */
gboolean
pk_tus_read_number (const char *header, gint64 *number_out)
{
  guint64 number;

  if (header == NULL || !g_ascii_string_to_unsigned (header, 10, 0, G_MAXINT64, &number, NULL))
    return FALSE;
  *number_out = (gint64) number;
  return TRUE;
}
