#pragma once

#include "pk-id.h"
#include "pk-model-tables.h"

G_BEGIN_DECLS

/*
 * A link to a record: "pakobla:task/01936f3e-…". It stands in e-mails, on web pages and on the clipboard, and opens the record in the
 * program on any device of somebody who may see it. It tells nothing but where to look: the right to see is asked for as always.
 */
#define PK_LINK_SCHEME "pakobla"

typedef struct
{
  PkEntityId entity; /* of those that have a page of their own */
  PkId id;
} PkLink;

gboolean pk_link_parse (const char *text, PkLink *out, GError **error);
char *pk_link_make (guint entity, const PkId *id);
char *pk_link_make_name (guint entity, const PkId *id);
gboolean pk_link_parse_name (const char *name, PkLink *out, GError **error);

G_END_DECLS
