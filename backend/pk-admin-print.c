/* What pakobla-admin says. Sentences are made here from codes and values, in the language of who reads. */
#include "config.h"

#include "pk-admin-print.h"

#include "pk-problem.h"

#include <glib/gi18n.h>

#define MOST_LINES 40

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return "";
  return json_node_get_string (node);
}

static gint64
get_int (JsonObject *object, const char *name)
{
  return json_object_get_int_member_with_default (object, name, 0);
}

static JsonArray *
get_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static JsonObject *
get_object (JsonArray *array, guint place)
{
  JsonNode *node = json_array_get_element (array, place);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/**
 * pk_admin_print_json:
 * @answer: (nullable): as it came
 *
 * Prints the answer for programs.
 */
void
pk_admin_print_json (JsonNode *answer)
{
  g_autofree char *text = answer != NULL ? json_to_string (answer, TRUE) : g_strdup ("{}");

  g_print ("%s\n", text);
}

/* Text in a column: padded by characters, not bytes. */
static void
print_cell (const char *text, int width)
{
  int n = (int) g_utf8_strlen (text, -1);

  g_print ("%s%*s", text, MAX (width - n, 0) + 2, "");
}

static void
print_member (const char *label, const char *text)
{
  if (*text == '\0')
    return;
  print_cell (label, 22);
  g_print ("%s\n", text);
}

static void
print_count (const char *label, gint64 count)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, count);

  print_member (label, text);
}

static void
print_size (const char *label, gint64 bytes)
{
  g_autofree char *text = g_format_size ((guint64) bytes);

  print_member (label, text);
}

/**
 * pk_admin_print_status:
 *
 * Prints how the server is.
 */
void
pk_admin_print_status (JsonObject *status)
{
  JsonNode *blobs = json_object_get_member (status, "blobs");
  JsonNode *entities = json_object_get_member (status, "entities");

  print_member (_ ("Version"), get_text (status, "version"));
  print_member (_ ("Address"), get_text (status, "url"));
  print_member (_ ("Running since"), get_text (status, "started_at"));
  print_member (_ ("Data folder"), get_text (status, "data_dir"));
  print_member (_ ("Epoch"), get_text (status, "epoch"));
  print_count (_ ("Changes in the log"), get_int (status, "head_seq"));
  print_size (_ ("Database"), get_int (status, "database_bytes"));
  if (blobs != NULL && JSON_NODE_HOLDS_OBJECT (blobs))
    {
      print_count (_ ("Files of documents"), get_int (json_node_get_object (blobs), "count"));
      print_size (_ ("Size of the files"), get_int (json_node_get_object (blobs), "bytes"));
    }
  print_count (_ ("Devices"), get_int (status, "devices"));
  if (entities == NULL || !JSON_NODE_HOLDS_OBJECT (entities))
    return;
  for (guint i = 0; i < pk_model.n_entities; i++)
    if (json_object_has_member (json_node_get_object (entities), pk_model.entities[i].name))
      print_count (_ (pk_model.entities[i].label),
                   get_int (json_node_get_object (entities), pk_model.entities[i].name));
}

static char *
join_roles (JsonObject *user)
{
  JsonArray *roles = get_array (user, "roles");
  GString *out = g_string_new (NULL);

  for (guint i = 0; roles != NULL && i < json_array_get_length (roles); i++)
    g_string_append_printf (out,
                            "%s%s",
                            i > 0 ? ", " : "",
                            json_array_get_string_element (roles, i));
  return g_string_free (out, FALSE);
}

/**
 * pk_admin_print_users:
 *
 * Prints who may sign in.
 */
void
pk_admin_print_users (JsonObject *answer)
{
  JsonArray *users = get_array (answer, "users");
  guint n = users != NULL ? json_array_get_length (users) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonObject *user = get_object (users, i);
      g_autofree char *roles = join_roles (user);
      print_cell (get_text (user, "name"), 28);
      print_cell (get_text (user, "title"), 24);
      print_cell (get_text (user, "unit"), 36);
      g_print ("%s%s\n",
               roles,
               json_object_get_boolean_member_with_default (user, "is_active", TRUE)
                   ? ""
                   : _ (" (has left)"));
    }
  g_print (ngettext ("%u person\n", "%u persons\n", n), n);
}

/**
 * pk_admin_print_devices:
 *
 * Prints what people work on.
 */
void
pk_admin_print_devices (JsonObject *answer)
{
  JsonArray *devices = get_array (answer, "devices");
  guint n = devices != NULL ? json_array_get_length (devices) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonObject *device = get_object (devices, i);
      print_cell (get_text (device, "id"), 36);
      print_cell (get_text (device, "person"), 28);
      print_cell (get_text (device, "name"), 24);
      print_cell (get_text (device, "last_seen_at"), 27);
      g_print ("%s\n", *get_text (device, "revoked_at") != '\0' ? _ ("revoked") : "");
    }
  g_print (ngettext ("%u device\n", "%u devices\n", n), n);
}

/**
 * pk_admin_print_sync:
 *
 * Prints how it stands with sync on each device.
 */
void
pk_admin_print_sync (JsonObject *answer)
{
  JsonArray *devices = get_array (answer, "devices");
  guint n = devices != NULL ? json_array_get_length (devices) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonObject *device = get_object (devices, i);
      print_member (get_text (device, "person"), get_text (device, "name"));
      print_member (_ ("  Device"), get_text (device, "id"));
      print_member (_ ("  Last contact"), get_text (device, "last_contact_at"));
      print_member (_ ("  Revoked"), get_text (device, "revoked_at"));
      if (!json_object_has_member (device, "lag"))
        continue;
      print_member (_ ("  Version"), get_text (device, "version"));
      print_count (_ ("  Model"), get_int (device, "model"));
      print_count (_ ("  Changes behind"), get_int (device, "lag"));
      print_count (_ ("  Unsent changes"), get_int (device, "unsent"));
      print_member (_ ("  Oldest unsent"), get_text (device, "oldest_unsent_at"));
      print_count (_ ("  Repairs"), get_int (device, "repairs"));
    }
  g_print (ngettext ("%u device\n", "%u devices\n", n), n);
}

/**
 * pk_admin_print_quarantine:
 *
 * Prints what nobody may carry out any more.
 */
void
pk_admin_print_quarantine (JsonObject *answer)
{
  JsonArray *items = get_array (answer, "items");
  guint n = items != NULL ? json_array_get_length (items) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonObject *item = get_object (items, i);
      JsonNode *mutation = json_object_get_member (item, "mutation");
      g_autofree char *text = mutation != NULL ? json_to_string (mutation, FALSE) : g_strdup ("");
      print_cell (get_text (item, "at"), 27);
      print_cell (get_text (item, "person"), 28);
      g_print ("%s\n", text);
    }
  g_print (ngettext ("%u change in the quarantine\n", "%u changes in the quarantine\n", n), n);
}

/**
 * pk_admin_print_policy:
 *
 * Prints what is decided about devices.
 */
void
pk_admin_print_policy (JsonObject *answer)
{
  print_count (_ ("Lease in days"), get_int (answer, "lease_days"));
  print_member (_ ("Quarantine"),
                json_object_get_boolean_member_with_default (answer, "quarantine", FALSE)
                    ? _ ("on")
                    : _ ("off"));
}

static char *
describe_fault (JsonObject *row)
{
  const char *reason = get_text (row, "reason"), *column = get_text (row, "column");
  const char *value = get_text (row, "value");

  if (g_str_equal (reason, "wrong_number_of_fields"))
    return g_strdup (_ ("The row has more or fewer fields than the first line"));
  if (g_str_equal (reason, "no_reference"))
    return g_strdup (_ ("Nothing says which building it is"));
  if (g_str_equal (reason, "reference_twice"))
    return g_strdup_printf (_ ("The reference %s stands earlier in the file with other values"),
                            value);
  /* Translators: the name of a column and what stands in it */
  if (g_str_equal (reason, "not_a_number"))
    return g_strdup_printf (_ ("%s: “%s” is not a number that fits here"), column, value);
  if (g_str_equal (reason, "out_of_range"))
    return g_strdup_printf (_ ("%s: “%s” is too small or too large"), column, value);
  if (g_str_equal (reason, "too_long"))
    return g_strdup_printf (_ ("%s: “%s …” is too long"), column, value);
  if (g_str_equal (reason, "unknown_use"))
    return g_strdup_printf (_ ("%s: “%s” is not a use we know; “other use” was taken"),
                            column,
                            value);
  if (g_str_equal (reason, "unknown_unit"))
    return g_strdup_printf (_ ("%s: no unit, or more than one, is called “%s”"), column, value);
  if (g_str_equal (reason, "unknown_caretaker"))
    return g_strdup_printf (_ ("%s: nobody, or more than one, is called “%s”"), column, value);
  if (g_str_equal (reason, "which_property"))
    return g_strdup_printf (_ ("%s: more than one property is called “%s”"), column, value);
  if (g_str_equal (reason, "areas_differ"))
    return g_strdup_printf (_ ("%s: “%s” does not agree with the area in m², which was taken"),
                            column,
                            value);
  return g_strdup (reason);
}

static void
print_rows (JsonObject *report, const char *member, const char *heading)
{
  JsonArray *rows = get_array (report, member);
  guint n = rows != NULL ? json_array_get_length (rows) : 0;

  if (n == 0)
    return;
  g_print ("\n%s\n", heading);
  for (guint i = 0; i < MIN (n, MOST_LINES); i++)
    {
      JsonObject *row = get_object (rows, i);
      g_autofree char *fault = describe_fault (row);
      g_autofree char *line = g_strdup_printf ("%" G_GINT64_FORMAT, get_int (row, "line"));
      /* Translators: line of a file, reference of a building, what is wrong */
      g_print (_ ("  line %s, %s: %s\n"), line, get_text (row, "reference"), fault);
    }
  if (n > MOST_LINES)
    g_print (ngettext ("  and %u more\n", "  and %u more\n", n - MOST_LINES), n - MOST_LINES);
}

static void
print_columns (JsonObject *report)
{
  JsonNode *columns = json_object_get_member (report, "columns");
  JsonArray *unused = get_array (report, "unused");
  JsonObjectIter iter;
  const char *meaning;
  JsonNode *column;

  g_print ("%s\n", _ ("Columns"));
  json_object_iter_init (&iter, json_node_get_object (columns));
  while (json_object_iter_next (&iter, &meaning, &column))
    g_print ("  %s ← %s\n", meaning, json_node_get_string (column));
  for (guint i = 0; unused != NULL && i < json_array_get_length (unused); i++)
    g_print (_ ("  not used: %s\n"), json_array_get_string_element (unused, i));
}

/**
 * pk_admin_print_register:
 *
 * Prints what an import of buildings did, or would do.
 */
void
pk_admin_print_register (JsonObject *report)
{
  if (json_object_has_member (report, "columns"))
    print_columns (report);
  print_rows (report, "rejects", _ ("Rejected"));
  print_rows (report, "remarks", _ ("Imported with a remark"));
  g_print ("\n");
  print_count (_ ("Rows"), get_int (report, "rows"));
  print_count (_ ("New"), get_int (report, "new"));
  print_count (_ ("Changed"), get_int (report, "updated"));
  print_count (_ ("There already"), get_int (report, "duplicates"));
  print_count (_ ("Rejected"), get_int (report, "rejected"));
  print_count (_ ("New properties"), get_int (report, "properties"));
  if (get_int (report, "without_property") > 0)
    print_count (_ ("Without a property"), get_int (report, "without_property"));
  if (get_int (report, "without_unit") > 0)
    print_count (_ ("Without a unit"), get_int (report, "without_unit"));
  if (json_object_get_boolean_member_with_default (report, "preview", FALSE))
    g_print ("%s\n", _ ("This was a preview: nothing has been changed."));
}

/**
 * pk_admin_describe_error:
 *
 * Returns: (transfer full): a sentence for people
 */
char *
pk_admin_describe_error (const GError *error)
{
  if (error->domain == G_IO_ERROR)
    return g_strdup_printf (
        _ ("No server answers. Is pakoblad running with this data folder? (%s)"),
        error->message);
  if (error->domain != PK_PROBLEM_ERROR)
    return g_strdup (error->message);
  switch (pk_problem_get_code (error))
    {
    case PK_PROBLEM_EXISTS:
      return g_strdup_printf (_ ("It is there already, and nothing was changed: %s"),
                              error->message);
    case PK_PROBLEM_NOT_FOUND:
      return g_strdup (_ ("There is no such thing on this server."));
    case PK_PROBLEM_NO_SPACE:
      return g_strdup (_ ("The server's disk is full."));
    case PK_PROBLEM_BUSY:
      return g_strdup (_ ("The server is busy. Try again in a moment."));
    default:
      return g_strdup_printf (_ ("The server refused: %s"), error->message);
    }
}
