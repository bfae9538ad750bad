/*
 * What is done now and then: grants when a day begins, since memberships begin and end; forgetting what nobody needs any more.
 * Days are remembered with the number that the log had come to, so that pruning can go by age.
 */
#include "config.h"

#include "pk-service-grants.h"
#include "pk-service-import.h"
#include "pk-service-private.h"
#include "pk-service-write.h"
#include "pk-store-devices.h"
#include "pk-store-log.h"
#include "pk-store-meta.h"
#include "pk-store-tokens.h"
#include "pk-time.h"

#define DAY_US              G_GINT64_CONSTANT (86400000000)
#define TOMBSTONE_DAYS      90
#define JUDGEMENT_DAYS      400
#define TOKEN_DAYS_OF_GRACE 1

static char *
dup_day_key (PkService *service, gint64 days_ago)
{
  g_autofree char *day = pk_date_from_time (pk_service_now_us (service) - days_ago * DAY_US,
                                            service->zone);

  return g_strconcat ("seq-on-", day, NULL);
}

static gboolean
remember_day (PkService *service, GError **error)
{
  g_autofree char *key = dup_day_key (service, 0);
  g_autofree char *text = NULL;
  gint64 seq;

  if (!pk_store_get_seq (service->store, &seq, error))
    return FALSE;
  text = g_strdup_printf ("%" G_GINT64_FORMAT, seq);
  return pk_store_set_meta (service->store, key, text, error);
}

/* A day on which the server did not run has no number: the next older one is as good. */
static gboolean
prune (PkService *service, GError **error)
{
  for (gint64 days = TOMBSTONE_DAYS; days < TOMBSTONE_DAYS + 30; days++)
    {
      g_autofree char *key = dup_day_key (service, days);
      g_autofree char *text = NULL;
      if (!pk_store_get_meta (service->store, key, &text, error))
        return FALSE;
      if (text != NULL)
        return pk_store_prune_log (service->store, g_ascii_strtoll (text, NULL, 10), error);
    }
  return TRUE;
}

static gboolean
forget (PkService *service, GError **error)
{
  gint64 now_us = pk_service_now_us (service);

  return prune (service, error) &&
         pk_store_forget_judgements (service->store, now_us - JUDGEMENT_DAYS * DAY_US, error) &&
         pk_store_delete_expired_tokens (service->store,
                                         now_us - TOKEN_DAYS_OF_GRACE * DAY_US,
                                         error);
}

static gboolean
begin_day (PkService *service, const char *today, GError **error)
{
  g_autoptr (PkWrite) write = pk_write_begin (service, NULL, PK_WRITE_BULK, error);
  g_autofree char *last = NULL;

  if (write == NULL || !pk_store_get_meta (service->store, "upkeep-day", &last, error))
    return FALSE;
  if (g_strcmp0 (today, last) == 0) /* another process was quicker */
    return TRUE;
  return pk_grants_refresh_all (service, NULL, error) && remember_day (service, error) &&
         forget (service, error) &&
         pk_store_set_meta (service->store, "upkeep-day", today, error) &&
         pk_write_commit (write, NULL, error);
}

/**
 * pk_service_upkeep:
 *
 * To be called on the writer at the start and every few minutes. Does the day's work once a day, and a checkpoint each time.
 *
 * Returns: %TRUE if all is done
 */
gboolean
pk_service_upkeep (PkService *service, GError **error)
{
  g_autofree char *today = pk_service_dup_today (service);
  g_autofree char *last = NULL;

  if (!pk_store_get_meta (service->store, "upkeep-day", &last, error))
    return FALSE;
  if (g_strcmp0 (today, last) != 0 && !begin_day (service, today, error))
    return FALSE;
  return pk_store_checkpoint (service->store, error);
}
