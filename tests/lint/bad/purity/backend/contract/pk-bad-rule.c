/* A rule that looks at the clock. */
#include "config.h"

#include <glib.h>

static gint64
rule_now (void)
{
  return g_get_real_time ();
}
