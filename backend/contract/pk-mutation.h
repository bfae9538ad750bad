#pragma once

#include "pk-codec.h"

G_BEGIN_DECLS

typedef enum
{
  PK_OP_CREATE,
  PK_OP_SET,
  PK_OP_DELETE,
  PK_OP_COMMAND
} PkOp;

/*
 * One intended change by a person on one device (sync protocol, Push). As JSON, one line:
 *   {"n":7,"id":…,"prev":…,"op":"set","entity":"task","record":…,"fields":{…},"was":{…},"at":…,"model":1}
 * "op" is create, set, delete or a command's name; "was" is what the person saw, of the same fields (set only).
 * Reference counted; not changed after it is made.
 */
typedef struct
{
  gint64 n;  /* place in the device's outbox, from 1 */
  PkId id;   /* idempotency key */
  PkId prev; /* id of mutation n - 1; all zero for the first */
  PkOp op;
  const PkCommandSpec *command; /* (nullable): of PK_OP_COMMAND */
  const PkEntity *entity;
  PkId record;
  PkValues *fields; /* (owned): entity fields; a command's arguments */
  PkValues *was;    /* (owned): entity fields; PK_OP_SET only, else empty */
  gint64 at_us;     /* the device's clock: told, never ordered by */
  guint model;
  GError *
      fault; /* (owned) (nullable): set where envelope could be read and the rest could not: rejected, not lost */
  char *line; /* (owned) (nullable): as it came, where it has a fault */
} PkMutation;

PkMutation *
pk_mutation_new (PkOp op, const PkEntity *entity, const PkCommandSpec *command, const PkId *record);
PkMutation *pk_mutation_ref (PkMutation *self);
void pk_mutation_unref (PkMutation *self);
const char *pk_mutation_get_op_word (const PkMutation *self);
void pk_mutation_append_json (GString *out, const PkMutation *self);
PkMutation *pk_mutation_read (const char *line, gsize size, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkMutation, pk_mutation_unref)

typedef enum
{
  PK_VERDICT_APPLIED,
  PK_VERDICT_MERGED,
  PK_VERDICT_REJECTED,
  PK_VERDICT_LATER
} PkVerdictKind;

/*
 * The server's word on a mutation. As JSON, one line:
 *   {"n":7,"id":…,"verdict":"rejected","seq":0,"code":"forbidden","detail":…,"pointer":"/fields/title","fields":["title"]}
 * and "quarantined":true where the server has taken it over from the outbox.
 */
typedef struct
{
  gint64 n;
  PkId id;
  PkVerdictKind kind;
  gint64 seq;              /* of the state that the effect is part of; 0 where there is none */
  int code;                /* a PkProblem; -1 where there is no fault */
  gboolean is_quarantined; /* rejected: the server keeps it for its author and the administrator */
  char *detail;            /* (owned) (nullable) */
  char *pointer;           /* (owned) (nullable) */
  char **
      fields; /* (owned) (nullable): merged: fields where another change came between; rejected: at fault */
} PkVerdict;

PkVerdict *pk_verdict_new (gint64 n, const PkId *id, PkVerdictKind kind, gint64 seq);
void pk_verdict_free (PkVerdict *self);
void pk_verdict_set_fault (PkVerdict *self, const GError *error);
const char *pk_verdict_get_word (PkVerdictKind kind);
void pk_verdict_append_json (GString *out, const PkVerdict *self);
PkVerdict *pk_verdict_read (const char *line, gsize size, GError **error);
GPtrArray *pk_verdict_read_lines (const char *text, gsize size, GError **error);
PkVerdict *pk_verdict_read_node (JsonNode *node, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkVerdict, pk_verdict_free)

G_END_DECLS
