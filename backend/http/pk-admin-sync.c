/* The administrative routes about sync. */
#include "config.h"

#include "pk-admin-sync.h"

#include "pk-admin-private.h"
#include "pk-device-reports.h"
#include "pk-exchange-private.h"
#include "pk-http-private.h"
#include "pk-json.h"
#include "pk-problem.h"
#include "pk-service-operator.h"
#include "pk-service-policy.h"
#include "pk-service-quarantine.h"

#define MOST_KEPT       1000
#define MOST_LEASE_DAYS 3650

static void
append_time (GString *out, const char *name, gint64 time_us)
{
  if (time_us == 0)
    return;
  pk_json_append_name (out, name);
  pk_json_append_time (out, time_us);
}

static void
append_report (GString *out, const PkDeviceReport *report, gint64 head_seq)
{
  if (report == NULL)
    return;
  if (report->version[0] != '\0')
    pk_admin_append_text (out, "version", report->version);
  pk_admin_append_number (out, "model", report->model);
  append_time (out, "last_pull_at", report->pulled_us);
  pk_admin_append_number (out, "lag", MAX (0, head_seq - report->seq));
  pk_admin_append_number (out, "unsent", report->n_unsent);
  append_time (out, "oldest_unsent_at", report->oldest_unsent_us);
  pk_admin_append_number (out, "repairs", report->n_repairs);
}

static void
append_device (GString *out,
               PkService *service,
               const PkDevice *device,
               const PkDeviceReport *report,
               gint64 head_seq)
{
  g_autofree char *person = pk_service_dup_person_name (service, &device->person);
  gint64 contact_us = MAX (device->seen_us, report != NULL ? report->pulled_us : 0);

  g_string_append (out, out->str[out->len - 1] == '[' ? "{" : ",{");
  pk_json_append_name (out, "id");
  pk_json_append_id (out, &device->id);
  pk_admin_append_text (out, "person", person);
  pk_admin_append_text (out, "name", device->name);
  append_time (out, "last_contact_at", contact_us);
  append_time (out, "revoked_at", device->revoked_us);
  append_report (out, report, head_seq);
  g_string_append_c (out, '}');
}

/**
 * pk_admin_get_sync:
 *
 * Each device with its last contact, how far it is behind, what it has not sent, its repairs and its version.
 */
gboolean
pk_admin_get_sync (PkExchange *exchange, GError **error)
{
  PkService *service = pk_exchange_get_service (exchange);
  PkHttp *http = pk_exchange_get_http (exchange);
  g_autoptr (GHashTable) reports = pk_device_reports_list (http->reports, service, error);
  g_autoptr (GPtrArray) devices = reports != NULL ? pk_service_list_devices (service, error) : NULL;
  PkServiceFacts facts;

  if (devices == NULL || !pk_service_get_facts (service, &facts, error))
    return FALSE;
  GString *out = g_string_new ("{");
  pk_admin_append_number (out, "head_seq", facts.seq);
  pk_json_append_name (out, "devices");
  g_string_append_c (out, '[');
  for (guint i = 0; i < devices->len; i++)
    {
      const PkDevice *device = devices->pdata[i];
      append_device (out, service, device, g_hash_table_lookup (reports, &device->id), facts.seq);
    }
  g_string_append (out, "]}");
  pk_exchange_reply_json (exchange, 200, out);
  return TRUE;
}

static void
append_kept (GString *out, PkService *service, const PkQuarantined *item)
{
  g_autofree char *person = pk_service_dup_person_name (service, &item->person);

  g_string_append (out, out->str[out->len - 1] == '[' ? "{" : ",{");
  append_time (out, "at", item->at_us);
  pk_admin_append_text (out, "person", person);
  pk_json_append_name (out, "device_id");
  pk_json_append_id (out, &item->device);
  pk_json_append_name (out, "verdict");
  pk_verdict_append_json (out, item->verdict);
  pk_json_append_name (out, "mutation");
  g_string_append (out, item->line);
  g_string_append_c (out, '}');
}

/**
 * pk_admin_get_quarantine:
 *
 * What was refused because a right or a device was lost, the newest first.
 */
gboolean
pk_admin_get_quarantine (PkExchange *exchange, GError **error)
{
  PkService *service = pk_exchange_get_service (exchange);
  g_autoptr (GPtrArray) items = pk_quarantine_list (service, NULL, MOST_KEPT, error);

  if (items == NULL)
    return FALSE;
  GString *out = g_string_new ("{\"items\":[");
  for (guint i = 0; i < items->len; i++)
    append_kept (out, service, items->pdata[i]);
  g_string_append (out, "]}");
  pk_exchange_reply_json (exchange, 200, out);
  return TRUE;
}

static gboolean
reply_policy (PkExchange *exchange, GError **error)
{
  PkPolicy policy;

  if (!pk_service_get_policy (pk_exchange_get_service (exchange), &policy, error))
    return FALSE;
  GString *out = g_string_new ("{");
  pk_admin_append_number (out, "lease_days", policy.lease_days);
  pk_json_append_name (out, "quarantine");
  g_string_append (out, policy.quarantines_refused ? "true}" : "false}");
  pk_exchange_reply_json (exchange, 200, out);
  return TRUE;
}

/**
 * pk_admin_get_policy:
 *
 * What is decided about devices.
 */
gboolean
pk_admin_get_policy (PkExchange *exchange, GError **error)
{
  return reply_policy (exchange, error);
}

static gboolean
read_policy (JsonNode *body, PkPolicy *policy, GError **error)
{
  JsonObject *object = json_node_get_object (body);
  JsonNode *days = json_object_get_member (object, "lease_days");
  JsonNode *quarantine = json_object_get_member (object, "quarantine");

  if (days != NULL)
    policy->lease_days = JSON_NODE_HOLDS_VALUE (days) &&
                                 json_node_get_value_type (days) == G_TYPE_INT64
                             ? json_node_get_int (days)
                             : -1;
  if (policy->lease_days < 0 || policy->lease_days > MOST_LEASE_DAYS)
    {
      pk_problem_set (error, PK_PROBLEM_INVALID, "/lease_days", "A number of days was expected");
      return FALSE;
    }
  if (quarantine == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (quarantine) ||
      json_node_get_value_type (quarantine) != G_TYPE_BOOLEAN)
    {
      pk_problem_set (error, PK_PROBLEM_INVALID, "/quarantine", "true or false was expected");
      return FALSE;
    }
  policy->quarantines_refused = json_node_get_boolean (quarantine);
  return TRUE;
}

/**
 * pk_admin_post_policy:
 *
 * Changes what is given and leaves the rest.
 */
gboolean
pk_admin_post_policy (PkExchange *exchange, GError **error)
{
  PkService *service = pk_exchange_get_service (exchange);
  g_autoptr (JsonNode) body = pk_admin_read_object (exchange, error);
  PkPolicy policy;

  return body != NULL && pk_service_get_policy (service, &policy, error) &&
         read_policy (body, &policy, error) && pk_service_set_policy (service, &policy, error) &&
         reply_policy (exchange, error);
}
