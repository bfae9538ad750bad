/*
 * The program around the server's face. On SIGTERM and SIGINT: no new requests, those under way are answered (at most
 * DRAIN_SECONDS), then the store is closed, which checkpoints it.
 */
#include "config.h"

#include "pk-server.h"

#include "pk-admin-work.h"
#include "pk-server-demo.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdio.h>
#include <sys/stat.h>

#define DRAIN_SECONDS 10
#define DRAIN_POLL_MS 20

struct _PkServer
{
  GMainLoop *loop; /* (owned) */
  PkHttp *http;    /* (owned) */
  guint term_source;
  guint int_source;
  gint64 drain_until_us; /* monotonic; 0 while running */
};

static gboolean
drained_cb (gpointer user_data)
{
  PkServer *self = user_data;

  if (!pk_http_is_drained (self->http) && g_get_monotonic_time () < self->drain_until_us)
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

static gboolean
stop_cb (gpointer user_data)
{
  PkServer *self = user_data;

  if (self->drain_until_us != 0)
    return G_SOURCE_CONTINUE;
  self->drain_until_us = g_get_monotonic_time () + DRAIN_SECONDS * G_USEC_PER_SEC;
  pk_http_begin_drain (self->http);
  g_timeout_add (DRAIN_POLL_MS, drained_cb, self);
  return G_SOURCE_CONTINUE;
}

/**
 * pk_server_new:
 *
 * Makes the data folder where there is none, and in demo mode the demo municipality.
 *
 * Returns: (transfer full) (nullable): a server that does not listen yet
 */
PkServer *
pk_server_new (const PkHttpOptions *options, GError **error)
{
  if (g_mkdir_with_parents (options->data_dir, 0700) != 0)
    {
      int code = errno;
      g_set_error (error,
                   G_FILE_ERROR,
                   (int) g_file_error_from_errno (code),
                   "Making the folder %s: %s",
                   options->data_dir,
                   g_strerror (code));
      return NULL;
    }
  if (options->is_demo && !pk_server_fill_demo (options->data_dir, error))
    return NULL;
  PkHttpOptions full = *options;
  full.work = (PkHttpWork){ pk_admin_work_import_buildings, pk_admin_work_load_demo };
  PkHttp *http = pk_http_new (&full, error);
  if (http == NULL)
    return NULL;
  PkServer *self = g_new0 (PkServer, 1);
  self->http = http;
  self->loop = g_main_loop_new (NULL, FALSE);
  self->term_source = g_unix_signal_add (SIGTERM, stop_cb, self);
  self->int_source = g_unix_signal_add (SIGINT, stop_cb, self);
  return self;
}

/**
 * pk_server_free:
 */
void
pk_server_free (PkServer *self)
{
  g_source_remove (self->term_source);
  g_source_remove (self->int_source);
  pk_http_free (self->http);
  g_main_loop_unref (self->loop);
  g_free (self);
}

/**
 * pk_server_run:
 * @port: 0 for a free one
 *
 * Listens, says where, and serves until a signal ends it.
 */
gboolean
pk_server_run (PkServer *self, guint16 port, GError **error)
{
  if (!pk_http_listen (self->http, port, error))
    return FALSE;
  g_print ("listening on %s\n", pk_http_get_url (self->http));
  fflush (stdout);
  g_main_loop_run (self->loop);
  return TRUE;
}
