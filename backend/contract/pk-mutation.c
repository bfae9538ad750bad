/*
 * Mutations and verdicts as JSON lines. Reading a mutation has two steps: the envelope (n, id, prev) must be readable, or the
 * whole push is refused; a fault in the rest is kept in the mutation, so that it is judged, stored and shown to its author.
 */
#include "config.h"

#include "pk-mutation.h"

#include "pk-time.h"

#include <string.h>

static const char *const op_words[] = { "create", "set", "delete" };
static const char *const verdict_words[] = { "applied", "merged", "rejected", "later" };

/**
 * pk_mutation_new:
 * @command: (nullable): of %PK_OP_COMMAND
 *
 * Returns: (transfer full): a mutation without values, number and ids
 */
PkMutation *
pk_mutation_new (PkOp op, const PkEntity *entity, const PkCommandSpec *command, const PkId *record)
{
  PkMutation *self = g_atomic_rc_box_new0 (PkMutation);

  g_assert ((op == PK_OP_COMMAND) == (command != NULL));
  self->op = op;
  self->command = command;
  self->entity = entity;
  self->record = *record;
  self->model = PK_MODEL_VERSION;
  self->fields = command ? pk_values_new (command->arguments, command->n_arguments)
                         : pk_values_new (entity->fields, entity->n_fields);
  self->was = pk_values_new (entity->fields, entity->n_fields);
  return self;
}

/**
 * pk_mutation_ref:
 *
 * Returns: (transfer full): @self
 */
PkMutation *
pk_mutation_ref (PkMutation *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_mutation (gpointer data)
{
  PkMutation *self = data;

  g_clear_pointer (&self->fields, pk_values_free);
  g_clear_pointer (&self->was, pk_values_free);
  g_clear_error (&self->fault);
  g_free (self->line);
}

/**
 * pk_mutation_unref:
 *
 * Gives up one reference.
 */
void
pk_mutation_unref (PkMutation *self)
{
  g_atomic_rc_box_release_full (self, clear_mutation);
}

/**
 * pk_mutation_get_op_word:
 *
 * Returns: the word in "op"
 */
const char *
pk_mutation_get_op_word (const PkMutation *self)
{
  return self->op == PK_OP_COMMAND ? self->command->name : op_words[self->op];
}

/**
 * pk_mutation_append_json:
 *
 * Appends the line, without its end.
 */
void
pk_mutation_append_json (GString *out, const PkMutation *self)
{
  g_string_append_printf (out, "{\"n\":%" G_GINT64_FORMAT ",\"id\":", self->n);
  pk_json_append_id (out, &self->id);
  g_string_append (out, ",\"prev\":");
  pk_json_append_id (out, &self->prev);
  g_string_append_printf (out,
                          ",\"op\":\"%s\",\"entity\":\"%s\",\"record\":",
                          pk_mutation_get_op_word (self),
                          self->entity->name);
  pk_json_append_id (out, &self->record);
  g_string_append (out, ",\"fields\":");
  pk_codec_append_values (out, self->fields);
  if (self->op == PK_OP_SET)
    {
      g_string_append (out, ",\"was\":");
      pk_codec_append_values (out, self->was);
    }
  g_string_append (out, ",\"at\":");
  pk_json_append_time (out, self->at_us);
  g_string_append_printf (out, ",\"model\":%u}", self->model);
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static gboolean
get_int (JsonObject *object, const char *name, gint64 *out)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *out = json_node_get_int (node);
  return TRUE;
}

static gboolean
fault (GError **error, PkProblem code, const char *pointer, const char *what)
{
  pk_problem_set (error, code, pointer, "%s", what);
  return FALSE;
}

static JsonObject *
parse_line (const char *line, gsize size, JsonNode **node_out, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonNode) node = pk_json_parse (line, size, &local_error);

  if (node == NULL)
    {
      fault (error, PK_PROBLEM_MALFORMED, "", local_error->message);
      return NULL;
    }
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      fault (error, PK_PROBLEM_MALFORMED, "", "An object was expected");
      return NULL;
    }
  *node_out = g_steal_pointer (&node);
  return json_node_get_object (*node_out);
}

static gboolean
read_op (JsonObject *object, PkOp *op_out, const PkCommandSpec **command_out, GError **error)
{
  const char *word = get_text (object, "op");

  *command_out = NULL;
  if (word == NULL)
    return fault (error, PK_PROBLEM_REQUIRED, "/op", "What to do is missing");
  for (guint i = 0; i < G_N_ELEMENTS (op_words); i++)
    if (g_str_equal (op_words[i], word))
      {
        *op_out = (PkOp) i;
        return TRUE;
      }
  *op_out = PK_OP_COMMAND;
  *command_out = pk_command_spec_by_name (word);
  return *command_out != NULL ||
         fault (error, PK_PROBLEM_INVALID, "/op", "There is no such command");
}

static gboolean
read_target (JsonObject *object,
             const PkCommandSpec *command,
             const PkEntity **entity_out,
             PkId *record_out,
             GError **error)
{
  const char *name = get_text (object, "entity");

  *entity_out = name ? pk_entity_by_name (name) : NULL;
  if (*entity_out == NULL)
    return fault (error, PK_PROBLEM_UNKNOWN_ENTITY, "/entity", "There is no such entity");
  if (command != NULL && !g_str_equal (command->entity, name))
    return fault (error, PK_PROBLEM_INVALID, "/op", "The command is not one of this entity");
  if (!pk_id_parse (get_text (object, "record"), record_out))
    return fault (error, PK_PROBLEM_INVALID, "/record", "The text of a UUID was expected");
  return TRUE;
}

static gboolean
read_values_into (PkValues **values, JsonObject *object, const char *name, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  g_autofree char *pointer = g_strconcat ("/", name, NULL);

  if (node == NULL)
    return TRUE;
  PkValues *read =
      pk_codec_read_values ((*values)->fields, (*values)->n_fields, node, pointer, error);
  if (read == NULL)
    return FALSE;
  pk_values_free (*values);
  *values = read;
  return TRUE;
}

static gboolean
is_known_member (const char *name)
{
  static const char *const names[] = { "n",      "id",  "prev", "op",    "entity", "record",
                                       "fields", "was", "at",   "model", NULL };

  return g_strv_contains (names, name);
}

static gboolean
check_members (JsonObject *object, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &member))
    {
      g_autofree char *pointer = g_strconcat ("/", name, NULL);
      if (!is_known_member (name))
        return fault (error, PK_PROBLEM_UNKNOWN_FIELD, pointer, "There is no such member");
    }
  return TRUE;
}

static PkMutation *
read_body (JsonObject *object, GError **error)
{
  const PkCommandSpec *command;
  const PkEntity *entity;
  PkOp op;
  PkId record;
  gint64 model;
  const char *at = get_text (object, "at");

  if (!check_members (object, error) || !read_op (object, &op, &command, error) ||
      !read_target (object, command, &entity, &record, error))
    return NULL;
  g_autoptr (PkMutation) self = pk_mutation_new (op, entity, command, &record);
  if (!read_values_into (&self->fields, object, "fields", error) ||
      !read_values_into (&self->was, object, "was", error))
    return NULL;
  if (at == NULL || !pk_time_parse (at, &self->at_us))
    {
      fault (error, PK_PROBLEM_INVALID, "/at", "A time such as 2026-11-23T08:14:00Z was expected");
      return NULL;
    }
  if (!get_int (object, "model", &model) || model < 1 || model > G_MAXINT)
    {
      fault (error, PK_PROBLEM_INVALID, "/model", "A model version was expected");
      return NULL;
    }
  self->model = (guint) model;
  return g_steal_pointer (&self);
}

/* What can be read of a line whose body cannot: which record it is about, and whether a newer program wrote it. */
static PkMutation *
read_remains (JsonObject *object, const char *line, gsize size)
{
  PkId record = { { 0 } };
  gint64 model;

  pk_id_parse (get_text (object, "record"), &record);
  PkMutation *self = pk_mutation_new (PK_OP_DELETE, &pk_model.entities[0], NULL, &record);
  if (get_int (object, "model", &model) && model > 0 && model <= G_MAXINT)
    self->model = (guint) model;
  self->line = g_strndup (line, size);
  return self;
}

/**
 * pk_mutation_read:
 * @line: JSON, without the line's end
 *
 * Errors: %PK_PROBLEM_MALFORMED or %PK_PROBLEM_INVALID where not even n, id and prev can be read
 * Returns: (transfer full) (nullable): the mutation; where only its envelope could be read, `fault` says what else is wrong
 */
PkMutation *
pk_mutation_read (const char *line, gsize size, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object = parse_line (line, size, &node, error);
  g_autoptr (GError) body_fault = NULL;
  gint64 n;
  PkId id, prev;

  if (object == NULL)
    return NULL;
  if (!get_int (object, "n", &n) || n < 1)
    {
      fault (error, PK_PROBLEM_INVALID, "/n", "A number from 1 was expected");
      return NULL;
    }
  if (!pk_id_parse (get_text (object, "id"), &id) ||
      !pk_id_parse (get_text (object, "prev"), &prev))
    {
      fault (error, PK_PROBLEM_INVALID, "/id", "The texts of UUIDs were expected in id and prev");
      return NULL;
    }
  PkMutation *self = read_body (object, &body_fault);
  if (self == NULL)
    self = read_remains (object, line, size);
  self->n = n;
  self->id = id;
  self->prev = prev;
  self->fault = g_steal_pointer (&body_fault);
  return self;
}

/**
 * pk_verdict_new:
 *
 * Returns: (transfer full): a verdict without a fault
 */
PkVerdict *
pk_verdict_new (gint64 n, const PkId *id, PkVerdictKind kind, gint64 seq)
{
  PkVerdict *self = g_new0 (PkVerdict, 1);

  self->n = n;
  self->id = *id;
  self->kind = kind;
  self->seq = seq;
  self->code = -1;
  return self;
}

/**
 * pk_verdict_free:
 *
 * Frees the verdict.
 */
void
pk_verdict_free (PkVerdict *self)
{
  if (self == NULL)
    return;
  g_free (self->detail);
  g_free (self->pointer);
  g_strfreev (self->fields);
  g_free (self);
}

/**
 * pk_verdict_set_fault:
 *
 * Takes code, text and pointer from @error.
 */
void
pk_verdict_set_fault (PkVerdict *self, const GError *error)
{
  self->code = (int) pk_problem_get_code (error);
  g_free (self->detail);
  g_free (self->pointer);
  self->detail = g_strdup (error->message);
  self->pointer = g_strdup (pk_problem_get_pointer (error));
}

/**
 * pk_verdict_get_word:
 *
 * Returns: the verdict as it travels and as the outbox keeps it
 */
const char *
pk_verdict_get_word (PkVerdictKind kind)
{
  return verdict_words[kind];
}

/**
 * pk_verdict_append_json:
 *
 * Appends the line, without its end.
 */
void
pk_verdict_append_json (GString *out, const PkVerdict *self)
{
  g_string_append_printf (out, "{\"n\":%" G_GINT64_FORMAT ",\"id\":", self->n);
  pk_json_append_id (out, &self->id);
  g_string_append_printf (out,
                          ",\"verdict\":\"%s\",\"seq\":%" G_GINT64_FORMAT,
                          verdict_words[self->kind],
                          self->seq);
  if (self->code >= 0)
    g_string_append_printf (out, ",\"code\":\"%s\"", pk_problem_get_word ((PkProblem) self->code));
  if (self->is_quarantined)
    g_string_append (out, ",\"quarantined\":true");
  if (self->detail != NULL)
    {
      g_string_append (out, ",\"detail\":");
      pk_json_append_text (out, self->detail);
    }
  if (self->pointer != NULL)
    {
      g_string_append (out, ",\"pointer\":");
      pk_json_append_text (out, self->pointer);
    }
  if (self->fields != NULL)
    {
      g_string_append (out, ",\"fields\":[");
      for (guint i = 0; self->fields[i] != NULL; i++)
        {
          if (i > 0)
            g_string_append_c (out, ',');
          pk_json_append_text (out, self->fields[i]);
        }
      g_string_append_c (out, ']');
    }
  g_string_append_c (out, '}');
}

static char **
read_words (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return NULL;
  JsonArray *array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      if (JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING)
        g_strv_builder_add (words, json_node_get_string (element));
    }
  return g_strv_builder_end (words);
}

/**
 * pk_verdict_read_node:
 *
 * Errors: %PK_PROBLEM_INVALID
 * Returns: (transfer full) (nullable): the verdict; a code of a newer server reads as "internal"
 */
PkVerdict *
pk_verdict_read_node (JsonNode *node, GError **error)
{
  gint64 n, seq;
  PkId id;
  int kind = -1;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      fault (error, PK_PROBLEM_INVALID, "", "An object was expected");
      return NULL;
    }
  JsonObject *object = json_node_get_object (node);
  const char *word = get_text (object, "verdict"), *code = get_text (object, "code");
  for (guint i = 0; word != NULL && i < G_N_ELEMENTS (verdict_words); i++)
    if (g_str_equal (verdict_words[i], word))
      kind = (int) i;
  if (kind < 0 || !get_int (object, "n", &n) || !get_int (object, "seq", &seq) ||
      !pk_id_parse (get_text (object, "id"), &id))
    {
      fault (error, PK_PROBLEM_INVALID, "", "A verdict needs n, id, verdict and seq");
      return NULL;
    }
  PkVerdict *self = pk_verdict_new (n, &id, (PkVerdictKind) kind, seq);
  if (code != NULL)
    self->code = pk_problem_find (code) >= 0 ? pk_problem_find (code) : (int) PK_PROBLEM_INTERNAL;
  JsonNode *quarantined = json_object_get_member (object, "quarantined");
  self->is_quarantined = quarantined != NULL && JSON_NODE_HOLDS_VALUE (quarantined) &&
                         json_node_get_value_type (quarantined) == G_TYPE_BOOLEAN &&
                         json_node_get_boolean (quarantined);
  self->detail = g_strdup (get_text (object, "detail"));
  self->pointer = g_strdup (get_text (object, "pointer"));
  self->fields = read_words (object, "fields");
  return self;
}

/**
 * pk_verdict_read:
 * @line: JSON, without the line's end
 *
 * Errors: %PK_PROBLEM_MALFORMED, %PK_PROBLEM_INVALID
 * Returns: (transfer full) (nullable): the verdict
 */
PkVerdict *
pk_verdict_read (const char *line, gsize size, GError **error)
{
  g_autoptr (JsonNode) node = NULL;

  return parse_line (line, size, &node, error) != NULL ? pk_verdict_read_node (node, error) : NULL;
}

/**
 * pk_verdict_read_lines:
 * @text: a verdict a line; empty lines are passed over
 *
 * Errors: %PK_PROBLEM_MALFORMED, %PK_PROBLEM_INVALID
 * Returns: (transfer full) (nullable) (element-type PkVerdict): the verdicts, in their order
 */
GPtrArray *
pk_verdict_read_lines (const char *text, gsize size, GError **error)
{
  g_autoptr (GPtrArray)
      verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_verdict_free);

  while (size > 0)
    {
      const char *end = memchr (text, '\n', size);
      gsize length = end != NULL ? (gsize) (end - text) : size;
      PkVerdict *verdict = length > 0 ? pk_verdict_read (text, length, error) : NULL;
      if (length > 0 && verdict == NULL)
        return NULL;
      if (verdict != NULL)
        g_ptr_array_add (verdicts, verdict);
      text += MIN (length + 1, size);
      size -= MIN (length + 1, size);
    }
  return g_steal_pointer (&verdicts);
}
