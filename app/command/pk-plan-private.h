#pragma once

#include "pk-blob-cache.h"
#include "pk-blob-queue.h"
#include "pk-command.h"
#include "pk-rights.h"
#include "pk-rules.h"

G_BEGIN_DECLS

/*
 * What a command is going to do: mutations in their order, how to take them back (in the order in which that is done), contents to be
 * uploaded, and what the toast says. Every mutation that is added is tried against the rules at once, on the record as it is
 * after those before it, and asked of the person's rights: what the server would refuse for certain is refused here.
 */
struct _PkPlan
{
  PkRuleContext rules;
  PkRights *rights;     /* (owned) (nullable): NULL where there is no replica to ask */
  GPtrArray *mutations; /* (owned): PkMutation */
  GPtrArray *inverse;   /* (owned): PkMutation */
  GPtrArray *uploads;   /* (owned): PkPendingUpload */
  GHashTable *records;  /* (owned): PkId → PkRecord, as they are after the mutations */
  char *toast;          /* (owned) (nullable) */
  PkId record;          /* the one that the command is about */
};

PkPlan *pk_plan_new (PkCommandContext *context);
void pk_plan_free (PkPlan *self);
void pk_plan_set_toast (PkPlan *self, const char *toast);
gboolean pk_plan_create (PkPlan *self, PkRecord *record, GError **error);
gboolean pk_plan_delete (PkPlan *self, PkRecord *record, GError **error);
gboolean pk_plan_set (PkPlan *self, PkRecord *seen, const PkValues *fields, GError **error);
gboolean pk_plan_command (PkPlan *self,
                          PkRecord *record,
                          const PkCommandSpec *spec,
                          const PkValues *arguments,
                          GError **error);
void pk_plan_undo_by (PkPlan *self, PkMutation *mutation);
void pk_plan_upload (PkPlan *self, const char *sha256, gint64 size_bytes, PkRecord *document);
gboolean pk_plan_create_message (PkPlan *self,
                                 PkCommandContext *context,
                                 PkRecord *task,
                                 PkAudience audience,
                                 const char *body,
                                 GError **error);
PkMutation *pk_mutation_make_create (const PkRecord *record);
PkMutation *pk_mutation_dup_intent (const PkMutation *mutation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkPlan, pk_plan_free)

/* A command that is nothing but a function over a record, values and a text. */
typedef struct _PkSimpleCommand PkSimpleCommand;
typedef gboolean (*PkSimplePlan) (PkSimpleCommand *self,
                                  PkCommandContext *context,
                                  PkPlan *plan,
                                  GError **error);

#define PK_TYPE_SIMPLE_COMMAND (pk_simple_command_get_type ())
G_DECLARE_FINAL_TYPE (PkSimpleCommand, pk_simple_command, PK, SIMPLE_COMMAND, PkCommand)

struct _PkSimpleCommand
{
  PkCommand parent_instance;

  PkSimplePlan plan;
  PkRecord *record;          /* (owned) (nullable) */
  const PkCommandSpec *spec; /* (nullable) */
  PkValues *values;          /* (owned) (nullable) */
  char *text;                /* (owned) (nullable) */
};

PkSimpleCommand *pk_simple_command_new (PkSimplePlan plan, PkRecord *record);
PkSimpleCommand *
pk_simple_command_new_named (PkSimplePlan plan, PkRecord *record, PkCommandId command);

PkCommand *pk_undo_command_new (GPtrArray *mutations, GPtrArray *inverse, const PkId *record);
gboolean pk_command_plan (PkCommand *self, PkCommandContext *context, PkPlan *plan, GError **error);

G_END_DECLS
