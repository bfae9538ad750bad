#pragma once

#include "pk-library.h"
#include "pk-record-item.h"

G_BEGIN_DECLS

/* The photos and documents of a task, building, location or component as #PkRecordItem of documents, with their content's state. */
GPtrArray *pk_attachments_read (PkLibrary *library, guint entity, const PkId *id);
PkRecordItem *pk_attachments_read_document (PkLibrary *library, const PkId *document);
gboolean pk_attachment_is_pinned (PkLibrary *library, guint entity, const PkId *id);
const char *pk_attachment_get_title (PkRecordItem *item);
char *pk_attachment_dup_content (PkRecordItem *item);
char *pk_attachment_dup_detail (PkRecordItem *item);
const char *pk_content_words (PkContentState state);
gboolean pk_attachment_is_picture (PkRecordItem *item);
gboolean pk_attachment_is_pdf (PkRecordItem *item);

G_END_DECLS
