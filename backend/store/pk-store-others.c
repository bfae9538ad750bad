/* Work that one process is to do, and wake-ups between processes. The bell lives on the main context and opens its connection on
 * a thread, so that a server that does not answer holds nobody up. */
#include "config.h"

#include "pk-store-others.h"

#include "pk-store-private.h"
#if PK_HAS_POSTGRES
#include "pk-postgres.h"
#endif

#include <gio/gio.h>
#include <glib-unix.h>

/* Until the connection is opened again. */
#define PATIENCE_MS 1000
/* A change whose process died before it could tell is found by looking. */
#define LOOK_MS 5000

struct _PkStoreBell
{
  char *address; /* (owned) (nullable): NULL: nobody rings */
  PkStoreBellFunc func;
  gpointer data;
  PkSql *sql;                /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) */
  GMainContext *context;     /* (owned) */
  GSource *input;            /* (owned) (nullable) */
  GSource *timer;            /* (owned) (nullable): connect again, or look */
};

/**
 * pk_store_has_others:
 *
 * Returns: whether other processes may serve the same store
 */
gboolean
pk_store_has_others (PkStore *self)
{
  return self->engine == &pk_store_sqlite ? FALSE : TRUE;
}

/**
 * pk_store_claim:
 * @work: its name
 * @is_ours_out: (out): whether nobody else is at it; then it ends with [func@store_yield]
 *
 * Returns: %TRUE if it was found out
 */
gboolean
pk_store_claim (PkStore *self, const char *work, gboolean *is_ours_out, GError **error)
{
  return self->engine->claim (self, work, is_ours_out, error);
}

/**
 * pk_store_yield:
 *
 * The work is done, or given up.
 */
gboolean
pk_store_yield (PkStore *self, const char *work, GError **error)
{
  return self->engine->yield (self, work, error);
}

/**
 * pk_store_tell_others:
 *
 * Rings the bells of all processes, this one's too. Outside of a transaction.
 */
gboolean
pk_store_tell_others (PkStore *self, GError **error)
{
  return self->engine->tell_others (self, error);
}

#if PK_HAS_POSTGRES
static void connect_later (PkStoreBell *self);

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_source_unref (*source);
  *source = NULL;
}

static void
set_timer (PkStoreBell *self, guint interval_ms, GSourceFunc func)
{
  clear_source (&self->timer);
  self->timer = g_timeout_source_new (interval_ms);
  g_source_set_callback (self->timer, func, self, NULL);
  g_source_attach (self->timer, self->context);
}

static gboolean
look_cb (gpointer user_data)
{
  PkStoreBell *self = user_data;

  self->func (self->data);
  return G_SOURCE_CONTINUE;
}

static gboolean
input_cb (int file G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED, gpointer user_data)
{
  PkStoreBell *self = user_data;
  g_autoptr (GError) error = NULL;
  guint n_notices;

  if (!pk_postgres_take_notices (self->sql, &n_notices, &error))
    {
      g_message ("Waiting for changes: %s", error->message);
      connect_later (self);
      return G_SOURCE_REMOVE;
    }
  if (n_notices > 0)
    self->func (self->data);
  return G_SOURCE_CONTINUE;
}

static void
connect_func (GTask *task, gpointer source G_GNUC_UNUSED, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  g_autoptr (PkSql) sql = pk_postgres_open (data, PK_SQL_READ_WRITE, &error);

  if (sql != NULL && pk_sql_exec (sql, "LISTEN pakobla", &error) &&
      !g_cancellable_set_error_if_cancelled (cancellable, &error))
    g_task_return_pointer (task, g_steal_pointer (&sql), (GDestroyNotify) pk_sql_close);
  else
    g_task_return_error (task, error);
}

static void
connected_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  PkSql *sql = g_task_propagate_pointer (G_TASK (result), &error);
  PkStoreBell *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (sql == NULL)
    {
      g_message ("Waiting for changes: %s", error->message);
      connect_later (self);
      return;
    }
  self->sql = sql;
  pk_sql_adopt (sql);
  self->input = g_unix_fd_source_new (pk_postgres_get_socket (sql), G_IO_IN | G_IO_ERR | G_IO_HUP);
  g_source_set_callback (self->input, G_SOURCE_FUNC (input_cb), self, NULL);
  g_source_attach (self->input, self->context);
  set_timer (self, LOOK_MS, look_cb);
  self->func (self->data);
}

static void
connect_now (PkStoreBell *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, connected_cb, self);

  g_task_set_source_tag (task, connect_now);
  g_task_set_task_data (task, g_strdup (self->address), g_free);
  g_task_run_in_thread (task, connect_func);
}

static gboolean
connect_cb (gpointer user_data)
{
  PkStoreBell *self = user_data;

  clear_source (&self->timer);
  connect_now (self);
  return G_SOURCE_REMOVE;
}

static void
connect_later (PkStoreBell *self)
{
  clear_source (&self->input);
  g_clear_pointer (&self->sql, pk_sql_close);
  set_timer (self, PATIENCE_MS, connect_cb);
}

static void
disconnect (PkStoreBell *self)
{
  clear_source (&self->input);
  clear_source (&self->timer);
  g_clear_pointer (&self->sql, pk_sql_close);
}
#else
static void
connect_now (PkStoreBell *self G_GNUC_UNUSED)
{
}

static void
disconnect (PkStoreBell *self G_GNUC_UNUSED)
{
}
#endif

/**
 * pk_store_bell_new:
 * @dir: the store's folder
 * @func: rings, on the caller's context
 *
 * Returns: (transfer full): a bell; on SQLite it never rings
 */
PkStoreBell *
pk_store_bell_new (const char *dir, PkStoreBellFunc func, gpointer data)
{
  PkStoreBell *self = g_new0 (PkStoreBell, 1);

  self->address = pk_store_dup_address (dir);
  self->func = func;
  self->data = data;
  self->cancellable = g_cancellable_new ();
  self->context = g_main_context_ref_thread_default ();
  if (self->address != NULL)
    connect_now (self);
  return self;
}

/**
 * pk_store_bell_free:
 *
 * It rings no more.
 */
void
pk_store_bell_free (PkStoreBell *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  disconnect (self);
  g_object_unref (self->cancellable);
  g_main_context_unref (self->context);
  g_free (self->address);
  g_free (self);
}
