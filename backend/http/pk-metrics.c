/*
 * Metrics, for Prometheus and others that read OpenMetrics 1.0. Only whoever stands on this machine, or knows the token, may read
 * them; behind a proxy everybody seems to stand here, so that there the token is asked for. Devices are counted, never named.
 */
#include "config.h"

#include "pk-metrics.h"

#include "pk-device-reports.h"
#include "pk-exchange-private.h"
#include "pk-http-private.h"
#include "pk-problem.h"
#include "pk-service-operator.h"
#include "pk-service-quarantine.h"

#include <string.h>

#define TYPE      "application/openmetrics-text; version=1.0.0; charset=utf-8"
#define SECOND_US G_GINT64_CONSTANT (1000000)

static const gint64 age_bounds[] = { 60, 3600, 86400, 7 * 86400, 30 * 86400 };
static const gint64 count_bounds[] = { 0, 10, 100, 1000, 10000 };

G_STATIC_ASSERT (G_N_ELEMENTS (age_bounds) == G_N_ELEMENTS (count_bounds));

#define N_BOUNDS G_N_ELEMENTS (age_bounds)

typedef struct
{
  const gint64 *bounds;
  gint64 counts[N_BOUNDS + 1];
  gint64 sum;
} Spread;

static void
add_to_spread (Spread *self, gint64 value)
{
  guint place = 0;

  value = MAX (value, 0);
  while (place < N_BOUNDS && value > self->bounds[place])
    place++;
  self->counts[place]++;
  self->sum += value;
}

static void
append_head (GString *out, const char *name, const char *type, const char *unit, const char *help)
{
  g_string_append_printf (out, "# TYPE %s %s\n", name, type);
  if (unit != NULL)
    g_string_append_printf (out, "# UNIT %s %s\n", name, unit);
  g_string_append_printf (out, "# HELP %s %s\n", name, help);
}

static void
append_gauge (GString *out, const char *name, const char *unit, const char *help, gint64 value)
{
  append_head (out, name, "gauge", unit, help);
  g_string_append_printf (out, "%s %" G_GINT64_FORMAT "\n", name, value);
}

static void
append_spread (GString *out,
               const char *name,
               const char *unit,
               const char *help,
               const Spread *spread)
{
  gint64 n = 0;

  append_head (out, name, "gaugehistogram", unit, help);
  for (guint i = 0; i <= N_BOUNDS; i++)
    {
      n += spread->counts[i];
      if (i < N_BOUNDS)
        g_string_append_printf (out,
                                "%s_bucket{le=\"%" G_GINT64_FORMAT ".0\"} %" G_GINT64_FORMAT "\n",
                                name,
                                spread->bounds[i],
                                n);
      else
        g_string_append_printf (out, "%s_bucket{le=\"+Inf\"} %" G_GINT64_FORMAT "\n", name, n);
    }
  g_string_append_printf (out, "%s_gcount %" G_GINT64_FORMAT "\n", name, n);
  g_string_append_printf (out, "%s_gsum %" G_GINT64_FORMAT "\n", name, spread->sum);
}

/* A label's value as the format wants it. */
static void
append_label (GString *out, const char *name, const char *value)
{
  g_string_append_printf (out, "%s=\"", name);
  for (const char *at = value; *at != '\0'; at++)
    if (*at == '"' || *at == '\\')
      g_string_append_printf (out, "\\%c", *at);
    else if (*at == '\n')
      g_string_append (out, "\\n");
    else
      g_string_append_c (out, *at);
  g_string_append_c (out, '"');
}

static void
append_versions (GString *out, GHashTable *reports)
{
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GList) names = NULL;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, reports);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const PkDeviceReport *report = value;
      g_autofree char *model = g_strdup_printf ("%" G_GINT64_FORMAT, report->model);
      g_autoptr (GString) labels = g_string_new (NULL);
      append_label (labels, "version", report->version);
      g_string_append_c (labels, ',');
      append_label (labels, "model", model);
      gsize n = GPOINTER_TO_SIZE (g_hash_table_lookup (counts, labels->str)) + 1;
      g_hash_table_insert (counts, g_strdup (labels->str), GSIZE_TO_POINTER (n));
    }
  append_head (out, "pakobla_device_versions", "gauge", NULL, "Devices by program and model.");
  names = g_list_sort (g_hash_table_get_keys (counts), (GCompareFunc) strcmp);
  for (GList *at = names; at != NULL; at = at->next)
    g_string_append_printf (out,
                            "pakobla_device_versions{%s} %" G_GSIZE_FORMAT "\n",
                            (const char *) at->data,
                            GPOINTER_TO_SIZE (g_hash_table_lookup (counts, at->data)));
}

static void
append_devices (GString *out, GHashTable *reports, GPtrArray *devices, gint64 seq, gint64 now_us)
{
  Spread contact = { .bounds = age_bounds }, unsent = { .bounds = age_bounds };
  Spread lag = { .bounds = count_bounds };
  gint64 n_unsent = 0, n_repairs = 0, n_revoked = 0;

  for (guint i = 0; i < devices->len; i++)
    {
      const PkDevice *device = devices->pdata[i];
      const PkDeviceReport *report = g_hash_table_lookup (reports, &device->id);
      n_revoked += device->revoked_us != 0 ? 1 : 0;
      if (report == NULL || device->revoked_us != 0)
        continue;
      add_to_spread (&contact, (now_us - report->pulled_us) / SECOND_US);
      add_to_spread (&lag, seq - report->seq);
      if (report->oldest_unsent_us > 0)
        add_to_spread (&unsent, (now_us - report->oldest_unsent_us) / SECOND_US);
      n_unsent += report->n_unsent;
      n_repairs += report->n_repairs;
    }
  append_head (out, "pakobla_devices", "gauge", NULL, "Devices that are known.");
  g_string_append_printf (out,
                          "pakobla_devices{state=\"active\"} %" G_GINT64_FORMAT
                          "\npakobla_devices{state=\"revoked\"} %" G_GINT64_FORMAT "\n",
                          (gint64) devices->len - n_revoked,
                          n_revoked);
  append_spread (out,
                 "pakobla_device_contact_age_seconds",
                 "seconds",
                 "Time since devices last pulled.",
                 &contact);
  append_spread (out,
                 "pakobla_device_lag_changes",
                 "changes",
                 "Changes in the log that devices were not told of.",
                 &lag);
  append_spread (out,
                 "pakobla_device_oldest_unsent_age_seconds",
                 "seconds",
                 "Age of the oldest unsent change, of devices that had one.",
                 &unsent);
  append_gauge (out,
                "pakobla_device_unsent_changes",
                "changes",
                "Unsent changes that devices told of.",
                n_unsent);
  append_gauge (out,
                "pakobla_device_repairs",
                NULL,
                "Repairs of replicas that devices told of.",
                n_repairs);
}

static void
append_server (GString *out, PkHttp *http, gint64 seq, gint64 now_us)
{
  append_head (out, "pakobla_build", "info", NULL, "The server's program and model.");
  g_string_append_printf (out,
                          "pakobla_build_info{version=\"%s\",model=\"%d\"} 1\n",
                          PK_VERSION,
                          PK_MODEL_VERSION);
  append_gauge (out,
                "pakobla_uptime_seconds",
                "seconds",
                "Time since the server started.",
                (now_us - http->started_us) / SECOND_US);
  append_gauge (out,
                "pakobla_log_changes",
                "changes",
                "Number of the last change in the log.",
                seq);
}

static gboolean
is_from_here (PkExchange *exchange)
{
  const char *remote = soup_server_message_get_remote_host (exchange->message);
  g_autoptr (GInetAddress) address = remote != NULL ? g_inet_address_new_from_string (remote)
                                                    : NULL;

  return address != NULL && g_inet_address_get_is_loopback (address) &&
         !pk_exchange_get_http (exchange)->has_proxy &&
         pk_exchange_get_header (exchange, "X-Forwarded-For") == NULL &&
         pk_exchange_get_header (exchange, "Forwarded") == NULL;
}

/* Both are hashed first, so that the time it takes says nothing of how far they agree. */
static gboolean
has_token (PkExchange *exchange)
{
  const char *expected = pk_exchange_get_http (exchange)->metrics_token;
  const char *value = pk_exchange_get_header (exchange, "Authorization");

  if (expected == NULL || value == NULL || g_ascii_strncasecmp (value, "Bearer ", 7) != 0)
    return FALSE;
  g_autofree char *given = pk_sha256_of_bytes (value + 7, strlen (value + 7));
  g_autofree char *right = pk_sha256_of_bytes (expected, strlen (expected));
  return g_str_equal (given, right);
}

/**
 * pk_metrics_get:
 *
 * Figures about sync and the server. On a reading thread.
 *
 * Errors: %PK_PROBLEM_UNAUTHORIZED for whoever is elsewhere and has no token
 */
gboolean
pk_metrics_get (PkExchange *exchange, GError **error)
{
  PkService *service = pk_exchange_get_service (exchange);
  PkHttp *http = pk_exchange_get_http (exchange);
  gint64 now_us = pk_service_now_us (service), n_kept;
  PkServiceFacts facts;

  if (!is_from_here (exchange) && !has_token (exchange))
    {
      pk_problem_set (error, PK_PROBLEM_UNAUTHORIZED, NULL, "The token for metrics is needed");
      return FALSE;
    }
  g_autoptr (GHashTable) reports = pk_device_reports_list (http->reports, service, error);
  g_autoptr (GPtrArray) devices = reports != NULL ? pk_service_list_devices (service, error) : NULL;
  if (devices == NULL || !pk_service_get_facts (service, &facts, error) ||
      !pk_quarantine_count (service, &n_kept, error))
    return FALSE;
  GString *out = g_string_new (NULL);
  append_server (out, http, facts.seq, now_us);
  append_devices (out, reports, devices, facts.seq, now_us);
  append_versions (out, reports);
  append_gauge (out,
                "pakobla_quarantined_changes",
                "changes",
                "Changes in the quarantine.",
                n_kept);
  g_string_append (out, "# EOF\n");
  pk_exchange_reply_text (exchange, 200, TYPE, g_string_free (out, FALSE));
  return TRUE;
}
