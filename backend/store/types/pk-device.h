#pragma once

#include "pk-id.h"

G_BEGIN_DECLS

/* An installation of the program, of one person. */
typedef struct
{
  PkId id;
  PkId person;
  char *name;        /* (owned) (nullable): what people call it */
  char *app_version; /* (owned) (nullable) */
  gint64 created_us;
  gint64 seen_us;
  gint64 revoked_us; /* 0: not */
  gint64 last_n;     /* the last mutation that was judged */
  PkId last_mutation;
} PkDevice;

PkDevice *pk_device_new (const PkId *id, const PkId *person);
void pk_device_free (PkDevice *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkDevice, pk_device_free)

G_END_DECLS
