/* See the header. The session and the simulation judge by the same. */
#include "config.h"

#include "pk-sync-problem.h"

#include "pk-json.h"
#include "pk-problem.h"

static PkSyncFailure
failure_of_problem (PkProblem problem)
{
  switch (problem)
    {
    case PK_PROBLEM_UNAUTHORIZED:
      return PK_SYNC_FAILURE_UNAUTHORIZED;
    case PK_PROBLEM_DEVICE_REVOKED:
      return PK_SYNC_FAILURE_REVOKED;
    case PK_PROBLEM_MODEL_TOO_OLD:
      return PK_SYNC_FAILURE_TOO_OLD;
    case PK_PROBLEM_FORKED:
      return PK_SYNC_FAILURE_FORKED;
    case PK_PROBLEM_EPOCH:
      return PK_SYNC_FAILURE_EPOCH;
    case PK_PROBLEM_GAP:
      return PK_SYNC_FAILURE_GAP;
    case PK_PROBLEM_OFFSET:
      return PK_SYNC_FAILURE_OFFSET;
    case PK_PROBLEM_CHECKSUM:
    case PK_PROBLEM_RANGE:
      return PK_SYNC_FAILURE_CHECKSUM;
    case PK_PROBLEM_NOT_FOUND:
      return PK_SYNC_FAILURE_MISSING;
    case PK_PROBLEM_TOO_MANY:
    case PK_PROBLEM_BUSY:
      return PK_SYNC_FAILURE_BUSY;
    case PK_PROBLEM_INTERNAL:
    case PK_PROBLEM_NO_SPACE:
      return PK_SYNC_FAILURE_SERVER;
    default:
      return PK_SYNC_FAILURE_REFUSED;
    }
}

/* The token speaks for another device than we say: the new token tells which one we are. */
static gboolean
is_other_device (const GError *problem)
{
  return pk_problem_get_code (problem) == PK_PROBLEM_FORBIDDEN &&
         g_strcmp0 (pk_problem_get_pointer (problem), "/device") == 0;
}

static void
read_members (PkSyncProblem *self, const char *json, gsize size)
{
  g_autoptr (JsonNode) node = pk_json_parse (json, size, NULL);
  const char *const names[] = { "device", "epoch" };

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  JsonObject *object = json_node_get_object (node);
  self->number = json_object_get_int_member_with_default (object, "expected", 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *text = json_object_get_string_member_with_default (object, names[i], NULL);
      if (text != NULL)
        pk_id_parse (text, &self->id);
    }
}

/**
 * pk_sync_problem_read:
 * @problem: of %PK_PROBLEM_ERROR
 * @json: the answer's body, of which @problem was read
 *
 * Returns: what it means to the machine
 */
PkSyncProblem
pk_sync_problem_read (const GError *problem, const char *json, gsize size)
{
  PkSyncProblem self = { .failure = is_other_device (problem)
                                        ? PK_SYNC_FAILURE_UNAUTHORIZED
                                        : failure_of_problem (pk_problem_get_code (problem)) };

  read_members (&self, json, size);
  return self;
}

/**
 * pk_sync_problem_judge_push:
 * @code: a #PkProblem; -1: none
 *
 * Of what may be refused for good, only a few problems are about what is in a push; any other is the server's trouble, and what was
 * to be sent is tried again. Where the server has no room it has none for anything.
 *
 * Returns: what it means to the machine
 */
PkSyncFailure
pk_sync_problem_judge_push (PkSyncFailure failure, int code)
{
  if (code == PK_PROBLEM_NO_SPACE)
    return PK_SYNC_FAILURE_BUSY;
  if (failure == PK_SYNC_FAILURE_REFUSED && code != PK_PROBLEM_MALFORMED &&
      code != PK_PROBLEM_INVALID && code != PK_PROBLEM_TOO_LARGE)
    return PK_SYNC_FAILURE_SERVER;
  return failure;
}
