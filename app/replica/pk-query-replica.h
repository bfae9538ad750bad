#pragma once

#include "pk-model.h"

G_BEGIN_DECLS

/* SQL text for the replica's own file, made from the model's tables. */
const char *pk_query_row (const PkEntity *entity);
void pk_query_append_order (GString *text, const char *columns, gboolean is_backward);
char *pk_query_update_changed (const PkEntity *entity, const gboolean *is_changed);
char *pk_query_name (const PkEntity *entity);
char *pk_query_children (const PkEntity *entity, guint field, gboolean is_backward);
char *pk_query_count_children (const PkEntity *entity, guint field);
char *pk_query_linked_documents (guint link_field);
char *pk_query_copy_ids (const PkEntity *entity);
char *pk_query_upsert_newer (const PkEntity *entity);
char *pk_query_forget_seq (const PkEntity *entity);
char *pk_query_add_title_key (const PkEntity *entity);
char *pk_query_age (const PkEntity *entity);
char *pk_query_copy_common (const PkEntity *entity, GHashTable *columns);
char *pk_query_homeless (const PkEntity *entity);

G_END_DECLS
