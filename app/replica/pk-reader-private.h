#pragma once

#include "pk-reader.h"
#include "pk-sql.h"
#include "pk-table.h"

G_BEGIN_DECLS

struct _PkReader
{
  char *directory;  /* (owned) */
  guint generation; /* of the file that is open */
  PkSql *sql;       /* (owned): the replica */
  PkTables *tables; /* (owned) */
  PkSql *outbox;    /* (owned) */
};

gboolean pk_reader_reopen (PkReader *self, GError **error);
guint pk_reader_get_generation (PkReader *self);
void pk_reader_adopt (PkReader *self);

G_END_DECLS
