/* Who waits, and what they were promised. Main thread. */
#include "config.h"

#include "pk-task-waiter.h"

#include "pk-compat.h"
#include "pk-value-words.h"
#include "pk-words.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _PkTaskWaiter
{
  PkPart parent_instance;
  GtkWidget *avatar;
  GtkWidget *name;
  GtkWidget *contact;
  GtkWidget *promise;
  GtkWidget *told;
  GtkWidget *write;
};

G_DEFINE_FINAL_TYPE (PkTaskWaiter, pk_task_waiter, PK_TYPE_PART)

static GtkWidget *
new_line (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
pk_task_waiter_build (PkPart *part)
{
  PkTaskWaiter *self = PK_TASK_WAITER (part);
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  self->avatar = adw_avatar_new (40, NULL, TRUE);
  gtk_widget_set_valign (self->avatar, GTK_ALIGN_START);
  self->name = new_line ("heading");
  self->contact = new_line ("dim-label");
  self->promise = new_line (NULL);
  self->told = new_line ("dim-label");
  self->write = gtk_button_new_from_icon_name ("mail-message-new-symbolic");
  pk_compat_set_name (self->write, _ ("Write to the reporter"));
  gtk_widget_set_valign (self->write, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->write, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->write), "page.write-public");
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), self->name);
  gtk_box_append (GTK_BOX (texts), self->contact);
  gtk_box_append (GTK_BOX (texts), self->promise);
  gtk_box_append (GTK_BOX (texts), self->told);
  gtk_box_append (GTK_BOX (card), self->avatar);
  gtk_box_append (GTK_BOX (card), texts);
  gtk_box_append (GTK_BOX (card), self->write);
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "pk-waiter");
  pk_part_append (part, card);
}

static char *
promise_of (PkRecord *task, const char *today)
{
  const char *day = pk_record_get_text (task, PK_TASK_PROMISED_ON);
  gboolean is_open = pk_record_get_int (task, PK_TASK_IS_OPEN, TRUE) != 0;

  if (!is_open)
    return g_strdup (_ ("Nobody waits any more."));
  if (day == NULL)
    return g_strdup (_ ("No day was promised."));
  g_autofree char *words = pk_words_day (day, today);
  if (pk_words_days_between (today, day) < 0)
    /* Translators: %s is a day: «yesterday», «4 December» */
    return g_strdup_printf (_ ("Was promised an answer %s, and still waits."), words);
  return g_strdup_printf (_ ("Was promised an answer by %s."), words);
}

static char *
last_told (PkTaskWaiter *self)
{
  GListModel *messages = pk_detail_get_messages (pk_part_get_detail (PK_PART (self)));
  PkLibrary *library = pk_part_get_library (PK_PART (self));
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  for (guint i = g_list_model_get_n_items (messages); i-- > 0;)
    {
      g_autoptr (PkRecordItem) item = g_list_model_get_item (messages, i);
      PkRecord *message = pk_record_item_get_record (item);
      if (pk_record_get_int (message, PK_MESSAGE_AUDIENCE, -1) != PK_AUDIENCE_PUBLIC)
        continue;
      g_autofree char *when = pk_words_time (pk_record_get_int (message, PK_MESSAGE_SENT_AT, 0),
                                             pk_clock_now_us (pk_library_get_clock (library)),
                                             zone);
      /* Translators: %s is a time: «today 14:00» */
      return g_strdup_printf (_ ("Last message %s"), when);
    }
  return g_strdup (_ ("Has not been written to yet."));
}

static void
pk_task_waiter_update (PkPart *part)
{
  PkTaskWaiter *self = PK_TASK_WAITER (part);
  PkRecord *task = pk_part_get_record (part);
  const char *typed = pk_record_get_text (task, PK_TASK_REPORTER_NAME);
  const char *known = pk_detail_get_name (pk_part_get_detail (part), PK_TASK_REPORTER_ID);
  const char *name = typed != NULL ? typed : known;
  const char *contact = pk_record_get_text (task, PK_TASK_REPORTER_CONTACT);
  g_autofree char *today = pk_library_dup_today (pk_part_get_library (part));
  g_autofree char *promise = promise_of (task, today);
  g_autofree char *told = last_told (self);
  g_autofree char *way =
      g_strjoin (" · ", pk_field_enum_words (task, PK_TASK_CHANNEL), contact, NULL);

  gtk_widget_set_visible (GTK_WIDGET (self), name != NULL || contact != NULL);
  adw_avatar_set_text (ADW_AVATAR (self->avatar), name);
  gtk_label_set_label (GTK_LABEL (self->name), name != NULL ? name : contact);
  gtk_label_set_label (GTK_LABEL (self->contact), way);
  gtk_label_set_label (GTK_LABEL (self->promise), promise);
  gtk_label_set_label (GTK_LABEL (self->told), told);
}

static void
pk_task_waiter_class_init (PkTaskWaiterClass *klass)
{
  PK_PART_CLASS (klass)->build = pk_task_waiter_build;
  PK_PART_CLASS (klass)->update = pk_task_waiter_update;
}

static void
pk_task_waiter_init (PkTaskWaiter *self G_GNUC_UNUSED)
{
}

/**
 * pk_task_waiter_new:
 * @client: how it acts
 * @detail: the task
 *
 * Returns: (transfer floating): who waits for a task; hidden where nobody does
 */
GtkWidget *
pk_task_waiter_new (PkClient *client, PkDetail *detail)
{
  return pk_part_new (PK_TYPE_TASK_WAITER, client, detail);
}
