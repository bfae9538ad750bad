/* What the tests of every room need. Main thread. */
#include "config.h"

#include "pk-test.h"

#include <glib/gstdio.h>

static gboolean
over_cb (gpointer user_data)
{
  ((PkTestPatience *) user_data)->is_over = TRUE;
  return G_SOURCE_CONTINUE;
}

/**
 * pk_test_patience_begin:
 *
 * Begins to count the seconds; the main context wakes up when they are over.
 */
void
pk_test_patience_begin (PkTestPatience *self)
{
  self->is_over = FALSE;
  self->timer = g_timeout_add_seconds (PK_TEST_PATIENCE_SECONDS, over_cb, self);
}

/**
 * pk_test_patience_end:
 *
 * Counts no longer.
 */
void
pk_test_patience_end (PkTestPatience *self)
{
  g_source_remove (self->timer);
}

/**
 * pk_test_keep_result_cb:
 * @user_data: address of a GAsyncResult that is NULL until then
 *
 * Keeps an answer, for the test that waits for it.
 */
void
pk_test_keep_result_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/**
 * pk_test_remove_tree:
 *
 * Removes a file, or a folder and what is in it. What is behind a link stays.
 */
void
pk_test_remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL
                                                                    : g_dir_open (path, 0, NULL);

  for (const char *name = dir ? g_dir_read_name (dir) : NULL; name; name = g_dir_read_name (dir))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      pk_test_remove_tree (child);
    }
  g_remove (path);
}
