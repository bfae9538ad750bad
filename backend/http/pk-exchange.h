#pragma once

#include "pk-json.h"
#include "pk-route.h"
#include "pk-service.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _PkHttp PkHttp;

/*
 * One request and its answer. Reference counted. Belongs to one thread at a time: the main thread, or, while the message is
 * paused, the thread of the pool that runs the handler.
 */
PkExchange *pk_exchange_new (PkHttp *http, SoupServerMessage *message);
PkExchange *pk_exchange_ref (PkExchange *self);
void pk_exchange_unref (PkExchange *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkExchange, pk_exchange_unref)

/* The request */
PkHttp *pk_exchange_get_http (PkExchange *self);
SoupServerMessage *pk_exchange_get_message (PkExchange *self);
const char *pk_exchange_get_parameter (PkExchange *self, guint place);
const char *pk_exchange_get_header (PkExchange *self, const char *name);
const char *pk_exchange_get_query (PkExchange *self, const char *name);
const char *pk_exchange_get_form (PkExchange *self, const char *name);
GHashTable *pk_exchange_get_queries (PkExchange *self);
GBytes *pk_exchange_get_body (PkExchange *self);
JsonNode *pk_exchange_read_json (PkExchange *self, GError **error);
const PkId *pk_exchange_get_person (PkExchange *self);
const PkId *pk_exchange_get_device (PkExchange *self);
PkService *pk_exchange_get_service (PkExchange *self);
void pk_exchange_set_state (PkExchange *self, gpointer state, GDestroyNotify free_func);
gpointer pk_exchange_get_state (PkExchange *self);

/* The answer */
void pk_exchange_set_header (PkExchange *self, const char *name, const char *value);
void pk_exchange_reply (PkExchange *self, guint status, const char *type, GBytes *body);
void pk_exchange_reply_json (PkExchange *self, guint status, GString *json);
void pk_exchange_reply_text (PkExchange *self, guint status, const char *type, char *text);
void pk_exchange_reply_empty (PkExchange *self, guint status);
void pk_exchange_reply_file (PkExchange *self,
                             guint status,
                             const char *type,
                             int fd,
                             gint64 offset,
                             gint64 size);
void pk_exchange_reply_redirect (PkExchange *self, const char *location);
void pk_exchange_fail (PkExchange *self, const GError *error);
void
pk_exchange_fail_with (PkExchange *self, const GError *error, const char *name, const char *value);
void pk_exchange_finish (PkExchange *self);
GBytes *pk_exchange_dup_head (PkExchange *self);

G_END_DECLS
