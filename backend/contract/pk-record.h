#pragma once

#include "pk-value.h"

G_BEGIN_DECLS

/*
 * One row of an entity: id, seq of its last change on the server (0 where the server does not know it yet), and a value for
 * each field. Reference counted. Whoever makes a record fills it; once it is shared it is not changed any more: take a copy.
 */
typedef struct _PkRecord PkRecord;

PkRecord *pk_record_new (const PkEntity *entity, const PkId *id);
PkRecord *pk_record_copy (const PkRecord *self);
PkRecord *pk_record_ref (PkRecord *self);
void pk_record_unref (PkRecord *self);
gboolean pk_record_equal (const PkRecord *a, const PkRecord *b);

const PkEntity *pk_record_get_entity (const PkRecord *self);
const PkId *pk_record_get_id (const PkRecord *self);
gint64 pk_record_get_seq (const PkRecord *self);
void pk_record_set_seq (PkRecord *self, gint64 seq);

const PkValue *pk_record_get (const PkRecord *self, guint field);
void pk_record_take (PkRecord *self, guint field, PkValue value);

/* Short forms for fields whose type is known; a null value gives NULL, the fallback, or FALSE. */
const char *pk_record_get_text (const PkRecord *self, guint field);
gint64 pk_record_get_int (const PkRecord *self, guint field, gint64 fallback);
double pk_record_get_real (const PkRecord *self, guint field, double fallback);
const PkId *pk_record_get_ref (const PkRecord *self, guint field);
void pk_record_set_text (PkRecord *self, guint field, const char *text);
void pk_record_set_int (PkRecord *self, guint field, gint64 number);
void pk_record_set_real (PkRecord *self, guint field, double real);
void pk_record_set_ref (PkRecord *self, guint field, const PkId *id);
void pk_record_set_null (PkRecord *self, guint field);
char *pk_record_dup_title_key (const PkRecord *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkRecord, pk_record_unref)

G_END_DECLS
