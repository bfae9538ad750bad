/* See the header. The session and the simulation carry it out by the same. */
#include "config.h"

#include "pk-sync-own-work.h"

#include "pk-json.h"
#include "pk-problem.h"
#include "pk-replica-error.h"

/* Where the server only stumbled, no problem of its own tells why. */
static gboolean
set_aside (PkWriter *writer, const GError *push_fault, GError **error)
{
  g_autoptr (GError) stumble = NULL;

  if (push_fault != NULL && push_fault->domain == PK_PROBLEM_ERROR)
    return pk_writer_set_aside_first (writer, push_fault, error);
  pk_problem_set (&stumble, PK_PROBLEM_INTERNAL, NULL, "The server stumbles over it");
  return pk_writer_set_aside_first (writer, stumble, error);
}

/**
 * pk_sync_own_work_run:
 * @snapshots: (nullable) (array zero-terminated=1): files that were fetched
 * @push_fault: (nullable): of the last push
 *
 * Carries out an effect that needs no network.
 *
 * Errors: those of the replica
 */
gboolean
pk_sync_own_work_run (PkWriter *writer,
                      const PkSyncEffect *effect,
                      const char *const *snapshots,
                      const GError *push_fault,
                      GError **error)
{
  switch (effect->kind)
    {
    case PK_SYNC_EFFECT_INSTALL_SNAPSHOTS:
      return pk_writer_install_snapshots (writer, snapshots, error);
    case PK_SYNC_EFFECT_TAKE_DEVICE:
      return pk_writer_change_device (writer, &effect->id, error);
    case PK_SYNC_EFFECT_TAKE_EPOCH:
      return pk_writer_change_epoch (writer, &effect->id, error);
    case PK_SYNC_EFFECT_SET_ASIDE:
      return set_aside (writer, push_fault, error);
    default:
      return pk_writer_erase (writer, effect->flag, error);
    }
}

/**
 * pk_sync_own_work_get_answer:
 *
 * Returns: what tells the machine that it is done
 */
PkSyncEventKind
pk_sync_own_work_get_answer (PkSyncEffectKind kind)
{
  switch (kind)
    {
    case PK_SYNC_EFFECT_INSTALL_SNAPSHOTS:
      return PK_SYNC_EVENT_SNAPSHOTS_INSTALLED;
    case PK_SYNC_EFFECT_TAKE_DEVICE:
      return PK_SYNC_EVENT_DEVICE_TAKEN;
    case PK_SYNC_EFFECT_TAKE_EPOCH:
      return PK_SYNC_EVENT_EPOCH_TAKEN;
    case PK_SYNC_EFFECT_SET_ASIDE:
      return PK_SYNC_EVENT_SET_ASIDE_DONE;
    default:
      return PK_SYNC_EVENT_ERASED;
    }
}

/**
 * pk_sync_own_work_judge:
 *
 * Returns: what its failure means; only of snapshots can it be another's fault than our disk's
 */
PkSyncFailure
pk_sync_own_work_judge (PkSyncEffectKind kind, const GError *error)
{
  return kind == PK_SYNC_EFFECT_INSTALL_SNAPSHOTS ? pk_sync_failure_of_local (error)
                                                  : PK_SYNC_FAILURE_LOCAL;
}

/**
 * pk_sync_failure_of_local:
 *
 * Returns: what an error of the replica means: its files, or lines that make no sense
 */
PkSyncFailure
pk_sync_failure_of_local (const GError *error)
{
  if (error->domain == PK_REPLICA_ERROR &&
      (error->code == PK_REPLICA_ERROR_FEED || error->code == PK_REPLICA_ERROR_GAP))
    return PK_SYNC_FAILURE_SERVER;
  return error->domain == PK_PROBLEM_ERROR || error->domain == PK_JSON_ERROR
             ? PK_SYNC_FAILURE_SERVER
             : PK_SYNC_FAILURE_LOCAL;
}
