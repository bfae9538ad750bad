#pragma once

#include "pk-building-mapping.h"
#include "pk-record.h"

G_BEGIN_DECLS

/* What buildings can be tied to – units, persons, properties – by the words that registers use. */
typedef struct _PkBuildingLinks PkBuildingLinks;

PkBuildingLinks *pk_building_links_new (void);
void pk_building_links_free (PkBuildingLinks *self);
void pk_building_links_add (PkBuildingLinks *self, const PkRecord *record);
const PkId *pk_building_links_find (PkBuildingLinks *self, PkBuildingLink link, const char *text);
gboolean
pk_building_links_is_ambiguous (PkBuildingLinks *self, PkBuildingLink link, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkBuildingLinks, pk_building_links_free)

G_END_DECLS
