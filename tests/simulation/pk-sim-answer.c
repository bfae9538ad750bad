/*
 * What comes back from the network, judged as in app/sync/pk-sync-http.c: only what is ours counts. What is good goes on as in
 * app/sync/pk-session-*.c.
 */
#include "config.h"

#include "pk-hash.h"
#include "pk-line-reader.h"
#include "pk-problem.h"
#include "pk-replica-error.h"
#include "pk-sim-contents.h"
#include "pk-sim-oracle.h"
#include "pk-sync-own-work.h"
#include "pk-sync-problem.h"

#include <string.h>

#define MAX_LINE_BYTES (64 * 1024 * 1024)

/* As keep_fault() of pk-session-push.c. */
static void
keep_push_fault (PkSimClient *self, PkSyncEvent *event, GError *problem)
{
  g_clear_error (&self->push_fault);
  self->push_fault = g_error_copy (problem);
  event->failure = pk_sync_problem_judge_push (event->failure, problem->code);
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
      PkSyncProblem meaning = pk_sync_problem_read (problem, answer->body->str, answer->body->len);
      event.failure = meaning.failure;
      event.number = meaning.number;
      if (meaning.failure == PK_SYNC_FAILURE_OFFSET)
        event.number = answer->offset;
      event.id = meaning.id;
      pk_sim_world_tell (self->world, "client %u: %s", self->number, answer->body->str);
      if (request->kind == PK_SIM_REQUEST_PUSH)
        keep_push_fault (self, &event, problem);
    }
  if (request->kind == PK_SIM_REQUEST_REFRESH && event.failure == PK_SYNC_FAILURE_UNAUTHORIZED)
    event = (PkSyncEvent){ .kind = PK_SYNC_EVENT_TOKEN_REFUSED };
  pk_sim_client_answer (self, request->request, event, FALSE);
}

static void
take_verdicts (PkSimClient *self, guint request, const PkSimAnswer *answer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray)
      verdicts = pk_verdict_read_lines (answer->body->str, answer->body->len, &error);
  guint n_later = 0;

  if (verdicts == NULL || !pk_writer_take_verdicts (self->writer, verdicts, &error))
    {
      pk_sim_client_fail (self, request, pk_sync_failure_of_local (error), NULL);
      return;
    }
  pk_sim_oracle_check_verdicts (self->world->oracle, verdicts);
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
  pk_sim_oracle_note_round (self->world->oracle, self, self->questions->pdata[0]);
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
  pk_sim_client_fail (pull->client,
                      pull->request,
                      is_epoch ? PK_SYNC_FAILURE_EPOCH : pk_sync_failure_of_local (error),
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
    pk_sim_client_fail (self, request->request, PK_SYNC_FAILURE_NETWORK, NULL);
  else
    {
      if (pk_sync_machine_has_request (self->machine, request->request))
        offer_snapshots (&pull);
      self->n_requests_with_rows += pull.has_applied;
      pk_sim_client_note_contact (self);
      pk_sim_client_answer (self,
                            request->request,
                            (PkSyncEvent){ .kind = PK_SYNC_EVENT_PULLED,
                                           .flag = pull.has_applied,
                                           .number = pull.wants_more ? 1 : 0 },
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
  pk_sim_client_fail (self, request->request, PK_SYNC_FAILURE_CHECKSUM, NULL);
}

static void
take_bytes (PkSimClient *self, const PkSimRequest *request, const PkSimAnswer *answer)
{
  g_autofree char *path = pk_sim_client_dup_snapshot_path (self, request->sha256);
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  gint64 size = find_offered_size (self, request->sha256);

  if (!pk_sync_machine_has_request (self->machine, request->request))
    return;
  if (!append_part (self, part, answer))
    {
      pk_sim_client_fail (self, request->request, PK_SYNC_FAILURE_LOCAL, NULL);
      return;
    }
  /* The process may have died after the last byte. */
  if (pk_sim_disk_is_dead (self->disk))
    return;
  gint64 here = pk_sim_file_size (pk_sim_disk_lookup (self->disk, part));
  pk_sim_client_send (self,
                      (PkSyncEvent){ .kind = PK_SYNC_EVENT_PROGRESS,
                                     .request = request->request,
                                     .number = here,
                                     .size = size });
  if (answer->is_cut || here < size)
    pk_sim_client_fail (self, request->request, PK_SYNC_FAILURE_NETWORK, NULL);
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
    pk_sim_client_fail (self, request, PK_SYNC_FAILURE_LOCAL, NULL);
}

static void
take_good_answer (PkSimClient *self, const PkSimRequest *request, PkSimAnswer *answer)
{
  gboolean is_alive = pk_sync_machine_has_request (self->machine, request->request);

  switch (request->kind)
    {
    case PK_SIM_REQUEST_PUSH:
      if (is_alive && answer->is_cut)
        pk_sim_client_fail (self, request->request, PK_SYNC_FAILURE_NETWORK, NULL);
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
        pk_sim_client_fail (self, request->request, PK_SYNC_FAILURE_NETWORK, NULL);
      else if (is_alive)
        take_tokens (self, request->request, answer);
      return;
    case PK_SIM_REQUEST_UPLOAD:
    case PK_SIM_REQUEST_PIECE:
    case PK_SIM_REQUEST_CONTENT:
      pk_sim_client_take_content (self, request, answer);
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
    pk_sim_client_fail (self, request->request, PK_SYNC_FAILURE_NETWORK, NULL);
  else if (!answer->is_ours)
    pk_sim_client_fail (self, request->request, PK_SYNC_FAILURE_PORTAL, NULL);
  else if (answer->status >= 400)
    take_problem (self, request, answer);
  else
    take_good_answer (self, request, answer);
}
