/*
 * What the session does with the machine's effects, as app/sync/pk-session-push.c, -pull.c, -fetch.c and -work.c do it: the same functions
 * of the writer in the same order, and the same answers to the machine. What is read from the network is judged as in
 * pk-sync-http.c: only what is ours counts.
 */
#include "config.h"

#include "pk-hash.h"
#include "pk-json.h"
#include "pk-line-reader.h"
#include "pk-outbox.h"
#include "pk-problem.h"
#include "pk-replica-error.h"
#include "pk-sim-client.h"
#include "pk-sim-oracle.h"

#include <string.h>

#define MAX_LINE_BYTES (64 * 1024 * 1024)
#define COMMIT_START   "{\"commit\""

/* An event that waits to be told. */
typedef struct
{
  PkSimClient *client;
  guint life;
  gboolean after_look;
  PkSyncEvent event;
} Telling;

static void
tell (PkSimWorld *world, gpointer data)
{
  Telling *telling = data;
  PkSimClient *client = telling->client;

  if (client->life != telling->life || client->writer == NULL)
    return;
  pk_sim_client_set_clock (client);
  if (telling->after_look)
    pk_sim_client_look (client);
  pk_sim_world_tell (world,
                     "client %u: %u is answered by %d",
                     client->number,
                     telling->event.request,
                     (int) telling->event.kind);
  pk_sim_client_send (client, telling->event);
  pk_sim_client_survive (client);
}

/**
 * pk_sim_client_answer:
 *
 * Answers the machine, a little later; where @after_look, when it knows how the outbox is since then.
 */
void
pk_sim_client_answer (PkSimClient *self, guint request, PkSyncEvent event, gboolean after_look)
{
  Telling *telling = g_new0 (Telling, 1);

  event.request = request;
  *telling = (Telling){ self, self->life, after_look, event };
  pk_sim_world_at (self->world, after_look ? 2000 : 500, tell, telling, g_free);
}

static void
fail (PkSimClient *self, guint request, PkSyncFailure failure, const PkId *id)
{
  PkSyncEvent event = { .kind = PK_SYNC_EVENT_FAILED, .failure = failure };

  if (id != NULL)
    event.id = *id;
  pk_sim_client_answer (self, request, event, FALSE);
}

/* As pk_sync_failure_of_local(). */
static PkSyncFailure
failure_of_local (const GError *error)
{
  if (error->domain == PK_REPLICA_ERROR &&
      (error->code == PK_REPLICA_ERROR_FEED || error->code == PK_REPLICA_ERROR_GAP))
    return PK_SYNC_FAILURE_SERVER;
  return error->domain == PK_PROBLEM_ERROR || error->domain == PK_JSON_ERROR
             ? PK_SYNC_FAILURE_SERVER
             : PK_SYNC_FAILURE_LOCAL;
}

static PkSimRequest *
make_request (PkSimClient *self, PkSimRequestKind kind, const PkSyncEffect *effect)
{
  PkSimRequest *request = pk_sim_request_new (kind);

  request->request = effect->request;
  request->token = g_strdup (kind == PK_SIM_REQUEST_REFRESH ? self->refresh : self->access);
  return request;
}

static gboolean
collect (PkSimClient *self, const PkSyncEffect *effect, PkSimRequest *request, GError **error)
{
  g_autoptr (PkPullRequest)
      question = pk_writer_make_pull_request (self->writer, PK_PULL_DEFAULT, error);
  g_autoptr (GPtrArray) entries = question ? pk_writer_take_unsent (self->writer,
                                                                    effect->number,
                                                                    (guint) effect->size,
                                                                    effect->flag,
                                                                    error)
                                           : NULL;

  if (entries == NULL)
    return FALSE;
  request->epoch = question->epoch;
  pk_writer_get_device (self->writer, &request->device);
  for (guint i = 0; i < entries->len; i++)
    {
      PkOutboxEntry *entry = entries->pdata[i];
      g_string_append (request->body, entry->line);
      g_string_append_c (request->body, '\n');
    }
  return TRUE;
}

static void
push (PkSimClient *self, const PkSyncEffect *effect)
{
  g_autoptr (PkSimRequest) request = make_request (self, PK_SIM_REQUEST_PUSH, effect);
  g_autoptr (GError) error = NULL;

  if (!collect (self, effect, request, &error))
    fail (self, effect->request, PK_SYNC_FAILURE_LOCAL, NULL);
  else if (request->body->len == 0)
    pk_sim_client_answer (self,
                          effect->request,
                          (PkSyncEvent){ .kind = PK_SYNC_EVENT_PUSHED },
                          TRUE);
  else
    pk_sim_net_send (self, g_steal_pointer (&request));
}

static void
pull (PkSimClient *self, const PkSyncEffect *effect)
{
  g_autoptr (PkSimRequest) request = make_request (self, PK_SIM_REQUEST_PULL, effect);
  PkPullRequest *question = pk_writer_make_pull_request (self->writer,
                                                         effect->flag ? PK_PULL_ALL_AS_ROWS
                                                                      : PK_PULL_DEFAULT,
                                                         NULL);

  if (question == NULL)
    {
      fail (self, effect->request, PK_SYNC_FAILURE_LOCAL, NULL);
      return;
    }
  pk_pull_request_append_json (request->body, question);
  g_ptr_array_set_size (self->questions, 0);
  g_ptr_array_add (self->questions, question);
  pk_sim_net_send (self, g_steal_pointer (&request));
}

static char *
snapshot_path (PkSimClient *self, const char *sha256)
{
  return g_build_filename (self->directory, "snapshots", sha256, NULL);
}

static void
fetch (PkSimClient *self, const PkSyncEffect *effect)
{
  g_autofree char *path = snapshot_path (self, effect->sha256);
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  PkSimFile *begun = pk_sim_disk_lookup (self->disk, part);

  if (pk_sim_disk_lookup (self->disk, path) != NULL)
    {
      pk_sim_client_answer (self,
                            effect->request,
                            (PkSyncEvent){ .kind = PK_SYNC_EVENT_SNAPSHOT_FETCHED },
                            FALSE);
      return;
    }
  PkSimRequest *request = make_request (self, PK_SIM_REQUEST_SNAPSHOT, effect);
  request->sha256 = g_strdup (effect->sha256);
  request->offset = begun != NULL ? pk_sim_file_size (begun) : 0;
  pk_sim_net_send (self, request);
}

static GStrv
list_snapshots (PkSimClient *self)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  for (guint i = 0; i < self->offers->len; i++)
    {
      PkSimOffer *offer = self->offers->pdata[i];
      g_autofree char *path = snapshot_path (self, offer->sha256);
      g_strv_builder_add (paths, path);
    }
  return g_strv_builder_end (paths);
}

static gboolean
do_work (PkSimClient *self, const PkSyncEffect *effect, const char *const *paths, GError **error)
{
  g_autoptr (GError) fault = NULL;

  switch (effect->kind)
    {
    case PK_SYNC_EFFECT_INSTALL_SNAPSHOTS:
      return pk_writer_install_snapshots (self->writer, paths, error);
    case PK_SYNC_EFFECT_TAKE_DEVICE:
      return pk_writer_change_device (self->writer, &effect->id, error);
    case PK_SYNC_EFFECT_TAKE_EPOCH:
      return pk_writer_change_epoch (self->writer, &effect->id, error);
    case PK_SYNC_EFFECT_SET_ASIDE:
      if (self->push_fault == NULL || self->push_fault->domain != PK_PROBLEM_ERROR)
        pk_problem_set (&fault, PK_PROBLEM_INTERNAL, NULL, "The server stumbles over it");
      return pk_writer_set_aside_first (self->writer, fault ? fault : self->push_fault, error);
    default:
      return pk_writer_erase (self->writer, effect->flag, error);
    }
}

static PkSyncEventKind
answer_of (PkSyncEffectKind kind)
{
  switch (kind)
    {
    case PK_SYNC_EFFECT_INSTALL_SNAPSHOTS:
      return PK_SYNC_EVENT_SNAPSHOTS_INSTALLED;
    case PK_SYNC_EFFECT_TAKE_DEVICE:
      return PK_SYNC_EVENT_DEVICE_TAKEN;
    case PK_SYNC_EFFECT_TAKE_EPOCH:
      return PK_SYNC_EVENT_EPOCH_TAKEN;
    case PK_SYNC_EFFECT_SET_ASIDE:
      return PK_SYNC_EVENT_SET_ASIDE_DONE;
    default:
      return PK_SYNC_EVENT_ERASED;
    }
}

static void
remove_snapshots (PkSimClient *self, GStrv paths)
{
  for (char **path = paths; *path != NULL; path++)
    pk_sim_disk_remove (self->disk, *path);
}

static void
work (PkSimClient *self, const PkSyncEffect *effect)
{
  gboolean installs = effect->kind == PK_SYNC_EFFECT_INSTALL_SNAPSHOTS;
  g_auto (GStrv) paths = list_snapshots (self);
  g_autoptr (GError) error = NULL;

  if (do_work (self, effect, (const char *const *) paths, &error))
    {
      if (installs)
        remove_snapshots (self, paths);
      pk_sim_client_answer (self,
                            effect->request,
                            (PkSyncEvent){ .kind = answer_of (effect->kind) },
                            TRUE);
      return;
    }
  PkSyncFailure failure = installs ? failure_of_local (error) : PK_SYNC_FAILURE_LOCAL;
  if (installs && failure != PK_SYNC_FAILURE_LOCAL)
    remove_snapshots (self, paths);
  pk_sim_world_tell (self->world, "client %u: %s", self->number, error->message);
  fail (self, effect->request, failure, NULL);
}

/**
 * pk_sim_client_carry_out:
 *
 * Carries out an effect.
 */
void
pk_sim_client_carry_out (PkSimClient *self, const PkSyncEffect *effect)
{
  pk_sim_world_tell (self->world,
                     "client %u: %s %u",
                     self->number,
                     pk_sync_machine_get_effect_name (effect->kind),
                     effect->request);
  switch (effect->kind)
    {
    case PK_SYNC_EFFECT_PUSH:
      self->n_requests++;
      push (self, effect);
      return;
    case PK_SYNC_EFFECT_PULL:
      self->n_requests++;
      pull (self, effect);
      return;
    case PK_SYNC_EFFECT_FETCH_SNAPSHOT:
      fetch (self, effect);
      return;
    case PK_SYNC_EFFECT_OPEN_EVENTS:
      pk_sim_net_send (self, make_request (self, PK_SIM_REQUEST_EVENTS, effect));
      return;
    case PK_SYNC_EFFECT_REFRESH_TOKEN:
      pk_sim_net_send (self, make_request (self, PK_SIM_REQUEST_REFRESH, effect));
      return;
    case PK_SYNC_EFFECT_INSTALL_SNAPSHOTS:
    case PK_SYNC_EFFECT_TAKE_DEVICE:
    case PK_SYNC_EFFECT_TAKE_EPOCH:
    case PK_SYNC_EFFECT_SET_ASIDE:
    case PK_SYNC_EFFECT_ERASE:
      work (self, effect);
      return;
    default:
      return;
    }
}

/* As failure_of_problem() of pk-sync-http.c. */
static PkSyncFailure
failure_of_problem (PkProblem problem)
{
  switch (problem)
    {
    case PK_PROBLEM_UNAUTHORIZED:
      return PK_SYNC_FAILURE_UNAUTHORIZED;
    case PK_PROBLEM_DEVICE_REVOKED:
      return PK_SYNC_FAILURE_REVOKED;
    case PK_PROBLEM_MODEL_TOO_OLD:
      return PK_SYNC_FAILURE_TOO_OLD;
    case PK_PROBLEM_FORKED:
      return PK_SYNC_FAILURE_FORKED;
    case PK_PROBLEM_EPOCH:
      return PK_SYNC_FAILURE_EPOCH;
    case PK_PROBLEM_GAP:
      return PK_SYNC_FAILURE_GAP;
    case PK_PROBLEM_NOT_FOUND:
      return PK_SYNC_FAILURE_MISSING;
    case PK_PROBLEM_TOO_MANY:
    case PK_PROBLEM_BUSY:
      return PK_SYNC_FAILURE_BUSY;
    case PK_PROBLEM_INTERNAL:
    case PK_PROBLEM_NO_SPACE:
      return PK_SYNC_FAILURE_SERVER;
    default:
      return PK_SYNC_FAILURE_REFUSED;
    }
}

static void
read_members (PkSyncEvent *event, const GString *body)
{
  g_autoptr (JsonNode) node = pk_json_parse (body->str, body->len, NULL);
  const char *const names[] = { "device", "epoch" };

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  JsonObject *object = json_node_get_object (node);
  event->number = json_object_get_int_member_with_default (object, "expected", 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *text = json_object_get_string_member_with_default (object, names[i], NULL);
      if (text != NULL)
        pk_id_parse (text, &event->id);
    }
}

/* As keep_fault() of pk-session-push.c: only these concern what is in the request. */
static void
keep_push_fault (PkSimClient *self, PkSyncEvent *event, GError *problem)
{
  g_clear_error (&self->push_fault);
  self->push_fault = g_error_copy (problem);
  if (event->failure == PK_SYNC_FAILURE_REFUSED && problem->code != PK_PROBLEM_MALFORMED &&
      problem->code != PK_PROBLEM_INVALID && problem->code != PK_PROBLEM_TOO_LARGE)
    event->failure = PK_SYNC_FAILURE_SERVER;
}

/* As judge_fault() of pk-sync-http.c. */
static void
take_problem (PkSimClient *self, const PkSimRequest *request, const PkSimAnswer *answer)
{
  PkSyncEvent event = { .kind = PK_SYNC_EVENT_FAILED, .failure = PK_SYNC_FAILURE_SERVER };
  g_autoptr (GError) problem = pk_problem_from_json (answer->body->str, answer->body->len);

  if (answer->status == 503)
    {
      event.failure = PK_SYNC_FAILURE_BUSY;
      event.retry_after_us = 5 * PK_SIM_SECOND;
    }
  else if (problem != NULL && problem->domain == PK_PROBLEM_ERROR)
    {
      PkProblem code = pk_problem_get_code (problem);
      gboolean is_other_device = code == PK_PROBLEM_FORBIDDEN &&
                                 g_strcmp0 (pk_problem_get_pointer (problem), "/device") == 0;
      event.failure = is_other_device ? PK_SYNC_FAILURE_UNAUTHORIZED : failure_of_problem (code);
      read_members (&event, answer->body);
      pk_sim_world_tell (self->world, "client %u: %s", self->number, answer->body->str);
      if (request->kind == PK_SIM_REQUEST_PUSH)
        keep_push_fault (self, &event, problem);
    }
  if (request->kind == PK_SIM_REQUEST_REFRESH && event.failure == PK_SYNC_FAILURE_UNAUTHORIZED)
    event = (PkSyncEvent){ .kind = PK_SYNC_EVENT_TOKEN_REFUSED };
  pk_sim_client_answer (self, request->request, event, FALSE);
}

static GPtrArray *
read_verdicts (const GString *body, GError **error)
{
  g_autoptr (GPtrArray)
      verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_verdict_free);
  const char *text = body->str;
  gsize size = body->len;

  while (size > 0)
    {
      const char *end = memchr (text, '\n', size);
      gsize length = end != NULL ? (gsize) (end - text) : size;
      PkVerdict *verdict = length > 0 ? pk_verdict_read (text, length, error) : NULL;
      if (length > 0 && verdict == NULL)
        return NULL;
      if (verdict != NULL)
        g_ptr_array_add (verdicts, verdict);
      text += MIN (length + 1, size);
      size -= MIN (length + 1, size);
    }
  return g_steal_pointer (&verdicts);
}

static void
take_verdicts (PkSimClient *self, guint request, const PkSimAnswer *answer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) verdicts = read_verdicts (answer->body, &error);
  guint n_later = 0;

  if (verdicts == NULL || !pk_writer_take_verdicts (self->writer, verdicts, &error))
    {
      fail (self, request, failure_of_local (error), NULL);
      return;
    }
  for (guint i = 0; i < verdicts->len; i++)
    n_later += ((PkVerdict *) verdicts->pdata[i])->kind == PK_VERDICT_LATER;
  pk_sim_client_answer (
      self,
      request,
      (PkSyncEvent){ .kind = PK_SYNC_EVENT_PUSHED, .number = verdicts->len, .later = n_later },
      TRUE);
}

/* A pull's answer, as far as it has come. */
typedef struct
{
  PkSimClient *client;
  guint request;
  GPtrArray *lines;  /* (owned): PkFeedLine of the checkpoint */
  GPtrArray *wanted; /* (owned) (nullable): PkFeedScope */
  PkId epoch;
  gboolean has_applied;
  gboolean wants_more;
} Pull;

static gboolean
apply (Pull *pull, GError **error)
{
  PkSimClient *self = pull->client;

  if (self->questions->len == 0)
    return FALSE;
  gboolean is_done = pk_writer_apply (self->writer, self->questions->pdata[0], pull->lines, error);
  g_ptr_array_set_size (pull->lines, 0);
  if (!is_done)
    return FALSE;
  pull->has_applied = TRUE;
  g_clear_pointer (&pull->wanted, g_ptr_array_unref);
  pull->wanted = pk_writer_list_wanted_snapshots (self->writer);
  pull->wants_more = pk_writer_wants_pull (self->writer);
  return TRUE;
}

static gboolean
take_line (const char *text, gsize size, gpointer user_data, GError **error)
{
  Pull *pull = user_data;

  if (size == 0)
    return TRUE;
  PkFeedLine *line = pk_feed_line_read (text, size, error);
  if (line == NULL)
    return FALSE;
  if (line->kind == PK_FEED_BEGIN)
    pull->epoch = line->epoch;
  g_ptr_array_add (pull->lines, line);
  return line->kind != PK_FEED_COMMIT || apply (pull, error);
}

static void
offer_snapshots (Pull *pull)
{
  PkSimClient *self = pull->client;

  g_ptr_array_set_size (self->offers, 0);
  for (guint i = 0; pull->wanted != NULL && i < pull->wanted->len; i++)
    {
      const PkFeedScope *scope = pull->wanted->pdata[i];
      PkSimOffer *offer = g_new0 (PkSimOffer, 1);
      offer->sha256 = g_strdup (scope->snapshot);
      offer->size = scope->snapshot_size;
      g_ptr_array_add (self->offers, offer);
      pk_sim_client_send (self,
                          (PkSyncEvent){ .kind = PK_SYNC_EVENT_SNAPSHOT_OFFERED,
                                         .request = pull->request,
                                         .sha256 = offer->sha256,
                                         .size = offer->size });
    }
}

static void
fail_pull (Pull *pull, const GError *error)
{
  gboolean is_epoch = g_error_matches (error, PK_REPLICA_ERROR, PK_REPLICA_ERROR_EPOCH);

  pk_sim_world_tell (pull->client->world,
                     "client %u: the pull is refused: %s",
                     pull->client->number,
                     error->message);
  fail (pull->client,
        pull->request,
        is_epoch ? PK_SYNC_FAILURE_EPOCH : failure_of_local (error),
        &pull->epoch);
}

static void
take_feed (PkSimClient *self, const PkSimRequest *request, const PkSimAnswer *answer)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_feed_line_free);
  g_autoptr (PkLineReader) reader = pk_line_reader_new (MAX_LINE_BYTES);
  Pull pull = { .client = self, .request = request->request, .lines = lines };
  g_autoptr (GError) error = NULL;

  gboolean is_read =
      pk_line_reader_feed (reader, answer->body->str, answer->body->len, take_line, &pull, &error);
  gboolean is_whole = lines->len == 0 && pk_line_reader_is_empty (reader) && !answer->is_cut &&
                      (pull.has_applied || answer->status == 204);
  if (!is_read)
    fail_pull (&pull, error);
  else if (!is_whole)
    fail (self, request->request, PK_SYNC_FAILURE_NETWORK, NULL);
  else
    {
      if (pk_sync_machine_has_request (self->machine, request->request))
        offer_snapshots (&pull);
      self->n_requests_with_rows += pull.has_applied;
      pk_sim_client_answer (self,
                            request->request,
                            (PkSyncEvent){ .kind = PK_SYNC_EVENT_PULLED, .flag = pull.has_applied },
                            pull.has_applied);
    }
  g_clear_pointer (&pull.wanted, g_ptr_array_unref);
}

static gboolean
append_part (PkSimClient *self, const char *part, const PkSimAnswer *answer)
{
  PkSimFile *file = pk_sim_disk_lookup (self->disk, part);
  gint64 size = file != NULL ? pk_sim_file_size (file) : 0;

  if (file == NULL)
    file = pk_sim_disk_make (self->disk, part);
  if (file == NULL || answer->body->len == 0)
    return file != NULL;
  /* A server that begins elsewhere: then it begins anew. */
  if (answer->offset != size && !pk_sim_file_truncate (file, 0))
    return FALSE;
  if (answer->offset != size)
    size = 0;
  if (pk_sim_world_strikes (self->world, PK_SIM_FAULT_CORRUPT))
    answer->body->str[pk_sim_chance_below (&self->world->chance, (guint) answer->body->len)] ^= 4;
  return pk_sim_file_write (file, size, answer->body->str, answer->body->len);
}

static gint64
find_offered_size (PkSimClient *self, const char *sha256)
{
  for (guint i = 0; i < self->offers->len; i++)
    {
      PkSimOffer *offer = self->offers->pdata[i];
      if (g_str_equal (offer->sha256, sha256))
        return offer->size;
    }
  return 0;
}

static void
verify (PkSimClient *self, const PkSimRequest *request, const char *part, const char *path)
{
  g_autofree char *found = pk_sha256_of_file (part, NULL, NULL);

  if (g_strcmp0 (found, request->sha256) == 0 && pk_sim_disk_rename (self->disk, part, path))
    {
      pk_sim_client_answer (self,
                            request->request,
                            (PkSyncEvent){ .kind = PK_SYNC_EVENT_SNAPSHOT_FETCHED },
                            FALSE);
      return;
    }
  pk_sim_disk_remove (self->disk, part);
  fail (self, request->request, PK_SYNC_FAILURE_CHECKSUM, NULL);
}

static void
take_bytes (PkSimClient *self, const PkSimRequest *request, const PkSimAnswer *answer)
{
  g_autofree char *path = snapshot_path (self, request->sha256);
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  gint64 size = find_offered_size (self, request->sha256);

  if (!pk_sync_machine_has_request (self->machine, request->request))
    return;
  if (!append_part (self, part, answer))
    {
      fail (self, request->request, PK_SYNC_FAILURE_LOCAL, NULL);
      return;
    }
  gint64 here = pk_sim_file_size (pk_sim_disk_lookup (self->disk, part));
  pk_sim_client_send (self,
                      (PkSyncEvent){ .kind = PK_SYNC_EVENT_PROGRESS,
                                     .request = request->request,
                                     .number = here,
                                     .size = size });
  if (answer->is_cut || here < size)
    fail (self, request->request, PK_SYNC_FAILURE_NETWORK, NULL);
  else
    verify (self, request, part, path);
}

/* As take_device() of pk-session-work.c. */
static void
take_tokens (PkSimClient *self, guint request, const PkSimAnswer *answer)
{
  PkId known;
  gboolean is_done = TRUE;

  g_free (self->access);
  g_free (self->refresh);
  self->access = g_strdup (answer->body->str);
  self->refresh = g_strdup (answer->refresh);
  self->account_device = answer->device;
  if (!pk_writer_get_device (self->writer, &known))
    is_done = pk_writer_set_device (self->writer, &answer->device, NULL);
  else if (!pk_id_equal (&known, &answer->device))
    is_done = pk_writer_change_device (self->writer, &answer->device, NULL);
  if (is_done)
    pk_sim_client_answer (self,
                          request,
                          (PkSyncEvent){ .kind = PK_SYNC_EVENT_TOKEN_REFRESHED },
                          FALSE);
  else
    fail (self, request, PK_SYNC_FAILURE_LOCAL, NULL);
}

static void
take_good_answer (PkSimClient *self, const PkSimRequest *request, PkSimAnswer *answer)
{
  gboolean is_alive = pk_sync_machine_has_request (self->machine, request->request);

  switch (request->kind)
    {
    case PK_SIM_REQUEST_PUSH:
      if (is_alive && answer->is_cut)
        fail (self, request->request, PK_SYNC_FAILURE_NETWORK, NULL);
      else if (is_alive)
        take_verdicts (self, request->request, answer);
      return;
    case PK_SIM_REQUEST_PULL:
      if (is_alive)
        take_feed (self, request, answer);
      return;
    case PK_SIM_REQUEST_SNAPSHOT:
      take_bytes (self, request, answer);
      return;
    case PK_SIM_REQUEST_REFRESH:
      if (is_alive && answer->is_cut)
        fail (self, request->request, PK_SYNC_FAILURE_NETWORK, NULL);
      else if (is_alive)
        take_tokens (self, request->request, answer);
      return;
    case PK_SIM_REQUEST_EVENTS:
    default:
      pk_sim_client_answer (self,
                            request->request,
                            (PkSyncEvent){ .kind = PK_SYNC_EVENT_STREAM_OPEN },
                            FALSE);
    }
}

/**
 * pk_sim_client_take_answer:
 * @answer: (nullable): %NULL: the connection broke
 *
 * What came of a request.
 */
void
pk_sim_client_take_answer (PkSimClient *self, const PkSimRequest *request, PkSimAnswer *answer)
{
  if (self->writer == NULL)
    return;
  if (answer == NULL)
    fail (self, request->request, PK_SYNC_FAILURE_NETWORK, NULL);
  else if (!answer->is_ours)
    fail (self, request->request, PK_SYNC_FAILURE_PORTAL, NULL);
  else if (answer->status >= 400)
    take_problem (self, request, answer);
  else
    take_good_answer (self, request, answer);
}
