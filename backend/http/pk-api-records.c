/*
 * The JSON API, generic over the model: a change is a mutation like one that comes by sync, and takes the same road through the
 * service. A record's ETag is its seq; If-Match makes a change conditional, and "was" lets it be merged instead.
 */
#include "config.h"

#include "pk-api-records.h"

#include "pk-api-query.h"
#include "pk-codec.h"
#include "pk-problem.h"
#include "pk-service-records.h"

#include <string.h>

static const PkEntity *
find_entity (PkExchange *exchange, GError **error)
{
  const PkEntity *entity = pk_entity_by_plural (pk_exchange_get_parameter (exchange, 0));

  if (entity == NULL)
    pk_problem_set (error, PK_PROBLEM_UNKNOWN_ENTITY, NULL, "There is no such resource");
  return entity;
}

static gboolean
find_target (PkExchange *exchange, const PkEntity **entity_out, PkId *id_out, GError **error)
{
  *entity_out = find_entity (exchange, error);
  if (*entity_out == NULL)
    return FALSE;
  if (pk_id_parse (pk_exchange_get_parameter (exchange, 1), id_out))
    return TRUE;
  pk_problem_set (error, PK_PROBLEM_NOT_FOUND, NULL, "No record has this id");
  return FALSE;
}

static PkRecord *
find_record (PkExchange *exchange, const PkEntity *entity, const PkId *id, GError **error)
{
  PkService *service = pk_exchange_get_service (exchange);
  g_autoptr (PkActor) actor = pk_actor_load (service, pk_exchange_get_person (exchange), error);

  return actor != NULL ? pk_service_get (service, actor, entity, id, error) : NULL;
}

static char *
make_etag (const PkRecord *record)
{
  return g_strdup_printf ("\"%" G_GINT64_FORMAT "\"", pk_record_get_seq (record));
}

static void
reply_record (PkExchange *exchange, guint status, const PkRecord *record)
{
  g_autofree char *etag = make_etag (record);
  GString *out = g_string_new (NULL);

  pk_codec_append_record (out, record);
  pk_exchange_set_header (exchange, "ETag", etag);
  pk_exchange_reply_json (exchange, status, out);
}

static void
reply_page (PkExchange *exchange, const PkListPage *page)
{
  GString *out = g_string_new ("{\"items\":[");

  for (guint i = 0; i < page->records->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      pk_codec_append_record (out, page->records->pdata[i]);
    }
  g_string_append (out, "],\"next\":");
  if (page->next != NULL)
    pk_json_append_text (out, page->next);
  else
    g_string_append (out, "null");
  g_string_append_c (out, '}');
  pk_exchange_reply_json (exchange, 200, out);
}

/**
 * pk_api_list:
 *
 * A page of the records that the person may see. On a reading thread.
 */
gboolean
pk_api_list (PkExchange *exchange, GError **error)
{
  PkService *service = pk_exchange_get_service (exchange);
  const PkEntity *entity = find_entity (exchange, error);
  g_autoptr (PkApiQuery)
      query = entity ? pk_api_query_read (pk_exchange_get_queries (exchange), entity, error) : NULL;
  g_autoptr (PkActor)
      actor = query ? pk_actor_load (service, pk_exchange_get_person (exchange), error) : NULL;
  g_autoptr (PkListPage)
      page = actor ? pk_service_list (service, actor, &query->query, query->cursor, error) : NULL;

  if (page == NULL)
    return FALSE;
  reply_page (exchange, page);
  return TRUE;
}

/**
 * pk_api_get:
 *
 * One record. On a reading thread.
 */
gboolean
pk_api_get (PkExchange *exchange, GError **error)
{
  const PkEntity *entity;
  PkId id;

  if (!find_target (exchange, &entity, &id, error))
    return FALSE;
  g_autoptr (PkRecord) record = find_record (exchange, entity, &id, error);
  if (record == NULL)
    return FALSE;
  g_autofree char *etag = make_etag (record);
  if (g_strcmp0 (pk_exchange_get_header (exchange, "If-None-Match"), etag) == 0)
    {
      pk_exchange_set_header (exchange, "ETag", etag);
      pk_exchange_reply_empty (exchange, 304);
    }
  else
    reply_record (exchange, 200, record);
  return TRUE;
}

static JsonNode *
read_object (PkExchange *exchange, GError **error)
{
  g_autoptr (JsonNode) node = pk_exchange_read_json (exchange, error);

  if (node == NULL || JSON_NODE_HOLDS_OBJECT (node))
    return g_steal_pointer (&node);
  pk_problem_set (error, PK_PROBLEM_MALFORMED, "", "An object was expected");
  return NULL;
}

/* Takes a member out of the object, so that what is left are fields. */
static JsonNode *
take_member (JsonNode *node, const char *name)
{
  JsonObject *object = json_node_get_object (node);
  JsonNode *member = json_object_dup_member (object, name);

  if (member != NULL)
    json_object_remove_member (object, name);
  return member;
}

static gboolean
read_into (PkValues **values, JsonNode *node, const char *pointer, GError **error)
{
  PkValues *read =
      pk_codec_read_values ((*values)->fields, (*values)->n_fields, node, pointer, error);

  if (read == NULL)
    return FALSE;
  pk_values_free (*values);
  *values = read;
  return TRUE;
}

/* A verdict's pointer goes into a mutation; here the fields are the body itself. */
static void
set_refusal (GError **error, const PkVerdict *verdict)
{
  const char *pointer = verdict->pointer;
  PkProblem code = verdict->code >= 0 ? (PkProblem) verdict->code : PK_PROBLEM_BUSY;

  if (pointer != NULL && g_str_has_prefix (pointer, "/fields"))
    pointer += strlen ("/fields");
  pk_problem_set (error, code, pointer, "%s", verdict->detail ? verdict->detail : "Refused");
}

static gboolean
mutate (PkExchange *exchange, PkMutation *mutation, guint status, GError **error)
{
  PkService *service = pk_exchange_get_service (exchange);
  g_autoptr (PkVerdict)
      verdict = pk_service_mutate (service, pk_exchange_get_person (exchange), mutation, error);

  if (verdict == NULL)
    return FALSE;
  if (verdict->kind == PK_VERDICT_REJECTED || verdict->kind == PK_VERDICT_LATER)
    {
      set_refusal (error, verdict);
      return FALSE;
    }
  pk_exchange_set_header (exchange, "Pakobla-Verdict", pk_verdict_get_word (verdict->kind));
  if (mutation->op == PK_OP_DELETE)
    {
      pk_exchange_reply_empty (exchange, 204);
      return TRUE;
    }
  g_autoptr (PkRecord) record = find_record (exchange, mutation->entity, &mutation->record, NULL);
  if (record != NULL)
    reply_record (exchange, status, record);
  else
    pk_exchange_reply_empty (exchange, 204);
  return TRUE;
}

static gboolean
read_new_id (PkExchange *exchange, JsonNode *body, PkId *id_out, GError **error)
{
  g_autoptr (JsonNode) node = take_member (body, "id");

  if (node == NULL)
    {
      *id_out = pk_id_source_next (pk_service_get_ids (pk_exchange_get_service (exchange)));
      return TRUE;
    }
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING &&
      pk_id_parse (json_node_get_string (node), id_out))
    return TRUE;
  pk_problem_set (error, PK_PROBLEM_INVALID, "/id", "The text of a UUID was expected");
  return FALSE;
}

/**
 * pk_api_create:
 *
 * A new record from its fields, with the id that is given or a new one. On the writing thread.
 */
gboolean
pk_api_create (PkExchange *exchange, GError **error)
{
  const PkEntity *entity = find_entity (exchange, error);
  g_autoptr (JsonNode) body = entity != NULL ? read_object (exchange, error) : NULL;
  PkId id;

  if (body == NULL || !read_new_id (exchange, body, &id, error))
    return FALSE;
  g_autoptr (PkMutation) mutation = pk_mutation_new (PK_OP_CREATE, entity, NULL, &id);
  if (!read_into (&mutation->fields, body, "", error) || !mutate (exchange, mutation, 201, error))
    return FALSE;
  char text[PK_ID_TEXT_LENGTH + 1];
  g_autofree char *location =
      g_strdup_printf ("/api/%s/%s", entity->plural, pk_id_to_text (&id, text));
  pk_exchange_set_header (exchange, "Location", location);
  return TRUE;
}

static gboolean
check_etag (PkExchange *exchange, const PkRecord *record, GError **error)
{
  const char *condition = pk_exchange_get_header (exchange, "If-Match");
  g_autofree char *etag = make_etag (record);

  if (condition == NULL || g_str_equal (condition, "*") || g_str_equal (condition, etag))
    return TRUE;
  pk_exchange_set_header (exchange, "ETag", etag);
  pk_problem_set (error, PK_PROBLEM_PRECONDITION, NULL, "The record has changed since it was read");
  return FALSE;
}

/**
 * pk_api_patch:
 *
 * Changes fields (JSON merge patch). The member "was" may say what the person saw; then a change that came between is merged
 * where it can be. On the writing thread.
 */
gboolean
pk_api_patch (PkExchange *exchange, GError **error)
{
  const PkEntity *entity;
  PkId id;

  if (!find_target (exchange, &entity, &id, error))
    return FALSE;
  g_autoptr (JsonNode) body = read_object (exchange, error);
  g_autoptr (PkRecord) record = body != NULL ? find_record (exchange, entity, &id, error) : NULL;
  if (record == NULL || !check_etag (exchange, record, error))
    return FALSE;
  g_autoptr (JsonNode) was = take_member (body, "was");
  g_autoptr (PkMutation) mutation = pk_mutation_new (PK_OP_SET, entity, NULL, &id);
  if (!read_into (&mutation->fields, body, "", error) ||
      (was != NULL && !read_into (&mutation->was, was, "/was", error)))
    return FALSE;
  for (guint i = 0; was == NULL && i < entity->n_fields; i++)
    if (pk_values_get (mutation->fields, i) != NULL)
      pk_values_take (mutation->was, i, pk_value_copy (pk_record_get (record, i)));
  return mutate (exchange, mutation, 200, error);
}

/**
 * pk_api_delete:
 *
 * Deletes a record. On the writing thread.
 */
gboolean
pk_api_delete (PkExchange *exchange, GError **error)
{
  const PkEntity *entity;
  PkId id;

  if (!find_target (exchange, &entity, &id, error))
    return FALSE;
  g_autoptr (PkRecord) record = find_record (exchange, entity, &id, error);
  if (record == NULL || !check_etag (exchange, record, error))
    return FALSE;
  g_autoptr (PkMutation) mutation = pk_mutation_new (PK_OP_DELETE, entity, NULL, &id);
  return mutate (exchange, mutation, 204, error);
}

/* In an address a command's words are joined by hyphens: "check-item". */
static const PkCommandSpec *
find_command (PkExchange *exchange, const PkEntity *entity, GError **error)
{
  g_autofree char *name =
      g_strdelimit (g_strdup (pk_exchange_get_parameter (exchange, 2)), "-", '_');
  const PkCommandSpec *command = pk_command_spec_by_name (name);

  if (command != NULL && g_str_equal (command->entity, entity->name))
    return command;
  pk_problem_set (error, PK_PROBLEM_NOT_FOUND, NULL, "There is no such command");
  return NULL;
}

/**
 * pk_api_command:
 *
 * A named change with rules of its own. On the writing thread.
 */
gboolean
pk_api_command (PkExchange *exchange, GError **error)
{
  const PkEntity *entity;
  PkId id;

  if (!find_target (exchange, &entity, &id, error))
    return FALSE;
  const PkCommandSpec *command = find_command (exchange, entity, error);
  g_autoptr (PkRecord) record = command != NULL ? find_record (exchange, entity, &id, error) : NULL;
  if (record == NULL || !check_etag (exchange, record, error))
    return FALSE;
  g_autoptr (PkMutation) mutation = pk_mutation_new (PK_OP_COMMAND, entity, command, &id);
  if (g_bytes_get_size (pk_exchange_get_body (exchange)) > 0)
    {
      g_autoptr (JsonNode) body = read_object (exchange, error);
      if (body == NULL || !read_into (&mutation->fields, body, "", error))
        return FALSE;
    }
  return mutate (exchange, mutation, 200, error);
}
