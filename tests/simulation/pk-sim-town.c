/* See the header. */
#include "config.h"

#include "pk-sim-town.h"

#include "pk-service-import.h"
#include "pk-service-push.h"
#include "pk-sim-client.h"
#include "pk-sim-oracle.h"
#include "pk-sim-server.h"

#define START_US              G_GINT64_CONSTANT (1795000000000000)
#define N_ROUNDS_OF_SNAPSHOTS 4 /* of two each */

/**
 * pk_sim_town_get_owner:
 *
 * Returns: (transfer none): whose device it is
 */
const PkId *
pk_sim_town_get_owner (PkSimTown *self, guint client)
{
  return &self->persons[client == 3 ? 1 : client];
}

/**
 * pk_sim_town_import:
 * @record: (transfer full)
 *
 * Writes a record as an operator would.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_sim_town_import (PkSimServer *server, PkRecord *record, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);

  g_ptr_array_add (records, record);
  return pk_service_import_records (server->service,
                                    records,
                                    NULL,
                                    server->world->now_us,
                                    PK_IMPORT_KEEP_SERVER_FIELDS | PK_IMPORT_WITH_HISTORY,
                                    error);
}

static void
import (PkSimServer *server, PkRecord *record)
{
  g_autoptr (GError) error = NULL;

  if (!pk_sim_town_import (server, record, &error))
    g_error ("The town cannot be made: %s", error->message);
}

static PkRecord *
new_record (PkSimServer *server, guint entity, PkId *id_out)
{
  *id_out = pk_id_source_next (server->ids);
  return pk_record_new (pk_entity_by_id (entity), id_out);
}

static void
make_units (PkSimTown *self, PkSimServer *server)
{
  for (guint i = 0; i < PK_SIM_N_UNITS; i++)
    {
      PkRecord *unit = new_record (server, PK_ENTITY_UNIT, &self->units[i]);
      pk_record_set_text (unit, PK_UNIT_NAME, "Unit");
      pk_record_set_int (unit, PK_UNIT_KIND, PK_UNIT_KIND_UNIT);
      if (i == 1 || i == 2)
        pk_record_set_ref (unit, PK_UNIT_PARENT_ID, &self->units[0]);
      if (i < 2)
        pk_record_set_ref (unit, PK_UNIT_LEADER_ID, &self->persons[i]);
      import (server, unit);
    }
}

static void
make_persons (PkSimTown *self, PkSimServer *server)
{
  static const guint works_in[] = { 0, 1, 2, 1, 3 };

  for (guint i = 0; i < PK_SIM_N_PERSONS; i++)
    {
      PkRecord *person = pk_record_new (pk_entity_by_id (PK_ENTITY_PERSON), &self->persons[i]);
      pk_record_set_text (person, PK_PERSON_NAME, "Person");
      pk_record_set_ref (person, PK_PERSON_UNIT_ID, &self->units[works_in[i]]);
      pk_record_set_int (person, PK_PERSON_IS_ACTIVE, TRUE);
      import (server, person);
    }
}

static void
make_buildings (PkSimTown *self, PkSimServer *server)
{
  for (guint i = 0; i < PK_SIM_N_BUILDINGS; i++)
    {
      PkRecord *building = new_record (server, PK_ENTITY_BUILDING, &self->buildings[i]);
      pk_record_set_text (building, PK_BUILDING_NAME, "Building");
      pk_record_set_int (building, PK_BUILDING_USE, PK_BUILDING_USE_SCHOOL);
      pk_record_set_int (building, PK_BUILDING_STATUS, PK_BUILDING_STATUS_IN_USE);
      if (i == 0)
        pk_record_set_ref (building, PK_BUILDING_CARETAKER_ID, &self->persons[2]);
      import (server, building);
    }
}

static void
make_tasks (PkSimTown *self, PkSimServer *server)
{
  for (guint i = 0; i < PK_SIM_N_TASKS; i++)
    {
      PkRecord *task = new_record (server, PK_ENTITY_TASK, &self->tasks[i]);
      g_autofree char *title = g_strdup_printf ("First %c", 'a' + (char) i);
      pk_record_set_text (task, PK_TASK_TITLE, title);
      pk_record_set_int (task, PK_TASK_KIND, PK_TASK_KIND_TASK);
      pk_record_set_int (task, PK_TASK_PRIORITY, PK_TASK_PRIORITY_NORMAL);
      pk_record_set_int (task, PK_TASK_STATUS, PK_TASK_STATUS_NEW);
      pk_record_set_int (task, PK_TASK_IS_OPEN, TRUE);
      pk_record_set_int (task, PK_TASK_CHANNEL, PK_CHANNEL_INTERNAL);
      pk_record_set_int (task, PK_TASK_CONFIDENTIALITY, PK_CONFIDENTIALITY_OPEN);
      pk_record_set_int (task, PK_TASK_CREATED_AT, server->world->now_us);
      pk_record_set_ref (task, PK_TASK_UNIT_ID, &self->units[i % 3]);
      if (i % 2 == 0)
        pk_record_set_ref (task, PK_TASK_BUILDING_ID, &self->buildings[i / 2 % 2]);
      if (i % 4 == 1)
        pk_record_set_ref (task, PK_TASK_ASSIGNEE_ID, &self->persons[i / 4]);
      import (server, task);
    }
}

static void
make_municipality (PkSimTown *self, PkSimServer *server)
{
  PkId id;

  for (guint i = 0; i < PK_SIM_N_PERSONS; i++)
    self->persons[i] = pk_id_source_next (server->ids);
  make_units (self, server);
  make_persons (self, server);
  make_buildings (self, server);
  PkRecord *membership = new_record (server, PK_ENTITY_MEMBERSHIP, &id);
  pk_record_set_ref (membership, PK_MEMBERSHIP_PERSON_ID, &self->persons[4]);
  pk_record_set_text (membership, PK_MEMBERSHIP_ROLE_CODE, "administrator");
  import (server, membership);
  make_tasks (self, server);
}

static void
sign_in (PkSimTown *self, PkSimServer *server, guint client)
{
  PkSimAnswer *tokens = pk_sim_answer_new (200);
  PkId none = { { 0 } };

  if (!pk_sim_server_sign_in (server, pk_sim_town_get_owner (self, client), &none, tokens))
    g_error ("Nobody can sign in");
  self->access[client] = g_strdup (tokens->body->str);
  self->refresh[client] = g_strdup (tokens->refresh);
  self->devices[client] = tokens->device;
  pk_sim_answer_free (tokens);
}

static void
save_all (PkSimTown *self, PkSimWorld *world, PkSimImage **images)
{
  for (guint i = 0; i < PK_SIM_MOST_CLIENTS; i++)
    {
      pk_sim_client_stop (world->clients[i]);
      images[i] = pk_sim_disk_save (self->disks[i]);
    }
}

static void
let_all_sync (PkSimTown *self, PkSimWorld *world)
{
  for (guint i = 0; i < PK_SIM_MOST_CLIENTS; i++)
    pk_sim_client_start (world->clients[i]);
  save_all (self, world, self->fresh);
  for (guint i = 0; i < PK_SIM_MOST_CLIENTS; i++)
    pk_sim_client_start (world->clients[i]);
  for (gint64 until_us = world->now_us + 20 * PK_SIM_SECOND; pk_sim_world_next (world, until_us);)
    ;
  for (guint i = 0; i < PK_SIM_MOST_CLIENTS; i++)
    for (gboolean has_more = TRUE; has_more;)
      if (!pk_writer_do_upkeep (world->clients[i]->writer, &has_more, NULL))
        g_error ("The replicas cannot be made");
  save_all (self, world, self->complete);
  for (guint i = 0; i < PK_SIM_MOST_CLIENTS; i++)
    self->contacts_us[i] = world->clients[i]->contact_us;
}

static void
make_devices (PkSimTown *self, PkSimWorld *world)
{
  for (guint i = 0; i < PK_SIM_MOST_CLIENTS; i++)
    {
      g_autofree char *name = g_strdup_printf ("client%u", i);
      self->disks[i] = pk_sim_disk_new (name);
      sign_in (self, world->server, i);
      world->clients[i] =
          pk_sim_client_new (world, i, self->disks[i], pk_sim_town_get_owner (self, i));
      world->clients[i]->access = g_strdup (self->access[i]);
      world->clients[i]->refresh = g_strdup (self->refresh[i]);
      world->clients[i]->account_device = self->devices[i];
      world->n_clients++;
    }
}

static PkSimImage *
save_server (PkSimTown *self, PkSimWorld *world)
{
  g_clear_pointer (&world->server, pk_sim_server_free);
  return pk_sim_disk_save (self->server_disk);
}

static void
start_server (PkSimTown *self, PkSimWorld *world)
{
  world->server = pk_sim_server_new (world, self->server_disk);
  if (!pk_sim_server_start (world->server))
    g_error ("The server does not start");
}

/**
 * pk_sim_town_new:
 *
 * Returns: (transfer full): the beginning of all schedules of this process
 */
PkSimTown *
pk_sim_town_new (void)
{
  PkSimTown *self = g_new0 (PkSimTown, 1);
  PkSimWish wish = { .seed = 1, .without_faults = G_MAXUINT64 };
  g_autoptr (PkSimWorld) world = pk_sim_world_new (self, &wish);

  self->start_us = START_US;
  world->now_us = START_US;
  self->zone = g_time_zone_new_identifier ("Europe/Oslo");
  self->server_disk = pk_sim_disk_new ("server");
  start_server (self, world);
  world->oracle = pk_sim_oracle_new (world);
  make_municipality (self, world->server);
  pk_sim_oracle_server_started (world->oracle);
  make_devices (self, world);
  let_all_sync (self, world);
  if (!pk_service_upkeep (world->server->service, NULL))
    g_error ("The server's upkeep fails");
  self->server_image = save_server (self, world);
  start_server (self, world);
  for (guint i = 0; i < N_ROUNDS_OF_SNAPSHOTS; i++)
    pk_sim_server_make_snapshots (world->server);
  self->server_with_snapshots = save_server (self, world);
  self->start_us = world->now_us;
  if (world->failure != NULL)
    g_error ("The town is not as it should be: %s", world->failure);
  return self;
}

/**
 * pk_sim_town_free:
 *
 * Ends all.
 */
void
pk_sim_town_free (PkSimTown *self)
{
  for (guint i = 0; i < PK_SIM_MOST_CLIENTS; i++)
    {
      pk_sim_image_free (self->fresh[i]);
      pk_sim_image_free (self->complete[i]);
      pk_sim_disk_free (self->disks[i]);
      g_free (self->access[i]);
      g_free (self->refresh[i]);
    }
  pk_sim_image_free (self->server_image);
  pk_sim_image_free (self->server_with_snapshots);
  g_time_zone_unref (self->zone);
  pk_sim_disk_free (self->server_disk);
  g_free (self);
}

/**
 * pk_sim_town_populate:
 * @fresh: bits: clients that were just installed
 *
 * Puts the server and the devices in their places and starts the server.
 */
void
pk_sim_town_populate (PkSimTown *self,
                      PkSimWorld *world,
                      PkSimTownKind kind,
                      guint n_clients,
                      guint fresh)
{
  world->now_us = self->start_us;
  pk_sim_disk_load (self->server_disk,
                    kind == PK_SIM_TOWN_PLAIN ? self->server_image : self->server_with_snapshots);
  pk_sim_disk_boot (self->server_disk, FALSE, &world->chance);
  world->server = pk_sim_server_new (world, self->server_disk);
  world->oracle = pk_sim_oracle_new (world);
  if (!pk_sim_server_start (world->server))
    g_error ("The server does not start");
  pk_sim_oracle_server_started (world->oracle);
  for (guint i = 0; i < n_clients; i++)
    {
      pk_sim_disk_load (self->disks[i], fresh >> i & 1 ? self->fresh[i] : self->complete[i]);
      pk_sim_disk_boot (self->disks[i], FALSE, &world->chance);
      PkSimClient *client =
          pk_sim_client_new (world, i, self->disks[i], pk_sim_town_get_owner (self, i));
      client->access = g_strdup (self->access[i]);
      client->refresh = g_strdup (self->refresh[i]);
      client->account_device = self->devices[i];
      client->contact_us = fresh >> i & 1 ? 0 : self->contacts_us[i];
      world->clients[i] = client;
      world->n_clients++;
    }
}
