/*
 * Figures of the server's face, in one process with its clients, over connections that stay open; asserts nothing but that all is
 * answered.
 *
 *   http-nothing       a request for /healthz, of 16 clients that ask at once
 *   http-page          a request for a page of tasks from the store; beside http-nothing
 *   http-stream        the memory of an idle event stream, of 2 000
 *   http-wake          a change, until all 2 000 are told
 */
#include "config.h"

#include "pk-http-fixture.h"

#include "pk-bench.h"
#include "pk-events.h"
#include "pk-http-private.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define N_CONNECTIONS      16
#define N_REQUESTS         20000
#define N_STREAMS          2000
#define STREAMS_PER_DEVICE 4

typedef struct
{
  int fd;
  const char *request; /* whole */
  char answer[65536];
  gsize size;
  guint *n_left; /* requests that are still to be answered, by all */
} Client;

static int
connect_to (PkHttpFixture *fixture)
{
  const char *port = strrchr (pk_http_get_url (fixture->http), ':') + 1;
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons ((guint16) atoi (port)),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  return fd;
}

static void
send_text (int fd, const char *text)
{
  g_assert_cmpint (write (fd, text, strlen (text)), ==, (gssize) strlen (text));
}

static gboolean
is_whole (Client *self)
{
  self->answer[self->size] = '\0';
  char *end = strstr (self->answer, "\r\n\r\n");
  char *length = strcasestr (self->answer, "content-length: ");

  if (end == NULL)
    return FALSE;
  gsize body = length != NULL && length < end ? (gsize) atol (length + 16) : 0;
  return self->size >= (gsize) (end - self->answer) + 4 + body;
}

static gboolean
readable_cb (GIOChannel *channel G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
  Client *self = data;
  gssize got = read (self->fd, self->answer + self->size, sizeof self->answer - 1 - self->size);

  g_assert_cmpint (got, >, 0);
  self->size += (gsize) got;
  if (!is_whole (self))
    return G_SOURCE_CONTINUE;
  g_assert_cmpint (self->answer[9], ==, '2');
  self->size = 0;
  if (*self->n_left == 0)
    return G_SOURCE_REMOVE;
  if (--*self->n_left >= N_CONNECTIONS)
    send_text (self->fd, self->request);
  return G_SOURCE_CONTINUE;
}

static gboolean
is_none_left (gpointer data)
{
  return *(guint *) data == 0;
}

/* Gives the microseconds that a request takes. */
static double
measure_requests (PkHttpFixture *fixture, const char *request)
{
  g_autofree Client *clients = g_new0 (Client, N_CONNECTIONS);
  guint n_left = N_REQUESTS;
  gint64 began_us = g_get_monotonic_time ();

  for (guint i = 0; i < N_CONNECTIONS; i++)
    {
      clients[i] = (Client){ .fd = connect_to (fixture), .request = request, .n_left = &n_left };
      g_autoptr (GIOChannel) channel = g_io_channel_unix_new (clients[i].fd);
      g_io_add_watch (channel, G_IO_IN, readable_cb, &clients[i]);
      send_text (clients[i].fd, request);
    }
  pk_http_fixture_wait (is_none_left, &n_left);
  double each_us = (double) (g_get_monotonic_time () - began_us) / N_REQUESTS;
  for (guint i = 0; i < N_CONNECTIONS; i++)
    {
      g_source_remove_by_user_data (&clients[i]);
      close (clients[i].fd);
    }
  return each_us;
}

static gsize
get_memory (void)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  return (gsize) g_ascii_strtoull (strchr (text, ' '), NULL, 10) * (gsize) sysconf (_SC_PAGESIZE);
}

static gboolean
are_all_open (gpointer data)
{
  return pk_events_count (((PkHttpFixture *) data)->http->events) == N_STREAMS;
}

static gboolean
is_readable (gpointer data)
{
  char byte;

  return recv (*(int *) data, &byte, 1, MSG_DONTWAIT) == 1;
}

static void
drain (int fd)
{
  char block[4096];

  while (recv (fd, block, sizeof block, MSG_DONTWAIT) > 0)
    continue;
}

static void
open_streams (PkHttpFixture *fixture, int *fds)
{
  g_autofree char *token = NULL;

  for (guint i = 0; i < N_STREAMS; i++)
    {
      if (i % STREAMS_PER_DEVICE == 0)
        {
          g_free (token);
          token = pk_http_fixture_sign_in (fixture, &fixture->kari, NULL);
        }
      g_autofree char *request = g_strdup_printf (
          "GET /api/sync/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n",
          token);
      fds[i] = connect_to (fixture);
      send_text (fds[i], request);
    }
  pk_http_fixture_wait (are_all_open, fixture);
}

static void
measure_streams (PkBench *bench, PkHttpFixture *fixture)
{
  g_autofree int *fds = g_new (int, N_STREAMS);
  char task[PK_ID_TEXT_LENGTH + 1];
  gsize before = get_memory ();

  open_streams (fixture, fds);
  pk_bench_report (bench,
                   "http-stream",
                   (double) (get_memory () - before) / 1024 / N_STREAMS,
                   "kB",
                   0,
                   NULL);
  for (guint i = 0; i < N_STREAMS; i++)
    {
      pk_http_fixture_wait (is_readable, &fds[i]);
      drain (fds[i]);
    }
  g_autofree char *path =
      g_strconcat ("/api/tasks/", pk_id_to_text (&fixture->north_task, task), NULL);
  g_autoptr (PkReply) reply =
      pk_http_fixture_json (fixture, "PATCH", path, fixture->kari_token, "{\"title\":\"News\"}");
  gint64 began_us = g_get_monotonic_time ();
  g_assert_cmpuint (reply->status, ==, 200);
  for (guint i = 0; i < N_STREAMS; i++)
    pk_http_fixture_wait (is_readable, &fds[i]);
  double woken_ms = (double) (g_get_monotonic_time () - began_us) / 1e3;
  pk_bench_report (bench, "http-wake", woken_ms, "ms", 0, NULL);
  for (guint i = 0; i < N_STREAMS; i++)
    close (fds[i]);
}

int
main (void)
{
  struct rlimit limit;
  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autofree char *list = g_strdup_printf (
      "GET /api/tasks HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n",
      fixture->kari_token);

  g_autoptr (PkBench) bench = pk_bench_new ("The server's face");

  double nothing_us = measure_requests (fixture,
                                        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  pk_bench_report (bench, "http-nothing", nothing_us, "µs", 0, NULL);
  double page_us = measure_requests (fixture, list);
  pk_bench_report (bench, "http-page", page_us, "µs", nothing_us, "a request for nothing");
  measure_streams (bench, fixture);
  return pk_bench_finish (bench) ? EXIT_SUCCESS : EXIT_FAILURE;
}
