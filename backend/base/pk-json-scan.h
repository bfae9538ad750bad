#pragma once

#include "pk-json.h"

G_BEGIN_DECLS

/* Reading JSON from the front to the end, where the order is known: nothing is built but what is asked for. As strict as pk_json_parse(). */
typedef enum
{
  PK_JSON_NULL,
  PK_JSON_BOOL,
  PK_JSON_INT,
  PK_JSON_REAL,
  PK_JSON_TEXT,
  PK_JSON_OTHER /* an array or an object */
} PkJsonKind;

typedef struct
{
  PkJsonKind kind;
  gint64 number;    /* bool, int */
  double real;      /* real */
  const char *text; /* text */
} PkJsonCell;

typedef struct _PkJsonScanner PkJsonScanner;

PkJsonScanner *pk_json_scanner_new (const char *data, gsize size, GError **error);
void pk_json_scanner_free (PkJsonScanner *self);
gboolean pk_json_scanner_accept (PkJsonScanner *self, char c);
gboolean pk_json_scanner_read_cell (PkJsonScanner *self, PkJsonCell *cell_out, GError **error);
JsonNode *pk_json_scanner_read_node (PkJsonScanner *self, GError **error);
gboolean pk_json_scanner_is_at_end (PkJsonScanner *self);

PkJsonCell pk_json_cell_of_node (JsonNode *node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkJsonScanner, pk_json_scanner_free)

G_END_DECLS
