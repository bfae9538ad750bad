/*
 * A push: mutations of one device in their order, in one transaction. What was judged before gets the same word again, found by
 * its id, whatever device and number it comes with now; nothing takes effect twice. What cannot be judged yet holds up what the
 * device did after it on the same record, or on what points to it, and nothing else. A revoked device may hand in what it has: it goes
 * into the quarantine.
 */
#include "config.h"

#include "pk-service-push.h"

#include "pk-service-beside.h"
#include "pk-service-devices.h"
#include "pk-service-judge.h"
#include "pk-service-private.h"
#include "pk-service-quarantine.h"
#include "pk-store-devices.h"
#include "pk-store-meta.h"

typedef struct
{
  PkService *service;
  PkWrite *write;
  PkActor *actor;
  PkDevice *device;
  PkPushResult *result;
  PkQuarantineRoom room;
  GHashTable *
      later; /* (owned) (nullable): record → least number of the device's that is to be judged later */
} Push;

static void
clear_push (Push *self)
{
  g_clear_pointer (&self->later, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Push, clear_push)

/**
 * pk_push_result_free:
 *
 * Frees the result.
 */
void
pk_push_result_free (PkPushResult *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->verdicts);
  g_free (self);
}

static PkPushResult *
new_result (const PkId *device)
{
  PkPushResult *self = g_new0 (PkPushResult, 1);

  self->verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_verdict_free);
  self->code = -1;
  self->device = *device;
  return self;
}

static gboolean
keep_judgement (Push *self, const PkMutation *mutation, PkVerdict *verdict, GError **error)
{
  PkJudgement judgement = { .id = mutation->id,
                            .person = *pk_actor_get_person (self->actor),
                            .device = self->device->id,
                            .n = mutation->n,
                            .verdict = verdict,
                            .at_us = pk_write_get_now_us (self->write) };

  if (verdict->kind == PK_VERDICT_LATER)
    judgement.later_record = mutation->record;
  return pk_store_put_judgement (self->service->store, &judgement, error);
}

static gboolean
is_later (Push *self, const PkId *record, gint64 n)
{
  const gint64 *first = g_hash_table_lookup (self->later, record);

  return first != NULL && *first < n;
}

static gboolean
points_to_later (Push *self, const PkValues *values, gint64 n)
{
  for (guint i = 0; i < values->n_fields; i++)
    {
      const PkValue *value = pk_values_get (values, i);
      if (value != NULL && value->kind == PK_VALUE_ID && is_later (self, &value->id, n))
        return TRUE;
    }
  return FALSE;
}

/* The device's work on one record takes effect in its order, and what points to a record comes after it. */
static gboolean
is_held_up (Push *self, const PkMutation *mutation)
{
  return g_hash_table_size (self->later) > 0 &&
         (is_later (self, &mutation->record, mutation->n) ||
          points_to_later (self, mutation->fields, mutation->n));
}

static gboolean
look_for_later (Push *self, GError **error)
{
  g_clear_pointer (&self->later, g_hash_table_unref);
  self->later = pk_store_find_later (self->service->store, &self->device->id, error);
  return self->later != NULL;
}

static PkVerdict *
judge (Push *self, const PkMutation *mutation, GError **error)
{
  if (is_held_up (self, mutation))
    return pk_verdict_new (mutation->n, &mutation->id, PK_VERDICT_LATER, 0);
  g_autoptr (PkVerdict)
      verdict = pk_judge_mutation (self->service, self->write, self->actor, mutation, error);
  gboolean concerns = FALSE;
  if (verdict == NULL ||
      !pk_quarantine_concerns (self->service, mutation, verdict, &concerns, error))
    return NULL;
  if (concerns && !pk_quarantine_take (self->write,
                                       self->service,
                                       pk_actor_get_person (self->actor),
                                       &self->device->id,
                                       mutation,
                                       &self->room,
                                       verdict,
                                       error))
    return NULL;
  return g_steal_pointer (&verdict);
}

/* Takes what was said before over to the device and number that the mutation has now. */
static PkVerdict *
renumber (PkJudgement *judgement, const PkMutation *mutation)
{
  PkVerdict *verdict = g_steal_pointer (&judgement->verdict);

  verdict->n = mutation->n;
  return verdict;
}

static gboolean
is_settled (Push *self, const PkJudgement *judgement)
{
  return judgement != NULL && judgement->verdict->kind != PK_VERDICT_LATER &&
         pk_id_equal (&judgement->person, pk_actor_get_person (self->actor));
}

static gboolean
find_judgement (Push *self, const PkMutation *mutation, PkJudgement **judgement_out, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  *judgement_out = pk_store_find_judgement (self->service->store, &mutation->id, &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* An id is a person's own: one that somebody else has used is no repeat, and must not tell what was said to them. */
static PkVerdict *
refuse_stolen_id (const PkMutation *mutation)
{
  g_autoptr (GError) error = NULL;
  PkVerdict *verdict = pk_verdict_new (mutation->n, &mutation->id, PK_VERDICT_REJECTED, 0);

  pk_problem_set (&error, PK_PROBLEM_EXISTS, "/id", "The id of the mutation is taken");
  pk_verdict_set_fault (verdict, error);
  return verdict;
}

static gboolean
judge_one (Push *self, const PkMutation *mutation, PkJudgement *judgement, GError **error)
{
  g_autoptr (PkVerdict) verdict = NULL;
  gboolean is_stolen = judgement != NULL &&
                       !pk_id_equal (&judgement->person, pk_actor_get_person (self->actor));
  gboolean was_later = judgement != NULL && !is_stolen && !is_settled (self, judgement);

  if (is_stolen)
    verdict = refuse_stolen_id (mutation);
  else if (is_settled (self, judgement))
    verdict = renumber (judgement, mutation);
  else
    verdict = judge (self, mutation, error);
  if (verdict == NULL || (!is_stolen && !keep_judgement (self, mutation, verdict, error)))
    return FALSE;
  if ((was_later || verdict->kind == PK_VERDICT_LATER) && !look_for_later (self, error))
    return FALSE;
  g_ptr_array_add (self->result->verdicts, g_steal_pointer (&verdict));
  return TRUE;
}

static gboolean
fork_device (Push *self, GError **error)
{
  PkId id = pk_id_source_next (self->service->ids);
  g_autoptr (PkDevice) fresh = pk_device_new (&id, &self->device->person);

  fresh->name = g_strdup (self->device->name);
  fresh->app_version = g_strdup (self->device->app_version);
  fresh->created_us = fresh->seen_us = pk_write_get_now_us (self->write);
  self->result->code = PK_PROBLEM_FORKED;
  self->result->device = id;
  self->result->expected_n = 1;
  return pk_store_put_device (self->service->store, fresh, error);
}

static gboolean
take_repeat (Push *self, const PkMutation *mutation, PkJudgement *judgement, GError **error)
{
  if (judgement == NULL || judgement->n != mutation->n ||
      !pk_id_equal (&judgement->device, &self->device->id))
    return fork_device (self, error);
  return judge_one (self, mutation, judgement, error);
}

/* One mutation: a repeat, the next, or a reason to stop. */
static gboolean
take_one (Push *self, const PkMutation *mutation, GError **error)
{
  g_autoptr (PkJudgement) judgement = NULL;
  PkDevice *device = self->device;

  if (mutation->n > device->last_n + 1)
    {
      self->result->code = PK_PROBLEM_GAP;
      self->result->expected_n = device->last_n + 1;
      return TRUE;
    }
  if (!find_judgement (self, mutation, &judgement, error))
    return FALSE;
  if (mutation->n <= device->last_n)
    return take_repeat (self, mutation, judgement, error);
  if (!pk_id_equal (&mutation->prev, &device->last_mutation))
    return fork_device (self, error);
  if (!judge_one (self, mutation, judgement, error))
    return FALSE;
  device->last_n = mutation->n;
  device->last_mutation = mutation->id;
  return TRUE;
}

static gboolean
take_all (Push *self, GPtrArray *mutations, GError **error)
{
  if (!look_for_later (self, error))
    return FALSE;
  for (guint i = 0; i < mutations->len && self->result->code < 0; i++)
    if (!take_one (self, mutations->pdata[i], error))
      return FALSE;
  self->device->seen_us = pk_write_get_now_us (self->write);
  return pk_store_put_device (self->service->store, self->device, error) &&
         pk_write_commit (self->write, &self->result->seq, error);
}

static PkVerdict *
say_revoked (const PkMutation *mutation)
{
  g_autoptr (GError) error = NULL;
  PkVerdict *verdict = pk_verdict_new (mutation->n, &mutation->id, PK_VERDICT_REJECTED, 0);

  pk_problem_set (&error, PK_PROBLEM_DEVICE_REVOKED, "/device", "The device has been revoked");
  pk_verdict_set_fault (verdict, error);
  return verdict;
}

static void
say_full (PkVerdict *verdict)
{
  g_autoptr (GError) error = NULL;

  pk_problem_set (&error,
                  PK_PROBLEM_TOO_LARGE,
                  "/device",
                  "The quarantine takes no more of this device");
  pk_verdict_set_fault (verdict, error);
}

/* What took effect did so; everything else is kept while there is room, whatever was said of it. Numbers do not matter any more. */
static gboolean
take_from_revoked (Push *self, const PkMutation *mutation, GError **error)
{
  g_autoptr (PkJudgement) judgement = NULL;
  g_autoptr (PkVerdict) verdict = NULL;

  if (!find_judgement (self, mutation, &judgement, error))
    return FALSE;
  if (is_settled (self, judgement) && judgement->verdict->kind != PK_VERDICT_REJECTED)
    verdict = renumber (judgement, mutation);
  else
    verdict = say_revoked (mutation);
  if (verdict->kind == PK_VERDICT_REJECTED &&
      !pk_quarantine_take (self->write,
                           self->service,
                           pk_actor_get_person (self->actor),
                           &self->device->id,
                           mutation,
                           &self->room,
                           verdict,
                           error))
    return FALSE;
  if (verdict->kind == PK_VERDICT_REJECTED && !verdict->is_quarantined)
    say_full (verdict);
  g_ptr_array_add (self->result->verdicts, g_steal_pointer (&verdict));
  return TRUE;
}

static gboolean
take_all_from_revoked (Push *self, GPtrArray *mutations, GError **error)
{
  for (guint i = 0; i < mutations->len; i++)
    if (!take_from_revoked (self, mutations->pdata[i], error))
      return FALSE;
  self->device->seen_us = pk_write_get_now_us (self->write);
  return pk_store_put_device (self->service->store, self->device, error) &&
         pk_write_commit (self->write, &self->result->seq, error);
}

/* A device that the server does not know (a backup older than it was restored) is one that goes on under another id. */
static PkDevice *
find_device (PkService *service,
             const PkId *person,
             const PkId *id,
             gboolean *is_known,
             GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkDevice *device = pk_service_check_device (service, person, id, &local_error);

  *is_known = device != NULL;
  if (device != NULL)
    return device;
  if (g_error_matches (local_error, PK_PROBLEM_ERROR, PK_PROBLEM_NOT_FOUND))
    return pk_device_new (id, person);
  *is_known = g_error_matches (local_error, PK_PROBLEM_ERROR, PK_PROBLEM_DEVICE_REVOKED);
  if (*is_known)
    return pk_store_find_device (service->store, id, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static gboolean
answer_unknown (Push *self, GError **error)
{
  return fork_device (self, error) && pk_write_commit (self->write, &self->result->seq, error);
}

/**
 * pk_service_push:
 * @mutations: (element-type PkMutation): in the order of their numbers
 *
 * Judges the mutations of a device and carries them out, all in one transaction with their verdicts and the device's last number.
 *
 * Errors: %PK_PROBLEM_UNAUTHORIZED, %PK_PROBLEM_FORBIDDEN for somebody else's device, and those of the store: then nothing has
 *   happened
 * Returns: (transfer full) (nullable): what became of it
 */
PkPushResult *
pk_service_push (PkService *service,
                 const PkId *person,
                 const PkId *device,
                 GPtrArray *mutations,
                 GError **error)
{
  g_autoptr (PkPushResult) result = new_result (device);
  g_autoptr (PkBeside) beside = pk_beside_new (service, person, mutations, error);
  gboolean is_known, is_done;

  if (beside == NULL)
    return NULL;
  g_autoptr (PkWrite) write = pk_write_begin (service, person, PK_WRITE_DEFAULT, error);
  if (write == NULL || !pk_beside_check (beside, error))
    return NULL;
  g_autoptr (PkActor) actor = pk_actor_load (service, person, error);
  if (actor == NULL)
    return NULL;
  g_autoptr (PkDevice) found = find_device (service, person, device, &is_known, error);
  if (found == NULL)
    return NULL;
  g_auto (Push) push = { service, write, actor, found, result, { 0 }, NULL };
  if (found->revoked_us != 0)
    is_done = take_all_from_revoked (&push, mutations, error);
  else
    is_done = is_known ? take_all (&push, mutations, error) : answer_unknown (&push, error);
  return is_done ? g_steal_pointer (&result) : NULL;
}
