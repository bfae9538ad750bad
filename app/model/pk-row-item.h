#pragma once

#include "pk-id.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* How good or bad it is, for a colour; the words stand beside it always. */
typedef enum
{
  PK_TONE_PLAIN,
  PK_TONE_QUIET,
  PK_TONE_ACTIVE, /* under way */
  PK_TONE_GOOD,
  PK_TONE_WARNING,
  PK_TONE_BAD
} PkTone;

/* What a row shows. Texts are borrowed by pk_row_item_fill(), which copies them. */
typedef struct
{
  const char *icon_name;    /* symbolic: the state's or the kind's shape */
  const char *state;        /* what the icon says, in words */
  const char *title;        /* one line */
  const char *subtitle;     /* (nullable): dimmed line below */
  const char *chip;         /* (nullable): the nearest clock, a figure, a word */
  const char *chip_tooltip; /* (nullable): the exact date behind a relative one */
  PkTone icon_tone;
  PkTone chip_tone;
  gboolean is_waiting; /* has changes that wait to be sent */
  gboolean is_closed;  /* done or cancelled: the title is dimmed */
} PkRowFace;

/*
 * One row of a list, with the same anatomy for a task, a building, a document and a person: state mark · title · below it,
 * dimmed, place · who · category · at the right a chip and, only if it waits to be sent, a small cloud. A heading is a row that
 * cannot be chosen (entity 0). Emits "changed" when what it shows changed. Main thread.
 */
#define PK_TYPE_ROW_ITEM (pk_row_item_get_type ())
G_DECLARE_FINAL_TYPE (PkRowItem, pk_row_item, PK, ROW_ITEM, GObject)

PkRowItem *pk_row_item_new (guint entity, const PkId *id);
void pk_row_item_fill (PkRowItem *self, guint entity, const PkId *id, const PkRowFace *face);
void pk_row_item_fill_heading (PkRowItem *self, const char *title);

guint pk_row_item_get_entity (PkRowItem *self);
const PkId *pk_row_item_get_id (PkRowItem *self);
gboolean pk_row_item_is_heading (PkRowItem *self);
const PkRowFace *pk_row_item_get_face (PkRowItem *self);
char *pk_row_item_dup_label (PkRowItem *self);
const char *pk_row_item_get_open_action (PkRowItem *self);

G_END_DECLS
