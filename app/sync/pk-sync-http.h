#pragma once

#include "pk-sync-machine.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/*
 * Requests to one server, and the judgement of what comes back: an answer counts only with our protocol's header and the content
 * type that was asked for. Everything else is the network's doing (a captive portal, a proxy's page), never a reason to
 * sign out or to change anything. Main thread.
 */
typedef struct _PkSyncHttp PkSyncHttp;

/* Why a request failed, in the machine's words. */
typedef struct
{
  PkSyncFailure failure;
  gint64 retry_after_us;
  gint64 number; /* gap: expected n; offset: bytes */
  PkId id;       /* forked: device; epoch */
  int problem;   /* a PkProblem; -1: none */
} PkSyncFault;

PkSyncHttp *pk_sync_http_new (const char *server);
void pk_sync_http_free (PkSyncHttp *self);
const char *pk_sync_http_get_server (PkSyncHttp *self);
gboolean pk_sync_http_is_near (PkSyncHttp *self);
void pk_sync_http_set_token (PkSyncHttp *self, const char *access);
SoupMessage *pk_sync_http_make (PkSyncHttp *self, const char *method, const char *path);

/* A 2xx answer of the type is a stream; NULL sets @fault_out and @error. */
void pk_sync_http_open_async (PkSyncHttp *self,
                              SoupMessage *message,
                              const char *type,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GInputStream *pk_sync_http_open_finish (PkSyncHttp *self,
                                        GAsyncResult *result,
                                        PkSyncFault *fault_out,
                                        GError **error);

/* The whole answer, at most @max bytes. */
void pk_sync_http_fetch_async (PkSyncHttp *self,
                               SoupMessage *message,
                               const char *type,
                               gsize max,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
GBytes *pk_sync_http_fetch_finish (PkSyncHttp *self,
                                   GAsyncResult *result,
                                   PkSyncFault *fault_out,
                                   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkSyncHttp, pk_sync_http_free)

G_END_DECLS
