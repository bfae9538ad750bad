/* The table on the screen and the array in the file. */
#include "config.h"

#include "pk-bench.h"

#include "pk-json.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  char *name;
  char *unit;
  double value;
  double reference;
} Figure;

struct _PkBench
{
  GPtrArray *figures; /* (owned): Figure */
};

static void
free_figure (gpointer data)
{
  Figure *self = data;

  g_free (self->name);
  g_free (self->unit);
  g_free (self);
}

/**
 * pk_bench_new:
 * @title: of the table
 *
 * Returns: (transfer full): a table without figures
 */
PkBench *
pk_bench_new (const char *title)
{
  PkBench *self = g_new0 (PkBench, 1);

  self->figures = g_ptr_array_new_with_free_func (free_figure);
  printf ("# %s\n# %-24s %12s  %-6s %12s  %8s\n", title, "what", "value", "", "reference", "ratio");
  return self;
}

/**
 * pk_bench_free:
 *
 * Frees the table.
 */
void
pk_bench_free (PkBench *self)
{
  g_ptr_array_unref (self->figures);
  g_free (self);
}

/**
 * pk_bench_report:
 * @value: a median, in @unit
 * @reference: in the same unit, measured in the same run; 0 where there is none
 * @beside: (nullable): what the reference is
 *
 * Adds a figure and prints its row.
 */
void
pk_bench_report (PkBench *self,
                 const char *name,
                 double value,
                 const char *unit,
                 double reference,
                 const char *beside)
{
  Figure *figure = g_new (Figure, 1);

  *figure = (Figure){ g_strdup (name), g_strdup (unit), value, reference };
  g_ptr_array_add (self->figures, figure);
  printf ("# %-24s %12.3f  %-6s", name, value, unit);
  if (reference > 0)
    printf (" %12.3f  %8.2f  (%s)", reference, value / reference, beside ? beside : "");
  printf ("\n");
  fflush (stdout);
}

static void
append_figure (GString *out, const Figure *figure)
{
  g_string_append (out, "{\"name\":");
  pk_json_append_text (out, figure->name);
  g_string_append (out, ",\"value\":");
  pk_json_append_real (out, figure->value);
  g_string_append (out, ",\"unit\":");
  pk_json_append_text (out, figure->unit);
  g_string_append (out, ",\"reference\":");
  if (figure->reference > 0)
    pk_json_append_real (out, figure->reference);
  else
    g_string_append (out, "null");
  g_string_append (out, ",\"ratio\":");
  if (figure->reference > 0)
    pk_json_append_real (out, figure->value / figure->reference);
  else
    g_string_append (out, "null");
  g_string_append (out, "}");
}

static gboolean
is_replaced (PkBench *self, const char *name)
{
  for (guint i = 0; i < self->figures->len; i++)
    if (g_str_equal (((Figure *) self->figures->pdata[i])->name, name))
      return TRUE;
  return FALSE;
}

static void
append_kept (PkBench *self, GString *out, const char *path)
{
  g_autofree char *text = NULL;
  gsize size;

  if (!g_file_get_contents (path, &text, &size, NULL))
    return;
  g_autoptr (JsonNode) node = pk_json_parse (text, size, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return;
  JsonArray *array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      if (is_replaced (self,
                       json_object_get_string_member (json_node_get_object (element), "name")))
        continue;
      g_autofree char *line = json_to_string (element, FALSE);
      g_string_append_printf (out, "%s  %s", out->len > 2 ? ",\n" : "", line);
    }
}

/**
 * pk_bench_finish:
 *
 * Writes the figures to the file, beside those of other benchmarks.
 *
 * Returns: %TRUE if they are written
 */
gboolean
pk_bench_finish (PkBench *self)
{
  const char *folder = g_getenv ("PK_BENCH_DIR") ? g_getenv ("PK_BENCH_DIR") : "bench";
  g_autofree char *path = g_build_filename (folder, "results.json", NULL);
  g_autoptr (GString) out = g_string_new ("[\n");
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0755);
  append_kept (self, out, path);
  for (guint i = 0; i < self->figures->len; i++)
    {
      g_string_append (out, out->len > 2 ? ",\n  " : "  ");
      append_figure (out, self->figures->pdata[i]);
    }
  g_string_append (out, "\n]\n");
  if (g_file_set_contents (path, out->str, (gssize) out->len, &error))
    return TRUE;
  g_printerr ("%s\n", error->message);
  return FALSE;
}

static int
compare_values (const void *a, const void *b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return first < second ? -1 : first > second;
}

/**
 * pk_bench_median:
 * @values: sorted in place
 *
 * Returns: the median
 */
double
pk_bench_median (double *values, guint n)
{
  g_assert (n > 0);
  qsort (values, n, sizeof (double), compare_values);
  return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/**
 * pk_bench_get_memory_mb:
 * @pid: a process, 0 for this one
 *
 * Returns: memory that is the process's own and shared in part (Pss), in MB
 */
double
pk_bench_get_memory_mb (int pid)
{
  g_autofree char *path = pid ? g_strdup_printf ("/proc/%d/smaps_rollup", pid)
                              : g_strdup ("/proc/self/smaps_rollup");
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  const char *line = strstr (text, "\nPss:");
  return line ? g_ascii_strtod (line + 5, NULL) / 1024 : 0;
}

/**
 * pk_bench_get_own_memory_mb:
 * @pid: a process
 *
 * Returns: memory that is the process's own, in MB, without pages of files that are mapped: these are the system's to take back
 */
double
pk_bench_get_own_memory_mb (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/status", pid);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  const char *line = strstr (text, "\nRssAnon:");
  return line ? g_ascii_strtod (line + strlen ("\nRssAnon:"), NULL) / 1024 : 0;
}

/**
 * pk_bench_get_file_mb:
 *
 * Returns: the file's size in MB; 0 where there is none
 */
double
pk_bench_get_file_mb (const char *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 ? (double) info.st_size / (1024 * 1024) : 0;
}

/**
 * pk_bench_get_size:
 * @name: of an environment variable
 *
 * Returns: the number in it, or @otherwise
 */
gint64
pk_bench_get_size (const char *name, gint64 otherwise)
{
  const char *text = g_getenv (name);

  return text ? g_ascii_strtoll (text, NULL, 10) : otherwise;
}
