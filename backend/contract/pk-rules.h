#pragma once

#include "pk-mutation.h"

G_BEGIN_DECLS

/*
 * What a mutation does to a record: the same pure function on the server and in the client's optimism. Fields set by rule
 * (is_open, completed_at, done_by …) follow here and nowhere else. No look-ups: what needs other records (a required
 * checklist item that is open) is asked by the service.
 */
typedef struct
{
  PkId actor;    /* the person */
  gint64 now_us; /* the server's time; on the client the device's */
} PkRuleContext;

PkRecord *
pk_rules_create (const PkMutation *mutation, const PkRuleContext *context, GError **error);
PkRecord *pk_rules_change (const PkMutation *mutation,
                           const PkRecord *record,
                           const PkRuleContext *context,
                           GError **error);
void pk_rules_derive (PkRecord *record, const PkRecord *before, const PkRuleContext *context);
gboolean pk_rules_allow_status (PkTaskStatus from, PkTaskStatus to);

G_END_DECLS
