/* What the system says of a file, as an error. Any thread. */
#include "config.h"

#include "pk-file-error.h"

#include <errno.h>

/**
 * pk_file_fail:
 * @what: what was tried, such as "Writing a packed file"
 *
 * Sets the error that `errno` tells of.
 *
 * Errors: of %G_FILE_ERROR
 * Returns: %FALSE
 */
gboolean
pk_file_fail (GError **error, const char *what)
{
  int saved = errno;

  g_set_error (error,
               G_FILE_ERROR,
               g_file_error_from_errno (saved),
               "%s: %s",
               what,
               g_strerror (saved));
  return FALSE;
}
