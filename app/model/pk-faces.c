/* How a record looks in a list. The date that matters is the chip: due while it is open, done when it is done. Main thread. */
#include "config.h"

#include "pk-faces.h"

#include "pk-state-icons.h"
#include "pk-text.h"
#include "pk-words.h"

#include <glib/gi18n.h>

static void
describe_clock (const PkTaskRow *row, const char *today, PkRowFace *face, char **chip, char **exact)
{
  const char *day = row->due_on != NULL ? row->due_on : row->promised_on;

  if (!row->is_open || day == NULL)
    return;
  int n_days = pk_words_days_between (today, day);
  *chip = n_days < 0 ? pk_words_deadline (day, today) : pk_words_day_capital (day, today);
  g_autofree char *words = pk_words_exact_day (day);
  *exact = row->due_on != NULL ? g_strdup_printf (_ ("Due %s"), words)
                               : g_strdup_printf (_ ("Promised %s"), words);
  face->chip_tone = n_days < 0 ? PK_TONE_BAD : n_days == 0 ? PK_TONE_WARNING : PK_TONE_PLAIN;
}

/**
 * pk_faces_fill_task:
 * @item: what the row shows
 * @row: as it was read
 * @today: the day it is
 *
 * Fills the face of a task.
 */
void
pk_faces_fill_task (PkRowItem *item, const PkTaskRow *row, const char *today)
{
  g_autoptr (GString) subtitle = g_string_new (NULL);
  g_autofree char *chip = NULL, *exact = NULL;
  PkRowFace face = {
    .icon_name = pk_state_icon_of_status (row->status),
    .state = pk_state_word_of_status (row->status),
    .icon_tone = pk_state_tone_of_status (row->status),
    .title = row->title,
    .is_waiting = row->is_pending,
    .is_closed = !row->is_open,
  };

  if (row->is_open)
    pk_text_join (subtitle, pk_state_word_of_priority (row->priority));
  pk_text_join (subtitle, row->place);
  pk_text_join (subtitle, row->reporter);
  pk_text_join (subtitle, row->category);
  describe_clock (row, today, &face, &chip, &exact);
  face.subtitle = subtitle->str;
  face.chip = chip;
  face.chip_tooltip = exact;
  pk_row_item_fill (item, PK_ENTITY_TASK, &row->id, &face);
}

static char *
describe_chip (guint entity, const PkRecordRow *row)
{
  if (entity == PK_ENTITY_BUILDING && row->n_open > 0)
    return g_strdup_printf (ngettext ("%d open", "%d open", (gulong) row->n_open),
                            (int) row->n_open);
  if (entity == PK_ENTITY_DOCUMENT && row->detail != NULL)
    return g_format_size ((guint64) g_ascii_strtoll (row->detail, NULL, 10));
  return NULL;
}

/**
 * pk_faces_fill_record:
 * @item: what the row shows
 * @entity: a PkEntityId: building, document or person
 * @row: as it was read
 *
 * Fills the face of what is not a task.
 */
void
pk_faces_fill_record (PkRowItem *item, guint entity, const PkRecordRow *row)
{
  g_autoptr (GString) subtitle = g_string_new (NULL);
  g_autofree char *chip = describe_chip (entity, row);
  PkRowFace face = {
    .icon_name = pk_state_icon_of_entity (entity),
    .state = pk_state_word_of_entity (entity),
    .title = row->title,
    .is_waiting = row->is_pending,
    .chip = chip,
    .chip_tone = PK_TONE_PLAIN,
  };

  pk_text_join (subtitle, row->subtitle);
  if (entity != PK_ENTITY_DOCUMENT)
    pk_text_join (subtitle, row->detail);
  face.subtitle = subtitle->str;
  pk_row_item_fill (item, entity, &row->id, &face);
}
