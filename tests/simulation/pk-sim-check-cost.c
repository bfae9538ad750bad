/*
 * What an answer to a pull costs:
 *   11  where nothing is new, the database takes a number of steps that does not depend on how much there is; where something is, some more
 *       for each record that is told of. The bytes are those of the records, and some for each scope and for the answer
 */
#include "config.h"

#include "pk-sim-oracle.h"
#include "pk-store-private.h"

#include <sqlite3.h>

#define STEPS_AT_ALL     500
#define STEPS_EACH_SCOPE 100
#define STEPS_EACH_ROW   150
#define BYTES_AT_ALL     800
#define BYTES_EACH_SCOPE 250
#define BYTES_EACH_ROW   700

/**
 * pk_sim_oracle_count_steps:
 *
 * Returns: steps that the server's database has taken since this was last asked
 */
gint64
pk_sim_oracle_count_steps (PkSimOracle *self)
{
  sqlite3 *handle = pk_sql_get_handle (self->world->server->store->sql);
  gint64 n_steps = 0;

  for (sqlite3_stmt *statement = sqlite3_next_stmt (handle, NULL); statement != NULL;
       statement = sqlite3_next_stmt (handle, statement))
    n_steps += sqlite3_stmt_status (statement, SQLITE_STMTSTATUS_VM_STEP, 1);
  return n_steps;
}

/**
 * pk_sim_oracle_check_cost:
 * @n_steps: that it took
 *
 * Looks at an answer as a whole.
 */
void
pk_sim_oracle_check_cost (PkSimOracle *self,
                          guint n_scopes,
                          guint n_told,
                          gint64 n_steps,
                          gsize n_bytes)
{
  if (n_steps > STEPS_AT_ALL + STEPS_EACH_SCOPE * n_scopes + STEPS_EACH_ROW * n_told)
    pk_sim_world_fail (self->world,
                       "11: %d steps for %u scopes and %u records",
                       (int) n_steps,
                       n_scopes,
                       n_told);
  if (n_bytes > BYTES_AT_ALL + BYTES_EACH_SCOPE * n_scopes + BYTES_EACH_ROW * n_told)
    pk_sim_world_fail (self->world,
                       "11: %d bytes for %u scopes and %u records",
                       (int) n_bytes,
                       n_scopes,
                       n_told);
}
