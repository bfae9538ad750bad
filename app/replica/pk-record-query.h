#pragma once

#include "pk-value.h"

#include <glib-object.h>

G_BEGIN_DECLS

/* Which records of one entity, in which order: lists of buildings, documents, persons, articles … A copy travels between threads. */
typedef struct _PkRecordQuery PkRecordQuery;

#define PK_TYPE_RECORD_QUERY (pk_record_query_get_type ())
GType pk_record_query_get_type (void);

/* @order: the first column of one of the entity's indexes: "title_key", "created_at", "address" … */
PkRecordQuery *pk_record_query_new (const PkEntity *entity, const char *order);
PkRecordQuery *pk_record_query_copy (const PkRecordQuery *self);
void pk_record_query_free (PkRecordQuery *self);
gboolean pk_record_query_equal (const PkRecordQuery *a, const PkRecordQuery *b);
const PkEntity *pk_record_query_get_entity (const PkRecordQuery *self);

void pk_record_query_set_descending (PkRecordQuery *self, gboolean is_descending);
void pk_record_query_set_text (PkRecordQuery *self, const char *text);
void pk_record_query_set_filter (PkRecordQuery *self, guint field, const PkValue *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkRecordQuery, pk_record_query_free)

G_END_DECLS
