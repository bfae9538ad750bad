/*
 * What is looked at of devices:
 *   2   what a device has let go because the server said that it keeps it is in the quarantine, whole, and for its author; what a revoked
 *       device has let go with all it had was judged, or is there too
 *   6   a revoked device is given nothing any more; in the end it has no record left but its person's own unsent ones, and no word
 *       of anybody else
 *   6   a device that was away for longer than the lease shows nothing until its person has signed in; one that was not, does
 */
#include "config.h"

#include "pk-quarantined.h"
#include "pk-query-store.h"
#include "pk-service-quarantine.h"
#include "pk-sim-devices.h"
#include "pk-sim-oracle.h"
#include "pk-writer-private.h"

#include <string.h>

#define LEASE     (30 * PK_SIM_DAY)
#define MOST_KEPT 10000

/**
 * pk_sim_oracle_erased:
 *
 * A revoked device has erased itself, the outbox too.
 */
void
pk_sim_oracle_erased (PkSimOracle *self, PkSimClient *client)
{
  for (guint i = 0; i < self->acts->len; i++)
    {
      PkSimAct *act = self->acts->pdata[i];
      if (act->client == client->number)
        pk_sim_oracle_left_disk (self, act);
    }
}

/**
 * pk_sim_oracle_check_device:
 * @what: that it was given
 *
 * Looks whether a device that is answered may be.
 */
void
pk_sim_oracle_check_device (PkSimOracle *self, const PkId *device, const char *what)
{
  if (g_hash_table_contains (self->revoked, device))
    pk_sim_world_fail (self->world, "6: a revoked device is given %s", what);
}

/**
 * pk_sim_oracle_check_verdicts:
 *
 * A device has saved what the server said.
 */
void
pk_sim_oracle_check_verdicts (PkSimOracle *self, GPtrArray *verdicts)
{
  for (guint i = 0; i < verdicts->len; i++)
    {
      const PkVerdict *verdict = verdicts->pdata[i];
      PkSimAct *act = g_hash_table_lookup (self->by_id, &verdict->id);
      if (act != NULL && verdict->is_quarantined)
        pk_sim_oracle_left_disk (self, act);
    }
}

/**
 * pk_sim_oracle_check_lock:
 *
 * A program looks whether it may still show what it has.
 */
void
pk_sim_oracle_check_lock (PkSimOracle *self, PkSimClient *client, gboolean is_locked)
{
  gint64 now_us = pk_clock_now_us (client->clock), contact_us = client->contact_us;
  gboolean is_over = contact_us != 0 &&
                     (now_us >= contact_us + LEASE || now_us < contact_us - PK_SIM_DAY);

  if (contact_us >= 0 && is_over != is_locked)
    pk_sim_world_fail (self->world,
                       "6: client %u, %d days after its last contact, %s",
                       client->number,
                       (int) ((now_us - contact_us) / PK_SIM_DAY),
                       is_locked ? "shows nothing" : "shows all");
}

/* Whether somebody on this device's side made it: then it may show as long as it is not sent. */
static gboolean
is_own_work (PkSimOracle *self, PkSimClient *client, const PkId *record)
{
  for (guint i = 0; i < self->acts->len; i++)
    {
      const PkSimAct *act = self->acts->pdata[i];
      if (pk_id_equal (&act->record, record) &&
          pk_id_equal (&self->world->clients[act->client]->person, &client->person))
        return TRUE;
    }
  return FALSE;
}

static void
check_empty (PkSimOracle *self, PkSimClient *client, const PkEntity *entity)
{
  g_autofree char *text = pk_query_all (entity);
  PkStatement *query = pk_sql_prepare (client->writer->sql, text, NULL);

  while (query != NULL && pk_statement_next (query, NULL))
    {
      g_autoptr (PkRecord) record = pk_table_read_row (query, 0, entity);
      if (!is_own_work (self, client, pk_record_get_id (record)))
        pk_sim_world_fail (self->world,
                           "6: client %u was revoked and still has a %s",
                           client->number,
                           entity->name);
    }
}

/**
 * pk_sim_oracle_check_revoked:
 *
 * Looks at a revoked device in the end.
 */
void
pk_sim_oracle_check_revoked (PkSimOracle *self, PkSimClient *client)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    check_empty (self, client, &pk_model.entities[i]);
  for (guint i = 0; i < self->acts->len; i++)
    {
      const PkSimAct *act = self->acts->pdata[i];
      if (act->word == NULL || is_own_work (self, client, &act->record))
        continue;
      g_autofree char *place =
          pk_sim_disk_find_bytes (client->disk, "/replica-", act->word, strlen (act->word));
      if (place != NULL)
        pk_sim_world_fail (self->world,
                           "6: client %u was revoked and still has %s on its disk: %s",
                           client->number,
                           act->word,
                           place);
    }
}

static void
check_kept (PkSimOracle *self, const PkQuarantined *item)
{
  const PkSimAct *act = g_hash_table_lookup (self->by_id, &item->id);

  if (act == NULL)
    pk_sim_world_fail (self->world, "2: the quarantine keeps what nobody did");
  else if (!pk_id_equal (&item->person, &self->world->clients[act->client]->person))
    pk_sim_world_fail (self->world, "6: act %u is kept for somebody else", act->number);
  else if (act->word != NULL && strstr (item->line, act->word) == NULL)
    pk_sim_world_fail (self->world,
                       "2: act %u is kept without its word %s",
                       act->number,
                       act->word);
}

/**
 * pk_sim_oracle_check_quarantine:
 *
 * Looks in the end at what the server keeps.
 */
void
pk_sim_oracle_check_quarantine (PkSimOracle *self)
{
  g_autoptr (GPtrArray)
      items = pk_quarantine_list (self->world->server->service, NULL, MOST_KEPT, NULL);

  for (guint i = 0; items != NULL && i < items->len; i++)
    check_kept (self, items->pdata[i]);
}
