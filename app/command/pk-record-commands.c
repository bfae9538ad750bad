/* What people do with any record: edit, delete, many at once, bring a value back. */
#include "config.h"

#include "pk-record-commands.h"

#include "pk-plan-private.h"

#include <glib/gi18n.h>

static gboolean
plan_edit (PkSimpleCommand *self,
           G_GNUC_UNUSED PkCommandContext *context,
           PkPlan *plan,
           GError **error)
{
  if (!pk_plan_set (plan, self->record, self->values, error))
    return FALSE;
  plan->record = *pk_record_get_id (self->record);
  if (plan->mutations->len > 0)
    pk_plan_set_toast (plan, _ ("Changed"));
  return TRUE;
}

/**
 * pk_edit_command_new:
 * @seen: the record as the person saw it
 * @fields: (transfer none): of the entity; only those that differ are sent
 *
 * Returns: (transfer full): changes fields
 */
PkCommand *
pk_edit_command_new (PkRecord *seen, const PkValues *fields)
{
  PkSimpleCommand *self = pk_simple_command_new (plan_edit, seen);

  self->values = pk_values_copy (fields);
  return PK_COMMAND (self);
}

/**
 * pk_edit_field_command_new:
 *
 * Returns: (transfer full): changes one field
 */
PkCommand *
pk_edit_field_command_new (PkRecord *seen, guint field, const PkValue *value)
{
  const PkEntity *entity = pk_record_get_entity (seen);
  PkSimpleCommand *self = pk_simple_command_new (plan_edit, seen);

  self->values = pk_values_new (entity->fields, entity->n_fields);
  pk_values_take (self->values, field, pk_value_copy (value));
  return PK_COMMAND (self);
}

static gboolean
plan_delete (PkSimpleCommand *self,
             G_GNUC_UNUSED PkCommandContext *context,
             PkPlan *plan,
             GError **error)
{
  pk_plan_set_toast (plan, _ ("Deleted"));
  return pk_plan_delete (plan, self->record, error);
}

/**
 * pk_delete_command_new:
 *
 * Returns: (transfer full): deletes the record
 */
PkCommand *
pk_delete_command_new (PkRecord *record)
{
  return PK_COMMAND (pk_simple_command_new (plan_delete, record));
}

static gboolean
find_lost (PkRecord *record, PkRecord *history, PkValues *values, GError **error)
{
  const PkEntity *entity = pk_record_get_entity (record);
  const char *name = pk_record_get_text (history, PK_HISTORY_FIELD);
  const char *text = pk_record_get_text (history, PK_HISTORY_OTHER_VALUE);
  const PkId *of = pk_record_get_ref (history, PK_HISTORY_RECORD_ID);
  int field = name ? pk_entity_find_field (entity, name) : -1;
  g_auto (PkValue) value = PK_VALUE_INIT;

  if (field < 0 || of == NULL || !pk_id_equal (of, pk_record_get_id (record)))
    {
      pk_problem_set (error, PK_PROBLEM_NOT_FOUND, "/history", "The line has no value to restore");
      return FALSE;
    }
  if (text != NULL && !pk_codec_value_from_text (&entity->fields[field], text, &value, error))
    return FALSE;
  pk_values_take (values, (guint) field, pk_value_copy (&value));
  return TRUE;
}

static gboolean
plan_restore (PkSimpleCommand *self, PkCommandContext *context, PkPlan *plan, GError **error)
{
  const char *fault = self->text;

  if (fault != NULL)
    {
      pk_problem_set (error, PK_PROBLEM_NOT_FOUND, "/history", "%s", fault);
      return FALSE;
    }
  if (!plan_edit (self, context, plan, error))
    return FALSE;
  g_free (plan->toast);
  plan->toast = g_strdup (_ ("The earlier value is back"));
  return TRUE;
}

/**
 * pk_restore_value_command_new:
 * @record: as it is now
 * @history: the line that keeps the value that gave way
 *
 * Returns: (transfer full): puts the value back; the one that is there now is kept in the history in its turn
 */
PkCommand *
pk_restore_value_command_new (PkRecord *record, PkRecord *history)
{
  const PkEntity *entity = pk_record_get_entity (record);
  PkSimpleCommand *self = pk_simple_command_new (plan_restore, record);
  g_autoptr (GError) error = NULL;

  self->values = pk_values_new (entity->fields, entity->n_fields);
  if (!find_lost (record, history, self->values, &error))
    self->text = g_strdup (error->message);
  return PK_COMMAND (self);
}

#define PK_TYPE_BULK_COMMAND (pk_bulk_command_get_type ())
G_DECLARE_FINAL_TYPE (PkBulkCommand, pk_bulk_command, PK, BULK_COMMAND, PkCommand)

struct _PkBulkCommand
{
  PkCommand parent_instance;

  GPtrArray *commands; /* (owned): PkCommand */
};

G_DEFINE_FINAL_TYPE (PkBulkCommand, pk_bulk_command, PK_TYPE_COMMAND)

static gboolean
plan_bulk (PkCommand *command, PkCommandContext *context, PkPlan *plan, GError **error)
{
  PkBulkCommand *self = (PkBulkCommand *) command;
  guint n = self->commands->len;
  g_autofree char *toast = g_strdup_printf (ngettext ("%u changed", "%u changed", n), n);

  pk_plan_set_toast (plan, toast);
  for (guint i = 0; i < n; i++)
    if (!pk_command_plan (g_ptr_array_index (self->commands, i), context, plan, error))
      return FALSE;
  return TRUE;
}

static void
pk_bulk_command_finalize (GObject *object)
{
  g_clear_pointer (&((PkBulkCommand *) object)->commands, g_ptr_array_unref);
  G_OBJECT_CLASS (pk_bulk_command_parent_class)->finalize (object);
}

static void
pk_bulk_command_class_init (PkBulkCommandClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_bulk_command_finalize;
  PK_COMMAND_CLASS (klass)->plan = plan_bulk;
}

static void
pk_bulk_command_init (G_GNUC_UNUSED PkBulkCommand *self)
{
}

/**
 * pk_bulk_command_new:
 * @commands: (element-type PkCommand): without files
 *
 * Returns: (transfer full): all of them in one step, taken back in one step; or none
 */
PkCommand *
pk_bulk_command_new (GPtrArray *commands)
{
  PkBulkCommand *self = g_object_new (PK_TYPE_BULK_COMMAND, NULL);

  self->commands = g_ptr_array_ref (commands);
  return PK_COMMAND (self);
}
