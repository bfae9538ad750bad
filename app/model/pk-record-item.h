#pragma once

#include "pk-record.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where a document's content is. */
typedef enum
{
  PK_CONTENT_MISSING, /* not on this device */
  PK_CONTENT_ARRIVING,
  PK_CONTENT_NOT_ARRIVED, /* nobody has it yet: whoever added it has not sent it */
  PK_CONTENT_HERE,
  PK_CONTENT_NOT_UPLOADED /* here, and waits to be sent */
} PkContentState;

/*
 * A record in a detail page's list: a message, a checklist item, a document, a line of history. The same record is the same
 * object for as long as it is in the list; "changed" tells that it shows something else. Main thread.
 */
#define PK_TYPE_RECORD_ITEM (pk_record_item_get_type ())
G_DECLARE_FINAL_TYPE (PkRecordItem, pk_record_item, PK, RECORD_ITEM, GObject)

PkRecordItem *pk_record_item_new (PkRecord *record, PkRecord *link, gboolean is_waiting);
PkRecord *pk_record_item_get_record (PkRecordItem *self);
PkRecord *pk_record_item_get_link (PkRecordItem *self);
gboolean pk_record_item_is_waiting (PkRecordItem *self);

void pk_record_item_set_content (PkRecordItem *self, PkContentState state, const char *path);
PkContentState pk_record_item_get_content (PkRecordItem *self);
const char *pk_record_item_get_path (PkRecordItem *self);

/* A GListStore of items: replaced by what is read anew, keeping the objects of records that stay. */
GListStore *pk_record_list_new (void);
void pk_record_list_update (GListStore *list, GPtrArray *items);

G_END_DECLS
