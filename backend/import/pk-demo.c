/*
 * The demo municipality: from the declarations in data/demo/ (built into the program) to records and files.
 *
 * Everything is drawn from seeded sources and a clock moved by hand, in a fixed order, so that the same options give the
 * same municipality byte for byte. Each theme has a source of its own: another task does not give other people.
 */
#include "config.h"

#include "pk-demo.h"

#include "pk-demo-data.h"
#include "pk-demo-private.h"

#include "pk-codec.h"
#include "pk-time.h"

#include <string.h>
#include <time.h>

#define DEFAULT_PEOPLE 2000
#define DEFAULT_TASKS  3000
#define DAY_US         (G_TIME_SPAN_DAY)
#define RESOURCE_ROOT  "/no/kommune/kristiansund/Pakobla/demo/"

G_DEFINE_QUARK (pk_demo_error, pk_demo_error)

/**
 * pk_demo_fail:
 * @what: a sentence without its full stop
 * @name: what it is about
 *
 * Returns: %FALSE, with %PK_DEMO_ERROR_DECLARATION set
 */
gboolean
pk_demo_fail (GError **error, const char *what, const char *name)
{
  g_set_error (error, PK_DEMO_ERROR, PK_DEMO_ERROR_DECLARATION, "%s: '%s'", what, name);
  return FALSE;
}

/**
 * pk_demo_random:
 * @below: greater than 0
 *
 * Returns: a number from 0 to below @below
 */
guint
pk_demo_random (PkDemo *self, guint below)
{
  g_assert (below > 0);
  return (guint) (pk_id_source_next_random (self->random) % below);
}

/**
 * pk_demo_chance:
 *
 * Returns: %TRUE in @percent of 100 calls
 */
gboolean
pk_demo_chance (PkDemo *self, guint percent)
{
  return pk_demo_random (self, 100) < percent;
}

/**
 * pk_demo_pick:
 * @texts: not empty
 *
 * Returns: one of the texts
 */
const char *
pk_demo_pick (PkDemo *self, JsonArray *texts)
{
  return json_array_get_string_element (texts,
                                        pk_demo_random (self, json_array_get_length (texts)));
}

/**
 * pk_demo_begin_theme:
 * @theme: a number of its own
 *
 * Starts the theme's source of randomness.
 */
void
pk_demo_begin_theme (PkDemo *self, guint theme)
{
  g_clear_pointer (&self->random, pk_id_source_unref);
  self->random = pk_id_source_new_seeded (self->clock, self->options->seed * 1000 + theme);
}

/**
 * pk_demo_next_id:
 *
 * Returns: a new id, made at the time that the clock shows
 */
PkId
pk_demo_next_id (PkDemo *self)
{
  return pk_id_source_next (self->ids);
}

/**
 * pk_demo_record:
 * @id: (nullable): NULL for a new one
 *
 * Returns: (transfer full): a record without values
 */
PkRecord *
pk_demo_record (PkDemo *self, PkEntityId entity, const PkId *id)
{
  PkId new_id;

  if (id == NULL)
    {
      new_id = pk_demo_next_id (self);
      id = &new_id;
    }
  return pk_record_new (pk_entity_by_id (entity), id);
}

/**
 * pk_demo_give:
 * @record: (transfer full):
 *
 * Hands a record to the sink.
 *
 * Errors: what the sink sets; %PK_PROBLEM_ERROR if a required value is missing
 * Returns: %TRUE if it was taken
 */
gboolean
pk_demo_give (PkDemo *self, PkRecord *record, GError **error)
{
  g_autoptr (PkRecord) owned = record;

  return pk_codec_check_record (owned, error) &&
         self->sink->take_record (owned, self->user_data, error);
}

/**
 * pk_demo_end_group:
 *
 * Tells the sink that everything so far stands on its own.
 *
 * Returns: %TRUE unless the sink failed
 */
gboolean
pk_demo_end_group (PkDemo *self, GError **error)
{
  return self->sink->end_group == NULL || self->sink->end_group (self->user_data, error);
}

/**
 * pk_demo_set_code:
 * @code: (nullable): of the field's enum; NULL leaves it empty
 *
 * Sets a field that is an enumeration. An unknown code is left empty, which the check of required fields or the tests see.
 */
void
pk_demo_set_code (PkRecord *record, guint field, const char *code)
{
  const PkField *spec = &pk_record_get_entity (record)->fields[field];
  int place = code != NULL ? pk_enum_find (spec->values, code) : -1;

  if (place >= 0)
    pk_record_set_int (record, field, place);
}

/**
 * pk_demo_day:
 * @days: after today; less than 0 for before
 *
 * Returns: (transfer full): the day, such as "2026-11-23"
 */
char *
pk_demo_day (PkDemo *self, int days)
{
  GDate day = self->today;
  char text[11];

  if (days < 0)
    g_date_subtract_days (&day, (guint) -days);
  else
    g_date_add_days (&day, (guint) days);
  g_date_strftime (text, sizeof text, "%Y-%m-%d", &day);
  return g_strdup (text);
}

/**
 * pk_demo_time:
 * @days: after today
 * @minutes: since midnight UTC
 *
 * Returns: microseconds since 1970
 */
gint64
pk_demo_time (PkDemo *self, int days, int minutes)
{
  gint64 days_since_1970 = (gint64) g_date_get_julian (&self->today) - 719163 + days;

  return days_since_1970 * DAY_US + minutes * G_TIME_SPAN_MINUTE;
}

/**
 * pk_demo_set_clock:
 *
 * Moves the clock, forth or back.
 */
void
pk_demo_set_clock (PkDemo *self, gint64 time_us)
{
  pk_clock_advance (self->clock, time_us - pk_clock_now_us (self->clock));
}

static JsonNode *
load_json (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes =
      g_resource_lookup_data (pk_demo_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  gsize size;

  if (bytes == NULL)
    return NULL;
  const char *data = g_bytes_get_data (bytes, &size);
  JsonNode *node = pk_json_parse (data, size, error);
  if (node == NULL)
    g_prefix_error (error, "%s: ", path);
  return node;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
load_services (PkDemo *self, GError **error)
{
  g_auto (GStrv) names = g_resource_enumerate_children (pk_demo_get_resource (),
                                                        RESOURCE_ROOT "tasks",
                                                        G_RESOURCE_LOOKUP_FLAGS_NONE,
                                                        error);

  if (names == NULL)
    return FALSE;
  qsort (names, g_strv_length (names), sizeof *names, compare_texts);
  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *path = g_strconcat (RESOURCE_ROOT "tasks/", *name, NULL);
      JsonNode *node = load_json (path, error);
      if (node == NULL)
        return FALSE;
      g_ptr_array_add (self->services, node);
    }
  return TRUE;
}

static gboolean
load_declarations (PkDemo *self, GError **error)
{
  self->names = load_json (RESOURCE_ROOT "names.json", error);
  if (self->names == NULL)
    return FALSE;
  self->organisation = load_json (RESOURCE_ROOT "units.json", error);
  if (self->organisation == NULL)
    return FALSE;
  self->properties = load_json (RESOURCE_ROOT "properties.json", error);
  if (self->properties == NULL)
    return FALSE;
  self->building_types = load_json (RESOURCE_ROOT "building-types.json", error);
  return self->building_types != NULL && load_services (self, error);
}

static void
free_unit (gpointer data)
{
  PkDemoUnit *unit = data;

  g_ptr_array_unref (unit->people);
  g_ptr_array_unref (unit->buildings);
  g_free (unit);
}

static void
free_person (gpointer data)
{
  PkDemoPerson *person = data;

  g_free (person->name);
  g_free (person->email);
  g_free (person->phone);
  g_free (person);
}

static void
free_building (gpointer data)
{
  PkDemoBuilding *building = data;

  g_ptr_array_unref (building->rooms);
  g_ptr_array_unref (building->components);
  g_free (building);
}

static gboolean
set_today (PkDemo *self, GError **error)
{
  if (self->options->today == NULL)
    {
      g_date_set_time_t (&self->today, time (NULL));
      return TRUE;
    }
  if (!pk_date_is_valid (self->options->today))
    return pk_demo_fail (error, "Not a day", self->options->today);
  g_date_set_parse (&self->today, self->options->today);
  return TRUE;
}

static void
clear_demo (PkDemo *self)
{
  g_clear_pointer (&self->names, json_node_unref);
  g_clear_pointer (&self->organisation, json_node_unref);
  g_clear_pointer (&self->properties, json_node_unref);
  g_clear_pointer (&self->building_types, json_node_unref);
  g_clear_pointer (&self->services, g_ptr_array_unref);
  g_clear_pointer (&self->units, g_ptr_array_unref);
  g_clear_pointer (&self->units_by_key, g_hash_table_unref);
  g_clear_pointer (&self->people, g_ptr_array_unref);
  g_clear_pointer (&self->buildings, g_ptr_array_unref);
  g_clear_pointer (&self->categories, g_hash_table_unref);
  g_clear_pointer (&self->articles, g_hash_table_unref);
  g_clear_pointer (&self->random, pk_id_source_unref);
  g_clear_pointer (&self->ids, pk_id_source_unref);
  g_clear_pointer (&self->clock, pk_clock_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PkDemo, clear_demo)

static void
init_demo (PkDemo *self)
{
  self->n_people = self->options->n_people > 0 ? self->options->n_people : DEFAULT_PEOPLE;
  self->n_tasks = self->options->n_tasks > 0 ? self->options->n_tasks : DEFAULT_TASKS;
  self->clock = pk_clock_new_manual (pk_demo_time (self, -4 * 365, 7 * 60));
  self->ids = pk_id_source_new_seeded (self->clock, self->options->seed);
  self->services = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  self->units = g_ptr_array_new_with_free_func (free_unit);
  self->units_by_key = g_hash_table_new (g_str_hash, g_str_equal);
  self->people = g_ptr_array_new_with_free_func (free_person);
  self->buildings = g_ptr_array_new_with_free_func (free_building);
  self->categories = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->articles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * pk_demo_generate:
 * @options: seed, day and sizes
 * @sink: where the records and files go
 *
 * Makes the demo municipality.
 *
 * Errors: %PK_DEMO_ERROR, or what the sink sets
 * Returns: %TRUE if all of it was made and taken
 */
gboolean
pk_demo_generate (const PkDemoOptions *options,
                  const PkDemoSink *sink,
                  gpointer user_data,
                  GError **error)
{
  g_auto (PkDemo) self = { .options = options, .sink = sink, .user_data = user_data };

  if (!set_today (&self, error))
    return FALSE;
  init_demo (&self);
  return load_declarations (&self, error) && pk_demo_make_people (&self, error) &&
         pk_demo_make_knowledge (&self, error) && pk_demo_make_buildings (&self, error) &&
         pk_demo_make_memberships (&self, error) && pk_demo_make_tasks (&self, error);
}
