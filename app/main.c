/* The client: sets up the language and runs the application. */
#include "config.h"

#include "pk-application.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, PK_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name (_ ("Påkobla"));
  g_set_prgname (PK_APPLICATION_ID);

  g_autoptr (PkApplication) application = pk_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
