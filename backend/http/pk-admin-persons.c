/* The operator's persons and devices. */
#include "config.h"

#include "pk-admin-private.h"

#include "pk-codec.h"
#include "pk-door-persons.h"
#include "pk-exchange-private.h"
#include "pk-http-private.h"
#include "pk-problem.h"
#include "pk-service-devices.h"
#include "pk-service-import.h"
#include "pk-service-operator.h"

#define DEFAULT_LIMIT 200
#define MAX_LIMIT     5000

static gboolean
fits (const PkDoorPerson *person, const char *text)
{
  return pk_door_person_fits (person, text, pk_record_get_text (person->record, PK_PERSON_EMAIL));
}

static void
append_user (GString *out, const PkDoorPerson *person)
{
  g_string_append (out, out->str[out->len - 1] == '[' ? "{" : ",{");
  pk_json_append_name (out, "id");
  pk_json_append_id (out, pk_record_get_id (person->record));
  pk_admin_append_text (out, "name", pk_record_get_text (person->record, PK_PERSON_NAME));
  pk_admin_append_text (out, "title", pk_record_get_text (person->record, PK_PERSON_TITLE));
  pk_admin_append_text (out, "email", pk_record_get_text (person->record, PK_PERSON_EMAIL));
  pk_admin_append_text (out, "unit", person->unit);
  g_string_append (out, ",\"roles\":[");
  for (guint i = 0; i < person->roles->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      pk_json_append_text (out, person->roles->pdata[i]);
    }
  g_string_append (out, "],\"is_active\":");
  g_string_append (out,
                   pk_record_get_int (person->record, PK_PERSON_IS_ACTIVE, 0) ? "true}" : "false}");
}

/**
 * pk_admin_get_users:
 *
 * Persons by name, position, e-mail or unit.
 */
gboolean
pk_admin_get_users (PkExchange *exchange, GError **error)
{
  const char *text = pk_exchange_get_query (exchange, "q");
  const char *limit_text = pk_exchange_get_query (exchange, "limit");
  guint64 limit = DEFAULT_LIMIT;

  if (limit_text != NULL &&
      !g_ascii_string_to_unsigned (limit_text, 10, 1, MAX_LIMIT, &limit, NULL))
    {
      pk_problem_set (error, PK_PROBLEM_INVALID, "/limit", "A number from 1 to 5000 was expected");
      return FALSE;
    }
  g_autoptr (GPtrArray) persons = pk_door_persons_load (pk_exchange_get_service (exchange), error);
  if (persons == NULL)
    return FALSE;
  GString *out = g_string_new ("{\"users\":[");
  guint64 shown = 0;
  for (guint i = 0; i < persons->len && shown < limit; i++)
    if (fits (persons->pdata[i], text))
      {
        append_user (out, persons->pdata[i]);
        shown++;
      }
  g_string_append (out, "]}");
  pk_exchange_reply_json (exchange, 200, out);
  return TRUE;
}

static gboolean
set_texts (PkRecord *record, JsonNode *body, GError **error)
{
  static const struct
  {
    const char *name;
    guint field;
  } texts[] = {
    { "name", PK_PERSON_NAME },   { "title", PK_PERSON_TITLE },   { "email", PK_PERSON_EMAIL },
    { "phone", PK_PERSON_PHONE }, { "number", PK_PERSON_NUMBER },
  };
  const char *unit = pk_admin_get_text (body, "unit_id");
  PkId unit_id;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (pk_admin_get_text (body, texts[i].name) != NULL)
      pk_record_set_text (record, texts[i].field, pk_admin_get_text (body, texts[i].name));
  pk_record_set_int (record, PK_PERSON_IS_ACTIVE, 1);
  if (unit == NULL)
    return TRUE;
  if (!pk_id_parse (unit, &unit_id))
    {
      pk_problem_set (error, PK_PROBLEM_INVALID, "/unit_id", "The text of a UUID was expected");
      return FALSE;
    }
  pk_record_set_ref (record, PK_PERSON_UNIT_ID, &unit_id);
  return TRUE;
}

static PkRecord *
make_membership (PkService *service, const PkRecord *person, const char *role)
{
  PkId id = pk_id_source_next (pk_service_get_ids (service));
  PkRecord *record = pk_record_new (pk_entity_by_id (PK_ENTITY_MEMBERSHIP), &id);
  const PkId *unit = pk_record_get_ref (person, PK_PERSON_UNIT_ID);

  pk_record_set_ref (record, PK_MEMBERSHIP_PERSON_ID, pk_record_get_id (person));
  pk_record_set_text (record, PK_MEMBERSHIP_ROLE_CODE, role);
  if (unit != NULL)
    pk_record_set_ref (record, PK_MEMBERSHIP_UNIT_ID, unit);
  return record;
}

static gboolean
add_roles (GPtrArray *records, PkService *service, JsonNode *body, GError **error)
{
  JsonNode *roles = json_object_get_member (json_node_get_object (body), "roles");

  if (roles == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (roles))
    {
      pk_problem_set (error, PK_PROBLEM_INVALID, "/roles", "An array of texts was expected");
      return FALSE;
    }
  JsonArray *array = json_node_get_array (roles);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *role = json_array_get_element (array, i);
      if (!JSON_NODE_HOLDS_VALUE (role) || json_node_get_value_type (role) != G_TYPE_STRING)
        {
          pk_problem_set (error, PK_PROBLEM_INVALID, "/roles", "An array of texts was expected");
          return FALSE;
        }
      g_ptr_array_add (records,
                       make_membership (service, records->pdata[0], json_node_get_string (role)));
    }
  return TRUE;
}

/**
 * pk_admin_post_user:
 *
 * A new person with roles: the first administrator comes in this way.
 */
gboolean
pk_admin_post_user (PkExchange *exchange, GError **error)
{
  PkService *service = pk_exchange_get_service (exchange);
  g_autoptr (JsonNode) body = pk_admin_read_object (exchange, error);
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  PkId id = pk_id_source_next (pk_service_get_ids (service));

  if (body == NULL)
    return FALSE;
  PkRecord *person = pk_record_new (pk_entity_by_id (PK_ENTITY_PERSON), &id);
  g_ptr_array_add (records, person);
  if (!set_texts (person, body, error) || !pk_codec_check_record (person, error) ||
      !add_roles (records, service, body, error) ||
      !pk_service_import_records (service,
                                  records,
                                  NULL,
                                  pk_service_now_us (service),
                                  PK_IMPORT_WITH_HISTORY,
                                  error))
    return FALSE;
  GString *out = g_string_new ("{");
  pk_json_append_name (out, "id");
  pk_json_append_id (out, &id);
  g_string_append_c (out, '}');
  pk_exchange_reply_json (exchange, 201, out);
  return TRUE;
}

static void
append_time (GString *out, const char *name, gint64 time_us)
{
  if (time_us == 0)
    return;
  pk_json_append_name (out, name);
  pk_json_append_time (out, time_us);
}

static void
append_device (GString *out, PkService *service, const PkDevice *device)
{
  g_autofree char *person = pk_service_dup_person_name (service, &device->person);

  g_string_append (out, out->str[out->len - 1] == '[' ? "{" : ",{");
  pk_json_append_name (out, "id");
  pk_json_append_id (out, &device->id);
  pk_json_append_name (out, "person_id");
  pk_json_append_id (out, &device->person);
  pk_admin_append_text (out, "person", person);
  pk_admin_append_text (out, "name", device->name);
  append_time (out, "created_at", device->created_us);
  append_time (out, "last_seen_at", device->seen_us);
  append_time (out, "revoked_at", device->revoked_us);
  g_string_append_c (out, '}');
}

/**
 * pk_admin_get_devices:
 *
 * All devices.
 */
gboolean
pk_admin_get_devices (PkExchange *exchange, GError **error)
{
  PkService *service = pk_exchange_get_service (exchange);
  g_autoptr (GPtrArray) devices = pk_service_list_devices (service, error);

  if (devices == NULL)
    return FALSE;
  GString *out = g_string_new ("{\"devices\":[");
  for (guint i = 0; i < devices->len; i++)
    append_device (out, service, devices->pdata[i]);
  g_string_append (out, "]}");
  pk_exchange_reply_json (exchange, 200, out);
  return TRUE;
}

static void
forget_device (PkExchange *exchange)
{
  PkHttp *http = pk_exchange_get_http (exchange);
  const PkId *device = pk_exchange_get_state (exchange);

  pk_known_tokens_forget (http->tokens, device);
  pk_events_end_device (http->events, device);
}

/**
 * pk_admin_revoke_device:
 *
 * A device that is lost: at its next contact it is told so. Its tokens stay known, so that it can be told.
 */
gboolean
pk_admin_revoke_device (PkExchange *exchange, GError **error)
{
  PkId device;

  if (!pk_id_parse (pk_exchange_get_parameter (exchange, 0), &device))
    {
      pk_problem_set (error, PK_PROBLEM_NOT_FOUND, NULL, "There is no such device");
      return FALSE;
    }
  if (!pk_service_revoke_device (pk_exchange_get_service (exchange), &device, error))
    return FALSE;
  pk_exchange_set_state (exchange, g_memdup2 (&device, sizeof device), g_free);
  exchange->then = forget_device;
  pk_exchange_reply_empty (exchange, 204);
  return TRUE;
}
