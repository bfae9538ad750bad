#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The types of the model's tables. The tables themselves are printed from data/model/ at build time
 * (pk-model-tables.h has the numbers of every entity, field, enum value, command and problem).
 * Everything here is constant and may be read from any thread.
 */

typedef enum
{
  PK_TYPE_TEXT,
  PK_TYPE_LONG_TEXT,
  PK_TYPE_INT,
  PK_TYPE_REAL,
  PK_TYPE_BOOL,
  PK_TYPE_DATE, /* a day, "2026-11-23" */
  PK_TYPE_TIME, /* an instant, microseconds since 1970 UTC; in JSON "2026-11-23T08:14:00.000000Z" */
  PK_TYPE_ID,   /* 16 bytes; in JSON the text of a UUID */
  PK_TYPE_ENUM, /* the place of the value in its enum; stored and sent as its code */
  PK_TYPE_SET   /* distinct words, sorted, one per line; in JSON an array of text */
} PkType;

typedef enum
{
  PK_SET_BY_CLIENT, /* whoever may write the record */
  PK_SET_BY_ACTOR,  /* the server puts in who made the record; a client may show its own guess */
  PK_SET_BY_RULE,   /* follows from other fields, by the same rule on both sides */
  PK_SET_BY_SERVER  /* the server alone */
} PkSetBy;

typedef enum
{
  PK_MERGE_SCALAR,     /* server order; the value that gave way is kept in the history */
  PK_MERGE_PARAGRAPHS, /* three-way by paragraph */
  PK_MERGE_APPEND,     /* both additions */
  PK_MERGE_SUM,        /* both differences */
  PK_MERGE_UNION,      /* added and removed words of both */
  PK_MERGE_STATUS      /* by the state machine of the commands */
} PkMerge;

typedef enum
{
  PK_ACCESS_OPEN,
  PK_ACCESS_INTERNAL,
  PK_ACCESS_PERSONAL,
  PK_ACCESS_SEALED
} PkAccess;

typedef enum
{
  PK_PERSONAL_NONE,
  PK_PERSONAL_CONTACT,
  PK_PERSONAL_IDENTITY,
  PK_PERSONAL_SPECIAL
} PkPersonal;

typedef enum
{
  PK_SCOPE_EVERYONE,
  PK_SCOPE_PERSON,
  PK_SCOPE_UNIT,
  PK_SCOPE_BUILDING,
  PK_SCOPE_ROLE,
  PK_SCOPE_FOLLOW, /* the scopes of the record that the field points to */
  PK_SCOPE_LINKS   /* the scopes of the records that point here */
} PkScopeKind;

typedef enum
{
  PK_SCOPE_ALWAYS,
  PK_SCOPE_IF,
  PK_SCOPE_UNLESS
} PkScopeTest;

typedef struct
{
  const char *code;
  const char *label; /* msgid */
} PkEnumValue;

typedef struct
{
  const char *name;
  const PkEnumValue *values;
  guint n_values;
} PkEnum;

typedef struct
{
  const char *name;
  PkType type;
  gboolean required;
  double min;           /* numbers: least value */
  double max;           /* numbers: greatest value; texts: most characters */
  const char *ref;      /* (nullable): entity that an id points to */
  const PkEnum *values; /* (nullable): of PK_TYPE_ENUM */
  PkSetBy set_by;
  PkMerge merge;
  PkAccess access;
  PkPersonal personal;
  const char *label; /* msgid */
  const char *help;  /* (nullable): msgid */
} PkField;

typedef struct
{
  PkScopeKind kind;
  const char *
      field; /* (nullable): of the entity itself ("id" is the record's own id); LINKS: the field of @target */
  const char *target; /* (nullable): FOLLOW, LINKS and paths: the entity at the other end */
  const char *path;   /* (nullable): a field of @target that the scope is taken from */
  PkScopeTest test;
  const char *test_field; /* (nullable) */
  const char *test_value; /* (nullable): an enum's code */
} PkScopeRule;

typedef struct
{
  const char *name;   /* table, JSON type, word in the log */
  const char *plural; /* API path */
  guint id;           /* a PkEntityId: number on disk */
  const char *label;  /* msgid */
  const PkField *fields;
  guint n_fields;
  const PkScopeRule *scopes;
  guint n_scopes;
  const char *const *indexes; /* comma-separated columns */
  guint n_indexes;
  const guint *search; /* places of the fields in the search index */
  guint n_search;
  guint title;         /* place of the field that names a record */
  const char *write;   /* "anyone", "role:<name>", "server" */
  gboolean is_guarded; /* some fields are not for everybody who sees the record */
} PkEntity;

typedef struct
{
  const char *name;
  guint id; /* a PkCommandId */
  const char *entity;
  const char *label; /* msgid */
  const PkField *arguments;
  guint n_arguments;
  guint from; /* bits of PkTaskStatus it starts from; 0 where no status is asked */
  int to;     /* a PkTaskStatus, or -1 */
} PkCommandSpec;

typedef struct
{
  const char *code;
  guint status; /* HTTP */
  const char *title;
} PkProblemSpec;

typedef struct
{
  const PkEntity *entities; /* in the order of their declaration: parents before children */
  guint n_entities;
  const PkCommandSpec *commands;
  guint n_commands;
  const PkProblemSpec *problems; /* by PkProblem */
  guint n_problems;
} PkModel;

extern const PkModel pk_model;

/* The version of the model that this program speaks; it grows with every change of the declarations. */
#define PK_MODEL_VERSION 1

const PkEntity *pk_entity_by_id (guint id);
const PkEntity *pk_entity_by_name (const char *name);
const PkEntity *pk_entity_by_plural (const char *plural);
gboolean pk_field_is_guarded (const PkField *field);
int pk_entity_find_field (const PkEntity *entity, const char *name);
const PkCommandSpec *pk_command_spec_by_name (const char *name);
const PkCommandSpec *pk_command_spec_by_id (guint id);
int pk_enum_find (const PkEnum *values, const char *code);

G_END_DECLS
