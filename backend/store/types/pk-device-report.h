#pragma once

#include "pk-id.h"

G_BEGIN_DECLS

#define PK_REPORT_VERSION_BYTES 65

/* What a device last said of itself. Flat: copied by value. */
typedef struct
{
  PkId device;
  char version[PK_REPORT_VERSION_BYTES]; /* of the program; "" where it said none */
  gint64 model;
  gint64 n_unsent;
  gint64 oldest_unsent_us; /* 0: nothing waits */
  gint64 n_repairs;
  gint64 seq;       /* the server's state that it was told of */
  gint64 pulled_us; /* when that was */
} PkDeviceReport;

G_END_DECLS
