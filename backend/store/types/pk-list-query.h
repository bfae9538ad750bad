#pragma once

#include "pk-record.h"

G_BEGIN_DECLS

/* Called for each record, which lives on if it is referenced; FALSE ends the visit. It must not write the same table. */
typedef gboolean (*PkRecordVisitor) (PkRecord *record, gpointer data);

/* A page of a list. All members may be zero but @entity and @limit. */
typedef struct
{
  const PkEntity *entity;
  guint order; /* which of the entity's indexes; the id is added as the last word */
  gboolean is_descending;
  const PkValues *filters; /* (nullable): fields that must be equal; a null value: must be empty */
  const PkId *person;      /* (nullable): only what is in a scope that this person holds */
  const char *title;       /* (nullable): the title's sort key begins with that of this text */
  const PkRecord *after;   /* (nullable): begins after this record */
  guint limit;
} PkListQuery;

G_END_DECLS
