/* What people decide about work that the server refused. Nothing of it is ever decided by the program. */
#include "config.h"

#include "pk-attention-commands.h"

#include "pk-glib-backports.h"
#include "pk-plan-private.h"

#include <glib/gi18n.h>

#define PK_TYPE_ATTENTION_COMMAND (pk_attention_command_get_type ())
G_DECLARE_FINAL_TYPE (PkAttentionCommand, pk_attention_command, PK, ATTENTION_COMMAND, PkCommand)

struct _PkAttentionCommand
{
  PkCommand parent_instance;

  gint64 place;
  PkMutation *mutation;  /* (owned) */
  PkMutation *corrected; /* (owned) (nullable): NULL discards */
};

G_DEFINE_FINAL_TYPE (PkAttentionCommand, pk_attention_command, PK_TYPE_COMMAND)

static gboolean
plan_attention (PkCommand *command,
                G_GNUC_UNUSED PkCommandContext *context,
                PkPlan *plan,
                G_GNUC_UNUSED GError **error)
{
  PkAttentionCommand *self = (PkAttentionCommand *) command;

  plan->record = self->mutation->record;
  pk_plan_set_toast (plan, self->corrected ? _ ("Sent again") : _ ("Discarded"));
  if (self->corrected == NULL)
    pk_plan_undo_by (plan, pk_mutation_dup_intent (self->mutation));
  return TRUE;
}

static gboolean
write_attention (PkCommand *command, PkWriter *writer, G_GNUC_UNUSED PkPlan *plan, GError **error)
{
  PkAttentionCommand *self = (PkAttentionCommand *) command;

  if (self->corrected == NULL)
    return pk_writer_discard (writer, self->place, error);
  return pk_writer_resend (writer, self->place, self->corrected, error);
}

static void
pk_attention_command_finalize (GObject *object)
{
  PkAttentionCommand *self = (PkAttentionCommand *) object;

  g_clear_pointer (&self->mutation, pk_mutation_unref);
  g_clear_pointer (&self->corrected, pk_mutation_unref);
  G_OBJECT_CLASS (pk_attention_command_parent_class)->finalize (object);
}

static void
pk_attention_command_class_init (PkAttentionCommandClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_attention_command_finalize;
  PK_COMMAND_CLASS (klass)->plan = plan_attention;
  PK_COMMAND_CLASS (klass)->write = write_attention;
}

static void
pk_attention_command_init (G_GNUC_UNUSED PkAttentionCommand *self)
{
}

static PkAttentionCommand *
new_command (gint64 place, const PkMutation *mutation)
{
  PkAttentionCommand *self = g_object_new (PK_TYPE_ATTENTION_COMMAND, NULL);

  self->place = place;
  self->mutation = pk_mutation_dup_intent (mutation);
  return self;
}

/**
 * pk_resend_command_new:
 * @place: in the outbox
 * @mutation: what was refused
 * @fields: (nullable): values in place of those that were refused; NULL sends it as it is
 *
 * Returns: (transfer full): sends it again
 */
PkCommand *
pk_resend_command_new (gint64 place, const PkMutation *mutation, const PkValues *fields)
{
  PkAttentionCommand *self = new_command (place, mutation);

  self->corrected = pk_mutation_dup_intent (mutation);
  for (guint i = 0; fields != NULL && i < fields->n_fields; i++)
    if (fields->is_set[i])
      pk_values_take (self->corrected->fields, i, pk_value_copy (&fields->values[i]));
  return PK_COMMAND (self);
}

/**
 * pk_discard_command_new:
 *
 * Returns: (transfer full): lets it go; taking that back sends it again
 */
PkCommand *
pk_discard_command_new (gint64 place, const PkMutation *mutation)
{
  return PK_COMMAND (new_command (place, mutation));
}

static char *
say_time (gint64 time_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_local (utc) : NULL;

  return local ? g_date_time_format (local, "%x %R") : NULL;
}

static char *
say_number (const PkField *field, gint64 number)
{
  if (field->type == PK_TYPE_TIME)
    return say_time (number);
  if (field->type == PK_TYPE_BOOL)
    return g_strdup (number ? _ ("Yes") : _ ("No"));
  if (field->type == PK_TYPE_ENUM && number >= 0 && number < (gint64) field->values->n_values)
    return g_strdup (_ (field->values->values[number].label));
  return g_strdup_printf ("%" G_GINT64_FORMAT, number);
}

/* As people read it; ids say nothing to them. */
static char *
say_value (const PkField *field, const PkValue *value)
{
  char *text = NULL;

  switch (value->kind)
    {
    case PK_VALUE_TEXT:
      text = g_strdup (value->text);
      return field->type == PK_TYPE_SET ? g_strdelimit (text, "\n", ' ') : text;
    case PK_VALUE_INT:
      return say_number (field, value->number);
    case PK_VALUE_REAL:
      return g_strdup_printf ("%g", value->real);
    case PK_VALUE_ID:
    case PK_VALUE_NULL:
    default:
      return NULL;
    }
}

/**
 * pk_attention_copy_text:
 *
 * Returns: (transfer full): what the person wrote, for the clipboard: a line for each value, with its label
 */
char *
pk_attention_copy_text (const PkMutation *mutation)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < mutation->fields->n_fields; i++)
    {
      const PkField *field = &mutation->fields->fields[i];
      if (!mutation->fields->is_set[i])
        continue;
      g_autofree char *value = say_value (field, &mutation->fields->values[i]);
      if (value != NULL && *value != '\0')
        {
          if (text->len > 0)
            g_string_append_c (text, '\n');
          /* Translators: a field's label and its value */
          g_string_append_printf (text, _ ("%s: %s"), _ (field->label), value);
        }
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}
