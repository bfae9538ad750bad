/*
 * Columns are known by their names, Norwegian or English, whatever the case, blanks and marks. A mapping file (JSON) says
 * otherwise where the names do not help:
 *
 *   {"source": "fdv-2019", "columns": {"reference": "Bygnr", "area_m2": "BTA", "note": null}, "uses": {"Adm": "town_hall"}}
 *
 * null means: no such column, whatever the names say.
 *
 * What a building belongs to is told by the columns property (or cadastral_ref), unit and caretaker. A unit is known by its name,
 * short name, e-mail or id; a person by e-mail, number, name or id; a property by its name, cadastral number, reference at the source or id, and one that is
 * not there is made. The register's words can be told in ours, and "defaults" says what holds where a row says nothing and the
 * building has none yet:
 *
 *   {"columns": {"unit": "Avd"}, "units": {"DN": "Drift nord"}, "caretakers": {"Per": "per@example.org"}, "properties": {},
 *    "defaults": {"property": "Sentrum skole", "unit": "Eiendomsdrift", "caretaker": "kari@example.org"}}
 */
#include "config.h"

#include "pk-building-mapping.h"

#include "pk-json.h"
#include "pk-model-tables.h"
#include "pk-problem.h"

#include <string.h>

static const struct
{
  const char *name;
  const char *known; /* names in lower case without blanks and marks, best first */
} columns[PK_N_COLUMNS] = {
  [PK_COLUMN_REFERENCE] = { "reference",
                            "uid reference referanse sourceref id bygningsid buildingid byggid "
                            "objektid" },
  [PK_COLUMN_NAME] = { "name", "name navn bygningsnavn buildingname byggnavn nickname tittel" },
  [PK_COLUMN_NUMBER] = { "number", "bygningsnummer bygningsnr buildingnumber bygningnr" },
  [PK_COLUMN_USE] = { "use",
                      "use bruk formål bygningstype byggtype type primaryspaceusage buildingtype "
                      "funksjon" },
  [PK_COLUMN_ADDRESS] = { "address", "address adresse gateadresse street" },
  [PK_COLUMN_POSTAL_CODE] = { "postal_code", "postalcode postnummer postnr zip zipcode" },
  [PK_COLUMN_POSTAL_PLACE] = { "postal_place", "postalplace poststed city" },
  [PK_COLUMN_LATITUDE] = { "latitude", "latitude lat breddegrad" },
  [PK_COLUMN_LONGITUDE] = { "longitude", "longitude lon lng lengdegrad" },
  [PK_COLUMN_BUILT] = { "built", "yearbuilt byggeår builtyear built byggår constructionyear" },
  [PK_COLUMN_AREA_M2] = { "area_m2", "sqm aream2 bta bruttoareal areal arealm2 bra m2 kvm" },
  [PK_COLUMN_AREA_SQFT] = { "area_sqft", "sqft areasqft squarefeet" },
  [PK_COLUMN_FLOORS] = { "floors", "numberoffloors floors etasjer antalletasjer storeys" },
  [PK_COLUMN_OCCUPANTS] = { "occupants", "occupants personer antallpersoner brukere people" },
  [PK_COLUMN_HEATING] = { "heating", "mainheatingtype heating oppvarming heatingtype varmekilde" },
  [PK_COLUMN_ENERGY_LABEL] = { "energy_label", "energylabel rating energimerke energikarakter" },
  [PK_COLUMN_NOTE] = { "note", "note merknad notes kommentar beskrivelse" },
  [PK_COLUMN_PROPERTY] = { "property", "property eiendom eiendomsnavn propertyname site" },
  [PK_COLUMN_CADASTRAL_REF] = { "cadastral_ref",
                                "cadastralref cadastralnumber matrikkel matrikkelnummer "
                                "matrikkelnr gnrbnr" },
  [PK_COLUMN_UNIT] = { "unit", "unit enhet ansvarligenhet avdeling responsibleunit department" },
  [PK_COLUMN_CARETAKER] = { "caretaker", "caretaker vaktmester driftsansvarlig driftsoperatør" },
};

static const struct
{
  const char *name;  /* in defaults */
  const char *words; /* the member with the register's words */
} links[PK_N_LINKS] = {
  [PK_LINK_PROPERTY] = { "property", "properties" },
  [PK_LINK_UNIT] = { "unit", "units" },
  [PK_LINK_CARETAKER] = { "caretaker", "caretakers" },
};

/**
 * pk_building_column_name:
 *
 * Returns: the column's name in mapping files and reports
 */
const char *
pk_building_column_name (PkBuildingColumn column)
{
  return columns[column].name;
}

/**
 * pk_building_link_name:
 *
 * Returns: the link's name in mapping files and reports
 */
const char *
pk_building_link_name (PkBuildingLink link)
{
  return links[link].name;
}

static char *
fold_name (const char *text)
{
  g_autofree char *lower = g_utf8_strdown (text, -1);
  GString *out = g_string_new (NULL);

  for (const char *at = lower; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_isalnum (g_utf8_get_char (at)))
      g_string_append_unichar (out, g_utf8_get_char (at));
  return g_string_free (out, FALSE);
}

static int
find_folded (PkBuildingMapping *self, const char *wanted)
{
  for (int i = 0; self->header[i] != NULL; i++)
    {
      g_autofree char *folded = fold_name (self->header[i]);
      if (g_str_equal (folded, wanted))
        return i;
    }
  return -1;
}

/**
 * pk_building_mapping_uses:
 * @place: of a column in the file
 *
 * Returns: whether the column means something
 */
gboolean
pk_building_mapping_uses (const PkBuildingMapping *self, int place)
{
  for (int i = 0; i < PK_N_COLUMNS; i++)
    if (self->places[i] == place)
      return TRUE;
  return FALSE;
}

static void
detect (PkBuildingMapping *self)
{
  for (int i = 0; i < PK_N_COLUMNS; i++)
    {
      g_auto (GStrv) known = g_strsplit (columns[i].known, " ", -1);
      for (char **name = known; *name != NULL && self->places[i] < 0; name++)
        {
          int place = find_folded (self, *name);
          if (place >= 0 && !pk_building_mapping_uses (self, place))
            self->places[i] = place;
        }
    }
}

static gboolean
fail (GError **error, const char *pointer, const char *what)
{
  pk_problem_set (error, PK_PROBLEM_INVALID, pointer, "%s", what);
  return FALSE;
}

static int
find_column (const char *name)
{
  for (int i = 0; i < PK_N_COLUMNS; i++)
    if (g_str_equal (columns[i].name, name))
      return i;
  return -1;
}

static gboolean
read_column (PkBuildingMapping *self, const char *name, JsonNode *node, GError **error)
{
  int column = find_column (name);
  g_autofree char *pointer = g_strconcat ("/mapping/columns/", name, NULL);

  if (column < 0)
    return fail (error, pointer, "There is no such meaning of a column");
  self->places[column] = -1;
  if (json_node_is_null (node))
    return TRUE;
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return fail (error, pointer, "The name of a column is needed");
  for (int i = 0; self->header[i] != NULL; i++)
    if (g_str_equal (self->header[i], json_node_get_string (node)))
      {
        for (int other = 0; other < PK_N_COLUMNS; other++)
          if (self->places[other] == i)
            self->places[other] = -1;
        self->places[column] = i;
        return TRUE;
      }
  return fail (error, pointer, "The file has no column of that name");
}

static gboolean
read_use (PkBuildingMapping *self, const char *text, JsonNode *node, GError **error)
{
  const PkField *field = &pk_entity_by_id (PK_ENTITY_BUILDING)->fields[PK_BUILDING_USE];
  const char *code = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  if (code == NULL || pk_enum_find (field->values, code) < 0)
    {
      pk_problem_set (error,
                      PK_PROBLEM_INVALID,
                      "/mapping/uses",
                      "There is no such use: %s",
                      code != NULL ? code : "");
      return FALSE;
    }
  g_hash_table_insert (self->uses, g_strdup (text), g_strdup (code));
  return TRUE;
}

typedef gboolean (*MemberFunc) (PkBuildingMapping *self,
                                const char *name,
                                JsonNode *node,
                                GError **error);

static gboolean
for_each_member (PkBuildingMapping *self,
                 JsonObject *root,
                 const char *member,
                 MemberFunc func,
                 GError **error)
{
  JsonNode *node = json_object_get_member (root, member);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_autofree char *pointer = g_strconcat ("/mapping/", member, NULL);
      return fail (error, pointer, "An object is needed");
    }
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &value))
    if (!func (self, name, value, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_default (PkBuildingMapping *self, const char *name, JsonNode *node, GError **error)
{
  g_autofree char *pointer = g_strconcat ("/mapping/defaults/", name, NULL);
  guint link = 0;

  while (link < PK_N_LINKS && !g_str_equal (links[link].name, name))
    link++;
  if (link == PK_N_LINKS)
    return fail (error, pointer, "A building is not tied to such a thing");
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return fail (error, pointer, "A text is needed");
  g_free (self->defaults[link]);
  self->defaults[link] = g_strdup (json_node_get_string (node));
  return TRUE;
}

static gboolean
read_words (PkBuildingMapping *self, JsonObject *root, PkBuildingLink link, GError **error)
{
  g_autofree char *pointer = g_strconcat ("/mapping/", links[link].words, NULL);
  JsonNode *node = json_object_get_member (root, links[link].words);
  JsonObjectIter iter;
  const char *text;
  JsonNode *word;

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, pointer, "An object is needed");
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &text, &word))
    {
      if (json_node_get_value_type (word) != G_TYPE_STRING)
        return fail (error, pointer, "Texts are needed");
      g_hash_table_insert (self->words[link],
                           g_strdup (text),
                           g_strdup (json_node_get_string (word)));
    }
  return TRUE;
}

static gboolean
read_file (PkBuildingMapping *self, const char *json, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonNode) root = pk_json_parse (json, strlen (json), &local_error);

  if (root == NULL)
    {
      pk_problem_set (error, PK_PROBLEM_MALFORMED, "/mapping", "%s", local_error->message);
      return FALSE;
    }
  if (!JSON_NODE_HOLDS_OBJECT (root))
    return fail (error, "/mapping", "An object is needed");
  JsonObject *object = json_node_get_object (root);
  JsonNode *source = json_object_get_member (object, "source");
  if (source != NULL && json_node_get_value_type (source) != G_TYPE_STRING)
    return fail (error, "/mapping/source", "A text is needed");
  if (source != NULL)
    self->source = g_strdup (json_node_get_string (source));
  for (guint i = 0; i < PK_N_LINKS; i++)
    if (!read_words (self, object, (PkBuildingLink) i, error))
      return FALSE;
  return for_each_member (self, object, "columns", read_column, error) &&
         for_each_member (self, object, "uses", read_use, error) &&
         for_each_member (self, object, "defaults", read_default, error);
}

/**
 * pk_building_mapping_new:
 * @header: (array zero-terminated=1): the names on the first line
 * @json: (nullable): a mapping file
 *
 * Finds out what each column means.
 *
 * Errors: %PK_PROBLEM_ERROR with a pointer below /mapping; %PK_PROBLEM_REQUIRED if no column names the buildings
 * Returns: (transfer full) (nullable): the mapping
 */
PkBuildingMapping *
pk_building_mapping_new (const char *const *header, const char *json, GError **error)
{
  g_autoptr (PkBuildingMapping) self = g_new0 (PkBuildingMapping, 1);

  self->header = g_strdupv ((char **) header);
  self->uses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < PK_N_LINKS; i++)
    self->words[i] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (int i = 0; i < PK_N_COLUMNS; i++)
    self->places[i] = -1;
  detect (self);
  if (json != NULL && !read_file (self, json, error))
    return NULL;
  if (self->places[PK_COLUMN_REFERENCE] < 0)
    self->places[PK_COLUMN_REFERENCE] = self->places[PK_COLUMN_NUMBER];
  if (self->places[PK_COLUMN_REFERENCE] < 0)
    {
      pk_problem_set (error,
                      PK_PROBLEM_REQUIRED,
                      "/mapping/columns/reference",
                      "No column says which building a row is about; name it in a mapping file");
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * pk_building_mapping_free:
 *
 * Frees a mapping.
 */
void
pk_building_mapping_free (PkBuildingMapping *self)
{
  g_free (self->source);
  g_strfreev (self->header);
  g_hash_table_unref (self->uses);
  for (guint i = 0; i < PK_N_LINKS; i++)
    {
      g_hash_table_unref (self->words[i]);
      g_free (self->defaults[i]);
    }
  g_free (self);
}
