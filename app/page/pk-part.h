#pragma once

#include "pk-client.h"
#include "pk-detail.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * A part of a detail page: a column of widgets that shows one side of a record and follows it. A kind of part builds its widgets
 * once (build) and fills them whenever the record or what belongs to it has changed (update); update is only called while there
 * is a record.
 */
#define PK_TYPE_PART (pk_part_get_type ())
G_DECLARE_DERIVABLE_TYPE (PkPart, pk_part, PK, PART, GtkWidget)

struct _PkPartClass
{
  GtkWidgetClass parent_class;
  void (*build) (PkPart *self);
  void (*update) (PkPart *self);
};

GtkWidget *pk_part_new (GType type, PkClient *client, PkDetail *detail);
void pk_part_append (PkPart *self, GtkWidget *child);
PkClient *pk_part_get_client (PkPart *self);
PkDetail *pk_part_get_detail (PkPart *self);
PkLibrary *pk_part_get_library (PkPart *self);
PkRecord *pk_part_get_record (PkPart *self);
void pk_part_run (PkPart *self, PkCommand *command);

G_END_DECLS
