/* Whether the program goes on without a window, and why not. Main thread. */
#include "config.h"

#include "pk-background-model.h"

#include "pk-glib-backports.h"

struct _PkBackgroundModel
{
  GObject parent_instance;
  gboolean is_on;
  gboolean is_busy; /* the desktop has been asked */
  char *problem;    /* (owned) (nullable): why it is not as it was asked for, in words for people */
};

G_DEFINE_FINAL_TYPE (PkBackgroundModel, pk_background_model, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  SIGNAL_WANTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
pk_background_model_finalize (GObject *object)
{
  g_free (PK_BACKGROUND_MODEL (object)->problem);
  G_OBJECT_CLASS (pk_background_model_parent_class)->finalize (object);
}

static guint
new_signal (const char *name, guint n_arguments)
{
  return g_signal_new (name,
                       PK_TYPE_BACKGROUND_MODEL,
                       G_SIGNAL_RUN_LAST,
                       0,
                       NULL,
                       NULL,
                       NULL,
                       G_TYPE_NONE,
                       n_arguments,
                       G_TYPE_BOOLEAN);
}

static void
pk_background_model_class_init (PkBackgroundModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_background_model_finalize;
  signals[SIGNAL_CHANGED] = new_signal ("changed", 0);
  signals[SIGNAL_WANTED] = new_signal ("wanted", 1);
}

static void
pk_background_model_init (PkBackgroundModel *self G_GNUC_UNUSED)
{
}

/**
 * pk_background_model_new:
 *
 * Returns: (transfer full): a model that says no
 */
PkBackgroundModel *
pk_background_model_new (void)
{
  return g_object_new (PK_TYPE_BACKGROUND_MODEL, NULL);
}

/**
 * pk_background_model_ask:
 * @self: a model
 * @is_wanted: what the person wants
 *
 * Asks whoever can carry it out, where it is not so already.
 */
void
pk_background_model_ask (PkBackgroundModel *self, gboolean is_wanted)
{
  if (is_wanted != self->is_on && !self->is_busy)
    g_signal_emit (self, signals[SIGNAL_WANTED], 0, is_wanted);
}

/**
 * pk_background_model_set_busy:
 * @self: a model
 *
 * Says that the desktop has been asked, and has not answered yet.
 */
void
pk_background_model_set_busy (PkBackgroundModel *self)
{
  self->is_busy = TRUE;
  g_clear_pointer (&self->problem, g_free);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * pk_background_model_set:
 * @self: a model
 * @is_on: whether the program goes on without a window
 * @problem: (nullable): why it is not as the person wants it, and what to do
 *
 * Says how it is.
 */
void
pk_background_model_set (PkBackgroundModel *self, gboolean is_on, const char *problem)
{
  self->is_on = is_on;
  self->is_busy = FALSE;
  g_set_str (&self->problem, problem);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * pk_background_model_get_is_on:
 * @self: a model
 *
 * Returns: whether the program goes on without a window
 */
gboolean
pk_background_model_get_is_on (PkBackgroundModel *self)
{
  return self->is_on;
}

/**
 * pk_background_model_get_is_busy:
 * @self: a model
 *
 * Returns: whether the desktop has been asked and has not answered yet
 */
gboolean
pk_background_model_get_is_busy (PkBackgroundModel *self)
{
  return self->is_busy;
}

/**
 * pk_background_model_get_problem:
 * @self: a model
 *
 * Returns: (transfer none) (nullable): why it is not as the person wants it
 */
const char *
pk_background_model_get_problem (PkBackgroundModel *self)
{
  return self->problem;
}
