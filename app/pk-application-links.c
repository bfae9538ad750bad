/*
 * Links from e-mails and from the search of the desktop. What cannot be opened yet is remembered: until somebody has signed in, and until
 * there has been contact with the municipality. The person is always told. Main thread.
 */
#include "config.h"

#include "pk-application-private.h"

#include "pk-compat.h"
#include "pk-places.h"
#include "pk-problem.h"

#include <glib/gi18n.h>

static void
tell (PkApplication *self, const char *heading, const char *body)
{
  pk_compat_tell (GTK_WINDOW (self->window), heading, body, _ ("_Close"));
}

static void
tell_unreadable (PkApplication *self, const GError *error)
{
  if (pk_problem_get_code (error) == PK_PROBLEM_UNKNOWN_ENTITY)
    tell (self,
          _ ("The link cannot be opened"),
          _ ("It points to something that this version of Påkobla has no page for. Update the "
             "program and try again."));
  else
    tell (self,
          _ ("The link cannot be opened"),
          _ ("Something of it is missing or has been changed. Ask whoever sent it to copy it "
             "again."));
}

/**
 * pk_application_follow_link:
 * @self: the program
 *
 * Opens what a link points to, where there is one to follow and that can be done by now; tells the person where it will not be.
 */
void
pk_application_follow_link (PkApplication *self)
{
  if (!self->has_wanted || self->window == NULL || self->client == NULL)
    return;
  PkStand stand = pk_sync_model_get (self->sync)->stand;
  g_autoptr (PkRecord) record =
      pk_library_find (pk_client_get_library (self->client), self->wanted.entity, &self->wanted.id);
  if (record != NULL)
    {
      self->has_wanted = FALSE;
      pk_window_open (self->window, self->wanted.entity, &self->wanted.id);
    }
  else if (stand == PK_STAND_UP_TO_DATE)
    {
      self->has_wanted = FALSE;
      tell (self,
            _ ("What the link points to is not here"),
            _ ("It has been removed, or you do not have access to it. Ask whoever sent you the "
               "link."));
    }
  else if (stand != PK_STAND_STARTING && stand != PK_STAND_SYNCING && !self->is_wait_told)
    {
      self->is_wait_told = TRUE;
      tell (self,
            _ ("What the link points to is not on this device yet"),
            _ ("It opens by itself as soon as there is contact with the municipality."));
    }
}

/**
 * pk_application_open_link:
 * @self: the program, with a window
 * @text: a link, from outside
 *
 * Opens what it points to, now or as soon as that is possible.
 */
void
pk_application_open_link (PkApplication *self, const char *text)
{
  g_autoptr (GError) error = NULL;

  if (!pk_link_parse (text, &self->wanted, &error))
    {
      g_message ("A link that cannot be opened: %s", error->message);
      tell_unreadable (self, error);
      return;
    }
  self->has_wanted = TRUE;
  self->is_wait_told = FALSE;
  if (self->client == NULL)
    pk_window_say (self->window, _ ("Sign in first. Then the link opens."));
  pk_application_follow_link (self);
}

/**
 * pk_application_open_files:
 * @application: the program
 * @files: (array length=n_files): links
 * @n_files: how many
 * @hint: not used
 *
 * What the desktop asks the program to open.
 */
void
pk_application_open_files (GApplication *application,
                           GFile **files,
                           int n_files,
                           const char *hint G_GNUC_UNUSED)
{
  g_application_activate (application);
  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *uri = g_file_get_uri (files[i]);
      pk_application_open_link (PK_APPLICATION (application), uri);
    }
}
