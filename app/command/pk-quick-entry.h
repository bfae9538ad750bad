#pragma once

#include "pk-id.h"
#include "pk-model-tables.h"

G_BEGIN_DECLS

/*
 * One line of plain Norwegian words becomes a task: «Bytt pære gymsal Dale skole fredag @park !høy #lys».
 * Pure: what exists is asked through a look-up, what day it is is given.
 */
typedef enum
{
  PK_QUICK_TITLE,
  PK_QUICK_BUILDING,
  PK_QUICK_LOCATION, /* looked up within the building that was found */
  PK_QUICK_UNIT,
  PK_QUICK_PERSON,
  PK_QUICK_DUE,
  PK_QUICK_PRIORITY,
  PK_QUICK_TAG,
  PK_QUICK_UNKNOWN /* @somebody who was not found, !a priority that does not exist */
} PkQuickKind;

/* A part of the line, for showing what was understood; bytes from the beginning of the line. */
typedef struct
{
  PkQuickKind kind;
  guint start;
  guint end;
} PkQuickPart;

typedef struct
{
  char *title;   /* (owned): what is left of the line; may be empty */
  PkId building; /* all zero: none */
  PkId location; /* all zero: none */
  PkId unit;     /* all zero: none */
  PkId person;   /* all zero: none */
  char *due_on;  /* (owned) (nullable): "2026-11-27" */
  int priority;  /* a PkTaskPriority; -1: none given */
  char *tags;    /* (owned) (nullable): sorted words, one per line */
  GArray *parts; /* (owned): PkQuickPart, by place; only what is not title */
} PkQuickEntry;

/*
 * Finds what people call a thing: @words as they stand in the line, in any case; @within is the building for a location.
 * Returns TRUE and the id when there is exactly one that the words name (its whole name, or the beginning of it).
 * Asked for many pieces of the line while the person types: answer from memory or one indexed look-up.
 */
typedef gboolean (*PkQuickLookup) (PkQuickKind kind,
                                   const char *words,
                                   const PkId *within,
                                   PkId *id_out,
                                   gpointer user_data);

PkQuickEntry *pk_quick_entry_parse (const char *line,
                                    const char *today,
                                    PkQuickLookup lookup,
                                    gpointer user_data);
PkQuickEntry *pk_quick_entry_copy (const PkQuickEntry *self);
void pk_quick_entry_free (PkQuickEntry *self);
const char *pk_quick_entry_get_label (PkQuickKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkQuickEntry, pk_quick_entry_free)

G_END_DECLS
