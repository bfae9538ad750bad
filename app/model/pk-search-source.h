#pragma once

#include "pk-library.h"
#include "pk-row-source.h"

G_BEGIN_DECLS

/* What was found for some words, over tasks, buildings, components, documents, articles and people, with a heading for each. */
PkRowSource *pk_search_source_new (PkLibrary *library, const char *text, guint limit);

/* Documents, buildings or people of any number, in the order of their titles, or those that hold @text. */
PkRowSource *pk_record_source_new (PkLibrary *library, guint entity, const char *text);

G_END_DECLS
