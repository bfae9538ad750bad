/*
 * How it stands with sync, in words. One sentence for the pill, the most urgent thing first: what needs the person, then what
 * is under way, then that all is well. Main thread.
 */
#include "config.h"

#include "pk-sync-model.h"

#include "pk-text.h"

#include <glib/gi18n.h>

struct _PkSyncModel
{
  GObject parent_instance;
  PkStandDetails details;
  char *text;        /* (owned) */
  gint64 started_us; /* when the first sync began to count; 0: not yet */
  gint64 started_done;
  gint64 now_us;
};

G_DEFINE_FINAL_TYPE (PkSyncModel, pk_sync_model, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Rows come in what is fetched, evenly enough: as much of them is here as of the bytes. */
static gint64
rows_done (const PkStandDetails *details)
{
  return (gint64) ((double) details->rows * (double) details->done /
                   (double) MAX (details->total, 1));
}

static char *
describe_bytes (const PkStandDetails *details)
{
  double megabyte = 1000 * 1000;

  /* Translators: megabytes done and all of them: "3.1 of 13.2 MB" */
  return g_strdup_printf (_ ("%1$.1f of %2$.1f MB"),
                          (double) details->done / megabyte,
                          (double) details->total / megabyte);
}

static char *
describe_syncing (const PkStandDetails *details)
{
  if (details->total <= 0)
    return g_strdup (_ ("Synchronising"));
  if (details->rows <= 0)
    {
      g_autofree char *bytes = describe_bytes (details);
      /* Translators: "Synchronising 3.1 of 13.2 MB" */
      return g_strdup_printf (_ ("Synchronising %s"), bytes);
    }
  g_autofree char *done = pk_text_number (rows_done (details));
  g_autofree char *total = pk_text_number (details->rows);
  /* Translators: rows done and all rows: "Synchronising 2,140 of 9,800" */
  return g_strdup_printf (_ ("Synchronising %s of %s"), done, total);
}

static char *
describe_waiting (const PkStandDetails *details)
{
  g_autofree char *number = pk_text_number (details->n_waiting);

  return g_strdup_printf (ngettext ("%s change waiting", "%s changes waiting", details->n_waiting),
                          number);
}

static char *
describe_offline (const PkStandDetails *details)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (details->offline_since_us > 0)
    {
      g_autofree char *clock = pk_text_clock (details->offline_since_us);
      /* Translators: a time of day: "Offline since 08:14" */
      g_string_append_printf (text, _ ("Offline since %s"), clock);
    }
  else
    g_string_append (text, _ ("Offline"));
  if (details->n_waiting > 0)
    {
      g_autofree char *waiting = describe_waiting (details);
      pk_text_join (text, waiting);
    }
  return g_strdup (text->str);
}

static char *
describe (const PkStandDetails *details)
{
  if (details->stand == PK_STAND_REVOKED)
    return g_strdup (_ ("Signed out"));
  if (details->stand == PK_STAND_SIGN_IN_NEEDED)
    return g_strdup (_ ("Sign in to synchronise"));
  if (details->n_attention > 0)
    return g_strdup_printf (ngettext ("%d needs you", "%d need you", details->n_attention),
                            (int) details->n_attention);
  switch (details->stand)
    {
    case PK_STAND_SYNCING:
      return describe_syncing (details);
    case PK_STAND_OFFLINE:
      return describe_offline (details);
    case PK_STAND_TROUBLE:
      return g_strdup (_ ("Trying again soon"));
    case PK_STAND_TOO_OLD:
      return g_strdup (_ ("Update needed"));
    case PK_STAND_STARTING:
      return g_strdup (_ ("Connecting"));
    case PK_STAND_UP_TO_DATE:
    case PK_STAND_SIGN_IN_NEEDED:
    case PK_STAND_REVOKED:
    default:
      return details->n_waiting > 0 ? describe_waiting (details) : g_strdup (_ ("Up to date"));
    }
}

static void
pk_sync_model_finalize (GObject *object)
{
  g_free (PK_SYNC_MODEL (object)->text);
  G_OBJECT_CLASS (pk_sync_model_parent_class)->finalize (object);
}

static void
pk_sync_model_class_init (PkSyncModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_sync_model_finalize;

  /**
   * PkSyncModel::changed:
   *
   * It stands otherwise.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed",
                                          G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST,
                                          0,
                                          NULL,
                                          NULL,
                                          NULL,
                                          G_TYPE_NONE,
                                          0);
}

static void
pk_sync_model_init (PkSyncModel *self)
{
  self->details.offline_since_us = -1;
  self->details.last_contact_us = -1;
  self->text = describe (&self->details);
}

/**
 * pk_sync_model_new:
 *
 * Returns: (transfer full): a model that says "Connecting" until it is told otherwise
 */
PkSyncModel *
pk_sync_model_new (void)
{
  return g_object_new (PK_TYPE_SYNC_MODEL, NULL);
}

/**
 * pk_sync_model_set:
 * @self: a model
 * @details: how it stands
 * @now_us: what time it is
 *
 * Takes over how it stands.
 */
void
pk_sync_model_set (PkSyncModel *self, const PkStandDetails *details, gint64 now_us)
{
  g_return_if_fail (PK_IS_SYNC_MODEL (self));

  self->details = *details;
  self->now_us = now_us;
  if (details->is_first && self->started_us == 0 && details->total > 0)
    {
      self->started_us = now_us;
      self->started_done = details->done;
    }
  g_free (self->text);
  self->text = describe (details);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * pk_sync_model_get:
 * @self: a model
 *
 * Returns: (transfer none): how it stands
 */
const PkStandDetails *
pk_sync_model_get (PkSyncModel *self)
{
  return &self->details;
}

/**
 * pk_sync_model_get_text:
 * @self: a model
 *
 * Returns: (transfer none): the pill's words
 */
const char *
pk_sync_model_get_text (PkSyncModel *self)
{
  return self->text;
}

/**
 * pk_sync_model_get_icon_name:
 * @self: a model
 *
 * Returns: (transfer none): the pill's shape
 */
const char *
pk_sync_model_get_icon_name (PkSyncModel *self)
{
  if (self->details.n_attention > 0)
    return "pk-sync-attention-symbolic";
  switch (self->details.stand)
    {
    case PK_STAND_STARTING:
    case PK_STAND_SYNCING:
      return "pk-sync-running-symbolic";
    case PK_STAND_OFFLINE:
      return "pk-sync-offline-symbolic";
    case PK_STAND_TROUBLE:
    case PK_STAND_SIGN_IN_NEEDED:
    case PK_STAND_TOO_OLD:
    case PK_STAND_REVOKED:
      return "pk-sync-attention-symbolic";
    case PK_STAND_UP_TO_DATE:
    default:
      return "pk-sync-done-symbolic";
    }
}

/**
 * pk_sync_model_get_explanation:
 * @self: a model
 *
 * Returns: (transfer none): what it means for the person, and what to do
 */
const char *
pk_sync_model_get_explanation (PkSyncModel *self)
{
  if (self->details.is_keyring_locked)
    return _ ("The keyring is locked, so you cannot be signed in. Unlock it and try again. Your "
              "work is kept.");
  if (self->details.n_attention > 0 && self->details.stand == PK_STAND_UP_TO_DATE)
    return _ ("Something was not accepted. Look at it below; nothing of it is lost.");
  if (self->details.n_waiting > 0 && self->details.stand == PK_STAND_UP_TO_DATE)
    return _ ("What you have done is sent in a moment.");
  switch (self->details.stand)
    {
    case PK_STAND_OFFLINE:
      return _ ("You can go on working. Everything is sent when the network is back.");
    case PK_STAND_TROUBLE:
      return _ (
          "The server does not answer as it should. It is tried again by itself; nothing is lost.");
    case PK_STAND_SIGN_IN_NEEDED:
      return _ ("Your session has ended. Sign in again; everything you have done is kept here.");
    case PK_STAND_TOO_OLD:
      return _ ("This program is older than the server allows. Your work is still sent; update to "
                "get news.");
    case PK_STAND_REVOKED:
      return _ ("This device has been signed out by an administrator. What you had not sent was "
                "handed in.");
    case PK_STAND_SYNCING:
    case PK_STAND_STARTING:
      return _ ("You can work while this goes on.");
    case PK_STAND_UP_TO_DATE:
    default:
      return _ ("Everything you have done is with the municipality.");
    }
}

/**
 * pk_sync_model_get_fraction:
 * @self: a model
 *
 * Returns: how much of what is under way is done, 0 to 1; negative where that is not known
 */
double
pk_sync_model_get_fraction (PkSyncModel *self)
{
  if (self->details.stand != PK_STAND_SYNCING || self->details.total <= 0)
    return -1;
  return CLAMP ((double) self->details.done / (double) self->details.total, 0, 1);
}

static char *
describe_rows (const PkStandDetails *details)
{
  g_autofree char *done = pk_text_number (rows_done (details));
  g_autofree char *all = pk_text_number (details->rows);

  /* Translators: rows done and all rows: "2,140 of 9,800 rows" */
  return g_strdup_printf (_ ("%1$s of %2$s rows"), done, all);
}

/* How long the rest takes at the pace so far; nothing before there is a pace. */
static char *
describe_time_left (PkSyncModel *self)
{
  const PkStandDetails *details = &self->details;
  gint64 done = details->done - self->started_done;
  gint64 spent_us = self->now_us - self->started_us;

  if (details->done >= details->total)
    return g_strdup (_ ("putting it in place"));
  if (done <= 0 || spent_us < G_USEC_PER_SEC)
    return NULL;
  double left_us = (double) spent_us * (double) (details->total - details->done) / (double) done;
  int minutes = (int) (left_us / (60.0 * G_USEC_PER_SEC)) + 1;
  if (left_us < 60.0 * G_USEC_PER_SEC)
    return g_strdup (_ ("less than a minute left"));
  return g_strdup_printf (ngettext ("%d minute left", "%d minutes left", minutes), minutes);
}

/**
 * pk_sync_model_dup_progress:
 * @self: a model
 *
 * Returns: (transfer full) (nullable): rows, megabytes and time left of the first sync; %NULL where none is under way
 */
char *
pk_sync_model_dup_progress (PkSyncModel *self)
{
  const PkStandDetails *details = &self->details;
  g_autoptr (GString) text = g_string_new (NULL);

  if (!details->is_first || details->total <= 0)
    return NULL;
  g_autofree char *rows = details->rows > 0 ? describe_rows (details) : NULL;
  g_autofree char *bytes = describe_bytes (details);
  g_autofree char *left = describe_time_left (self);
  pk_text_join (text, rows);
  pk_text_join (text, bytes);
  pk_text_join (text, left);
  return g_strdup (text->str);
}
