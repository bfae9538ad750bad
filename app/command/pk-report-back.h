#pragma once

#include "pk-record.h"

#include "pk-model-tables.h"

G_BEGIN_DECLS

/* The plain sentence that the reporter gets; the person may change it before it is sent. */
char *pk_report_back_sentence (const PkRecord *task, PkTaskOutcome outcome, const char *reason);

G_END_DECLS
