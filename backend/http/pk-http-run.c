/*
 * Runs a route's handler where it belongs, and sends what it answers. While a handler is on a thread of the pool the message is
 * paused, and nobody else touches the exchange.
 */
#include "config.h"

#include "pk-http-private.h"

#include "pk-api-sync.h"
#include "pk-exchange-private.h"
#include "pk-problem.h"

static void
hold (PkExchange *self)
{
  if (!self->is_gone && !self->is_paused)
    soup_server_message_pause (self->message);
  self->is_paused = TRUE;
}

static gpointer
call_handler_func (PkService *service,
                   gpointer data,
                   GCancellable *cancellable G_GNUC_UNUSED,
                   GError **error)
{
  PkExchange *self = data;
  PkHandler handler = self->handler != NULL ? self->handler : self->route->handler;
  g_autoptr (GError) local_error = NULL;

  self->service = service;
  gboolean is_done = handler (self, &local_error);
  self->service = NULL;
  if (is_done)
    return self;
  if (pk_service_pool_can_run_again (local_error))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  pk_exchange_fail (self, local_error);
  return self;
}

static void
handler_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkExchange) self = user_data;
  g_autoptr (GError) error = NULL;

  if (pk_service_pool_finish (PK_SERVICE_POOL (source), result, &error) == NULL)
    pk_exchange_fail (self, error);
  if (self->answer.status == 0 && self->next != NULL)
    {
      pk_http_continue (self, PK_RUN_WRITER, g_steal_pointer (&self->next));
      return;
    }
  gboolean is_answered = self->answer.status != 0;
  void (*then) (PkExchange *) = g_steal_pointer (&self->then);
  if (then != NULL)
    then (self);
  if (is_answered)
    pk_exchange_finish (self);
}

static PkPriority
get_priority (PkExchange *self)
{
  return g_str_has_prefix (self->route->pattern, "/api/sync/") ? PK_PRIORITY_SYNC
                                                               : PK_PRIORITY_INTERACTIVE;
}

static void
start_job (PkExchange *self, PkRun run)
{
  PkServiceJob job = { .func = call_handler_func,
                       .data = self,
                       .priority = get_priority (self),
                       .may_share = self->route->handler == pk_api_sync_push };

  hold (self);
  if (run == PK_RUN_WRITER)
    pk_service_pool_write_async (self->http->pool,
                                 &job,
                                 NULL,
                                 handler_done_cb,
                                 pk_exchange_ref (self));
  else
    pk_service_pool_read_async (self->http->pool,
                                &job,
                                NULL,
                                handler_done_cb,
                                pk_exchange_ref (self));
}

static void
start_async (PkExchange *self)
{
  g_autoptr (GError) error = NULL;

  hold (self);
  if (self->route->handler (self, &error))
    return;
  pk_exchange_fail (self, error);
  pk_exchange_finish (self);
}

/**
 * pk_http_continue:
 * @run: %PK_RUN_READER or %PK_RUN_WRITER
 *
 * Goes on with a request of %PK_RUN_ASYNC on a thread of the pool, and sends what @handler answers.
 */
void
pk_http_continue (PkExchange *exchange, PkRun run, PkHandler handler)
{
  exchange->handler = handler;
  start_job (exchange, run);
}

static void
call_handler (PkExchange *self)
{
  PkHandler handler = self->handler != NULL ? self->handler : self->route->handler;
  g_autoptr (GError) error = NULL;

  if (!handler (self, &error))
    pk_exchange_fail (self, error);
}

/**
 * pk_http_run:
 *
 * Answers a request whose body has come. On the main thread.
 */
void
pk_http_run (PkExchange *exchange)
{
  switch (exchange->route->run)
    {
    case PK_RUN_ASYNC:
      start_async (exchange);
      return;
    case PK_RUN_READER:
    case PK_RUN_WRITER:
      start_job (exchange, exchange->route->run);
      return;
    case PK_RUN_HERE:
      call_handler (exchange);
      pk_exchange_finish (exchange);
      return;
    }
}

static gpointer
prepare_func (PkService *service,
              gpointer data,
              GCancellable *cancellable G_GNUC_UNUSED,
              GError **error G_GNUC_UNUSED)
{
  PkExchange *self = data;
  gboolean is_known = !pk_http_asks_for_person (self->route) || !pk_id_is_null (&self->person);

  self->service = service;
  if ((is_known || pk_http_look_up_token (self, &self->refusal)) && self->route->open != NULL)
    self->route->open (self, &self->refusal);
  self->service = NULL;
  return self;
}

static void
prepared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkExchange) self = user_data;
  g_autoptr (GError) error = NULL;

  self->is_paused = FALSE;
  if (pk_service_pool_finish (PK_SERVICE_POOL (source), result, &error) == NULL)
    pk_http_refuse (self, error);
  else if (self->refusal != NULL)
    pk_http_refuse (self, self->refusal);
  if (!pk_id_is_null (&self->person))
    pk_http_remember_token (self);
  if (!self->is_gone)
    soup_server_message_unpause (self->message);
}

/**
 * pk_http_prepare:
 *
 * Holds the request's body back until the store has told who asks, and the route has made ready for the body.
 */
void
pk_http_prepare (PkExchange *exchange)
{
  PkServiceJob job = { prepare_func, exchange, NULL, NULL, get_priority (exchange) };

  hold (exchange);
  pk_service_pool_read_async (exchange->http->pool,
                              &job,
                              NULL,
                              prepared_cb,
                              pk_exchange_ref (exchange));
}

/**
 * pk_http_await:
 *
 * Holds the request's body back until another request has ended, whose heir @exchange is.
 */
void
pk_http_await (PkExchange *exchange)
{
  hold (exchange);
}
