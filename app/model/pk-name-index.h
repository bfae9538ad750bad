#pragma once

#include "pk-library.h"

G_BEGIN_DECLS

/*
 * What people call things, in memory: buildings, rooms, units and people by name, for understanding a line while it is typed.
 * Filled on the reader's worker; empty until then; "changed" tells when. Main thread.
 */
#define PK_TYPE_NAME_INDEX (pk_name_index_get_type ())
G_DECLARE_FINAL_TYPE (PkNameIndex, pk_name_index, PK, NAME_INDEX, GObject)

PkNameIndex *pk_name_index_new (PkLibrary *library);
gboolean pk_name_index_find (PkNameIndex *self,
                             guint entity,
                             const char *words,
                             const PkId *within,
                             PkId *id_out);

G_END_DECLS
