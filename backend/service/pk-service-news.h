#pragma once

#include "pk-id.h"
#include "pk-service.h"

G_BEGIN_DECLS

/* What one listener's person holds, as far as it is known; the job fills in what is new. */
typedef struct
{
  PkId person;
  gint64 grants;  /* epoch; -1: not known */
  GArray *scopes; /* (owned) (nullable): numbers, sorted */
  gboolean has_news;
} PkNewsReader;

/* One look at the log, for all listeners at once. */
typedef struct
{
  gint64 since;
  gint64 seq;     /* set by the look */
  GArray *states; /* (owned): PkNewsReader */
} PkNews;

PkNews *pk_news_new (gint64 since);
void pk_news_add (PkNews *self, const PkId *person, gint64 grants, GArray *scopes);
void pk_news_free (PkNews *self);
gboolean pk_news_run (PkNews *self, PkService *service, GError **error);

G_END_DECLS
