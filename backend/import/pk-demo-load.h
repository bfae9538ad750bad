#pragma once

#include "pk-demo.h"
#include "pk-service.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 n_records;
  guint64 n_contents;
  gint64 duration_us;
} PkDemoLoaded;

gboolean pk_demo_load (PkService *service,
                       const PkDemoOptions *options,
                       PkDemoLoaded *loaded_out,
                       GError **error);
gboolean pk_demo_store_is_empty (PkService *service, gboolean *is_empty_out, GError **error);

G_END_DECLS
