#pragma once

#include "pk-feed.h"
#include "pk-service.h"

G_BEGIN_DECLS

/* Takes a piece of the answer, whole lines; FALSE (with @error) ends it. Runs on the service's thread. */
typedef gboolean (*PkPullSink) (const char *text, gsize size, gpointer data, GError **error);

gboolean pk_sync_pull (PkService *service,
                       const PkId *person,
                       const PkPullRequest *request,
                       PkPullSink sink,
                       gpointer data,
                       gboolean *has_news_out,
                       GError **error);

G_END_DECLS
