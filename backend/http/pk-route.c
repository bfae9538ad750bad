/* The table of routes: which row a method and a path belong to. The first pattern that fits a path is its resource. Pure. */
#include "config.h"

#include "pk-route.h"

#include "pk-problem.h"

#include <string.h>

static const char *const media_types[PK_N_BODIES][3] = {
  [PK_BODY_NONE] = { NULL },
  [PK_BODY_JSON] = { "application/json", NULL },
  [PK_BODY_NDJSON] = { "application/x-ndjson", NULL },
  [PK_BODY_FORM] = { "application/x-www-form-urlencoded", NULL },
  [PK_BODY_CSV] = { "text/csv", NULL },
  [PK_BODY_PATCH] = { "application/merge-patch+json", "application/json", NULL },
  [PK_BODY_OPTIONAL_JSON] = { "application/json", NULL },
  [PK_BODY_STREAM] = { "application/offset+octet-stream", NULL },
};

static gboolean
is_plain_segment (const char *text, gsize length)
{
  if (length == 0 || length > 128)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && strchr ("-._~", text[i]) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
fits (const char *pattern, const char *path, char **parameters_out)
{
  guint n_parameters = 0;

  while (*pattern == '/' && *path == '/')
    {
      gsize pattern_length = strcspn (++pattern, "/");
      gsize path_length = strcspn (++path, "/");
      gboolean is_any = pattern_length == 1 && *pattern == '*';
      if (is_any ? !is_plain_segment (path, path_length)
                 : pattern_length != path_length || strncmp (pattern, path, path_length) != 0)
        return FALSE;
      if (is_any && parameters_out != NULL)
        {
          g_free (parameters_out[n_parameters]);
          parameters_out[n_parameters++] = g_strndup (path, path_length);
        }
      pattern += pattern_length;
      path += path_length;
    }
  return *pattern == '\0' && *path == '\0';
}

static const char *
find_pattern (const PkRoute *routes, guint n_routes, const char *path)
{
  for (guint i = 0; i < n_routes; i++)
    if (fits (routes[i].pattern, path, NULL))
      return routes[i].pattern;
  return NULL;
}

static const PkRoute *
find_method (const PkRoute *routes, guint n_routes, const char *pattern, const char *method)
{
  for (guint i = 0; i < n_routes; i++)
    if (g_str_equal (routes[i].pattern, pattern) && g_str_equal (routes[i].method, method))
      return &routes[i];
  return NULL;
}

/**
 * pk_route_find:
 * @method: as it came; HEAD is served by the route of GET where it has none of its own
 * @path: as it came, not decoded
 * @parameters_out: (out caller-allocates): room for %PK_ROUTE_MAX_PARAMETERS texts, all NULL; what "*" stood for
 *
 * Errors: %PK_PROBLEM_NOT_FOUND, %PK_PROBLEM_METHOD
 * Returns: (transfer none) (nullable): the row
 */
const PkRoute *
pk_route_find (const PkRoute *routes,
               guint n_routes,
               const char *method,
               const char *path,
               char **parameters_out,
               GError **error)
{
  const char *pattern = find_pattern (routes, n_routes, path);

  if (pattern == NULL)
    {
      pk_problem_set (error, PK_PROBLEM_NOT_FOUND, NULL, "No resource has this path");
      return NULL;
    }
  const PkRoute *route = find_method (routes, n_routes, pattern, method);
  if (route == NULL && g_str_equal (method, "HEAD"))
    route = find_method (routes, n_routes, pattern, "GET");
  if (route != NULL)
    {
      fits (pattern, path, parameters_out);
      return route;
    }
  pk_problem_set (error, PK_PROBLEM_METHOD, NULL, "The resource does not offer this method");
  return NULL;
}

/**
 * pk_route_list_methods:
 *
 * Returns: (transfer full): what the resource at @path offers, as the header Allow says it
 */
char *
pk_route_list_methods (const PkRoute *routes, guint n_routes, const char *path)
{
  const char *pattern = find_pattern (routes, n_routes, path);
  GString *out = g_string_new ("OPTIONS");

  for (guint i = 0; pattern != NULL && i < n_routes; i++)
    if (g_str_equal (routes[i].pattern, pattern))
      g_string_append_printf (out,
                              ", %s%s",
                              routes[i].method,
                              g_str_equal (routes[i].method, "GET") ? ", HEAD" : "");
  return g_string_free (out, FALSE);
}

/**
 * pk_route_accepts_type:
 * @media_type: (nullable): of the request's body, without parameters
 *
 * Returns: whether @route takes a body of that type
 */
gboolean
pk_route_accepts_type (const PkRoute *route, const char *media_type)
{
  if (route->body == PK_BODY_NONE)
    return TRUE;
  if (media_type == NULL)
    return route->body == PK_BODY_OPTIONAL_JSON;
  for (const char *const *type = media_types[route->body]; *type != NULL; type++)
    if (g_ascii_strcasecmp (*type, media_type) == 0)
      return TRUE;
  return FALSE;
}
