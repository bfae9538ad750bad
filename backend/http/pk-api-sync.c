/* Push, pull and snapshots: from HTTP to the service and back. What they mean is the service's. */
#include "config.h"

#include "pk-api-sync.h"

#include "pk-exchange-private.h"
#include "pk-feed.h"
#include "pk-file-reply.h"
#include "pk-http-private.h"
#include "pk-problem.h"
#include "pk-service-operator.h"
#include "pk-service-push.h"
#include "pk-service-quarantine.h"
#include "pk-service-tokens.h"
#include "pk-snapshot.h"
#include "pk-spool.h"
#include "pk-sync-pull.h"

#include <string.h>

#define MAX_MUTATIONS 5000
#define MAX_KEPT      200
#define NDJSON        "application/x-ndjson"

static char *
quote_id (const PkId *id)
{
  char text[PK_ID_TEXT_LENGTH + 1];

  return g_strdup_printf ("\"%s\"", pk_id_to_text (id, text));
}

/* TRUE where the error was told with what the client needs to go on. */
static gboolean
fail_with_help (PkExchange *exchange, const GError *error)
{
  PkId epoch;

  if (g_error_matches (error, PK_PROBLEM_ERROR, PK_PROBLEM_FORKED))
    {
      g_autofree char *device = quote_id (pk_exchange_get_device (exchange));
      pk_exchange_fail_with (exchange, error, "device", device);
      return TRUE;
    }
  if (!g_error_matches (error, PK_PROBLEM_ERROR, PK_PROBLEM_EPOCH) ||
      !pk_service_get_epoch (pk_exchange_get_service (exchange), &epoch, NULL))
    return FALSE;
  g_autofree char *value = quote_id (&epoch);
  pk_exchange_fail_with (exchange, error, "epoch", value);
  return TRUE;
}

/* An answer that handed out a fresh device id may have been lost, or the disk was cloned with its tokens: it is told again. */
static gboolean
check_device (PkExchange *exchange, const PkId *device, GError **error)
{
  if (pk_id_equal (device, pk_exchange_get_device (exchange)))
    return TRUE;
  pk_problem_set (error, PK_PROBLEM_FORKED, "/device", "The token belongs to another device");
  return FALSE;
}

static gboolean
check_queries (PkExchange *exchange, GError **error)
{
  const char *device_text = pk_exchange_get_query (exchange, "device");
  const char *epoch_text = pk_exchange_get_query (exchange, "epoch");
  PkId device, epoch, own;

  if (device_text != NULL && !pk_id_parse (device_text, &device))
    {
      pk_problem_set (error, PK_PROBLEM_MALFORMED, "/device", "It must be a UUID");
      return FALSE;
    }
  if (device_text != NULL && !check_device (exchange, &device, error))
    return FALSE;
  if (epoch_text == NULL)
    return TRUE;
  if (!pk_id_parse (epoch_text, &epoch))
    {
      pk_problem_set (error, PK_PROBLEM_MALFORMED, "/epoch", "It must be a UUID");
      return FALSE;
    }
  if (!pk_service_get_epoch (pk_exchange_get_service (exchange), &own, error))
    return FALSE;
  if (!pk_id_equal (&own, &epoch))
    pk_problem_set (error, PK_PROBLEM_EPOCH, "/epoch", "The server's history is another one");
  return pk_id_equal (&own, &epoch);
}

static gboolean
read_line (GPtrArray *mutations, const char *line, gsize size, GError **error)
{
  g_autofree char *prefix = g_strdup_printf ("/%u", mutations->len);

  if (mutations->len == MAX_MUTATIONS)
    {
      pk_problem_set (error,
                      PK_PROBLEM_TOO_LARGE,
                      prefix,
                      "At most %d mutations at once",
                      MAX_MUTATIONS);
      return FALSE;
    }
  PkMutation *mutation = pk_mutation_read (line, size, error);
  if (mutation != NULL)
    g_ptr_array_add (mutations, mutation);
  else if (error != NULL)
    pk_problem_prefix_pointer (*error, prefix);
  return mutation != NULL;
}

static GPtrArray *
read_mutations (PkExchange *exchange, GError **error)
{
  g_autoptr (GPtrArray)
      mutations = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
  gsize size;
  const char *text = g_bytes_get_data (pk_exchange_get_body (exchange), &size);

  while (size > 0)
    {
      const char *end = memchr (text, '\n', size);
      gsize length = end != NULL ? (gsize) (end - text) : size;
      if (length > 0 && !read_line (mutations, text, length, error))
        return NULL;
      text += MIN (length + 1, size);
      size -= MIN (length + 1, size);
    }
  if (mutations->len > 0)
    return g_steal_pointer (&mutations);
  pk_problem_set (error, PK_PROBLEM_MALFORMED, "", "There is no mutation");
  return NULL;
}

static void
reply_verdicts (PkExchange *exchange, GPtrArray *verdicts)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < verdicts->len; i++)
    {
      pk_verdict_append_json (out, verdicts->pdata[i]);
      g_string_append_c (out, '\n');
    }
  pk_exchange_reply (exchange, 200, NDJSON, g_string_free_to_bytes (out));
}

static void
forget_device (PkExchange *exchange)
{
  pk_known_tokens_forget (pk_exchange_get_http (exchange)->tokens,
                          pk_exchange_get_device (exchange));
}

/* Nothing was judged: the push begins elsewhere, or the device is another one now. */
static gboolean
reply_end (PkExchange *exchange, const PkPushResult *result, GError **fault)
{
  PkService *service = pk_exchange_get_service (exchange);
  g_autoptr (GError) error = NULL;
  g_autofree char *value = NULL;

  if (result->code == PK_PROBLEM_GAP)
    {
      pk_problem_set (&error, PK_PROBLEM_GAP, NULL, "Mutations before the first are missing");
      value = g_strdup_printf ("%" G_GINT64_FORMAT, result->expected_n);
      pk_exchange_fail_with (exchange, error, "expected", value);
      return TRUE;
    }
  if (!pk_service_move_tokens (service, &exchange->family, &result->device, fault))
    return FALSE;
  pk_problem_set (&error, PK_PROBLEM_FORKED, NULL, "Go on as another device, numbered from 1");
  value = quote_id (&result->device);
  pk_exchange_fail_with (exchange, error, "device", value);
  exchange->then = forget_device;
  return TRUE;
}

/**
 * pk_api_sync_push:
 *
 * Mutations in, verdicts out. A line whose envelope cannot be read refuses the whole; a line whose content is faulty is judged
 * like any other. On the writing thread.
 */
gboolean
pk_api_sync_push (PkExchange *exchange, GError **error)
{
  PkService *service = pk_exchange_get_service (exchange);
  g_autoptr (GError) local = NULL;
  g_autoptr (GPtrArray)
      mutations = check_queries (exchange, &local) ? read_mutations (exchange, &local) : NULL;
  g_autoptr (PkPushResult) result = mutations != NULL
                                        ? pk_service_push (service,
                                                           pk_exchange_get_person (exchange),
                                                           pk_exchange_get_device (exchange),
                                                           mutations,
                                                           &local)
                                        : NULL;

  if (local != NULL)
    {
      if (fail_with_help (exchange, local))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (result->code >= 0 && result->verdicts->len == 0)
    return reply_end (exchange, result, error);
  reply_verdicts (exchange, result->verdicts);
  return TRUE;
}

static gboolean
write_piece (const char *text, gsize size, gpointer data, GError **error)
{
  return pk_spool_write (data, text, size, error);
}

static gboolean
pull (PkExchange *exchange, const PkPullRequest *request, GError **error)
{
  PkSpoolCoding coding =
      pk_spool_choose_coding (pk_exchange_get_header (exchange, "Accept-Encoding"));
  g_autoptr (PkSpool) spool = pk_spool_new (pk_exchange_get_http (exchange)->data_dir, coding);
  gboolean has_news = FALSE;

  if (!pk_sync_pull (pk_exchange_get_service (exchange),
                     pk_exchange_get_person (exchange),
                     request,
                     write_piece,
                     spool,
                     &has_news,
                     error))
    return FALSE;
  PkHttp *http = pk_exchange_get_http (exchange);
  pk_device_reports_note (http->reports,
                          request,
                          pk_service_pool_get_seq (http->pool),
                          pk_service_now_us (pk_exchange_get_service (exchange)));
  if (has_news)
    return pk_spool_reply (spool, exchange, 200, NDJSON, error);
  pk_exchange_reply_empty (exchange, 204);
  return TRUE;
}

/**
 * pk_api_sync_pull:
 *
 * What has changed for the person since the device's cursors; 204 where nothing has. On a reading thread.
 */
gboolean
pk_api_sync_pull (PkExchange *exchange, GError **error)
{
  gsize size;
  const char *json = g_bytes_get_data (pk_exchange_get_body (exchange), &size);
  g_autoptr (GError) local = NULL;
  g_autoptr (PkPullRequest) request = pk_pull_request_read (json, size, &local);

  if (request != NULL && check_device (exchange, &request->device, &local) &&
      pull (exchange, request, &local))
    return TRUE;
  if (fail_with_help (exchange, local))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * pk_api_sync_get_snapshot:
 *
 * A scope's snapshot, for those who hold the scope. On a reading thread.
 */
gboolean
pk_api_sync_get_snapshot (PkExchange *exchange, GError **error)
{
  const char *sha256 = pk_exchange_get_parameter (exchange, 0);
  PkService *service = pk_exchange_get_service (exchange);
  gboolean may_read = FALSE;

  if (pk_sha256_is_valid (sha256) &&
      !pk_snapshot_may_read (service, pk_exchange_get_person (exchange), sha256, &may_read, error))
    return FALSE;
  if (!may_read)
    {
      pk_problem_set (error, PK_PROBLEM_NOT_FOUND, NULL, "There is no such snapshot");
      return FALSE;
    }
  g_autofree char *path = pk_snapshot_dup_path (service, sha256);
  return pk_file_reply (exchange, path, sha256, error);
}

static void
append_kept (GString *out, const PkQuarantined *item)
{
  g_string_append (out, out->str[out->len - 1] == '[' ? "{\"at\":" : ",{\"at\":");
  pk_json_append_time (out, item->at_us);
  g_string_append (out, ",\"verdict\":");
  pk_verdict_append_json (out, item->verdict);
  g_string_append_printf (out, ",\"mutation\":%s}", item->line);
}

/**
 * pk_api_sync_get_quarantine:
 *
 * What the person did and nobody may carry out any more, the newest first. On a reading thread.
 */
gboolean
pk_api_sync_get_quarantine (PkExchange *exchange, GError **error)
{
  g_autoptr (GPtrArray) items = pk_quarantine_list (pk_exchange_get_service (exchange),
                                                    pk_exchange_get_person (exchange),
                                                    MAX_KEPT,
                                                    error);

  if (items == NULL)
    return FALSE;
  GString *out = g_string_new ("{\"items\":[");
  for (guint i = 0; i < items->len; i++)
    append_kept (out, items->pdata[i]);
  g_string_append (out, "]}");
  pk_exchange_reply_json (exchange, 200, out);
  return TRUE;
}
