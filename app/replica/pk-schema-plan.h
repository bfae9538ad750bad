#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * How the files of older programs become those of this one. A file says its version in its table meta; version 1 was the first, each
 * step leads to the next. Whoever changes what pk_replica_create_tables() or pk_outbox_create_schema() make adds a step; what the
 * model has more of – entities, fields, indexes – is added without one, by comparing (pk-migrate.c).
 */
typedef enum
{
  PK_SCHEMA_ADD, /* the text is run in the file, in one transaction with the version */
  PK_SCHEMA_REBUILD /* a new file is made beside the old one, from what both have; never for the outbox */
} PkSchemaStepKind;

typedef struct
{
  PkSchemaStepKind kind;
  gboolean
      asks_again; /* the server may have values for what is new here; a rebuilt file always asks */
  const char *text; /* (nullable): of %PK_SCHEMA_ADD */
} PkSchemaStep;

typedef struct
{
  const PkSchemaStep *steps; /* (nullable): from version 1 on */
  guint n_steps;
  guint model; /* version of the model; 0: the file has no records */
} PkSchemaPlan;

const PkSchemaPlan *pk_schema_plan_of_replica (void);
const PkSchemaPlan *pk_schema_plan_of_outbox (void);
guint pk_schema_plan_get_version (const PkSchemaPlan *self);
gboolean pk_schema_plan_rebuilds (const PkSchemaPlan *self, gint64 version);
const char *pk_schema_get_text (const PkSchemaPlan *plan, gint64 version);

G_END_DECLS
