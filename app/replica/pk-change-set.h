#pragma once

#include "pk-id.h"
#include "pk-model.h"

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  PK_CHANGE_ADDED,
  PK_CHANGE_CHANGED,
  PK_CHANGE_REMOVED
} PkChangeKind;

typedef struct
{
  const PkEntity *entity;
  PkId id;
  gint64 rid;
  PkChangeKind kind;
} PkChange;

/*
 * What commits changed: records, and whether the outbox changed too. Reference counted, not changed once it is shared. With
 * "everything" the list is empty: read anew (after a bootstrap, or where very much changed at once).
 */
typedef struct _PkChangeSet PkChangeSet;

#define PK_TYPE_CHANGE_SET (pk_change_set_get_type ())
GType pk_change_set_get_type (void);

PkChangeSet *pk_change_set_new (void);
PkChangeSet *pk_change_set_ref (PkChangeSet *self);
void pk_change_set_unref (PkChangeSet *self);

void pk_change_set_add (PkChangeSet *self, const PkChange *change);
void pk_change_set_add_all (PkChangeSet *self, const PkChangeSet *other);
void pk_change_set_set_everything (PkChangeSet *self);
void pk_change_set_set_outbox (PkChangeSet *self);

gboolean pk_change_set_is_everything (const PkChangeSet *self);
gboolean pk_change_set_has_outbox (const PkChangeSet *self);
gboolean pk_change_set_has_entity (const PkChangeSet *self, const PkEntity *entity);
guint pk_change_set_get_n (const PkChangeSet *self);
const PkChange *pk_change_set_get (const PkChangeSet *self, guint place);
const PkChange *pk_change_set_find (const PkChangeSet *self, const PkId *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkChangeSet, pk_change_set_unref)

G_END_DECLS
