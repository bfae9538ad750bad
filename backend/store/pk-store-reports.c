/* What devices last said of themselves: one row for each. */
#include "config.h"

#include "pk-store-reports.h"

#include "pk-store-private.h"

#include <string.h>

/**
 * pk_store_put_report:
 *
 * Keeps a device's newest report. In a writing transaction.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_store_put_report (PkStore *self, const PkDeviceReport *report, GError **error)
{
  PkStatement *put = pk_sql_prepare (
      self->sql,
      "INSERT INTO device_report (device, version, model, n_unsent, oldest_unsent_us, n_repairs,"
      " cursor, pulled_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (device) DO UPDATE "
      "SET"
      " version = excluded.version, model = excluded.model, n_unsent = excluded.n_unsent,"
      " oldest_unsent_us = excluded.oldest_unsent_us, n_repairs = excluded.n_repairs,"
      " cursor = excluded.cursor, pulled_us = excluded.pulled_us",
      error);

  if (put == NULL)
    return FALSE;
  pk_statement_bind_id (put, 1, &report->device);
  pk_statement_bind_text (put, 2, report->version);
  pk_statement_bind_int (put, 3, report->model);
  pk_statement_bind_int (put, 4, report->n_unsent);
  pk_statement_bind_int (put, 5, report->oldest_unsent_us);
  pk_statement_bind_int (put, 6, report->n_repairs);
  pk_statement_bind_int (put, 7, report->seq);
  pk_statement_bind_int (put, 8, report->pulled_us);
  return pk_statement_run (put, error);
}

static PkDeviceReport
read_report (PkStatement *row)
{
  PkDeviceReport report = { .model = pk_statement_get_int (row, 2),
                            .n_unsent = pk_statement_get_int (row, 3),
                            .oldest_unsent_us = pk_statement_get_int (row, 4),
                            .n_repairs = pk_statement_get_int (row, 5),
                            .seq = pk_statement_get_int (row, 6),
                            .pulled_us = pk_statement_get_int (row, 7) };
  const char *version = pk_statement_get_text (row, 1);

  pk_statement_get_id (row, 0, &report.device);
  g_strlcpy (report.version, version != NULL ? version : "", sizeof report.version);
  return report;
}

/**
 * pk_store_list_reports:
 *
 * Returns: (transfer full) (nullable) (element-type PkDeviceReport): all reports
 */
GArray *
pk_store_list_reports (PkStore *self, GError **error)
{
  g_autoptr (GArray) reports = g_array_new (FALSE, FALSE, sizeof (PkDeviceReport));
  PkStatement *query = pk_sql_prepare (
      self->sql,
      "SELECT device, version, model, n_unsent, oldest_unsent_us, n_repairs, cursor,"
      " pulled_us FROM device_report",
      error);
  gboolean has_row;

  while (query != NULL && pk_store_step (query, &has_row, error))
    {
      if (!has_row)
        return g_steal_pointer (&reports);
      PkDeviceReport report = read_report (query);
      g_array_append_val (reports, report);
    }
  return NULL;
}
