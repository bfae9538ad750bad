/* Numbers that people know a record by: the server alone gives them. */
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

/**
 * pk_service_fill_numbers:
 * @before: (nullable): NULL where the record is new
 * @now_us: when, for the year of a number
 *
 * Gives a task without a number one, such as "2026-000123".
 *
 * Returns: %TRUE if it is set
 */
gboolean
pk_service_fill_numbers (PkService *service,
                         PkRecord *record,
                         const PkRecord *before,
                         gint64 now_us,
                         GError **error)
{
  return before != NULL || pk_record_get_entity (record)->id != PK_ENTITY_TASK ||
         number_task (service, record, now_us, error);
}
