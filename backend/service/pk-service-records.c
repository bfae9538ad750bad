/* Records for the JSON API: lists and single ones within what the person holds; changes by the road of a push. */
#include "config.h"

#include "pk-service-records.h"

#include "pk-codec.h"
#include "pk-service-judge.h"
#include "pk-service-private.h"
#include "pk-store-records.h"

#define MOST_RECORDS 200

/**
 * pk_service_get:
 *
 * Fields that are not for the person are empty.
 *
 * Errors: %PK_PROBLEM_NOT_FOUND
 * Returns: (transfer full) (nullable): the record, if the person sees it
 */
PkRecord *
pk_service_get (PkService *service,
                const PkActor *actor,
                const PkEntity *entity,
                const PkId *id,
                GError **error)
{
  if (!pk_access_check_see (service, actor, entity, id, error))
    return NULL;
  PkRecord *record = pk_store_find (service->store, entity, id, error);
  if (record != NULL)
    pk_access_withhold (service, actor, record);
  return record;
}

/**
 * pk_list_page_free:
 *
 * Frees the page.
 */
void
pk_list_page_free (PkListPage *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->records);
  g_free (self->next);
  g_free (self);
}

/* A cursor is the id and those values of the last record that the order goes by, so that it holds when the record changes. */
static char *
make_cursor (const PkListQuery *query, const PkRecord *last)
{
  const PkEntity *entity = query->entity;
  g_auto (GStrv) columns = g_strsplit (entity->indexes[query->order], ",", -1);
  g_autoptr (PkValues) values = pk_values_new (entity->fields, entity->n_fields);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; columns[i] != NULL; i++)
    {
      int field = g_str_equal (columns[i], "title_key") ? (int) entity->title
                                                        : pk_entity_find_field (entity, columns[i]);
      if (field >= 0)
        pk_values_take (values, (guint) field, pk_value_copy (pk_record_get (last, (guint) field)));
    }
  pk_json_append_id (text, pk_record_get_id (last));
  pk_codec_append_values (text, values);
  return g_base64_encode ((const guchar *) text->str, text->len);
}

static void
take_value (PkRecord *record, const PkValues *values, guint field)
{
  const PkValue *value = pk_values_get (values, field);

  if (value != NULL)
    pk_record_take (record, field, pk_value_copy (value));
}

static PkRecord *
parse_cursor (const PkListQuery *query, const char *text, gsize size)
{
  const gsize id_size = PK_ID_TEXT_LENGTH + 2;
  g_autofree char *id_text = size > id_size ? g_strndup (text + 1, PK_ID_TEXT_LENGTH) : NULL;
  PkId id;

  if (id_text == NULL || !pk_id_parse (id_text, &id))
    return NULL;
  g_autoptr (JsonNode) node = pk_json_parse (text + id_size, size - id_size, NULL);
  g_autoptr (PkValues) values =
      node ? pk_codec_read_values (query->entity->fields, query->entity->n_fields, node, "", NULL)
           : NULL;
  if (values == NULL)
    return NULL;
  PkRecord *record = pk_record_new (query->entity, &id);
  for (guint i = 0; i < query->entity->n_fields; i++)
    take_value (record, values, i);
  return record;
}

static PkRecord *
read_cursor (const PkListQuery *query, const char *cursor, GError **error)
{
  gsize size = 0;
  g_autofree char *text = (char *) g_base64_decode (cursor, &size);
  PkRecord *record = text ? parse_cursor (query, text, size) : NULL;

  if (record == NULL)
    pk_problem_set (error, PK_PROBLEM_INVALID, "/cursor", "The cursor is not one of this list");
  return record;
}

/**
 * pk_service_list:
 * @query: @after and @person are not looked at; @limit is at most 200
 * @cursor: (nullable): where the page before ended
 *
 * Errors: %PK_PROBLEM_INVALID for a cursor or an order that is none
 * Returns: (transfer full) (nullable): the page
 */
PkListPage *
pk_service_list (PkService *service,
                 const PkActor *actor,
                 const PkListQuery *query,
                 const char *cursor,
                 GError **error)
{
  PkListQuery own = *query;
  g_autoptr (PkRecord) after = NULL;
  g_autoptr (PkListPage) page = g_new0 (PkListPage, 1);

  page->records = g_ptr_array_new ();
  if (query->order >= query->entity->n_indexes)
    {
      pk_problem_set (error, PK_PROBLEM_INVALID, "/order", "The list has no such order");
      return NULL;
    }
  if (cursor != NULL && (after = read_cursor (query, cursor, error)) == NULL)
    return NULL;
  own.after = after;
  own.person = pk_actor_get_person (actor);
  own.limit = CLAMP (query->limit, 1, MOST_RECORDS) + 1;
  GPtrArray *records = pk_store_list (service->store, &own, error);
  if (records == NULL)
    return NULL;
  g_ptr_array_unref (page->records);
  page->records = records;
  if (records->len == own.limit)
    {
      g_ptr_array_set_size (records, (int) own.limit - 1);
      page->next = make_cursor (query, records->pdata[records->len - 1]);
    }
  for (guint i = 0; i < records->len; i++)
    pk_access_withhold (service, actor, records->pdata[i]);
  return g_steal_pointer (&page);
}

/**
 * pk_service_mutate:
 * @mutation: a fresh one, which is filled in
 *
 * Judges a single change that was made without a device, on the writer.
 *
 * Errors: %PK_PROBLEM_UNAUTHORIZED and those of the store; a refusal is a verdict
 * Returns: (transfer full) (nullable): the verdict
 */
PkVerdict *
pk_service_mutate (PkService *service, const PkId *person, PkMutation *mutation, GError **error)
{
  g_autoptr (PkActor) actor = pk_actor_load (service, person, error);

  if (actor == NULL)
    return NULL;
  g_autoptr (PkWrite) write = pk_write_begin (service, person, PK_WRITE_DEFAULT, error);
  if (write == NULL)
    return NULL;
  if (pk_id_is_null (&mutation->id))
    mutation->id = pk_id_source_next (service->ids);
  mutation->at_us = pk_write_get_now_us (write);
  g_autoptr (PkVerdict) verdict = pk_judge_mutation (service, write, actor, mutation, error);
  if (verdict == NULL || !pk_write_commit (write, NULL, error))
    return NULL;
  return g_steal_pointer (&verdict);
}
