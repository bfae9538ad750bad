#pragma once

#include "pk-reader.h"

#include <glib-object.h>

G_BEGIN_DECLS

/*
 * What a row of a list shows: names are resolved by primary key for the page alone. Reference counted, never changed.
 * Each function takes at most PK_PAGE_ROWS rids and gives an array of the same length; NULL where the record is gone.
 */
typedef struct
{
  gint64 rid;
  PkId id;
  char *number; /* (owned) (nullable) */
  char *title;  /* (owned) */
  PkTaskStatus status;
  PkTaskPriority priority;
  PkTaskKind kind;
  gboolean is_open;
  gboolean is_pending; /* waits to be sent */
  char *place;         /* (owned) (nullable): building, else the place in words */
  char *reporter;      /* (owned) (nullable) */
  char *category;      /* (owned) (nullable) */
  char *assignee;      /* (owned) (nullable) */
  char *unit;          /* (owned) (nullable) */
  char *due_on;        /* (owned) (nullable) */
  char *promised_on;   /* (owned) (nullable) */
  gint64 created_us;
  gint64 completed_us; /* 0: not yet */
} PkTaskRow;

typedef struct
{
  gint64 rid;
  PkId id;
  gboolean is_pending;
  char *title; /* (owned): name, or title */
  char *
      subtitle; /* (owned) (nullable): building: address and place; document: file name; person: position */
  char *detail;  /* (owned) (nullable): building: property; document: size in bytes; person: unit */
  int kind;      /* a PkBuildingUse, PkDocumentKind …; -1: none */
  int grade;     /* building: PkConditionGrade; -1: none */
  gint64 n_open; /* building: open tasks */
  gint64 at_us;  /* document: added */
} PkRecordRow;

#define PK_TYPE_TASK_ROW   (pk_task_row_get_type ())
#define PK_TYPE_RECORD_ROW (pk_record_row_get_type ())
GType pk_task_row_get_type (void);
GType pk_record_row_get_type (void);

PkTaskRow *pk_task_row_ref (PkTaskRow *self);
void pk_task_row_unref (PkTaskRow *self);
PkRecordRow *pk_record_row_ref (PkRecordRow *self);
void pk_record_row_unref (PkRecordRow *self);

GPtrArray *
pk_reader_read_task_rows (PkReader *self, const gint64 *rids, guint n_rids, GError **error);
GPtrArray *
pk_reader_read_building_rows (PkReader *self, const gint64 *rids, guint n_rids, GError **error);
GPtrArray *
pk_reader_read_document_rows (PkReader *self, const gint64 *rids, guint n_rids, GError **error);
GPtrArray *
pk_reader_read_person_rows (PkReader *self, const gint64 *rids, guint n_rids, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkTaskRow, pk_task_row_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkRecordRow, pk_record_row_unref)

G_END_DECLS
