/*
 * The judgement of one mutation: may this person, is it valid, what came between, what follows. Each is judged within a point of
 * the transaction, so that a refused one leaves nothing behind. A refusal is a verdict; only a failure of the store is an error.
 */
#include "config.h"

#include "pk-service-judge.h"

#include "pk-merge.h"
#include "pk-rules.h"
#include "pk-service-documents.h"
#include "pk-service-numbers.h"
#include "pk-service-private.h"
#include "pk-store-log.h"
#include "pk-store-meta.h"
#include "pk-store-records.h"

typedef struct
{
  PkService *service;
  PkWrite *write;
  const PkActor *actor;
  const PkMutation *mutation;
  PkVerdict *verdict; /* not owned */
  PkRuleContext context;
  gboolean is_settled; /* nothing is written, and the verdict says since when it holds */
} Case;

/* What was merged: notes for the history, names for the verdict. */
typedef struct
{
  GArray *notes; /* (owned): PkWriteNote; the first is about the record */
  GArray
      *others; /* (owned): PkId: whose values gave way, in the order of the notes after the first */
  GStrvBuilder *fields; /* (owned): names */
  guint n_fields;
} Merged;

static gboolean
fault (GError **error, PkProblem code, const char *pointer, const char *what)
{
  pk_problem_set (error, code, pointer, "%s", what);
  return FALSE;
}

static gboolean
find_target (Case *self, PkRecord **record_out, GError **error)
{
  const PkMutation *mutation = self->mutation;
  g_autoptr (GError) local_error = NULL;

  *record_out =
      pk_store_find (self->service->store, mutation->entity, &mutation->record, &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
judge_create (Case *self, GError **error)
{
  const PkMutation *mutation = self->mutation;
  PkWriteNote note = { .kind = PK_HISTORY_KIND_CREATED, .mutation = &mutation->id };
  gboolean exists;

  if (!pk_access_check_write (self->actor, mutation, error) ||
      !pk_store_has (self->service->store, mutation->entity, &mutation->record, &exists, error))
    return FALSE;
  if (exists)
    return fault (error, PK_PROBLEM_EXISTS, "/record", "There is a record with this id");
  g_autoptr (PkRecord) record = pk_rules_create (mutation, &self->context, error);
  return record != NULL &&
         pk_access_check_fields (self->service, self->actor, record, mutation->fields, error) &&
         pk_access_check_refs (self->service, self->actor, record, NULL, error) &&
         pk_service_settle_content (self->service, self->actor, record, NULL, error) &&
         pk_service_fill_numbers (self->service, record, NULL, self->context.now_us, error) &&
         pk_write_put (self->write, record, NULL, &note, 1, error) &&
         pk_access_check_kept (self->service, self->actor, record, error);
}

/* Who set a field last, as the history tells it. */
static gboolean
find_last_author (Case *self, guint field, PkId *author_out)
{
  const PkEntity *history = pk_entity_by_id (PK_ENTITY_HISTORY);
  g_autoptr (PkValues) filters = pk_values_new (history->fields, history->n_fields);
  PkListQuery query = { .entity = history, .filters = filters, .is_descending = TRUE, .limit = 1 };

  pk_values_take (filters, PK_HISTORY_RECORD_ID, pk_value_id (&self->mutation->record));
  pk_values_take (filters,
                  PK_HISTORY_FIELD,
                  pk_value_text (self->mutation->entity->fields[field].name));
  g_autoptr (GPtrArray) rows = pk_store_list (self->service->store, &query, NULL);
  const PkId *author = rows != NULL && rows->len > 0
                           ? pk_record_get_ref (rows->pdata[0], PK_HISTORY_ACTOR_ID)
                           : NULL;
  if (author != NULL)
    *author_out = *author;
  return author != NULL;
}

static void
note_merged (Case *self, Merged *merged, guint field, const PkValue *gave_way)
{
  PkWriteNote note = { .kind = PK_HISTORY_KIND_MERGED,
                       .mutation = &self->mutation->id,
                       .field = field,
                       .gave_way = gave_way };
  PkId author = { { 0 } };

  g_strv_builder_add (merged->fields, self->mutation->entity->fields[field].name);
  merged->n_fields++;
  if (gave_way == NULL)
    return;
  find_last_author (self, field, &author);
  g_array_append_val (merged->notes, note);
  g_array_append_val (merged->others, author);
}

static gboolean
check_length (const PkField *field, const PkValue *value, GError **error)
{
  if (value->kind != PK_VALUE_TEXT || field->max >= G_MAXDOUBLE ||
      g_utf8_strlen (value->text, -1) <= (glong) field->max)
    return TRUE;
  g_autofree char *pointer = g_strconcat ("/fields/", field->name, NULL);
  return fault (error, PK_PROBLEM_TOO_LONG, pointer, "Both texts together are too long");
}

static gboolean
merge_field (Case *self,
             const PkRecord *before,
             guint field,
             PkMutation *effective,
             Merged *merged,
             GError **error)
{
  const PkField *spec = &self->mutation->entity->fields[field];
  const PkValue *theirs = pk_record_get (before, field);
  const PkValue *was = pk_values_get (self->mutation->was, field);
  const PkValue *mine = pk_values_get (self->mutation->fields, field);
  g_auto (PkValue) result = PK_VALUE_INIT;

  switch (pk_merge_value (spec, was ? was : theirs, theirs, mine, &result))
    {
    case PK_MERGE_COMBINED:
      note_merged (self, merged, field, NULL);
      break;
    case PK_MERGE_REPLACED:
      note_merged (self, merged, field, theirs);
      break;
    case PK_MERGE_CLEAN:
    case PK_MERGE_SAME:
    default:
      break;
    }
  if (!check_length (spec, &result, error))
    return FALSE;
  pk_values_take (effective->fields, field, pk_value_copy (&result));
  return TRUE;
}

static PkMutation *
merge_fields (Case *self, const PkRecord *before, Merged *merged, GError **error)
{
  const PkMutation *mutation = self->mutation;
  g_autoptr (PkMutation)
      effective = pk_mutation_new (PK_OP_SET, mutation->entity, NULL, &mutation->record);

  for (guint i = 0; i < mutation->fields->n_fields; i++)
    if (pk_values_get (mutation->fields, i) != NULL &&
        !merge_field (self, before, i, effective, merged, error))
      return NULL;
  return g_steal_pointer (&effective);
}

/* Nothing is written: the effect is part of the state since the record is what it is, which whoever sees it has, or will get. */
static gboolean
stay (Case *self, const PkRecord *before)
{
  self->verdict->seq = pk_record_get_seq (before);
  self->is_settled = TRUE;
  return TRUE;
}

static gboolean
put_change (Case *self, PkRecord *after, const PkRecord *before, Merged *merged, GError **error)
{
  for (guint i = 0; i < merged->others->len; i++)
    if (!pk_id_is_null (&g_array_index (merged->others, PkId, i)))
      g_array_index (merged->notes, PkWriteNote, i + 1).other =
          &g_array_index (merged->others, PkId, i);
  if (merged->n_fields > 0)
    {
      self->verdict->kind = PK_VERDICT_MERGED;
      self->verdict->fields = g_strv_builder_end (merged->fields);
    }
  if (pk_record_equal (after, before) && merged->notes->len == 1)
    return stay (self, before);
  return pk_write_put (self->write,
                       after,
                       before,
                       (const PkWriteNote *) (gpointer) merged->notes->data,
                       merged->notes->len,
                       error);
}

static gboolean
change_record (Case *self, const PkRecord *before, Merged *merged, GError **error)
{
  const PkMutation *mutation = self->mutation;
  g_autoptr (PkMutation) effective = mutation->op == PK_OP_SET
                                         ? merge_fields (self, before, merged, error)
                                         : pk_mutation_ref ((PkMutation *) mutation);
  gboolean hands_over = mutation->op == PK_OP_COMMAND && mutation->command->id == PK_COMMAND_ASSIGN;

  if (effective == NULL)
    return FALSE;
  g_autoptr (PkRecord) after = pk_rules_change (effective, before, &self->context, error);
  if (after == NULL || !pk_codec_check_record (after, error) ||
      !pk_access_check_refs (self->service, self->actor, after, before, error) ||
      !pk_service_settle_content (self->service, self->actor, after, before, error) ||
      !pk_service_fill_numbers (self->service, after, before, self->context.now_us, error))
    return FALSE;
  return put_change (self, after, before, merged, error) &&
         (hands_over || pk_access_check_kept (self->service, self->actor, after, error));
}

static gboolean
judge_change (Case *self, const PkRecord *before, GError **error)
{
  PkWriteNote note = { .kind = self->mutation->op == PK_OP_SET ? PK_HISTORY_KIND_CHANGED
                                                               : PK_HISTORY_KIND_COMMAND,
                       .mutation = &self->mutation->id };
  g_autoptr (GArray) notes = g_array_new (FALSE, FALSE, sizeof (PkWriteNote));
  g_autoptr (GArray) others = g_array_new (FALSE, FALSE, sizeof (PkId));
  g_autoptr (GStrvBuilder) fields = g_strv_builder_new ();
  Merged merged = { notes, others, fields, 0 };

  g_array_append_val (notes, note);
  return change_record (self, before, &merged, error);
}

/* Somebody else has done the same already: the state stays, and what this person said differently goes to the history. */
static gboolean
judge_done_already (Case *self, const PkRecord *before, GError **error)
{
  const PkMutation *mutation = self->mutation;
  g_autoptr (GArray) notes = g_array_new (FALSE, FALSE, sizeof (PkWriteNote));
  g_autoptr (PkRecord) same = pk_record_copy (before);
  PkWriteNote note = { .kind = PK_HISTORY_KIND_MERGED, .mutation = &mutation->id };
  const char *const names[] = { "status", NULL };

  g_array_append_val (notes, note);
  for (guint i = 0; i < mutation->fields->n_fields; i++)
    {
      int field = pk_entity_find_field (mutation->entity, mutation->command->arguments[i].name);
      const PkValue *mine = pk_values_get (mutation->fields, i);
      if (mine == NULL || field < 0 || pk_value_equal (mine, pk_record_get (before, (guint) field)))
        continue;
      note.field = (guint) field;
      note.other = pk_actor_get_person (self->actor);
      note.gave_way = mine;
      g_array_append_val (notes, note);
    }
  self->verdict->kind = PK_VERDICT_MERGED;
  self->verdict->fields = g_strdupv ((char **) names);
  return notes->len == 1 ? stay (self, before)
                         : pk_write_put (self->write,
                                         same,
                                         before,
                                         (const PkWriteNote *) (gpointer) notes->data,
                                         notes->len,
                                         error);
}

static gboolean
check_items (Case *self, GError **error)
{
  g_autoptr (GPtrArray) items = pk_store_find_by_ref (self->service->store,
                                                      pk_entity_by_id (PK_ENTITY_CHECKLIST_ITEM),
                                                      PK_CHECKLIST_ITEM_TASK_ID,
                                                      &self->mutation->record,
                                                      error);

  if (items == NULL)
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    if (pk_record_get_int (items->pdata[i], PK_CHECKLIST_ITEM_IS_REQUIRED, 0) &&
        pk_record_get_int (items->pdata[i], PK_CHECKLIST_ITEM_STATE, PK_CHECK_STATE_OPEN) ==
            PK_CHECK_STATE_OPEN)
      return fault (error,
                    PK_PROBLEM_INCOMPLETE,
                    "/record",
                    "A point of the checklist that must be done is not done");
  return TRUE;
}

static gboolean
judge_command (Case *self, const PkRecord *before, GError **error)
{
  const PkCommandSpec *command = self->mutation->command;

  if (command->to >= 0 && pk_record_get_int (before, PK_TASK_STATUS, -1) == command->to)
    return judge_done_already (self, before, error);
  if (command->id == PK_COMMAND_COMPLETE && !check_items (self, error))
    return FALSE;
  return judge_change (self, before, error);
}

static gboolean
judge_set (Case *self, const PkRecord *before, GError **error)
{
  return pk_access_check_fields (self->service,
                                 self->actor,
                                 before,
                                 self->mutation->fields,
                                 error) &&
         judge_change (self, before, error);
}

static gboolean
judge_delete (Case *self, PkRecord *before, GError **error)
{
  PkWriteNote note = { .kind = PK_HISTORY_KIND_DELETED, .mutation = &self->mutation->id };

  return pk_write_delete (self->write, before, &note, error);
}

static gboolean
judge_existing (Case *self, GError **error)
{
  const PkMutation *mutation = self->mutation;
  g_autoptr (PkRecord) before = NULL;

  if (!find_target (self, &before, error))
    return FALSE;
  if (before == NULL && mutation->op == PK_OP_DELETE)
    {
      self->is_settled = TRUE;
      return pk_store_get_last_place (self->service->store,
                                      mutation->entity,
                                      &mutation->record,
                                      &self->verdict->seq,
                                      error);
    }
  if (!pk_access_check_see (self->service,
                            self->actor,
                            mutation->entity,
                            &mutation->record,
                            error) ||
      !pk_access_check_write (self->actor, mutation, error))
    return FALSE;
  switch (mutation->op)
    {
    case PK_OP_SET:
      return judge_set (self, before, error);
    case PK_OP_COMMAND:
      return judge_command (self, before, error);
    case PK_OP_DELETE:
    case PK_OP_CREATE:
    default:
      return judge_delete (self, before, error);
    }
}

static gboolean
judge (Case *self, GError **error)
{
  const PkMutation *mutation = self->mutation;

  if (mutation->model > PK_MODEL_VERSION)
    {
      self->verdict->kind = PK_VERDICT_LATER;
      return TRUE;
    }
  if (mutation->fault != NULL)
    {
      g_propagate_error (error, g_error_copy (mutation->fault));
      return FALSE;
    }
  return mutation->op == PK_OP_CREATE ? judge_create (self, error) : judge_existing (self, error);
}

static void
reject (PkVerdict *verdict, const GError *error)
{
  const char *pointer = pk_problem_get_pointer (error);

  verdict->kind = PK_VERDICT_REJECTED;
  pk_verdict_set_fault (verdict, error);
  g_clear_pointer (&verdict->fields, g_strfreev);
  if (pointer != NULL && g_str_has_prefix (pointer, "/fields/"))
    {
      const char *const names[] = { pointer + strlen ("/fields/"), NULL };
      verdict->fields = g_strdupv ((char **) names);
    }
}

/**
 * pk_judge_mutation:
 * @write: the transaction that the effect becomes part of
 *
 * Judges a mutation and carries it out, or leaves everything as it was.
 *
 * Returns: (transfer full) (nullable): the verdict; NULL only where the store failed
 */
PkVerdict *
pk_judge_mutation (PkService *service,
                   PkWrite *write,
                   const PkActor *actor,
                   const PkMutation *mutation,
                   GError **error)
{
  g_autoptr (PkVerdict)
      verdict = pk_verdict_new (mutation->n, &mutation->id, PK_VERDICT_APPLIED, 0);
  g_autoptr (GError) local_error = NULL;
  Case a_case = {
    service,  write,   actor,
    mutation, verdict, { *pk_actor_get_person (actor), pk_write_get_now_us (write) }
  };

  if (!pk_write_savepoint (write, error))
    return NULL;
  if (judge (&a_case, &local_error))
    {
      if (verdict->kind != PK_VERDICT_LATER && !a_case.is_settled &&
          !pk_store_get_seq (service->store, &verdict->seq, error))
        return NULL;
      return pk_write_release (write, error) ? g_steal_pointer (&verdict) : NULL;
    }
  pk_write_rollback_to_savepoint (write);
  if (local_error->domain == PK_PROBLEM_ERROR)
    {
      reject (verdict, local_error);
      return g_steal_pointer (&verdict);
    }
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}
