#pragma once

#include "pk-mutation.h"
#include "pk-service-access.h"
#include "pk-service-write.h"

G_BEGIN_DECLS

PkVerdict *pk_judge_mutation (PkService *service,
                              PkWrite *write,
                              const PkActor *actor,
                              const PkMutation *mutation,
                              GError **error);

G_END_DECLS
