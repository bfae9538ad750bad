#pragma once

#include "pk-model.h"

G_BEGIN_DECLS

/*
 * SQL text made from the model's tables, never from anything else: the only texts besides literals that may reach
 * pk_sql_prepare() and pk_sql_exec(). The subset is what SQLite and PostgreSQL have in common, but for the column types.
 *
 * An entity's table: rid INTEGER PRIMARY KEY, id, seq, title_key (where an index names it), then the fields in their order.
 */
const char *pk_query_column_type (PkType type);
gboolean pk_query_has_title_key (const PkEntity *entity);
char *pk_query_create_table (const PkEntity *entity, const char *schema);
char *pk_query_create_index (const PkEntity *entity, guint index);
char *pk_query_add_column (const PkEntity *entity, guint field);
char *pk_query_columns (const PkEntity *entity);
char *pk_query_insert (const PkEntity *entity);
char *pk_query_upsert (const PkEntity *entity);
char *pk_query_select (const PkEntity *entity, const char *key_column);
char *pk_query_delete (const PkEntity *entity);
char *pk_query_copy_table (const PkEntity *entity, const char *from_schema);

G_END_DECLS
