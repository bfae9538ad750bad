/* The one command that wants no server: what is moved must stand still. */
#include "config.h"

#include "pk-admin-move.h"

#include "pk-problem.h"
#include "pk-store-move.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n.h>

static gboolean
is_server_there (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "admin.sock", NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);

  return socket != NULL && g_socket_connect (socket, address, NULL, NULL);
}

/**
 * pk_admin_move_store:
 * @dir: the server's data folder
 * @address: of a database of PostgreSQL's
 *
 * Returns: (transfer full) (nullable): what to print
 */
char *
pk_admin_move_store (const char *dir, const char *address, gboolean as_json, GError **error)
{
  g_autoptr (PkClock) clock = pk_clock_new_system ();
  g_autoptr (PkIdSource) ids = pk_id_source_new (clock);
  PkStoreMove facts;

  if (is_server_there (dir))
    {
      pk_problem_set (error, PK_PROBLEM_BUSY, NULL, "The server runs; stop it first");
      return NULL;
    }
#if PK_HAS_POSTGRES
  if (!pk_store_move (dir, address, ids, &facts, error))
    return NULL;
#else
  pk_problem_set (error, PK_PROBLEM_INVALID, NULL, "Built without PostgreSQL: %s", address);
  return NULL;
#endif
  if (as_json)
    return g_strdup_printf ("{\"rows\":%" G_GINT64_FORMAT ",\"scopes\":%" G_GINT64_FORMAT "}\n",
                            facts.n_rows,
                            facts.n_scopes);
  return g_strdup_printf (
      _ ("%d rows moved. All tables have as many as before, and the fingerprints"
         " of %d scopes are the same.\n"),
      (int) facts.n_rows,
      (int) facts.n_scopes);
}
