/* The devices of a load: made in the store before the server runs, and looked for in it after. */
#include "config.h"

#include "pk-load-clients.h"

#include "pk-feed.h"
#include "pk-model-tables.h"
#include "pk-service-import.h"
#include "pk-service-tokens.h"
#include "pk-store-devices.h"
#include "pk-store-grants.h"
#include "pk-store-log.h"
#include "pk-store-meta.h"
#include "pk-store-records.h"

#include <gio/gio.h>

typedef struct
{
  PkStore *store;
  PkService *service;
  PkIdSource *ids;
  GPtrArray *clients;
  guint most;
  gboolean has_nothing; /* no client has pulled before */
} Making;

static void
free_client (gpointer data)
{
  PkLoadClient *self = data;

  pk_load_close (self->events);
  pk_load_close (self->rest);
  g_free (self->token);
  g_string_free (self->pull, TRUE);
  g_string_free (self->line, TRUE);
  g_string_free (self->verdict, TRUE);
  g_array_unref (self->acknowledged);
  g_free (self);
}

static PkLoadClient *
new_client (const PkId *person)
{
  PkLoadClient *client = g_new0 (PkLoadClient, 1);

  client->person = *person;
  client->pull = g_string_new (NULL);
  client->line = g_string_new (NULL);
  client->verdict = g_string_new (NULL);
  client->acknowledged = g_array_new (FALSE, FALSE, sizeof (PkId));
  return client;
}

/* What somebody asks who has everything up to now, or nothing yet. */
static gboolean
write_pull (Making *self, PkLoadClient *client, GError **error)
{
  g_autoptr (GPtrArray) granted = pk_store_get_grants (self->store, &client->person, error);
  g_autoptr (PkPullRequest) request = pk_pull_request_new ();
  gint64 seq;

  if (granted == NULL || !pk_store_get_epoch (self->store, &request->epoch, error) ||
      !pk_store_get_seq (self->store, &seq, error) ||
      !pk_store_get_grant_epoch (self->store, &client->person, &request->grants, error))
    return FALSE;
  request->device = client->device;
  for (guint i = 0; i < granted->len; i++)
    pk_pull_request_add (request,
                         ((PkStoreScope *) granted->pdata[i])->name,
                         self->has_nothing ? 0 : seq);
  pk_pull_request_append_json (client->pull, request);
  return TRUE;
}

static gboolean
make_device (Making *self, PkLoadClient *client, GError **error)
{
  PkId family = pk_id_source_next (self->ids);
  g_autoptr (PkTokenPair) tokens = pk_service_make_tokens (self->service,
                                                           &family,
                                                           &client->person,
                                                           &client->device,
                                                           "load",
                                                           error);

  if (tokens == NULL)
    return FALSE;
  client->token = g_strdup (tokens->access);
  client->device = tokens->device;
  return write_pull (self, client, error);
}

static gboolean
collect_cb (PkRecord *person, gpointer data)
{
  Making *self = data;

  const PkId *unit = pk_record_get_ref (person, PK_PERSON_UNIT_ID);

  if (!pk_record_get_int (person, PK_PERSON_IS_ACTIVE, 0))
    return TRUE;
  PkLoadClient *client = new_client (pk_record_get_id (person));
  if (unit != NULL)
    client->unit = *unit;
  g_ptr_array_add (self->clients, client);
  return self->clients->len < self->most;
}

static gboolean
make_clients (Making *self, const PkId *person, GError **error)
{
  if (person != NULL)
    g_ptr_array_add (self->clients, new_client (person));
  else if (!pk_service_visit (self->service, PK_ENTITY_PERSON, collect_cb, self, error))
    return FALSE;
  for (guint i = 0; i < self->clients->len; i++)
    if (!make_device (self, self->clients->pdata[i], error))
      return FALSE;
  return TRUE;
}

static GPtrArray *
make (PkBenchTown *town, guint n, const PkId *person, GError **error)
{
  g_autoptr (PkClock) clock = pk_clock_new_system ();
  g_autoptr (PkIdSource) ids = pk_id_source_new (clock);
  g_autoptr (PkStore) store = pk_store_open (town->dir, PK_STORE_READ_WRITE, ids, error);
  g_autoptr (GPtrArray) clients = g_ptr_array_new_with_free_func (free_client);

  if (store == NULL)
    return NULL;
  g_autoptr (PkService) service = pk_service_new (store, clock, ids);
  Making making = { store, service, ids, clients, n, person != NULL };
  return make_clients (&making, person, error) ? g_steal_pointer (&clients) : NULL;
}

/**
 * pk_load_clients_new:
 * @n: how many there should be; there are no more than the town has persons
 *
 * Makes a device with a token for each of the first persons, all of which have pulled what there is.
 *
 * Returns: (transfer full) (nullable) (element-type PkLoadClient): the devices
 */
GPtrArray *
pk_load_clients_new (PkBenchTown *town, guint n, GError **error)
{
  return make (town, n, NULL, error);
}

/**
 * pk_load_clients_new_leader:
 *
 * Makes one device, of the person who sees all tasks; it has pulled nothing yet.
 *
 * Returns: (transfer full) (nullable) (element-type PkLoadClient): the device
 */
GPtrArray *
pk_load_clients_new_leader (PkBenchTown *town, GError **error)
{
  return make (town, 1, &town->person, error);
}

static void
fill_task (PkMutation *push, const PkId *unit)
{
  pk_values_take (push->fields, PK_TASK_TITLE, pk_value_text ("A door that does not close"));
  pk_values_take (push->fields, PK_TASK_KIND, pk_value_int (0));
  pk_values_take (push->fields, PK_TASK_PRIORITY, pk_value_int (0));
  pk_values_take (push->fields, PK_TASK_STATUS, pk_value_int (0));
  pk_values_take (push->fields, PK_TASK_CHANNEL, pk_value_int (0));
  pk_values_take (push->fields, PK_TASK_CONFIDENTIALITY, pk_value_int (0));
  pk_values_take (push->fields, PK_TASK_CREATED_AT, pk_value_int (g_get_real_time ()));
  if (!pk_id_is_null (unit))
    pk_values_take (push->fields, PK_TASK_UNIT_ID, pk_value_id (unit));
}

/**
 * pk_load_client_write_push:
 *
 * Writes the next mutation of the client: a new task, and then three changes of it.
 */
void
pk_load_client_write_push (PkLoadClient *self, PkIdSource *ids)
{
  gboolean is_new = self->n % 4 == 0;
  const PkEntity *task = pk_entity_by_id (PK_ENTITY_TASK);

  if (is_new)
    self->record = pk_id_source_next (ids);
  g_autoptr (PkMutation)
      push = pk_mutation_new (is_new ? PK_OP_CREATE : PK_OP_SET, task, NULL, &self->record);
  push->n = ++self->n;
  push->id = self->sent = pk_id_source_next (ids);
  push->prev = self->prev;
  push->at_us = g_get_real_time ();
  if (is_new)
    fill_task (push, &self->unit);
  else
    {
      g_autofree char *text = g_strdup_printf ("The carpenter, change %" G_GINT64_FORMAT, self->n);
      pk_values_take (push->fields, PK_TASK_WAITING_FOR, pk_value_text (text));
    }
  self->prev = push->id;
  g_string_set_size (self->line, 0);
  pk_mutation_append_json (self->line, push);
  g_string_append_c (self->line, '\n');
}

typedef struct
{
  GHashTable *effects; /* (owned): id of a mutation → how often the history tells of it */
} History;

static gboolean
count_cb (PkRecord *row, gpointer data)
{
  History *self = data;
  const PkId *id = pk_record_get_ref (row, PK_HISTORY_MUTATION_ID);

  if (id == NULL)
    return TRUE;
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->effects, id));
  g_hash_table_insert (self->effects, g_memdup2 (id, sizeof *id), GUINT_TO_POINTER (n + 1));
  return TRUE;
}

static gboolean
check_client (PkStore *store, History *history, const PkLoadClient *client, GError **error)
{
  g_autoptr (GPtrArray)
      verdicts = pk_store_list_verdicts (store, &client->device, 0, G_MAXINT, error);

  if (verdicts == NULL)
    return FALSE;
  for (guint i = 0; i < client->acknowledged->len; i++)
    {
      const PkId *id = &g_array_index (client->acknowledged, PkId, i);
      const PkVerdict *verdict = i < verdicts->len ? verdicts->pdata[i] : NULL;
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (history->effects, id));
      if (verdict != NULL && pk_id_equal (&verdict->id, id) && n == 1)
        continue;
      g_set_error (error,
                   G_IO_ERROR,
                   G_IO_ERROR_FAILED,
                   "Mutation %u of a device was acknowledged, and took effect %u times",
                   i + 1,
                   n);
      return FALSE;
    }
  return TRUE;
}

/**
 * pk_load_clients_check:
 *
 * Looks whether each mutation that was acknowledged has its verdict and took effect exactly once. The server must have ended.
 *
 * Returns: %TRUE if it is so
 */
gboolean
pk_load_clients_check (PkBenchTown *town, GPtrArray *clients, GError **error)
{
  g_autoptr (PkClock) clock = pk_clock_new_system ();
  g_autoptr (PkIdSource) ids = pk_id_source_new (clock);
  g_autoptr (PkStore) store = pk_store_open (town->dir, PK_STORE_READ_WRITE, ids, error);
  g_autoptr (GHashTable) effects = g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, NULL);
  History history = { effects };

  if (store == NULL ||
      !pk_store_visit (store, pk_entity_by_id (PK_ENTITY_HISTORY), count_cb, &history, error))
    return FALSE;
  for (guint i = 0; i < clients->len; i++)
    if (!check_client (store, &history, clients->pdata[i], error))
      return FALSE;
  return TRUE;
}
