/*
 * The server of the simulation. The door says the same as backend/http/pk-api-sync.c and pk-http-auth.c, with the same functions of the
 * service behind it; what is left out is HTTP itself. Kills strike at the disk: when it is dead after a call, the server dies.
 */
#include "config.h"

#include "pk-sim-server.h"

#include "pk-problem.h"
#include "pk-service-push.h"
#include "pk-service-tokens.h"
#include "pk-sim-client.h"
#include "pk-sim-oracle.h"
#include "pk-snapshot.h"
#include "pk-sql.h"
#include "pk-store-backup.h"
#include "pk-store-meta.h"
#include "pk-sync-pull.h"

#include <string.h>

#define SERVER_FOLDER  PK_SIM_ROOT "server/store"
#define LEAST_SNAPSHOT 3

typedef struct
{
  guint client;
  guint life;
  guint request;
} Listener;

/**
 * pk_sim_request_new:
 *
 * Returns: (transfer full): an empty request
 */
PkSimRequest *
pk_sim_request_new (PkSimRequestKind kind)
{
  PkSimRequest *self = g_new0 (PkSimRequest, 1);

  self->n_refs = 1;
  self->kind = kind;
  self->body = g_string_new (NULL);
  return self;
}

/**
 * pk_sim_request_ref:
 *
 * Returns: (transfer full): @self
 */
PkSimRequest *
pk_sim_request_ref (PkSimRequest *self)
{
  self->n_refs++;
  return self;
}

/**
 * pk_sim_request_unref:
 *
 * Gives up one reference.
 */
void
pk_sim_request_unref (PkSimRequest *self)
{
  if (--self->n_refs > 0)
    return;
  g_string_free (self->body, TRUE);
  g_free (self->token);
  g_free (self->sha256);
  g_free (self);
}

/**
 * pk_sim_answer_new:
 *
 * Returns: (transfer full): an empty answer of ours
 */
PkSimAnswer *
pk_sim_answer_new (guint status)
{
  PkSimAnswer *self = g_new0 (PkSimAnswer, 1);

  self->is_ours = TRUE;
  self->status = status;
  self->body = g_string_new (NULL);
  return self;
}

/**
 * pk_sim_answer_free:
 *
 * Frees it.
 */
void
pk_sim_answer_free (PkSimAnswer *self)
{
  g_string_free (self->body, TRUE);
  g_free (self->refresh);
  g_free (self);
}

/**
 * pk_sim_server_new:
 *
 * Returns: (transfer full): a server that is down
 */
PkSimServer *
pk_sim_server_new (PkSimWorld *world, PkSimDisk *disk)
{
  PkSimServer *self = g_new0 (PkSimServer, 1);

  self->world = world;
  self->disk = disk;
  self->listeners = g_array_new (FALSE, FALSE, sizeof (Listener));
  return self;
}

static void
stop (PkSimServer *self)
{
  g_clear_pointer (&self->service, pk_service_free);
  g_clear_pointer (&self->store, pk_store_close);
  g_array_set_size (self->listeners, 0);
}

/**
 * pk_sim_server_free:
 *
 * Ends it.
 */
void
pk_sim_server_free (PkSimServer *self)
{
  stop (self);
  g_clear_pointer (&self->ids, pk_id_source_unref);
  g_clear_pointer (&self->clock, pk_clock_unref);
  g_clear_pointer (&self->backup, pk_sim_image_free);
  g_array_unref (self->listeners);
  g_free (self);
}

/**
 * pk_sim_server_set_clock:
 *
 * Moves the server's clock to the world's time, as wrong as it is.
 */
void
pk_sim_server_set_clock (PkSimServer *self)
{
  gint64 right_us = self->world->now_us + self->clock_off_us;

  pk_clock_advance (self->clock, right_us - self->clock_us);
  self->clock_us = right_us;
}

/**
 * pk_sim_server_start:
 *
 * Opens the store.
 *
 * Returns: %TRUE if it runs
 */
gboolean
pk_sim_server_start (PkSimServer *self)
{
  g_autoptr (GError) error = NULL;

  self->life++;
  if (self->clock == NULL)
    {
      self->clock_us = self->world->now_us;
      self->clock = pk_clock_new_manual (self->clock_us);
      self->ids = pk_id_source_new_seeded (self->clock, pk_sim_chance_draw (&self->world->chance));
    }
  self->store = pk_store_open (SERVER_FOLDER, PK_STORE_READ_WRITE, self->ids, &error);
  if (self->store != NULL)
    self->service = pk_service_new (self->store, self->clock, self->ids);
  else
    pk_sim_world_tell (self->world, "server: does not start: %s", error->message);
  return self->store != NULL;
}

static void
start_again (PkSimWorld *world, G_GNUC_UNUSED gpointer data)
{
  PkSimServer *self = world->server;

  if (self->store != NULL)
    return;
  pk_sim_disk_boot (self->disk, self->is_going_to_lose_power, &world->chance);
  self->is_going_to_lose_power = FALSE;
  if (pk_sim_server_start (self))
    pk_sim_oracle_server_started (world->oracle);
  else
    pk_sim_world_fail (world, "12: the server does not start again");
}

/**
 * pk_sim_server_die:
 *
 * The process dies, and is started again after a while.
 */
void
pk_sim_server_die (PkSimServer *self)
{
  PkSimWorld *world = self->world;

  if (self->store == NULL)
    return;
  pk_sim_disk_kill (self->disk);
  self->is_going_to_lose_power = pk_sim_world_strikes (world, PK_SIM_FAULT_POWER_CUT);
  pk_sim_world_tell (world, "server: dies");
  stop (self);
  pk_sim_world_at (world,
                   pk_sim_chance_below (&world->chance, 20) * PK_SIM_SECOND,
                   start_again,
                   NULL,
                   NULL);
}

/**
 * pk_sim_server_survive:
 *
 * After each call: where the disk died in it, so does the process.
 */
void
pk_sim_server_survive (PkSimServer *self)
{
  if (pk_sim_disk_is_dead (self->disk))
    pk_sim_server_die (self);
}

static PkSimAnswer *
fail (const GError *error, const char *name, const char *value)
{
  guint status = 500;
  g_autofree char *json = NULL;
  g_autoptr (GError) internal = NULL;

  if (error->domain != PK_PROBLEM_ERROR)
    pk_problem_set (&internal,
                    g_error_matches (error, PK_SQL_ERROR, PK_SQL_ERROR_FULL) ? PK_PROBLEM_NO_SPACE
                                                                             : PK_PROBLEM_INTERNAL,
                    NULL,
                    "%s",
                    error->message);
  json = pk_problem_to_json (internal ? internal : error, &status);
  PkSimAnswer *answer = pk_sim_answer_new (status);
  g_string_assign (answer->body, json);
  if (name != NULL)
    {
      g_string_truncate (answer->body, answer->body->len - 1);
      g_string_append_printf (answer->body, ",\"%s\":%s}", name, value);
    }
  return answer;
}

/* With what the client needs to go on. */
static PkSimAnswer *
fail_with_help (PkSimServer *self, const PkTokenAccess *access, const GError *error)
{
  char text[PK_ID_TEXT_LENGTH + 1];
  PkId epoch;

  if (g_error_matches (error, PK_PROBLEM_ERROR, PK_PROBLEM_FORKED))
    {
      g_autofree char *device = g_strdup_printf ("\"%s\"", pk_id_to_text (&access->device, text));
      return fail (error, "device", device);
    }
  if (!g_error_matches (error, PK_PROBLEM_ERROR, PK_PROBLEM_EPOCH) ||
      !pk_store_get_epoch (self->store, &epoch, NULL))
    return fail (error, NULL, NULL);
  g_autofree char *value = g_strdup_printf ("\"%s\"", pk_id_to_text (&epoch, text));
  return fail (error, "epoch", value);
}

static gboolean
check_device (const PkTokenAccess *access, const PkId *device, GError **error)
{
  if (pk_id_equal (device, &access->device))
    return TRUE;
  pk_problem_set (error, PK_PROBLEM_FORKED, "/device", "The token belongs to another device");
  return FALSE;
}

static gboolean
check_epoch (PkSimServer *self, const PkId *epoch, GError **error)
{
  PkId own;

  if (pk_id_is_null (epoch))
    return TRUE;
  if (!pk_store_get_epoch (self->store, &own, error))
    return FALSE;
  if (!pk_id_equal (&own, epoch))
    pk_problem_set (error, PK_PROBLEM_EPOCH, "/epoch", "The server's history is another one");
  return pk_id_equal (&own, epoch);
}

static gboolean
is_poison (const char *line, gsize size, const char *word)
{
  return g_strstr_len (line, (gssize) size, word) != NULL;
}

static GPtrArray *
read_mutations (const GString *body, GError **error)
{
  g_autoptr (GPtrArray)
      mutations = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
  const char *text = body->str;
  gsize size = body->len;

  while (size > 0)
    {
      const char *end = memchr (text, '\n', size);
      gsize length = end != NULL ? (gsize) (end - text) : size;
      /* What a server with a fault would do: it cannot read a line, or falls over it. */
      if (is_poison (text, length, "unreadable"))
        {
          pk_problem_set (error, PK_PROBLEM_MALFORMED, "/0", "A line makes no sense");
          return NULL;
        }
      if (is_poison (text, length, "stumbling"))
        {
          pk_problem_set (error, PK_PROBLEM_INTERNAL, NULL, "Something is wrong here");
          return NULL;
        }
      PkMutation *mutation = length > 0 ? pk_mutation_read (text, length, error) : NULL;
      if (length > 0 && mutation == NULL)
        return NULL;
      if (mutation != NULL)
        g_ptr_array_add (mutations, mutation);
      text += MIN (length + 1, size);
      size -= MIN (length + 1, size);
    }
  return g_steal_pointer (&mutations);
}

static PkSimAnswer *
tell_end (PkSimServer *self, const PkPushResult *result, const PkTokenAccess *access)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *value = NULL;
  char text[PK_ID_TEXT_LENGTH + 1];

  if (result->code == PK_PROBLEM_GAP)
    {
      pk_problem_set (&error, PK_PROBLEM_GAP, NULL, "Mutations before the first are missing");
      value = g_strdup_printf ("%" G_GINT64_FORMAT, result->expected_n);
      return fail (error, "expected", value);
    }
  if (!pk_service_move_tokens (self->service, &access->family, &result->device, &error))
    return fail (error, NULL, NULL);
  pk_problem_set (&error, PK_PROBLEM_FORKED, NULL, "Go on as another device, numbered from 1");
  value = g_strdup_printf ("\"%s\"", pk_id_to_text (&result->device, text));
  return fail (error, "device", value);
}

static PkSimAnswer *
push (PkSimServer *self, const PkSimRequest *request, const PkTokenAccess *access)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) mutations = check_device (access, &request->device, &error) &&
                                            check_epoch (self, &request->epoch, &error)
                                        ? read_mutations (request->body, &error)
                                        : NULL;
  g_autoptr (PkPushResult) result =
      mutations
          ? pk_service_push (self->service, &access->person, &access->device, mutations, &error)
          : NULL;

  if (result == NULL)
    return fail_with_help (self, access, error);
  if (result->code >= 0 && result->verdicts->len == 0)
    return tell_end (self, result, access);
  PkSimAnswer *answer = pk_sim_answer_new (200);
  for (guint i = 0; i < result->verdicts->len; i++)
    {
      pk_verdict_append_json (answer->body, result->verdicts->pdata[i]);
      g_string_append_c (answer->body, '\n');
    }
  return answer;
}

static gboolean
take_piece (const char *text, gsize size, gpointer data, G_GNUC_UNUSED GError **error)
{
  g_string_append_len (data, text, (gssize) size);
  return TRUE;
}

static PkSimAnswer *
pull (PkSimServer *self, const PkSimRequest *request, const PkTokenAccess *access)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkPullRequest)
      question = pk_pull_request_read (request->body->str, request->body->len, &error);
  g_autoptr (PkSimAnswer) answer = pk_sim_answer_new (200);
  gboolean has_news = FALSE;

  if (question == NULL || !check_device (access, &question->device, &error) ||
      !pk_sync_pull (self->service,
                     &access->person,
                     question,
                     take_piece,
                     answer->body,
                     &has_news,
                     &error))
    return fail_with_help (self, access, error);
  if (!has_news)
    answer->status = 204;
  pk_sim_oracle_check_answer (self->world->oracle, &access->person, question, answer);
  return g_steal_pointer (&answer);
}

static PkSimAnswer *
send_snapshot (PkSimServer *self, const PkSimRequest *request, const PkTokenAccess *access)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = pk_snapshot_dup_path (self->service, request->sha256);
  PkSimFile *file = pk_sim_disk_lookup (self->disk, path);
  gboolean may_read = FALSE;

  if (!pk_snapshot_may_read (self->service, &access->person, request->sha256, &may_read, &error))
    return fail (error, NULL, NULL);
  if (!may_read || file == NULL)
    {
      pk_problem_set (&error, PK_PROBLEM_NOT_FOUND, NULL, "There is no such snapshot");
      return fail (error, NULL, NULL);
    }
  PkSimAnswer *answer = pk_sim_answer_new (request->offset > 0 ? 206 : 200);
  answer->offset = MIN (request->offset, pk_sim_file_size (file));
  g_string_set_size (answer->body, (gsize) (pk_sim_file_size (file) - answer->offset));
  pk_sim_file_read (file, answer->offset, answer->body->str, answer->body->len);
  return answer;
}

static PkSimAnswer *
answer_tokens (PkTokenPair *pair)
{
  PkSimAnswer *answer = pk_sim_answer_new (200);

  g_string_assign (answer->body, pair->access);
  answer->refresh = g_strdup (pair->refresh);
  answer->device = pair->device;
  return answer;
}

static PkSimAnswer *
refresh (PkSimServer *self, const PkSimRequest *request)
{
  g_autoptr (GError) error = NULL;
  PkId family;
  g_autoptr (PkTokenPair)
      pair = pk_service_refresh_tokens (self->service, request->token, &family, &error);

  return pair != NULL ? answer_tokens (pair) : fail (error, NULL, NULL);
}

/**
 * pk_sim_server_sign_in:
 * @device: the one that it was before; all zero: none
 * @answer_out: its tokens are set
 *
 * The person signs in by other means; what is left of that is the tokens.
 *
 * Returns: %TRUE if there are tokens
 */
gboolean
pk_sim_server_sign_in (PkSimServer *self,
                       const PkId *person,
                       const PkId *device,
                       PkSimAnswer *answer_out)
{
  g_autoptr (PkTokenPair) pair = NULL;

  pk_sim_server_set_clock (self);
  if (self->service != NULL)
    pair = pk_service_make_tokens (self->service, NULL, person, device, "Simulated", NULL);
  pk_sim_server_survive (self);
  if (pair == NULL)
    return FALSE;
  g_string_assign (answer_out->body, pair->access);
  g_free (answer_out->refresh);
  answer_out->refresh = g_strdup (pair->refresh);
  answer_out->device = pair->device;
  return TRUE;
}

static PkSimAnswer *
open_events (PkSimServer *self, const PkSimRequest *request)
{
  Listener listener = { request->client, request->life, request->request };

  g_array_append_val (self->listeners, listener);
  return pk_sim_answer_new (200);
}

static PkSimAnswer *
let_in (PkSimServer *self, const PkSimRequest *request)
{
  g_autofree char *hash = pk_token_hash (request->token != NULL ? request->token : "");
  g_autoptr (GError) error = NULL;
  PkTokenAccess access;

  if (request->kind == PK_SIM_REQUEST_REFRESH)
    return refresh (self, request);
  if (!pk_service_find_access (self->service, hash, &access, &error))
    return fail (error, NULL, NULL);
  switch (request->kind)
    {
    case PK_SIM_REQUEST_PUSH:
      return push (self, request, &access);
    case PK_SIM_REQUEST_PULL:
      return pull (self, request, &access);
    case PK_SIM_REQUEST_SNAPSHOT:
      return send_snapshot (self, request, &access);
    case PK_SIM_REQUEST_EVENTS:
    case PK_SIM_REQUEST_REFRESH:
    default:
      return open_events (self, request);
    }
}

/**
 * pk_sim_server_answer:
 *
 * Returns: (transfer full) (nullable): what it says; NULL where it is down, or dies before it can say it
 */
PkSimAnswer *
pk_sim_server_answer (PkSimServer *self, const PkSimRequest *request)
{
  PkSimAnswer *answer;

  if (self->store == NULL)
    return NULL;
  pk_sim_server_set_clock (self);
  answer = let_in (self, request);
  if (pk_sim_disk_is_dead (self->disk))
    {
      pk_sim_server_die (self);
      g_clear_pointer (&answer, pk_sim_answer_free);
      return NULL;
    }
  pk_sim_oracle_observe (self->world->oracle);
  if (request->kind == PK_SIM_REQUEST_PUSH)
    for (guint i = 0; i < self->listeners->len; i++)
      {
        Listener *listener = &g_array_index (self->listeners, Listener, i);
        pk_sim_client_hear_news (self->world, listener->client, listener->life, listener->request);
      }
  return answer;
}

/**
 * pk_sim_server_back_up:
 *
 * Keeps a copy of the whole disk, as a file system that can do that would.
 */
void
pk_sim_server_back_up (PkSimServer *self)
{
  g_clear_pointer (&self->backup, pk_sim_image_free);
  self->backup = pk_sim_disk_save (self->disk);
  pk_sim_oracle_backed_up (self->world->oracle);
}

static void
renew (PkSimServer *self)
{
  PkId epoch;

  g_assert (pk_store_begin (self->store, NULL));
  g_assert (pk_store_renew_epoch (self->store, &epoch, NULL));
  g_assert (pk_store_commit (self->store, NULL));
}

/**
 * pk_sim_server_restore:
 *
 * The server's disk is lost; the backup takes its place, with another epoch, as `pakobla-admin restore` gives it.
 */
void
pk_sim_server_restore (PkSimServer *self)
{
  if (self->backup == NULL)
    return;
  pk_sim_world_tell (self->world, "server: restored from its backup");
  pk_sim_disk_kill (self->disk);
  stop (self);
  pk_sim_disk_load (self->disk, self->backup);
  pk_sim_disk_boot (self->disk, FALSE, &self->world->chance);
  if (!pk_sim_server_start (self))
    {
      pk_sim_world_fail (self->world, "12: the server does not start from its backup");
      return;
    }
  renew (self);
  pk_sim_oracle_restored (self->world->oracle);
}

/**
 * pk_sim_server_make_snapshots:
 *
 * What the keeper of snapshots does, at once.
 */
void
pk_sim_server_make_snapshots (PkSimServer *self)
{
  g_autoptr (GError) error = NULL;

  if (self->store == NULL)
    return;
  g_autoptr (GArray) stale = pk_snapshot_find_stale (self->service, LEAST_SNAPSHOT, &error);
  for (guint i = 0; stale != NULL && i < stale->len && i < 2; i++)
    {
      g_autoptr (PkSnapshotRow)
          row = pk_snapshot_make (self->service, g_array_index (stale, gint64, i), &error);
      if (row == NULL || !pk_snapshot_publish (self->service, row, &error))
        break;
      pk_sim_world_tell (self->world,
                         "server: snapshot of scope %" G_GINT64_FORMAT " at %" G_GINT64_FORMAT,
                         row->scope,
                         row->seq);
    }
  pk_sim_server_survive (self);
}
