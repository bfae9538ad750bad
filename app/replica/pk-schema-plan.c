/* The steps of the client's two files. Constant; any thread. */
#include "config.h"

#include "pk-schema-plan.h"

#include "pk-model-tables.h"

static const PkSchemaStep replica_steps[] = {
  /* 2: fields that are not for everybody may be empty; what is here of them by mistake is overwritten when the server sends it anew */
  { PK_SCHEMA_REBUILD, TRUE, NULL },
};

static const PkSchemaPlan replica_plan = { replica_steps,
                                           G_N_ELEMENTS (replica_steps),
                                           PK_MODEL_VERSION };
static const PkSchemaPlan outbox_plan = { .model = 0 };

/**
 * pk_schema_plan_of_replica:
 *
 * Returns: (transfer none): how older replicas are brought up to date
 */
const PkSchemaPlan *
pk_schema_plan_of_replica (void)
{
  return &replica_plan;
}

/**
 * pk_schema_plan_of_outbox:
 *
 * Returns: (transfer none): how older outboxes are brought up to date
 */
const PkSchemaPlan *
pk_schema_plan_of_outbox (void)
{
  return &outbox_plan;
}

/**
 * pk_schema_plan_get_version:
 *
 * Returns: the version of the files that this program writes
 */
guint
pk_schema_plan_get_version (const PkSchemaPlan *self)
{
  return 1 + self->n_steps;
}

/**
 * pk_schema_plan_rebuilds:
 * @version: of an older file
 *
 * Returns: whether its content must go over into a new file
 */
gboolean
pk_schema_plan_rebuilds (const PkSchemaPlan *self, gint64 version)
{
  for (gint64 i = MAX (version, 1); i < pk_schema_plan_get_version (self); i++)
    if (self->steps[i - 1].kind == PK_SCHEMA_REBUILD)
      return TRUE;
  return FALSE;
}

/**
 * pk_schema_get_text:
 * @version: that the file has
 *
 * Returns: (transfer none): what leads to the next version; empty where nothing must be run
 */
const char *
pk_schema_get_text (const PkSchemaPlan *plan, gint64 version)
{
  const char *text = plan->steps[version - 1].text;

  return text != NULL ? text : "";
}
