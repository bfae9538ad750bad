#pragma once

#include "pk-id.h"

G_BEGIN_DECLS

/* Content on its way (tus): what has come of it is in a file of its own. */
typedef struct
{
  PkId id;
  PkId person;
  char *sha256; /* (owned) (nullable): what the client says it will be */
  gint64 size;
  gint64 offset;
  gint64 created_us;
  gint64 expires_us;
  char *data; /* (owned) (nullable): text of the caller */
} PkUpload;

PkUpload *pk_upload_new (const PkId *id, const PkId *person, gint64 size);
void pk_upload_free (PkUpload *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkUpload, pk_upload_free)

G_END_DECLS
