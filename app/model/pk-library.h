#pragma once

#include "pk-model-tables.h"
#include "pk-record.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PkReplica PkReplica;

/*
 * All that pages read. Signal "changed" (guint64 entities): what may be another than before, as bits 1 << PkEntityId, and
 * PK_LIBRARY_OUTBOX for what waits to be sent. Signal "content-wanted" (const char *sha256, gint64 size): somebody looks at a
 * document whose content is not on this device; whoever has a network may fetch it. Signal "day-changed": it is another day, and
 * all that says today says something else; "changed" follows. Main thread; every call is bounded.
 */
#define PK_TYPE_LIBRARY (pk_library_get_type ())
G_DECLARE_FINAL_TYPE (PkLibrary, pk_library, PK, LIBRARY, GObject)

#define PK_LIBRARY_OUTBOX     G_GUINT64_CONSTANT (1)
#define PK_LIBRARY_BIT(id)    (G_GUINT64_CONSTANT (1) << (id))
#define PK_LIBRARY_EVERYTHING G_MAXUINT64

PkLibrary *pk_library_new (PkReplica *replica);
PkReplica *pk_library_get_replica (PkLibrary *self);
PkClock *pk_library_get_clock (PkLibrary *self);
const PkId *pk_library_get_person (PkLibrary *self);
void pk_library_check_day (PkLibrary *self);
char *pk_library_dup_today (PkLibrary *self);

PkRecord *pk_library_find (PkLibrary *self, guint entity, const PkId *id);
const char *pk_library_get_name (PkLibrary *self, guint entity, const PkId *id);
gboolean pk_library_may_set (PkLibrary *self, const PkRecord *record, guint field);
void pk_library_want_content (PkLibrary *self, const char *sha256, gint64 size);

G_END_DECLS
