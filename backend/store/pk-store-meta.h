#pragma once

#include "pk-store.h"

G_BEGIN_DECLS

/* How far the log has come: nothing more comes at or below @seq, and @greatest is the greatest number that is there. */
typedef struct
{
  gint64 seq;
  gint64 greatest; /* the same as @seq, but where several write at once */
} PkStoreHead;

/* What there is one of: the history's id (a restored backup gets a new one), the number of the last change, and named texts. */
gboolean pk_store_get_epoch (PkStore *self, PkId *epoch_out, GError **error);
gboolean pk_store_renew_epoch (PkStore *self, PkId *epoch_out, GError **error);
gboolean pk_store_get_seq (PkStore *self, gint64 *seq_out, GError **error);
gboolean pk_store_get_head (PkStore *self, PkStoreHead *head_out, GError **error);
gint64 pk_store_next_seq (PkStore *self);
gboolean pk_store_get_meta (PkStore *self, const char *key, char **value_out, GError **error);
gboolean pk_store_set_meta (PkStore *self, const char *key, const char *value, GError **error);
gboolean
pk_store_next_number (PkStore *self, const char *series, gint64 *number_out, GError **error);

G_END_DECLS
