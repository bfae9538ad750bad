#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A column of a table that is copied from one database to another. */
typedef struct
{
  char *name; /* (owned) */
  char type;  /* of SQLite's: i, r, t or b */
} PkCopyColumn;

char *pk_query_copy_out (const char *table, GArray *columns);
char *pk_query_copy_in (const char *table, GArray *columns);
char *pk_query_copy_clear (const char *table);
char *pk_query_copy_count (const char *table);
char *pk_query_copy_greatest (const char *table, const char *column);

G_END_DECLS
