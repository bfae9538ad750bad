#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PK_CSV_ERROR (pk_csv_error_quark ())
GQuark pk_csv_error_quark (void);

typedef enum
{
  PK_CSV_ERROR_MALFORMED, /* quotes that do not fit, a NUL, text that is no UTF-8 */
  PK_CSV_ERROR_TOO_LARGE  /* more bytes, fields or rows than the limits allow */
} PkCsvError;

/* 0 means the default. */
typedef struct
{
  gsize row_bytes; /* 1 MiB */
  guint fields;    /* 1 000 */
  guint64 rows;    /* 1 000 000 */
} PkCsvLimits;

/*
 * Called for every row. @line: where the row begins, from 1; @fields end with NUL and live until the call returns.
 * FALSE with an error ends the reading.
 */
typedef gboolean (*PkCsvRowFunc) (guint64 line,
                                  const char *const *fields,
                                  guint n_fields,
                                  gpointer user_data,
                                  GError **error);

/* A reader that is given bytes in pieces of any size. One thread. */
typedef struct _PkCsvReader PkCsvReader;

PkCsvReader *pk_csv_reader_new (char separator,
                                const PkCsvLimits *limits,
                                PkCsvRowFunc row_func,
                                gpointer user_data);
void pk_csv_reader_free (PkCsvReader *self);
gboolean pk_csv_reader_feed (PkCsvReader *self, const char *bytes, gsize size, GError **error);
gboolean pk_csv_reader_finish (PkCsvReader *self, GError **error);

char pk_csv_guess_separator (const char *bytes, gsize size);
void pk_csv_append_field (GString *out, const char *text, char separator);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkCsvReader, pk_csv_reader_free)

G_END_DECLS
