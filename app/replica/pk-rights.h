#pragma once

#include "pk-reader.h"

G_BEGIN_DECLS

/*
 * What the person who is signed in may change, by the same declarations and rules as on the server (pk-permission.h), from the
 * person's own memberships in the replica. The server has the last word; this is for not offering what it would refuse. It stands
 * for one day and until a membership, unit or person changes. Used on the reader's thread.
 */
typedef struct _PkRights PkRights;

PkRights *pk_rights_load (PkReader *reader, const PkId *person, const char *today);
void pk_rights_free (PkRights *self);
const char *pk_rights_get_day (const PkRights *self);
gboolean pk_rights_may_write (PkRights *self, const PkEntity *entity);
gboolean pk_rights_may_set (PkRights *self, const PkRecord *record, guint field);
gboolean pk_rights_keeps (PkRights *self, const PkRecord *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkRights, pk_rights_free)

G_END_DECLS
