#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The real pakoblad (of the environment's PK_PAKOBLAD) in a folder, and questions to it that wait for the answer. */
typedef struct
{
  char *folder;         /* (owned) */
  guint port;           /* to listen at; 0: a free one */
  char *url;            /* (owned) (nullable) */
  GSubprocess *process; /* (owned) (nullable): while it runs */
} PkTestProgram;

PkTestProgram *pk_test_program_new (const char *folder);
void pk_test_program_free (PkTestProgram *self);
void pk_test_program_start (PkTestProgram *self, gboolean is_demo);
void pk_test_program_stop (PkTestProgram *self);
void pk_test_program_kill (PkTestProgram *self);
guint pk_test_program_ask (PkTestProgram *self,
                           const char *method,
                           const char *path,
                           const char *token,
                           const char *headers,
                           const char *body,
                           char **answer_out);
char *pk_test_program_sign_in (PkTestProgram *self, const char *person, char **device_out);
void pk_test_remove_folder (const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkTestProgram, pk_test_program_free)

G_END_DECLS
