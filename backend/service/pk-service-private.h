#pragma once

#include "pk-model-tables.h"
#include "pk-service.h"

G_BEGIN_DECLS

typedef enum
{
  PK_EDGE_FOLLOWER, /* @entity follows through @field: it has all scopes of this one */
  PK_EDGE_PATH,     /* a scope of @entity goes through @field to @path of this one */
  PK_EDGE_LINKED    /* this one's @field points to @entity, which is seen where this one is */
} PkEdgeKind;

/* What moves when a record of an entity changes. */
typedef struct
{
  PkEdgeKind kind;
  const PkEntity *entity; /* what moves */
  guint field;
  guint path;
} PkEdge;

struct _PkService
{
  PkStore *store;          /* not owned: outlives the service */
  PkClock *clock;          /* (owned) */
  PkIdSource *ids;         /* (owned) */
  GTimeZone *zone;         /* (owned): where days begin */
  gint64 quarantine_limit; /* of mutations of one device */
  gint64 rows_at_once;     /* that a pull holds in memory */
  gboolean is_alone;       /* nothing is written beside other processes */
  GPtrArray *edges; /* (owned): for each entity, by its place in the model, a GArray of PkEdge */
};

GArray *pk_service_get_edges (PkService *self, const PkEntity *entity);

G_END_DECLS
