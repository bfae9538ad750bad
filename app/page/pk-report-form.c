/*
 * The form to report back in. The sentence follows outcome and reason until the person changes it; from then on it is the person's.
 * Main thread.
 */
#include "config.h"

#include "pk-report-form.h"

#include "pk-editable-text.h"
#include "pk-report-back.h"
#include "pk-task-commands.h"
#include "pk-value-words.h"
#include "pk-wrap-layout.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _PkReportForm
{
  PkPart parent_instance;
  GPtrArray *outcomes; /* (owned): toggle buttons by PkTaskOutcome, not owned */
  GtkWidget *reason;
  GtkWidget *told_title;
  GtkWidget *told;
  GtkWidget *send;
  PkTaskOutcome outcome;
  gboolean is_cancelling;
  char *sentence; /* (owned): as it was made from outcome and reason */
};

G_DEFINE_FINAL_TYPE (PkReportForm, pk_report_form, PK_TYPE_PART)

enum
{
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static char *
text_of (PkReportForm *self)
{
  return g_strstrip (pk_editable_text_dup_text (PK_EDITABLE_TEXT (self->told)));
}

/* The person has changed the sentence: it is the person's from now on. */
static gboolean
is_own_words (PkReportForm *self)
{
  g_autofree char *text = text_of (self);

  return !g_str_equal (text, self->sentence);
}

static void
write_sentence (PkReportForm *self)
{
  PkRecord *task = pk_part_get_record (PK_PART (self));
  const char *reason = gtk_editable_get_text (GTK_EDITABLE (self->reason));

  if (task == NULL || is_own_words (self))
    return;
  g_free (self->sentence);
  self->sentence = pk_report_back_sentence (task, self->outcome, reason);
  self->sentence = self->sentence != NULL ? g_strstrip (self->sentence) : g_strdup ("");
  pk_editable_text_set_text (PK_EDITABLE_TEXT (self->told), self->sentence);
}

static void
outcome_toggled_cb (PkReportForm *self, GtkToggleButton *button)
{
  guint place = 0;

  if (!gtk_toggle_button_get_active (button) || !g_ptr_array_find (self->outcomes, button, &place))
    return;
  self->outcome = (PkTaskOutcome) place;
  write_sentence (self);
}

static void
send_cb (PkReportForm *self)
{
  pk_report_form_send (self);
}

static void
cancel_cb (PkReportForm *self)
{
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

static GtkWidget *
new_outcomes (PkReportForm *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  const PkEnum *values = pk_entity_by_id (PK_ENTITY_TASK)->fields[PK_TASK_OUTCOME].values;

  gtk_widget_set_layout_manager (box, g_object_new (PK_TYPE_WRAP_LAYOUT, "spacing", 6, NULL));
  gtk_accessible_update_property (GTK_ACCESSIBLE (box),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Outcome"),
                                  -1);
  for (guint i = 0; i < values->n_values; i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (pk_enum_words (values, i));
      gtk_widget_add_css_class (button, "pk-choice");
      if (i > 0)
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button),
                                     g_ptr_array_index (self->outcomes, 0));
      g_signal_connect_object (button,
                               "toggled",
                               G_CALLBACK (outcome_toggled_cb),
                               self,
                               G_CONNECT_SWAPPED);
      g_ptr_array_add (self->outcomes, button);
      gtk_box_append (GTK_BOX (box), button);
    }
  return box;
}

static GtkWidget *
new_reason (PkReportForm *self)
{
  GtkWidget *list = gtk_list_box_new ();

  self->reason = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->reason),
                                 _ ("What was done, or why not"));
  g_signal_connect_object (self->reason,
                           "changed",
                           G_CALLBACK (write_sentence),
                           self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_append (GTK_LIST_BOX (list), self->reason);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  return list;
}

static GtkWidget *
new_told (PkReportForm *self)
{
  GtkWidget *frame = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  self->told_title = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->told_title), 0);
  gtk_label_set_wrap (GTK_LABEL (self->told_title), TRUE);
  gtk_widget_add_css_class (self->told_title, "caption-heading");
  self->told = pk_editable_text_new (PK_EDITABLE_BODY, _ ("What the reporter is told"), NULL);
  gtk_box_append (GTK_BOX (frame), self->told_title);
  gtk_box_append (GTK_BOX (frame), self->told);
  gtk_widget_add_css_class (frame, "pk-message");
  gtk_widget_add_css_class (frame, "pk-public");
  return frame;
}

static GtkWidget *
new_buttons (PkReportForm *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_ ("_Not now"));

  self->send = gtk_button_new_with_mnemonic (_ ("_Complete and send"));
  gtk_widget_add_css_class (self->send, "suggested-action");
  g_signal_connect_object (self->send, "clicked", G_CALLBACK (send_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (cancel, "clicked", G_CALLBACK (cancel_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), self->send);
  gtk_box_append (GTK_BOX (box), cancel);
  return box;
}

static void
pk_report_form_build (PkPart *part)
{
  PkReportForm *self = PK_REPORT_FORM (part);

  pk_part_append (part, new_outcomes (self));
  pk_part_append (part, new_reason (self));
  pk_part_append (part, new_told (self));
  pk_part_append (part, new_buttons (self));
}

static void
pk_report_form_update (PkPart *part)
{
  PkReportForm *self = PK_REPORT_FORM (part);
  PkRecord *task = pk_part_get_record (part);
  const char *name = pk_record_get_text (task, PK_TASK_REPORTER_NAME);
  const char *known = pk_detail_get_name (pk_part_get_detail (part), PK_TASK_REPORTER_ID);
  const char *reporter = name != NULL ? name : known;
  /* Translators: %s is who reported the task */
  g_autofree char *title = reporter != NULL ? g_strdup_printf (_ ("%s is told"), reporter) : NULL;

  gtk_label_set_label (GTK_LABEL (self->told_title),
                       title != NULL ? title : _ ("Written into the conversation"));
}

static void
pk_report_form_dispose (GObject *object)
{
  g_clear_pointer (&PK_REPORT_FORM (object)->outcomes, g_ptr_array_unref);
  g_clear_pointer (&PK_REPORT_FORM (object)->sentence, g_free);
  G_OBJECT_CLASS (pk_report_form_parent_class)->dispose (object);
}

static void
pk_report_form_class_init (PkReportFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pk_report_form_dispose;
  PK_PART_CLASS (klass)->build = pk_report_form_build;
  PK_PART_CLASS (klass)->update = pk_report_form_update;
  signals[SIGNAL_CLOSED] = g_signal_new ("closed",
                                         G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST,
                                         0,
                                         NULL,
                                         NULL,
                                         NULL,
                                         G_TYPE_NONE,
                                         0);
  gtk_widget_class_add_binding_signal (widget_class, GDK_KEY_Escape, 0, "closed", NULL);
}

static void
pk_report_form_init (PkReportForm *self)
{
  self->outcomes = g_ptr_array_new ();
  self->sentence = g_strdup ("");
}

/**
 * pk_report_form_new:
 * @client: how it acts
 * @detail: the task
 *
 * Returns: (transfer floating): the form
 */
GtkWidget *
pk_report_form_new (PkClient *client, PkDetail *detail)
{
  return pk_part_new (PK_TYPE_REPORT_FORM, client, detail);
}

/**
 * pk_report_form_begin:
 * @self: a form
 * @is_cancelling: whether the task is to be cancelled rather than completed
 *
 * Begins anew, with the outcome that fits most often.
 */
void
pk_report_form_begin (PkReportForm *self, gboolean is_cancelling)
{
  g_return_if_fail (PK_IS_REPORT_FORM (self));

  self->is_cancelling = is_cancelling;
  g_free (self->sentence);
  self->sentence = g_strdup ("");
  pk_editable_text_set_text (PK_EDITABLE_TEXT (self->told), "");
  gtk_editable_set_text (GTK_EDITABLE (self->reason), "");
  gtk_button_set_label (GTK_BUTTON (self->send),
                        is_cancelling ? _ ("_Cancel the task and send") : _ ("_Complete and send"));
  pk_report_form_choose (self, is_cancelling ? PK_TASK_OUTCOME_DECLINED : PK_TASK_OUTCOME_SOLVED);
  gtk_widget_grab_focus (self->reason);
}

/**
 * pk_report_form_choose:
 * @self: a form
 * @outcome: how it went
 *
 * Chooses an outcome.
 */
void
pk_report_form_choose (PkReportForm *self, PkTaskOutcome outcome)
{
  g_return_if_fail (PK_IS_REPORT_FORM (self) && outcome < self->outcomes->len);
  gtk_toggle_button_set_active (g_ptr_array_index (self->outcomes, outcome), TRUE);
  self->outcome = outcome;
  write_sentence (self);
}

/**
 * pk_report_form_set_reason:
 * @self: a form
 * @reason: what was done, or why not
 *
 * Writes the reason.
 */
void
pk_report_form_set_reason (PkReportForm *self, const char *reason)
{
  g_return_if_fail (PK_IS_REPORT_FORM (self));
  gtk_editable_set_text (GTK_EDITABLE (self->reason), reason);
}

/**
 * pk_report_form_dup_sentence:
 * @self: a form
 *
 * Returns: (transfer full): what the reporter is told if it is sent now
 */
char *
pk_report_form_dup_sentence (PkReportForm *self)
{
  g_return_val_if_fail (PK_IS_REPORT_FORM (self), NULL);
  return text_of (self);
}

/**
 * pk_report_form_send:
 * @self: a form
 *
 * Completes (or cancels) the task and tells the reporter. Where a reason is needed and missing, the cursor goes there.
 *
 * Returns: %TRUE if it was sent
 */
gboolean
pk_report_form_send (PkReportForm *self)
{
  g_return_val_if_fail (PK_IS_REPORT_FORM (self), FALSE);
  PkRecord *task = pk_part_get_record (PK_PART (self));
  g_autofree char *told = text_of (self);
  g_autofree char *reason =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->reason))));

  if (task == NULL)
    return FALSE;
  if (self->is_cancelling && *reason == '\0')
    {
      gtk_widget_add_css_class (self->reason, "error");
      gtk_widget_grab_focus (self->reason);
      return FALSE;
    }
  gtk_widget_remove_css_class (self->reason, "error");
  const char *why = *reason != '\0' ? reason : NULL;
  const char *message = *told != '\0' ? told : NULL;
  pk_part_run (PK_PART (self),
               self->is_cancelling ? pk_cancel_command_new (task, self->outcome, why, message)
                                   : pk_complete_command_new (task, self->outcome, why, message));
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
  return TRUE;
}
