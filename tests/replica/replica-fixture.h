#pragma once

#include "pk-reader.h"
#include "pk-writer-sync.h"

G_BEGIN_DECLS

/* A server that is played by hand: one epoch, records with ever-growing seq; and one writer with a reader in a temporary directory. */
typedef struct
{
  char *directory; /* (owned) */
  PkClock *clock;  /* (owned) */
  PkIdSource *ids; /* (owned) */
  PkId person;
  PkId epoch;
  gint64 seq;
  PkReplicaFlags flags;
  PkWriter *writer; /* (owned) */
  PkReader *reader; /* (owned) */
} Fixture;

void fixture_set_up (Fixture *self);
void fixture_tear_down (Fixture *self);
void fixture_crash (Fixture *self);
void fixture_reopen (Fixture *self);

PkRecord *fixture_make_task (Fixture *self, const char *title);
PkMutation *fixture_create_task (Fixture *self, const char *title);
PkMutation *fixture_set_title (Fixture *self, const PkId *task, const char *was, const char *title);
void fixture_submit (Fixture *self, PkMutation *mutation);
char *fixture_get_title (Fixture *self, const PkId *task);

/* The lines of an answer. Scopes are named once, in begin; rows and gone give their numbers. */
GPtrArray *fixture_begin (Fixture *self, const char *const *scopes);
void fixture_add_row (Fixture *self,
                      GPtrArray *lines,
                      PkRecord *record,
                      const guint *scopes,
                      guint n_scopes);
void fixture_add_gone (GPtrArray *lines, PkRecord *record, guint scope);
void fixture_add_drop (GPtrArray *lines, const char *scope);
void fixture_add_verdict (GPtrArray *lines, PkVerdict *verdict);
void
fixture_add_commit (Fixture *self, GPtrArray *lines, const PkFeedCheck *checks, guint n_checks);
gboolean fixture_apply (Fixture *self, GPtrArray *lines, GError **error);
void fixture_give_task (Fixture *self, PkRecord *task);

G_END_DECLS
