#pragma once

#include "pk-id.h"

G_BEGIN_DECLS

/*
 * What deserves to be told outside the window, as a pure function: what is in the replica, what was told before, and how the person wants
 * it, give what to tell now, what to take back, and what to remember. No clock, no I/O; the notifier carries it out.
 *
 * Told: a task that somebody else gave to the person; a message of somebody else on a task that is the person's, or that the person
 * registered; what is due today, in the morning; a change that the server refused, or combined with another one. Never what the person did,
 * on whichever device. Never a thing twice: the server's numbers (seq) say what is new, and what has no number is remembered by name. Many
 * at once, or the first sync, give one summary. What is settled, wherever, or looked at here is taken back.
 */
typedef enum
{
  PK_NOTICE_ASSIGNED,
  PK_NOTICE_MESSAGE,
  PK_NOTICE_DUE,      /* one task, or n of them */
  PK_NOTICE_REFUSED,  /* a change of the person's own */
  PK_NOTICE_COMBINED, /* n changes of the person's own */
  PK_NOTICE_SUMMARY   /* of many at once */
} PkNoticeKind;

/* A task, as far as this goes. */
typedef struct
{
  PkId id;
  char *title;              /* (owned) */
  char *place;              /* (owned) (nullable) */
  gboolean is_confidential; /* its title is not shown where others may look */
  gboolean is_open;
  gboolean is_mine;       /* assigned to the person */
  gboolean is_registered; /* by the person */
  gboolean can_accept;
  gboolean can_complete; /* nothing on its checklist stands in the way */
  gboolean is_due;       /* today */
  gint64 answered_us;    /* the person's own last message; 0: none */
} PkNoticeTask;

/* That a task was given to the person, or that somebody wrote. */
typedef struct
{
  PkNoticeKind kind; /* PK_NOTICE_ASSIGNED or PK_NOTICE_MESSAGE */
  PkId task;
  gint64 seq;
  gint64 at_us;
  gboolean is_by_me;
  gboolean is_public; /* a message that the reporter sees too */
  char *who;          /* (owned) (nullable) */
  char *text;         /* (owned) (nullable) */
} PkNoticeEvent;

/* A change of the person's own that did not go as it was meant. */
typedef struct
{
  PkNoticeKind kind; /* PK_NOTICE_REFUSED or PK_NOTICE_COMBINED */
  gint64 place;      /* in the outbox */
  char *title;       /* (owned) (nullable): of the record */
} PkNoticeTrouble;

typedef struct
{
  gint64 seq;          /* of the server's state that is held; 0: none yet */
  guint n_open;        /* tasks of the person */
  GPtrArray *tasks;    /* (owned): PkNoticeTask: all that anything here is about */
  GPtrArray *due;      /* (owned): PkId: the person's open tasks that are due today */
  GPtrArray *events;   /* (owned): PkNoticeEvent, in the order of time */
  GPtrArray *troubles; /* (owned): PkNoticeTrouble */
} PkNoticeFacts;

/* How the person wants it, and what the person sees anyway. */
typedef struct
{
  gboolean is_on;
  gboolean is_quiet;   /* at this hour; what is new waits */
  gboolean is_day;     /* late enough to speak of what is due today */
  char today[11];      /* "2026-11-23" */
  gboolean is_looking; /* at the window */
  PkId open_task;      /* that the window shows; all zero: none */
} PkNoticeRules;

/* Something told that stands on the screen until it is taken back. */
typedef struct
{
  char *key; /* (owned): a new one with the same key takes its place */
  PkNoticeKind kind;
  PkId task;    /* all zero: it is not about one task */
  gint64 at_us; /* of the newest event */
  gboolean could_accept;
} PkNoticeShown;

/* What was told: kept over restarts. */
typedef struct
{
  gint64 seq;       /* up to here everything was told; 0: nothing yet */
  char due_day[11]; /* for which what is due was told */
  GArray *troubles; /* (owned): gint64: places in the outbox that were told */
  GPtrArray *shown; /* (owned): PkNoticeShown */
} PkNoticeMemory;

/* What to tell. */
typedef struct
{
  char *key; /* (owned) */
  PkNoticeKind kind;
  PkId task;                                       /* all zero: it is not about one task */
  const PkNoticeTask *about;                       /* (nullable): in the facts */
  const PkNoticeEvent *last;                       /* (nullable): in the facts: the newest one */
  char *title;                                     /* (owned) (nullable): of a refused change */
  guint n;                                         /* messages, tasks that are due, changes */
  guint n_assigned, n_messages, n_due, n_troubles; /* of a summary; all 0: the first one */
} PkNotice;

typedef struct
{
  GPtrArray *tell;        /* (owned): PkNotice */
  GPtrArray *take_back;   /* (owned): keys */
  PkNoticeMemory *memory; /* (owned): from now on */
} PkNoticePlan;

PkNoticePlan *pk_notice_decide (const PkNoticeFacts *facts,
                                const PkNoticeMemory *memory,
                                const PkNoticeRules *rules);
void pk_notice_plan_free (PkNoticePlan *self);
gboolean pk_notice_is_quiet (int hour, int from, int until);

PkNoticeFacts *pk_notice_facts_new (void);
void pk_notice_facts_free (PkNoticeFacts *self);
PkNoticeTask *pk_notice_facts_find (const PkNoticeFacts *self, const PkId *task);
PkNoticeMemory *pk_notice_memory_new (void);
void pk_notice_memory_free (PkNoticeMemory *self);
PkNoticeShown *
pk_notice_memory_add_shown (PkNoticeMemory *self, const char *key, PkNoticeKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkNoticePlan, pk_notice_plan_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkNoticeFacts, pk_notice_facts_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkNoticeMemory, pk_notice_memory_free)

G_END_DECLS
