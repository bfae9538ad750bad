#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Cuts a stream of bytes into lines, however it arrives. Pure. A line ends with \n (a \r before it belongs to the end) and is at
 * most @max_bytes long; what has no end yet waits.
 */
typedef struct _PkLineReader PkLineReader;

/* Return FALSE to stop with an error. */
typedef gboolean (*PkLineFunc) (const char *line, gsize size, gpointer user_data, GError **error);

PkLineReader *pk_line_reader_new (gsize max_bytes);
void pk_line_reader_free (PkLineReader *self);
gboolean pk_line_reader_feed (PkLineReader *self,
                              const char *bytes,
                              gsize size,
                              PkLineFunc func,
                              gpointer user_data,
                              GError **error);
gboolean pk_line_reader_is_empty (PkLineReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkLineReader, pk_line_reader_free)

G_END_DECLS
