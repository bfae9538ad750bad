#pragma once

#include "pk-record.h"

G_BEGIN_DECLS

/*
 * Who may change what, as the model says: "write" of the entity, "access" and "set_by" of the field. One table and one set of
 * functions for the server, which decides, and for the client, which offers nothing that the server would refuse. Pure: what
 * must be looked up is asked of who asks.
 */
typedef struct
{
  PkId person;
  const char *const *roles; /* codes of the roles that count today, NULL at the end */
  /* (transfer full) (nullable): a record, as far as it is known here */
  PkRecord *(*find) (gpointer data, guint entity, const PkId *id);
  /* (transfer full) (nullable) (element-type PkRecord): memberships of the person */
  GPtrArray *(*list_memberships) (gpointer data);
  gpointer data;
} PkPermissionAsker;

gboolean pk_permission_membership_counts (const PkRecord *membership, const char *today);
gboolean pk_permission_has_role (const PkPermissionAsker *asker, const char *role);
gboolean pk_permission_may_write (const PkPermissionAsker *asker, const PkEntity *entity);
gboolean
pk_permission_may_read_field (const PkPermissionAsker *asker, const PkRecord *record, guint field);
gboolean
pk_permission_may_set_field (const PkPermissionAsker *asker, const PkRecord *record, guint field);

G_END_DECLS
