/* A change and what became of it, in words. Reads are bounded: one entry, one record, the newest history of it. Main thread. */
#include "config.h"

#include "pk-outbox-item.h"

#include "pk-codec.h"
#include "pk-problem.h"
#include "pk-replica.h"
#include "pk-value-words.h"
#include "pk-words.h"

#include <glib/gi18n.h>

#define MAX_HISTORY 64
#define DAYS_TOLD   14 /* that a value of the person gave way to somebody's */

struct _PkOutboxItem
{
  GObject parent_instance;
  gint64 place;
  PkMutation *mutation; /* (owned) (nullable) */
  char *title;          /* (owned) */
  char *detail;         /* (owned) */
  char *reason;         /* (owned) (nullable) */
  GArray *fields;       /* (owned): PkOutboxField */
  gboolean is_seen;
};

G_DEFINE_FINAL_TYPE (PkOutboxItem, pk_outbox_item, G_TYPE_OBJECT)

static void
clear_field (PkOutboxField *field)
{
  g_free (field->label);
  g_free (field->mine);
  g_free (field->theirs);
  g_free (field->who);
  g_clear_pointer (&field->history, pk_record_unref);
}

static void
pk_outbox_item_finalize (GObject *object)
{
  PkOutboxItem *self = PK_OUTBOX_ITEM (object);

  g_clear_pointer (&self->mutation, pk_mutation_unref);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->detail, g_free);
  g_clear_pointer (&self->reason, g_free);
  g_clear_pointer (&self->fields, g_array_unref);
  G_OBJECT_CLASS (pk_outbox_item_parent_class)->finalize (object);
}

static void
pk_outbox_item_class_init (PkOutboxItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_outbox_item_finalize;
}

static void
pk_outbox_item_init (PkOutboxItem *self)
{
  self->fields = g_array_new (FALSE, TRUE, sizeof (PkOutboxField));
  g_array_set_clear_func (self->fields, (GDestroyNotify) clear_field);
}

static const char *
get_reason (PkProblem code)
{
  switch (code)
    {
    case PK_PROBLEM_FORBIDDEN:
      return _ ("You do not have access to this any more.");
    case PK_PROBLEM_NOT_FOUND:
      return _ ("It does not exist any more, or is no longer yours.");
    case PK_PROBLEM_WRONG_STATUS:
      return _ ("Somebody else had already moved the task on.");
    case PK_PROBLEM_INCOMPLETE:
      return _ ("Something that must be done first is not done.");
    case PK_PROBLEM_REQUIRED:
      return _ ("Something that must be filled in is empty.");
    case PK_PROBLEM_TOO_LONG:
      return _ ("The text is too long.");
    case PK_PROBLEM_READ_ONLY:
      return _ ("This follows from something else and cannot be set by hand.");
    case PK_PROBLEM_EXISTS:
      return _ ("It was there already.");
    case PK_PROBLEM_TOO_LARGE:
      return _ ("It is larger than the server takes.");
    case PK_PROBLEM_UNKNOWN_ENTITY:
    case PK_PROBLEM_UNKNOWN_FIELD:
      return _ ("The server does not know this kind of value any more.");
    case PK_PROBLEM_INTERNAL:
      return _ ("The server stumbled over it. Send it again later, or ask whoever looks after the "
                "program.");
    default:
      return _ ("The server could not accept a value.");
    }
}

static char *
describe_act (const PkMutation *mutation)
{
  switch (mutation->op)
    {
    case PK_OP_CREATE:
      return g_strdup (_ ("Registered"));
    case PK_OP_DELETE:
      return g_strdup (_ ("Deleted"));
    case PK_OP_COMMAND:
      return g_strdup (_ (mutation->command->label));
    case PK_OP_SET:
    default:
      return g_strdup (_ ("Changed"));
    }
}

static const char *
find_title (PkLibrary *library, const PkMutation *mutation)
{
  const char *name = pk_library_get_name (library, mutation->entity->id, &mutation->record);
  const PkValue *given = mutation->op == PK_OP_CREATE
                             ? pk_values_get (mutation->fields, mutation->entity->title)
                             : NULL;

  if (name != NULL)
    return name;
  return given != NULL && given->kind == PK_VALUE_TEXT ? given->text : _ (mutation->entity->label);
}

static gboolean
is_named (char **names, const char *name)
{
  return names != NULL && g_strv_contains ((const char *const *) names, name);
}

static void
add_fields (PkOutboxItem *self, PkLibrary *library, const PkOutboxEntry *entry)
{
  const PkValues *values = entry->mutation->fields;
  char **named = entry->verdict == NULL ? NULL : entry->verdict->fields;
  gboolean is_merge = entry->state == PK_OUTBOX_MERGED;

  for (guint i = 0; i < values->n_fields; i++)
    {
      const PkField *field = &values->fields[i];
      if (!values->is_set[i] || (is_merge && named != NULL && !is_named (named, field->name)))
        continue;
      PkOutboxField shown = {
        .place = i,
        .label = g_strdup (_ (field->label)),
        .mine = pk_value_words (library, field, &values->values[i]),
        .is_fault = entry->state == PK_OUTBOX_REJECTED && is_named (named, field->name),
      };
      g_array_append_val (self->fields, shown);
    }
}

static PkOutboxField *
find_field (PkOutboxItem *self, const char *name)
{
  for (guint i = 0; i < self->fields->len; i++)
    {
      PkOutboxField *field = &g_array_index (self->fields, PkOutboxField, i);
      if (g_strcmp0 (self->mutation->fields->fields[field->place].name, name) == 0)
        return field;
    }
  return NULL;
}

/* The value that gave way is in the record's history, under the mutation's id. */
static void
add_lost_values (PkOutboxItem *self, PkLibrary *library, const PkOutboxEntry *entry)
{
  PkReader *reader = pk_replica_get_reader (pk_library_get_replica (library));
  g_autoptr (GPtrArray) found = pk_reader_list_children (reader,
                                                         pk_entity_by_id (PK_ENTITY_HISTORY),
                                                         PK_HISTORY_RECORD_ID,
                                                         &entry->record,
                                                         PK_LIST_BACKWARD,
                                                         MAX_HISTORY,
                                                         NULL);

  for (guint i = 0; found != NULL && i < found->len; i++)
    {
      PkRecord *history = found->pdata[i];
      const PkId *mutation = pk_record_get_ref (history, PK_HISTORY_MUTATION_ID);
      PkOutboxField *field = find_field (self, pk_record_get_text (history, PK_HISTORY_FIELD));
      if (field == NULL || field->theirs != NULL || mutation == NULL ||
          !pk_id_equal (mutation, &entry->id))
        continue;
      field->theirs = pk_history_lost_value (library, history);
      field->who =
          g_strdup (pk_library_get_name (library,
                                         PK_ENTITY_PERSON,
                                         pk_record_get_ref (history, PK_HISTORY_OTHER_ID)));
      field->history = pk_record_ref (history);
    }
}

static PkOutboxItem *
new_item (PkLibrary *library, const PkOutboxEntry *entry)
{
  PkOutboxItem *self = g_object_new (PK_TYPE_OUTBOX_ITEM, NULL);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  gint64 now_us = pk_clock_now_us (pk_library_get_clock (library));
  g_autofree char *moment = pk_words_time (entry->at_us, now_us, zone);

  self->place = entry->place;
  self->is_seen = entry->is_seen;
  if (entry->mutation == NULL)
    {
      self->title = g_strdup (_ ("A change from a newer version of the program"));
      self->detail = g_steal_pointer (&moment);
      return self;
    }
  g_autofree char *act = describe_act (entry->mutation);
  self->mutation = pk_mutation_ref (entry->mutation);
  self->title = g_strdup (find_title (library, entry->mutation));
  self->detail = g_strdup_printf ("%s · %s", act, moment);
  if (entry->state == PK_OUTBOX_REJECTED)
    self->reason = g_strdup (get_reason (entry->verdict == NULL || entry->verdict->code < 0
                                             ? PK_PROBLEM_INVALID
                                             : (PkProblem) entry->verdict->code));
  if (entry->state == PK_OUTBOX_QUARANTINED)
    self->reason =
        g_strdup (_ ("You do not have access to this any more, so the municipality keeps "
                     "what you wrote. Ask an administrator if you need it."));
  add_fields (self, library, entry);
  if (entry->state == PK_OUTBOX_MERGED)
    add_lost_values (self, library, entry);
  return self;
}

/* Restored, or written once more by somebody: then there is nothing to tell any more. */
static gboolean
stands_already (const PkRecord *record, guint place, const PkRecord *history)
{
  const PkField *field = &pk_record_get_entity (record)->fields[place];
  g_autofree char *now = pk_codec_value_to_text (field, pk_record_get (record, place));

  return g_strcmp0 (now, pk_record_get_text (history, PK_HISTORY_OTHER_VALUE)) == 0;
}

static gboolean
is_news (PkLibrary *library, const PkRecord *history)
{
  const PkId *actor = pk_record_get_ref (history, PK_HISTORY_ACTOR_ID);
  gint64 since_us = pk_clock_now_us (pk_library_get_clock (library)) - DAYS_TOLD * G_TIME_SPAN_DAY;

  return pk_record_get_int (history, PK_HISTORY_KIND, -1) == PK_HISTORY_KIND_MERGED &&
         pk_record_get_int (history, PK_HISTORY_AT, 0) >= since_us &&
         (actor == NULL || !pk_id_equal (actor, pk_library_get_person (library)));
}

/* The field that the line tells of; -1 where this program does not know it. */
static int
find_place (const PkEntity *entity, const PkRecord *history)
{
  const char *name = pk_record_get_text (history, PK_HISTORY_FIELD);

  return entity != NULL && name != NULL ? pk_entity_find_field (entity, name) : -1;
}

static PkOutboxItem *
new_given_way (PkLibrary *library, const PkRecord *record, guint place, PkRecord *history)
{
  const PkEntity *entity = pk_record_get_entity (record);
  PkOutboxItem *self = g_object_new (PK_TYPE_OUTBOX_ITEM, NULL);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *moment = pk_words_time (pk_record_get_int (history, PK_HISTORY_AT, 0),
                                           pk_clock_now_us (pk_library_get_clock (library)),
                                           zone);
  const PkId *actor = pk_record_get_ref (history, PK_HISTORY_ACTOR_ID);

  self->is_seen = TRUE;
  self->mutation = pk_mutation_new (PK_OP_SET, entity, NULL, pk_record_get_id (record));
  self->title = g_strdup (find_title (library, self->mutation));
  self->detail = g_strdup_printf ("%s · %s", _ ("Changed"), moment);
  PkOutboxField shown = {
    .place = place,
    .label = g_strdup (_ (entity->fields[place].label)),
    .mine = pk_history_lost_value (library, history),
    .theirs = pk_value_words (library, &entity->fields[place], pk_record_get (record, place)),
    .who = g_strdup (pk_library_get_name (library, PK_ENTITY_PERSON, actor)),
    .history = pk_record_ref (history),
    .gave_way = TRUE,
  };
  g_array_append_val (self->fields, shown);
  return self;
}

/* Of merges by others the history tells alone: the person's own change had been accepted as it was, until somebody's came. */
static void
add_given_way (GPtrArray *items, PkLibrary *library, guint limit)
{
  PkReader *reader = pk_replica_get_reader (pk_library_get_replica (library));
  g_autoptr (GPtrArray) found = pk_reader_list_children (reader,
                                                         pk_entity_by_id (PK_ENTITY_HISTORY),
                                                         PK_HISTORY_OTHER_ID,
                                                         pk_library_get_person (library),
                                                         PK_LIST_BACKWARD,
                                                         limit,
                                                         NULL);

  for (guint i = 0; found != NULL && i < found->len; i++)
    {
      PkRecord *history = found->pdata[i];
      const PkEntity *entity = pk_entity_by_name (pk_record_get_text (history, PK_HISTORY_ENTITY));
      int place = find_place (entity, history);
      if (place < 0 || !is_news (library, history))
        continue;
      g_autoptr (PkRecord) record =
          pk_library_find (library, entity->id, pk_record_get_ref (history, PK_HISTORY_RECORD_ID));
      if (record != NULL && !stands_already (record, (guint) place, history))
        g_ptr_array_add (items, new_given_way (library, record, (guint) place, history));
    }
}

/**
 * pk_outbox_item_list:
 * @library: what is read
 * @kind: which changes; those that were merged are the person's own, and lately those of others that one of the person's gave way to
 * @limit: at most so many
 *
 * Returns: (transfer full) (element-type PkOutboxItem): the changes; empty where there are none
 */
GPtrArray *
pk_outbox_item_list (PkLibrary *library, PkOutboxItemKind kind, guint limit)
{
  static const PkOutboxList lists[] = {
    [PK_OUTBOX_ITEM_WAITING] = PK_OUTBOX_WAITING,
    [PK_OUTBOX_ITEM_ATTENTION] = PK_OUTBOX_ATTENTION,
    [PK_OUTBOX_ITEM_MERGED] = PK_OUTBOX_COMBINED,
  };
  g_autoptr (GError) error = NULL;
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray)
      entries = pk_reader_list_outbox (pk_replica_get_reader (pk_library_get_replica (library)),
                                       lists[kind],
                                       NULL,
                                       limit,
                                       &error);

  if (entries == NULL)
    g_warning ("Reading the outbox: %s", error->message);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    g_ptr_array_add (items, new_item (library, entries->pdata[i]));
  if (kind == PK_OUTBOX_ITEM_MERGED)
    add_given_way (items, library, limit);
  return items;
}

/**
 * pk_outbox_item_get_title:
 * @self: a change
 *
 * Returns: (transfer none): what was changed
 */
const char *
pk_outbox_item_get_title (PkOutboxItem *self)
{
  return self->title;
}

/**
 * pk_outbox_item_get_detail:
 * @self: a change
 *
 * Returns: (transfer none): what was done with it, and when
 */
const char *
pk_outbox_item_get_detail (PkOutboxItem *self)
{
  return self->detail;
}

/**
 * pk_outbox_item_get_reason:
 * @self: a change
 *
 * Returns: (transfer none) (nullable): why it was refused, or taken over by the server
 */
const char *
pk_outbox_item_get_reason (PkOutboxItem *self)
{
  return self->reason;
}

/**
 * pk_outbox_item_get_mutation:
 * @self: a change
 *
 * Returns: (transfer none) (nullable): the change itself, for correcting, copying or discarding it
 */
PkMutation *
pk_outbox_item_get_mutation (PkOutboxItem *self)
{
  return self->mutation;
}

/**
 * pk_outbox_item_get_place:
 * @self: a change
 *
 * Returns: its place in the outbox
 */
gint64
pk_outbox_item_get_place (PkOutboxItem *self)
{
  return self->place;
}

/**
 * pk_outbox_item_dup_record:
 * @self: a change
 * @library: what is read
 *
 * Returns: (transfer full) (nullable): the record that was changed, as it is now
 */
PkRecord *
pk_outbox_item_dup_record (PkOutboxItem *self, PkLibrary *library)
{
  return self->mutation == NULL
             ? NULL
             : pk_library_find (library, self->mutation->entity->id, &self->mutation->record);
}

/**
 * pk_outbox_item_get_fields:
 * @self: a change
 * @n_out: (out): how many
 *
 * Returns: (transfer none) (array length=n_out): its fields; of a merge only those where two changes met
 */
const PkOutboxField *
pk_outbox_item_get_fields (PkOutboxItem *self, guint *n_out)
{
  *n_out = self->fields->len;
  return (const PkOutboxField *) (gpointer) self->fields->data;
}

/**
 * pk_outbox_item_is_seen:
 * @self: a change
 *
 * Returns: %TRUE where the person has looked at the merge
 */
gboolean
pk_outbox_item_is_seen (PkOutboxItem *self)
{
  return self->is_seen;
}

/* On the writer's worker. */
static gpointer
mark_seen (PkWriter *writer, gpointer data, GError **error)
{
  return pk_writer_mark_seen (writer, *(gint64 *) data, error) ? PK_DONE : NULL;
}

static void
marked_cb (GObject *object, GAsyncResult *result, gpointer user_data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  pk_replica_job_finish (PK_REPLICA (object), result, &error);
  if (error != NULL)
    g_warning ("Marking a merge as seen: %s", error->message);
}

/**
 * pk_outbox_item_mark_seen:
 * @self: a merge
 * @library: where it is
 *
 * Notes that the person has looked at it.
 */
void
pk_outbox_item_mark_seen (PkOutboxItem *self, PkLibrary *library)
{
  if (self->is_seen)
    return;
  self->is_seen = TRUE;
  PkReplicaJob job = { PK_PRIORITY_SYNC,
                       g_memdup2 (&self->place, sizeof self->place),
                       g_free,
                       NULL };
  pk_replica_write_async (pk_library_get_replica (library), mark_seen, &job, NULL, marked_cb, NULL);
}
