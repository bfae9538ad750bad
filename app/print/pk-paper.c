/* What all papers have in common, and the list of tasks. Main thread. */
#include "config.h"

#include "pk-paper.h"

#include "pk-attachments.h"
#include "pk-paper-private.h"
#include "pk-row-item.h"
#include "pk-value-words.h"
#include "pk-words.h"

#include <glib/gi18n.h>

/* How far up units are looked for: more than any municipality has. */
#define MOST_UNITS 12

/* The unit that all others belong to: the municipality. */
static char *
find_municipality (PkLibrary *library)
{
  g_autoptr (PkRecord)
      person = pk_library_find (library, PK_ENTITY_PERSON, pk_library_get_person (library));
  const PkId *id = person != NULL ? pk_record_get_ref (person, PK_PERSON_UNIT_ID) : NULL;
  g_autoptr (PkRecord) unit = id != NULL ? pk_library_find (library, PK_ENTITY_UNIT, id) : NULL;

  for (guint i = 0; unit != NULL && i < MOST_UNITS; i++)
    {
      const PkId *above = pk_record_get_ref (unit, PK_UNIT_PARENT_ID);
      PkRecord *parent = above != NULL ? pk_library_find (library, PK_ENTITY_UNIT, above) : NULL;
      if (parent == NULL)
        return g_strdup (pk_record_get_text (unit, PK_UNIT_NAME));
      pk_record_unref (unit);
      unit = parent;
    }
  return NULL;
}

/**
 * pk_paper_sign:
 * @sheet: a sheet
 * @library: whose it is
 *
 * Says for which municipality it is, who prints it, and when.
 */
void
pk_paper_sign (PkSheet *sheet, PkLibrary *library)
{
  g_autofree char *municipality = find_municipality (library);
  const char *name =
      pk_library_get_name (library, PK_ENTITY_PERSON, pk_library_get_person (library));
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *when = pk_words_exact_time (pk_clock_now_us (pk_library_get_clock (library)),
                                               zone);
  g_autofree char *printed = name != NULL ? g_strjoin (" · ", name, when, NULL) : g_strdup (when);

  pk_sheet_set_sender (sheet, municipality, printed);
}

static void
add_item (PkSheet *sheet, PkRowItem *item)
{
  const PkRowFace *face = pk_row_item_get_face (item);
  gboolean is_task = pk_row_item_get_entity (item) == PK_ENTITY_TASK;
  g_autofree char *detail = face->state != NULL && face->subtitle != NULL
                                ? g_strjoin (" · ", face->state, face->subtitle, NULL)
                                : g_strdup (face->subtitle != NULL ? face->subtitle : face->state);

  pk_sheet_add_row (sheet,
                    !is_task          ? PK_SHEET_MARK_NONE
                    : face->is_closed ? PK_SHEET_MARK_DONE
                                      : PK_SHEET_MARK_BOX,
                    face->title,
                    detail);
  pk_sheet_set_aside (sheet,
                      face->chip,
                      g_strcmp0 (face->chip, face->chip_tooltip) != 0 ? face->chip_tooltip : NULL);
}

/**
 * pk_paper_add_rows:
 * @sheet: a sheet
 * @rows: of #PkRowItem
 *
 * Adds the rows of a list with their headings, a box before each task that is open.
 */
void
pk_paper_add_rows (PkSheet *sheet, GListModel *rows)
{
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (PkRowItem) item = g_list_model_get_item (rows, i);
      if (pk_row_item_is_heading (item))
        pk_sheet_add_heading (sheet, pk_row_item_get_face (item)->title);
      else
        add_item (sheet, item);
    }
}

/**
 * pk_paper_add_field:
 * @sheet: a sheet
 * @library: what names are read from
 * @record: a record
 * @field: one of its fields
 *
 * Adds a field where it has a value. A day is written in full, since paper is read on other days too.
 */
void
pk_paper_add_field (PkSheet *sheet, PkLibrary *library, PkRecord *record, guint field)
{
  const PkField *about = &pk_record_get_entity (record)->fields[field];
  const PkValue *value = pk_record_get (record, field);

  if (value->kind == PK_VALUE_NULL)
    return;
  g_autofree char *words = about->type == PK_TYPE_DATE ? pk_words_exact_day (value->text)
                                                       : pk_value_words (library, about, value);
  pk_sheet_add_fact (sheet, _ (about->label), words);
}

/**
 * pk_paper_add_documents:
 * @sheet: a sheet
 * @detail: what they belong to
 *
 * Adds the names of photos and documents, so that who holds the paper knows that there are some.
 */
void
pk_paper_add_documents (PkSheet *sheet, PkDetail *detail)
{
  GListModel *documents = pk_detail_get_attachments (detail);
  guint n = g_list_model_get_n_items (documents);

  if (n > 0)
    pk_sheet_add_heading (sheet, _ ("Photos and documents"));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PkRecordItem) item = g_list_model_get_item (documents, i);
      g_autofree char *words = pk_attachment_dup_detail (item);
      pk_sheet_add_row (sheet, PK_SHEET_MARK_NONE, pk_attachment_get_title (item), words);
    }
}

/**
 * pk_paper_new_list:
 * @library: whose it is
 * @title: what list it is
 * @about: (nullable): how it was chosen, in a line
 * @rows: of #PkRowItem
 *
 * Returns: (transfer full): a list to take along and tick by hand
 */
PkSheet *
pk_paper_new_list (PkLibrary *library, const char *title, const char *about, GListModel *rows)
{
  PkSheet *sheet = pk_sheet_new (title, about);

  pk_paper_sign (sheet, library);
  pk_paper_add_rows (sheet, rows);
  return sheet;
}
