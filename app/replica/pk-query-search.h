#pragma once

#include "pk-model.h"

G_BEGIN_DECLS

/* SQL text of the search index, one FTS5 table for each entity that is searched; it keeps no copy of the texts. */
gboolean pk_query_is_searched (const PkEntity *entity);
char *pk_query_search_table (const PkEntity *entity);
char *pk_query_search_triggers (const PkEntity *entity);
char *pk_query_search_notes (const PkEntity *entity);
char *pk_query_search_last_note (const PkEntity *entity);
char *pk_query_search_noted (const PkEntity *entity);
char *pk_query_search_take_out (const PkEntity *entity);
char *pk_query_search_put_in (const PkEntity *entity);
char *pk_query_search_forget_notes (const PkEntity *entity);
char *pk_query_search_fill (const PkEntity *entity);
char *pk_query_search_last (const PkEntity *entity);
char *pk_query_search_max_rid (const PkEntity *entity);
char *pk_query_search_optimize (const PkEntity *entity);
char *pk_query_search_match (const PkEntity *entity);

G_END_DECLS
