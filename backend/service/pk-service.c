/* A thread's way to the rules: what all functions of the room need, and the graph of what moves with what. */
#include "config.h"

#include "pk-service-private.h"
#include "pk-time.h"

#define QUARANTINE_LIMIT 10000
#define ROWS_AT_ONCE     20000

static void
add_edge (PkService *self, const PkEntity *entity, PkEdge edge)
{
  g_array_append_val ((GArray *) self->edges->pdata[entity - pk_model.entities], edge);
}

static void
add_rule (PkService *self, const PkEntity *entity, const PkScopeRule *rule)
{
  const PkEntity *target = rule->target ? pk_entity_by_name (rule->target) : NULL;

  if (target == NULL)
    return;
  if (rule->kind == PK_SCOPE_LINKS)
    {
      guint field = (guint) pk_entity_find_field (target, rule->field);
      add_edge (self, target, (PkEdge){ PK_EDGE_LINKED, entity, field, 0 });
      return;
    }
  guint field = (guint) pk_entity_find_field (entity, rule->field);
  if (rule->kind == PK_SCOPE_FOLLOW)
    add_edge (self, target, (PkEdge){ PK_EDGE_FOLLOWER, entity, field, 0 });
  else
    add_edge (
        self,
        target,
        (PkEdge){ PK_EDGE_PATH, entity, field, (guint) pk_entity_find_field (target, rule->path) });
}

static void
free_edges (gpointer data)
{
  g_array_unref (data);
}

/**
 * pk_service_new:
 * @store: the thread's handle; must outlive the result
 * @clock: the time that is given
 * @ids: where new ids come from
 *
 * Returns: (transfer full): the service
 */
PkService *
pk_service_new (PkStore *store, PkClock *clock, PkIdSource *ids)
{
  PkService *self = g_new0 (PkService, 1);

  self->store = store;
  self->quarantine_limit = QUARANTINE_LIMIT;
  self->rows_at_once = ROWS_AT_ONCE;
  self->clock = pk_clock_ref (clock);
  self->ids = pk_id_source_ref (ids);
  self->zone = g_time_zone_new_identifier ("Europe/Oslo");
  if (self->zone == NULL)
    self->zone = g_time_zone_new_utc ();
  self->edges = g_ptr_array_new_with_free_func (free_edges);
  for (guint i = 0; i < pk_model.n_entities; i++)
    g_ptr_array_add (self->edges, g_array_new (FALSE, FALSE, sizeof (PkEdge)));
  for (guint i = 0; i < pk_model.n_entities; i++)
    for (guint j = 0; j < pk_model.entities[i].n_scopes; j++)
      add_rule (self, &pk_model.entities[i], &pk_model.entities[i].scopes[j]);
  return self;
}

/**
 * pk_service_free:
 *
 * Frees the service; the store's handle stays.
 */
void
pk_service_free (PkService *self)
{
  if (self == NULL)
    return;
  pk_clock_unref (self->clock);
  pk_id_source_unref (self->ids);
  g_time_zone_unref (self->zone);
  g_ptr_array_unref (self->edges);
  g_free (self);
}

/**
 * pk_service_get_store:
 *
 * Returns: (transfer none): the thread's handle
 */
PkStore *
pk_service_get_store (PkService *self)
{
  return self->store;
}

/**
 * pk_service_get_rows_at_once:
 *
 * Returns: how many rows a pull holds in memory at most
 */
gint64
pk_service_get_rows_at_once (PkService *self)
{
  return self->rows_at_once;
}

/**
 * pk_service_set_quarantine_limit:
 * @limit: mutations of one device that the quarantine takes; their size is bounded by it too
 *
 * What is more stays with the device.
 */
void
pk_service_set_quarantine_limit (PkService *self, gint64 limit)
{
  g_return_if_fail (limit > 0);

  self->quarantine_limit = limit;
}

/**
 * pk_service_set_rows_at_once:
 *
 * Sets how many rows a pull holds in memory at most: fewer make it slower, more make it larger.
 */
void
pk_service_set_rows_at_once (PkService *self, gint64 rows_at_once)
{
  g_return_if_fail (rows_at_once > 0);

  self->rows_at_once = rows_at_once;
}

/**
 * pk_service_get_ids:
 *
 * Returns: (transfer none): where new ids come from
 */
PkIdSource *
pk_service_get_ids (PkService *self)
{
  return self->ids;
}

/**
 * pk_service_set_alone:
 *
 * Sets whether everything is written without others, also what could be written beside them: it lost against them before.
 */
void
pk_service_set_alone (PkService *self, gboolean is_alone)
{
  self->is_alone = is_alone;
}

/**
 * pk_service_now_us:
 *
 * Returns: the time that is given
 */
gint64
pk_service_now_us (PkService *self)
{
  return pk_clock_now_us (self->clock);
}

/**
 * pk_service_dup_today:
 *
 * Returns: (transfer full): the day in Norway, such as "2026-11-23"
 */
char *
pk_service_dup_today (PkService *self)
{
  return pk_date_from_time (pk_service_now_us (self), self->zone);
}

/**
 * pk_service_get_edges:
 *
 * Returns: (transfer none) (element-type PkEdge): what moves when a record of @entity changes
 */
GArray *
pk_service_get_edges (PkService *self, const PkEntity *entity)
{
  return self->edges->pdata[entity - pk_model.entities];
}
