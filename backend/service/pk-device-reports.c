/* Reports of devices: the newest of each, those of this process before those of the store. */
#include "config.h"

#include "pk-device-reports.h"

#include "pk-store-reports.h"

struct _PkDeviceReports
{
  GMutex gate;
  GHashTable
      *newest; /* (owned): PkDeviceReport, its own key: not written down yet, or since the start */
  GHashTable *unwritten; /* (owned): PkDeviceReport of newest, not owned */
};

static GHashTable *
new_table (GDestroyNotify free_report)
{
  return g_hash_table_new_full (pk_id_hash, pk_id_equal, NULL, free_report);
}

/**
 * pk_device_reports_new:
 *
 * Returns: (transfer full): nobody has said anything
 */
PkDeviceReports *
pk_device_reports_new (void)
{
  PkDeviceReports *self = g_new0 (PkDeviceReports, 1);

  g_mutex_init (&self->gate);
  self->newest = new_table (g_free);
  self->unwritten = new_table (NULL);
  return self;
}

/**
 * pk_device_reports_free:
 *
 * Frees the reports; what is not written down is forgotten.
 */
void
pk_device_reports_free (PkDeviceReports *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->unwritten);
  g_hash_table_unref (self->newest);
  g_mutex_clear (&self->gate);
  g_free (self);
}

/**
 * pk_device_reports_note:
 * @seq: the state that the device is told of by the answer
 *
 * Takes what a pull says. A program that says nothing of itself is noted with its contact alone.
 */
void
pk_device_reports_note (PkDeviceReports *self,
                        const PkPullRequest *request,
                        gint64 seq,
                        gint64 now_us)
{
  PkDeviceReport *report = g_new0 (PkDeviceReport, 1);

  *report = (PkDeviceReport){ .device = request->device,
                              .model = request->model,
                              .n_unsent = request->n_unsent,
                              .oldest_unsent_us = request->oldest_unsent_us,
                              .n_repairs = request->n_repairs,
                              .seq = seq,
                              .pulled_us = now_us };
  g_strlcpy (report->version,
             request->version != NULL ? request->version : "",
             sizeof report->version);
  g_mutex_lock (&self->gate);
  g_hash_table_remove (self->unwritten, &report->device);
  g_hash_table_replace (self->newest, &report->device, report);
  g_hash_table_add (self->unwritten, report);
  g_mutex_unlock (&self->gate);
}

static GArray *
take_unwritten (PkDeviceReports *self)
{
  GArray *reports = g_array_new (FALSE, FALSE, sizeof (PkDeviceReport));
  GHashTableIter iter;
  gpointer report;

  g_mutex_lock (&self->gate);
  g_hash_table_iter_init (&iter, self->unwritten);
  while (g_hash_table_iter_next (&iter, &report, NULL))
    g_array_append_vals (reports, report, 1);
  g_hash_table_remove_all (self->unwritten);
  g_mutex_unlock (&self->gate);
  return reports;
}

static gboolean
write_all (PkStore *store, GArray *reports, GError **error)
{
  for (guint i = 0; i < reports->len; i++)
    if (!pk_store_put_report (store, &g_array_index (reports, PkDeviceReport, i), error))
      return FALSE;
  return TRUE;
}

/**
 * pk_device_reports_flush:
 * @service: the writing service
 *
 * Writes down what has come since the last time. What cannot be written is told again by the next pulls.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_device_reports_flush (PkDeviceReports *self, PkService *service, GError **error)
{
  g_autoptr (GArray) reports = take_unwritten (self);
  PkStore *store = pk_service_get_store (service);

  if (reports->len == 0)
    return TRUE;
  if (!pk_store_begin (store, error))
    return FALSE;
  if (write_all (store, reports, error))
    return pk_store_commit (store, error);
  pk_store_rollback (store);
  return FALSE;
}

static void
keep_newest (GHashTable *table, const PkDeviceReport *report)
{
  const PkDeviceReport *known = g_hash_table_lookup (table, &report->device);

  if (known != NULL && known->pulled_us >= report->pulled_us)
    return;
  PkDeviceReport *copy = g_memdup2 (report, sizeof *report);
  g_hash_table_replace (table, &copy->device, copy);
}

/**
 * pk_device_reports_list:
 * @service: a reading service
 *
 * Returns: (transfer full) (nullable) (element-type PkId PkDeviceReport): the newest of each device
 */
GHashTable *
pk_device_reports_list (PkDeviceReports *self, PkService *service, GError **error)
{
  g_autoptr (GHashTable) table = new_table (g_free);
  g_autoptr (GArray) written = pk_store_list_reports (pk_service_get_store (service), error);
  GHashTableIter iter;
  gpointer report;

  if (written == NULL)
    return NULL;
  for (guint i = 0; i < written->len; i++)
    keep_newest (table, &g_array_index (written, PkDeviceReport, i));
  g_mutex_lock (&self->gate);
  g_hash_table_iter_init (&iter, self->newest);
  while (g_hash_table_iter_next (&iter, NULL, &report))
    keep_newest (table, report);
  g_mutex_unlock (&self->gate);
  return g_steal_pointer (&table);
}
