/*
 * What differs between two vectors of row numbers, as a few edits. Pure. Not the smallest difference: a short look ahead finds
 * the rows that came, went or moved, and what is left after PK_ROW_MAX_EDITS is one last edit up to the common tail.
 */
#include "config.h"

#include "pk-row-edits.h"

#define LOOK_AHEAD 96

static gint64
number_at (GArray *numbers, guint place)
{
  return g_array_index (numbers, gint64, place);
}

static gboolean
do_meet (GArray *a, GArray *b, guint i, guint j)
{
  if (i > a->len || j > b->len)
    return FALSE;
  if (i == a->len || j == b->len)
    return i == a->len && j == b->len;
  return number_at (a, i) == number_at (b, j);
}

/* The next place where both go on alike: the fewest rows passed over. */
static gboolean
find_meeting (GArray *a, GArray *b, PkRowEdit *edit)
{
  for (guint sum = 1; sum <= LOOK_AHEAD; sum++)
    for (guint skip = 0; skip <= sum; skip++)
      if (do_meet (a, b, edit->position + skip, edit->from + sum - skip))
        {
          edit->removed = skip;
          edit->added = sum - skip;
          return TRUE;
        }
  return FALSE;
}

static PkRowEdit
edit_to_tail (GArray *a, GArray *b, guint i, guint j)
{
  guint end_a = a->len, end_b = b->len;

  while (end_a > i && end_b > j && number_at (a, end_a - 1) == number_at (b, end_b - 1))
    end_a--, end_b--;
  return (PkRowEdit){ i, end_a - i, j, end_b - j };
}

/**
 * pk_row_edits_find:
 * @old_numbers: (element-type gint64): as it was
 * @new_numbers: (element-type gint64): as it shall be
 *
 * Returns: (transfer full) (element-type PkRowEdit): at most PK_ROW_MAX_EDITS edits by place; empty where nothing differs
 */
GArray *
pk_row_edits_find (GArray *old_numbers, GArray *new_numbers)
{
  GArray *edits = g_array_new (FALSE, FALSE, sizeof (PkRowEdit));
  guint i = 0, j = 0;

  while (i < old_numbers->len || j < new_numbers->len)
    {
      if (i < old_numbers->len && do_meet (old_numbers, new_numbers, i, j))
        {
          i++, j++;
          continue;
        }
      PkRowEdit edit = edit_to_tail (old_numbers, new_numbers, i, j);
      gboolean is_one_sided = edit.removed == 0 || edit.added == 0;
      gboolean is_last = is_one_sided || edits->len + 1 == PK_ROW_MAX_EDITS ||
                         !find_meeting (old_numbers, new_numbers, &edit);
      g_array_append_val (edits, edit);
      if (is_last)
        break;
      i += edit.removed;
      j += edit.added;
    }
  return edits;
}
