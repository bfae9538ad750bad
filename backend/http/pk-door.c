/*
 * The demo's door: the page where a person is picked, and the same as JSON for programs. It works without JavaScript. The page's
 * text is in data/web/, in Norwegian, because those it is shown to are Norwegian.
 */
#include "config.h"

#include "pk-door.h"

#include "pk-door-persons.h"
#include "pk-exchange-private.h"
#include "pk-http-private.h"
#include "pk-oauth.h"
#include "pk-problem.h"
#include "pk-web-resources.h"

#define MAX_ON_PAGE 60
#define PAGE        "/no/kommune/kristiansund/Pakobla/web/demo-sign-in.html"
#define STYLE       "/no/kommune/kristiansund/Pakobla/web/style.css"

static gboolean
check_demo (PkExchange *exchange, GError **error)
{
  if (pk_exchange_get_http (exchange)->is_demo)
    return TRUE;
  pk_problem_set (error, PK_PROBLEM_NOT_FOUND, NULL, "No resource has this path");
  return FALSE;
}

static const PkDoorPerson *
find_person (GPtrArray *persons, const char *word, GError **error)
{
  const PkDoorPerson *person = word != NULL ? pk_door_persons_find (persons, word) : NULL;

  if (person == NULL)
    pk_problem_set (error, PK_PROBLEM_INVALID, "/person", "Nobody here has this id or this role");
  return person;
}

static void
append_hidden (GString *out, PkExchange *exchange)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, pk_exchange_get_queries (exchange));
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      if (g_str_equal (name, "q") || g_str_equal (name, "demo_person"))
        continue;
      g_autofree char *markup =
          g_markup_printf_escaped ("<input type=\"hidden\" name=\"%s\" value=\"%s\">",
                                   (char *) name,
                                   (char *) value);
      g_string_append (out, markup);
    }
}

static void
append_person (GString *out, const PkDoorPerson *person)
{
  char id[PK_ID_TEXT_LENGTH + 1];
  const char *title = pk_record_get_text (person->record, PK_PERSON_TITLE);
  const char *unit = person->unit;
  g_autofree char *markup =
      g_markup_printf_escaped ("<li><button name=\"demo_person\" value=\"%s\"><strong>%s</strong>"
                               "<span>%s%s%s</span></button></li>\n",
                               pk_id_to_text (pk_record_get_id (person->record), id),
                               pk_record_get_text (person->record, PK_PERSON_NAME),
                               title != NULL ? title : "",
                               title != NULL && unit != NULL ? " · " : "",
                               unit != NULL ? unit : "");

  g_string_append (out, markup);
}

static char *
fill_page (PkExchange *exchange, GPtrArray *persons)
{
  g_autoptr (GBytes) page =
      g_resource_lookup_data (pk_web_get_resource (), PAGE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (GString) hidden = g_string_new (NULL);
  g_autoptr (GString) rows = g_string_new (NULL);
  const char *wanted = pk_exchange_get_query (exchange, "q");
  g_autofree char *text = g_markup_escape_text (wanted != NULL ? wanted : "", -1);
  GString *out = g_string_new_len (g_bytes_get_data (page, NULL), (gssize) g_bytes_get_size (page));

  append_hidden (hidden, exchange);
  for (guint i = 0, shown = 0; i < persons->len && shown < MAX_ON_PAGE; i++)
    if (pk_door_person_fits (persons->pdata[i], wanted, NULL))
      {
        append_person (rows, persons->pdata[i]);
        shown++;
      }
  if (rows->len == 0)
    g_string_append (rows, "<li class=\"empty\">Ingen passer med det du søkte etter.</li>");
  g_string_replace (out, "{{hidden}}", hidden->str, 0);
  g_string_replace (out, "{{text}}", text, 0);
  g_string_replace (out, "{{rows}}", rows->str, 0);
  return g_string_free (out, FALSE);
}

/**
 * pk_door_get_page:
 *
 * The page where a person is picked.
 */
gboolean
pk_door_get_page (PkExchange *exchange, GError **error)
{
  g_autoptr (GPtrArray) persons = pk_door_persons_load (pk_exchange_get_service (exchange), error);

  if (persons == NULL)
    return FALSE;
  pk_exchange_set_header (exchange,
                          "Content-Security-Policy",
                          "default-src 'none'; style-src 'self'; base-uri 'none'; "
                          "form-action 'self' http://127.0.0.1:* http://[::1]:*; "
                          "frame-ancestors 'none'");
  pk_exchange_reply_text (exchange, 200, "text/html; charset=utf-8", fill_page (exchange, persons));
  return TRUE;
}

/**
 * pk_door_get_style:
 *
 * The page's style.
 */
gboolean
pk_door_get_style (PkExchange *exchange, GError **error)
{
  GBytes *style =
      g_resource_lookup_data (pk_web_get_resource (), STYLE, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  if (style == NULL)
    return FALSE;
  pk_exchange_set_header (exchange, "Cache-Control", "max-age=3600");
  pk_exchange_reply (exchange, 200, "text/css; charset=utf-8", style);
  return TRUE;
}

/**
 * pk_door_pick:
 *
 * A person was picked on the page: the browser goes back to the device with a code. On the writing thread.
 */
gboolean
pk_door_pick (PkExchange *exchange, GError **error)
{
  PkService *service = pk_exchange_get_service (exchange);
  g_autoptr (PkOauthRequest)
      sign_in = pk_oauth_request_new (pk_exchange_get_queries (exchange), error);
  g_autoptr (GPtrArray) persons = sign_in ? pk_door_persons_load (service, error) : NULL;

  if (persons == NULL)
    return FALSE;
  const PkDoorPerson *person =
      find_person (persons, pk_exchange_get_query (exchange, "demo_person"), error);
  if (person == NULL)
    return FALSE;
  return pk_oauth_welcome (exchange, sign_in, pk_record_get_id (person->record), error);
}

static void
append_text (GString *out, const char *name, const char *value)
{
  if (value == NULL)
    return;
  pk_json_append_name (out, name);
  pk_json_append_text (out, value);
}

static void
append_json (GString *out, const PkDoorPerson *person)
{
  g_string_append (out, out->str[out->len - 1] == '[' ? "{" : ",{");
  pk_json_append_name (out, "id");
  pk_json_append_id (out, pk_record_get_id (person->record));
  append_text (out, "name", pk_record_get_text (person->record, PK_PERSON_NAME));
  append_text (out, "title", pk_record_get_text (person->record, PK_PERSON_TITLE));
  append_text (out, "unit", person->unit);
  pk_json_append_name (out, "roles");
  g_string_append_c (out, '[');
  for (guint i = 0; i < person->roles->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      pk_json_append_text (out, person->roles->pdata[i]);
    }
  g_string_append (out, "]}");
}

/**
 * pk_door_get_persons:
 *
 * Who can be picked, as JSON; "role" narrows it.
 */
gboolean
pk_door_get_persons (PkExchange *exchange, GError **error)
{
  const char *role = pk_exchange_get_query (exchange, "role");

  if (!check_demo (exchange, error))
    return FALSE;
  g_autoptr (GPtrArray) persons = pk_door_persons_load (pk_exchange_get_service (exchange), error);
  if (persons == NULL)
    return FALSE;
  GString *out = g_string_new ("{\"persons\":[");
  for (guint i = 0; i < persons->len; i++)
    if (role == NULL || pk_door_person_has_role (persons->pdata[i], role))
      append_json (out, persons->pdata[i]);
  g_string_append (out, "]}");
  pk_exchange_reply_json (exchange, 200, out);
  return TRUE;
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static gboolean
sign_in_person (PkExchange *exchange, JsonObject *object, GError **error)
{
  PkService *service = pk_exchange_get_service (exchange);
  g_autoptr (GPtrArray) persons = pk_door_persons_load (service, error);
  const char *device_text = get_text (object, "device");
  PkId device = { 0 };

  const PkDoorPerson *person = persons != NULL
                                   ? find_person (persons, get_text (object, "person"), error)
                                   : NULL;
  if (person == NULL)
    return FALSE;
  if (device_text != NULL && !pk_id_parse (device_text, &device))
    {
      pk_problem_set (error, PK_PROBLEM_INVALID, "/device", "It must be a UUID");
      return FALSE;
    }
  PkTokenPair *tokens = pk_service_make_tokens (service,
                                                NULL,
                                                pk_record_get_id (person->record),
                                                &device,
                                                get_text (object, "device_name"),
                                                error);
  if (tokens == NULL)
    return FALSE;
  pk_oauth_reply_tokens (exchange, tokens);
  return TRUE;
}

/**
 * pk_door_post_sign_in:
 *
 * The door for programs: `{"person": id or role, "device_name": …}` gives tokens. On the writing thread.
 */
gboolean
pk_door_post_sign_in (PkExchange *exchange, GError **error)
{
  if (!check_demo (exchange, error))
    return FALSE;
  g_autoptr (JsonNode) node = pk_exchange_read_json (exchange, error);
  if (node == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      pk_problem_set (error, PK_PROBLEM_MALFORMED, "", "An object is needed");
      return FALSE;
    }
  return sign_in_person (exchange, json_node_get_object (node), error);
}
