#pragma once

#include "pk-test-program.h"

G_BEGIN_DECLS

/* A connection to one of several processes that listen at one address, for a single request. */
typedef struct
{
  GSocketConnection *connection; /* (owned) */
  GDataInputStream *input;       /* (owned) */
} PkTestWire;

PkTestWire *pk_test_wire_new (PkTestProgram *program);
void pk_test_wire_free (PkTestWire *self);
void pk_test_wire_send (PkTestWire *self,
                        const char *method,
                        const char *path,
                        const char *token,
                        const char *body);
char *pk_test_wire_read_line (PkTestWire *self);
char *pk_test_wire_read_answer (PkTestWire *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkTestWire, pk_test_wire_free)

G_END_DECLS
