#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What libFuzzer and our own replay call with bytes from outside. A fault is a crash or an assertion; the return value is 0. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The bytes as a text that ends. */
static inline char *
pk_fuzz_dup_text (const guint8 *data, gsize size)
{
  return g_strndup (size > 0 ? (const char *) data : "", size);
}

G_END_DECLS
