/* What the address of a list asks for. */
#include "config.h"

#include "pk-fuzz.h"

#include "pk-api-query.h"
#include "pk-model-tables.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) parameters =
      g_uri_parse_params ((const char *) data, (gssize) size, "&", G_URI_PARAMS_WWW_FORM, NULL);

  if (parameters == NULL)
    return 0;
  g_autoptr (PkApiQuery)
      query = pk_api_query_read (parameters, pk_entity_by_id (PK_ENTITY_TASK), &error);
  g_assert_true ((query == NULL) == (error != NULL));
  if (query != NULL)
    g_assert_cmpuint (query->query.limit, <=, PK_API_MAX_LIMIT);
  return 0;
}
