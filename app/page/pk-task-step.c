/*
 * The next step of a task. The button is the page's only suggested one; when it opens the form to report back, the form's own
 * button takes that place. Main thread.
 */
#include "config.h"

#include "pk-task-step.h"

#include "pk-article-view.h"
#include "pk-check-row.h"
#include "pk-next-step.h"
#include "pk-report-form.h"
#include "pk-task-commands.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _PkTaskStep
{
  PkPart parent_instance;
  GtkWidget *sentence;
  GtkWidget *buttons;
  GtkWidget *button;
  GtkWidget *wait_button;
  GtkWidget *forms;
  GtkWidget *report;
  GtkWidget *wait_entry;
  GtkWidget *practice;
  GtkWidget *practice_title;
  GtkWidget *article;
  GtkWidget *checklist;
  GtkWidget *progress;
  GtkWidget *bar;
  GtkWidget *list;
};

G_DEFINE_FINAL_TYPE (PkTaskStep, pk_task_step, PK_TYPE_PART)

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  return pk_check_row_new (pk_part_get_client (PK_PART (user_data)), item);
}

static void
closed_cb (PkTaskStep *self)
{
  gboolean is_open = gtk_revealer_get_reveal_child (GTK_REVEALER (self->forms));

  gtk_revealer_set_reveal_child (GTK_REVEALER (self->forms), FALSE);
  gtk_widget_set_visible (self->forms, FALSE);
  gtk_widget_set_visible (self->buttons, TRUE);
  if (is_open)
    gtk_widget_grab_focus (self->button);
}

static void
open_form (PkTaskStep *self, const char *name)
{
  GtkWidget *stack = gtk_revealer_get_child (GTK_REVEALER (self->forms));

  gtk_stack_set_visible_child_name (GTK_STACK (stack), name);
  gtk_widget_set_visible (self->forms, TRUE);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->forms), TRUE);
  gtk_widget_set_visible (self->buttons, FALSE);
}

static void
wait_activated_cb (PkTaskStep *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->wait_entry));
  PkRecord *task = pk_part_get_record (PK_PART (self));

  if (*text == '\0' || task == NULL)
    {
      gtk_widget_error_bell (self->wait_entry);
      return;
    }
  pk_part_run (PK_PART (self), pk_wait_command_new (task, text));
  gtk_editable_set_text (GTK_EDITABLE (self->wait_entry), "");
  closed_cb (self);
}

static GtkWidget *
new_wait_form (PkTaskStep *self)
{
  GtkWidget *list = gtk_list_box_new ();

  self->wait_entry = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->wait_entry), _ ("Waiting for"));
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (self->wait_entry), TRUE);
  g_signal_connect_object (self->wait_entry,
                           "apply",
                           G_CALLBACK (wait_activated_cb),
                           self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_append (GTK_LIST_BOX (list), self->wait_entry);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_set_valign (list, GTK_ALIGN_START);
  return list;
}

static GtkWidget *
new_forms (PkTaskStep *self)
{
  GtkWidget *stack = gtk_stack_new ();

  gtk_stack_set_vhomogeneous (GTK_STACK (stack), FALSE);
  self->forms = gtk_revealer_new ();
  self->report = pk_report_form_new (pk_part_get_client (PK_PART (self)),
                                     pk_part_get_detail (PK_PART (self)));
  g_signal_connect_object (self->report, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  gtk_stack_add_named (GTK_STACK (stack), self->report, "report");
  gtk_stack_add_named (GTK_STACK (stack), new_wait_form (self), "wait");
  gtk_revealer_set_child (GTK_REVEALER (self->forms), stack);
  gtk_widget_set_visible (self->forms, FALSE);
  return self->forms;
}

static GtkWidget *
new_step_card (PkTaskStep *self)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *title = gtk_label_new (_ ("Next step"));

  self->buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  self->sentence = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->sentence), 0);
  gtk_label_set_wrap (GTK_LABEL (self->sentence), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->sentence), PANGO_WRAP_WORD_CHAR);
  self->button = gtk_button_new ();
  gtk_button_set_use_underline (GTK_BUTTON (self->button), TRUE);
  gtk_widget_add_css_class (self->button, "suggested-action");
  self->wait_button = gtk_button_new_with_mnemonic (_ ("Put on _hold"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->wait_button), "page.wait");
  gtk_box_append (GTK_BOX (self->buttons), self->button);
  gtk_box_append (GTK_BOX (self->buttons), self->wait_button);
  gtk_box_append (GTK_BOX (card), title);
  gtk_box_append (GTK_BOX (card), self->sentence);
  gtk_box_append (GTK_BOX (card), self->buttons);
  gtk_box_append (GTK_BOX (card), new_forms (self));
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "pk-step");
  return card;
}

static GtkWidget *
new_practice (PkTaskStep *self)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *holder = gtk_list_box_row_new ();

  self->practice = list;
  self->practice_title = adw_expander_row_new ();
  self->article = pk_article_view_new ();
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (holder), self->article);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (holder), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (holder),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Best practice"),
                                  -1);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self->practice_title), _ ("Best practice"));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self->practice_title), holder);
  gtk_list_box_append (GTK_LIST_BOX (list), self->practice_title);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  return list;
}

static GtkWidget *
new_checklist (PkTaskStep *self)
{
  GtkWidget *header = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new (_ ("Checklist"));

  self->checklist = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->progress = gtk_label_new (NULL);
  self->bar = gtk_progress_bar_new ();
  self->list = gtk_list_box_new ();
  gtk_widget_add_css_class (header, "pk-checklist-header");
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_add_css_class (self->progress, "dim-label");
  gtk_widget_add_css_class (self->progress, "numeric");
  gtk_widget_set_hexpand (self->bar, TRUE);
  gtk_widget_set_valign (self->bar, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Checklist"),
                                  -1);
  gtk_box_append (GTK_BOX (header), title);
  gtk_box_append (GTK_BOX (header), self->bar);
  gtk_box_append (GTK_BOX (header), self->progress);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Checklist"),
                                  -1);
  gtk_list_box_bind_model (GTK_LIST_BOX (self->list),
                           pk_detail_get_checklist (pk_part_get_detail (PK_PART (self))),
                           create_row,
                           self,
                           NULL);
  gtk_box_append (GTK_BOX (self->checklist), header);
  gtk_box_append (GTK_BOX (self->checklist), self->list);
  return self->checklist;
}

static void
pk_task_step_build (PkPart *part)
{
  PkTaskStep *self = PK_TASK_STEP (part);

  pk_part_append (part, new_step_card (self));
  pk_part_append (part, new_practice (self));
  pk_part_append (part, new_checklist (self));
}

/* The task's own best practice, else its category's. */
static PkRecord *
find_article (PkTaskStep *self)
{
  PkRecord *task = pk_part_get_record (PK_PART (self));
  PkLibrary *library = pk_part_get_library (PK_PART (self));
  const PkId *article = pk_record_get_ref (task, PK_TASK_ARTICLE_ID);
  const PkId *category_id = pk_record_get_ref (task, PK_TASK_CATEGORY_ID);
  g_autoptr (PkRecord) category = NULL;

  if (article == NULL && category_id != NULL)
    category = pk_library_find (library, PK_ENTITY_CATEGORY, category_id);
  if (category != NULL)
    article = pk_record_get_ref (category, PK_CATEGORY_ARTICLE_ID);
  return article != NULL ? pk_library_find (library, PK_ENTITY_ARTICLE, article) : NULL;
}

static void
update_practice (PkTaskStep *self)
{
  g_autoptr (PkRecord) article = find_article (self);

  gtk_widget_set_visible (self->practice, article != NULL);
  if (article == NULL)
    return;
  g_autofree char *title = g_markup_escape_text (pk_record_get_text (article, PK_ARTICLE_TITLE),
                                                 -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->practice_title), title);
  pk_article_view_set_text (PK_ARTICLE_VIEW (self->article),
                            pk_record_get_text (article, PK_ARTICLE_BODY));
}

static void
pk_task_step_update (PkPart *part)
{
  PkTaskStep *self = PK_TASK_STEP (part);
  PkDetail *detail = pk_part_get_detail (part);
  PkNextStep step = pk_next_step_of (pk_detail_get_record (detail),
                                     pk_detail_get_checklist (detail));
  g_autofree char *sentence = pk_next_step_dup_sentence (&step, detail);
  g_autofree char *progress = pk_next_step_dup_progress (&step);
  gboolean may_wait = step.step == PK_STEP_START || step.step == PK_STEP_CHECK ||
                      step.step == PK_STEP_REPORT;

  gtk_label_set_label (GTK_LABEL (self->sentence), sentence);
  gtk_button_set_label (GTK_BUTTON (self->button), pk_next_step_get_verb (&step));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), pk_next_step_get_action (&step));
  if (step.step == PK_STEP_CLOSED)
    gtk_widget_remove_css_class (self->button, "suggested-action");
  else
    gtk_widget_add_css_class (self->button, "suggested-action");
  gtk_widget_set_visible (self->wait_button, may_wait);
  if (step.step == PK_STEP_CLOSED)
    closed_cb (self);
  gtk_widget_set_visible (self->checklist, step.n_points > 0);
  gtk_label_set_label (GTK_LABEL (self->progress), progress);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar),
                                 (double) step.n_answered / MAX (1, step.n_points));
  update_practice (self);
}

static void
pk_task_step_class_init (PkTaskStepClass *klass)
{
  PK_PART_CLASS (klass)->build = pk_task_step_build;
  PK_PART_CLASS (klass)->update = pk_task_step_update;
}

static void
pk_task_step_init (PkTaskStep *self G_GNUC_UNUSED)
{
}

/**
 * pk_task_step_new:
 * @client: how it acts
 * @detail: the task
 *
 * Returns: (transfer floating): the next step of a task
 */
GtkWidget *
pk_task_step_new (PkClient *client, PkDetail *detail)
{
  return pk_part_new (PK_TYPE_TASK_STEP, client, detail);
}

/**
 * pk_task_step_report_back:
 * @self: the next step of a task
 * @is_cancelling: whether the task is to be cancelled rather than completed
 *
 * Opens the form to report back in.
 */
void
pk_task_step_report_back (PkTaskStep *self, gboolean is_cancelling)
{
  open_form (self, "report");
  pk_report_form_begin (PK_REPORT_FORM (self->report), is_cancelling);
}

/**
 * pk_task_step_wait:
 * @self: the next step of a task
 *
 * Asks what the task waits for.
 */
void
pk_task_step_wait (PkTaskStep *self)
{
  open_form (self, "wait");
  gtk_widget_grab_focus (self->wait_entry);
}
