/* pakoblad: the server program. Reads its options, starts the server, and ends it on SIGTERM and SIGINT. */
#include "config.h"

#include "pk-server.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

typedef struct
{
  char *data_dir;
  int port;
  gboolean is_demo;
  char *public_url;
  char *issuer;
  char *client_id;
  char *client_secret_file;
  char *metrics_token_file;
} Arguments;

static void
clear_arguments (Arguments *self)
{
  g_free (self->data_dir);
  g_free (self->public_url);
  g_free (self->issuer);
  g_free (self->client_id);
  g_free (self->client_secret_file);
  g_free (self->metrics_token_file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, clear_arguments)

static gboolean
read_arguments (Arguments *self, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &self->data_dir, "Folder of all data", "DIR" },
    { "port", 0, 0, G_OPTION_ARG_INT, &self->port, "Port on loopback; 0 for a free one", "N" },
    { "demo",
      0,
      0,
      G_OPTION_ARG_NONE,
      &self->is_demo,
      "Pick a person instead of signing in",
      NULL },
    { "public-url",
      0,
      0,
      G_OPTION_ARG_STRING,
      &self->public_url,
      "Address that people use",
      "URL" },
    { "issuer", 0, 0, G_OPTION_ARG_STRING, &self->issuer, "OpenID provider", "URL" },
    { "client-id", 0, 0, G_OPTION_ARG_STRING, &self->client_id, "Our name at the provider", "ID" },
    { "client-secret-file",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &self->client_secret_file,
      "File with our secret at the provider",
      "FILE" },
    { "metrics-token-file",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &self->metrics_token_file,
      "File with the token that opens /metrics from elsewhere",
      "FILE" },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("– the server of Påkobla");

  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, argc, argv, error);
}

static gboolean
check_arguments (const Arguments *self, GError **error)
{
  const char *fault = NULL;

  if (self->data_dir == NULL)
    fault = "--data DIR is needed";
  else if (self->port < 0 || self->port > 65535)
    fault = "--port must be from 0 to 65535";
  else if (self->is_demo && (self->issuer != NULL || self->public_url != NULL))
    fault = "--demo is for this machine only: neither --issuer nor --public-url goes with it";
  else if ((self->issuer == NULL) != (self->client_id == NULL))
    fault = "--issuer and --client-id go together";
  if (fault != NULL)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, fault);
  return fault == NULL;
}

/* Every client that is connected is an open file: as many as the system allows us. */
static void
raise_file_limit (void)
{
  struct rlimit files;

  if (getrlimit (RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == files.rlim_max)
    return;
  files.rlim_cur = files.rlim_max;
  if (setrlimit (RLIMIT_NOFILE, &files) != 0)
    g_message ("The limit of open files stays as it is: %s", g_strerror (errno));
}

static int
run (const Arguments *arguments, GError **error)
{
  g_autofree char *secret = NULL, *metrics_token = NULL;

  if (arguments->metrics_token_file != NULL &&
      !g_file_get_contents (arguments->metrics_token_file, &metrics_token, NULL, error))
    return EXIT_FAILURE;
  if (arguments->client_secret_file != NULL &&
      !g_file_get_contents (arguments->client_secret_file, &secret, NULL, error))
    return EXIT_FAILURE;
  PkHttpOptions options = { .data_dir = arguments->data_dir,
                            .public_url = arguments->public_url,
                            .is_demo = arguments->is_demo,
                            .issuer = arguments->issuer,
                            .client_id = arguments->client_id,
                            .client_secret = secret != NULL ? g_strchomp (secret) : NULL,
                            .metrics_token = metrics_token != NULL ? g_strchomp (metrics_token)
                                                                   : NULL };
  g_autoptr (PkServer) server = pk_server_new (&options, error);
  if (server == NULL || !pk_server_run (server, (guint16) arguments->port, error))
    return EXIT_FAILURE;
  return EXIT_SUCCESS;
}

int
main (int argc, char **argv)
{
  g_auto (Arguments) arguments = { .port = 8470 };
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  setvbuf (stdout, NULL, _IOLBF, 0);
  if (!read_arguments (&arguments, &argc, &argv, &error) || !check_arguments (&arguments, &error))
    {
      g_printerr ("pakoblad: %s\n", error->message);
      return 2;
    }
  raise_file_limit ();
  int status = run (&arguments, &error);
  if (error != NULL)
    g_printerr ("pakoblad: %s\n", error->message);
  return status;
}
