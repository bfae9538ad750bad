/*
 * Tasks of all service areas, oldest first. The templates stand in data/demo/tasks/, one file for each area: categories with
 * templates, each with a weight. A blank in a text, such as {rom}, is filled in from the task's place, its reporter, or a list
 * of words in names.json.
 *
 * The day that tasks are due around is given. A third came in during the last six weeks, the rest over three years; the
 * older a task is compared with its category's target, the surer it is closed.
 */
#include "config.h"

#include "pk-demo-tasks.h"

#include <stdlib.h>
#include <string.h>

#define RECENT_DAYS   45
#define RECENT_SHARE  45
#define HISTORY_DAYS  1095
#define OPENS_MINUTES (6 * 60 + 30)

typedef struct
{
  JsonObject *category;
  JsonObject *spec;
  guint up_to; /* sum of the weights so far */
} Choice;

static const char *
get_text (JsonObject *spec, const char *member, const char *fallback)
{
  return json_object_get_string_member_with_default (spec, member, fallback);
}

/* A member of the template, or else of its category. */
static const char *
get_word (PkDemoTask *task, const char *member, const char *fallback)
{
  return get_text (task->spec, member, get_text (task->category, member, fallback));
}

/**
 * pk_demo_find_texts:
 * @member: of the template or else of its category
 *
 * Returns: (nullable): texts to choose from
 */
JsonArray *
pk_demo_find_texts (PkDemoTask *task, const char *member)
{
  JsonObject *holder = json_object_has_member (task->spec, member) ? task->spec : task->category;

  if (!json_object_has_member (holder, member))
    return NULL;
  JsonArray *texts = json_object_get_array_member (holder, member);
  return json_array_get_length (texts) > 0 ? texts : NULL;
}

static char *
find_word (PkDemo *self, PkDemoTask *task, const char *blank)
{
  if (g_str_equal (blank, "bygg"))
    return g_strdup (task->building != NULL ? task->building->name : "kommunen");
  if (g_str_equal (blank, "rom"))
    return g_strdup (task->room != NULL ? task->room->name : "fellesarealet");
  if (g_str_equal (blank, "komponent"))
    return g_strdup (task->component != NULL ? task->component->name : "anlegget");
  if (g_str_equal (blank, "navn"))
    return g_strdup (task->reporter != NULL ? task->reporter : "melder");
  if (g_str_equal (blank, "gate"))
    return pk_demo_address (self);
  if (g_str_equal (blank, "person"))
    return pk_demo_person_name (self);
  if (g_str_equal (blank, "tall"))
    return g_strdup_printf ("%u", 2 + pk_demo_random (self, 12));
  return g_strdup (pk_demo_word (self, blank));
}

/**
 * pk_demo_fill:
 * @text: with blanks
 *
 * Returns: (transfer full): the text without blanks; one that nothing stands for stays as it is
 */
char *
pk_demo_fill (PkDemo *self, PkDemoTask *task, const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *open = strchr (text, '{'); open != NULL; open = strchr (text, '{'))
    {
      const char *close = strchr (open, '}');
      if (close == NULL)
        break;
      g_autofree char *blank = g_strndup (open + 1, (gsize) (close - open - 1));
      if (!g_hash_table_contains (task->words, blank))
        g_hash_table_insert (task->words, g_strdup (blank), find_word (self, task, blank));
      const char *word = g_hash_table_lookup (task->words, blank);
      g_string_append_len (out, text, open - text);
      if (word != NULL)
        g_string_append (out, word);
      else
        g_string_append_len (out, open, close + 1 - open);
      text = close + 1;
    }
  g_string_append (out, text);
  return g_string_free (out, FALSE);
}

/**
 * pk_demo_time_between:
 *
 * Returns: an instant from @from_us on and before @to_us, or @from_us where there is none
 */
gint64
pk_demo_time_between (PkDemo *self, gint64 from_us, gint64 to_us)
{
  gint64 minutes = (to_us - from_us) / G_TIME_SPAN_MINUTE;

  if (minutes < 1)
    return from_us;
  return from_us +
         (gint64) pk_demo_random (self, (guint) MIN (minutes, G_MAXINT)) * G_TIME_SPAN_MINUTE;
}

static void
collect_choices (PkDemo *self, GArray *choices)
{
  guint sum = 0;

  for (guint i = 0; i < self->services->len; i++)
    {
      JsonObject *service = json_node_get_object (self->services->pdata[i]);
      JsonArray *categories = json_object_get_array_member (service, "categories");
      for (guint j = 0; j < json_array_get_length (categories); j++)
        {
          JsonObject *category = json_array_get_object_element (categories, j);
          if (!json_object_has_member (category, "tasks"))
            continue;
          JsonArray *tasks = json_object_get_array_member (category, "tasks");
          for (guint k = 0; k < json_array_get_length (tasks); k++)
            {
              JsonObject *spec = json_array_get_object_element (tasks, k);
              sum += (guint) json_object_get_int_member_with_default (spec, "weight", 3);
              Choice choice = { category, spec, sum };
              g_array_append_val (choices, choice);
            }
        }
    }
}

static void
choose_template (PkDemo *self, GArray *choices, PkDemoTask *task)
{
  Choice *all = (Choice *) (gpointer) choices->data;
  guint place = pk_demo_random (self, all[choices->len - 1].up_to), low = 0,
        high = choices->len - 1;

  while (low < high)
    {
      guint middle = (low + high) / 2;
      if (place < all[middle].up_to)
        high = middle;
      else
        low = middle + 1;
    }
  task->category = all[low].category;
  task->spec = all[low].spec;
}

static gboolean
has_use (JsonObject *spec, const char *use)
{
  if (!json_object_has_member (spec, "uses"))
    return TRUE;
  JsonArray *uses = json_object_get_array_member (spec, "uses");
  for (guint i = 0; i < json_array_get_length (uses); i++)
    if (g_str_equal (json_array_get_string_element (uses, i), use))
      return TRUE;
  return FALSE;
}

static PkDemoBuilding *
choose_building (PkDemo *self, JsonObject *spec)
{
  guint n = self->buildings->len, start = pk_demo_random (self, n);

  for (guint i = 0; i < n; i++)
    {
      PkDemoBuilding *building = self->buildings->pdata[(start + i) % n];
      if (has_use (spec, building->use))
        return building;
    }
  return NULL;
}

static PkDemoRoom *
choose_room (PkDemo *self, PkDemoBuilding *building, const char *kinds)
{
  guint n = building->rooms->len, start = pk_demo_random (self, n);
  g_auto (GStrv) wanted = g_strsplit (kinds, ",", -1);

  for (guint i = 0; i < n; i++)
    {
      PkDemoRoom *room = building->rooms->pdata[(start + i) % n];
      if (*kinds == '\0' || g_strv_contains ((const char *const *) wanted, room->kind))
        return room;
    }
  return NULL;
}

static PkDemoComponent *
choose_component (PkDemo *self, PkDemoBuilding *building, const char *part)
{
  guint n = building->components->len, start = n > 0 ? pk_demo_random (self, n) : 0;

  for (guint i = 0; i < n; i++)
    {
      PkDemoComponent *component = building->components->pdata[(start + i) % n];
      if (g_str_equal (component->part_code, part))
        return component;
    }
  return NULL;
}

/* "building", "room", "room:Kind,Kind", "component:365", "street" or nothing. */
static void
choose_place (PkDemo *self, PkDemoTask *task)
{
  const char *place = get_word (task, "place", "");

  if (*place == '\0' || g_str_equal (place, "street"))
    return;
  guint n_tries = g_str_has_prefix (place, "component:") ? 20 : 1;
  for (guint i = 0; i < n_tries && task->component == NULL; i++)
    {
      task->building = choose_building (self, task->spec);
      if (task->building != NULL && g_str_has_prefix (place, "component:"))
        task->component = choose_component (self, task->building, place + strlen ("component:"));
    }
  if (task->building == NULL)
    return;
  if (task->component != NULL)
    task->room = task->component->room;
  else if (g_str_has_prefix (place, "room"))
    task->room = choose_room (self, task->building, place[4] == ':' ? place + 5 : "");
}

static PkDemoPerson *
choose_person (PkDemo *self, PkDemoUnit *unit)
{
  return unit->people->pdata[pk_demo_random (self, unit->people->len)];
}

static gboolean
choose_assignee (PkDemo *self, PkDemoTask *task, GError **error)
{
  const char *assign = get_word (task, "assign", "unit");
  const char *key = json_object_get_string_member (task->category, "unit");

  task->unit = g_hash_table_lookup (self->units_by_key, key);
  if (task->unit == NULL)
    return pk_demo_fail (error, "A category names a unit that is not there", key);
  if (g_str_equal (assign, "team") && task->building != NULL)
    {
      task->unit = task->building->team;
      task->assignee = pk_demo_chance (self, 75) ? task->building->caretaker
                                                 : choose_person (self, task->unit);
    }
  else if (g_str_equal (assign, "user") && task->building != NULL)
    {
      task->unit = task->building->unit;
      task->assignee = choose_person (self, task->unit);
    }
  else
    task->assignee = choose_person (self, task->unit);
  return TRUE;
}

static PkDemoPerson *
choose_front_desk (PkDemo *self)
{
  const char *key = pk_demo_chance (self, 55) ? "skranke" : "sentralbord";

  return choose_person (self, g_hash_table_lookup (self->units_by_key, key));
}

static void
choose_reporter (PkDemo *self, PkDemoTask *task)
{
  const char *from = get_word (task, "from", "citizen");

  if (g_str_equal (from, "inspection"))
    {
      task->registrar = task->assignee;
      return;
    }
  if (g_str_equal (from, "employee"))
    {
      PkDemoUnit *unit = task->building != NULL
                             ? task->building->unit
                             : self->units->pdata[pk_demo_random (self, self->units->len)];
      task->colleague = choose_person (self, unit);
      task->reporter = g_strdup (task->colleague->name);
      task->registrar = task->colleague;
      return;
    }
  task->reporter = pk_demo_person_name (self);
  task->registrar = choose_front_desk (self);
}

static const char *
choose_channel (PkDemo *self, PkDemoTask *task)
{
  static const char *const citizen[] = { "phone", "phone", "phone", "phone", "email",
                                         "email", "email", "web",   "web",   "desk",
                                         "desk",  "chat",  "post" };
  static const char *const employee[] = { "internal", "internal", "email", "phone", "internal" };

  if (task->reporter == NULL)
    return "inspection";
  if (task->colleague != NULL)
    return employee[pk_demo_random (self, G_N_ELEMENTS (employee))];
  return citizen[pk_demo_random (self, G_N_ELEMENTS (citizen))];
}

static gint64
get_target_days (PkDemoTask *task)
{
  return MAX (1, json_object_get_int_member_with_default (task->category, "days", 10));
}

static void
choose_status (PkDemo *self, PkDemoTask *task)
{
  static const PkTaskStatus open[] = { PK_TASK_STATUS_NEW,         PK_TASK_STATUS_NEW,
                                       PK_TASK_STATUS_ACCEPTED,    PK_TASK_STATUS_ACCEPTED,
                                       PK_TASK_STATUS_IN_PROGRESS, PK_TASK_STATUS_IN_PROGRESS,
                                       PK_TASK_STATUS_WAITING };
  gint64 target = get_target_days (task) * 7 / 5;
  guint closed = task->age_days > 3 * target + 20 ? 96 : task->age_days > target ? 62 : 18;

  if (task->age_days > 250)
    closed = 99;
  if (task->age_days < 1 || !pk_demo_chance (self, closed))
    {
      task->status = open[pk_demo_random (self, G_N_ELEMENTS (open))];
      if (task->status == PK_TASK_STATUS_NEW && pk_demo_chance (self, 60))
        task->assignee = NULL;
      return;
    }
  task->status = pk_demo_chance (self, 94) ? PK_TASK_STATUS_DONE : PK_TASK_STATUS_CANCELLED;
  gint64 most = MIN ((gint64) task->age_days * G_TIME_SPAN_DAY, target * 2 * G_TIME_SPAN_DAY);
  task->completed_us =
      pk_demo_time_between (self, task->created_us + G_TIME_SPAN_HOUR, task->created_us + most);
}

/* Days after @from on which people work; holidays are not known here. */
static int
add_working_days (PkDemo *self, int from, gint64 n)
{
  GDate day = self->today;

  if (from < 0)
    g_date_subtract_days (&day, (guint) -from);
  while (n > 0)
    {
      g_date_add_days (&day, 1);
      from++;
      if (g_date_get_weekday (&day) < G_DATE_SATURDAY)
        n--;
    }
  return from;
}

static void
set_due_date (PkDemo *self, PkDemoTask *task, PkRecord *record)
{
  int due = add_working_days (self, -task->age_days, get_target_days (task));
  int days_since_due = -due;

  /* What is open long after its day has been given a new one. */
  if (task->completed_us == 0 && days_since_due > 21)
    due = add_working_days (self, 0, 1 + pk_demo_random (self, 20)) -
          (pk_demo_chance (self, 30) ? 22 : 0);
  g_autofree char *due_on = pk_demo_day (self, due);
  if (pk_demo_chance (self, 96))
    pk_record_set_text (record, PK_TASK_DUE_ON, due_on);
  if (task->reporter != NULL && task->colleague == NULL && pk_demo_chance (self, 60))
    {
      g_autofree char *promised_on =
          pk_demo_day (self, add_working_days (self, due, pk_demo_random (self, 3)));
      pk_record_set_text (record, PK_TASK_PROMISED_ON, promised_on);
    }
}

static void
set_outcome (PkDemo *self, PkDemoTask *task, PkRecord *record)
{
  if (task->status == PK_TASK_STATUS_WAITING)
    {
      JsonArray *waiting = pk_demo_find_texts (task, "waiting");
      g_autofree char *text =
          pk_demo_fill (self, task, waiting != NULL ? pk_demo_pick (self, waiting) : "{instans}");
      pk_record_set_text (record, PK_TASK_WAITING_FOR, text);
    }
  if (task->completed_us == 0)
    return;
  const char *outcome = task->status == PK_TASK_STATUS_DONE ? "solved" : "declined";
  const char *reason = task->status == PK_TASK_STATUS_DONE
                           ? "Utført."
                           : "Saken er trukket tilbake av den som meldte den.";
  JsonArray *outcomes = pk_demo_find_texts (task, "outcomes");
  if (outcomes != NULL && (task->status == PK_TASK_STATUS_DONE))
    {
      JsonArray *pair =
          json_array_get_array_element (outcomes,
                                        pk_demo_random (self, json_array_get_length (outcomes)));
      outcome = json_array_get_string_element (pair, 0);
      reason = json_array_get_string_element (pair, 1);
    }
  else if (task->status == PK_TASK_STATUS_CANCELLED && pk_demo_chance (self, 50))
    {
      outcome = "duplicate";
      reason = "Saken var meldt fra før. Vi følger opp den første.";
    }
  g_autofree char *text = pk_demo_fill (self, task, reason);
  pk_demo_set_code (record, PK_TASK_OUTCOME, outcome);
  pk_record_set_text (record, PK_TASK_OUTCOME_REASON, text);
}

static void
set_texts (PkDemo *self, PkDemoTask *task, PkRecord *record)
{
  g_autofree char *title =
      pk_demo_fill (self, task, json_object_get_string_member (task->spec, "title"));
  g_autofree char *text = pk_demo_fill (self, task, get_text (task->spec, "text", ""));

  pk_record_set_text (record, PK_TASK_TITLE, title);
  if (*text != '\0')
    pk_record_set_text (record, PK_TASK_DESCRIPTION, text);
  if (json_object_has_member (task->spec, "tags"))
    pk_record_set_text (record, PK_TASK_TAGS, get_text (task->spec, "tags", NULL));
}

static void
set_place (PkDemo *self, PkDemoTask *task, PkRecord *record)
{
  if (g_str_equal (get_word (task, "place", ""), "street"))
    {
      g_autofree char *street = pk_demo_fill (self, task, "{gate}");
      pk_record_set_text (record, PK_TASK_PLACE, street);
    }
  if (task->building == NULL)
    return;
  pk_record_set_ref (record, PK_TASK_BUILDING_ID, &task->building->id);
  if (task->room != NULL)
    {
      g_autofree char *place = g_strdup_printf ("%s, %s", task->building->name, task->room->name);
      pk_record_set_ref (record, PK_TASK_LOCATION_ID, &task->room->id);
      pk_record_set_text (record, PK_TASK_PLACE, place);
    }
  else
    pk_record_set_text (record, PK_TASK_PLACE, task->building->name);
  if (task->component != NULL)
    pk_record_set_ref (record, PK_TASK_COMPONENT_ID, &task->component->id);
}

static void
set_people (PkDemo *self, PkDemoTask *task, PkRecord *record, const char *channel)
{
  pk_record_set_ref (record, PK_TASK_UNIT_ID, &task->unit->id);
  if (task->assignee != NULL)
    pk_record_set_ref (record, PK_TASK_ASSIGNEE_ID, &task->assignee->id);
  pk_record_set_ref (record, PK_TASK_CREATED_BY, &task->registrar->id);
  if (task->reporter == NULL)
    return;
  pk_record_set_text (record, PK_TASK_REPORTER_NAME, task->reporter);
  if (task->colleague != NULL)
    {
      pk_record_set_ref (record, PK_TASK_REPORTER_ID, &task->colleague->id);
      pk_record_set_text (record, PK_TASK_REPORTER_CONTACT, task->colleague->email);
      return;
    }
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *contact = g_str_equal (channel, "email") || g_str_equal (channel, "web")
                                 ? pk_demo_email_of (task->reporter, "epost.example", taken)
                                 : pk_demo_phone (self);
  pk_record_set_text (record, PK_TASK_REPORTER_CONTACT, contact);
}

static void
set_kind (PkDemo *self, PkDemoTask *task, PkRecord *record)
{
  const char *priority = get_word (task, "priority", "normal");
  const char *code = json_object_get_string_member (task->category, "code");
  const char *article = get_text (task->category, "article", NULL);

  if (pk_demo_chance (self, 4))
    priority = pk_demo_chance (self, 50) ? "high" : "low";
  pk_demo_set_code (record, PK_TASK_KIND, get_word (task, "kind", "request"));
  pk_record_set_ref (record, PK_TASK_CATEGORY_ID, g_hash_table_lookup (self->categories, code));
  pk_demo_set_code (record, PK_TASK_PRIORITY, priority);
  pk_demo_set_code (record,
                    PK_TASK_CONFIDENTIALITY,
                    get_word (task, "confidentiality", "internal"));
  if (article != NULL)
    pk_record_set_ref (record, PK_TASK_ARTICLE_ID, g_hash_table_lookup (self->articles, article));
}

static gboolean
give_task (PkDemo *self, PkDemoTask *task, GError **error)
{
  g_autoptr (PkRecord) record = pk_demo_record (self, PK_ENTITY_TASK, NULL);
  const char *channel = choose_channel (self, task);

  set_texts (self, task, record);
  set_kind (self, task, record);
  set_place (self, task, record);
  set_people (self, task, record, channel);
  pk_demo_set_code (record, PK_TASK_CHANNEL, channel);
  pk_record_set_int (record, PK_TASK_STATUS, task->status);
  pk_record_set_int (record, PK_TASK_IS_OPEN, task->completed_us == 0);
  set_due_date (self, task, record);
  set_outcome (self, task, record);
  pk_record_set_int (record, PK_TASK_CREATED_AT, task->created_us);
  if (task->completed_us != 0)
    pk_record_set_int (record, PK_TASK_COMPLETED_AT, task->completed_us);
  return pk_demo_give (self, pk_record_ref (record), error) &&
         ((self->options->flags & PK_DEMO_BARE_TASKS) != 0 ||
          pk_demo_make_talk (self, task, record, error));
}

static gboolean
make_task (PkDemo *self, GArray *choices, int age_days, GError **error)
{
  PkDemoTask task = { .age_days = age_days };
  g_autoptr (GHashTable) words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  int minutes = OPENS_MINUTES + (int) pk_demo_random (self, age_days == 0 ? 60 : 8 * 60);

  task.words = words;
  task.created_us = pk_demo_time (self, -age_days, minutes);
  pk_demo_set_clock (self, task.created_us);
  choose_template (self, choices, &task);
  choose_place (self, &task);
  if (!choose_assignee (self, &task, error))
    return FALSE;
  choose_reporter (self, &task);
  choose_status (self, &task);
  gboolean is_given = give_task (self, &task, error);
  g_free (task.reporter);
  return is_given;
}

static int
choose_age (PkDemo *self)
{
  guint below = pk_demo_chance (self, RECENT_SHARE) ? RECENT_DAYS : HISTORY_DAYS;
  int age = (int) pk_demo_random (self, below);
  GDate day = self->today;

  g_date_subtract_days (&day, (guint) age);
  if (g_date_get_weekday (&day) >= G_DATE_SATURDAY && pk_demo_chance (self, 85))
    age += 2;
  return age;
}

static int
compare_oldest_first (gconstpointer a, gconstpointer b)
{
  return *(const int *) b - *(const int *) a;
}

/**
 * pk_demo_make_tasks:
 *
 * Makes the tasks and what hangs on them.
 *
 * Returns: %TRUE unless drawing or the sink failed, or a declaration is wrong
 */
gboolean
pk_demo_make_tasks (PkDemo *self, GError **error)
{
  g_autoptr (GArray) choices = g_array_new (FALSE, FALSE, sizeof (Choice));
  g_autofree int *ages = g_new (int, self->n_tasks);

  pk_demo_begin_theme (self, 5);
  collect_choices (self, choices);
  if (choices->len == 0)
    return pk_demo_fail (error, "There is no template for tasks", "tasks");
  for (guint i = 0; i < self->n_tasks; i++)
    ages[i] = choose_age (self);
  qsort (ages, self->n_tasks, sizeof *ages, compare_oldest_first);
  for (guint i = 0; i < self->n_tasks; i++)
    if (!make_task (self, choices, ages[i], error) || !pk_demo_end_group (self, error))
      return FALSE;
  return TRUE;
}
