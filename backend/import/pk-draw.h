#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Pictures and pages, drawn from numbers. They know nothing of records. Same arguments and fonts: same bytes. */

typedef struct
{
  const char *use; /* code of the building's use */
  int n_floors;
  guint64 seed;
} PkElevation;

typedef struct
{
  char *name;
  char *number;
  const char *id; /* of the element in the drawing */
  double area_m2;
} PkPlanRoom;

GBytes *pk_draw_elevation (const PkElevation *elevation, GError **error);
GBytes *pk_draw_defect (const char *caption, guint64 seed, GError **error);
GBytes *pk_draw_pages (const char *title,
                       const char *subtitle,
                       const char *text,
                       gint64 created_us,
                       GError **error);
char *
pk_draw_plan (const char *title, const char *subtitle, const PkPlanRoom *rooms, guint n_rooms);

G_END_DECLS
