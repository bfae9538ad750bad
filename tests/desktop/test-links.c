/* A link to a record, as an e-mail or another program hands it over: opened at once, later, or told why not. */
#include "config.h"

#include "desktop-place.h"
#include "display-page.h"
#include "display-shot.h"
#include "pk-application-private.h"
#include "pk-test.h"

#define APPLICATION_PATH "/no/kommune/kristiansund/Pakobla"
#define APPLICATION_FACE "org.freedesktop.Application"

typedef DesktopPlace Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  desktop_place_set_up (self, (DesktopFlags) GPOINTER_TO_INT (data));
  desktop_place_start (self);
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  desktop_place_tear_down (self);
}

/* Hands a link over as the desktop does. */
static void
open_uri (Fixture *self, const char *uri)
{
  const char *const uris[] = { uri, NULL };

  desktop_place_call (self,
                      APPLICATION_PATH,
                      APPLICATION_FACE,
                      "Open",
                      g_variant_new ("(^as@a{sv})", uris, g_variant_new ("a{sv}", NULL)));
}

static gboolean
shows (Fixture *self, const char *text)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
      if (has_label (window, text))
        return TRUE;
    }
  return self->application->window == NULL;
}

static void
set_stand (Fixture *self, PkStand stand)
{
  PkStandDetails details = { .stand = stand, .offline_since_us = -1, .last_contact_us = -1 };

  pk_sync_model_set (self->application->sync, &details, 0);
  pk_application_follow_link (self->application);
}

static void
test_a_link_starts_the_program_on_its_record (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *link = pk_link_make (PK_ENTITY_TASK, &self->world.tasks[1]);

  open_uri (self, link);
  g_assert_nonnull (self->application->window);
  pk_test_wait_until (shows (self, "Dryppende kran på jentetoalettet"));
  g_assert_false (self->application->has_wanted);
}

static void
test_a_link_opens_in_the_window_that_is_there (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *link = pk_link_make (PK_ENTITY_BUILDING, &self->world.buildings[1]);

  g_application_activate (G_APPLICATION (self->application));
  PkWindow *window = self->application->window;
  open_uri (self, link);
  g_assert_true (self->application->window == window);
  pk_test_wait_until (shows (self, "Rokilde sykehjem"));
}

static void
test_a_link_waits_for_who_signs_in (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *link = pk_link_make (PK_ENTITY_TASK, &self->world.task);

  open_uri (self, link);
  g_assert_nonnull (self->application->sign_in_page);
  g_assert_true (shows (self, "Sign in first. Then the link opens."));
  desktop_place_sign_in (self);
  g_assert_true (pk_application_open_account (self->application));
  pk_test_wait_until (shows (self, "Bytt pære i gymsalen"));
}

static void
test_what_is_not_here_is_told_when_that_is_certain (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  PkId id = pk_id_source_next (self->world.ids);
  g_autofree char *link = pk_link_make (PK_ENTITY_TASK, &id);

  open_uri (self, link);
  set_stand (self, PK_STAND_OFFLINE);
  g_assert_true (shows (self, "What the link points to is not on this device yet"));
  g_assert_true (self->application->has_wanted);
  g_assert_false (shows (self, "What the link points to is not here"));
  set_stand (self, PK_STAND_UP_TO_DATE);
  g_assert_true (shows (self, "What the link points to is not here"));
  g_assert_false (self->application->has_wanted);
}

static void
test_a_broken_link_says_so (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "A link that cannot be opened*");
  open_uri (self, "pakobla:task/26-04100");
  g_test_assert_expected_messages ();
  g_assert_true (shows (self, "The link cannot be opened"));
  g_assert_false (self->application->has_wanted);
}

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  char **text = user_data;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  g_assert_no_error (error);
}

static void
test_a_link_is_copied_from_what_is_open (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  static const guint entities[] = { PK_ENTITY_TASK, PK_ENTITY_BUILDING, PK_ENTITY_DOCUMENT };
  const PkId *const ids[] = { &self->world.task, &self->world.building, &self->world.document };

  g_application_activate (G_APPLICATION (self->application));
  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    {
      GtkWidget *window = GTK_WIDGET (self->application->window);
      g_autofree char *link = pk_link_make (entities[i], ids[i]);
      g_autofree char *text = NULL;
      pk_window_open (self->application->window, entities[i], ids[i]);
      g_assert_true (gtk_widget_activate_action (window, "page.copy-link", NULL));
      gdk_clipboard_read_text_async (gtk_widget_get_clipboard (window), NULL, copied_cb, &text);
      pk_test_wait_until (text != NULL);
      g_assert_cmpstr (text, ==, link);
    }
}

int
main (int argc, char *argv[])
{
  desktop_place_begin ();
  g_test_init (&argc, &argv, NULL);
  gtk_init ();

#define ADD(name, flags, test)                                                                     \
  g_test_add ("/links/" name, Fixture, GINT_TO_POINTER (flags), set_up, test, tear_down)
  ADD ("a-link-starts-the-program-on-its-record",
       DESKTOP_SIGNED_IN,
       test_a_link_starts_the_program_on_its_record);
  ADD ("a-link-opens-in-the-window-that-is-there",
       DESKTOP_SIGNED_IN,
       test_a_link_opens_in_the_window_that_is_there);
  ADD ("a-link-waits-for-who-signs-in", DESKTOP_SIGNED_OUT, test_a_link_waits_for_who_signs_in);
  ADD ("what-is-not-here-is-told-when-that-is-certain",
       DESKTOP_SIGNED_IN,
       test_what_is_not_here_is_told_when_that_is_certain);
  ADD ("a-broken-link-says-so", DESKTOP_SIGNED_IN, test_a_broken_link_says_so);
  ADD ("a-link-is-copied-from-what-is-open",
       DESKTOP_SIGNED_IN,
       test_a_link_is_copied_from_what_is_open);
#undef ADD
  return desktop_place_end (g_test_run ());
}
