#pragma once

#include "pk-value.h"

G_BEGIN_DECLS

/* What people type into a field, as a value; and a value as they would type it. Pure. */
gboolean
pk_input_parse (const PkField *field, const char *text, PkValue *value_out, GError **error);
char *pk_input_dup_fault (const PkField *field, const GError *error);
char *pk_input_dup_text (const PkField *field, const PkValue *value);

G_END_DECLS
