#pragma once

#include "pk-detail.h"

G_BEGIN_DECLS

/* What a task asks for now. */
typedef enum
{
  PK_STEP_NONE,
  PK_STEP_ACCEPT,
  PK_STEP_START,
  PK_STEP_CHECK,    /* points of the checklist that must be done are left */
  PK_STEP_REPORT,   /* report back and complete */
  PK_STEP_CONTINUE, /* it waits for something */
  PK_STEP_CLOSED
} PkStep;

typedef struct
{
  PkStep step;
  guint n_points;   /* of the checklist */
  guint n_answered; /* done, deviation or not applicable */
  guint n_left;     /* must be done, and are not */
} PkNextStep;

PkNextStep pk_next_step_of (PkRecord *task, GListModel *checklist);
char *pk_next_step_dup_sentence (const PkNextStep *self, PkDetail *detail);
const char *pk_next_step_get_verb (const PkNextStep *self);
const char *pk_next_step_get_action (const PkNextStep *self);
char *pk_next_step_dup_progress (const PkNextStep *self);

G_END_DECLS
