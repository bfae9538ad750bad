#pragma once

#include "pk-library.h"

G_BEGIN_DECLS

/* Values, and what happened to them, in words for people. All texts are new (transfer full). Main thread. */
const char *pk_enum_words (const PkEnum *values, gint64 place);
const char *pk_field_enum_words (const PkRecord *record, guint field);
char *pk_value_words (PkLibrary *library, const PkField *field, const PkValue *value);
char *pk_history_sentence (PkLibrary *library, const PkRecord *history);
char *pk_history_detail (PkLibrary *library, const PkRecord *history);
char *pk_history_lost_value (PkLibrary *library, const PkRecord *history);

G_END_DECLS
