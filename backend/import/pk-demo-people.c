/* Units, the people in them, their roles, and who is away. */
#include "config.h"

#include "pk-demo-private.h"

static JsonObject *
get_organisation (PkDemo *self)
{
  return json_node_get_object (self->organisation);
}

static PkDemoUnit *
read_unit (PkDemo *self, JsonObject *spec)
{
  PkDemoUnit *unit = g_new0 (PkDemoUnit, 1);

  unit->id = pk_demo_next_id (self);
  unit->key = json_object_get_string_member (spec, "key");
  unit->spec = spec;
  unit->people = g_ptr_array_new ();
  unit->buildings = g_ptr_array_new ();
  g_ptr_array_add (self->units, unit);
  g_hash_table_insert (self->units_by_key, (char *) unit->key, unit);
  return unit;
}

/* Positions come as pairs of a name and how many of them there are beside the others. */
static const char *
pick_position (PkDemo *self, PkDemoUnit *unit)
{
  JsonArray *positions =
      json_object_has_member (unit->spec, "positions")
          ? json_object_get_array_member (unit->spec, "positions")
          : json_object_get_array_member (
                json_object_get_object_member (get_organisation (self), "profiles"),
                json_object_get_string_member (unit->spec, "profile"));
  guint n = json_array_get_length (positions), sum = 0;

  for (guint i = 0; i < n; i++)
    sum += (guint) json_array_get_int_element (json_array_get_array_element (positions, i), 1);
  guint left = pk_demo_random (self, sum);
  for (guint i = 0; i < n; i++)
    {
      JsonArray *position = json_array_get_array_element (positions, i);
      guint weight = (guint) json_array_get_int_element (position, 1);
      if (left < weight)
        return json_array_get_string_element (position, 0);
      left -= weight;
    }
  g_assert_not_reached ();
}

static void
hire (PkDemo *self, PkDemoUnit *unit, GHashTable *emails)
{
  const char *domain = json_object_get_string_member (get_organisation (self), "domain");
  PkDemoPerson *person = g_new0 (PkDemoPerson, 1);

  person->id = pk_demo_next_id (self);
  person->unit = unit;
  person->name = pk_demo_person_name (self);
  person->email = pk_demo_email_of (person->name, domain, emails);
  person->phone = pk_demo_phone (self);
  person->title = unit->people->len == 0 ? json_object_get_string_member (unit->spec, "leader")
                                         : pick_position (self, unit);
  g_ptr_array_add (unit->people, person);
  g_ptr_array_add (self->people, person);
}

static gint64
count_staff (JsonArray *units)
{
  gint64 sum = 0;

  for (guint i = 0; i < json_array_get_length (units); i++)
    sum += json_object_get_int_member (json_array_get_object_element (units, i), "staff");
  return sum;
}

/* Shares the people out by the declared staff, so that the shares add up to the whole. */
static void
hire_everybody (PkDemo *self)
{
  g_autoptr (GHashTable) emails = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  JsonArray *units = json_object_get_array_member (get_organisation (self), "units");
  gint64 total = count_staff (units), so_far = 0;

  for (guint i = 0; i < self->units->len; i++)
    {
      PkDemoUnit *unit = self->units->pdata[i];
      gint64 next = so_far + json_object_get_int_member (unit->spec, "staff");
      gint64 n = next * self->n_people / total - so_far * self->n_people / total;
      for (gint64 j = 0; j < MAX (n, 1); j++)
        hire (self, unit, emails);
      so_far = next;
    }
}

static gboolean
give_unit (PkDemo *self, PkDemoUnit *unit, GError **error)
{
  g_autoptr (PkRecord) record = pk_demo_record (self, PK_ENTITY_UNIT, &unit->id);
  const char *parent_key = json_object_get_string_member_with_default (unit->spec, "parent", NULL);
  const char *domain = json_object_get_string_member (get_organisation (self), "domain");
  g_autofree char *email = g_strdup_printf ("%s@%s", unit->key, domain);
  PkDemoPerson *leader = unit->people->pdata[0];

  if (parent_key != NULL)
    {
      PkDemoUnit *parent = g_hash_table_lookup (self->units_by_key, parent_key);
      if (parent == NULL)
        return pk_demo_fail (error, "No such unit", parent_key);
      pk_record_set_ref (record, PK_UNIT_PARENT_ID, &parent->id);
    }
  g_autofree char *phone = pk_demo_phone (self);
  pk_record_set_text (record, PK_UNIT_NAME, json_object_get_string_member (unit->spec, "name"));
  pk_record_set_text (record,
                      PK_UNIT_SHORT_NAME,
                      json_object_get_string_member_with_default (unit->spec, "short", NULL));
  pk_demo_set_code (record, PK_UNIT_KIND, json_object_get_string_member (unit->spec, "kind"));
  pk_demo_set_code (record, PK_UNIT_AREA, json_object_get_string_member (unit->spec, "area"));
  pk_record_set_ref (record, PK_UNIT_LEADER_ID, &leader->id);
  pk_record_set_text (record, PK_UNIT_PHONE, phone);
  pk_record_set_text (record, PK_UNIT_EMAIL, email);
  return pk_demo_give (self, g_steal_pointer (&record), error);
}

static gboolean
give_person (PkDemo *self, guint place, GError **error)
{
  PkDemoPerson *person = self->people->pdata[place];
  g_autoptr (PkRecord) record = pk_demo_record (self, PK_ENTITY_PERSON, &person->id);
  g_autofree char *number = g_strdup_printf ("%u", 100200 + place * 7);

  pk_record_set_text (record, PK_PERSON_NAME, person->name);
  pk_record_set_text (record, PK_PERSON_TITLE, person->title);
  pk_record_set_ref (record, PK_PERSON_UNIT_ID, &person->unit->id);
  pk_record_set_text (record, PK_PERSON_EMAIL, person->email);
  pk_record_set_text (record, PK_PERSON_PHONE, person->phone);
  pk_record_set_text (record, PK_PERSON_NUMBER, number);
  pk_record_set_text (record, PK_PERSON_LOCALE, pk_demo_chance (self, 8) ? "nn" : "nb");
  pk_record_set_int (record, PK_PERSON_IS_ACTIVE, TRUE);
  return pk_demo_give (self, g_steal_pointer (&record), error);
}

static gboolean
give_roles (PkDemo *self, GError **error)
{
  JsonArray *roles = json_object_get_array_member (get_organisation (self), "roles");

  for (guint i = 0; i < json_array_get_length (roles); i++)
    {
      JsonObject *role = json_array_get_object_element (roles, i);
      PkRecord *record = pk_demo_record (self, PK_ENTITY_ROLE, NULL);
      pk_record_set_text (record, PK_ROLE_CODE, json_object_get_string_member (role, "code"));
      pk_record_set_text (record, PK_ROLE_NAME, json_object_get_string_member (role, "name"));
      pk_record_set_text (record,
                          PK_ROLE_DESCRIPTION,
                          json_object_get_string_member (role, "description"));
      if (!pk_demo_give (self, record, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * pk_demo_make_people:
 *
 * Makes units, people and roles.
 *
 * Returns: %TRUE unless the sink failed or a declaration is wrong
 */
gboolean
pk_demo_make_people (PkDemo *self, GError **error)
{
  JsonArray *units = json_object_get_array_member (get_organisation (self), "units");

  pk_demo_begin_theme (self, 1);
  for (guint i = 0; i < json_array_get_length (units); i++)
    read_unit (self, json_array_get_object_element (units, i));
  hire_everybody (self);
  for (guint i = 0; i < self->units->len; i++)
    if (!give_unit (self, self->units->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < self->people->len; i++)
    if (!give_person (self, i, error))
      return FALSE;
  return give_roles (self, error) && pk_demo_end_group (self, error);
}

static gboolean
give_membership (PkDemo *self,
                 PkDemoPerson *person,
                 const char *role,
                 PkDemoUnit *unit,
                 PkDemoBuilding *building,
                 GError **error)
{
  PkRecord *record = pk_demo_record (self, PK_ENTITY_MEMBERSHIP, NULL);

  pk_record_set_ref (record, PK_MEMBERSHIP_PERSON_ID, &person->id);
  pk_record_set_text (record, PK_MEMBERSHIP_ROLE_CODE, role);
  if (unit != NULL)
    pk_record_set_ref (record, PK_MEMBERSHIP_UNIT_ID, &unit->id);
  if (building != NULL)
    pk_record_set_ref (record, PK_MEMBERSHIP_BUILDING_ID, &building->id);
  return pk_demo_give (self, record, error);
}

/* Caretakers have the buildings of their team; property managers hold all buildings by their role. */
static gboolean
looks_after (PkDemoUnit *unit, const char *role, PkDemoBuilding *building)
{
  return g_str_equal (role, "caretaker") && building->team == unit;
}

static gboolean
give_role_of_unit (PkDemo *self, PkDemoUnit *unit, const char *role, GError **error)
{
  for (guint i = 0; i < unit->people->len; i++)
    {
      if (!give_membership (self, unit->people->pdata[i], role, unit, NULL, error))
        return FALSE;
      for (guint j = 0; j < self->buildings->len; j++)
        if (looks_after (unit, role, self->buildings->pdata[j]) &&
            !give_membership (self,
                              unit->people->pdata[i],
                              role,
                              NULL,
                              self->buildings->pdata[j],
                              error))
          return FALSE;
    }
  return TRUE;
}

static gboolean
give_leader (PkDemo *self, PkDemoUnit *unit, GError **error)
{
  PkDemoPerson *leader = unit->people->pdata[0];

  if (!give_membership (self, leader, "leader", unit, NULL, error))
    return FALSE;
  for (guint i = 0; i < unit->buildings->len; i++)
    if (!give_membership (self, leader, "leader", NULL, unit->buildings->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
give_administrators (PkDemo *self, GError **error)
{
  static const char *const keys[] = { "it", "it-drift" };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      PkDemoUnit *unit = g_hash_table_lookup (self->units_by_key, keys[i]);
      for (guint j = 0; j < MIN (unit->people->len, 2); j++)
        if (!give_membership (self, unit->people->pdata[j], "administrator", NULL, NULL, error) ||
            !give_membership (self, unit->people->pdata[j], "editor", NULL, NULL, error))
          return FALSE;
    }
  return TRUE;
}

static gboolean
give_absence (PkDemo *self, GError **error)
{
  static const char *const kinds[] = { "holiday", "holiday", "sickness", "course", "leave" };
  PkDemoPerson *person = self->people->pdata[pk_demo_random (self, self->people->len)];
  PkDemoPerson *substitute =
      person->unit->people->pdata[pk_demo_random (self, person->unit->people->len)];
  int from = (int) pk_demo_random (self, 40) - 10;
  PkRecord *record = pk_demo_record (self, PK_ENTITY_ABSENCE, NULL);

  pk_record_set_ref (record, PK_ABSENCE_PERSON_ID, &person->id);
  if (substitute != person)
    pk_record_set_ref (record, PK_ABSENCE_SUBSTITUTE_ID, &substitute->id);
  pk_demo_set_code (record, PK_ABSENCE_KIND, kinds[pk_demo_random (self, G_N_ELEMENTS (kinds))]);
  pk_record_set_int (record, PK_ABSENCE_STARTS_AT, pk_demo_time (self, from, 6 * 60));
  pk_record_set_int (record,
                     PK_ABSENCE_ENDS_AT,
                     pk_demo_time (self, from + 1 + (int) pk_demo_random (self, 14), 15 * 60));
  if (substitute != person)
    pk_record_set_text (
        record,
        PK_ABSENCE_NOTE,
        "Åpne oppgaver går til stedfortrederen. Det som haster, står øverst i lista.");
  return pk_demo_give (self, record, error);
}

/**
 * pk_demo_make_memberships:
 *
 * Makes memberships in units and buildings, and absences. The buildings are there already.
 *
 * Returns: %TRUE unless the sink failed
 */
gboolean
pk_demo_make_memberships (PkDemo *self, GError **error)
{
  pk_demo_begin_theme (self, 2);
  for (guint i = 0; i < self->units->len; i++)
    {
      PkDemoUnit *unit = self->units->pdata[i];
      const char *role = json_object_get_string_member_with_default (unit->spec, "role", NULL);
      if (role != NULL && !give_role_of_unit (self, unit, role, error))
        return FALSE;
      if (!give_leader (self, unit, error))
        return FALSE;
    }
  if (!give_administrators (self, error))
    return FALSE;
  for (guint i = 0; i < 3 + self->people->len / 50; i++)
    if (!give_absence (self, error))
      return FALSE;
  return pk_demo_end_group (self, error);
}
