/* What the session's errands have in common: they answer the machine once, and say why they failed. */
#include "config.h"

#include "pk-sync-session-private.h"

/**
 * pk_sync_event_free:
 *
 * Frees an event that was copied.
 */
void
pk_sync_event_free (gpointer data)
{
  PkSyncEvent *event = data;

  g_free ((char *) event->sha256);
  g_free (event);
}

/**
 * pk_sync_event_copy:
 *
 * Returns: (transfer full): the same, with a text of its own
 */
PkSyncEvent *
pk_sync_event_copy (const PkSyncEvent *event)
{
  PkSyncEvent *copy = g_memdup2 (event, sizeof *event);

  copy->sha256 = g_strdup (event->sha256);
  return copy;
}

/**
 * pk_sync_errand_init:
 *
 * Begins the errand of an effect.
 */
void
pk_sync_errand_init (PkSyncErrand *self, PkSyncSession *session, const PkSyncEffect *effect)
{
  self->session = g_object_ref (session);
  self->cancellable = g_cancellable_new ();
  self->effect = *effect;
  g_hash_table_insert (session->cancellables,
                       GUINT_TO_POINTER (effect->request),
                       g_object_ref (self->cancellable));
}

/**
 * pk_sync_errand_clear:
 *
 * The errand is over.
 */
void
pk_sync_errand_clear (PkSyncErrand *self)
{
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
}

/**
 * pk_sync_errand_answer:
 *
 * Answers the machine; it is ignored where the machine does not wait any more.
 */
void
pk_sync_errand_answer (PkSyncErrand *self, PkSyncEvent event)
{
  event.request = self->effect.request;
  pk_sync_session_send (self->session, &event);
}

/**
 * pk_sync_errand_answer_after_look:
 *
 * Answers the machine when it knows how the outbox is since then.
 */
void
pk_sync_errand_answer_after_look (PkSyncErrand *self, PkSyncEvent event)
{
  event.request = self->effect.request;
  g_ptr_array_add (self->session->after_next, pk_sync_event_copy (&event));
  pk_sync_session_look (self->session);
}

/**
 * pk_sync_errand_fail:
 * @error: (nullable): for the log
 *
 * The errand failed, in the words of the fault.
 */
void
pk_sync_errand_fail (PkSyncErrand *self, const PkSyncFault *fault, const GError *error)
{
  PkSyncSession *session = self->session;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  g_free (session->detail);
  session->detail = g_strdup_printf ("%s: %s",
                                     pk_sync_machine_get_effect_name (self->effect.kind),
                                     error ? error->message : "no reason was given");
  g_info ("sync: %s", session->detail);
  pk_sync_errand_answer (self,
                         (PkSyncEvent){ .kind = PK_SYNC_EVENT_FAILED,
                                        .failure = fault->failure,
                                        .retry_after_us = fault->retry_after_us,
                                        .number = fault->number,
                                        .id = fault->id });
}

/**
 * pk_sync_errand_fail_by:
 * @error: (nullable): for the log
 *
 * The errand failed.
 */
void
pk_sync_errand_fail_by (PkSyncErrand *self, PkSyncFailure failure, const GError *error)
{
  pk_sync_errand_fail (self, &(PkSyncFault){ .failure = failure }, error);
}
