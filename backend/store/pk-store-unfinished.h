#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Folders that are being made, noted in the store's folder, so that what a killed process leaves of them can be taken away. */
typedef struct _PkUnfinished PkUnfinished;

PkUnfinished *pk_unfinished_begin (const char *dir, const char *folder, GError **error);
void pk_unfinished_end (PkUnfinished *self);
void pk_unfinished_clear (const char *dir);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkUnfinished, pk_unfinished_end)

G_END_DECLS
