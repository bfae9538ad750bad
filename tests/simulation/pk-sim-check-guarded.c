/*
 * Fields that are not for everybody who sees the record (why somebody is away):
 *   6   an answer has such a field filled for the person whom the record is about and for those who lead that person's unit, or one above
 *       it; nobody else has it on a device, by whatever road it came
 *   1   in the end those have it whom it is for
 *
 * Who leads a unit may change before a device hears of it: then only answers, and what it has in the end, are looked at.
 */
#include "config.h"

#include "pk-sim-act.h"
#include "pk-sim-oracle.h"

#include "pk-model-tables.h"
#include "pk-service-write.h"
#include "pk-sim-town.h"
#include "pk-store-records.h"

#define MOST_LEVELS 8

static gboolean
leads (PkSimOracle *self, const PkId *person, const PkId *subject)
{
  PkStore *store = self->world->server->store;
  g_autoptr (PkRecord)
      about = pk_store_find (store, pk_entity_by_id (PK_ENTITY_PERSON), subject, NULL);
  const PkId *first = about != NULL ? pk_record_get_ref (about, PK_PERSON_UNIT_ID) : NULL;
  PkId unit = first != NULL ? *first : (PkId){ { 0 } };

  for (guint level = 0; level < MOST_LEVELS && !pk_id_is_null (&unit); level++)
    {
      g_autoptr (PkRecord)
          record = pk_store_find (store, pk_entity_by_id (PK_ENTITY_UNIT), &unit, NULL);
      const PkId *leader = record != NULL ? pk_record_get_ref (record, PK_UNIT_LEADER_ID) : NULL;
      const PkId *above = record != NULL ? pk_record_get_ref (record, PK_UNIT_PARENT_ID) : NULL;
      if (leader != NULL && pk_id_equal (leader, person))
        return TRUE;
      unit = above != NULL ? *above : (PkId){ { 0 } };
    }
  return FALSE;
}

static gboolean
may_know (PkSimOracle *self, const PkId *person, const PkRecord *absence)
{
  const PkId *subject = pk_record_get_ref (absence, PK_ABSENCE_PERSON_ID);

  /* Nobody can be asked while the server is down. */
  if (self->world->server->store == NULL)
    return TRUE;
  return subject != NULL && (pk_id_equal (subject, person) || leads (self, person, subject));
}

/**
 * pk_sim_oracle_check_guarded:
 * @record: any, as it is sent to @person
 *
 * Looks at what leaves the server.
 */
void
pk_sim_oracle_check_guarded (PkSimOracle *self, const PkId *person, const PkRecord *record)
{
  if (pk_record_get_entity (record)->id == PK_ENTITY_ABSENCE &&
      pk_record_get (record, PK_ABSENCE_KIND)->kind != PK_VALUE_NULL &&
      !may_know (self, person, record))
    pk_sim_world_fail (self->world, "6: why somebody is away is sent to whom it is not for");
}

static gboolean
stop_at_first (G_GNUC_UNUSED PkRecord *record, gpointer data)
{
  *(gboolean *) data = TRUE;
  return FALSE;
}

/**
 * pk_sim_oracle_check_snapshot:
 *
 * Looks at a scope of which a file was made that all who hold it may fetch.
 */
void
pk_sim_oracle_check_snapshot (PkSimOracle *self, gint64 scope)
{
  gboolean has_some = FALSE;

  pk_store_visit_scope (self->world->server->store,
                        pk_entity_by_id (PK_ENTITY_ABSENCE),
                        scope,
                        stop_at_first,
                        &has_some,
                        NULL);
  if (has_some)
    pk_sim_world_fail (self->world,
                       "6: a snapshot tells all who hold a scope why somebody is away");
}

/**
 * pk_sim_oracle_dup_as_held:
 * @expected: as the server has it
 * @here: (nullable): as the device has it
 *
 * Looks at what a device holds of a record.
 *
 * Returns: (transfer full): what it should hold: as the server's, without what may be withheld
 */
PkRecord *
pk_sim_oracle_dup_as_held (PkSimOracle *self,
                           PkSimClient *client,
                           const PkRecord *expected,
                           const PkRecord *here)
{
  PkRecord *held = pk_record_copy (expected);
  gboolean is_new = self->is_over || self->world->rates[PK_SIM_FAULT_GRANT] <= 0;

  if (here == NULL || pk_record_get_entity (expected)->id != PK_ENTITY_ABSENCE)
    return held;
  gboolean is_withheld = pk_record_get (here, PK_ABSENCE_KIND)->kind == PK_VALUE_NULL;
  gboolean may = may_know (self, &client->person, expected);
  if (is_withheld)
    pk_record_set_null (held, PK_ABSENCE_KIND);
  if (!is_withheld && is_new && !may)
    pk_sim_world_fail (self->world,
                       "6: client %u knows why somebody is away, which is not for it",
                       client->number);
  else if (is_withheld && self->is_over && may)
    pk_sim_world_fail (self->world,
                       "1: client %u does not know why somebody is away, which is for it",
                       client->number);
  return held;
}

static gboolean
keep_first (PkRecord *record, gpointer data)
{
  *(PkRecord **) data = pk_record_copy (record);
  return FALSE;
}

/**
 * pk_sim_act_absence:
 *
 * Somebody falls ill, or is back, or somebody else stands in.
 */
void
pk_sim_act_absence (PkSimWorld *world, PkSimChance *chance)
{
  PkSimTown *town = world->town;
  PkSimServer *server = world->server;
  PkRecord *absence = NULL;

  if (server->store == NULL)
    return;
  pk_sim_server_set_clock (server);
  if (pk_sim_chance_toss (chance, 0.4))
    pk_store_visit (server->store, pk_entity_by_id (PK_ENTITY_ABSENCE), keep_first, &absence, NULL);
  if (absence == NULL)
    {
      PkId id = pk_id_source_next (server->ids);
      absence = pk_record_new (pk_entity_by_id (PK_ENTITY_ABSENCE), &id);
      pk_record_set_ref (absence,
                         PK_ABSENCE_PERSON_ID,
                         &town->persons[pk_sim_chance_below (chance, 4)]);
      pk_record_set_int (absence, PK_ABSENCE_STARTS_AT, world->now_us - PK_SIM_HOUR);
    }
  pk_record_set_ref (absence,
                     PK_ABSENCE_SUBSTITUTE_ID,
                     &town->persons[pk_sim_chance_below (chance, 4)]);
  pk_record_set_int (absence,
                     PK_ABSENCE_KIND,
                     pk_sim_chance_toss (chance, 0.5) ? PK_ABSENCE_KIND_SICKNESS : 0);
  pk_sim_world_tell (world, "operator: somebody is away");
  pk_sim_town_import (server, absence, NULL);
  pk_sim_server_survive (server);
  pk_sim_oracle_observe (world->oracle);
}
