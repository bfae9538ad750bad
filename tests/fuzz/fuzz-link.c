/* A link from an e-mail: what is accepted is made again as a link that reads the same. */
#include "config.h"

#include "pk-fuzz.h"

#include "pk-link.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = pk_fuzz_dup_text (data, size);
  g_autoptr (GError) error = NULL;
  PkLink link, again;

  if (!pk_link_parse (text, &link, &error))
    {
      g_assert_nonnull (error);
      return 0;
    }
  g_autofree char *made = pk_link_make (link.entity, &link.id);
  g_assert_true (pk_link_parse (made, &again, NULL));
  g_assert_true (again.entity == link.entity && pk_id_equal (&again.id, &link.id));
  return 0;
}
