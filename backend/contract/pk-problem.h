#pragma once

#include "pk-model-tables.h"

G_BEGIN_DECLS

/* Errors that can travel: GError with a PkProblem as code and a JSON pointer to the fault (RFC 9457, RFC 6901). */
#define PK_PROBLEM_ERROR (pk_problem_error_quark ())
GQuark pk_problem_error_quark (void);

void pk_problem_set (GError **error, PkProblem code, const char *pointer, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
void pk_problem_prefix_pointer (GError *error, const char *prefix);
const char *pk_problem_get_pointer (const GError *error);
PkProblem pk_problem_get_code (const GError *error);
const char *pk_problem_get_word (PkProblem code);
int pk_problem_find (const char *word);
char *pk_problem_to_json (const GError *error, guint *status_out);
GError *pk_problem_from_json (const char *json, gsize size);

G_END_DECLS
