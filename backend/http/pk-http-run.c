/* Runs a route's handler where it belongs, and sends what it answers. */
#include "config.h"

#include "pk-http-private.h"

#include "pk-exchange-private.h"
#include "pk-problem.h"

static void
call_handler (PkExchange *self)
{
  g_autoptr (GError) error = NULL;

  if (!self->route->handler (self, &error))
    pk_exchange_fail (self, error);
}

static void
start_async (PkExchange *self)
{
  g_autoptr (GError) error = NULL;

  self->is_paused = TRUE;
  soup_server_message_pause (self->message);
  if (self->route->handler (self, &error))
    return;
  pk_exchange_fail (self, error);
  pk_exchange_finish (self);
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
    case PK_RUN_HERE:
    case PK_RUN_READER:
    case PK_RUN_WRITER:
      call_handler (exchange);
      pk_exchange_finish (exchange);
      return;
    }
}
