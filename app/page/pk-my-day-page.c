/* The first page of a day: greeting, figures, what needs attention, then the tasks in the order in which they matter. Main thread. */
#include "config.h"

#include "pk-my-day-page.h"

#include "pk-figure.h"
#include "pk-page.h"
#include "pk-printer.h"
#include "pk-row-list.h"
#include "pk-section.h"
#include "pk-task-figures.h"
#include "pk-task-filter.h"
#include "pk-words.h"

#include <glib/gi18n.h>

struct _PkMyDayPage
{
  GtkWidget parent_instance;
  GtkWidget *greeting;
  GtkWidget *figures;
  GtkWidget *attention;
  GtkWidget *attention_text;
  GtkWidget *first_sync;
  GtkWidget *progress;
  GtkWidget *progress_text;
  PkRowList *list;
  GtkWidget *open_figure;
  GtkWidget *overdue_figure;
  GtkWidget *unit_figure;
  PkClient *client;            /* (owned) (nullable) */
  PkSyncModel *sync;           /* (owned) (nullable) */
  PkTaskFigures *counted;      /* (owned) (nullable) */
  char *subtitle;              /* (owned) (nullable) */
  GSimpleActionGroup *actions; /* (owned) */
  gboolean is_first;           /* the first sync is under way */
};

static void page_iface_init (PkPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PkMyDayPage,
                               pk_my_day_page,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (PK_TYPE_PAGE, page_iface_init))

static const char *
get_greeting_format (int hour)
{
  if (hour < 5)
    /* Translators: %s is a first name */
    return N_ ("Good night, %s");
  if (hour < 10)
    /* Translators: %s is a first name */
    return N_ ("Good morning, %s");
  if (hour < 18)
    /* Translators: %s is a first name */
    return N_ ("Good day, %s");
  /* Translators: %s is a first name */
  return N_ ("Good evening, %s");
}

static void
show_greeting (PkMyDayPage *self)
{
  PkLibrary *library = pk_client_get_library (self->client);
  const char *name =
      pk_library_get_name (library, PK_ENTITY_PERSON, pk_client_get_person (self->client));
  gint64 now_us = pk_clock_now_us (pk_client_get_clock (self->client));
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) now = g_date_time_to_local (utc);

  gtk_widget_set_visible (self->greeting, name != NULL);
  if (name == NULL)
    return;
  g_auto (GStrv) names = g_strsplit (name, " ", 2);
  g_autoptr (GString) text = g_string_new (_ (get_greeting_format (g_date_time_get_hour (now))));
  g_string_replace (text, "%s", names[0], 1);
  gtk_label_set_label (GTK_LABEL (self->greeting), text->str);
}

static void
show_figures (PkMyDayPage *self)
{
  gint64 n_overdue = pk_task_figures_get (self->counted, PK_FIGURE_OVERDUE);

  if (!pk_task_figures_is_ready (self->counted))
    return;
  pk_figure_set_number (PK_FIGURE (self->open_figure),
                        pk_task_figures_get (self->counted, PK_FIGURE_OPEN));
  pk_figure_set_number (PK_FIGURE (self->overdue_figure), n_overdue);
  pk_figure_set_is_bad (PK_FIGURE (self->overdue_figure), n_overdue > 0);
  pk_figure_set_number (PK_FIGURE (self->unit_figure),
                        pk_task_figures_get (self->counted, PK_FIGURE_UNIT));
  show_greeting (self);
}

static void
show_empty (PkMyDayPage *self)
{
  const PkRowListWords first = {
    .icon_name = "pk-my-day-symbolic",
    .title = _ ("Your tasks are on their way"),
    .text = _ ("They come here one by one. You can begin before all is there."),
  };
  const PkRowListWords nothing = {
    .icon_name = "pk-my-day-symbolic",
    .title = _ ("Nothing waits for you"),
    .text = _ ("Tasks that are assigned to you come here by themselves."),
    .action_label = _ ("_New task"),
    .detailed_action = "win.new-task::",
  };

  pk_row_list_set_empty (self->list, self->is_first ? &first : &nothing);
}

static void
show_sync (PkMyDayPage *self)
{
  const PkStandDetails *details = pk_sync_model_get (self->sync);
  g_autofree char *progress = pk_sync_model_dup_progress (self->sync);
  g_autofree char *attention =
      g_strdup_printf (ngettext ("%u change was not accepted. See why, and what you can do.",
                                 "%u changes were not accepted. See why, and what you can do.",
                                 details->n_attention),
                       details->n_attention);

  gtk_widget_set_visible (self->attention, details->n_attention > 0);
  gtk_label_set_label (GTK_LABEL (self->attention_text), attention);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->attention),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  attention,
                                  -1);
  gtk_widget_set_visible (self->first_sync, progress != NULL);
  if (details->is_first != self->is_first)
    {
      self->is_first = details->is_first;
      show_empty (self);
    }
  if (progress == NULL)
    return;
  gtk_label_set_label (GTK_LABEL (self->progress_text), progress);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress),
                                 MAX (pk_sync_model_get_fraction (self->sync), 0));
}

static GtkWidget *
add_figure (PkMyDayPage *self, const char *word, const char *action)
{
  GtkWidget *figure = pk_figure_new (word, action);

  gtk_box_append (GTK_BOX (self->figures), figure);
  return figure;
}

static void
print_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer data)
{
  PkMyDayPage *self = data;

  pk_printer_print_list (data,
                         self->client,
                         pk_page_get_title (data),
                         pk_page_get_subtitle (data),
                         G_LIST_MODEL (pk_row_list_get_model (self->list)));
}

static const GActionEntry entries[] = {
  { "print", print_cb, NULL, NULL, NULL, { 0 } },
};

static GActionGroup *
get_actions (PkPage *page)
{
  return G_ACTION_GROUP (PK_MY_DAY_PAGE (page)->actions);
}

static const char *
get_title (PkPage *page G_GNUC_UNUSED)
{
  return _ ("My day");
}

static const char *
get_subtitle (PkPage *page)
{
  PkMyDayPage *self = PK_MY_DAY_PAGE (page);
  g_autofree char *today = pk_library_dup_today (pk_client_get_library (self->client));
  g_autofree char *words = pk_words_exact_day (today);

  g_free (self->subtitle);
  self->subtitle = pk_words_capital (words);
  return self->subtitle;
}

static void
focus_start (PkPage *page)
{
  pk_row_list_focus (PK_MY_DAY_PAGE (page)->list);
}

static void
page_iface_init (PkPageInterface *iface)
{
  iface->get_title = get_title;
  iface->get_subtitle = get_subtitle;
  iface->get_actions = get_actions;
  iface->focus_start = focus_start;
}

static void
day_changed_cb (PkMyDayPage *self)
{
  show_greeting (self);
  pk_page_changed (PK_PAGE (self));
}

static void
pk_my_day_page_dispose (GObject *object)
{
  PkMyDayPage *self = PK_MY_DAY_PAGE (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->client);
  g_clear_object (&self->sync);
  g_clear_object (&self->counted);
  g_clear_object (&self->actions);
  g_clear_pointer (&self->subtitle, g_free);
  G_OBJECT_CLASS (pk_my_day_page_parent_class)->dispose (object);
}

static void
pk_my_day_page_class_init (PkMyDayPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pk_my_day_page_dispose;
  g_type_ensure (PK_TYPE_ROW_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/kommune/kristiansund/Pakobla/my-day-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PkMyDayPage, greeting);
  gtk_widget_class_bind_template_child (widget_class, PkMyDayPage, figures);
  gtk_widget_class_bind_template_child (widget_class, PkMyDayPage, attention);
  gtk_widget_class_bind_template_child (widget_class, PkMyDayPage, attention_text);
  gtk_widget_class_bind_template_child (widget_class, PkMyDayPage, first_sync);
  gtk_widget_class_bind_template_child (widget_class, PkMyDayPage, progress);
  gtk_widget_class_bind_template_child (widget_class, PkMyDayPage, progress_text);
  gtk_widget_class_bind_template_child (widget_class, PkMyDayPage, list);
}

static void
pk_my_day_page_init (PkMyDayPage *self)
{
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions),
                                   entries,
                                   G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->open_figure = /* Translators: how many tasks are open; stands below a number */
      add_figure (self, C_ ("figure", "Open"), "win.show-tasks::mine");
  self->overdue_figure = add_figure (self, _ ("Overdue"), "win.show-tasks::overdue");
  self->unit_figure = add_figure (self, _ ("Unassigned"), "win.show-tasks::unassigned");
  pk_row_list_set_label (self->list, _ ("My tasks"));
  show_empty (self);
}

/**
 * pk_my_day_page_new:
 * @client: what pages get
 * @sync: how it stands with sync
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
pk_my_day_page_new (PkClient *client, PkSyncModel *sync)
{
  PkMyDayPage *self = g_object_new (PK_TYPE_MY_DAY_PAGE, NULL);
  PkLibrary *library = pk_client_get_library (client);
  g_autoptr (PkRowSource) source = pk_task_source_new_my_day (library);
  g_autoptr (PkRowModel) model = pk_row_model_new (source);

  self->client = g_object_ref (client);
  self->sync = g_object_ref (sync);
  self->counted = pk_task_figures_new (library);
  pk_row_list_set_model (self->list, model);
  g_signal_connect_object (self->counted,
                           "changed",
                           G_CALLBACK (show_figures),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (sync, "changed", G_CALLBACK (show_sync), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (library,
                           "day-changed",
                           G_CALLBACK (day_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  show_greeting (self);
  show_sync (self);
  return GTK_WIDGET (self);
}
