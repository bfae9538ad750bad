#pragma once

#include "pk-library.h"
#include "pk-mutation.h"

G_BEGIN_DECLS

typedef enum
{
  PK_OUTBOX_ITEM_WAITING,
  PK_OUTBOX_ITEM_ATTENTION,
  PK_OUTBOX_ITEM_MERGED
} PkOutboxItemKind;

/* One field of a change: what the person wrote, and in a merge what somebody else had written. Texts are for people. */
typedef struct
{
  guint place;       /* of the field in its entity or command */
  char *label;       /* (owned) */
  char *mine;        /* (owned) */
  char *theirs;      /* (owned) (nullable) */
  char *who;         /* (owned) (nullable): who wrote the other value */
  PkRecord *history; /* (owned) (nullable): what brings back the value that gave way */
  gboolean is_fault; /* refused because of this field */
  gboolean gave_way; /* what the person wrote gave way, later; else what the other one wrote did */
} PkOutboxField;

/*
 * A change of this person on this device, and what became of it: for the page about sync. Immutable; read anew when the outbox
 * changes.
 */
#define PK_TYPE_OUTBOX_ITEM (pk_outbox_item_get_type ())
G_DECLARE_FINAL_TYPE (PkOutboxItem, pk_outbox_item, PK, OUTBOX_ITEM, GObject)

GPtrArray *pk_outbox_item_list (PkLibrary *library, PkOutboxItemKind kind, guint limit);
const char *pk_outbox_item_get_title (PkOutboxItem *self);
const char *pk_outbox_item_get_detail (PkOutboxItem *self);
const char *pk_outbox_item_get_reason (PkOutboxItem *self);
PkMutation *pk_outbox_item_get_mutation (PkOutboxItem *self);
gint64 pk_outbox_item_get_place (PkOutboxItem *self);
PkRecord *pk_outbox_item_dup_record (PkOutboxItem *self, PkLibrary *library);
const PkOutboxField *pk_outbox_item_get_fields (PkOutboxItem *self, guint *n_out);
gboolean pk_outbox_item_is_seen (PkOutboxItem *self);
void pk_outbox_item_mark_seen (PkOutboxItem *self, PkLibrary *library);

G_END_DECLS
