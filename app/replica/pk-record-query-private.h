#pragma once

#include "pk-record-query.h"

G_BEGIN_DECLS

#define PK_RECORD_QUERY_MOST_FILTERS 4

typedef struct
{
  guint field;
  PkValue value; /* (owned) */
} PkRecordFilter;

struct _PkRecordQuery
{
  const PkEntity *entity;
  char *order; /* (owned) */
  gboolean is_descending;
  char *text; /* (owned) (nullable) */
  guint n_filters;
  PkRecordFilter filters[PK_RECORD_QUERY_MOST_FILTERS];
};

G_END_DECLS
