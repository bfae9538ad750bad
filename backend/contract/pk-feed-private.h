#pragma once

#include "pk-feed.h"

G_BEGIN_DECLS

#define PK_FEED_MOST_SCOPES        10000
#define PK_FEED_MOST_SCOPES_OF_ROW 64 /* more are read, but not so fast */

void pk_feed_row_free (gpointer data);
PkFeedLine *pk_feed_rows_read (const char *line, gsize size);

G_END_DECLS
