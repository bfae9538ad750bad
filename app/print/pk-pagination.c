/* Which strip stands where on which page. Pure; any thread. */
#include "config.h"

#include "pk-pagination.h"

/* How many strips from @first on want to stand together. */
static guint
count_together (const PkStrip *strips, guint first, guint n_strips)
{
  guint n = 1;

  while (first + n < n_strips && strips[first + n - 1].is_glued)
    n++;
  return n;
}

static double
height_of (const PkStrip *strips, guint n)
{
  double height = 0;

  for (guint i = 0; i < n; i++)
    height += strips[i].height + (i > 0 ? strips[i].gap : 0);
  return height;
}

/**
 * pk_pagination_place:
 * @strips: (array length=n_strips): in order
 * @n_strips: how many
 * @page_height: what a page has room for, in points
 * @places_out: (out caller-allocates) (array length=n_strips): where each stands
 *
 * Places strips from top to bottom. None is cut: what has no room left on a page begins the next one. Strips that are glued stand
 * together as long as a page has room for them at all; a strip that is higher than a page has one of its own.
 *
 * Returns: how many pages there are; at least one
 */
guint
pk_pagination_place (const PkStrip *strips,
                     guint n_strips,
                     double page_height,
                     PkStripPlace *places_out)
{
  guint page = 0;
  double y = 0;
  guint n_together = 0; /* of the group that is being placed: those are known to have room */

  for (guint i = 0; i < n_strips; i++)
    {
      double gap = y > 0 ? strips[i].gap : 0;
      double wanted = strips[i].height;
      if (n_together == 0)
        {
          n_together = count_together (strips, i, n_strips);
          double together = height_of (strips + i, n_together);
          if (together <= page_height)
            wanted = together;
        }
      if (y > 0 && y + gap + wanted > page_height)
        {
          page++;
          y = gap = 0;
        }
      places_out[i] = (PkStripPlace){ page, y + gap };
      y += gap + strips[i].height;
      n_together--;
    }
  return page + 1;
}
