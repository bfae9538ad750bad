/* Those who can be picked in the demo: active persons with their unit and their roles, those with a role first. */
#include "config.h"

#include "pk-door-persons.h"

#include "pk-service-import.h"

#include <string.h>

typedef struct
{
  GPtrArray *persons; /* PkDoorPerson */
  GHashTable *by_id;  /* PkId in the record → PkDoorPerson */
  GHashTable *units;  /* PkId (owned) → name (owned) */
} Loading;

static void
free_person (gpointer data)
{
  PkDoorPerson *self = data;

  pk_record_unref (self->record);
  g_free (self->unit);
  g_ptr_array_unref (self->roles);
  g_free (self);
}

static gboolean
visit_unit (PkRecord *record, gpointer data)
{
  Loading *loading = data;

  g_hash_table_insert (loading->units,
                       g_memdup2 (pk_record_get_id (record), sizeof (PkId)),
                       g_strdup (pk_record_get_text (record, PK_UNIT_NAME)));
  return TRUE;
}

static gboolean
visit_person (PkRecord *record, gpointer data)
{
  Loading *loading = data;
  const PkId *unit = pk_record_get_ref (record, PK_PERSON_UNIT_ID);

  if (pk_record_get_int (record, PK_PERSON_IS_ACTIVE, 0) == 0)
    return TRUE;
  PkDoorPerson *person = g_new0 (PkDoorPerson, 1);
  person->record = pk_record_ref (record);
  person->unit = unit != NULL ? g_strdup (g_hash_table_lookup (loading->units, unit)) : NULL;
  person->roles = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (loading->persons, person);
  g_hash_table_insert (loading->by_id, (gpointer) pk_record_get_id (record), person);
  return TRUE;
}

static gboolean
visit_membership (PkRecord *record, gpointer data)
{
  Loading *loading = data;
  const PkId *id = pk_record_get_ref (record, PK_MEMBERSHIP_PERSON_ID);
  const char *role = pk_record_get_text (record, PK_MEMBERSHIP_ROLE_CODE);
  PkDoorPerson *person = id != NULL ? g_hash_table_lookup (loading->by_id, id) : NULL;

  if (person != NULL && role != NULL && !pk_door_person_has_role (person, role))
    g_ptr_array_add (person->roles, g_strdup (role));
  return TRUE;
}

/* By the first role, then by name; without a role last. */
static int
compare_persons (gconstpointer a, gconstpointer b)
{
  const PkDoorPerson *first = *(PkDoorPerson *const *) a, *second = *(PkDoorPerson *const *) b;

  if ((first->roles->len == 0) != (second->roles->len == 0))
    return first->roles->len == 0 ? 1 : -1;
  if (first->roles->len > 0)
    {
      int order = g_strcmp0 (first->roles->pdata[0], second->roles->pdata[0]);
      if (order != 0)
        return order;
    }
  return g_strcmp0 (pk_record_get_text (first->record, PK_PERSON_NAME),
                    pk_record_get_text (second->record, PK_PERSON_NAME));
}

static gboolean
load (Loading *loading, PkService *service, GError **error)
{
  return pk_service_visit (service, PK_ENTITY_UNIT, visit_unit, loading, error) &&
         pk_service_visit (service, PK_ENTITY_PERSON, visit_person, loading, error) &&
         pk_service_visit (service, PK_ENTITY_MEMBERSHIP, visit_membership, loading, error);
}

/**
 * pk_door_persons_load:
 *
 * Returns: (transfer container) (nullable) (element-type PkDoorPerson): all who work here
 */
GPtrArray *
pk_door_persons_load (PkService *service, GError **error)
{
  g_autoptr (GPtrArray) persons = g_ptr_array_new_with_free_func (free_person);
  g_autoptr (GHashTable) by_id = g_hash_table_new (pk_id_hash, pk_id_equal);
  g_autoptr (GHashTable) units = g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, g_free);
  Loading loading = { persons, by_id, units };

  if (!load (&loading, service, error))
    return NULL;
  g_ptr_array_sort (persons, compare_persons);
  return g_steal_pointer (&persons);
}

/**
 * pk_door_person_has_role:
 */
gboolean
pk_door_person_has_role (const PkDoorPerson *self, const char *role)
{
  for (guint i = 0; i < self->roles->len; i++)
    if (g_str_equal (self->roles->pdata[i], role))
      return TRUE;
  return FALSE;
}

/**
 * pk_door_person_fits:
 * @text: (nullable): what is looked for; without it everybody fits
 * @more: (nullable): where to look beside name, title and unit
 *
 * Returns: whether the text is part of what the person goes by, in any case of letters
 */
gboolean
pk_door_person_fits (const PkDoorPerson *self, const char *text, const char *more)
{
  if (text == NULL || *text == '\0')
    return TRUE;
  const char *words[] = { pk_record_get_text (self->record, PK_PERSON_NAME),
                          pk_record_get_text (self->record, PK_PERSON_TITLE),
                          self->unit,
                          more };
  g_autofree char *wanted = g_utf8_casefold (text, -1);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *folded = g_utf8_casefold (words[i] != NULL ? words[i] : "", -1);
      if (strstr (folded, wanted) != NULL)
        return TRUE;
    }
  return FALSE;
}

/**
 * pk_door_persons_find:
 * @word: an id, or a role: the first who has it
 *
 * Returns: (transfer none) (nullable): the person
 */
const PkDoorPerson *
pk_door_persons_find (GPtrArray *persons, const char *word)
{
  PkId id;
  gboolean is_id = pk_id_parse (word, &id);

  for (guint i = 0; i < persons->len; i++)
    {
      const PkDoorPerson *person = persons->pdata[i];
      if (is_id ? pk_id_equal (pk_record_get_id (person->record), &id)
                : pk_door_person_has_role (person, word))
        return person;
    }
  return NULL;
}
