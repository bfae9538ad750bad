/* Functions that do not say what they do. */
#include "config.h"

/* Not in the form that the tools read. */
int
pk_bad_count (int number)
{
  return number;
}

/**
 * pk_good_count:
 * @number: any
 *
 * Returns: the same
 */
int
pk_good_count (int number)
{
  return number;
}

static int
count (int number)
{
  return number;
}
