#pragma once

#include "pk-library.h"
#include "pk-record-item.h"

G_BEGIN_DECLS

typedef enum
{
  PK_DETAIL_EMPTY, /* nothing chosen yet */
  PK_DETAIL_SHOWN,
  PK_DETAIL_GONE /* chosen, and not (or no longer) on this device: deleted, or access was lost */
} PkDetailState;

/*
 * What a detail page shows of one record: the record, kept up to date, and lists of what belongs to it. What is not on this kind
 * of record is an empty list. Signal "changed": something is another than before. Main thread; every read is bounded.
 */
#define PK_TYPE_DETAIL (pk_detail_get_type ())
G_DECLARE_FINAL_TYPE (PkDetail, pk_detail, PK, DETAIL, GObject)

PkDetail *pk_detail_new (PkLibrary *library, guint entity);
void pk_detail_set_id (PkDetail *self, const PkId *id);
const PkId *pk_detail_get_id (PkDetail *self);
PkDetailState pk_detail_get_state (PkDetail *self);
PkRecord *pk_detail_get_record (PkDetail *self);
PkLibrary *pk_detail_get_library (PkDetail *self);
gboolean pk_detail_is_waiting (PkDetail *self);
const char *pk_detail_get_name (PkDetail *self, guint field);

GListModel *pk_detail_get_messages (PkDetail *self);
GListModel *pk_detail_get_checklist (PkDetail *self);
GListModel *pk_detail_get_attachments (PkDetail *self);
GListModel *pk_detail_get_history (PkDetail *self);

G_END_DECLS
