#pragma once

#include "pk-notice.h"

G_BEGIN_DECLS

/* What was told, in a small file beside the replica: names and numbers, nothing that was written. */
PkNoticeMemory *pk_notice_memory_load (const char *directory);
gboolean pk_notice_memory_save (const PkNoticeMemory *self, const char *directory, GError **error);

G_END_DECLS
