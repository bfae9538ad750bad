/*
 * Pictures of every page for people to look at: gallery FOLDER [dark]. Widths, states and dialogs; the language is that of the
 * environment. Not a test: nothing is compared.
 */
#include "config.h"

#include "display-page.h"
#include "display-shot.h"
#include "pk-detail-frame.h"
#include "pk-model-tables.h"
#include "pk-paper.h"
#include "pk-place-tasks.h"
#include "pk-preferences.h"
#include "pk-printer.h"
#include "pk-row-model.h"
#include "pk-sign-in-page.h"
#include "pk-sync-dialog.h"
#include "pk-task-filter.h"
#include "pk-window.h"

#include <glib/gi18n.h>
#include <libintl.h>
#include <locale.h>

typedef struct
{
  const char *folder;
  const char *suffix;
  World world;
  PkWindow *window;
  PkBackgroundModel *background; /* (owned) */
} Gallery;

static void
shoot (Gallery *self, GtkWidget *window, const char *name)
{
  g_autofree char *file = g_strdup_printf ("%s%s.png", name, self->suffix);
  g_autofree char *path = g_build_filename (self->folder, file, NULL);

  display_settle (window);
  display_shot (window, path);
}

static void
open_window (Gallery *self, int width, int height)
{
  self->window = pk_window_new (NULL, self->world.sync);
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
  pk_window_set_client (self->window, self->world.client);
  pk_window_set_background (self->window, self->background);
  gtk_window_present (GTK_WINDOW (self->window));
  display_settle (GTK_WIDGET (self->window));
}

static void
close_window (Gallery *self)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  self->window = NULL;
}

static void
shoot_places (Gallery *self, const char *size)
{
  static const char *const places[] = { "my-day", "tasks", "buildings", "documents" };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s-%s", places[i], size);
      pk_window_show_place (self->window, places[i]);
      shoot (self, GTK_WIDGET (self->window), name);
    }
}

/* Scrolls what can be scrolled in the open page, and says whether there was more to see. */
static gboolean
scroll_down (Gallery *self, double times_page)
{
  g_autoptr (GPtrArray) scrollers = g_ptr_array_new ();

  collect_widgets (GTK_WIDGET (self->window), GTK_TYPE_SCROLLED_WINDOW, scrollers);
  for (guint i = 0; i < scrollers->len; i++)
    {
      GtkAdjustment *at = gtk_scrolled_window_get_vadjustment (scrollers->pdata[i]);
      double page = gtk_adjustment_get_page_size (at);
      if (!gtk_widget_get_mapped (scrollers->pdata[i]) ||
          gtk_widget_get_ancestor (scrollers->pdata[i], PK_TYPE_DETAIL_FRAME) == NULL ||
          gtk_adjustment_get_upper (at) <= page * times_page)
        continue;
      gtk_adjustment_set_value (at, page * times_page);
      return TRUE;
    }
  return FALSE;
}

static void
shoot_below (Gallery *self, const char *name)
{
  for (int i = 1; i <= 3 && scroll_down (self, 0.85 * i); i++)
    {
      g_autofree char *below = g_strdup_printf ("%s-below-%d", name, i);
      shoot (self, GTK_WIDGET (self->window), below);
    }
}

static void
shoot_details (Gallery *self, const char *size)
{
  const struct
  {
    const char *name;
    const char *place;
    guint entity;
    const PkId *id;
  } details[] = {
    { "task", "tasks", PK_ENTITY_TASK, &self->world.task },
    { "building", "buildings", PK_ENTITY_BUILDING, &self->world.building },
    { "location", "buildings", PK_ENTITY_LOCATION, &self->world.room },
    { "component", "buildings", PK_ENTITY_COMPONENT, &self->world.component },
    { "document", "documents", PK_ENTITY_DOCUMENT, &self->world.document },
    { "person", "tasks", PK_ENTITY_PERSON, &self->world.person },
  };

  for (guint i = 0; i < G_N_ELEMENTS (details); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s-%s", details[i].name, size);
      pk_window_show_place (self->window, details[i].place);
      pk_window_open (self->window, details[i].entity, details[i].id);
      shoot (self, GTK_WIDGET (self->window), name);
      shoot_below (self, name);
    }
}

static void
shoot_dialog (Gallery *self, const char *action, const char *target, const char *name)
{
  gtk_widget_activate_action (GTK_WIDGET (self->window),
                              action,
                              target == NULL ? NULL : "s",
                              target);
  GtkWidget *dialog = display_get_dialog (GTK_WIDGET (self->window));
  g_assert_nonnull (dialog);
  shoot (self, GTK_WIDGET (gtk_widget_get_root (dialog)), name);
  display_close_dialog (dialog);
  display_settle (GTK_WIDGET (self->window));
}

static void
shoot_dialogs (Gallery *self)
{
  shoot_dialog (self, "win.show-sync", NULL, "sync");
  shoot_dialog (self, "win.palette", NULL, "palette");
  shoot_dialog (self,
                "win.new-task",
                "Bytt pære gymsal Dale barneskole fredag @park !høy #lys",
                "quick-entry");
  shoot_dialog (self, "win.preferences", NULL, "preferences");
  pk_background_model_set (self->background,
                           FALSE,
                           _ ("The desktop does not allow it. Allow Påkobla to run in the "
                              "background in the computer's settings, then try again."));
  shoot_dialog (self, "win.preferences", NULL, "preferences-refused");
  shoot_dialog (self, "win.shortcuts", NULL, "shortcuts");
}

static GtkWidget *
find_open_popover (GtkWidget *from)
{
  g_autoptr (GPtrArray) popovers = g_ptr_array_new ();

  collect_widgets (from, GTK_TYPE_POPOVER, popovers);
  for (guint i = 0; i < popovers->len; i++)
    if (gtk_widget_get_visible (popovers->pdata[i]))
      return popovers->pdata[i];
  return NULL;
}

static void
shoot_changes (Gallery *self)
{
  static const char *const names[] = { "assignee", "unit",      "building",
                                       "category", "component", "due" };

  pk_window_open (self->window, PK_ENTITY_TASK, &self->world.task);
  display_settle (GTK_WIDGET (self->window));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = g_strdup_printf ("change-%s", names[i]);
      gtk_widget_activate_action (GTK_WIDGET (self->window), "page.change", "s", names[i]);
      GtkWidget *popover = find_open_popover (GTK_WIDGET (self->window));
      if (popover == NULL)
        continue;
      shoot (self, popover, name);
      gtk_popover_popdown (GTK_POPOVER (popover));
    }
}

static void
shoot_menu (Gallery *self, guint entity, const PkId *id, const char *name)
{
  g_autoptr (GPtrArray) buttons = g_ptr_array_new ();

  pk_window_open (self->window, entity, id);
  display_settle (GTK_WIDGET (self->window));
  collect_widgets (GTK_WIDGET (self->window), GTK_TYPE_MENU_BUTTON, buttons);
  for (guint i = 0; i < buttons->len; i++)
    {
      GtkMenuButton *button = buttons->pdata[i];
      GtkWidget *header = gtk_widget_get_ancestor (GTK_WIDGET (button), ADW_TYPE_HEADER_BAR);
      if (header == NULL || !gtk_widget_get_mapped (GTK_WIDGET (button)) ||
          gtk_menu_button_get_menu_model (button) == NULL)
        continue;
      gtk_menu_button_popup (button);
      GtkWidget *popover = GTK_WIDGET (gtk_menu_button_get_popover (button));
      shoot (self, popover, name);
      gtk_menu_button_popdown (button);
      return;
    }
}

static void
shoot_menus (Gallery *self)
{
  shoot_menu (self, PK_ENTITY_TASK, &self->world.task, "menu-task");
  shoot_menu (self, PK_ENTITY_BUILDING, &self->world.building, "menu-building");
  shoot_menu (self, PK_ENTITY_DOCUMENT, &self->world.document, "menu-document");
}

/* What somebody sees who looks after the register of properties. */
static void
shoot_manager (Gallery *self, const char *name, int width, int height)
{
  open_window (self, width, height);
  pk_window_show_place (self->window, "buildings");
  pk_window_open (self->window, PK_ENTITY_BUILDING, &self->world.building);
  shoot (self, GTK_WIDGET (self->window), name);
  close_window (self);
}

static void
export_done_cb (gboolean *is_done)
{
  *is_done = TRUE;
}

/* What would come out of the printer, as PDF. */
static void
export_paper (Gallery *self, PkSheet *sheet, const char *name)
{
  g_autoptr (GtkPrintOperation) operation = pk_printer_new_for_sheet (sheet);
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  gboolean is_done = FALSE;

  gtk_print_operation_set_export_filename (operation, path);
  g_signal_connect_swapped (operation, "done", G_CALLBACK (export_done_cb), &is_done);
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL, NULL);
  while (!is_done)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
list_is_ready (gpointer data)
{
  return pk_row_model_is_ready (data);
}

static gboolean
tasks_are_ready (gpointer data)
{
  return pk_place_tasks_is_ready (data);
}

static void
export_papers (Gallery *self)
{
  PkLibrary *library = self->world.library;
  PkTaskFilter filter = { .view = PK_TASK_VIEW_ALL };
  g_autoptr (PkRowSource) source = pk_task_source_new (library, &filter);
  g_autoptr (PkRowModel) rows = pk_row_model_new (source);
  g_autoptr (PkDetail) task = pk_detail_new (library, PK_ENTITY_TASK);
  g_autoptr (PkDetail) building = pk_detail_new (library, PK_ENTITY_BUILDING);
  g_autoptr (PkPlaceTasks) tasks = pk_place_tasks_new (library, 100);

  world_wait (list_is_ready, rows);
  pk_place_tasks_set_place (tasks,
                            &self->world.building,
                            PK_TASK_BUILDING_ID,
                            &self->world.building);
  world_wait (tasks_are_ready, tasks);
  pk_detail_set_id (task, &self->world.task);
  pk_detail_set_id (building, &self->world.building);
  g_autoptr (PkSheet)
      list_sheet = pk_paper_new_list (library, "Oppgaver", "Alle", G_LIST_MODEL (rows));
  g_autoptr (PkSheet) task_sheet = pk_paper_new_task (task);
  g_autoptr (PkSheet) place_sheet = pk_paper_new_place (building, pk_place_tasks_get_rows (tasks));
  export_paper (self, list_sheet, "paper-list.pdf");
  export_paper (self, task_sheet, "paper-task.pdf");
  export_paper (self, place_sheet, "paper-building.pdf");
}

static void
shoot_alone (Gallery *self)
{
  GtkWidget *page = pk_sign_in_page_new ("https://pakobla.example.no");

  self->window = pk_window_new (NULL, self->world.sync);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 800, 640);
  pk_window_show_alone (self->window, page);
  gtk_window_present (GTK_WINDOW (self->window));
  shoot (self, GTK_WIDGET (self->window), "sign-in");
  close_window (self);
}

int
main (int argc, char *argv[])
{
  g_autofree char *locale_dir =
      g_build_filename (g_getenv ("PK_PO_DIR") ? g_getenv ("PK_PO_DIR") : "po", NULL);
  Gallery self = { .folder = argc > 1 ? argv[1] : ".", .suffix = argc > 2 ? argv[2] : "" };

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  adw_init ();
  display_load_style ();
  if (strstr (self.suffix, "dark") != NULL)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                        ADW_COLOR_SCHEME_FORCE_DARK);
  g_mkdir_with_parents (self.folder, 0755);

  self.background = pk_background_model_new ();
  world_set_up (&self.world, WORLD_FULL);
  export_papers (&self);
  open_window (&self, 1280, 800);
  shoot_places (&self, "wide");
  shoot_details (&self, "wide");
  shoot_changes (&self);
  shoot_menus (&self);
  shoot_dialogs (&self);
  close_window (&self);
  open_window (&self, 360, 680);
  shoot_places (&self, "360");
  shoot_details (&self, "360");
  close_window (&self);
  world_set_stand (&self.world, PK_STAND_OFFLINE);
  open_window (&self, 860, 700);
  shoot_places (&self, "middle");
  close_window (&self);
  shoot_alone (&self);
  world_tear_down (&self.world);

  world_set_up (&self.world, WORLD_MANAGER);
  shoot_manager (&self, "building-manager-wide", 1280, 900);
  shoot_manager (&self, "building-manager-360", 360, 900);
  world_tear_down (&self.world);

  world_set_up (&self.world, WORLD_EMPTY);
  world_set_stand (&self.world, PK_STAND_SYNCING);
  open_window (&self, 1100, 700);
  shoot_places (&self, "empty");
  close_window (&self);
  world_tear_down (&self.world);
  g_object_unref (self.background);
  return 0;
}
