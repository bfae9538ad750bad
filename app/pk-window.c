/*
 * The window: which page stands in which pane. Places are made when they are first shown and kept; details are a trail that Back goes
 * back along. Main thread.
 */
#include "config.h"

#include "pk-window.h"

#include "pk-compat.h"
#include "pk-model-tables.h"
#include "pk-page.h"
#include "pk-pill.h"
#include "pk-places.h"
#include "pk-split.h"
#include "pk-window-private.h"

#include <glib/gi18n.h>

#define TOAST_SECONDS 6

struct _PkWindow
{
  AdwApplicationWindow parent_instance;
  AdwToastOverlay *toasts;
  GtkStack *layers;
  AdwBin *alone;
  PkSplit *split;
  GtkListBox *places;
  GtkLabel *person;
  AdwHeaderBar *list_header;
  AdwHeaderBar *detail_header;
  AdwWindowTitle *list_title;
  AdwWindowTitle *detail_title;
  GtkWidget *places_button;
  GtkWidget *back_button;
  GtkMenuButton *detail_menu;
  PkPill *list_pill;
  PkPill *detail_pill;
  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  GtkToggleButton *search_button;
  GtkStack *list_stack;
  GtkStack *detail_stack;
  AdwBin *nothing;
  GtkMenuButton *menu_button;
  GMenuModel *main_menu;
  PkSyncModel *sync;   /* (owned) (nullable) */
  PkClient *client;    /* (owned) (nullable) */
  GSettings *settings; /* (owned) (nullable): NULL where the schema is not installed */
  GArray *trail;       /* (owned): PkTrailStep; the last one is shown */
  guint rest_id;       /* makes what the first frame does without */
};

/* A detail that was opened. */
typedef struct
{
  guint entity;
  PkId id;
} PkTrailStep;

G_DEFINE_FINAL_TYPE (PkWindow, pk_window, ADW_TYPE_APPLICATION_WINDOW)

static guint opened_signal;

static PkPage *
get_page (GtkStack *stack)
{
  GtkWidget *child = gtk_stack_get_visible_child (stack);

  return child != NULL && PK_IS_PAGE (child) ? PK_PAGE (child) : NULL;
}

static void
show_title (AdwWindowTitle *title, PkPage *page)
{
  const char *subtitle = page == NULL ? NULL : pk_page_get_subtitle (page);

  adw_window_title_set_title (title, page == NULL ? "" : pk_page_get_title (page));
  adw_window_title_set_subtitle (title, subtitle == NULL ? "" : subtitle);
}

/* The page's actions, for its header bar, the shortcuts and the palette. */
static void
offer_actions (PkWindow *self, const char *prefix, PkPage *page)
{
  GActionGroup *actions = page == NULL ? NULL : pk_page_get_actions (page);

  gtk_widget_insert_action_group (GTK_WIDGET (self), prefix, actions);
  g_object_set_data_full (G_OBJECT (self),
                          prefix,
                          actions == NULL ? NULL : g_object_ref (actions),
                          g_object_unref);
}

static void
show_headers (PkWindow *self)
{
  PkPage *place = get_page (self->list_stack);
  PkPage *detail = get_page (self->detail_stack);
  GMenuModel *menu = detail == NULL ? NULL : pk_page_get_menu (detail);
  gboolean is_narrow = pk_split_is_narrow (self->split);
  gboolean has_sidebar = pk_split_has_sidebar (self->split);

  show_title (self->list_title, place);
  if (is_narrow)
    adw_window_title_set_subtitle (self->list_title, "");
  show_title (self->detail_title, is_narrow ? detail : NULL);
  offer_actions (self, "place", place);
  offer_actions (self, "page", detail);
  gtk_menu_button_set_menu_model (self->detail_menu, menu);
  gtk_widget_set_visible (GTK_WIDGET (self->detail_menu), menu != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->list_pill), is_narrow);
  g_object_set (self->detail_pill, "is-compact", pk_split_is_sidebar_over (self->split), NULL);
  gtk_widget_set_visible (self->back_button, is_narrow || self->trail->len > 1);
  pk_compat_set_end_buttons (GTK_WIDGET (self->list_header), is_narrow);
  adw_header_bar_set_show_start_title_buttons (self->list_header, !has_sidebar);
  adw_header_bar_set_show_start_title_buttons (self->detail_header, is_narrow);
  gtk_widget_set_visible (self->places_button, !has_sidebar);
}

static void
show_window_buttons (PkWindow *self)
{
  g_autofree char *layout = pk_split_dup_decoration_layout (self->split);

  adw_header_bar_set_decoration_layout (self->list_header, layout);
  adw_header_bar_set_decoration_layout (self->detail_header, layout);
}

static void
page_changed_cb (PkWindow *self)
{
  show_headers (self);
}

static GtkWidget *
take_page (PkWindow *self, GtkStack *stack, const char *name, GtkWidget *(*make) (PkWindow *self))
{
  GtkWidget *page = gtk_stack_get_child_by_name (stack, name);

  if (page != NULL || make == NULL)
    return page;
  page = make (self);
  if (PK_IS_PAGE (page))
    g_signal_connect_object (page,
                             "page-changed",
                             G_CALLBACK (page_changed_cb),
                             self,
                             G_CONNECT_SWAPPED);
  gtk_stack_add_named (stack, page, name);
  return page;
}

static void
show_last_step (PkWindow *self)
{
  if (self->trail->len == 0)
    gtk_stack_set_visible_child_name (self->detail_stack, "nothing");
  else
    {
      PkTrailStep *step = &g_array_index (self->trail, PkTrailStep, self->trail->len - 1);
      const PkDetailKind *kind = pk_places_find_detail (step->entity);
      GtkWidget *page = take_page (self, self->detail_stack, kind->name, kind->make);
      pk_page_show_record (PK_PAGE (page), &step->id);
      gtk_stack_set_visible_child (self->detail_stack, page);
    }
  show_headers (self);
}

/**
 * pk_window_open:
 * @self: a window
 * @entity: a PkEntityId
 * @id: of the record
 *
 * Opens a record in the detail pane. From a list it takes the place of what was open; from within a detail it is a step further.
 */
void
pk_window_open (PkWindow *self, guint entity, const PkId *id)
{
  PkTrailStep step = { entity, *id };
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  gboolean is_step = focus != NULL &&
                     gtk_widget_is_ancestor (focus, GTK_WIDGET (self->detail_stack));

  g_return_if_fail (PK_IS_WINDOW (self));
  if (self->client == NULL || pk_places_find_detail (entity) == NULL)
    return;
  if (!is_step)
    g_array_set_size (self->trail, 0);
  g_array_append_val (self->trail, step);
  show_last_step (self);
  pk_split_show_detail (self->split, TRUE);
  g_signal_emit (self, opened_signal, 0);
}

/**
 * pk_window_get_open:
 * @self: a window
 * @entity: a PkEntityId
 *
 * Returns: (transfer none) (nullable): the record that the detail pane shows, where it is one of these
 */
const PkId *
pk_window_get_open (PkWindow *self, guint entity)
{
  guint n = self->trail->len;
  const PkTrailStep *step = n == 0 ? NULL : &g_array_index (self->trail, PkTrailStep, n - 1);

  return step != NULL && step->entity == entity ? &step->id : NULL;
}

/**
 * pk_window_go_back:
 * @self: a window
 *
 * A step back in the detail pane; from the first detail to the list.
 */
void
pk_window_go_back (PkWindow *self)
{
  if (gtk_search_bar_get_search_mode (self->search_bar))
    {
      gtk_search_bar_set_search_mode (self->search_bar, FALSE);
      return;
    }
  if (self->trail->len > 1)
    {
      g_array_set_size (self->trail, self->trail->len - 1);
      show_last_step (self);
      return;
    }
  pk_split_show_detail (self->split, FALSE);
  if (get_page (self->list_stack) != NULL)
    pk_page_focus_start (get_page (self->list_stack));
}

static GtkListBoxRow *
find_place_row (PkWindow *self, const char *name)
{
  GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->places));

  while (row != NULL && g_strcmp0 (gtk_widget_get_name (row), name) != 0)
    row = gtk_widget_get_next_sibling (row);
  return row == NULL ? NULL : GTK_LIST_BOX_ROW (row);
}

/**
 * pk_window_show_place:
 * @self: a window
 * @place: its name, such as "tasks"; an unknown one shows My day
 *
 * Shows a place in the list pane.
 */
void
pk_window_show_place (PkWindow *self, const char *place)
{
  const PkPlace *found = pk_places_find (place);

  g_return_if_fail (PK_IS_WINDOW (self));
  if (self->client == NULL)
    return;
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_stack_set_visible_child (self->list_stack,
                               take_page (self, self->list_stack, found->name, found->make));
  gtk_list_box_select_row (self->places, find_place_row (self, found->name));
  pk_split_show_detail (self->split, FALSE);
  pk_split_hide_overlay (self->split);
  if (self->settings != NULL)
    g_settings_set_string (self->settings, "last-place", found->name);
  show_headers (self);
}

static void
place_activated_cb (PkWindow *self, GtkListBoxRow *row)
{
  pk_window_show_place (self, gtk_widget_get_name (GTK_WIDGET (row)));
}

static void
search_mode_cb (PkWindow *self)
{
  if (self->client == NULL || gtk_search_bar_get_search_mode (self->search_bar))
    return;
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->places);
  const char *name = row == NULL ? NULL : gtk_widget_get_name (GTK_WIDGET (row));
  if (name != NULL && gtk_stack_get_child_by_name (self->list_stack, name) != NULL)
    gtk_stack_set_visible_child_name (self->list_stack, name);
  show_headers (self);
}

static void
search_changed_cb (PkWindow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  if (self->client == NULL || text[0] == '\0')
    return;
  GtkWidget *page = take_page (self, self->list_stack, "search", pk_places_make_search);
  pk_places_search (page, text);
  gtk_stack_set_visible_child (self->list_stack, page);
  pk_split_show_detail (self->split, FALSE);
  show_headers (self);
}

static void
search_activated_cb (PkWindow *self)
{
  if (get_page (self->list_stack) != NULL)
    pk_page_focus_start (get_page (self->list_stack));
}

/**
 * pk_window_begin_search:
 * @self: a window
 * @words: (nullable): what to search for
 *
 * Moves the focus to the search over everything.
 */
void
pk_window_begin_search (PkWindow *self, const char *words)
{
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  pk_split_show_detail (self->split, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  if (words != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->search_entry), words);
}

/* Who is signed in, below the places. */
static void
show_person (PkWindow *self)
{
  const char *name = pk_library_get_name (pk_client_get_library (self->client),
                                          PK_ENTITY_PERSON,
                                          pk_client_get_person (self->client));

  gtk_label_set_label (self->person, name == NULL ? "" : name);
}

static void
undo_pressed_cb (AdwToast *toast, PkWindow *self)
{
  PkCommand *undo = g_object_get_data (G_OBJECT (toast), "pk-undo");

  if (self->client != NULL && undo != NULL)
    pk_client_run (self->client, undo);
}

static void
acted_cb (PkWindow *self, const char *text, PkCommand *undo)
{
  AdwToast *toast = adw_toast_new (text);

  adw_toast_set_timeout (toast, TOAST_SECONDS);
  if (undo != NULL)
    {
      adw_toast_set_button_label (toast, _ ("_Undo"));
      g_object_set_data_full (G_OBJECT (toast), "pk-undo", g_object_ref (undo), g_object_unref);
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_pressed_cb), self, 0);
    }
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* Who comes back to the window next morning finds the new day, whatever timers did meanwhile. */
static void
is_active_cb (PkWindow *self)
{
  if (self->client != NULL && gtk_window_is_active (GTK_WINDOW (self)))
    pk_library_check_day (pk_client_get_library (self->client));
}

/* What nobody misses in the first frame: together a tenth of what our part of it costs. */
static gboolean
make_rest_cb (gpointer user_data)
{
  PkWindow *self = user_data;
  GtkWidget *page = adw_status_page_new ();

  self->rest_id = 0;
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), "pk-tasks-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (page), _ ("Nothing is open"));
  adw_status_page_set_description (ADW_STATUS_PAGE (page),
                                   _ ("Choose something in the list, or press Ctrl+K to do "
                                      "anything."));
  gtk_widget_add_css_class (page, "compact");
  adw_bin_set_child (self->nothing, page);
  gtk_menu_button_set_menu_model (self->menu_button, self->main_menu);
  return G_SOURCE_REMOVE;
}

static void
restore_size (PkWindow *self)
{
  if (self->settings == NULL)
    return;
  gtk_window_set_default_size (GTK_WINDOW (self),
                               g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));
  if (g_settings_get_boolean (self->settings, "is-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
}

static gboolean
pk_window_close_request (GtkWindow *window)
{
  PkWindow *self = PK_WINDOW (window);
  int width, height;

  gtk_window_get_default_size (window, &width, &height);
  if (self->settings != NULL)
    {
      g_settings_set_boolean (self->settings, "is-maximized", gtk_window_is_maximized (window));
      g_settings_set_int (self->settings, "window-width", MAX (width, 360));
      g_settings_set_int (self->settings, "window-height", MAX (height, 294));
    }
  return GTK_WINDOW_CLASS (pk_window_parent_class)->close_request (window);
}

static void
pk_window_dispose (GObject *object)
{
  PkWindow *self = PK_WINDOW (object);

  g_clear_handle_id (&self->rest_id, g_source_remove);
  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  g_clear_object (&self->client);
  g_clear_object (&self->sync);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (pk_window_parent_class)->dispose (object);
}

static void
pk_window_finalize (GObject *object)
{
  g_clear_pointer (&PK_WINDOW (object)->trail, g_array_unref);
  G_OBJECT_CLASS (pk_window_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, PkWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, layers);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, alone);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, split);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, places);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, person);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, list_header);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, detail_header);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, list_title);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, detail_title);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, places_button);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, detail_menu);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, list_pill);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, detail_pill);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, search_bar);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, search_button);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, list_stack);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, detail_stack);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, nothing);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, PkWindow, main_menu);
}

static void
pk_window_class_init (PkWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pk_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = pk_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = pk_window_close_request;
  opened_signal = g_signal_new ("opened",
                                PK_TYPE_WINDOW,
                                G_SIGNAL_RUN_LAST,
                                0,
                                NULL,
                                NULL,
                                NULL,
                                G_TYPE_NONE,
                                0);
  g_type_ensure (PK_TYPE_SPLIT);
  g_type_ensure (PK_TYPE_PILL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/kommune/kristiansund/Pakobla/pk-window.ui");
  bind_children (widget_class);
}

static void
connect_panes (PkWindow *self)
{
  g_signal_connect_swapped (self->places, "row-activated", G_CALLBACK (place_activated_cb), self);
  g_signal_connect_swapped (self->split,
                            "notify::is-tight",
                            G_CALLBACK (show_window_buttons),
                            self);
  g_signal_connect_swapped (self->split, "notify::is-narrow", G_CALLBACK (show_headers), self);
  g_signal_connect_swapped (self->split,
                            "notify::is-sidebar-over",
                            G_CALLBACK (show_headers),
                            self);
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  gtk_search_bar_set_key_capture_widget (self->search_bar, GTK_WIDGET (self->list_stack));
  g_object_bind_property (self->search_button,
                          "active",
                          self->search_bar,
                          "search-mode-enabled",
                          G_BINDING_BIDIRECTIONAL);
  g_signal_connect_swapped (self->search_bar,
                            "notify::search-mode-enabled",
                            G_CALLBACK (search_mode_cb),
                            self);
  g_signal_connect_swapped (self->search_entry,
                            "search-changed",
                            G_CALLBACK (search_changed_cb),
                            self);
  g_signal_connect_swapped (self->search_entry, "activate", G_CALLBACK (search_activated_cb), self);
}

static void
pk_window_init (PkWindow *self)
{
  guint n_places;
  const PkPlace *places = pk_places_get (&n_places);

  self->trail = g_array_new (FALSE, FALSE, sizeof (PkTrailStep));
  pk_window_add_actions (self);
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < n_places; i++)
    gtk_list_box_append (self->places, pk_places_new_row (&places[i]));
  connect_panes (self);
  self->rest_id = g_idle_add_full (G_PRIORITY_LOW, make_rest_cb, self, NULL);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (is_active_cb), NULL);
}

/**
 * pk_window_new:
 * @application: whose window it is
 * @sync: how it stands with sync
 *
 * Returns: (transfer none): a window that shows nothing yet
 */
PkWindow *
pk_window_new (GtkApplication *application, PkSyncModel *sync)
{
  PkWindow *self = g_object_new (PK_TYPE_WINDOW, "application", application, NULL);
  GSettingsSchemaSource *schemas = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      schemas == NULL ? NULL : g_settings_schema_source_lookup (schemas, PK_APPLICATION_ID, TRUE);

  self->sync = g_object_ref (sync);
  self->settings = schema == NULL ? NULL : g_settings_new (PK_APPLICATION_ID);
  pk_pill_set_model (self->list_pill, sync);
  pk_pill_set_model (self->detail_pill, sync);
  restore_size (self);
  return self;
}

static void
drop_pages (GtkStack *stack)
{
  GtkWidget *next;

  for (GtkWidget *page = gtk_widget_get_first_child (GTK_WIDGET (stack)); page != NULL; page = next)
    {
      next = gtk_widget_get_next_sibling (page);
      if (PK_IS_PAGE (page))
        gtk_stack_remove (stack, page);
    }
}

/* Nothing that the person has seen stays in the window. */
static void
forget_client (PkWindow *self)
{
  if (self->client == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->client, self);
  g_signal_handlers_disconnect_by_data (pk_client_get_library (self->client), self);
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  g_array_set_size (self->trail, 0);
  gtk_label_set_label (self->person, "");
  drop_pages (self->list_stack);
  drop_pages (self->detail_stack);
  g_clear_object (&self->client);
  show_headers (self);
}

/**
 * pk_window_set_client:
 * @self: a window
 * @client: (nullable): what pages get; %NULL when nobody is signed in any more
 *
 * Shows the places of somebody who has signed in.
 */
void
pk_window_set_client (PkWindow *self, PkClient *client)
{
  g_return_if_fail (PK_IS_WINDOW (self));

  forget_client (self);
  if (client == NULL)
    return;
  self->client = g_object_ref (client);
  g_autofree char *place = self->settings == NULL
                               ? g_strdup ("my-day")
                               : g_settings_get_string (self->settings, "last-place");
  g_signal_connect_object (client, "acted", G_CALLBACK (acted_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "failed", G_CALLBACK (pk_window_say), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (pk_client_get_library (client),
                           "changed",
                           G_CALLBACK (show_person),
                           self,
                           G_CONNECT_SWAPPED);
  show_person (self);
  pk_window_show_place (self, place);
  gtk_stack_set_visible_child_name (self->layers, "work");
}

/**
 * pk_window_show_alone:
 * @self: a window
 * @page: such as the one for signing in
 *
 * Shows one page instead of the places.
 */
void
pk_window_show_alone (PkWindow *self, GtkWidget *page)
{
  adw_bin_set_child (self->alone, page);
  gtk_stack_set_visible_child_name (self->layers, "alone");
}

/**
 * pk_window_say:
 * @self: a window
 * @text: a short sentence
 *
 * Shows a toast.
 */
void
pk_window_say (PkWindow *self, const char *text)
{
  AdwToast *toast = adw_toast_new (text);

  adw_toast_overlay_add_toast (self->toasts, toast);
}

/**
 * pk_window_get_client:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): what pages get
 */
PkClient *
pk_window_get_client (PkWindow *self)
{
  return self->client;
}

/**
 * pk_window_get_sync:
 * @self: a window
 *
 * Returns: (transfer none): how it stands with sync
 */
PkSyncModel *
pk_window_get_sync (PkWindow *self)
{
  return self->sync;
}

/**
 * pk_window_get_split:
 * @self: a window
 *
 * Returns: (transfer none): its panes
 */
PkSplit *
pk_window_get_split (PkWindow *self)
{
  return self->split;
}

/**
 * pk_window_get_place_page:
 * @self: a window
 * @name: of a place
 *
 * Returns: (transfer none) (nullable): its page, where it has been shown
 */
GtkWidget *
pk_window_get_place_page (PkWindow *self, const char *name)
{
  return gtk_stack_get_child_by_name (self->list_stack, name);
}
