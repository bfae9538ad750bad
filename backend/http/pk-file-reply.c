/* Answers with a file that is named by its content's SHA-256 and never changes: ranges, conditions, caching for ever. */
#include "config.h"

#include "pk-file-reply.h"

#include "pk-problem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
read_number (const char **text, gint64 *out)
{
  char *end;

  if (!g_ascii_isdigit (**text))
    return FALSE;
  errno = 0;
  *out = g_ascii_strtoll (*text, &end, 10);
  *text = end;
  return errno == 0;
}

/* Several ranges in one request are answered with the whole file, which is allowed and needs no multipart answer. */
static gboolean
read_range (const char *text, gint64 size, gint64 *first, gint64 *last)
{
  *last = size - 1;
  if (*text == '-')
    {
      gint64 length;
      text++;
      if (!read_number (&text, &length) || *text != '\0')
        return FALSE;
      *first = length == 0 ? size : MAX (size - length, 0);
      return TRUE;
    }
  if (!read_number (&text, first) || *text++ != '-')
    return FALSE;
  if (*text == '\0')
    return TRUE;
  gint64 asked;
  if (!read_number (&text, &asked) || *text != '\0' || asked < *first)
    return FALSE;
  *last = MIN (asked, size - 1);
  return TRUE;
}

/**
 * pk_range_parse:
 * @header: (nullable): the request's Range
 * @size: of the file
 * @first_out: (out): first byte
 * @length_out: (out): bytes from there
 *
 * Returns: what is asked for; for %PK_RANGE_OUTSIDE nothing is set
 */
PkRange
pk_range_parse (const char *header, gint64 size, gint64 *first_out, gint64 *length_out)
{
  gint64 first, last;

  *first_out = 0;
  *length_out = size;
  if (header == NULL || !g_str_has_prefix (header, "bytes=") ||
      !read_range (header + strlen ("bytes="), size, &first, &last))
    return PK_RANGE_WHOLE;
  if (first >= size)
    return PK_RANGE_OUTSIDE;
  *first_out = first;
  *length_out = last - first + 1;
  return PK_RANGE_PART;
}

static gboolean
matches (const char *header, const char *etag)
{
  return header != NULL && (strstr (header, etag) != NULL || g_str_equal (header, "*"));
}

static void
set_content_range (PkExchange *exchange, gint64 first, gint64 length, gint64 size)
{
  g_autofree char *text = length > 0 ? g_strdup_printf ("bytes %" G_GINT64_FORMAT
                                                        "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                                                        first,
                                                        first + length - 1,
                                                        size)
                                     : g_strdup_printf ("bytes */%" G_GINT64_FORMAT, size);

  pk_exchange_set_header (exchange, "Content-Range", text);
}

static gboolean
reply_open_file (PkExchange *exchange, int fd, gint64 size, const char *etag, GError **error)
{
  const char *condition = pk_exchange_get_header (exchange, "If-Range");
  const char *header = condition == NULL || g_str_equal (condition, etag)
                           ? pk_exchange_get_header (exchange, "Range")
                           : NULL;
  gint64 first, length;
  PkRange range = pk_range_parse (header, size, &first, &length);

  if (range == PK_RANGE_OUTSIDE)
    {
      close (fd);
      set_content_range (exchange, 0, 0, size);
      pk_problem_set (error, PK_PROBLEM_RANGE, NULL, "The file is shorter than that");
      return FALSE;
    }
  if (range == PK_RANGE_PART)
    set_content_range (exchange, first, length, size);
  pk_exchange_reply_file (exchange,
                          range == PK_RANGE_PART ? 206 : 200,
                          "application/octet-stream",
                          fd,
                          first,
                          length);
  return TRUE;
}

/**
 * pk_file_reply:
 * @path: of the file
 * @sha256: of its content
 *
 * Answers with the file, or the part of it that is asked for.
 *
 * Errors: %PK_PROBLEM_NOT_FOUND, %PK_PROBLEM_RANGE
 */
gboolean
pk_file_reply (PkExchange *exchange, const char *path, const char *sha256, GError **error)
{
  g_autofree char *etag = g_strdup_printf ("\"%s\"", sha256);
  struct stat status;

  pk_exchange_set_header (exchange, "ETag", etag);
  pk_exchange_set_header (exchange, "Accept-Ranges", "bytes");
  pk_exchange_set_header (exchange, "Cache-Control", "private, max-age=31536000, immutable");
  if (matches (pk_exchange_get_header (exchange, "If-None-Match"), etag))
    {
      pk_exchange_reply_empty (exchange, 304);
      return TRUE;
    }
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0 || fstat (fd, &status) != 0 || !S_ISREG (status.st_mode))
    {
      if (fd >= 0)
        close (fd);
      pk_problem_set (error, PK_PROBLEM_NOT_FOUND, NULL, "The content is not here");
      return FALSE;
    }
  return reply_open_file (exchange, fd, status.st_size, etag, error);
}
