#pragma once

#include "pk-model-tables.h"

G_BEGIN_DECLS

/* How a page of a list begins: after one value of the column that the page's part goes by. */
typedef enum
{
  PK_LIST_FROM_START,
  PK_LIST_ABOVE,     /* greater than the value */
  PK_LIST_BELOW,     /* less than the value */
  PK_LIST_NOT_EMPTY, /* upwards, after the empty ones */
  PK_LIST_EMPTY      /* downwards, after those that have a value */
} PkListBound;

/* One part of a page: rows that agree with the last one in the first columns of the order and lie beyond it in the next. */
typedef struct
{
  const PkEntity *entity;
  const char *const *columns; /* of the order, ending with id */
  guint n_columns;
  guint n_equal; /* of them must be equal */
  PkListBound bound;
  gboolean is_descending;
  guint64 filters;       /* bits of fields */
  guint64 empty_filters; /* bits of those of them that must be empty */
  guint empty_columns;   /* bits of columns that are equal in being empty */
  gboolean has_person;
  gboolean has_title;
} PkListPart;

/* Parameters of pk_query_list(). */
enum
{
  PK_LIST_PERSON = 1,
  PK_LIST_LIMIT = 2,
  PK_LIST_TITLE = 3,
  PK_LIST_TITLE_END = 4,
  PK_LIST_COLUMN = 5, /* and the following: the order's columns */
  PK_LIST_FIELD = 15  /* and the following: fields of filters */
};

char *pk_query_put_lines (guint n_lines);
char *pk_query_list (const PkListPart *part);
char *pk_query_update (const PkEntity *entity, guint64 fields);
char *pk_query_has (const PkEntity *entity);
char *pk_query_count (const PkEntity *entity);
char *pk_query_all (const PkEntity *entity);
char *pk_query_ids_by_ref (const PkEntity *entity, guint field);
char *pk_query_of_scope (const PkEntity *entity);
char *pk_query_create_ref_index (const PkEntity *entity, guint field);

G_END_DECLS
