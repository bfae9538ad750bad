#pragma once

#include "pk-json-scan.h"
#include "pk-problem.h"
#include "pk-record.h"

G_BEGIN_DECLS

/* Values and records as JSON. Reading validates: a fault is a problem with a JSON pointer. */
gboolean pk_codec_read_value (const PkField *field,
                              JsonNode *node,
                              const char *pointer,
                              PkValue *value_out,
                              GError **error);
gboolean pk_codec_read_cell (const PkField *field,
                             const PkJsonCell *cell,
                             const char *pointer,
                             PkValue *value_out,
                             GError **error);
void pk_codec_append_value (GString *out, const PkField *field, const PkValue *value);
char *pk_codec_value_to_text (const PkField *field, const PkValue *value);
gboolean pk_codec_value_from_text (const PkField *field,
                                   const char *text,
                                   PkValue *value_out,
                                   GError **error);

PkValues *pk_codec_read_values (const PkField *fields,
                                guint n_fields,
                                JsonNode *node,
                                const char *pointer,
                                GError **error);
void pk_codec_append_values (GString *out, const PkValues *values);

void pk_codec_append_record (GString *out, const PkRecord *record);
PkRecord *pk_codec_read_record (const PkEntity *entity, JsonNode *node, GError **error);
gboolean pk_codec_check_record (const PkRecord *record, GError **error);
gboolean pk_codec_check_changed (const PkRecord *record, const PkRecord *before, GError **error);

G_END_DECLS
