#pragma once

#include "pk-mutation.h"
#include "pk-service.h"

G_BEGIN_DECLS

/*
 * What became of a push. Verdicts are of the mutations that were judged, in their order. Where the push ended early, @code says
 * why: PK_PROBLEM_GAP (send again from @expected_n) or PK_PROBLEM_FORKED (go on as @device, numbered from 1).
 */
typedef struct
{
  GPtrArray *verdicts; /* (owned): PkVerdict */
  int code;            /* a PkProblem, or -1 */
  gint64 expected_n;
  PkId device;
  gint64 seq; /* of the state that the effects are part of */
} PkPushResult;

PkPushResult *pk_service_push (PkService *service,
                               const PkId *person,
                               const PkId *device,
                               GPtrArray *mutations,
                               GError **error);
void pk_push_result_free (PkPushResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkPushResult, pk_push_result_free)

G_END_DECLS
