#pragma once

#include "pk-library.h"

G_BEGIN_DECLS

/*
 * Answers the search of the desktop (org.gnome.Shell.SearchProvider2) from what is on this device. Signals, before anything is answered:
 * "asked", so that whoever owns it can open the replica (pk_search_provider_set_library()); "chosen" (const char *link) for a result that
 * the person wants to see; "launched" (const char *words) for all of them. Without a library nothing is found, which is no error. Main thread.
 */
#define PK_TYPE_SEARCH_PROVIDER (pk_search_provider_get_type ())
G_DECLARE_FINAL_TYPE (PkSearchProvider, pk_search_provider, PK, SEARCH_PROVIDER, GObject)

PkSearchProvider *pk_search_provider_new (void);
void pk_search_provider_set_library (PkSearchProvider *self, PkLibrary *library);
gboolean pk_search_provider_export (PkSearchProvider *self,
                                    GDBusConnection *connection,
                                    const char *path,
                                    GError **error);
void pk_search_provider_unexport (PkSearchProvider *self);

G_END_DECLS
