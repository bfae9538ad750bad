#pragma once

#include "pk-notice.h"
#include "pk-reader.h"

G_BEGIN_DECLS

/* What the facts are read for. Plain data that travels to the reader's thread. */
typedef struct
{
  PkId person;
  gint64 since_seq; /* only what is newer is news */
  char today[PK_DATE_SIZE];
  gboolean is_everything; /* look at all tasks of the person, not only at what has changed */
  GArray *messages;       /* (owned): PkId: that have changed */
  GArray *history;        /* (owned): PkId: that have come */
  GArray *tasks;          /* (owned): PkId: that something on the screen is about */
} PkNoticeQuestion;

PkNoticeQuestion *pk_notice_question_new (const PkId *person);
void pk_notice_question_free (PkNoticeQuestion *self);
PkNoticeFacts *
pk_notice_facts_read (PkReader *reader, const PkNoticeQuestion *question, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkNoticeQuestion, pk_notice_question_free)

G_END_DECLS
