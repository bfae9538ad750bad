/* Fields that are set by the server alone. */
#include "config.h"

#include "pk-service-numbers.h"

#include "pk-service-private.h"
#include "pk-store-meta.h"
#include "pk-time.h"

static gboolean
number_task (PkService *service, PkRecord *task, gint64 now_us, GError **error)
{
  g_autofree char *day = pk_date_from_time (now_us, service->zone);
  g_autofree char *series = NULL;
  g_autofree char *text = NULL;
  gint64 number;

  if (pk_record_get_text (task, PK_TASK_NUMBER) != NULL)
    return TRUE;
  day[4] = '\0';
  series = g_strconcat ("task/", day, NULL);
  if (!pk_store_next_number (service->store, series, &number, error))
    return FALSE;
  text = g_strdup_printf ("%s-%06" G_GINT64_FORMAT, day, number);
  pk_record_set_text (task, PK_TASK_NUMBER, text);
  return TRUE;
}

/* Whoever names a hash has not shown the content: it has arrived for this document when it is uploaded for it. */
static void
mark_not_stored (PkRecord *document, const PkRecord *before)
{
  if (before == NULL || !pk_value_equal (pk_record_get (document, PK_DOCUMENT_SHA256),
                                         pk_record_get (before, PK_DOCUMENT_SHA256)))
    pk_record_set_int (document, PK_DOCUMENT_IS_STORED, FALSE);
}

/**
 * pk_service_fill_numbers:
 * @before: (nullable): NULL where the record is new
 * @now_us: when, for the year of a number
 *
 * Sets the fields that are the server's: a number such as "2026-000123" for a task without one; that the content of a
 * document has not arrived.
 *
 * Returns: %TRUE if they are set
 */
gboolean
pk_service_fill_numbers (PkService *service,
                         PkRecord *record,
                         const PkRecord *before,
                         gint64 now_us,
                         GError **error)
{
  switch ((PkEntityId) pk_record_get_entity (record)->id)
    {
    case PK_ENTITY_TASK:
      return before != NULL || number_task (service, record, now_us, error);
    case PK_ENTITY_DOCUMENT:
      mark_not_stored (record, before);
      return TRUE;
    default:
      return TRUE;
    }
}
