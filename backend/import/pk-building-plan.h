#pragma once

#include "pk-building-links.h"
#include "pk-record.h"

G_BEGIN_DECLS

typedef enum
{
  PK_PLAN_NEW,
  PK_PLAN_UPDATE,
  PK_PLAN_DUPLICATE, /* already there, or earlier in the file, with the same values */
  PK_PLAN_REJECTED
} PkPlanOutcome;

typedef enum
{
  PK_FAULT_NONE,
  PK_FAULT_FIELDS,       /* the row has more or fewer fields than the header */
  PK_FAULT_NO_REFERENCE, /* nothing says which building it is */
  PK_FAULT_TWICE,        /* the reference stood earlier in the file with other values */
  PK_FAULT_NOT_A_NUMBER,
  PK_FAULT_RANGE, /* less or more than the field can hold */
  PK_FAULT_TOO_LONG,
  PK_FAULT_UNKNOWN_USE,  /* a remark: the use became "other" */
  PK_FAULT_AREAS_DIFFER, /* a remark: m² and sqft do not agree; m² was taken */
  PK_FAULT_UNKNOWN_UNIT,
  PK_FAULT_UNKNOWN_CARETAKER,
  PK_FAULT_WHICH_PROPERTY, /* more than one is called so */
  PK_N_FAULTS
} PkPlanFault;

/* What happens to a row of the file. */
typedef struct
{
  guint64 line;
  PkPlanOutcome outcome;
  char *reference;   /* (owned) */
  PkRecord *record;  /* (owned) (nullable): the building as it will be */
  PkPlanFault fault; /* why it is rejected, or a remark */
  char *column;      /* (owned) (nullable): the file's name of the column at fault */
  char *value;       /* (owned) (nullable): what stood there */
  guint64 changed;   /* bits of PkBuildingField: what an update changes */
} PkPlanRow;

/* What an import would do. n_rows = n[NEW] + n[UPDATE] + n[DUPLICATE] + n[REJECTED], always. */
typedef struct
{
  PkBuildingMapping *mapping; /* (owned) */
  char *source;               /* (owned) */
  char separator;
  gboolean was_utf8;
  GPtrArray *rows;        /* (owned): PkPlanRow, in the order of the file */
  guint n[4];             /* by PkPlanOutcome */
  PkBuildingLinks *links; /* (nullable): what is there, and grows by the new properties */
  PkIdSource *ids;
  GPtrArray *properties; /* (owned): PkRecord: new ones that rows name */
} PkBuildingPlan;

/* How a building that is already there is found: (transfer none) (nullable). */
typedef PkRecord *(*PkBuildingLookup) (const char *source,
                                       const char *reference,
                                       gpointer user_data);

PkBuildingPlan *pk_building_plan_new (const char *csv,
                                      gsize size,
                                      const char *source,
                                      const char *mapping_json,
                                      PkIdSource *ids,
                                      PkBuildingLinks *links,
                                      PkBuildingLookup lookup,
                                      gpointer user_data,
                                      GError **error);
gboolean pk_building_plan_needs (const PkBuildingPlan *self, const PkRecord *property);
guint pk_building_plan_count_without (const PkBuildingPlan *self, guint field);
void pk_building_plan_free (PkBuildingPlan *self);
char *pk_building_plan_to_json (const PkBuildingPlan *self, gboolean is_preview);
const char *pk_plan_fault_code (PkPlanFault fault);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkBuildingPlan, pk_building_plan_free)

G_END_DECLS
