/* Persons, found by what an identity provider says of them. */
#include "config.h"

#include "pk-service-persons.h"

#include "pk-service-private.h"
#include "pk-store-records.h"

static guint
find_order (const PkEntity *entity, const char *column)
{
  for (guint i = 0; i < entity->n_indexes; i++)
    if (g_str_equal (entity->indexes[i], column))
      return i;
  g_assert_not_reached ();
}

/* Two who are known by the same word are nobody: a sign-in must not be a guess. */
static PkRecord *
find_one (PkService *service, guint field, const char *word, GError **error)
{
  const PkEntity *entity = pk_entity_by_id (PK_ENTITY_PERSON);
  g_autoptr (PkValues) filters = pk_values_new (entity->fields, entity->n_fields);
  PkListQuery query = { .entity = entity,
                        .order = find_order (entity, entity->fields[field].name),
                        .filters = filters,
                        .limit = 2 };

  pk_values_take (filters, field, pk_value_text (word));
  pk_values_take (filters, PK_PERSON_IS_ACTIVE, pk_value_int (TRUE));
  g_autoptr (GPtrArray) persons = pk_store_list (service->store, &query, error);
  return persons != NULL && persons->len == 1 ? pk_record_ref (persons->pdata[0]) : NULL;
}

/**
 * pk_service_find_person_by:
 * @email: (nullable): as it is kept, or in lower case
 * @number: (nullable): employee number, which goes first
 *
 * Returns: (transfer full) (nullable): the one person who works here and is known so; NULL without an error where there is none,
 *   or more than one
 */
PkRecord *
pk_service_find_person_by (PkService *service,
                           const char *email,
                           const char *number,
                           GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkRecord *person = NULL;

  if (number != NULL && *number != '\0')
    person = find_one (service, PK_PERSON_NUMBER, number, &local_error);
  if (person == NULL && local_error == NULL && email != NULL && *email != '\0')
    person = find_one (service, PK_PERSON_EMAIL, email, &local_error);
  if (person == NULL && local_error == NULL && email != NULL && *email != '\0')
    {
      g_autofree char *lower = g_utf8_strdown (email, -1);
      person = find_one (service, PK_PERSON_EMAIL, lower, &local_error);
    }
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return person;
}
