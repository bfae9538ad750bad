#pragma once

#include "pk-authorizer.h"

G_BEGIN_DECLS

/*
 * Who was signed in last, in a small file beside the replicas, so that the window opens on the right one before anything has been asked.
 * No secrets in it.
 */
PkAccount *pk_session_store_load (const char *data_directory, const char *server, const char *demo);
gboolean pk_session_store_save (const char *data_directory,
                                const PkAccount *account,
                                const char *demo,
                                GError **error);
void pk_session_store_forget (const char *data_directory);
char *
pk_session_store_get_demo_tokens (const char *data_directory, const char *server, const char *demo);
char *pk_session_store_get_replica (const char *data_directory, const PkAccount *account);
char *pk_session_store_find_database (const char *replica_directory);

/* The line that ./run waits for: written under another name first, then renamed. */
void pk_session_store_report (const char *path,
                              const char *person,
                              gint64 n_rows,
                              double seconds,
                              const char *replica);
void pk_session_store_report_problem (const char *path, const char *problem);

G_END_DECLS
