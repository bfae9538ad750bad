#pragma once

/* What newer GLib has and Debian 12's 2.74 has not, by the version that brought it. */

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

#if !GLIB_CHECK_VERSION(2, 76, 0)
static inline gboolean
g_set_str (char **place, const char *value)
{
  if (g_strcmp0 (*place, value) == 0)
    return FALSE;
  char *copy = g_strdup (value);
  g_free (*place);
  *place = copy;
  return TRUE;
}

static inline char *
g_string_free_and_steal (GString *string)
{
  return (g_string_free) (string, FALSE);
}
#endif

G_END_DECLS
