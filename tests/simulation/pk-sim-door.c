/*
 * The server's door: it says the same as backend/http/pk-api-sync.c and pk-http-auth.c, with the same functions of the service behind
 * it; what is left out is HTTP itself. Whoever changes one changes the other.
 */
#include "config.h"

#include "pk-sim-door.h"

#include "pk-problem.h"
#include "pk-service-push.h"
#include "pk-service-tokens.h"
#include "pk-sim-contents.h"
#include "pk-sim-oracle.h"
#include "pk-snapshot.h"
#include "pk-sql.h"
#include "pk-store-meta.h"
#include "pk-sync-pull.h"

#include <string.h>

/**
 * pk_sim_door_fail:
 * @name: (nullable): a member more, with its @value as JSON
 *
 * Returns: (transfer full): a problem
 */
PkSimAnswer *
pk_sim_door_fail (const GError *error, const char *name, const char *value)
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
      return pk_sim_door_fail (error, "device", device);
    }
  if (!g_error_matches (error, PK_PROBLEM_ERROR, PK_PROBLEM_EPOCH) ||
      !pk_store_get_epoch (self->store, &epoch, NULL))
    return pk_sim_door_fail (error, NULL, NULL);
  g_autofree char *value = g_strdup_printf ("\"%s\"", pk_id_to_text (&epoch, text));
  return pk_sim_door_fail (error, "epoch", value);
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
      return pk_sim_door_fail (error, "expected", value);
    }
  if (!pk_service_move_tokens (self->service, &access->family, &result->device, &error))
    return pk_sim_door_fail (error, NULL, NULL);
  pk_problem_set (&error, PK_PROBLEM_FORKED, NULL, "Go on as another device, numbered from 1");
  value = g_strdup_printf ("\"%s\"", pk_id_to_text (&result->device, text));
  return pk_sim_door_fail (error, "device", value);
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

  pk_sim_oracle_count_steps (self->world->oracle);

  if (question == NULL || !check_device (access, &question->device, &error) ||
      !pk_sync_pull (self->service,
                     &access->person,
                     question,
                     take_piece,
                     answer->body,
                     &has_news,
                     &error))
    return fail_with_help (self, access, error);
  gint64 n_steps = pk_sim_oracle_count_steps (self->world->oracle);
  if (!has_news)
    answer->status = 204;
  pk_sim_oracle_check_device (self->world->oracle, &access->device, "rows");
  pk_sim_oracle_check_answer (self->world->oracle, &access->person, question, answer, n_steps);
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
    return pk_sim_door_fail (error, NULL, NULL);
  if (!may_read || file == NULL)
    {
      pk_problem_set (&error, PK_PROBLEM_NOT_FOUND, NULL, "There is no such snapshot");
      return pk_sim_door_fail (error, NULL, NULL);
    }
  pk_sim_oracle_check_device (self->world->oracle, &access->device, "a snapshot");
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

  return pair != NULL ? answer_tokens (pair) : pk_sim_door_fail (error, NULL, NULL);
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
  pk_sim_server_listen (self, request);
  return pk_sim_answer_new (200);
}

/* As pk_http_look_up_token(): a revoked device may hand in what it has. */
static gboolean
is_let_in_all_the_same (const PkSimRequest *request, const GError *error)
{
  return request->kind == PK_SIM_REQUEST_PUSH &&
         g_error_matches (error, PK_PROBLEM_ERROR, PK_PROBLEM_DEVICE_REVOKED);
}

/**
 * pk_sim_door_let_in:
 *
 * Returns: (transfer full): what the server says to a request
 */
PkSimAnswer *
pk_sim_door_let_in (PkSimServer *self, const PkSimRequest *request)
{
  g_autofree char *hash = pk_token_hash (request->token != NULL ? request->token : "");
  g_autoptr (GError) error = NULL;
  PkTokenAccess access;

  if (request->kind == PK_SIM_REQUEST_REFRESH)
    return refresh (self, request);
  if (!pk_service_find_access (self->service, hash, &access, &error) &&
      !is_let_in_all_the_same (request, error))
    return pk_sim_door_fail (error, NULL, NULL);
  switch (request->kind)
    {
    case PK_SIM_REQUEST_PUSH:
      return push (self, request, &access);
    case PK_SIM_REQUEST_PULL:
      return pull (self, request, &access);
    case PK_SIM_REQUEST_SNAPSHOT:
      return send_snapshot (self, request, &access);
    case PK_SIM_REQUEST_UPLOAD:
      return pk_sim_door_begin_upload (self, request, &access.person);
    case PK_SIM_REQUEST_PIECE:
      return pk_sim_door_take_piece (self, request, &access.person);
    case PK_SIM_REQUEST_CONTENT:
      pk_sim_oracle_check_device (self->world->oracle, &access.device, "a content");
      return pk_sim_door_send_content (self, request, &access.person);
    case PK_SIM_REQUEST_EVENTS:
    case PK_SIM_REQUEST_REFRESH:
    default:
      return open_events (self, request);
    }
}
