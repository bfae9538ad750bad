/*
 * All tasks that are here. What is shown follows from the state of the actions alone: "place.view", "place.sort" and
 * the "place.only-…" filters, and from the words in the entry. Main thread.
 */
#include "config.h"

#include "pk-tasks-page.h"

#include "pk-compat.h"
#include "pk-page.h"
#include "pk-printer.h"
#include "pk-record-commands.h"
#include "pk-row-list.h"
#include "pk-section.h"
#include "pk-task-commands.h"
#include "pk-task-filter.h"
#include "pk-text.h"

#include <glib/gi18n.h>

/* Most that are changed in one go: more than that is a slip, and cannot be looked over. */
#define MAX_CHOSEN 500

struct _PkTasksPage
{
  GtkWidget parent_instance;
  GtkWidget *views;
  GtkWidget *entry;
  PkRowList *list;
  GtkWidget *chosen_bar;
  GtkWidget *chosen_count;
  PkClient *client;            /* (owned) (nullable) */
  PkRowModel *model;           /* (owned) */
  GSimpleActionGroup *actions; /* (owned) */
};

static void page_iface_init (PkPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PkTasksPage,
                               pk_tasks_page,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (PK_TYPE_PAGE, page_iface_init))

static const char *const view_names[] = {
  [PK_TASK_VIEW_MINE] = "mine",       [PK_TASK_VIEW_REGISTERED] = "registered",
  [PK_TASK_VIEW_UNIT] = "unit",       [PK_TASK_VIEW_UNASSIGNED] = "unassigned",
  [PK_TASK_VIEW_WAITING] = "waiting", [PK_TASK_VIEW_DONE] = "done",
  [PK_TASK_VIEW_ALL] = "all",         [PK_TASK_VIEW_ALL + 1] = NULL,
};

static const char *const sort_names[] = {
  [PK_TASK_SORT_DUE] = "due",       [PK_TASK_SORT_NEWEST] = "newest",
  [PK_TASK_SORT_TITLE] = "title",   [PK_TASK_SORT_STATUS] = "status",
  [PK_TASK_SORT_STATUS + 1] = NULL,
};

static GVariant *
get_state (PkTasksPage *self, const char *action)
{
  return g_action_group_get_action_state (G_ACTION_GROUP (self->actions), action);
}

static guint
get_choice (PkTasksPage *self, const char *action, const char *const *names)
{
  g_autoptr (GVariant) state = get_state (self, action);

  for (guint i = 0; names[i] != NULL; i++)
    if (g_strcmp0 (names[i], g_variant_get_string (state, NULL)) == 0)
      return i;
  return 0;
}

static gboolean
is_on (PkTasksPage *self, const char *action)
{
  g_autoptr (GVariant) state = get_state (self, action);

  return g_variant_get_boolean (state);
}

static void
show_rows (PkTasksPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  PkTaskFilter filter = {
    .view = get_choice (self, "view", view_names),
    .sort = get_choice (self, "sort", sort_names),
    .is_overdue_only = is_on (self, "only-overdue"),
    .text = text[0] == '\0' ? NULL : text,
  };

  if (self->client == NULL)
    return;
  if (is_on (self, "only-urgent"))
    filter.priorities = (1u << PK_TASK_PRIORITY_HIGH) | (1u << PK_TASK_PRIORITY_CRITICAL);
  if (is_on (self, "only-deviations"))
    filter.kinds = 1u << PK_TASK_KIND_DEVIATION;
  g_autoptr (PkRowSource)
      source = pk_task_source_new (pk_client_get_library (self->client), &filter);
  pk_row_model_set_source (self->model, source);
}

static void
choice_changed_cb (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  g_simple_action_set_state (action, state);
  show_rows (user_data);
}

static void
select_changed_cb (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  PkTasksPage *self = user_data;

  g_simple_action_set_state (action, state);
  pk_row_list_set_is_choosing (self->list, g_variant_get_boolean (state));
  gtk_action_bar_set_revealed (GTK_ACTION_BAR (self->chosen_bar), g_variant_get_boolean (state));
}

/* The records of the chosen rows; NULL where too many are. */
static GPtrArray *
list_chosen (PkTasksPage *self)
{
  g_autoptr (GtkBitset) chosen = pk_row_list_get_chosen (self->list);
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  PkLibrary *library = pk_client_get_library (self->client);
  GtkBitsetIter iter;
  guint position;

  if (gtk_bitset_get_size (chosen) > MAX_CHOSEN)
    return NULL;
  for (gboolean is_valid = gtk_bitset_iter_init_first (&iter, chosen, &position); is_valid;
       is_valid = gtk_bitset_iter_next (&iter, &position))
    {
      g_autoptr (PkRowItem) item = g_list_model_get_item (G_LIST_MODEL (self->model), position);
      PkRecord *task = pk_row_item_is_heading (item)
                           ? NULL
                           : pk_library_find (library, PK_ENTITY_TASK, pk_row_item_get_id (item));
      if (task != NULL)
        g_ptr_array_add (tasks, task);
    }
  return g_steal_pointer (&tasks);
}

static void
run_for_chosen (PkTasksPage *self, PkCommand *(*make) (PkTasksPage *self, PkRecord *task))
{
  g_autoptr (GPtrArray) tasks = list_chosen (self);
  g_autoptr (GPtrArray) commands = g_ptr_array_new_with_free_func (g_object_unref);

  if (tasks == NULL)
    {
      pk_client_say (self->client, _ ("That is too many at once. Choose up to 500."));
      return;
    }
  for (guint i = 0; i < tasks->len; i++)
    g_ptr_array_add (commands, make (self, tasks->pdata[i]));
  if (commands->len == 0)
    return;
  g_autoptr (PkCommand) command = pk_bulk_command_new (commands);
  pk_client_run (self->client, command);
  g_action_group_change_action_state (G_ACTION_GROUP (self->actions),
                                      "select",
                                      g_variant_new_boolean (FALSE));
}

static PkCommand *
make_complete (PkTasksPage *self G_GNUC_UNUSED, PkRecord *task)
{
  return pk_complete_command_new (task, PK_TASK_OUTCOME_SOLVED, NULL, NULL);
}

static PkCommand *
make_take (PkTasksPage *self, PkRecord *task)
{
  return pk_assign_command_new (task, pk_client_get_person (self->client), NULL);
}

static void
complete_selected_cb (GSimpleAction *action G_GNUC_UNUSED,
                      GVariant *parameter G_GNUC_UNUSED,
                      gpointer user_data)
{
  run_for_chosen (user_data, make_complete);
}

static void
take_selected_cb (GSimpleAction *action G_GNUC_UNUSED,
                  GVariant *parameter G_GNUC_UNUSED,
                  gpointer user_data)
{
  run_for_chosen (user_data, make_take);
}

/* How the list was chosen, so that who finds the paper knows what is not on it. */
static char *
dup_choice (PkTasksPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  const struct
  {
    const char *action;
    const char *words;
  } filters[] = {
    { "only-overdue", _ ("only overdue") },
    { "only-urgent", _ ("only high priority and critical") },
    { "only-deviations", _ ("only deviations") },
  };
  g_autoptr (GString)
      words = g_string_new (pk_task_view_get_label (get_choice (self, "view", view_names)));

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    if (is_on (self, filters[i].action))
      g_string_append_printf (words, " · %s", filters[i].words);
  if (*text != '\0')
    g_string_append_printf (words, " · «%s»", text);
  return g_string_free (g_steal_pointer (&words), FALSE);
}

static void
print_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer data)
{
  PkTasksPage *self = data;
  g_autofree char *choice = dup_choice (self);

  pk_printer_print_list (data, self->client, _ ("Tasks"), choice, G_LIST_MODEL (self->model));
}

static const GActionEntry entries[] = {
  { "view", NULL, "s", "'mine'", choice_changed_cb, { 0 } },
  { "sort", NULL, "s", "'due'", choice_changed_cb, { 0 } },
  { "only-overdue", NULL, NULL, "false", choice_changed_cb, { 0 } },
  { "only-urgent", NULL, NULL, "false", choice_changed_cb, { 0 } },
  { "only-deviations", NULL, NULL, "false", choice_changed_cb, { 0 } },
  { "select", NULL, NULL, "false", select_changed_cb, { 0 } },
  { "complete-selected", complete_selected_cb, NULL, NULL, NULL, { 0 } },
  { "take-selected", take_selected_cb, NULL, NULL, NULL, { 0 } },
  { "print", print_cb, NULL, NULL, NULL, { 0 } },
};

static void
chosen_changed_cb (PkTasksPage *self)
{
  guint n = pk_row_list_count_chosen (self->list);
  g_autofree char *number = pk_text_number (n);
  g_autofree char *text = g_strdup_printf (ngettext ("%s chosen", "%s chosen", n), number);

  gtk_label_set_label (GTK_LABEL (self->chosen_count), text);
  g_simple_action_set_enabled (
      G_SIMPLE_ACTION (
          g_action_map_lookup_action (G_ACTION_MAP (self->actions), "complete-selected")),
      n > 0);
  g_simple_action_set_enabled (
      G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "take-selected")),
      n > 0);
}

static void
text_changed_cb (PkTasksPage *self)
{
  show_rows (self);
}

static void
text_activated_cb (PkTasksPage *self)
{
  pk_row_list_focus (self->list);
}

static void
add_views (PkTasksPage *self)
{
  for (guint view = 0; view_names[view] != NULL; view++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (pk_task_view_get_label (view));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "place.view");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", view_names[view]);
      gtk_widget_add_css_class (button, "flat");
      gtk_box_append (GTK_BOX (self->views), button);
    }
}

static const char *
get_title (PkPage *page G_GNUC_UNUSED)
{
  return _ ("Tasks");
}

static GActionGroup *
get_actions (PkPage *page)
{
  return G_ACTION_GROUP (PK_TASKS_PAGE (page)->actions);
}

static void
focus_start (PkPage *page)
{
  pk_row_list_focus (PK_TASKS_PAGE (page)->list);
}

static void
page_iface_init (PkPageInterface *iface)
{
  iface->get_title = get_title;
  iface->get_actions = get_actions;
  iface->focus_start = focus_start;
}

static void
pk_tasks_page_dispose (GObject *object)
{
  PkTasksPage *self = PK_TASKS_PAGE (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->client);
  g_clear_object (&self->model);
  g_clear_object (&self->actions);
  G_OBJECT_CLASS (pk_tasks_page_parent_class)->dispose (object);
}

static void
pk_tasks_page_class_init (PkTasksPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pk_tasks_page_dispose;
  g_type_ensure (PK_TYPE_ROW_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/kommune/kristiansund/Pakobla/tasks-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PkTasksPage, views);
  gtk_widget_class_bind_template_child (widget_class, PkTasksPage, entry);
  gtk_widget_class_bind_template_child (widget_class, PkTasksPage, list);
  gtk_widget_class_bind_template_child (widget_class, PkTasksPage, chosen_bar);
  gtk_widget_class_bind_template_child (widget_class, PkTasksPage, chosen_count);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, text_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, chosen_changed_cb);
}

static void
pk_tasks_page_init (PkTasksPage *self)
{
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions),
                                   entries,
                                   G_N_ELEMENTS (entries),
                                   self);
  self->model = pk_row_model_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  pk_compat_name_buttons (GTK_WIDGET (self));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "place", G_ACTION_GROUP (self->actions));
  add_views (self);
  pk_row_list_set_label (self->list, _ ("Tasks"));
  pk_row_list_set_model (self->list, self->model);
  pk_row_list_set_empty (self->list,
                         &(PkRowListWords){
                             .icon_name = "pk-tasks-symbolic",
                             .title = _ ("No tasks here"),
                             .text = _ ("Nothing fits what you have chosen above."),
                             .action_label = _ ("_New task"),
                             .detailed_action = "win.new-task::",
                         });
  chosen_changed_cb (self);
}

/**
 * pk_tasks_page_new:
 * @client: what pages get
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
pk_tasks_page_new (PkClient *client)
{
  PkTasksPage *self = g_object_new (PK_TYPE_TASKS_PAGE, NULL);

  self->client = g_object_ref (client);
  show_rows (self);
  return GTK_WIDGET (self);
}
