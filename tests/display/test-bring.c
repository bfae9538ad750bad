/*
 * What comes to a page from outside: files that are dropped, pictures on the clipboard, values that had given way. One gesture each.
 */
#include "config.h"

#include "display-page.h"
#include "display-shot.h"
#include "pk-attachment-part.h"
#include "pk-attachments.h"
#include "pk-building-page.h"
#include "pk-compat.h"
#include "pk-documents-page.h"
#include "pk-hero.h"
#include "pk-history-part.h"
#include "pk-model-tables.h"
#include "pk-page.h"
#include "pk-place-picture.h"
#include "pk-place-tree.h"
#include "pk-row-list.h"
#include "pk-sync-dialog.h"
#include "pk-task-page.h"
#include "pk-value-words.h"

#include <adwaita.h>
#include <glib/gstdio.h>

static guint
count_children (Shown *self, guint entity, guint field, const PkId *parent)
{
  g_autoptr (GPtrArray)
      records = pk_reader_list_children (pk_replica_get_reader (self->world.replica),
                                         pk_entity_by_id (entity),
                                         field,
                                         parent,
                                         PK_LIST_FORWARD,
                                         10,
                                         NULL);

  return records != NULL ? records->len : 0;
}

static gboolean
task_has_a_photo_and_a_document (gpointer data)
{
  Shown *self = data;

  return count_children (self, PK_ENTITY_PHOTO, PK_PHOTO_TASK_ID, &self->world.task) == 1 &&
         count_children (self,
                         PK_ENTITY_DOCUMENT_LINK,
                         PK_DOCUMENT_LINK_TASK_ID,
                         &self->world.task) == 1;
}

static gboolean
task_has_a_photo (gpointer data)
{
  Shown *self = data;

  return count_children (self, PK_ENTITY_PHOTO, PK_PHOTO_TASK_ID, &self->world.task) == 1;
}

static gboolean
task_has_no_photo (gpointer data)
{
  return !task_has_a_photo (data);
}

static gboolean
building_has_two_documents (gpointer data)
{
  Shown *self = data;

  return count_children (self,
                         PK_ENTITY_DOCUMENT_LINK,
                         PK_DOCUMENT_LINK_BUILDING_ID,
                         &self->world.building) == 2;
}

static GFile *
make_picture (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "dropped.jpg", NULL);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 400, 300);
  g_autoptr (GError) error = NULL;

  gdk_pixbuf_fill (pixbuf, 0x996633ff);
  gdk_pixbuf_save (pixbuf, path, "jpeg", &error, NULL);
  g_assert_no_error (error);
  return g_file_new_for_path (path);
}

static GFile *
make_text (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "rapport.txt", NULL);

  g_assert_true (g_file_set_contents (path, "Alt i orden", -1, NULL));
  return g_file_new_for_path (path);
}

/* What GTK tells a drop target when files are let go over it. */
static gboolean
drop_on (GtkWidget *widget, GSList *files)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean is_taken = FALSE;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_list (files));
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      if (GTK_IS_DROP_TARGET (controller))
        g_signal_emit_by_name (controller, "drop", &value, 1.0, 1.0, &is_taken);
    }
  return is_taken;
}

static gboolean
drop (Shown *self, GSList *files)
{
  return drop_on (find_widget (self->page, PK_TYPE_ATTACHMENT_PART), files);
}

static void
files_that_are_dropped_on_a_task_are_its_own (void)
{
  Shown self = { 0 };
  g_autoptr (GFile) picture = make_picture ();
  g_autoptr (GFile) text = make_text ();
  g_autoptr (GSList) files = g_slist_append (g_slist_append (NULL, picture), text);

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_task_page_new (self.world.client), &self.world.task);
  g_assert_true (drop (&self, files));
  world_wait (task_has_a_photo_and_a_document, &self);
  g_assert_false (drop (&self, NULL));
  shown_close (&self);
}

static void
a_file_that_is_dropped_on_a_building_is_its_document (void)
{
  Shown self = { 0 };
  g_autoptr (GFile) text = make_text ();
  g_autoptr (GSList) files = g_slist_append (NULL, text);

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_building_page_new (self.world.client), &self.world.building);
  g_assert_true (drop (&self, files));
  world_wait (building_has_two_documents, &self);
  shown_close (&self);
}

/* Content of a document of the building, by its file's name; NULL where it is not here. */
static char *
read_document (Shown *self, const char *name)
{
  g_autoptr (GPtrArray)
      items = pk_attachments_read (self->world.library, PK_ENTITY_BUILDING, &self->world.building);

  for (guint i = 0; i < items->len; i++)
    {
      PkRecord *document = pk_record_item_get_record (items->pdata[i]);
      const char *path = pk_record_item_get_path (items->pdata[i]);
      char *content = NULL;
      if (path != NULL &&
          g_strcmp0 (pk_record_get_text (document, PK_DOCUMENT_FILE_NAME), name) == 0)
        g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
      if (content != NULL)
        return content;
    }
  return NULL;
}

/* As the document portal lends it to a sandbox: in a folder of its own that cannot be written, for as long as the drop takes. */
static void
a_file_that_was_only_lent_is_kept (void)
{
  Shown self = { 0 };
  g_autofree char *folder = g_dir_make_tmp ("pk-portal-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "Tilbud på maling.txt", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GSList) files = g_slist_append (NULL, file);

  g_assert_true (g_file_set_contents (path, "Tilbudet", -1, NULL));
  g_chmod (path, 0400);
  g_chmod (folder, 0500);
  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_building_page_new (self.world.client), &self.world.building);
  g_assert_true (drop (&self, files));
  world_wait (building_has_two_documents, &self);
  g_chmod (folder, 0700);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_autofree char *content = read_document (&self, "Tilbud på maling.txt");
  g_assert_cmpstr (content, ==, "Tilbudet");
  shown_close (&self);
}

typedef struct
{
  GError *error; /* (owned) */
  gboolean is_done;
} Choice;

static void
chosen_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer data)
{
  Choice *choice = data;
  g_autoptr (GFile) file = pk_compat_open_file_finish (result, &choice->error);

  g_assert_null (file);
  choice->is_done = TRUE;
}

static gboolean
is_chosen (gpointer data)
{
  return ((Choice *) data)->is_done;
}

static guint
count_windows (void)
{
  return g_list_model_get_n_items (gtk_window_get_toplevels ());
}

static gboolean
is_chooser_gone (gpointer data)
{
  return count_windows () == GPOINTER_TO_UINT (data);
}

static void
who_leaves_the_page_closes_the_chooser (void)
{
  Shown self = { 0 };
  Choice choice = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_task_page_new (self.world.client), &self.world.task);
  guint before = count_windows ();
  pk_compat_open_file_async (self.page, "Velg", NULL, cancellable, chosen_cb, &choice);
  display_settle (self.window);
  g_assert_false (choice.is_done);
  g_assert_cmpuint (count_windows (), >, before);
  g_cancellable_cancel (cancellable);
  world_wait (is_chosen, &choice);
  g_assert_error (choice.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  world_wait (is_chooser_gone, GUINT_TO_POINTER (before));
  g_clear_error (&choice.error);
  shown_close (&self);
}

static void
a_picture_on_the_clipboard_becomes_a_photo (void)
{
  Shown self = { 0 };
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 200, 150);

  gdk_pixbuf_fill (pixbuf, 0x336699ff);
  g_autoptr (GdkTexture) texture = gdk_texture_new_for_pixbuf (pixbuf);
  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_task_page_new (self.world.client), &self.world.task);
  gdk_clipboard_set_texture (gtk_widget_get_clipboard (self.page), texture);
  gtk_widget_activate_action (self.page, "page.paste-picture", NULL);
  world_wait (task_has_a_photo, &self);
  shown_wait_acted (&self, 1);
  shown_undo (&self);
  world_wait (task_has_no_photo, &self);
  shown_close (&self);
}

static guint
count_documents (Shown *self)
{
  GtkWidget *list = find_widget (self->page, PK_TYPE_ROW_LIST);

  return g_list_model_get_n_items (G_LIST_MODEL (pk_row_list_get_model (PK_ROW_LIST (list))));
}

static gboolean
is_one_document_more (gpointer data)
{
  return count_documents (data) == 4;
}

static gboolean
is_two_documents_more (gpointer data)
{
  return count_documents (data) == 5;
}

static gboolean
is_as_many_documents_as_before (gpointer data)
{
  return count_documents (data) == 3;
}

static void
what_is_brought_to_the_list_of_documents_becomes_one (void)
{
  Shown self = { 0 };
  g_autoptr (GFile) text = make_text ();
  g_autoptr (GSList) files = g_slist_append (NULL, text);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 200, 150);

  gdk_pixbuf_fill (pixbuf, 0x336699ff);
  g_autoptr (GdkTexture) texture = gdk_texture_new_for_pixbuf (pixbuf);
  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_documents_page_new (self.world.client), NULL);
  world_wait (is_as_many_documents_as_before, &self);
  g_assert_true (drop_on (self.page, files));
  world_wait (is_one_document_more, &self);
  shown_wait_acted (&self, 1);
  gdk_clipboard_set_texture (gtk_widget_get_clipboard (self.page), texture);
  gtk_widget_activate_action (self.page, "place.paste", NULL);
  world_wait (is_two_documents_more, &self);
  shown_wait_acted (&self, 2);
  shown_undo (&self);
  world_wait (is_one_document_more, &self);
  shown_close (&self);
}

static gboolean
building_has_a_picture (gpointer data)
{
  Shown *self = data;
  g_autoptr (PkRecord)
      building = pk_library_find (self->world.library, PK_ENTITY_BUILDING, &self->world.building);

  return pk_record_get_ref (building, PK_BUILDING_PICTURE_ID) != NULL &&
         gtk_widget_get_mapped (find_widget (self->page, PK_TYPE_HERO));
}

static gboolean
building_has_no_picture (gpointer data)
{
  Shown *self = data;
  g_autoptr (PkRecord)
      building = pk_library_find (self->world.library, PK_ENTITY_BUILDING, &self->world.building);

  return pk_record_get_ref (building, PK_BUILDING_PICTURE_ID) == NULL;
}

static void
a_picture_that_is_dropped_at_the_top_is_the_buildings_face (void)
{
  Shown self = { 0 };
  g_autoptr (GFile) picture = make_picture ();
  g_autoptr (GFile) text = make_text ();
  g_autoptr (GSList) files = g_slist_append (NULL, picture);
  g_autoptr (GSList) others = g_slist_append (NULL, text);

  world_set_up (&self.world, WORLD_MANAGER);
  shown_open (&self, pk_building_page_new (self.world.client), &self.world.building);
  GtkWidget *part = find_widget (self.page, PK_TYPE_PLACE_PICTURE);
  g_assert_true (gtk_widget_get_visible (part));
  g_assert_true (drop_on (part, others));
  g_assert_true (building_has_no_picture (&self));
  shown_wait_acted (&self, 1);
  g_assert_true (drop_on (part, files));
  world_wait (building_has_a_picture, &self);
  shown_wait_acted (&self, 2);
  gtk_widget_activate_action (self.page, "page.remove-picture", NULL);
  world_wait (building_has_no_picture, &self);
  shown_wait_acted (&self, 3);
  shown_undo (&self);
  world_wait (building_has_a_picture, &self);
  shown_close (&self);
}

static void
the_face_of_a_building_is_changed_by_those_whose_it_is (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_building_page_new (self.world.client), &self.world.building);
  g_assert_false (gtk_widget_get_visible (find_widget (self.page, PK_TYPE_PLACE_PICTURE)));
  g_assert_false (g_action_group_get_action_enabled (pk_page_get_actions (PK_PAGE (self.page)),
                                                     "choose-picture"));
  shown_close (&self);
}

static void
words_on_the_clipboard_are_no_photo (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_task_page_new (self.world.client), &self.world.task);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (self.page), "bare ord");
  gtk_widget_activate_action (self.page, "page.paste-picture", NULL);
  shown_wait_acted (&self, 1);
  g_assert_true (task_has_no_photo (&self));
  shown_close (&self);
}

#define MERGED_TASK 6
#define GIVEN_TASK  8
#define GIVEN       "Sjekk sluket i dusjen til gutta"
#define LOST        "Bytt filter i aggregat 36.01 før fredag"

static gboolean
lost_title_is_back (gpointer data)
{
  Shown *self = data;
  g_autoptr (PkRecord) task = pk_library_find (self->world.library, PK_ENTITY_TASK, &self->id);

  return g_strcmp0 (pk_record_get_text (task, PK_TASK_TITLE), LOST) == 0;
}

static GtkWidget *
find_button (GtkWidget *from, const char *label)
{
  g_autoptr (GPtrArray) buttons = g_ptr_array_new ();

  collect_widgets (from, GTK_TYPE_BUTTON, buttons);
  for (guint i = 0; i < buttons->len; i++)
    if (g_strcmp0 (gtk_button_get_label (buttons->pdata[i]), label) == 0)
      return buttons->pdata[i];
  g_assert_not_reached ();
}

static void
a_value_that_gave_way_is_brought_back_from_the_history (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  self.id = self.world.tasks[MERGED_TASK];
  shown_open (&self, pk_task_page_new (self.world.client), &self.id);
  GtkWidget *history = find_widget (self.page, PK_TYPE_HISTORY_PART);
  g_assert_true (has_label (history, LOST));
  g_signal_emit_by_name (find_button (history, "_Bring it back"), "clicked");
  world_wait (lost_title_is_back, &self);
  shown_close (&self);
}

static void
a_value_that_gave_way_is_brought_back_from_the_sync_dialog (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  self.id = self.world.tasks[MERGED_TASK];
  shown_open (&self, pk_task_page_new (self.world.client), &self.id);
  pk_sync_dialog_present (GTK_WINDOW (self.window), self.world.client, self.world.sync);
  GtkWidget *dialog = display_get_top ();
  display_settle (dialog);
  g_signal_emit_by_name (find_button (dialog, "_Bring back the other value"), "clicked");
  world_wait (lost_title_is_back, &self);
  gtk_window_destroy (GTK_WINDOW (dialog));
  shown_close (&self);
}

static gboolean
given_title_is_back (gpointer data)
{
  Shown *self = data;
  g_autoptr (PkRecord) task = pk_library_find (self->world.library, PK_ENTITY_TASK, &self->id);

  return g_strcmp0 (pk_record_get_text (task, PK_TASK_TITLE), GIVEN) == 0;
}

static void
what_the_person_wrote_and_gave_way_later_is_told_and_brought_back (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  self.id = self.world.tasks[GIVEN_TASK];
  shown_open (&self, pk_task_page_new (self.world.client), &self.id);
  pk_sync_dialog_present (GTK_WINDOW (self.window), self.world.client, self.world.sync);
  GtkWidget *dialog = display_get_top ();
  display_settle (dialog);
  g_assert_true (has_label (dialog, GIVEN));
  g_assert_true (has_label (dialog, "Ola Hansen changed it, and now it says"));
  g_signal_emit_by_name (find_button (dialog, "_Bring back what you wrote"), "clicked");
  world_wait (given_title_is_back, &self);
  display_settle (dialog);
  g_assert_false (has_label (dialog, "Ola Hansen changed it, and now it says"));
  gtk_window_destroy (GTK_WINDOW (dialog));
  shown_close (&self);
}

static PkRecord *
new_history (Shown *self, PkHistoryKind kind, const char *field, const char *old, const char *new)
{
  PkId id = pk_id_source_next (self->world.ids);
  PkRecord *history = pk_record_new (pk_entity_by_id (PK_ENTITY_HISTORY), &id);

  pk_record_set_text (history, PK_HISTORY_ENTITY, "task");
  pk_record_set_int (history, PK_HISTORY_KIND, (gint64) kind);
  pk_record_set_text (history, PK_HISTORY_FIELD, field);
  pk_record_set_text (history, PK_HISTORY_OLD_VALUE, old);
  pk_record_set_text (history, PK_HISTORY_NEW_VALUE, new);
  pk_record_set_ref (history, PK_HISTORY_ACTOR_ID, &self->world.persons[1]);
  return history;
}

static void
history_tells_who_did_what_in_words (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  g_autoptr (PkRecord)
      changed = new_history (&self, PK_HISTORY_KIND_CHANGED, "priority", "\"normal\"", "\"high\"");
  g_autoptr (PkRecord) created = new_history (&self, PK_HISTORY_KIND_CREATED, NULL, NULL, NULL);
  g_autoptr (PkRecord)
      restored = new_history (&self, PK_HISTORY_KIND_RESTORED, "title", NULL, NULL);
  g_autofree char *first = pk_history_sentence (self.world.library, changed);
  g_autofree char *second = pk_history_sentence (self.world.library, created);
  g_autofree char *third = pk_history_sentence (self.world.library, restored);

  g_assert_cmpstr (first, ==, "Ola Hansen changed Priority from Normal to High");
  g_assert_cmpstr (second, ==, "Ola Hansen registered: Task");
  g_assert_cmpstr (third, ==, "Ola Hansen brought back an earlier Title");
  world_tear_down (&self.world);
}

static gboolean
tree_is_ready (gpointer data)
{
  return pk_place_tree_is_ready (data);
}

static PkRowItem *
find_row (GListModel *rows, const char *title)
{
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (PkRowItem) row = g_list_model_get_item (rows, i);
      if (g_strcmp0 (pk_row_item_get_face (row)->title, title) == 0)
        return g_steal_pointer (&row);
    }
  return NULL;
}

static void
the_tree_of_places_goes_from_building_to_component (void)
{
  Shown self = { 0 };
  static const char *const titles[] = { "Dale barneskole",
                                        "1. etasje",
                                        "Gymsal",
                                        "Ventilasjonsaggregat 36.01" };

  world_set_up (&self.world, WORLD_FULL);
  g_autoptr (PkPlaceTree) tree = pk_place_tree_new (self.world.library);
  world_wait (tree_is_ready, tree);
  g_autoptr (GListModel) rows = g_object_ref (pk_place_tree_get_roots (tree));
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      g_autoptr (PkRowItem) row = find_row (rows, titles[i]);
      g_test_message ("%s", titles[i]);
      g_assert_nonnull (row);
      g_clear_object (&rows);
      rows = pk_place_tree_create_children (tree, row);
      g_assert_true (rows != NULL || i + 1 == G_N_ELEMENTS (titles));
    }
  g_clear_object (&rows);
  g_clear_object (&tree);
  world_tear_down (&self.world);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*func) (void);
  } tests[] = {
    { "/bring/files-that-are-dropped-on-a-task-are-its-own",
      files_that_are_dropped_on_a_task_are_its_own },
    { "/bring/a-file-that-is-dropped-on-a-building-is-its-document",
      a_file_that_is_dropped_on_a_building_is_its_document },
    { "/bring/a-file-that-was-only-lent-is-kept", a_file_that_was_only_lent_is_kept },
    { "/bring/who-leaves-the-page-closes-the-chooser", who_leaves_the_page_closes_the_chooser },
    { "/bring/a-picture-on-the-clipboard-becomes-a-photo",
      a_picture_on_the_clipboard_becomes_a_photo },
    { "/bring/what-is-brought-to-the-list-of-documents-becomes-one",
      what_is_brought_to_the_list_of_documents_becomes_one },
    { "/bring/a-picture-that-is-dropped-at-the-top-is-the-buildings-face",
      a_picture_that_is_dropped_at_the_top_is_the_buildings_face },
    { "/bring/the-face-of-a-building-is-changed-by-those-whose-it-is",
      the_face_of_a_building_is_changed_by_those_whose_it_is },
    { "/bring/words-on-the-clipboard-are-no-photo", words_on_the_clipboard_are_no_photo },
    { "/bring/a-value-that-gave-way-is-brought-back-from-the-history",
      a_value_that_gave_way_is_brought_back_from_the_history },
    { "/bring/a-value-that-gave-way-is-brought-back-from-the-sync-dialog",
      a_value_that_gave_way_is_brought_back_from_the_sync_dialog },
    { "/bring/what-the-person-wrote-and-gave-way-later-is-told-and-brought-back",
      what_the_person_wrote_and_gave_way_later_is_told_and_brought_back },
    { "/history/history-tells-who-did-what-in-words", history_tells_who_did_what_in_words },
    { "/places/the-tree-of-places-goes-from-building-to-component",
      the_tree_of_places_goes_from_building_to_component },
  };

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  display_load_style ();
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_func (tests[i].name, tests[i].func);
  return g_test_run ();
}
