/* The demo municipality in place before the server opens its store. */
#include "config.h"

#include "pk-server-demo.h"

#include "pk-demo-load.h"
#include "pk-store.h"

#define SEED 1

/**
 * pk_server_fill_demo:
 * @data_dir: exists; no server has it open
 *
 * Fills the store with the demo municipality if nobody is in it yet. Its tasks are due around today.
 *
 * Errors: those of the store and of [func@demo_load]
 * Returns: %TRUE if there is somebody in the store now
 */
gboolean
pk_server_fill_demo (const char *data_dir, GError **error)
{
  const PkDemoOptions options = { .seed = SEED };
  g_autoptr (PkClock) clock = pk_clock_new_system ();
  g_autoptr (PkIdSource) ids = pk_id_source_new (clock);
  g_autoptr (PkStore) store = pk_store_open (data_dir, PK_STORE_READ_WRITE, ids, error);
  gboolean is_empty = FALSE;

  if (store == NULL)
    return FALSE;
  g_autoptr (PkService) service = pk_service_new (store, clock, ids);
  if (!pk_demo_store_is_empty (service, &is_empty, error))
    return FALSE;
  return !is_empty || pk_demo_load (service, &options, NULL, error);
}
