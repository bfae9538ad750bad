#pragma once

#include "pk-building-plan.h"

G_BEGIN_DECLS

/* One row of a register into one building; the plan's workshop. */
gboolean pk_building_row_read (PkBuildingPlan *plan,
                               const char *const *fields,
                               PkRecord *record,
                               PkPlanRow *row);

G_END_DECLS
