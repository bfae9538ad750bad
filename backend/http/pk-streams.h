#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Connections that mostly wait: thousands of sockets in one epoll set, which is one source of the main loop. As sources of their
 * own each of them would be looked at whenever anything happens. Main thread.
 */
typedef struct _PkStreams PkStreams;
typedef struct _PkStream PkStream;

/* The client has left, or takes nothing any more; the stream is to be closed now. */
typedef void (*PkStreamLeft) (PkStream *stream, gpointer data);

PkStreams *pk_streams_new (void);
void pk_streams_free (PkStreams *self);
PkStream *pk_streams_add (PkStreams *self, int fd, GBytes *head, PkStreamLeft left, gpointer data);
gboolean pk_stream_write (PkStream *self, const char *text);
gint64 pk_stream_get_waiting_us (PkStream *self);
void pk_stream_close (PkStream *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkStreams, pk_streams_free)

G_END_DECLS
