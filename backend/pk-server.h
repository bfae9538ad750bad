#pragma once

#include "pk-http.h"

G_BEGIN_DECLS

/* The program around the server's face: what starts first, and what ends last. Main thread. */
typedef struct _PkServer PkServer;

PkServer *pk_server_new (const PkHttpOptions *options, GError **error);
void pk_server_free (PkServer *self);
gboolean pk_server_run (PkServer *self, guint16 port, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkServer, pk_server_free)

G_END_DECLS
