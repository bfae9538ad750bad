/* What somebody wants on paper. Main thread. */
#include "config.h"

#include "pk-sheet.h"

#include "pk-glib-backports.h"

struct _PkSheet
{
  GObject parent_instance;
  char *sender;  /* (owned) (nullable) */
  char *printed; /* (owned) (nullable) */
  GPtrArray *blocks;
};

G_DEFINE_FINAL_TYPE (PkSheet, pk_sheet, G_TYPE_OBJECT)

static void
block_free (gpointer data)
{
  PkSheetBlock *block = data;

  g_free (block->label);
  g_free (block->text);
  g_free (block->detail);
  g_free (block->aside);
  g_free (block->aside_detail);
  g_clear_pointer (&block->picture, cairo_surface_destroy);
  g_free (block);
}

static PkSheetBlock *
add (PkSheet *self, PkSheetKind kind, const char *text)
{
  PkSheetBlock *block = g_new0 (PkSheetBlock, 1);

  block->kind = kind;
  block->text = g_strdup (text);
  g_ptr_array_add (self->blocks, block);
  return block;
}

static void
pk_sheet_finalize (GObject *object)
{
  PkSheet *self = PK_SHEET (object);

  g_clear_pointer (&self->sender, g_free);
  g_clear_pointer (&self->printed, g_free);
  g_clear_pointer (&self->blocks, g_ptr_array_unref);
  G_OBJECT_CLASS (pk_sheet_parent_class)->finalize (object);
}

static void
pk_sheet_class_init (PkSheetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_sheet_finalize;
}

static void
pk_sheet_init (PkSheet *self)
{
  self->blocks = g_ptr_array_new_with_free_func (block_free);
}

/**
 * pk_sheet_new:
 * @title: what it is about
 * @about: (nullable): in a line, what kind of thing that is
 *
 * Returns: (transfer full): a sheet with a title
 */
PkSheet *
pk_sheet_new (const char *title, const char *about)
{
  PkSheet *self = g_object_new (PK_TYPE_SHEET, NULL);

  add (self, PK_SHEET_TITLE, title)->detail = g_strdup (about);
  return self;
}

/**
 * pk_sheet_set_sender:
 * @self: a sheet
 * @sender: (nullable): whose it is: the municipality
 * @printed: (nullable): who printed it, and when
 *
 * Says what stands at the top of every page.
 */
void
pk_sheet_set_sender (PkSheet *self, const char *sender, const char *printed)
{
  g_return_if_fail (PK_IS_SHEET (self));
  g_set_str (&self->sender, sender);
  g_set_str (&self->printed, printed);
}

/**
 * pk_sheet_add_heading:
 * @self: a sheet
 * @text: what follows has in common
 *
 * Adds a heading, which is never the last thing on a page.
 */
void
pk_sheet_add_heading (PkSheet *self, const char *text)
{
  g_return_if_fail (PK_IS_SHEET (self));
  add (self, PK_SHEET_HEADING, text);
}

/**
 * pk_sheet_add_text:
 * @self: a sheet
 * @text: (nullable): paragraphs; nothing is added where there are none
 *
 * Adds text, which goes on over the pages.
 */
void
pk_sheet_add_text (PkSheet *self, const char *text)
{
  g_return_if_fail (PK_IS_SHEET (self));
  if (text != NULL && *text != '\0')
    add (self, PK_SHEET_TEXT, text);
}

/**
 * pk_sheet_add_fact:
 * @self: a sheet
 * @label: what it is called
 * @value: (nullable): nothing is added where it is not known
 *
 * Adds a fact.
 */
void
pk_sheet_add_fact (PkSheet *self, const char *label, const char *value)
{
  g_return_if_fail (PK_IS_SHEET (self));
  if (value != NULL && *value != '\0')
    add (self, PK_SHEET_FACT, value)->label = g_strdup (label);
}

/**
 * pk_sheet_add_row:
 * @self: a sheet
 * @mark: what stands before it
 * @text: what it is
 * @detail: (nullable): more about it
 *
 * Adds a line of a list, which is never cut.
 */
void
pk_sheet_add_row (PkSheet *self, PkSheetMark mark, const char *text, const char *detail)
{
  g_return_if_fail (PK_IS_SHEET (self));
  PkSheetBlock *block = add (self, PK_SHEET_ROW, text);

  block->mark = mark;
  block->detail = g_strdup (detail);
}

/**
 * pk_sheet_set_aside:
 * @self: a sheet whose last block is a row
 * @aside: (nullable): stands at its right
 * @detail: (nullable): smaller, below it
 *
 * Says what stands at the right of the row that was added last.
 */
void
pk_sheet_set_aside (PkSheet *self, const char *aside, const char *detail)
{
  g_return_if_fail (PK_IS_SHEET (self) && self->blocks->len > 0);
  PkSheetBlock *block = self->blocks->pdata[self->blocks->len - 1];

  g_set_str (&block->aside, aside);
  g_set_str (&block->aside_detail, detail);
}

/**
 * pk_sheet_add_event:
 * @self: a sheet
 * @when: a time
 * @text: what happened
 * @detail: (nullable): more about it
 *
 * Adds something that happened.
 */
void
pk_sheet_add_event (PkSheet *self, const char *when, const char *text, const char *detail)
{
  g_return_if_fail (PK_IS_SHEET (self));
  PkSheetBlock *block = add (self, PK_SHEET_EVENT, text);

  block->label = g_strdup (when);
  block->detail = g_strdup (detail);
}

/**
 * pk_sheet_add_picture:
 * @self: a sheet
 * @picture: an image
 *
 * Adds a picture, which gets as much of the page as a third of its height.
 */
void
pk_sheet_add_picture (PkSheet *self, cairo_surface_t *picture)
{
  g_return_if_fail (PK_IS_SHEET (self));
  add (self, PK_SHEET_PICTURE, NULL)->picture = cairo_surface_reference (picture);
}

/**
 * pk_sheet_get_title:
 * @self: a sheet
 *
 * Returns: (transfer none): what it is about
 */
const char *
pk_sheet_get_title (PkSheet *self)
{
  g_return_val_if_fail (PK_IS_SHEET (self), NULL);
  return pk_sheet_get_block (self, 0)->text;
}

/**
 * pk_sheet_get_sender:
 * @self: a sheet
 *
 * Returns: (transfer none) (nullable): whose it is
 */
const char *
pk_sheet_get_sender (PkSheet *self)
{
  g_return_val_if_fail (PK_IS_SHEET (self), NULL);
  return self->sender;
}

/**
 * pk_sheet_get_printed:
 * @self: a sheet
 *
 * Returns: (transfer none) (nullable): who printed it, and when
 */
const char *
pk_sheet_get_printed (PkSheet *self)
{
  g_return_val_if_fail (PK_IS_SHEET (self), NULL);
  return self->printed;
}

/**
 * pk_sheet_get_n_blocks:
 * @self: a sheet
 *
 * Returns: how many things it has
 */
guint
pk_sheet_get_n_blocks (PkSheet *self)
{
  g_return_val_if_fail (PK_IS_SHEET (self), 0);
  return self->blocks->len;
}

/**
 * pk_sheet_get_block:
 * @self: a sheet
 * @i: from 0; the title
 *
 * Returns: (transfer none): one of them
 */
const PkSheetBlock *
pk_sheet_get_block (PkSheet *self, guint i)
{
  g_return_val_if_fail (PK_IS_SHEET (self) && i < self->blocks->len, NULL);
  return self->blocks->pdata[i];
}
