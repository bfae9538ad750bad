/* Taking back: the inverse mutations as a command, which can be taken back itself. */
#include "config.h"

#include "pk-plan-private.h"

#include <glib/gi18n.h>

#define PK_TYPE_UNDO_COMMAND (pk_undo_command_get_type ())
G_DECLARE_FINAL_TYPE (PkUndoCommand, pk_undo_command, PK, UNDO_COMMAND, PkCommand)

struct _PkUndoCommand
{
  PkCommand parent_instance;

  GPtrArray *mutations; /* (owned): PkMutation */
  GPtrArray *inverse;   /* (owned): PkMutation */
  PkId record;
};

G_DEFINE_FINAL_TYPE (PkUndoCommand, pk_undo_command, PK_TYPE_COMMAND)

static void
add_copies (GPtrArray *to, GPtrArray *from)
{
  for (guint i = 0; i < from->len; i++)
    g_ptr_array_add (to, pk_mutation_dup_intent (g_ptr_array_index (from, i)));
}

/* What others did meanwhile decides whether it still can be done: that is judged by the writer, not guessed here. */
static gboolean
plan_undo (PkCommand *command,
           G_GNUC_UNUSED PkCommandContext *context,
           PkPlan *plan,
           G_GNUC_UNUSED GError **error)
{
  PkUndoCommand *self = (PkUndoCommand *) command;

  add_copies (plan->mutations, self->mutations);
  add_copies (plan->inverse, self->inverse);
  plan->record = self->record;
  pk_plan_set_toast (plan, _ ("Undone"));
  return TRUE;
}

static void
pk_undo_command_finalize (GObject *object)
{
  PkUndoCommand *self = (PkUndoCommand *) object;

  g_clear_pointer (&self->mutations, g_ptr_array_unref);
  g_clear_pointer (&self->inverse, g_ptr_array_unref);
  G_OBJECT_CLASS (pk_undo_command_parent_class)->finalize (object);
}

static void
pk_undo_command_class_init (PkUndoCommandClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_undo_command_finalize;
  PK_COMMAND_CLASS (klass)->plan = plan_undo;
}

static void
pk_undo_command_init (G_GNUC_UNUSED PkUndoCommand *self)
{
}

/**
 * pk_undo_command_new:
 * @mutations: what takes back
 * @inverse: what was done
 * @record: that it is about
 *
 * Returns: (transfer full): the undo
 */
PkCommand *
pk_undo_command_new (GPtrArray *mutations, GPtrArray *inverse, const PkId *record)
{
  PkUndoCommand *self = g_object_new (PK_TYPE_UNDO_COMMAND, NULL);

  self->mutations = g_ptr_array_ref (mutations);
  self->inverse = g_ptr_array_ref (inverse);
  self->record = *record;
  return PK_COMMAND (self);
}
