#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a column of a building register means. */
typedef enum
{
  PK_COLUMN_REFERENCE,
  PK_COLUMN_NAME,
  PK_COLUMN_NUMBER,
  PK_COLUMN_USE,
  PK_COLUMN_ADDRESS,
  PK_COLUMN_POSTAL_CODE,
  PK_COLUMN_POSTAL_PLACE,
  PK_COLUMN_LATITUDE,
  PK_COLUMN_LONGITUDE,
  PK_COLUMN_BUILT,
  PK_COLUMN_AREA_M2,
  PK_COLUMN_AREA_SQFT,
  PK_COLUMN_FLOORS,
  PK_COLUMN_OCCUPANTS,
  PK_COLUMN_HEATING,
  PK_COLUMN_ENERGY_LABEL,
  PK_COLUMN_NOTE,
  PK_COLUMN_PROPERTY,
  PK_COLUMN_CADASTRAL_REF,
  PK_COLUMN_UNIT,
  PK_COLUMN_CARETAKER,
  PK_N_COLUMNS
} PkBuildingColumn;

/* What a building can be tied to. */
typedef enum
{
  PK_LINK_PROPERTY,
  PK_LINK_UNIT,
  PK_LINK_CARETAKER,
  PK_N_LINKS
} PkBuildingLink;

/* Which column is what: found by its name, or told by a mapping file. */
typedef struct
{
  char *source;                  /* (owned) (nullable): what the register is called */
  int places[PK_N_COLUMNS];      /* -1 where there is none */
  GStrv header;                  /* (owned): the columns' names */
  GHashTable *uses;              /* (owned): text in the use column → code of a use */
  GHashTable *words[PK_N_LINKS]; /* (owned): text in the column → what it is called here */
  char *defaults[PK_N_LINKS];    /* (owned) (nullable): where a row says nothing */
} PkBuildingMapping;

PkBuildingMapping *
pk_building_mapping_new (const char *const *header, const char *json, GError **error);
void pk_building_mapping_free (PkBuildingMapping *self);
const char *pk_building_column_name (PkBuildingColumn column);
const char *pk_building_link_name (PkBuildingLink link);
gboolean pk_building_mapping_uses (const PkBuildingMapping *self, int place);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkBuildingMapping, pk_building_mapping_free)

G_END_DECLS
