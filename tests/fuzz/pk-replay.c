/*
 * Plays a corpus without a fuzzer: every file as it is, and cut at every byte where it is short, else at a few places. Arguments are
 * folders of files; without one only the empty input is tried.
 */
#include "config.h"

#include "pk-fuzz.h"

#include <string.h>

#define SHORT    2048
#define N_PLACES 32

/* A copy of its own, so that a sanitizer sees the byte behind the last one. */
static void
play (const char *bytes, gsize size)
{
  g_autofree guint8 *copy = g_malloc (MAX (size, 1));

  memcpy (copy, bytes, size);
  LLVMFuzzerTestOneInput (copy, size);
}

static void
play_file (gconstpointer data)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_file_get_contents (data, &bytes, &size, &error);
  g_assert_no_error (error);
  gsize step = size <= SHORT ? 1 : size / N_PLACES;
  for (gsize cut = 0; cut < size; cut += step)
    play (bytes, cut);
  play (bytes, size);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(char *const *) a, *(char *const *) b);
}

static void
add_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *test = g_strdup_printf ("/corpus/%s", (char *) names->pdata[i]);
      char *path = g_build_filename (folder, names->pdata[i], NULL);
      g_test_add_data_func_full (test, path, play_file, g_free);
    }
}

static void
play_nothing (void)
{
  play ("", 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/nothing", play_nothing);
  for (int i = 1; i < argc; i++)
    add_folder (argv[i]);
  return g_test_run ();
}
