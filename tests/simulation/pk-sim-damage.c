/*
 * Repair:
 *   9   nobody repairs what is as it should be: a repair begins where something was damaged, or where the server lost time; it ends
 *       in at most log16 (n) + 1 rounds
 */
#include "config.h"

#include "pk-sim-damage.h"

#include "pk-model-tables.h"
#include "pk-service-write.h"
#include "pk-sim-oracle.h"
#include "pk-sim-town.h"
#include "pk-store-records.h"
#include "pk-writer-private.h"

/* No scope here has more records than are sent whole at once; the one more is for what changes meanwhile. */
#define MOST_ROUNDS 2

/**
 * pk_sim_oracle_check_repair:
 *
 * Looks at a question before it is asked.
 */
void
pk_sim_oracle_check_repair (PkSimOracle *self, PkSimClient *client, const PkPullRequest *request)
{
  if (g_strcmp0 (request->repair, client->repaired) != 0)
    {
      client->n_rounds = 0;
      g_free (client->repaired);
      client->repaired = g_strdup (request->repair);
    }
  if (request->repair == NULL)
    return;
  if (!client->is_damaged && !self->has_restored)
    pk_sim_world_fail (self->world,
                       "9: client %u repairs %s, where nothing was damaged",
                       client->number,
                       request->repair);
}

/**
 * pk_sim_oracle_note_round:
 *
 * An answer to a question that was about a repair has been applied.
 */
void
pk_sim_oracle_note_round (PkSimOracle *self, PkSimClient *client, const PkPullRequest *request)
{
  if (request->repair == NULL)
    return;
  client->n_rounds++;
  pk_sim_world_tell (self->world,
                     "client %u: round %u of the repair of %s, %u ranges",
                     client->number,
                     client->n_rounds,
                     request->repair,
                     request->ranges->len);
  if (client->n_rounds <= MOST_ROUNDS)
    return;
  pk_sim_world_fail (self->world,
                     "9: client %u repairs %s in more than %u rounds",
                     client->number,
                     request->repair,
                     MOST_ROUNDS);
}

typedef struct
{
  const PkEntity *entity;
  PkId id;
  gint64 seq;
} Member;

static gboolean
pick_member (PkSimClient *client, gint64 scope, PkSimChance *chance, Member *member)
{
  PkStatement *query = pk_sql_prepare (
      client->writer->sql,
      "SELECT entity, id, seq FROM member WHERE scope = ?1 ORDER BY abs (seq * ?2 % 97) LIMIT 1",
      NULL);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_int (query, 1, scope);
  pk_statement_bind_int (query, 2, 1 + pk_sim_chance_below (chance, 96));
  gboolean is_there = pk_statement_next (query, NULL);
  if (is_there)
    {
      member->entity = pk_entity_by_id ((guint) pk_statement_get_int (query, 0));
      pk_statement_get_id (query, 1, &member->id);
      member->seq = pk_statement_get_int (query, 2);
    }
  pk_statement_reset (query);
  return is_there;
}

/* The replica has it of another number than the server, and believes that. */
static gboolean
set_back (PkWriter *writer, PkHeldScope *scope, const Member *member)
{
  PkStatement *update = pk_sql_prepare (
      writer->sql,
      "UPDATE member SET seq = seq - 1 WHERE entity = ?1 AND id = ?2 AND scope = ?3",
      NULL);

  if (update == NULL)
    return FALSE;
  pk_statement_bind_int (update, 1, member->entity->id);
  pk_statement_bind_id (update, 2, &member->id);
  pk_statement_bind_int (update, 3, scope->number);
  pk_fingerprint_subtract (&scope->fingerprint, member->entity->id, &member->id, member->seq);
  pk_fingerprint_add (&scope->fingerprint, member->entity->id, &member->id, member->seq - 1);
  scope->is_dirty = TRUE;
  return pk_statement_run (update, NULL);
}

static gboolean
spoil (PkSimClient *client, GPtrArray *scopes, PkSimChance *chance)
{
  PkHeldScope *scope = scopes->pdata[pk_sim_chance_below (chance, scopes->len)];
  PkWriter *writer = client->writer;
  Member member;

  if (g_str_has_prefix (scope->name, "role/") ||
      !pick_member (client, scope->number, chance, &member))
    return FALSE;
  pk_sim_world_tell (client->world,
                     "client %u: its %s in %s is damaged",
                     client->number,
                     member.entity->name,
                     scope->name);
  return (pk_sim_chance_toss (chance, 0.5)
              ? set_back (writer, scope, &member)
              : pk_members_leave (writer, scope, member.entity, &member.id, NULL)) &&
         pk_members_save_scopes (writer, scopes, NULL);
}

/**
 * pk_sim_damage_client:
 *
 * A fault of the program, or of the machine, has lost or set back a record of a replica, and the replica's own sums agree.
 */
void
pk_sim_damage_client (PkSimWorld *world, PkSimChance *chance)
{
  PkSimClient *client = world->clients[pk_sim_chance_below (chance, world->n_clients)];

  if (client->writer == NULL)
    return;
  g_autoptr (GPtrArray) scopes = pk_members_load_scopes (client->writer, NULL);
  if (scopes == NULL || scopes->len == 0 || !pk_writer_begin (client->writer, NULL))
    return;
  client->is_damaged = TRUE;
  if (spoil (client, scopes, chance))
    pk_writer_commit (client->writer, NULL);
  else
    pk_writer_rollback (client->writer);
  pk_sim_client_survive (client);
}

static PkRecord *
new_task (PkSimWorld *world)
{
  PkId id = pk_id_source_next (world->server->ids);
  PkRecord *task = pk_record_new (pk_entity_by_id (PK_ENTITY_TASK), &id);

  pk_record_set_text (task, PK_TASK_TITLE, "In the calm");
  pk_record_set_int (task, PK_TASK_KIND, PK_TASK_KIND_TASK);
  pk_record_set_int (task, PK_TASK_PRIORITY, PK_TASK_PRIORITY_NORMAL);
  pk_record_set_int (task, PK_TASK_STATUS, PK_TASK_STATUS_NEW);
  pk_record_set_int (task, PK_TASK_IS_OPEN, TRUE);
  pk_record_set_int (task, PK_TASK_CHANNEL, PK_CHANNEL_INTERNAL);
  pk_record_set_int (task, PK_TASK_CONFIDENTIALITY, PK_CONFIDENTIALITY_OPEN);
  pk_record_set_int (task, PK_TASK_CREATED_AT, world->now_us);
  return task;
}

/* One record more in each scope, since only what has changed is compared. */
static void
add_to_all (PkSimWorld *world)
{
  PkSimTown *town = world->town;
  guint n = MAX (PK_SIM_N_PERSONS, PK_SIM_N_UNITS);

  for (guint i = 0; i < n; i++)
    {
      PkRecord *task = new_task (world);
      if (i < PK_SIM_N_UNITS)
        pk_record_set_ref (task, PK_TASK_UNIT_ID, &town->units[i]);
      if (i < PK_SIM_N_BUILDINGS)
        pk_record_set_ref (task, PK_TASK_BUILDING_ID, &town->buildings[i]);
      if (i < PK_SIM_N_PERSONS)
        pk_record_set_ref (task, PK_TASK_ASSIGNEE_ID, &town->persons[i]);
      pk_sim_town_import (world->server, task, NULL);
    }
  PkRecord *unit =
      pk_store_find (world->server->store, pk_entity_by_id (PK_ENTITY_UNIT), &town->units[3], NULL);
  pk_record_set_text (unit, PK_UNIT_NAME, "Unit of the calm");
  pk_sim_town_import (world->server, unit, NULL);
}

/**
 * pk_sim_damage_make_news:
 *
 * In the calm: something that all hear of, so that those who were damaged compare what they have.
 */
void
pk_sim_damage_make_news (PkSimWorld *world)
{
  if (world->server->store == NULL)
    return;
  pk_sim_server_set_clock (world->server);
  add_to_all (world);
  pk_sim_oracle_observe (world->oracle);
}
