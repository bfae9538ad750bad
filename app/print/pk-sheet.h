#pragma once

#include <cairo.h>
#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  PK_SHEET_TITLE,   /* at the top of the first page: title, and what it is in a line */
  PK_SHEET_HEADING, /* above what follows */
  PK_SHEET_TEXT,    /* a paragraph */
  PK_SHEET_FACT,    /* what it is called, and its value */
  PK_SHEET_ROW,     /* a line of a list: what, more about it, and at the right a figure or a day */
  PK_SHEET_EVENT,   /* when, what happened, and more about it */
  PK_SHEET_PICTURE
} PkSheetKind;

/* What stands before a row, drawn so that it can be told in black and white, and ticked by hand. */
typedef enum
{
  PK_SHEET_MARK_NONE,
  PK_SHEET_MARK_BOX,
  PK_SHEET_MARK_DONE,
  PK_SHEET_MARK_DEVIATION,
  PK_SHEET_MARK_NOT_APPLICABLE
} PkSheetMark;

/* One of the things on paper, in order. All texts are plain. */
typedef struct
{
  PkSheetKind kind;
  PkSheetMark mark;
  char *label;              /* (owned) (nullable): what a fact is called; when it happened */
  char *text;               /* (owned) (nullable) */
  char *detail;             /* (owned) (nullable): smaller, below the text */
  char *aside;              /* (owned) (nullable): at the right */
  char *aside_detail;       /* (owned) (nullable): smaller, below it */
  cairo_surface_t *picture; /* (owned) (nullable) */
} PkSheetBlock;

/*
 * What somebody wants on paper, without any place yet: pk-pages gives it one. Who prints, when and for which municipality stand on
 * every page. Main thread.
 */
#define PK_TYPE_SHEET (pk_sheet_get_type ())
G_DECLARE_FINAL_TYPE (PkSheet, pk_sheet, PK, SHEET, GObject)

PkSheet *pk_sheet_new (const char *title, const char *about);
void pk_sheet_set_sender (PkSheet *self, const char *sender, const char *printed);
void pk_sheet_add_heading (PkSheet *self, const char *text);
void pk_sheet_add_text (PkSheet *self, const char *text);
void pk_sheet_add_fact (PkSheet *self, const char *label, const char *value);
void pk_sheet_add_row (PkSheet *self, PkSheetMark mark, const char *text, const char *detail);
void pk_sheet_set_aside (PkSheet *self, const char *aside, const char *detail);
void pk_sheet_add_event (PkSheet *self, const char *when, const char *text, const char *detail);
void pk_sheet_add_picture (PkSheet *self, cairo_surface_t *picture);

const char *pk_sheet_get_title (PkSheet *self);
const char *pk_sheet_get_sender (PkSheet *self);
const char *pk_sheet_get_printed (PkSheet *self);
guint pk_sheet_get_n_blocks (PkSheet *self);
const PkSheetBlock *pk_sheet_get_block (PkSheet *self, guint i);

G_END_DECLS
