/* Problems: an extended GError on the inside, problem+json (RFC 9457) on the outside. */
#include "config.h"

#include "pk-problem.h"

#include "pk-json.h"

#include <string.h>

typedef struct
{
  char *pointer; /* (owned) (nullable) */
} PkProblemErrorPrivate;

static void
pk_problem_error_private_init (PkProblemErrorPrivate *priv)
{
  priv->pointer = NULL;
}

static void
pk_problem_error_private_copy (const PkProblemErrorPrivate *source, PkProblemErrorPrivate *copy)
{
  copy->pointer = g_strdup (source->pointer);
}

static void
pk_problem_error_private_clear (PkProblemErrorPrivate *priv)
{
  g_free (priv->pointer);
}

G_DEFINE_EXTENDED_ERROR (PkProblemError, pk_problem_error)

/**
 * pk_problem_set:
 * @pointer: (nullable): JSON pointer to the fault, such as "/fields/title"
 * @format: English, for developers and logs; what the fault is
 *
 * Sets @error.
 */
void
pk_problem_set (GError **error, PkProblem code, const char *pointer, const char *format, ...)
{
  va_list arguments;

  if (error == NULL)
    return;
  va_start (arguments, format);
  *error = g_error_new_valist (PK_PROBLEM_ERROR, (int) code, format, arguments);
  va_end (arguments);
  pk_problem_error_get_private (*error)->pointer = g_strdup (pointer);
}

/**
 * pk_problem_prefix_pointer:
 * @error: (nullable): of any domain; only a problem changes
 * @prefix: such as "/3"
 *
 * Puts @prefix before the pointer, for a fault found in a part of something.
 */
void
pk_problem_prefix_pointer (GError *error, const char *prefix)
{
  if (error == NULL || error->domain != PK_PROBLEM_ERROR)
    return;
  PkProblemErrorPrivate *priv = pk_problem_error_get_private (error);
  g_autofree char *old = g_steal_pointer (&priv->pointer);
  priv->pointer = g_strconcat (prefix, old, NULL);
}

/**
 * pk_problem_get_pointer:
 *
 * Returns: (nullable) (transfer none): the JSON pointer to the fault
 */
const char *
pk_problem_get_pointer (const GError *error)
{
  return error->domain == PK_PROBLEM_ERROR ? pk_problem_error_get_private (error)->pointer : NULL;
}

/**
 * pk_problem_get_code:
 *
 * Returns: the problem; %PK_PROBLEM_INTERNAL for errors of other domains
 */
PkProblem
pk_problem_get_code (const GError *error)
{
  return error->domain == PK_PROBLEM_ERROR ? (PkProblem) error->code : PK_PROBLEM_INTERNAL;
}

/**
 * pk_problem_get_word:
 *
 * Returns: the problem's code as it travels, such as "too_long"
 */
const char *
pk_problem_get_word (PkProblem code)
{
  g_return_val_if_fail ((guint) code < pk_model.n_problems, NULL);

  return pk_model.problems[code].code;
}

/**
 * pk_problem_find:
 * @word: a code that travelled
 *
 * Returns: the `PkProblem`, or -1 for one that this program does not know
 */
int
pk_problem_find (const char *word)
{
  for (guint i = 0; i < pk_model.n_problems; i++)
    if (g_str_equal (pk_model.problems[i].code, word))
      return (int) i;
  return -1;
}

/**
 * pk_problem_to_json:
 * @error: of any domain; others than problems are told as "internal", without their text
 * @status_out: (out) (optional): the HTTP status
 *
 * Returns: (transfer full): a body of application/problem+json
 */
char *
pk_problem_to_json (const GError *error, guint *status_out)
{
  PkProblem code = pk_problem_get_code (error);
  const PkProblemSpec *spec = &pk_model.problems[code];
  GString *out = g_string_new ("{");

  pk_json_append_name (out, "type");
  g_string_append_printf (out, "\"/problems/%s\"", spec->code);
  pk_json_append_name (out, "title");
  pk_json_append_text (out, spec->title);
  pk_json_append_name (out, "status");
  g_string_append_printf (out, "%u", spec->status);
  if (error->domain == PK_PROBLEM_ERROR)
    {
      pk_json_append_name (out, "detail");
      pk_json_append_text (out, error->message);
    }
  if (pk_problem_get_pointer (error) != NULL)
    {
      pk_json_append_name (out, "pointer");
      pk_json_append_text (out, pk_problem_get_pointer (error));
    }
  g_string_append_c (out, '}');
  if (status_out != NULL)
    *status_out = spec->status;
  return g_string_free (out, FALSE);
}

static const char *
get_member_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

/**
 * pk_problem_from_json:
 * @json: a body of application/problem+json
 *
 * Returns: (transfer full) (nullable): the problem; NULL if @json is none or one that this program does not know
 */
GError *
pk_problem_from_json (const char *json, gsize size)
{
  g_autoptr (JsonNode) node = pk_json_parse (json, size, NULL);
  GError *error = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  JsonObject *object = json_node_get_object (node);
  const char *type = get_member_text (object, "type");
  const char *detail = get_member_text (object, "detail");
  if (type == NULL || !g_str_has_prefix (type, "/problems/"))
    return NULL;
  int code = pk_problem_find (type + strlen ("/problems/"));
  if (code < 0)
    return NULL;
  pk_problem_set (&error,
                  (PkProblem) code,
                  get_member_text (object, "pointer"),
                  "%s",
                  detail ? detail : pk_model.problems[code].title);
  return error;
}
