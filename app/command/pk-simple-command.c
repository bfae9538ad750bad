/* Commands without files: one class for all whose plan is a function. */
#include "config.h"

#include "pk-plan-private.h"

G_DEFINE_FINAL_TYPE (PkSimpleCommand, pk_simple_command, PK_TYPE_COMMAND)

static gboolean
plan_simple (PkCommand *command, PkCommandContext *context, PkPlan *plan, GError **error)
{
  PkSimpleCommand *self = PK_SIMPLE_COMMAND (command);

  return self->plan (self, context, plan, error);
}

static void
pk_simple_command_finalize (GObject *object)
{
  PkSimpleCommand *self = PK_SIMPLE_COMMAND (object);

  g_clear_pointer (&self->record, pk_record_unref);
  g_clear_pointer (&self->values, pk_values_free);
  g_free (self->text);
  G_OBJECT_CLASS (pk_simple_command_parent_class)->finalize (object);
}

static void
pk_simple_command_class_init (PkSimpleCommandClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_simple_command_finalize;
  PK_COMMAND_CLASS (klass)->plan = plan_simple;
}

static void
pk_simple_command_init (G_GNUC_UNUSED PkSimpleCommand *self)
{
}

/**
 * pk_simple_command_new:
 * @record: (nullable): that it is about
 *
 * Returns: (transfer full): a command that plans by @plan; values and text are the caller's to fill in
 */
PkSimpleCommand *
pk_simple_command_new (PkSimplePlan plan, PkRecord *record)
{
  PkSimpleCommand *self = g_object_new (PK_TYPE_SIMPLE_COMMAND, NULL);

  self->plan = plan;
  self->record = record ? pk_record_ref (record) : NULL;
  return self;
}

/**
 * pk_simple_command_new_named:
 * @command: the model's command, whose arguments are the values
 *
 * Returns: (transfer full): a command that plans by @plan
 */
PkSimpleCommand *
pk_simple_command_new_named (PkSimplePlan plan, PkRecord *record, PkCommandId command)
{
  PkSimpleCommand *self = pk_simple_command_new (plan, record);

  self->spec = pk_command_spec_by_id (command);
  self->values = pk_values_new (self->spec->arguments, self->spec->n_arguments);
  return self;
}
