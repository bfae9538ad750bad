/*
 * The lines of a pull as the client reads them, and the request as the server reads it. Each line is checked whole before
 * any of it is used: a line that passed is of the model's types.
 */
#include "config.h"

#include "pk-feed.h"

#include "pk-feed-private.h"

#include "pk-scope.h"
#include "pk-time.h"

#include <string.h>

#define MAX_VERSION 64

static gboolean
fault (GError **error, const char *pointer, const char *what)
{
  pk_problem_set (error, PK_PROBLEM_INVALID, pointer, "%s", what);
  return FALSE;
}

static const char *
node_text (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static gboolean
node_int (JsonNode *node, gint64 *out)
{
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *out = json_node_get_int (node);
  return *out >= 0;
}

static gboolean
member_int (JsonObject *object, const char *name, gint64 *out, GError **error)
{
  g_autofree char *pointer = g_strconcat ("/", name, NULL);

  return node_int (json_object_get_member (object, name), out) ||
         fault (error, pointer, "A number from 0 was expected");
}

static gboolean
member_id (JsonObject *object, const char *name, PkId *out, GError **error)
{
  g_autofree char *pointer = g_strconcat ("/", name, NULL);

  return pk_id_parse (node_text (json_object_get_member (object, name)), out) ||
         fault (error, pointer, "The text of a UUID was expected");
}

static JsonArray *
node_array (JsonNode *node, const char *pointer, GError **error)
{
  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    return json_node_get_array (node);
  fault (error, pointer, "A list was expected");
  return NULL;
}

static JsonObject *
node_object (JsonNode *node, const char *pointer, GError **error)
{
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  fault (error, pointer, "An object was expected");
  return NULL;
}

static JsonNode *
parse (const char *json, gsize size, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  JsonNode *node = pk_json_parse (json, size, &local_error);

  if (node == NULL)
    pk_problem_set (error, PK_PROBLEM_MALFORMED, "", "%s", local_error->message);
  return node;
}

static gboolean
read_cursors (PkPullRequest *self, JsonObject *scopes, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;
  PkScopeKind kind;
  PkId id;

  if (json_object_get_size (scopes) > PK_FEED_MOST_SCOPES)
    return fault (error, "/scopes", "Too many scopes");
  json_object_iter_init (&iter, scopes);
  while (json_object_iter_next (&iter, &name, &member))
    {
      gint64 cursor;
      if (!pk_scope_name_parse (name, &kind, &id))
        return fault (error, "/scopes", "A name is no scope's name");
      if (!node_int (member, &cursor))
        return fault (error, "/scopes", "A cursor is no number from 0");
      pk_pull_request_add (self, name, cursor);
    }
  return TRUE;
}

static gboolean
read_repair (PkPullRequest *self, JsonNode *node, GError **error)
{
  PkScopeKind kind;
  PkId id;

  if (node == NULL)
    return TRUE;
  JsonObject *object = node_object (node, "/repair", error);
  if (object == NULL)
    return FALSE;
  const char *scope = node_text (json_object_get_member (object, "scope"));
  if (scope == NULL || !pk_scope_name_parse (scope, &kind, &id))
    return fault (error, "/repair/scope", "A scope's name was expected");
  self->repair = g_strdup (scope);
  self->ranges = pk_id_range_read_list (json_object_get_member (object, "ranges"), error);
  return self->ranges != NULL;
}

static gboolean
read_unsure (PkPullRequest *self, JsonNode *node, GError **error)
{
  JsonArray *ids = node != NULL ? node_array (node, "/unsure", error) : NULL;
  PkId id;

  if (node == NULL || ids == NULL)
    return node == NULL;
  if (json_array_get_length (ids) > PK_FEED_MOST_UNSURE)
    return fault (error, "/unsure", "Too many mutations");
  self->unsure = g_array_new (FALSE, FALSE, sizeof (PkId));
  for (guint i = 0; i < json_array_get_length (ids); i++)
    {
      if (!pk_id_parse (node_text (json_array_get_element (ids, i)), &id))
        return fault (error, "/unsure", "The text of a UUID was expected");
      g_array_append_val (self->unsure, id);
    }
  return TRUE;
}

/* The version is shown to operators: printable, and no longer than it need be. */
static gboolean
is_version (const char *text)
{
  gsize length = text ? strlen (text) : 0;

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return length > 0 && length <= MAX_VERSION;
}

static gboolean
read_report (PkPullRequest *self, JsonNode *node, GError **error)
{
  if (node == NULL)
    return TRUE;
  JsonObject *object = node_object (node, "/report", error);
  if (object == NULL)
    return FALSE;
  const char *version = node_text (json_object_get_member (object, "version"));
  const char *oldest = node_text (json_object_get_member (object, "oldest"));
  if (!is_version (version))
    return fault (error, "/report/version", "A version was expected");
  if (oldest != NULL && !pk_time_parse (oldest, &self->oldest_unsent_us))
    return fault (error, "/report/oldest", "A time was expected");
  self->version = g_strdup (version);
  return member_int (object, "unsent", &self->n_unsent, error) &&
         member_int (object, "repairs", &self->n_repairs, error);
}

static int
compare_cursors (gconstpointer a, gconstpointer b)
{
  const PkScopeCursor *first = *(PkScopeCursor *const *) a, *second = *(PkScopeCursor *const *) b;

  return g_strcmp0 (first->name, second->name);
}

/**
 * pk_pull_request_read:
 * @json: the body of POST /api/sync/pull
 *
 * Errors: %PK_PROBLEM_MALFORMED, %PK_PROBLEM_INVALID
 * Returns: (transfer full) (nullable): the request, its scopes sorted by name
 */
PkPullRequest *
pk_pull_request_read (const char *json, gsize size, GError **error)
{
  g_autoptr (JsonNode) node = parse (json, size, error);
  g_autoptr (PkPullRequest) self = pk_pull_request_new ();
  gint64 model;

  if (node == NULL)
    return NULL;
  JsonObject *object = node_object (node, "", error);
  if (object == NULL)
    return NULL;
  JsonObject *scopes = node_object (json_object_get_member (object, "scopes"), "/scopes", error);
  if (scopes == NULL || !member_id (object, "device", &self->device, error) ||
      !member_id (object, "epoch", &self->epoch, error) ||
      !member_int (object, "grants", &self->grants, error) ||
      !member_int (object, "model", &model, error) ||
      !member_int (object, "judged", &self->judged, error) || !read_cursors (self, scopes, error) ||
      !read_unsure (self, json_object_get_member (object, "unsure"), error) ||
      !read_repair (self, json_object_get_member (object, "repair"), error) ||
      !read_report (self, json_object_get_member (object, "report"), error))
    return NULL;
  self->model = (guint) MIN (model, G_MAXINT);
  g_ptr_array_sort (self->scopes, compare_cursors);
  return g_steal_pointer (&self);
}

static void
free_scope (gpointer data)
{
  PkFeedScope *self = data;

  g_free (self->name);
  g_free (self->snapshot);
  g_free (self);
}

/**
 * pk_feed_row_free:
 *
 * Frees the row with its record.
 */
void
pk_feed_row_free (gpointer data)
{
  PkFeedRow *self = data;

  g_clear_pointer (&self->record, pk_record_unref);
  g_free (self->scopes);
  g_free (self);
}

/**
 * pk_feed_line_free:
 *
 * Frees the line and all that it holds.
 */
void
pk_feed_line_free (PkFeedLine *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->scopes, g_ptr_array_unref);
  g_clear_pointer (&self->dropped, g_strfreev);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->ids, g_array_unref);
  g_clear_pointer (&self->verdicts, g_ptr_array_unref);
  g_clear_pointer (&self->checks, g_array_unref);
  g_clear_pointer (&self->parts, g_array_unref);
  g_clear_pointer (&self->whole, g_array_unref);
  g_free (self);
}

static gboolean
read_snapshot (PkFeedScope *self, JsonNode *node, GError **error)
{
  if (node == NULL)
    return TRUE;
  JsonObject *object = node_object (node, "/begin/scopes/snapshot", error);
  if (object == NULL)
    return FALSE;
  const char *sha256 = node_text (json_object_get_member (object, "sha256"));
  if (sha256 == NULL || !pk_sha256_is_valid (sha256))
    return fault (error, "/begin/scopes/snapshot", "A SHA-256 was expected");
  self->snapshot = g_strdup (sha256);
  return member_int (object, "size", &self->snapshot_size, error) &&
         member_int (object, "seq", &self->snapshot_seq, error) &&
         member_int (object, "rows", &self->snapshot_rows, error);
}

static gboolean
read_fingerprint (JsonNode *node, PkFingerprint *out, GError **error)
{
  const char *text = node_text (node);

  return (text != NULL && pk_fingerprint_parse (text, out)) ||
         fault (error, "", "A fingerprint was expected");
}

static gboolean
read_scope (PkFeedLine *self, JsonNode *node, GError **error)
{
  JsonObject *object = node_object (node, "/begin/scopes", error);
  PkScopeKind kind;
  PkId id;

  if (object == NULL)
    return FALSE;
  PkFeedScope *scope = g_new0 (PkFeedScope, 1);
  g_ptr_array_add (self->scopes, scope);
  const char *name = node_text (json_object_get_member (object, "name"));
  if (name == NULL || !pk_scope_name_parse (name, &kind, &id))
    return fault (error, "/begin/scopes/name", "A scope's name was expected");
  scope->name = g_strdup (name);
  return member_int (object, "horizon", &scope->horizon, error) &&
         member_int (object, "count", &scope->count, error) &&
         read_fingerprint (json_object_get_member (object, "fingerprint"),
                           &scope->fingerprint,
                           error) &&
         read_snapshot (scope, json_object_get_member (object, "snapshot"), error);
}

static gboolean
read_begin (PkFeedLine *self, JsonNode *node, GError **error)
{
  JsonObject *object = node_object (node, "/begin", error);
  gint64 model;

  if (object == NULL)
    return FALSE;
  const char *time = node_text (json_object_get_member (object, "time"));
  JsonArray *scopes =
      node_array (json_object_get_member (object, "scopes"), "/begin/scopes", error);
  if (scopes == NULL || !member_int (object, "seq", &self->seq, error) ||
      !member_id (object, "epoch", &self->epoch, error) ||
      !member_int (object, "grants", &self->grants, error) ||
      !member_int (object, "model", &model, error))
    return FALSE;
  if (time == NULL || !pk_time_parse (time, &self->time_us))
    return fault (error, "/begin/time", "A time was expected");
  self->model = (guint) MIN (model, G_MAXINT);
  self->scopes = g_ptr_array_new_with_free_func (free_scope);
  for (guint i = 0; i < json_array_get_length (scopes); i++)
    if (!read_scope (self, json_array_get_element (scopes, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
read_drop (PkFeedLine *self, JsonNode *node, GError **error)
{
  JsonArray *names = node_array (node, "/drop", error);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (names == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (names); i++)
    {
      const char *name = node_text (json_array_get_element (names, i));
      if (name == NULL)
        return fault (error, "/drop", "A scope's name was expected");
      g_strv_builder_add (builder, name);
    }
  self->dropped = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_entity (PkFeedLine *self, JsonNode *node, GError **error)
{
  const char *name = node_text (node);

  self->entity = name ? pk_entity_by_name (name) : NULL;
  if (self->entity == NULL && name != NULL)
    self->kind = PK_FEED_OTHER;
  return name != NULL || fault (error, "", "The name of an entity was expected");
}

static gboolean
read_numbers (PkFeedRow *row, JsonNode *node, GError **error)
{
  JsonArray *numbers = node_array (node, "/data", error);

  if (numbers == NULL)
    return FALSE;
  row->n_scopes = json_array_get_length (numbers);
  row->scopes = g_new (guint, row->n_scopes);
  for (guint i = 0; i < row->n_scopes; i++)
    {
      gint64 number;
      if (!node_int (json_array_get_element (numbers, i), &number) || number > PK_FEED_MOST_SCOPES)
        return fault (error, "/data", "A scope's number was expected");
      row->scopes[i] = (guint) number;
    }
  return TRUE;
}

/* A code that this program does not know is of a newer server, and reads as empty, as does what is not for this person; anything else
 * that does not fit is a fault. */
static gboolean
read_cell (const PkField *field, JsonNode *node, PkValue *value_out, GError **error)
{
  *value_out = PK_VALUE_INIT;
  if (pk_field_is_guarded (field) && JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (pk_codec_read_value (field, node, field->name, value_out, error))
    return TRUE;
  if (field->type != PK_TYPE_ENUM || node_text (node) == NULL)
    return FALSE;
  g_clear_error (error);
  *value_out = PK_VALUE_INIT;
  return TRUE;
}

static gboolean
read_row (PkFeedLine *self, JsonNode *node, const int *places, guint n_places, GError **error)
{
  JsonArray *cells = node_array (node, "/data", error);
  gint64 seq;
  PkId id;

  if (cells == NULL)
    return FALSE;
  if (json_array_get_length (cells) != n_places + 3 ||
      !pk_id_parse (node_text (json_array_get_element (cells, 0)), &id) ||
      !node_int (json_array_get_element (cells, 1), &seq))
    return fault (error, "/data", "A row has id, seq, scopes and a value for each field");
  PkFeedRow *row = g_new0 (PkFeedRow, 1);
  g_ptr_array_add (self->rows, row);
  row->record = pk_record_new (self->entity, &id);
  pk_record_set_seq (row->record, seq);
  if (!read_numbers (row, json_array_get_element (cells, 2), error))
    return FALSE;
  for (guint i = 0; i < n_places; i++)
    {
      PkValue value;
      if (places[i] < 0)
        continue;
      const PkField *field = &self->entity->fields[places[i]];
      if (!read_cell (field, json_array_get_element (cells, i + 3), &value, error))
        return FALSE;
      pk_record_take (row->record, (guint) places[i], value);
    }
  return TRUE;
}

/* Fields and entities that this program does not know are passed over: the server is newer. */
static gboolean
read_rows (PkFeedLine *self, JsonObject *object, GError **error)
{
  JsonArray *names = node_array (json_object_get_member (object, "fields"), "/fields", error);
  JsonArray *data = names ? node_array (json_object_get_member (object, "data"), "/data", error)
                          : NULL;

  if (data == NULL || !read_entity (self, json_object_get_member (object, "rows"), error))
    return FALSE;
  if (self->kind == PK_FEED_OTHER)
    return TRUE;
  guint n_places = json_array_get_length (names);
  g_autofree int *places = g_new (int, n_places + 1);
  for (guint i = 0; i < n_places; i++)
    {
      const char *name = node_text (json_array_get_element (names, i));
      places[i] = name ? pk_entity_find_field (self->entity, name) : -1;
    }
  self->rows = g_ptr_array_new_with_free_func (pk_feed_row_free);
  for (guint i = 0; i < json_array_get_length (data); i++)
    if (!read_row (self, json_array_get_element (data, i), places, n_places, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_gone (PkFeedLine *self, JsonObject *object, GError **error)
{
  JsonArray *ids = node_array (json_object_get_member (object, "ids"), "/ids", error);
  gint64 scope;

  if (ids == NULL || !read_entity (self, json_object_get_member (object, "gone"), error) ||
      !member_int (object, "scope", &scope, error))
    return FALSE;
  if (self->kind == PK_FEED_OTHER)
    return TRUE;
  self->scope = (guint) MIN (scope, G_MAXINT);
  self->ids = g_array_new (FALSE, FALSE, sizeof (PkId));
  for (guint i = 0; i < json_array_get_length (ids); i++)
    {
      PkId id;
      if (!pk_id_parse (node_text (json_array_get_element (ids, i)), &id))
        return fault (error, "/ids", "The text of a UUID was expected");
      g_array_append_val (self->ids, id);
    }
  return TRUE;
}

static void
free_verdict (gpointer data)
{
  pk_verdict_free (data);
}

static gboolean
read_verdicts (PkFeedLine *self, JsonNode *node, GError **error)
{
  JsonArray *array = node_array (node, "/verdicts", error);

  if (array == NULL)
    return FALSE;
  self->verdicts = g_ptr_array_new_with_free_func (free_verdict);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      PkVerdict *verdict = pk_verdict_read_node (json_array_get_element (array, i), error);
      if (verdict == NULL)
        return FALSE;
      g_ptr_array_add (self->verdicts, verdict);
    }
  return TRUE;
}

static gboolean
read_check (PkFeedLine *self, JsonNode *node, GError **error)
{
  JsonArray *cells = node_array (node, "/commit/scopes", error);
  PkFeedCheck check;
  gint64 scope;

  if (cells == NULL)
    return FALSE;
  if (json_array_get_length (cells) != 3 || !node_int (json_array_get_element (cells, 0), &scope) ||
      scope > PK_FEED_MOST_SCOPES || !node_int (json_array_get_element (cells, 1), &check.count))
    return fault (error,
                  "/commit/scopes",
                  "A check has a scope's number, a count and a fingerprint");
  check.scope = (guint) scope;
  if (!read_fingerprint (json_array_get_element (cells, 2), &check.fingerprint, error))
    return FALSE;
  g_array_append_val (self->checks, check);
  return TRUE;
}

static gboolean
read_commit (PkFeedLine *self, JsonNode *node, GError **error)
{
  JsonObject *object = node_object (node, "/commit", error);
  JsonArray *scopes =
      object ? node_array (json_object_get_member (object, "scopes"), "/commit/scopes", error)
             : NULL;

  if (scopes == NULL || !member_int (object, "seq", &self->seq, error))
    return FALSE;
  self->checks = g_array_new (FALSE, FALSE, sizeof (PkFeedCheck));
  for (guint i = 0; i < json_array_get_length (scopes); i++)
    if (!read_check (self, json_array_get_element (scopes, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
read_ranges (PkFeedLine *self, JsonObject *object, GError **error)
{
  gint64 scope;

  if (!member_int (object, "ranges", &scope, error))
    return FALSE;
  self->scope = (guint) MIN (scope, G_MAXINT);
  self->parts = pk_id_range_read_sums (json_object_get_member (object, "parts"), error);
  self->whole = pk_id_range_read_list (json_object_get_member (object, "whole"), error);
  return self->parts != NULL && self->whole != NULL;
}

static gboolean
read_policy (PkFeedLine *self, JsonNode *node, GError **error)
{
  JsonObject *object = node_object (node, "/policy", error);

  return object != NULL && member_int (object, "lease_days", &self->lease_days, error);
}

static gboolean
read_line (PkFeedLine *self, JsonObject *object, GError **error)
{
  static const char *const words[] = { "begin",    "drop",   "rows",   "gone",
                                       "verdicts", "commit", "ranges", "policy" };
  JsonNode *member = NULL;
  guint kind;

  for (kind = 0; kind < G_N_ELEMENTS (words) && member == NULL; kind++)
    member = json_object_get_member (object, words[kind]);
  self->kind = member != NULL ? (PkFeedKind) (kind - 1) : PK_FEED_OTHER;
  switch (self->kind)
    {
    case PK_FEED_BEGIN:
      return read_begin (self, member, error);
    case PK_FEED_DROP:
      return read_drop (self, member, error);
    case PK_FEED_ROWS:
      return read_rows (self, object, error);
    case PK_FEED_GONE:
      return read_gone (self, object, error);
    case PK_FEED_VERDICTS:
      return read_verdicts (self, member, error);
    case PK_FEED_COMMIT:
      return read_commit (self, member, error);
    case PK_FEED_RANGES:
      return read_ranges (self, object, error);
    case PK_FEED_POLICY:
      return read_policy (self, member, error);
    case PK_FEED_OTHER:
    default:
      return TRUE;
    }
}

/**
 * pk_feed_line_read:
 * @line: JSON, without the line's end
 *
 * Errors: %PK_PROBLEM_MALFORMED, %PK_PROBLEM_INVALID
 * Returns: (transfer full) (nullable): the line
 */
PkFeedLine *
pk_feed_line_read (const char *line, gsize size, GError **error)
{
  PkFeedLine *rows = pk_feed_rows_read (line, size);

  if (rows != NULL)
    return rows;
  g_autoptr (JsonNode) node = parse (line, size, error);
  g_autoptr (PkFeedLine) self = g_new0 (PkFeedLine, 1);
  JsonObject *object = node != NULL ? node_object (node, "", error) : NULL;
  if (object == NULL || !read_line (self, object, error))
    return NULL;
  return g_steal_pointer (&self);
}
