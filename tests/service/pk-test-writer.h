#pragma once

#include "pk-mutation.h"
#include "pk-test-program.h"
#include "pk-test-world.h"

G_BEGIN_DECLS

/* A device that pushes tasks to a real server, and what of them was acknowledged. */
typedef struct
{
  PkTestProgram *server; /* not owned */
  PkId unit;
  PkIdSource *ids; /* (owned) */
  char *token;     /* (owned) */
  gint64 n;
  PkId last;
  GPtrArray *waiting;      /* (owned): PkMutation: sent, perhaps, and not answered */
  GPtrArray *acknowledged; /* (owned): PkMutation */
} PkTestWriter;

PkTestWriter *pk_test_writer_new (PkTestWorld *world, PkTestProgram *server, guint place);
void pk_test_writer_free (PkTestWriter *self);
void pk_test_writer_add_two (PkTestWriter *self);
char *pk_test_writer_dup_lines (const PkTestWriter *self);
void pk_test_writer_check_verdicts (const PkTestWriter *self, const char *answer);
void pk_test_writer_note_acknowledged (PkTestWriter *self);
gboolean pk_test_writer_push (PkTestWriter *self);
GHashTable *pk_test_count_mutations (PkTestWorld *world);
guint pk_test_writer_check (const PkTestWriter *self, PkTestWorld *world, GHashTable *counts);

G_END_DECLS
