/*
 * A push: takes what waits from the outbox, sends it, and commits the verdicts before the machine hears of them. A push that is
 * cut leaves everything waiting: ids make the repeat harmless.
 */
#include "config.h"

#include "pk-sync-own-work.h"
#include "pk-sync-problem.h"
#include "pk-sync-session-private.h"

#define MAX_BODY_BYTES   (1024 * 1024)
#define MAX_ANSWER_BYTES (16 * 1024 * 1024)
#define NDJSON           "application/x-ndjson"

typedef struct
{
  PkSyncErrand errand;
  PkId device;
  PkId
      epoch; /* all zero, which is nobody's: none yet, so the server says its own before it judges anything */
  GString *body;  /* (owned) */
  GBytes *answer; /* (owned) (nullable) */
  guint n_verdicts;
  guint n_later;
} Push;

static void
push_free (Push *self)
{
  pk_sync_errand_clear (&self->errand);
  g_string_free (self->body, TRUE);
  g_clear_pointer (&self->answer, g_bytes_unref);
  g_free (self);
}

static gpointer
collect (PkWriter *writer, gpointer data, GError **error)
{
  Push *push = data;
  const PkSyncEffect *effect = &push->errand.effect;

  if (!pk_writer_get_epoch (writer, &push->epoch, error))
    return NULL;
  g_autoptr (GPtrArray) entries =
      pk_writer_take_unsent (writer, effect->number, (guint) effect->size, effect->flag, error);
  if (entries == NULL)
    return NULL;
  pk_writer_get_device (writer, &push->device);
  for (guint i = 0; i < entries->len; i++)
    {
      PkOutboxEntry *entry = entries->pdata[i];
      if (i > 0 && push->body->len + strlen (entry->line) > MAX_BODY_BYTES)
        break;
      g_string_append (push->body, entry->line);
      g_string_append_c (push->body, '\n');
    }
  return PK_DONE;
}

static gpointer
save_verdicts (PkWriter *writer, gpointer data, GError **error)
{
  Push *push = data;
  gsize size;
  const char *text = g_bytes_get_data (push->answer, &size);
  g_autoptr (GPtrArray) verdicts = pk_verdict_read_lines (text, size, error);

  if (verdicts == NULL || !pk_writer_take_verdicts (writer, verdicts, error))
    return NULL;
  push->n_verdicts = verdicts->len;
  for (guint i = 0; i < verdicts->len; i++)
    if (((PkVerdict *) verdicts->pdata[i])->kind == PK_VERDICT_LATER)
      push->n_later++;
  return PK_DONE;
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Push *push = user_data;
  g_autoptr (GError) error = NULL;

  if (pk_replica_job_finish (PK_REPLICA (source), result, &error) != NULL)
    pk_sync_errand_answer_after_look (&push->errand,
                                      (PkSyncEvent){ .kind = PK_SYNC_EVENT_PUSHED,
                                                     .number = push->n_verdicts,
                                                     .later = push->n_later });
  else
    pk_sync_errand_fail_by (&push->errand, pk_sync_failure_of_local (error), error);
  push_free (push);
}

/* What the server says of the request as a whole: only these concern what is in it. */
static void
keep_fault (Push *push, PkSyncFault *fault, const GError *error)
{
  PkSyncSession *session = push->errand.session;

  g_clear_error (&session->push_fault);
  session->push_fault = g_error_copy (error);
  fault->failure = pk_sync_problem_judge_push (fault->failure, fault->problem);
}

static void
answered_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Push *push = user_data;
  PkSyncSession *session = push->errand.session;
  PkReplicaJob job = { .priority = PK_PRIORITY_SYNC, .data = push };
  g_autoptr (GError) error = NULL;
  PkSyncFault fault;

  push->answer = pk_sync_http_fetch_finish (session->http, result, &fault, &error);
  if (push->answer != NULL && session->is_running)
    {
      pk_replica_write_async (session->replica, save_verdicts, &job, NULL, saved_cb, push);
      return;
    }
  if (error != NULL)
    {
      keep_fault (push, &fault, error);
      pk_sync_errand_fail (&push->errand, &fault, error);
    }
  push_free (push);
}

static void
send_body (Push *push)
{
  PkSyncSession *session = push->errand.session;
  g_autoptr (GString) path = g_string_new ("/api/sync/push?device=");
  char text[PK_ID_TEXT_LENGTH + 1];

  g_string_append (path, pk_id_to_text (&push->device, text));
  g_string_append_printf (path, "&epoch=%s", pk_id_to_text (&push->epoch, text));
  g_autoptr (SoupMessage) message = pk_sync_http_make (session->http, "POST", path->str);
  g_autoptr (GBytes) body = g_bytes_new (push->body->str, push->body->len);
  soup_message_set_request_body_from_bytes (message, NDJSON, body);
  pk_sync_http_fetch_async (session->http,
                            message,
                            NDJSON,
                            MAX_ANSWER_BYTES,
                            push->errand.cancellable,
                            answered_cb,
                            push);
}

static void
collected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Push *push = user_data;
  g_autoptr (GError) error = NULL;

  if (pk_replica_job_finish (PK_REPLICA (source), result, &error) == NULL)
    pk_sync_errand_fail_by (&push->errand, PK_SYNC_FAILURE_LOCAL, error);
  else if (push->body->len == 0)
    pk_sync_errand_answer_after_look (&push->errand, (PkSyncEvent){ .kind = PK_SYNC_EVENT_PUSHED });
  else
    {
      send_body (push);
      return;
    }
  push_free (push);
}

/**
 * pk_sync_push_start:
 *
 * Carries out %PK_SYNC_EFFECT_PUSH.
 */
void
pk_sync_push_start (PkSyncSession *session, const PkSyncEffect *effect)
{
  Push *push = g_new0 (Push, 1);
  PkReplicaJob job = { .priority = PK_PRIORITY_SYNC, .data = push };

  pk_sync_errand_init (&push->errand, session, effect);
  push->body = g_string_new (NULL);
  pk_replica_write_async (session->replica, collect, &job, NULL, collected_cb, push);
}
