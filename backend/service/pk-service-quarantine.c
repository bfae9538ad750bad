/*
 * The quarantine: work of a person who lost the right to a record, where the policy says so, and all that a revoked device hands in.
 * It is kept as it was pushed, with the word that was said on it, and read by its author and by administrators; nobody carries it out.
 */
#include "config.h"

#include "pk-service-quarantine.h"

#include "pk-service-policy.h"
#include "pk-service-private.h"
#include "pk-store-quarantine.h"
#include "pk-store-records.h"

/* Characters of one mutation, on the average of all that are kept of a device. */
#define SIZE_OF_EACH 8192

static gboolean
measure (PkService *service, const PkId *device, PkQuarantineRoom *room, GError **error)
{
  if (room->is_measured)
    return TRUE;
  room->is_measured = pk_store_measure_quarantine (pk_service_get_store (service),
                                                   device,
                                                   &room->count,
                                                   &room->size,
                                                   error);
  return room->is_measured;
}

static gboolean
has_room (PkService *service, const PkQuarantineRoom *room, gint64 size)
{
  gint64 most = service->quarantine_limit;

  return room->count < most && room->size + size <= most * SIZE_OF_EACH;
}

static gboolean
put (PkService *service, PkQuarantined *item, PkQuarantineRoom *room, GError **error)
{
  PkStore *store = pk_service_get_store (service);
  gint64 size = g_utf8_strlen (item->line, -1);
  gboolean is_kept;

  if (!pk_store_has_quarantined (store, &item->id, &is_kept, error) ||
      !measure (service, &item->device, room, error))
    return FALSE;
  item->verdict->is_quarantined = is_kept || has_room (service, room, size);
  if (is_kept || !item->verdict->is_quarantined)
    return TRUE;
  room->count++;
  room->size += size;
  return pk_store_put_quarantined (store, item, error);
}

/**
 * pk_quarantine_take:
 * @room: what is kept of the device; the same for a whole push
 * @verdict: rejected; it says from now on whether the mutation is in the quarantine
 *
 * Keeps the mutation where there is room. One that is kept already is left as it is. Where the quarantine is full of what this
 * device did, it stays with the device, and the verdict is as it was.
 *
 * Returns: %TRUE if it is kept, or there is no room for it
 */
gboolean
pk_quarantine_take (PkWrite *write,
                    PkService *service,
                    const PkId *person,
                    const PkId *device,
                    const PkMutation *mutation,
                    PkQuarantineRoom *room,
                    PkVerdict *verdict,
                    GError **error)
{
  g_autoptr (GString) line = g_string_new (mutation->line);
  PkQuarantined item = { .id = mutation->id,
                         .person = *person,
                         .device = *device,
                         .verdict = verdict,
                         .at_us = pk_write_get_now_us (write) };

  if (mutation->line == NULL)
    pk_mutation_append_json (line, mutation);
  item.line = line->str;
  return put (service, &item, room, error);
}

/* Refused because of who the person is by now, not because of what was asked. */
static gboolean
is_lost_right (const PkVerdict *verdict)
{
  if (verdict->kind != PK_VERDICT_REJECTED)
    return FALSE;
  return verdict->code == PK_PROBLEM_FORBIDDEN ||
         (verdict->code == PK_PROBLEM_NOT_FOUND && g_strcmp0 (verdict->pointer, "/record") == 0);
}

/**
 * pk_quarantine_concerns:
 * @concerns_out: (out): whether the refused mutation belongs into the quarantine: the record is there, the right is not
 *
 * Returns: %TRUE if the question could be answered
 */
gboolean
pk_quarantine_concerns (PkService *service,
                        const PkMutation *mutation,
                        const PkVerdict *verdict,
                        gboolean *concerns_out,
                        GError **error)
{
  PkPolicy policy;

  *concerns_out = FALSE;
  if (mutation->fault != NULL || !is_lost_right (verdict))
    return TRUE;
  if (!pk_service_get_policy (service, &policy, error))
    return FALSE;
  return !policy.quarantines_refused || pk_store_has (pk_service_get_store (service),
                                                      mutation->entity,
                                                      &mutation->record,
                                                      concerns_out,
                                                      error);
}

/**
 * pk_quarantine_list:
 * @person: (nullable): only what this person did
 *
 * Returns: (transfer full) (nullable) (element-type PkQuarantined): at most @limit items, the newest first
 */
GPtrArray *
pk_quarantine_list (PkService *service, const PkId *person, guint limit, GError **error)
{
  return pk_store_list_quarantined (pk_service_get_store (service), person, limit, error);
}

/**
 * pk_quarantine_count:
 * @count_out: (out): how many mutations are in it
 *
 * Returns: %TRUE if they were counted
 */
gboolean
pk_quarantine_count (PkService *service, gint64 *count_out, GError **error)
{
  return pk_store_count_quarantined (pk_service_get_store (service), count_out, error);
}
