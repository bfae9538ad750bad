#pragma once

#include "pk-demo-private.h"

G_BEGIN_DECLS

/* pk-demo-files.c: documents, their content and what they are linked to. Ids stay null where no files are made. */
gboolean
pk_demo_draw_picture (PkDemo *self, PkDemoBuilding *building, PkId *picture_out, GError **error);
gboolean
pk_demo_link_picture (PkDemo *self, PkDemoBuilding *building, const PkId *picture, GError **error);
gboolean pk_demo_draw_plan (PkDemo *self,
                            PkDemoBuilding *building,
                            const char *floor,
                            GPtrArray *rooms,
                            PkId *plan_out,
                            GError **error);
gboolean pk_demo_link_plan (PkDemo *self,
                            PkDemoBuilding *building,
                            const PkId *floor_id,
                            const PkId *plan,
                            const char *caption,
                            GError **error);
gboolean pk_demo_make_papers (PkDemo *self, PkDemoBuilding *building, GError **error);
gboolean pk_demo_make_task_photo (PkDemo *self,
                                  const PkRecord *task,
                                  const char *caption,
                                  gint64 taken_us,
                                  GError **error);
gboolean pk_demo_make_task_letter (PkDemo *self,
                                   const PkRecord *task,
                                   const char *text,
                                   gint64 sent_us,
                                   GError **error);

G_END_DECLS
