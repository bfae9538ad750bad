/* When the server was last heard of, and how long reading is allowed without it. On the writer's thread. */
#include "config.h"

#include "pk-writer-private.h"
#include "pk-writer-sync.h"

#define LEASE_DAYS 30 /* until the server has said its policy */

static gboolean
keep_contact (PkWriter *self, gint64 now_us, GError **error)
{
  gint64 days;

  if (!pk_meta_get_int (self->outbox, "lease_days", LEASE_DAYS, &days, error) ||
      !pk_meta_set_int (self->outbox, "contact", now_us, error))
    return FALSE;
  gint64 until_us = days > 0 ? now_us + days * G_TIME_SPAN_DAY : 0;
  if (!pk_meta_set_int (self->outbox, "lease", until_us, error))
    return FALSE;
  pk_change_set_set_outbox (self->changes);
  pk_writer_tell (self);
  return TRUE;
}

/**
 * pk_writer_note_contact:
 *
 * Notes that the server has answered: reading is allowed for as many days more as its policy says. Not so if they have run out:
 * then the person has to sign in, [func@writer_renew_lease].
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_writer_note_contact (PkWriter *self, GError **error)
{
  gint64 now_us = pk_clock_now_us (self->clock);
  PkReplicaSummary summary = { 0 };

  if (!pk_meta_get_int (self->outbox, "contact", 0, &summary.last_contact_us, error) ||
      !pk_meta_get_int (self->outbox, "lease", 0, &summary.lease_until_us, error))
    return FALSE;
  return pk_replica_summary_is_locked (&summary, now_us) || keep_contact (self, now_us, error);
}

/**
 * pk_writer_renew_lease:
 *
 * The person has signed in: reading is allowed again.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_writer_renew_lease (PkWriter *self, GError **error)
{
  return keep_contact (self, pk_clock_now_us (self->clock), error);
}
