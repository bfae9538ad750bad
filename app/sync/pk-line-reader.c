/* See the header. */
#include "config.h"

#include "pk-line-reader.h"

#include <gio/gio.h>
#include <string.h>

struct _PkLineReader
{
  GByteArray *rest; /* (owned): the beginning of a line */
  gsize max_bytes;
};

/**
 * pk_line_reader_new:
 *
 * Returns: (transfer full): at the beginning of a line
 */
PkLineReader *
pk_line_reader_new (gsize max_bytes)
{
  PkLineReader *self = g_new0 (PkLineReader, 1);

  self->rest = g_byte_array_new ();
  self->max_bytes = max_bytes;
  return self;
}

/**
 * pk_line_reader_free:
 *
 * Frees it with what waits.
 */
void
pk_line_reader_free (PkLineReader *self)
{
  g_byte_array_unref (self->rest);
  g_free (self);
}

static gboolean
too_long (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "A line is too long");
  return FALSE;
}

static gboolean
give (const char *line, gsize size, PkLineFunc func, gpointer user_data, GError **error)
{
  if (size > 0 && line[size - 1] == '\r')
    size--;
  return func (line, size, user_data, error);
}

static gboolean
give_rest (PkLineReader *self, PkLineFunc func, gpointer user_data, GError **error)
{
  g_autoptr (GByteArray) line = g_steal_pointer (&self->rest);

  self->rest = g_byte_array_new ();
  return give ((const char *) line->data, line->len, func, user_data, error);
}

static gboolean
keep (PkLineReader *self, const char *bytes, gsize size, GError **error)
{
  if (self->rest->len + size > self->max_bytes)
    return too_long (error);
  g_byte_array_append (self->rest, (const guint8 *) bytes, (guint) size);
  return TRUE;
}

/**
 * pk_line_reader_feed:
 * @func: called for each line that is complete, without its end
 *
 * Errors: %G_IO_ERROR_INVALID_DATA for a line that is too long; what @func says
 * Returns: %TRUE unless something went wrong
 */
gboolean
pk_line_reader_feed (PkLineReader *self,
                     const char *bytes,
                     gsize size,
                     PkLineFunc func,
                     gpointer user_data,
                     GError **error)
{
  const char *end = bytes + size;

  while (bytes < end)
    {
      const char *newline = memchr (bytes, '\n', (gsize) (end - bytes));
      gsize length = (gsize) ((newline ? newline : end) - bytes);
      if (newline == NULL)
        return keep (self, bytes, length, error);
      if (self->rest->len == 0 && length <= self->max_bytes)
        {
          if (!give (bytes, length, func, user_data, error))
            return FALSE;
        }
      else if (!keep (self, bytes, length, error) || !give_rest (self, func, user_data, error))
        return FALSE;
      bytes = newline + 1;
    }
  return TRUE;
}

/**
 * pk_line_reader_is_empty:
 *
 * Returns: whether no line has begun
 */
gboolean
pk_line_reader_is_empty (PkLineReader *self)
{
  return self->rest->len == 0;
}
