/* When it may have become another day; see the header. */
#include "config.h"

#include "pk-day-watch.h"

#define MOST_SECONDS 3600

struct _PkDayWatch
{
  GObject parent_instance;
  PkLibrary *library; /* (owned) */
  guint timer;
  GDBusConnection *bus; /* (owned) (nullable): of the system, where there is one */
  guint subscription;
  GCancellable *cancellable; /* (owned) */
};

G_DEFINE_FINAL_TYPE (PkDayWatch, pk_day_watch, G_TYPE_OBJECT)

static void start_timer (PkDayWatch *self);

static gboolean
time_has_come_cb (gpointer data)
{
  PkDayWatch *self = data;

  self->timer = 0;
  pk_library_check_day (self->library);
  start_timer (self);
  return G_SOURCE_REMOVE;
}

static void
start_timer (PkDayWatch *self)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  gint64 now_us = pk_clock_now_us (pk_library_get_clock (self->library));
  guint seconds = MIN (pk_day_watch_count_seconds (now_us, zone), MOST_SECONDS);

  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add_seconds (seconds, time_has_come_cb, self);
}

static void
prepare_for_sleep_cb (GDBusConnection *bus G_GNUC_UNUSED,
                      const char *sender G_GNUC_UNUSED,
                      const char *path G_GNUC_UNUSED,
                      const char *interface G_GNUC_UNUSED,
                      const char *signal G_GNUC_UNUSED,
                      GVariant *parameters,
                      gpointer data)
{
  PkDayWatch *self = data;
  gboolean is_going_to_sleep = TRUE;

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    g_variant_get (parameters, "(b)", &is_going_to_sleep);
  if (is_going_to_sleep)
    return;
  pk_library_check_day (self->library);
  start_timer (self);
}

static void
bus_ready_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus == NULL)
    {
      g_debug ("No news of when the machine wakes: %s", error->message);
      return;
    }
  PkDayWatch *self = user_data;
  self->subscription = g_dbus_connection_signal_subscribe (bus,
                                                           "org.freedesktop.login1",
                                                           "org.freedesktop.login1.Manager",
                                                           "PrepareForSleep",
                                                           "/org/freedesktop/login1",
                                                           NULL,
                                                           G_DBUS_SIGNAL_FLAGS_NONE,
                                                           prepare_for_sleep_cb,
                                                           self,
                                                           NULL);
  self->bus = g_steal_pointer (&bus);
}

static void
pk_day_watch_dispose (GObject *object)
{
  PkDayWatch *self = PK_DAY_WATCH (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->bus != NULL)
    g_dbus_connection_signal_unsubscribe (self->bus, self->subscription);
  g_clear_object (&self->bus);
  g_clear_object (&self->library);
  G_OBJECT_CLASS (pk_day_watch_parent_class)->dispose (object);
}

static void
pk_day_watch_finalize (GObject *object)
{
  g_clear_object (&PK_DAY_WATCH (object)->cancellable);
  G_OBJECT_CLASS (pk_day_watch_parent_class)->finalize (object);
}

static void
pk_day_watch_class_init (PkDayWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_day_watch_dispose;
  G_OBJECT_CLASS (klass)->finalize = pk_day_watch_finalize;
}

static void
pk_day_watch_init (PkDayWatch *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * pk_day_watch_new:
 * @library: what is to look at the day
 *
 * Returns: (transfer full): a watch, for as long as it lives
 */
PkDayWatch *
pk_day_watch_new (PkLibrary *library)
{
  PkDayWatch *self = g_object_new (PK_TYPE_DAY_WATCH, NULL);

  self->library = g_object_ref (library);
  start_timer (self);
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, bus_ready_cb, self);
  return self;
}

/**
 * pk_day_watch_count_seconds:
 * @now_us: an instant
 * @zone: where the person is
 *
 * Returns: seconds until the next day has begun there, at least one; a day may have 23 or 25 hours
 */
guint
pk_day_watch_count_seconds (gint64 now_us, GTimeZone *zone)
{
  g_autoptr (GDateTime) instant = g_date_time_new_from_unix_utc (now_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) here = g_date_time_to_timezone (instant, zone);
  g_autoptr (GDateTime) tomorrow = g_date_time_add_days (here, 1);
  g_autoptr (GDateTime) midnight = g_date_time_new (zone,
                                                    g_date_time_get_year (tomorrow),
                                                    g_date_time_get_month (tomorrow),
                                                    g_date_time_get_day_of_month (tomorrow),
                                                    0,
                                                    0,
                                                    0);

  return (guint) MAX (1, g_date_time_difference (midnight, here) / G_USEC_PER_SEC);
}
