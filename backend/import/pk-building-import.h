#pragma once

#include "pk-service.h"

G_BEGIN_DECLS

/* The largest register that is taken. */
#define PK_BUILDING_IMPORT_MAX_BYTES (32 * 1024 * 1024)

typedef struct
{
  const char *
      source; /* (nullable): what the register is called; "csv" unless the mapping says otherwise */
  const char *mapping_json; /* (nullable) */
  gboolean is_preview;      /* nothing is changed */
  const PkId *actor;        /* (nullable): whom the history names */
} PkBuildingImportOptions;

char *pk_building_import_run (PkService *service,
                              const char *csv,
                              gsize size,
                              const PkBuildingImportOptions *options,
                              GError **error);

G_END_DECLS
