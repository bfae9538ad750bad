/* A line of a pull's answer, as the client reads it. */
#include "config.h"

#include "pk-fuzz.h"

#include "pk-feed.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkFeedLine) line = pk_feed_line_read ((const char *) data, size, &error);

  g_assert_true ((line == NULL) == (error != NULL));
  return 0;
}
