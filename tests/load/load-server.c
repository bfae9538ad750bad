/*
 * The server under load, for a bounded time and on loopback only: people who wait for events, devices that push, and all of them
 * coming back at once. See "Load" in CONTRIBUTING.
 *
 *   PK_LOAD_CLIENTS  devices that wait for events: 2 000
 *   PK_LOAD_PUSHES   pushes a second: 300
 *   PK_LOAD_SECONDS  for so long: 60
 *   PK_LOAD_TASKS    in the municipality: 100 000
 */
#include "config.h"

#include "pk-bench-process.h"
#include "pk-bench-server.h"
#include "pk-bench.h"
#include "pk-load-clients.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define PATIENCE_US      (120 * G_USEC_PER_SEC)
#define REPEAT_EVERY     20
#define FILES_PER_CLIENT 2
#define OTHER_FILES      64
#define NDJSON           "application/x-ndjson"

typedef struct _PkLoad
{
  PkBenchTown *town;  /* (owned) */
  GPtrArray *clients; /* (owned): PkLoadClient */
  PkLoadNet *net;     /* (owned) (nullable) */
  PkIdSource *ids;    /* (owned) */
  PkBenchServer server;
  guint n_hearing;
  guint n_pulled;
  guint n_refused;
  guint n_broken;
  guint n_news;
  guint n_acknowledged;
  guint n_repeated;
  guint n_faults;
  GArray *latencies; /* (owned): double, ms */
} PkLoad;

static double
ms_since (gint64 began_us)
{
  return (double) (g_get_monotonic_time () - began_us) / 1000;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return first < second ? -1 : first > second;
}

static double
percentile (GArray *values, double part)
{
  g_array_sort (values, compare_doubles);
  return values->len == 0
             ? 0
             : g_array_index (values, double, (guint) (part * (double) (values->len - 1)));
}

static void
note_latency (PkLoad *self, gint64 began_us)
{
  double ms = ms_since (began_us);

  g_array_append_val (self->latencies, ms);
}

static void
raise_file_limit (guint n_clients)
{
  struct rlimit files;
  rlim_t wanted = (rlim_t) n_clients * FILES_PER_CLIENT + OTHER_FILES;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &files), ==, 0);
  if (files.rlim_max < wanted)
    {
      g_printerr ("%u clients need %lu open files, %lu are allowed: raise the hard limit"
                  " (ulimit -Hn)\n",
                  n_clients,
                  (gulong) wanted,
                  (gulong) files.rlim_max);
      exit (EXIT_FAILURE);
    }
  files.rlim_cur = files.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &files), ==, 0);
}

static gboolean
is_refused (PkLoad *self, PkLoadClient *client, const PkLoadAnswer *answer)
{
  if (answer->status != 503 && answer->status != 429)
    return FALSE;
  if (answer->retry_after_s == 0)
    self->n_faults++;
  self->n_refused++;
  client->due_us = g_get_monotonic_time () + answer->retry_after_s * G_USEC_PER_SEC +
                   g_random_int_range (0, G_USEC_PER_SEC);
  return TRUE;
}

static void
fault (PkLoad *self, const char *what, const PkLoadAnswer *answer)
{
  if (self->n_faults++ < 5)
    g_printerr ("%s: %u %.*s\n", what, answer->status, (int) MIN (answer->size, 300), answer->body);
}

static void
heard_cb (const PkLoadAnswer *answer, gpointer data)
{
  PkLoadClient *client = data;
  PkLoad *self = client->load;

  if (answer->status == 0)
    {
      self->n_broken += client->hears ? 1 : 0;
      self->n_hearing -= client->hears ? 1 : 0;
      client->hears = FALSE;
      g_clear_pointer (&client->events, pk_load_close);
      client->due_us = g_get_monotonic_time () + G_USEC_PER_SEC;
      return;
    }
  if (answer->status != 200)
    {
      if (!is_refused (self, client, answer))
        fault (self, "Events", answer);
      g_clear_pointer (&client->events, pk_load_close);
      return;
    }
  if (!client->hears)
    self->n_hearing++;
  client->hears = TRUE;
  if (g_strstr_len (answer->body, (gssize) answer->size, "data: news") != NULL)
    self->n_news++;
}

static void
listen_for_news (PkLoadClient *client)
{
  client->events = pk_load_connect (client->load->net, heard_cb, client);
  pk_load_request (client->events, "GET", "/api/sync/events", client->token, NULL, NULL);
}

static void send_push (PkLoadClient *client);

static void
take_verdict (PkLoad *self, PkLoadClient *client, const PkLoadAnswer *answer)
{
  if (g_strstr_len (answer->body, (gssize) answer->size, "\"applied\"") == NULL)
    {
      fault (self, "Push", answer);
      return;
    }
  if (client->is_repeated)
    {
      if (client->verdict->len != answer->size ||
          memcmp (client->verdict->str, answer->body, answer->size) != 0)
        fault (self, "Another verdict when it was sent again", answer);
      self->n_repeated++;
      client->is_repeated = FALSE;
      return;
    }
  note_latency (self, client->began_us);
  self->n_acknowledged++;
  g_array_append_val (client->acknowledged, client->sent);
  g_string_truncate (client->verdict, 0);
  g_string_append_len (client->verdict, answer->body, (gssize) answer->size);
  if (self->n_acknowledged % REPEAT_EVERY != 0)
    return;
  client->is_repeated = TRUE;
  send_push (client);
}

static void
pushed_cb (const PkLoadAnswer *answer, gpointer data)
{
  PkLoadClient *client = data;
  PkLoad *self = client->load;

  client->is_busy = FALSE;
  if (answer->status == 200)
    take_verdict (self, client, answer);
  else if (answer->status == 0)
    {
      self->n_broken++;
      client->due_us = g_get_monotonic_time ();
    }
  else if (!is_refused (self, client, answer))
    fault (self, "Push", answer);
}

static void
send_push (PkLoadClient *client)
{
  client->is_busy = TRUE;
  client->due_us = 0;
  if (client->rest != NULL && !pk_load_is_open (client->rest))
    g_clear_pointer (&client->rest, pk_load_close);
  if (client->rest == NULL)
    client->rest = pk_load_connect (client->load->net, pushed_cb, client);
  pk_load_request (client->rest, "POST", "/api/sync/push", client->token, NDJSON, client->line);
}

static void
begin_push (PkLoad *self, PkLoadClient *client)
{
  pk_load_client_write_push (client, self->ids);
  client->began_us = g_get_monotonic_time ();
  send_push (client);
}

static gboolean
is_pushing (const PkLoadClient *client)
{
  return client->is_busy || client->due_us > 0;
}

static void
repeat_refused (PkLoad *self)
{
  gint64 now_us = g_get_monotonic_time ();

  for (guint i = 0; i < self->clients->len; i++)
    {
      PkLoadClient *client = self->clients->pdata[i];
      if (client->due_us > 0 && client->due_us <= now_us && !client->is_busy)
        send_push (client);
    }
}

static guint
count_pushing (PkLoad *self)
{
  guint n = 0;

  for (guint i = 0; i < self->clients->len; i++)
    n += is_pushing (self->clients->pdata[i]) ? 1 : 0;
  return n;
}

/* Each push has its time, whether those before it were answered or not; where a device still waits, the next one pushes. */
static void
push_for (PkLoad *self, guint per_second, guint seconds)
{
  gint64 begin_us = g_get_monotonic_time ();
  gint64 end_us = begin_us + seconds * G_USEC_PER_SEC;
  guint64 n_begun = 0;
  guint next = 0;

  while (g_get_monotonic_time () < end_us)
    {
      guint64 n_due = (guint64) (g_get_monotonic_time () - begin_us) * per_second / G_USEC_PER_SEC;
      for (guint tried = 0; n_begun < n_due && tried < self->clients->len; tried++)
        {
          PkLoadClient *client = self->clients->pdata[next++ % self->clients->len];
          if (is_pushing (client))
            continue;
          begin_push (self, client);
          n_begun++;
        }
      pk_load_net_run (self->net, 1);
      repeat_refused (self);
    }
  while (count_pushing (self) > 0 && g_get_monotonic_time () < end_us + PATIENCE_US)
    {
      pk_load_net_run (self->net, 10);
      repeat_refused (self);
    }
}

static void
pulled_cb (const PkLoadAnswer *answer, gpointer data)
{
  PkLoadClient *client = data;
  PkLoad *self = client->load;

  if (answer->status == 200 || answer->status == 204)
    {
      client->has_pulled = TRUE;
      self->n_pulled++;
      note_latency (self, client->began_us);
    }
  else if (answer->status == 0)
    {
      g_clear_pointer (&client->rest, pk_load_close);
      self->n_broken++;
      client->due_us = g_get_monotonic_time () + G_USEC_PER_SEC;
    }
  else if (!is_refused (self, client, answer))
    fault (self, "Pull", answer);
}

static void
pull (PkLoadClient *client)
{
  if (client->rest != NULL && !pk_load_is_open (client->rest))
    g_clear_pointer (&client->rest, pk_load_close);
  if (client->rest == NULL)
    client->rest = pk_load_connect (client->load->net, pulled_cb, client);
  /* Its stream was cut once more, and it comes back while its pull is under way. */
  if (pk_load_is_waiting (client->rest))
    return;
  pk_load_request (client->rest,
                   "POST",
                   "/api/sync/pull",
                   client->token,
                   "application/json",
                   client->pull);
}

static void
come_back (PkLoadClient *client)
{
  client->due_us = 0;
  if (client->events == NULL)
    listen_for_news (client);
  if (!client->has_pulled)
    pull (client);
}

/* The connections that pulled are told of pulls; pushes have their own. */
static void
close_rest (PkLoad *self)
{
  for (guint i = 0; i < self->clients->len; i++)
    g_clear_pointer (&((PkLoadClient *) self->clients->pdata[i])->rest, pk_load_close);
}

static void
leave (PkLoad *self)
{
  for (guint i = 0; i < self->clients->len; i++)
    {
      PkLoadClient *client = self->clients->pdata[i];
      g_clear_pointer (&client->events, pk_load_close);
      g_clear_pointer (&client->rest, pk_load_close);
      client->hears = FALSE;
    }
  self->n_hearing = 0;
  pk_load_net_run (self->net, 0);
}

static void
repeat_missing (PkLoad *self)
{
  gint64 now_us = g_get_monotonic_time ();

  for (guint i = 0; i < self->clients->len; i++)
    {
      PkLoadClient *client = self->clients->pdata[i];
      if (client->due_us > 0 && client->due_us <= now_us)
        come_back (client);
    }
}

static void
wait_for_all (PkLoad *self, gboolean with_pull)
{
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;
  guint n = self->clients->len;

  while ((self->n_hearing < n || (with_pull && self->n_pulled < n)) &&
         g_get_monotonic_time () < until_us)
    {
      pk_load_net_run (self->net, 10);
      repeat_missing (self);
    }
  if (self->n_hearing < n || (with_pull && self->n_pulled < n))
    self->n_faults++;
}

static double
server_mb (PkLoad *self)
{
  return pk_bench_get_own_memory_mb (pk_bench_process_get_pid (self->server.process));
}

static void
wait_idle (PkLoad *self, PkBench *bench)
{
  double before = server_mb (self);
  gint64 began_us = g_get_monotonic_time ();

  for (guint i = 0; i < self->clients->len; i++)
    {
      PkLoadClient *client = self->clients->pdata[i];
      client->has_pulled = TRUE;
      listen_for_news (client);
    }
  wait_for_all (self, FALSE);
  double ms = ms_since (began_us);
  double after = server_mb (self);
  pk_bench_report (bench, "load-streams", self->n_hearing, "", self->clients->len, "wanted");
  pk_bench_report (bench, "load-streams-open", ms, "ms", 0, NULL);
  pk_bench_report (bench,
                   "load-memory-per-stream",
                   (after - before) * 1024 / self->clients->len,
                   "kB",
                   0,
                   NULL);
}

/* Of processor time, by the kernel's own count. */
static double
server_cpu_ms (PkLoad *self)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat",
                                           pk_bench_process_get_pid (self->server.process));
  g_autofree char *text = NULL;
  gulong user = 0, system = 0;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  g_auto (GStrv) words = g_strsplit (strrchr (text, ')'), " ", 20);
  user = strtoul (words[12], NULL, 10);
  system = strtoul (words[13], NULL, 10);
  return (double) (user + system) * 1000 / (double) sysconf (_SC_CLK_TCK);
}

static void
push_under_load (PkLoad *self, PkBench *bench)
{
  double cpu_ms = server_cpu_ms (self);
  guint per_second = (guint) pk_bench_get_size ("PK_LOAD_PUSHES", 300);
  guint seconds = (guint) pk_bench_get_size ("PK_LOAD_SECONDS", 60);

  push_for (self, per_second, seconds);
  pk_bench_report (bench,
                   "load-pushes-acknowledged",
                   self->n_acknowledged,
                   "",
                   per_second * seconds,
                   "wanted");
  pk_bench_report (bench,
                   "load-push-cpu",
                   (server_cpu_ms (self) - cpu_ms) / MAX (self->n_acknowledged, 1),
                   "ms",
                   0,
                   NULL);
  pk_bench_report (bench, "load-pushes-repeated", self->n_repeated, "", 0, NULL);
  pk_bench_report (bench, "load-push-p50", percentile (self->latencies, 0.5), "ms", 0, NULL);
  pk_bench_report (bench, "load-push-p99", percentile (self->latencies, 0.99), "ms", 0, NULL);
  pk_bench_report (bench, "load-pushes-refused", self->n_refused, "", 0, NULL);
  pk_bench_report (bench, "load-news", self->n_news, "", 0, NULL);
  pk_bench_report (bench, "load-memory", server_mb (self), "MB", 0, NULL);
}

static void
report_storm (PkBench *bench, const char *storm, const char *what, double value, const char *unit)
{
  g_autofree char *name = g_strdup_printf ("load-%s-%s", storm, what);

  pk_bench_report (bench, name, value, unit, 0, NULL);
}

static void
storm (PkLoad *self, PkBench *bench, const char *name)
{
  leave (self);
  double cpu_ms = server_cpu_ms (self);
  g_array_set_size (self->latencies, 0);
  self->n_refused = self->n_broken = self->n_pulled = 0;
  gint64 began_us = g_get_monotonic_time ();
  for (guint i = 0; i < self->clients->len; i++)
    {
      PkLoadClient *client = self->clients->pdata[i];
      client->has_pulled = FALSE;
      client->due_us = 0;
      client->began_us = began_us;
      come_back (client);
    }
  wait_for_all (self, TRUE);
  double ms = ms_since (began_us);
  cpu_ms = server_cpu_ms (self) - cpu_ms;
  report_storm (bench, name, "all-served", ms, "ms");
  report_storm (bench, name, "pull-p50", percentile (self->latencies, 0.5), "ms");
  report_storm (bench, name, "pull-p99", percentile (self->latencies, 0.99), "ms");
  report_storm (bench, name, "cpu", cpu_ms / self->clients->len, "ms");
  report_storm (bench, name, "refused", self->n_refused, "");
  report_storm (bench, name, "broken", self->n_broken, "");
  report_storm (bench, name, "memory", server_mb (self), "MB");
  self->n_refused = self->n_broken = 0;
  g_array_set_size (self->latencies, 0);
}

static void
set_up (PkLoad *self)
{
  guint n_clients = (guint) pk_bench_get_size ("PK_LOAD_CLIENTS", 2000);
  g_autoptr (PkClock) clock = pk_clock_new_system ();
  g_autoptr (GError) error = NULL;

  raise_file_limit (n_clients);
  self->ids = pk_id_source_new (clock);
  self->latencies = g_array_new (FALSE, FALSE, sizeof (double));
  self->town = pk_bench_town_open ((guint) pk_bench_get_size ("PK_LOAD_TASKS", 100000), &error);
  g_assert_no_error (error);
  self->clients = pk_load_clients_new (self->town, n_clients, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < self->clients->len; i++)
    ((PkLoadClient *) self->clients->pdata[i])->load = self;
  pk_bench_server_start (&self->server, self->town->dir);
  self->net = pk_load_net_new (self->server.address, &error);
  g_assert_no_error (error);
}

static gboolean
finish (PkLoad *self)
{
  g_autoptr (GError) error = NULL;

  leave (self);
  pk_bench_server_stop (&self->server);
  gboolean is_whole = pk_load_clients_check (self->town, self->clients, &error);
  if (is_whole)
    g_print ("# each of the %u acknowledged mutations took effect exactly once\n",
             self->n_acknowledged);
  else
    g_printerr ("%s\n", error->message);
  if (self->n_faults > 0)
    g_printerr ("%u faults\n", self->n_faults);
  g_ptr_array_unref (self->clients);
  g_clear_pointer (&self->net, pk_load_net_free);
  pk_bench_town_free (self->town);
  pk_id_source_unref (self->ids);
  g_array_unref (self->latencies);
  return is_whole;
}

int
main (void)
{
  PkLoad load = { 0 };
  g_autoptr (PkBench) bench = pk_bench_new ("The server under load");

  set_up (&load);
  wait_idle (&load, bench);
  storm (&load, bench, "storm");
  close_rest (&load);
  push_under_load (&load, bench);
  storm (&load, bench, "late-storm");
  gboolean is_printed = pk_bench_finish (bench);
  guint n_faults = load.n_faults;
  return finish (&load) && is_printed && n_faults == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
