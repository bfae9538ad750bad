/* Names of scopes, and back. */
#include "config.h"

#include "pk-scope.h"

#include <string.h>

static char *
name_with_id (const char *kind, const PkId *id)
{
  char text[PK_ID_TEXT_LENGTH + 1];

  return g_strconcat (kind, "/", pk_id_to_text (id, text), NULL);
}

/**
 * pk_scope_name_everyone:
 *
 * Returns: (transfer full): the scope of all who are signed in
 */
char *
pk_scope_name_everyone (void)
{
  return g_strdup ("everyone");
}

/**
 * pk_scope_name_person:
 *
 * Returns: (transfer full): the scope of one person
 */
char *
pk_scope_name_person (const PkId *person)
{
  return name_with_id ("person", person);
}

/**
 * pk_scope_name_unit:
 *
 * Returns: (transfer full): the scope of a unit
 */
char *
pk_scope_name_unit (const PkId *unit)
{
  return name_with_id ("unit", unit);
}

/**
 * pk_scope_name_building:
 *
 * Returns: (transfer full): the scope of a building
 */
char *
pk_scope_name_building (const PkId *building)
{
  return name_with_id ("building", building);
}

/**
 * pk_scope_name_role:
 *
 * Returns: (transfer full): the scope of those who hold a role
 */
char *
pk_scope_name_role (const char *role)
{
  return g_strconcat ("role/", role, NULL);
}

static gboolean
is_role (const char *text)
{
  return *text != '\0' && strlen (text) <= 60 &&
         strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen (text);
}

/**
 * pk_scope_name_parse:
 * @kind_out: (out): the kind
 * @id_out: (out): the person, unit or building; all zero for the others
 *
 * Returns: %FALSE if @name is no scope's name
 */
gboolean
pk_scope_name_parse (const char *name, PkScopeKind *kind_out, PkId *id_out)
{
  static const struct
  {
    const char *prefix;
    PkScopeKind kind;
  } kinds[] = { { "person/", PK_SCOPE_PERSON },
                { "unit/", PK_SCOPE_UNIT },
                { "building/", PK_SCOPE_BUILDING } };

  *id_out = (PkId){ { 0 } };
  if (g_str_equal (name, "everyone"))
    {
      *kind_out = PK_SCOPE_EVERYONE;
      return TRUE;
    }
  if (g_str_has_prefix (name, "role/"))
    {
      *kind_out = PK_SCOPE_ROLE;
      return is_role (name + strlen ("role/"));
    }
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_prefix (name, kinds[i].prefix))
      {
        *kind_out = kinds[i].kind;
        return pk_id_parse (name + strlen (kinds[i].prefix), id_out);
      }
  return FALSE;
}

/**
 * pk_scope_rule_applies:
 * @rule: of the record's entity
 * @record: a record
 *
 * Returns: whether the rule's condition holds for the record
 */
gboolean
pk_scope_rule_applies (const PkScopeRule *rule, const PkRecord *record)
{
  if (rule->test == PK_SCOPE_ALWAYS)
    return TRUE;
  const PkEntity *entity = pk_record_get_entity (record);
  guint place = (guint) pk_entity_find_field (entity, rule->test_field);
  gboolean is_equal = pk_record_get_int (record, place, -1) ==
                      pk_enum_find (entity->fields[place].values, rule->test_value);
  return rule->test == PK_SCOPE_IF ? is_equal : !is_equal;
}
