#pragma once

#include "pk-record-query.h"
#include "pk-record.h"
#include "pk-task-query.h"

G_BEGIN_DECLS

/*
 * A connection that only reads, used on one thread. On the main thread (pk_replica_get_reader()) for what is bounded: a record,
 * a page of at most PK_PAGE_ROWS rows, the children of one record. Whatever scans goes through pk_replica_read_async().
 * What a record shows is the server's state with the person's own unsent work on top.
 */
typedef struct _PkReader PkReader;

#define PK_PAGE_ROWS 64

typedef enum
{
  PK_LIST_FORWARD = 0,
  PK_LIST_BACKWARD = 1 << 0 /* newest, or last, first */
} PkListFlags;

PkReader *pk_reader_open (const char *directory, GError **error);
void pk_reader_free (PkReader *self);
void pk_reader_interrupt (PkReader *self);

/* NULL without an error where there is none. */
PkRecord *pk_reader_find (PkReader *self, const PkEntity *entity, const PkId *id, GError **error);
PkRecord *
pk_reader_find_by_rid (PkReader *self, const PkEntity *entity, gint64 rid, GError **error);
char *pk_reader_dup_name (PkReader *self, const PkEntity *entity, const PkId *id);
gboolean pk_reader_is_pending (PkReader *self, const PkEntity *entity, const PkId *id);

/* Records whose field points to @parent, in the order of the entity's index that begins with the field (messages of a task …). */
GPtrArray *pk_reader_list_children (PkReader *self,
                                    const PkEntity *entity,
                                    guint field,
                                    const PkId *parent,
                                    PkListFlags flags,
                                    guint limit,
                                    GError **error);
gboolean pk_reader_count_children (PkReader *self,
                                   const PkEntity *entity,
                                   guint field,
                                   const PkId *parent,
                                   gint64 *count_out,
                                   GError **error);
/* Documents linked to a record: @link_field is of document_link (PK_DOCUMENT_LINK_TASK_ID …). */
GPtrArray *pk_reader_list_documents (PkReader *self,
                                     guint link_field,
                                     const PkId *parent,
                                     guint limit,
                                     GError **error);

/* Scans: vectors of rids (gint64), in order. */
GArray *pk_reader_query_tasks (PkReader *self, const PkTaskQuery *query, GError **error);
gboolean
pk_reader_count_tasks (PkReader *self, const PkTaskQuery *query, gint64 *count_out, GError **error);
GArray *pk_reader_query_records (PkReader *self, const PkRecordQuery *query, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkReader, pk_reader_free)

G_END_DECLS
