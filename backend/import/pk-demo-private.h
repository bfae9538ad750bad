#pragma once

#include "pk-demo.h"
#include "pk-model-tables.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  PkId id;
  const char *key;      /* in units.json */
  JsonObject *spec;     /* its declaration */
  GPtrArray *people;    /* (owned): PkDemoPerson; the leader is the first */
  GPtrArray *buildings; /* (owned): PkDemoBuilding that it uses */
} PkDemoUnit;

typedef struct
{
  PkId id;
  PkDemoUnit *unit;
  char *name;  /* (owned) */
  char *email; /* (owned) */
  char *phone; /* (owned) */
  const char *title;
} PkDemoPerson;

typedef struct
{
  PkId id;
  PkId floor;       /* the location it belongs to */
  int level;        /* -1 basement, 0 outdoors, 1 … */
  char *name;       /* (owned): "Klasserom 203" */
  const char *kind; /* "Klasserom" */
  char *number;     /* (owned) (nullable) */
  double area_m2;
} PkDemoRoom;

typedef struct
{
  PkId id;
  PkDemoRoom *room; /* (nullable) */
  char *name;       /* (owned) */
  const char *part_code;
} PkDemoComponent;

typedef struct
{
  PkId id;
  const char *name;
  const char *use;
  const char *address;
  JsonObject *spec;
  PkDemoUnit *unit; /* uses it */
  PkDemoUnit *team; /* looks after it */
  PkDemoPerson *caretaker;
  int n_floors;
  GPtrArray *rooms;      /* (owned): PkDemoRoom */
  GPtrArray *components; /* (owned): PkDemoComponent */
} PkDemoBuilding;

/* The municipality while it is made. What was declared lives as long as it. */
typedef struct
{
  const PkDemoOptions *options;
  const PkDemoSink *sink;
  gpointer user_data;
  guint n_people;
  guint n_tasks;
  GDate today;
  PkClock *clock;  /* (owned): stands where the record being made was made */
  PkIdSource *ids; /* (owned) */
  PkIdSource
      *random; /* (owned): one for each theme, so that a change in one leaves the others alone */
  JsonNode *names;          /* (owned) */
  JsonNode *organisation;   /* (owned) */
  JsonNode *properties;     /* (owned) */
  JsonNode *building_types; /* (owned) */
  GPtrArray *services;      /* (owned): JsonNode, one per file of tasks/ */
  GPtrArray *units;         /* (owned): PkDemoUnit */
  GHashTable *units_by_key; /* borrowed keys and values */
  GPtrArray *people;        /* (owned): PkDemoPerson */
  GPtrArray *buildings;     /* (owned): PkDemoBuilding */
  GHashTable *categories;   /* (owned): code → PkId */
  GHashTable *articles;     /* (owned): name of the file without its end → PkId */
} PkDemo;

/* pk-demo.c: what all themes need */
guint pk_demo_random (PkDemo *self, guint below);
gboolean pk_demo_chance (PkDemo *self, guint percent);
const char *pk_demo_pick (PkDemo *self, JsonArray *texts);
void pk_demo_begin_theme (PkDemo *self, guint theme);
PkRecord *pk_demo_record (PkDemo *self, PkEntityId entity, const PkId *id);
PkId pk_demo_next_id (PkDemo *self);
gboolean pk_demo_give (PkDemo *self, PkRecord *record, GError **error);
gboolean pk_demo_end_group (PkDemo *self, GError **error);
void pk_demo_set_code (PkRecord *record, guint field, const char *code);
char *pk_demo_day (PkDemo *self, int days);
gint64 pk_demo_time (PkDemo *self, int days, int minutes);
void pk_demo_set_clock (PkDemo *self, gint64 time_us);
gboolean pk_demo_fail (GError **error, const char *what, const char *name);

/* pk-demo-names.c */
char *pk_demo_person_name (PkDemo *self);
char *pk_demo_email_of (const char *name, const char *domain, GHashTable *taken);
char *pk_demo_phone (PkDemo *self);
char *pk_demo_address (PkDemo *self);
const char *pk_demo_word (PkDemo *self, const char *kind);

/* The themes */
gboolean pk_demo_make_people (PkDemo *self, GError **error);
gboolean pk_demo_make_memberships (PkDemo *self, GError **error);
gboolean pk_demo_make_knowledge (PkDemo *self, GError **error);
gboolean pk_demo_make_buildings (PkDemo *self, GError **error);
gboolean pk_demo_make_rooms (PkDemo *self, PkDemoBuilding *building, GError **error);
gboolean pk_demo_make_components (PkDemo *self, PkDemoBuilding *building, GError **error);
gboolean pk_demo_make_tasks (PkDemo *self, GError **error);

void pk_demo_room_free (gpointer data);
void pk_demo_component_free (gpointer data);

G_END_DECLS
