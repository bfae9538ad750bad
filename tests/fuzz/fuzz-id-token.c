/* A provider's token in the first line, its keys in the rest. Nothing here is signed by anybody we trust. */
#include "config.h"

#include "pk-fuzz.h"

#include "pk-id-token.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const PkIdTokenCheck check = { "http://127.0.0.1/idp", "pakobla", "n-1", 1795000000 };
  g_autofree char *text = pk_fuzz_dup_text (data, size);
  char *end = strchr (text, '\n');
  g_autoptr (GError) error = NULL;
  gboolean is_key_unknown;

  if (end == NULL)
    return 0;
  *end = '\0';
  g_autoptr (PkIdToken) token = pk_id_token_read (text, end + 1, &check, &is_key_unknown, &error);
  g_assert_true ((token == NULL) == (error != NULL));
  return 0;
}
