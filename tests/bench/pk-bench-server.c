/* See the header. */
#include "config.h"

#include "pk-bench-server.h"

#include <signal.h>
#include <string.h>

/**
 * pk_bench_server_start:
 * @dir: its data
 *
 * Starts the server and waits until it listens.
 */
void
pk_bench_server_start (PkBenchServer *self, const char *dir)
{
  g_autoptr (GError) error = NULL;

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                    &error,
                                    g_getenv ("PK_BENCH_SERVER"),
                                    "--demo",
                                    "--data",
                                    dir,
                                    "--port",
                                    "0",
                                    NULL);
  g_assert_no_error (error);
  g_autoptr (GDataInputStream)
      lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (line, "listening on "));
  self->address = g_strdup (line + strlen ("listening on "));
}

/**
 * pk_bench_server_stop:
 *
 * Lets it end, and forgets it.
 */
void
pk_bench_server_stop (PkBenchServer *self)
{
  g_subprocess_send_signal (self->process, SIGTERM);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
  g_clear_pointer (&self->address, g_free);
}
