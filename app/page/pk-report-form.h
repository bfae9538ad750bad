#pragma once

#include "pk-part.h"

G_BEGIN_DECLS

#define PK_TYPE_REPORT_FORM (pk_report_form_get_type ())
G_DECLARE_FINAL_TYPE (PkReportForm, pk_report_form, PK, REPORT_FORM, PkPart)

/*
 * Report back in one step: outcome, reason, and the sentence that the reporter gets, which can be changed before it is sent. Emits
 * "closed" when it was sent or given up.
 */
GtkWidget *pk_report_form_new (PkClient *client, PkDetail *detail);
void pk_report_form_begin (PkReportForm *self, gboolean is_cancelling);
void pk_report_form_choose (PkReportForm *self, PkTaskOutcome outcome);
void pk_report_form_set_reason (PkReportForm *self, const char *reason);
char *pk_report_form_dup_sentence (PkReportForm *self);
gboolean pk_report_form_send (PkReportForm *self);

G_END_DECLS
