/* The small municipality that tests show. Its records come by the same road as a server's: the lines of a feed. */
#include "config.h"

#include "display-world.h"

#include "pk-feed.h"
#include "pk-hash.h"
#include "pk-scope.h"
#include "pk-text.h"
#include "pk-time.h"
#include "pk-writer-sync.h"

#include <glib/gstdio.h>

#define NOW_TEXT    "2026-11-23T08:20:00.000000Z"
#define TODAY       "2026-11-23"
#define MOST_SCOPES 12
#define DAY_US      (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

/* What is being made: records by name, and the lines of the feed. */
typedef struct
{
  World *world;
  GPtrArray *records; /* (owned): PkRecord */
  PkId units[3];
  PkId persons[8];
  PkId categories[6];
  PkId buildings[6];
  PkId tasks[40];
  gint64 seq;
} Making;

static const char *const unit_names[] = { "Eiendomsdrift", "Park og idrett", "Servicetorget" };

static const struct
{
  const char *name, *title, *phone;
  guint unit;
} persons[] = {
  { "Kari Nordmann", "Vaktmester", "911 22 333", 0 },
  { "Ola Hansen", "Driftsleder", "922 33 444", 0 },
  { "Ingrid Sæther", "Renholdsleder", "933 44 555", 0 },
  { "Per Østgård", "Fagarbeider park", "944 55 666", 1 },
  { "Aisha Mohamud", "Rektor", "955 66 777", 2 },
  { "Bjørn Ålvik", "Elektriker", "966 77 888", 0 },
  { "Maja Lied", "Kundebehandler", "977 88 999", 2 },
  { "Tor Kvalvåg", "Sivilarbeider", "988 99 000", 1 },
};

static const char *const category_names[] = { "Elektro",   "Renhold",   "VVS",
                                              "Uteområde", "Brannvern", "Inventar" };

static const struct
{
  const char *name, *address;
  PkBuildingUse use;
  int year;
} buildings[] = {
  { "Dale barneskole", "Skolevegen 14", PK_BUILDING_USE_SCHOOL, 1974 },
  { "Rokilde sykehjem", "Vågeveien 11", PK_BUILDING_USE_CARE_HOME, 1998 },
  { "Atlanten idrettshall", "Idrettsveien 2", PK_BUILDING_USE_SPORT, 1987 },
  { "Nordlandet barnehage", "Wesselsgate 7", PK_BUILDING_USE_KINDERGARTEN, 2009 },
  { "Rådhuset", "Kaibakken 2", PK_BUILDING_USE_TOWN_HALL, 1954 },
  { "Caroline kulturhus", "Langveien 16", PK_BUILDING_USE_CULTURE, 1992 },
};

static const struct
{
  const char *title;
  guint building, category;
  int due; /* days from today; 999: none */
  PkTaskStatus status;
  PkTaskPriority priority;
  const char *reporter;
} tasks[] = {
  { "Bytt pære i gymsalen",
    0,
    0,
    0,
    PK_TASK_STATUS_IN_PROGRESS,
    PK_TASK_PRIORITY_HIGH,
    "Aisha Mohamud" },
  { "Dryppende kran på jentetoalettet",
    0,
    2,
    -2,
    PK_TASK_STATUS_ACCEPTED,
    PK_TASK_PRIORITY_NORMAL,
    "Aisha Mohamud" },
  { "Nødlys virker ikke i trapperom B",
    1,
    4,
    -1,
    PK_TASK_STATUS_NEW,
    PK_TASK_PRIORITY_CRITICAL,
    "Vaktrom 2. etasje" },
  { "Månedlig kontroll av brannslukkere",
    1,
    4,
    0,
    PK_TASK_STATUS_ACCEPTED,
    PK_TASK_PRIORITY_NORMAL,
    NULL },
  { "Strø og rydd hovedinngangen",
    3,
    3,
    0,
    PK_TASK_STATUS_NEW,
    PK_TASK_PRIORITY_NORMAL,
    "Maja Lied" },
  { "Løs håndlist ved rampen",
    3,
    5,
    1,
    PK_TASK_STATUS_NEW,
    PK_TASK_PRIORITY_HIGH,
    "Foreldreutvalget" },
  { "Bytt filter i ventilasjonsaggregat 36.01",
    2,
    2,
    2,
    PK_TASK_STATUS_ACCEPTED,
    PK_TASK_PRIORITY_NORMAL,
    NULL },
  { "Heng opp tavle på rom 214",
    0,
    5,
    4,
    PK_TASK_STATUS_NEW,
    PK_TASK_PRIORITY_LOW,
    "Aisha Mohamud" },
  { "Radiatoren på møterom 3 er kald",
    4,
    2,
    3,
    PK_TASK_STATUS_NEW,
    PK_TASK_PRIORITY_NORMAL,
    "Servicetorget" },
  { "Vindu lar seg ikke lukke i kantina",
    4,
    5,
    6,
    PK_TASK_STATUS_ACCEPTED,
    PK_TASK_PRIORITY_NORMAL,
    "Servicetorget" },
  { "Lås på dør mot scenen",
    5,
    5,
    5,
    PK_TASK_STATUS_WAITING,
    PK_TASK_PRIORITY_NORMAL,
    "Caroline kino" },
  { "Reservedel til oppvaskmaskinen er bestilt",
    1,
    5,
    9,
    PK_TASK_STATUS_WAITING,
    PK_TASK_PRIORITY_NORMAL,
    "Kjøkkenet" },
  { "Mal gangen i første etasje", 3, 5, 30, PK_TASK_STATUS_NEW, PK_TASK_PRIORITY_LOW, NULL },
  { "Etterfyll sand i sandkassa",
    3,
    3,
    999,
    PK_TASK_STATUS_NEW,
    PK_TASK_PRIORITY_LOW,
    "Foreldreutvalget" },
  { "Merk sluk i kjelleren", 1, 2, 999, PK_TASK_STATUS_NEW, PK_TASK_PRIORITY_NORMAL, NULL },
  { "Tett pissoar i garderobe 2",
    2,
    2,
    -5,
    PK_TASK_STATUS_DONE,
    PK_TASK_PRIORITY_NORMAL,
    "Kristiansund håndballklubb" },
  { "Skiftet batteri i dørautomatikk",
    1,
    0,
    -3,
    PK_TASK_STATUS_DONE,
    PK_TASK_PRIORITY_NORMAL,
    NULL },
};

static PkRecord *
new_record (Making *self, guint entity, PkId *id_out)
{
  PkId id = pk_id_source_next (self->world->ids);
  PkRecord *record = pk_record_new (pk_entity_by_id (entity), &id);

  *id_out = id;
  pk_record_set_seq (record, ++self->seq);
  g_ptr_array_add (self->records, record);
  return record;
}

static void
make_people (Making *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (unit_names); i++)
    {
      PkRecord *unit = new_record (self, PK_ENTITY_UNIT, &self->units[i]);
      pk_record_set_text (unit, PK_UNIT_NAME, unit_names[i]);
      pk_record_set_int (unit, PK_UNIT_KIND, PK_UNIT_KIND_UNIT);
    }
  for (guint i = 0; i < G_N_ELEMENTS (persons); i++)
    {
      PkRecord *person = new_record (self, PK_ENTITY_PERSON, &self->persons[i]);
      g_autofree char *email = g_strdup_printf ("person%u@eksempel.no", i);
      pk_record_set_text (person, PK_PERSON_NAME, persons[i].name);
      pk_record_set_text (person, PK_PERSON_TITLE, persons[i].title);
      pk_record_set_text (person, PK_PERSON_PHONE, persons[i].phone);
      pk_record_set_text (person, PK_PERSON_EMAIL, email);
      pk_record_set_ref (person, PK_PERSON_UNIT_ID, &self->units[persons[i].unit]);
      pk_record_set_int (person, PK_PERSON_IS_ACTIVE, TRUE);
    }
  self->world->person = self->persons[0];
  memcpy (self->world->units, self->units, sizeof self->world->units);
  memcpy (self->world->persons, self->persons, sizeof self->world->persons);
}

static void
make_manager (Making *self)
{
  PkId id;
  PkRecord *membership = new_record (self, PK_ENTITY_MEMBERSHIP, &id);

  pk_record_set_ref (membership, PK_MEMBERSHIP_PERSON_ID, &self->persons[0]);
  pk_record_set_text (membership, PK_MEMBERSHIP_ROLE_CODE, "property_manager");
}

static void
make_places (Making *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (category_names); i++)
    {
      PkRecord *category = new_record (self, PK_ENTITY_CATEGORY, &self->categories[i]);
      pk_record_set_text (category, PK_CATEGORY_CODE, category_names[i]);
      pk_record_set_text (category, PK_CATEGORY_NAME, category_names[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (buildings); i++)
    {
      PkRecord *building = new_record (self, PK_ENTITY_BUILDING, &self->buildings[i]);
      pk_record_set_text (building, PK_BUILDING_NAME, buildings[i].name);
      pk_record_set_text (building, PK_BUILDING_ADDRESS, buildings[i].address);
      pk_record_set_text (building, PK_BUILDING_POSTAL_PLACE, "Kristiansund N");
      pk_record_set_int (building, PK_BUILDING_USE, (gint64) buildings[i].use);
      pk_record_set_int (building, PK_BUILDING_STATUS, PK_BUILDING_STATUS_IN_USE);
      pk_record_set_int (building, PK_BUILDING_BUILT_YEAR, buildings[i].year);
      pk_record_set_int (building, PK_BUILDING_CONDITION, (gint64) (i % 3));
      pk_record_set_ref (building, PK_BUILDING_CARETAKER_ID, &self->persons[0]);
    }
  self->world->building = self->buildings[0];
  memcpy (self->world->buildings, self->buildings, sizeof self->world->buildings);
}

static void
make_rooms (Making *self)
{
  static const char *const rooms[] = { "Gymsal", "Rom 214", "Jentetoalett", "Teknisk rom" };
  PkId floor, id;
  PkRecord *record = new_record (self, PK_ENTITY_LOCATION, &floor);

  pk_record_set_ref (record, PK_LOCATION_BUILDING_ID, &self->buildings[0]);
  pk_record_set_int (record, PK_LOCATION_KIND, PK_LOCATION_KIND_FLOOR);
  pk_record_set_text (record, PK_LOCATION_NAME, "1. etasje");
  pk_record_set_text (record, PK_LOCATION_SORT_KEY, "01");
  for (guint i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      g_autofree char *key = g_strdup_printf ("01.%02u", i);
      record = new_record (self, PK_ENTITY_LOCATION, &id);
      pk_record_set_ref (record, PK_LOCATION_BUILDING_ID, &self->buildings[0]);
      pk_record_set_ref (record, PK_LOCATION_PARENT_ID, &floor);
      pk_record_set_int (record, PK_LOCATION_KIND, PK_LOCATION_KIND_ROOM);
      pk_record_set_text (record, PK_LOCATION_NAME, rooms[i]);
      pk_record_set_text (record, PK_LOCATION_SORT_KEY, key);
      if (i == 0)
        self->world->room = id;
    }
}

static void
make_component (Making *self)
{
  PkRecord *record = new_record (self, PK_ENTITY_COMPONENT, &self->world->component);

  pk_record_set_ref (record, PK_COMPONENT_BUILDING_ID, &self->buildings[0]);
  pk_record_set_ref (record, PK_COMPONENT_LOCATION_ID, &self->world->room);
  pk_record_set_text (record, PK_COMPONENT_NAME, "Ventilasjonsaggregat 36.01");
  pk_record_set_text (record, PK_COMPONENT_PART_CODE, "365");
  pk_record_set_text (record, PK_COMPONENT_INSTALLED_ON, "2004-09-26");
  pk_record_set_int (record, PK_COMPONENT_STATUS, PK_COMPONENT_STATUS_IN_USE);
  pk_record_set_int (record, PK_COMPONENT_CONDITION, PK_CONDITION_GRADE_TG2);
}

static void
make_task (Making *self, guint i)
{
  PkRecord *task = new_record (self, PK_ENTITY_TASK, &self->tasks[i]);
  gboolean is_open = tasks[i].status < PK_TASK_STATUS_DONE;
  g_autofree char *due = pk_text_add_days (TODAY, tasks[i].due);
  g_autofree char *number = g_strdup_printf ("26-%05u", 4100 + i);

  pk_record_set_text (task, PK_TASK_NUMBER, number);
  pk_record_set_text (task, PK_TASK_TITLE, tasks[i].title);
  pk_record_set_int (task, PK_TASK_KIND, PK_TASK_KIND_TASK);
  pk_record_set_int (task, PK_TASK_PRIORITY, (gint64) tasks[i].priority);
  pk_record_set_int (task, PK_TASK_STATUS, (gint64) tasks[i].status);
  pk_record_set_int (task, PK_TASK_IS_OPEN, is_open);
  pk_record_set_int (task, PK_TASK_CHANNEL, PK_CHANNEL_PHONE);
  pk_record_set_int (task, PK_TASK_CONFIDENTIALITY, PK_CONFIDENTIALITY_INTERNAL);
  pk_record_set_ref (task, PK_TASK_BUILDING_ID, &self->buildings[tasks[i].building]);
  pk_record_set_ref (task, PK_TASK_CATEGORY_ID, &self->categories[tasks[i].category]);
  pk_record_set_ref (task, PK_TASK_ASSIGNEE_ID, &self->persons[0]);
  pk_record_set_ref (task, PK_TASK_UNIT_ID, &self->units[0]);
  pk_record_set_ref (task, PK_TASK_CREATED_BY, &self->persons[6]);
  pk_record_set_text (task, PK_TASK_REPORTER_NAME, tasks[i].reporter);
  pk_record_set_int (task,
                     PK_TASK_CREATED_AT,
                     pk_clock_now_us (self->world->clock) - (gint64) i * DAY_US);
  if (tasks[i].due != 999)
    pk_record_set_text (task, PK_TASK_DUE_ON, due);
  if (!is_open)
    {
      pk_record_set_int (task, PK_TASK_COMPLETED_AT, pk_clock_now_us (self->world->clock) - DAY_US);
      pk_record_set_int (task, PK_TASK_OUTCOME, PK_TASK_OUTCOME_SOLVED);
    }
}

static void
make_around_task (Making *self)
{
  static const char *const checks[] = { "Slå av kursen",
                                        "Bytt pære (E27, 12 W LED)",
                                        "Prøv at lyset virker" };
  PkId id;

  self->world->task = self->tasks[0];
  memcpy (self->world->tasks, self->tasks, sizeof self->world->tasks);
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      PkRecord *item = new_record (self, PK_ENTITY_CHECKLIST_ITEM, &id);
      pk_record_set_ref (item, PK_CHECKLIST_ITEM_TASK_ID, &self->tasks[0]);
      pk_record_set_int (item, PK_CHECKLIST_ITEM_POSITION, (gint64) i);
      pk_record_set_text (item, PK_CHECKLIST_ITEM_TEXT, checks[i]);
      pk_record_set_int (item, PK_CHECKLIST_ITEM_IS_REQUIRED, i == 0);
      pk_record_set_int (item,
                         PK_CHECKLIST_ITEM_STATE,
                         i == 0 ? PK_CHECK_STATE_DONE : PK_CHECK_STATE_OPEN);
    }
  PkRecord *message = new_record (self, PK_ENTITY_MESSAGE, &id);
  pk_record_set_ref (message, PK_MESSAGE_TASK_ID, &self->tasks[0]);
  pk_record_set_ref (message, PK_MESSAGE_AUTHOR_ID, &self->persons[4]);
  pk_record_set_int (message, PK_MESSAGE_AUDIENCE, PK_AUDIENCE_PUBLIC);
  pk_record_set_text (message,
                      PK_MESSAGE_BODY,
                      "Hei! Gymsalen brukes av 4B fra klokka 10. Kan det gjøres før?");
  pk_record_set_int (message, PK_MESSAGE_SENT_AT, pk_clock_now_us (self->world->clock) - DAY_US);
}

static void
make_documents (Making *self)
{
  static const struct
  {
    const char *title, *file, *type;
    PkDocumentKind kind;
  } documents[] = {
    { "Plan 1. etasje", "plan-1.svg", "image/svg+xml", PK_DOCUMENT_KIND_DRAWING },
    { "FDV ventilasjon 36.01", "fdv-36.01.pdf", "application/pdf", PK_DOCUMENT_KIND_MANUAL },
    { "Branntilsyn 2025", "branntilsyn-2025.pdf", "application/pdf", PK_DOCUMENT_KIND_REPORT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (documents); i++)
    {
      PkId link;
      PkRecord *document = new_record (self, PK_ENTITY_DOCUMENT, &self->world->document);
      g_autofree char *sha256 = pk_sha256_of_bytes (documents[i].file, strlen (documents[i].file));
      pk_record_set_text (document, PK_DOCUMENT_TITLE, documents[i].title);
      pk_record_set_text (document, PK_DOCUMENT_FILE_NAME, documents[i].file);
      pk_record_set_text (document, PK_DOCUMENT_MEDIA_TYPE, documents[i].type);
      pk_record_set_int (document, PK_DOCUMENT_KIND, (gint64) documents[i].kind);
      pk_record_set_int (document, PK_DOCUMENT_SIZE_BYTES, 184320 * (i + 1));
      pk_record_set_text (document, PK_DOCUMENT_SHA256, sha256);
      pk_record_set_int (document, PK_DOCUMENT_IS_STORED, TRUE);
      pk_record_set_int (document, PK_DOCUMENT_CONFIDENTIALITY, PK_CONFIDENTIALITY_INTERNAL);
      pk_record_set_int (document, PK_DOCUMENT_CREATED_AT, pk_clock_now_us (self->world->clock));
      document = new_record (self, PK_ENTITY_DOCUMENT_LINK, &link);
      pk_record_set_ref (document, PK_DOCUMENT_LINK_DOCUMENT_ID, &self->world->document);
      pk_record_set_ref (document, PK_DOCUMENT_LINK_BUILDING_ID, &self->buildings[i]);
    }
}

static void
add_line (GPtrArray *lines, GString *text)
{
  g_autoptr (GError) error = NULL;
  PkFeedLine *line;

  g_strchomp (text->str);
  line = pk_feed_line_read (text->str, strlen (text->str), &error);
  g_assert_no_error (error);
  g_ptr_array_add (lines, line);
}

/* What the person holds: everything is in the first one. */
static GPtrArray *
list_scopes (Making *self)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (names, pk_scope_name_everyone ());
  g_ptr_array_add (names, pk_scope_name_person (&self->persons[0]));
  g_ptr_array_add (names, pk_scope_name_unit (&self->units[0]));
  for (guint i = 0; i < G_N_ELEMENTS (buildings); i++)
    g_ptr_array_add (names, pk_scope_name_building (&self->buildings[i]));
  g_assert_cmpuint (names->len, <=, MOST_SCOPES);
  return names;
}

/* One answer of a server that has everything in one scope. */
static GPtrArray *
make_answer (Making *self, GPtrArray *verdicts)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_feed_line_free);
  g_autoptr (GPtrArray) names = list_scopes (self);
  PkFeedScope scopes[MOST_SCOPES] = { 0 };
  PkId epoch = self->units[0];
  const guint first = 0;
  g_autoptr (GString) begin = g_string_new (NULL);
  g_autoptr (GString) commit = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++)
    scopes[i].name = names->pdata[i];
  pk_feed_append_begin (begin,
                        self->seq,
                        &epoch,
                        pk_clock_now_us (self->world->clock),
                        1,
                        scopes,
                        names->len);
  add_line (lines, begin);
  for (guint i = 0; i < self->records->len; i++)
    {
      g_autoptr (GString) row = g_string_new (NULL);
      PkRecord *record = self->records->pdata[i];
      pk_feed_append_rows_start (row, pk_record_get_entity (record));
      pk_feed_append_row (row, record, &first, 1);
      pk_feed_append_rows_end (row);
      add_line (lines, row);
    }
  if (verdicts != NULL)
    {
      g_autoptr (GString) line = g_string_new (NULL);
      pk_feed_append_verdicts (line, verdicts);
      add_line (lines, line);
    }
  pk_feed_append_commit (commit, self->seq, NULL, 0);
  add_line (lines, commit);
  g_ptr_array_set_size (self->records, 0);
  return lines;
}

static void
apply (Making *self, PkWriter *writer, GPtrArray *verdicts)
{
  g_autoptr (GPtrArray) lines = make_answer (self, verdicts);
  g_autoptr (GError) error = NULL;
  g_autoptr (PkPullRequest) request = pk_writer_make_pull_request (writer, PK_PULL_DEFAULT, &error);

  g_assert_no_error (error);
  pk_writer_apply (writer, request, lines, &error);
  g_assert_no_error (error);
}

static void
submit_title (PkWriter *writer, const PkId *task, const char *was, const char *title)
{
  PkMutation *mutation = pk_mutation_new (PK_OP_SET, pk_entity_by_id (PK_ENTITY_TASK), NULL, task);
  g_autoptr (GPtrArray)
      mutations = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
  g_autoptr (GError) error = NULL;

  pk_values_take (mutation->fields, PK_TASK_TITLE, pk_value_text (title));
  pk_values_take (mutation->was, PK_TASK_TITLE, pk_value_text (was));
  g_ptr_array_add (mutations, mutation);
  pk_writer_submit (writer, mutations, &error);
  g_assert_no_error (error);
}

static void
add_merge (Making *self, const PkId *mutation)
{
  PkId id;
  PkRecord *history = new_record (self, PK_ENTITY_HISTORY, &id);

  pk_record_set_text (history, PK_HISTORY_ENTITY, "task");
  pk_record_set_ref (history, PK_HISTORY_RECORD_ID, &self->tasks[6]);
  pk_record_set_ref (history, PK_HISTORY_TASK_ID, &self->tasks[6]);
  pk_record_set_int (history, PK_HISTORY_KIND, PK_HISTORY_KIND_MERGED);
  pk_record_set_text (history, PK_HISTORY_FIELD, "title");
  pk_record_set_text (history,
                      PK_HISTORY_NEW_VALUE,
                      "\"Bytt filter i aggregat 36.01 (tre stykker)\"");
  pk_record_set_text (history,
                      PK_HISTORY_OTHER_VALUE,
                      "\"Bytt filter i aggregat 36.01 før fredag\"");
  pk_record_set_ref (history, PK_HISTORY_OTHER_ID, &self->persons[1]);
  pk_record_set_ref (history, PK_HISTORY_ACTOR_ID, &self->persons[0]);
  pk_record_set_ref (history, PK_HISTORY_MUTATION_ID, mutation);
  pk_record_set_int (history, PK_HISTORY_AT, pk_clock_now_us (self->world->clock));
}

/* What the person wrote had been accepted; somebody else's change came later. */
static void
add_given_way (Making *self)
{
  PkId id;
  PkRecord *history = new_record (self, PK_ENTITY_HISTORY, &id);

  pk_record_set_text (history, PK_HISTORY_ENTITY, "task");
  pk_record_set_ref (history, PK_HISTORY_RECORD_ID, &self->tasks[8]);
  pk_record_set_ref (history, PK_HISTORY_TASK_ID, &self->tasks[8]);
  pk_record_set_int (history, PK_HISTORY_KIND, PK_HISTORY_KIND_MERGED);
  pk_record_set_text (history, PK_HISTORY_FIELD, "title");
  pk_record_set_text (history, PK_HISTORY_OTHER_VALUE, "\"Sjekk sluket i dusjen til gutta\"");
  pk_record_set_ref (history, PK_HISTORY_OTHER_ID, &self->persons[0]);
  pk_record_set_ref (history, PK_HISTORY_ACTOR_ID, &self->persons[1]);
  pk_record_set_int (history, PK_HISTORY_AT, pk_clock_now_us (self->world->clock));
}

static PkVerdict *
judge (PkOutboxEntry *entry, PkVerdictKind kind)
{
  PkVerdict *verdict = pk_verdict_new (entry->n, &entry->id, kind, 1);

  verdict->fields = g_new0 (char *, 2);
  verdict->fields[0] = g_strdup ("title");
  if (kind == PK_VERDICT_REJECTED)
    verdict->code = PK_PROBLEM_FORBIDDEN;
  return verdict;
}

/* One change that met another, one that was refused, and two that wait. */
static void
make_outbox (Making *self, PkWriter *writer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray)
      verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_verdict_free);

  submit_title (writer,
                &self->tasks[6],
                tasks[6].title,
                "Bytt filter i aggregat 36.01 (tre stykker)");
  submit_title (writer,
                &self->tasks[9],
                tasks[9].title,
                "Vindu i kantina lar seg ikke lukke – haster");
  g_autoptr (GPtrArray) sent = pk_writer_take_unsent (writer, 0, 2, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sent->len, ==, 2);
  PkOutboxEntry *merged = sent->pdata[0];
  add_merge (self, &merged->id);
  add_given_way (self);
  g_ptr_array_add (verdicts, judge (merged, PK_VERDICT_MERGED));
  g_ptr_array_add (verdicts, judge (sent->pdata[1], PK_VERDICT_REJECTED));
  pk_writer_take_verdicts (writer, verdicts, &error);
  g_assert_no_error (error);
  apply (self, writer, NULL);
  submit_title (writer, &self->tasks[4], tasks[4].title, "Strø og rydd hovedinngangen (2 sekker)");
  submit_title (writer, &self->tasks[8], tasks[8].title, "Radiatorene på møterom 3 og 4 er kalde");
}

static void
make_everything (World *world, PkWriter *writer)
{
  Making self = { .world = world };

  self.records = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  make_people (&self);
  if (writer != NULL)
    {
      make_places (&self);
      make_rooms (&self);
      make_component (&self);
      for (guint i = 0; i < G_N_ELEMENTS (tasks); i++)
        make_task (&self, i);
      make_around_task (&self);
      make_documents (&self);
      if (world->kind == WORLD_MANAGER)
        make_manager (&self);
      apply (&self, writer, NULL);
      make_outbox (&self, writer);
    }
  g_ptr_array_unref (self.records);
}

static PkWriter *
open_writer (World *self)
{
  g_autoptr (GError) error = NULL;
  PkWriter *writer = pk_writer_open (self->directory,
                                     self->clock,
                                     self->ids,
                                     &self->person,
                                     PK_REPLICA_NO_SYNC,
                                     &error);

  g_assert_no_error (error);
  pk_writer_adopt (writer);
  return writer;
}

static void
fill_replica (World *self)
{
  g_autoptr (PkWriter) writer = open_writer (self);
  PkId device = self->person;
  gboolean has_more = TRUE;

  pk_writer_set_device (writer, &device, NULL);
  make_everything (self, writer);
  while (has_more && pk_writer_do_upkeep (writer, &has_more, NULL))
    continue;
}

/**
 * world_set_up:
 * @self: a world
 * @kind: whether there is anything in it
 *
 * Makes the replica and what pages get.
 */
void
world_set_up (World *self, WorldKind kind)
{
  gint64 now_us;
  g_autoptr (GError) error = NULL;

  *self = (World){ .kind = kind };
  pk_time_parse (NOW_TEXT, &now_us);
  self->clock = pk_clock_new_manual (now_us);
  self->ids = pk_id_source_new_seeded (self->clock, 7);
  self->directory = g_dir_make_tmp ("pakobla-display-XXXXXX", &error);
  g_assert_no_error (error);
  /* The first ids decide who the person is: made once to know it, then again for real. */
  make_everything (self, NULL);
  pk_id_source_unref (self->ids);
  self->ids = pk_id_source_new_seeded (self->clock, 7);
  if (kind != WORLD_EMPTY)
    fill_replica (self);
  self->replica = pk_replica_open (self->directory,
                                   self->clock,
                                   self->ids,
                                   &self->person,
                                   PK_REPLICA_NO_SYNC,
                                   &error);
  g_assert_no_error (error);
  self->library = pk_library_new (self->replica);
  g_autoptr (PkCommandContext)
      context = pk_command_context_new (self->replica, self->clock, self->ids, &self->person, NULL);
  self->client = pk_client_new (self->library, context);
  self->sync = pk_sync_model_new ();
  world_set_stand (self, PK_STAND_UP_TO_DATE);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      remove_tree (child);
    }
  g_remove (path);
}

/**
 * world_tear_down:
 * @self: a world
 *
 * Takes it all away.
 */
void
world_tear_down (World *self)
{
  g_clear_object (&self->client);
  g_clear_object (&self->library);
  g_clear_object (&self->sync);
  pk_replica_close (self->replica);
  g_clear_object (&self->replica);
  remove_tree (self->directory);
  g_clear_pointer (&self->directory, g_free);
  g_clear_pointer (&self->ids, pk_id_source_unref);
  g_clear_pointer (&self->clock, pk_clock_unref);
}
