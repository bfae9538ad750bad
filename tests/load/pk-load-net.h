#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Thousands of connections of one thread to a server on loopback: plain sockets in one epoll set, HTTP/1.1 with as much of it as
 * our own server answers. A connection carries one request at a time, or a stream.
 */
typedef struct _PkLoadNet PkLoadNet;
typedef struct _PkLoadConnection PkLoadConnection;

/* What came: a whole answer, or of a stream another piece. */
typedef struct
{
  guint status;        /* 0: the connection ended before the answer was whole */
  guint retry_after_s; /* 0: not said */
  const char *body;
  gsize size;
} PkLoadAnswer;

typedef void (*PkLoadAnswered) (const PkLoadAnswer *answer, gpointer data);

PkLoadNet *pk_load_net_new (const char *address, GError **error);
void pk_load_net_free (PkLoadNet *self);
void pk_load_net_run (PkLoadNet *self, int timeout_ms);

PkLoadConnection *pk_load_connect (PkLoadNet *net, PkLoadAnswered answered, gpointer data);
void pk_load_request (PkLoadConnection *self,
                      const char *method,
                      const char *path,
                      const char *token,
                      const char *type,
                      const GString *body);
gboolean pk_load_is_open (PkLoadConnection *self);
gboolean pk_load_is_waiting (PkLoadConnection *self);
void pk_load_close (PkLoadConnection *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkLoadNet, pk_load_net_free)

G_END_DECLS
