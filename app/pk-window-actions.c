/* What can be done from anywhere in the window: the actions "win.". Main thread. */
#include "config.h"

#include "pk-window-private.h"

#include "pk-compat.h"
#include "pk-model-tables.h"
#include "pk-page.h"
#include "pk-palette.h"
#include "pk-preferences.h"
#include "pk-quick-entry-dialog.h"
#include "pk-record-page.h"
#include "pk-shortcuts.h"
#include "pk-sync-dialog.h"

#include <glib/gi18n.h>

/* "open-task", "open-building" …: the name says which records it opens. */
static void
open_cb (GSimpleAction *action, GVariant *parameter, gpointer widget)
{
  const char *name = g_action_get_name (G_ACTION (action)) + strlen ("open-");
  const PkEntity *entity = pk_entity_by_name (name);
  PkId id;

  if (pk_id_parse (g_variant_get_string (parameter, NULL), &id))
    pk_window_open (PK_WINDOW (widget), entity->id, &id);
}

static void
show_place_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer widget)
{
  pk_window_show_place (PK_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

/* A figure opens the rows behind it: the tasks of a view, or only those overdue of mine. */
static void
show_tasks_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer widget)
{
  const char *wanted = g_variant_get_string (parameter, NULL);
  gboolean is_overdue = g_strcmp0 (wanted, "overdue") == 0;

  pk_window_show_place (PK_WINDOW (widget), "tasks");
  GActionGroup *actions = NULL;
  GtkWidget *page = pk_window_get_place_page (PK_WINDOW (widget), "tasks");
  if (page != NULL)
    actions = pk_page_get_actions (PK_PAGE (page));
  if (actions == NULL)
    return;
  g_action_group_change_action_state (actions,
                                      "view",
                                      g_variant_new_string (is_overdue ? "mine" : wanted));
  g_action_group_change_action_state (actions, "only-overdue", g_variant_new_boolean (is_overdue));
}

static void
new_task_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer widget)
{
  PkClient *client = pk_window_get_client (PK_WINDOW (widget));

  if (client != NULL)
    pk_quick_entry_dialog_present (GTK_WINDOW (widget),
                                   client,
                                   g_variant_get_string (parameter, NULL));
}

static void
palette_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer widget)
{
  PkClient *client = pk_window_get_client (PK_WINDOW (widget));

  if (client != NULL)
    pk_palette_present (GTK_WINDOW (widget), client);
}

static void
search_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer widget)
{
  pk_window_begin_search (PK_WINDOW (widget), NULL);
}

static void
undo_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer widget)
{
  PkClient *client = pk_window_get_client (PK_WINDOW (widget));
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (widget));

  /* While somebody writes, it is the writing that is taken back. */
  if (focus != NULL && (GTK_IS_TEXT (focus) || GTK_IS_TEXT_VIEW (focus)))
    gtk_widget_activate_action (focus, "text.undo", NULL);
  else if (client != NULL && !pk_client_undo (client))
    pk_window_say (PK_WINDOW (widget), _ ("There is nothing to undo"));
}

static void
sync_now_cb (GSimpleAction *action G_GNUC_UNUSED,
             GVariant *parameter G_GNUC_UNUSED,
             gpointer widget)
{
  gtk_widget_activate_action (widget, "app.sync-now", NULL);
}

static void
show_sync_cb (GSimpleAction *action G_GNUC_UNUSED,
              GVariant *parameter G_GNUC_UNUSED,
              gpointer widget)
{
  PkWindow *self = PK_WINDOW (widget);

  if (pk_window_get_client (self) != NULL)
    pk_sync_dialog_present (GTK_WINDOW (self),
                            pk_window_get_client (self),
                            pk_window_get_sync (self));
}

static void
preferences_cb (GSimpleAction *action G_GNUC_UNUSED,
                GVariant *parameter G_GNUC_UNUSED,
                gpointer widget)
{
  pk_preferences_present (GTK_WINDOW (widget), g_object_get_data (widget, "pk-background"));
}

/* Does what the page in one of the panes offers, where it is possible now: "page.…" or "place.…". */
static gboolean
activate (GtkWidget *window, const char *detailed_name)
{
  g_auto (GStrv) parts = g_strsplit (detailed_name, ".", 2);
  GActionGroup *actions = g_object_get_data (G_OBJECT (window), parts[0]);

  if (actions == NULL || !g_action_group_has_action (actions, parts[1]) ||
      !g_action_group_get_action_enabled (actions, parts[1]))
    return FALSE;
  g_action_group_activate_action (actions, parts[1], NULL);
  return TRUE;
}

/* The detail where the focus is in one, or there is nothing else to see; the list otherwise. What cannot be printed gives way. */
static void
print_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer widget)
{
  PkSplit *split = pk_window_get_split (PK_WINDOW (widget));
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (widget));
  gboolean is_detail = pk_split_is_narrow (split)
                           ? pk_split_is_detail_shown (split)
                           : focus != NULL &&
                                 gtk_widget_get_ancestor (focus, PK_TYPE_RECORD_PAGE) != NULL;
  const char *first = is_detail ? "page.print" : "place.print";
  const char *second = is_detail ? "place.print" : "page.print";

  if (!activate (widget, first) && !activate (widget, second))
    pk_window_say (PK_WINDOW (widget), _ ("Open what you want to print first"));
}

static void
shortcuts_cb (GSimpleAction *action G_GNUC_UNUSED,
              GVariant *parameter G_GNUC_UNUSED,
              gpointer widget)
{
  GtkWindow *help = pk_compat_shortcuts_new (GTK_WINDOW (widget));
  guint n;
  const PkShortcut *table = pk_shortcuts_get (&n);

  for (guint i = 0; i < n; i++)
    {
      if (i == 0 || table[i].group != table[i - 1].group)
        pk_compat_shortcuts_add_group (help, pk_shortcuts_get_group_label (table[i].group));
      if (table[i].accelerators != NULL)
        pk_compat_shortcuts_add (help, _ (table[i].label), table[i].accelerators);
    }
  pk_compat_shortcuts_present (help);
}

static void
about_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer widget)
{
  pk_compat_show_about (GTK_WINDOW (widget),
                        _ ("Påkobla"),
                        PK_APPLICATION_ID,
                        PK_VERSION,
                        "https://www.kristiansund.kommune.no",
                        _ ("Tasks and buildings of a municipality, with or without network."));
}

/* A file for what the detail pane shows: the same road as drop and paste. */
static void
attach_file_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer widget)
{
  if (!gtk_widget_activate_action_variant (widget, "page.attach-file", parameter))
    pk_window_say (widget, _ ("Open the task or the building that the file belongs to first"));
}

static void
back_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer widget)
{
  pk_window_go_back (PK_WINDOW (widget));
}

static void
toggle_places_cb (GSimpleAction *action G_GNUC_UNUSED,
                  GVariant *parameter G_GNUC_UNUSED,
                  gpointer widget)
{
  pk_split_toggle_sidebar (pk_window_get_split (PK_WINDOW (widget)));
}

static const GActionEntry entries[] = {
  { "about", about_cb, NULL, NULL, NULL, { 0 } },
  { "attach-file", attach_file_cb, "s", NULL, NULL, { 0 } },
  { "back", back_cb, NULL, NULL, NULL, { 0 } },
  { "new-task", new_task_cb, "s", NULL, NULL, { 0 } },
  { "open-building", open_cb, "s", NULL, NULL, { 0 } },
  { "open-component", open_cb, "s", NULL, NULL, { 0 } },
  { "open-document", open_cb, "s", NULL, NULL, { 0 } },
  { "open-location", open_cb, "s", NULL, NULL, { 0 } },
  { "open-person", open_cb, "s", NULL, NULL, { 0 } },
  { "open-task", open_cb, "s", NULL, NULL, { 0 } },
  { "palette", palette_cb, NULL, NULL, NULL, { 0 } },
  { "preferences", preferences_cb, NULL, NULL, NULL, { 0 } },
  { "print", print_cb, NULL, NULL, NULL, { 0 } },
  { "search", search_cb, NULL, NULL, NULL, { 0 } },
  { "shortcuts", shortcuts_cb, NULL, NULL, NULL, { 0 } },
  { "show-place", show_place_cb, "s", NULL, NULL, { 0 } },
  { "show-sync", show_sync_cb, NULL, NULL, NULL, { 0 } },
  { "show-tasks", show_tasks_cb, "s", NULL, NULL, { 0 } },
  { "sync-now", sync_now_cb, NULL, NULL, NULL, { 0 } },
  { "toggle-places", toggle_places_cb, NULL, NULL, NULL, { 0 } },
  { "undo", undo_cb, NULL, NULL, NULL, { 0 } },
};

/**
 * pk_window_set_background:
 * @self: a window
 * @background: whether the program goes on without a window
 *
 * Gives the preferences what they show.
 */
void
pk_window_set_background (PkWindow *self, PkBackgroundModel *background)
{
  g_object_set_data_full (G_OBJECT (self),
                          "pk-background",
                          g_object_ref (background),
                          g_object_unref);
}

/**
 * pk_window_add_actions:
 * @self: a window
 *
 * Adds the actions "win.", which are on the bus as well.
 */
void
pk_window_add_actions (PkWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
