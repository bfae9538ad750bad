#pragma once

#include "pk-record.h"
#include "pk-sql.h"

G_BEGIN_DECLS

/*
 * The entities' tables of one connection: records in, records out. The same for the server's SQLite store, for snapshots and for
 * the replica. Used on the connection's thread.
 */
typedef struct _PkTables PkTables;

PkTables *pk_tables_new (PkSql *sql);
void pk_tables_free (PkTables *self);

gboolean pk_tables_create (PkTables *self, const char *schema, GError **error);
gboolean pk_tables_create_indexes (PkTables *self, const PkEntity *entity, GError **error);
gboolean pk_tables_insert (PkTables *self, PkRecord *record, GError **error);
gboolean pk_tables_upsert (PkTables *self, PkRecord *record, GError **error);
gboolean pk_tables_delete (PkTables *self, const PkEntity *entity, const PkId *id, GError **error);
PkRecord *pk_tables_find (PkTables *self, const PkEntity *entity, const PkId *id, GError **error);
PkRecord *
pk_tables_find_by_rid (PkTables *self, const PkEntity *entity, gint64 rid, GError **error);
PkRecord *pk_table_read_row (PkStatement *row, int first_column, const PkEntity *entity);
void
pk_table_bind_value (PkStatement *statement, int place, const PkField *field, const PkValue *value);
gboolean
pk_table_has_value (PkStatement *row, int column, const PkField *field, const PkValue *value);
PkValue pk_table_read_value (PkStatement *row, int column, const PkField *field);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkTables, pk_tables_free)

G_END_DECLS
