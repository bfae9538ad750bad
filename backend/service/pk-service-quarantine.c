/*
 * The quarantine: work of a person who lost the right to a record, where the policy says so, and all that a revoked device hands in.
 * It is kept as it was pushed, with the word that was said on it, and read by its author and by administrators; nobody carries it out.
 */
#include "config.h"

#include "pk-service-quarantine.h"

#include "pk-service-policy.h"
#include "pk-store-quarantine.h"
#include "pk-store-records.h"

/**
 * pk_quarantine_take:
 * @verdict: rejected; it says from now on that the mutation is in the quarantine
 *
 * Keeps the mutation. One that is kept already is left as it is.
 *
 * Returns: %TRUE if it is kept
 */
gboolean
pk_quarantine_take (PkWrite *write,
                    PkService *service,
                    const PkId *person,
                    const PkId *device,
                    const PkMutation *mutation,
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
  verdict->is_quarantined = TRUE;
  return pk_store_put_quarantined (pk_service_get_store (service), &item, error);
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
