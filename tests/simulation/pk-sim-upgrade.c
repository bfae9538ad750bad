/*
 * Programs of the future: the shipped one with one step more in its tables, and with another one that makes a new file and asks the server
 * for everything again. The outbox goes along.
 */
#include "config.h"

#include "pk-schema-plan.h"
#include "pk-sim-client.h"
#include "pk-writer-private.h"

#define MOST_STEPS 32

static const PkSchemaStep replica_steps[PK_SIM_LAST_VERSION] = {
  { PK_SCHEMA_ADD, FALSE, "ALTER TABLE scope ADD COLUMN note TEXT" },
  { PK_SCHEMA_REBUILD, TRUE, NULL },
};
static const PkSchemaStep outbox_steps[PK_SIM_LAST_VERSION] = {
  { PK_SCHEMA_ADD, FALSE, "ALTER TABLE mutation ADD COLUMN note TEXT" },
  { PK_SCHEMA_ADD, FALSE, "ALTER TABLE upload ADD COLUMN note TEXT" },
};

static void
add_steps (const PkSchemaPlan *shipped,
           const PkSchemaStep *more,
           guint n_more,
           PkSchemaStep steps[MOST_STEPS],
           PkSchemaPlan *plan_out)
{
  g_assert (shipped->n_steps + n_more <= MOST_STEPS);
  for (guint i = 0; i < shipped->n_steps; i++)
    steps[i] = shipped->steps[i];
  for (guint i = 0; i < n_more; i++)
    steps[shipped->n_steps + i] = more[i];
  *plan_out = *shipped;
  plan_out->steps = steps;
  plan_out->n_steps += n_more;
}

/* A writer keeps its plans: they are the same for all that have a version. */
static void
get_plans (guint version, const PkSchemaPlan **replica_out, const PkSchemaPlan **outbox_out)
{
  static PkSchemaStep steps[2][PK_SIM_LAST_VERSION + 1][MOST_STEPS];
  static PkSchemaPlan plans[2][PK_SIM_LAST_VERSION + 1];

  add_steps (pk_schema_plan_of_replica (),
             replica_steps,
             version,
             steps[0][version],
             &plans[0][version]);
  add_steps (pk_schema_plan_of_outbox (),
             outbox_steps,
             version,
             steps[1][version],
             &plans[1][version]);
  *replica_out = &plans[0][version];
  *outbox_out = &plans[1][version];
}

/**
 * pk_sim_client_open:
 *
 * Returns: (transfer full) (nullable): the writer, as the device's program opens it
 */
PkWriter *
pk_sim_client_open (PkSimClient *self, GError **error)
{
  const PkSchemaPlan *replica, *outbox;

  get_plans (self->version, &replica, &outbox);
  return pk_writer_open_planned (self->directory,
                                 self->clock,
                                 self->ids,
                                 &self->person,
                                 PK_REPLICA_DEFAULT,
                                 replica,
                                 outbox,
                                 error);
}
