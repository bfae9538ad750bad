#pragma once

#include "pk-demo-private.h"

G_BEGIN_DECLS

/* One task while it is made. */
typedef struct
{
  JsonObject *category;
  JsonObject *spec; /* the template */
  int age_days;
  gint64 created_us;
  gint64 completed_us; /* 0 while it is open */
  PkTaskStatus status;
  PkDemoUnit *unit;
  PkDemoPerson *assignee; /* (nullable) */
  PkDemoPerson *registrar;
  PkDemoPerson *colleague;    /* (nullable): who reported it, if that was an employee */
  char *reporter;             /* (owned) (nullable) */
  PkDemoBuilding *building;   /* (nullable) */
  PkDemoRoom *room;           /* (nullable) */
  PkDemoComponent *component; /* (nullable) */
  GHashTable *words; /* (owned): what stands for the blanks, the same in all of the task's texts */
} PkDemoTask;

/* pk-demo-tasks.c */
char *pk_demo_fill (PkDemo *self, PkDemoTask *task, const char *text);
JsonArray *pk_demo_find_texts (PkDemoTask *task, const char *member);
gint64 pk_demo_time_between (PkDemo *self, gint64 from_us, gint64 to_us);

/* pk-demo-talk.c: what hangs on a task */
gboolean pk_demo_make_talk (PkDemo *self, PkDemoTask *task, const PkRecord *record, GError **error);

G_END_DECLS
