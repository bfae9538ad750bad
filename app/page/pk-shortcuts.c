/* The one table of what can be done from the keyboard. Constant; any thread. */
#include "config.h"

#include "pk-shortcuts.h"

#include <glib/gi18n.h>

static const PkShortcut shortcuts[] = {
  { PK_SHORTCUT_GENERAL, "win.palette", "<Control>k", N_ ("Do anything") },
  { PK_SHORTCUT_GENERAL, "win.new-task::", "<Control>n", N_ ("New task") },
  { PK_SHORTCUT_GENERAL, "win.search", "<Control>f", N_ ("Search everything") },
  { PK_SHORTCUT_GENERAL, "win.undo", "<Control>z", N_ ("Undo") },
  { PK_SHORTCUT_GENERAL, "win.sync-now", "F5 <Control>r", N_ ("Synchronise now") },
  { PK_SHORTCUT_GENERAL, "win.show-sync", "<Control>j", N_ ("What waits and what needs you") },
  { PK_SHORTCUT_GENERAL, "win.print", "<Control>p", N_ ("Print") },
  { PK_SHORTCUT_GENERAL, "win.preferences", "<Control>comma", N_ ("Preferences") },
  { PK_SHORTCUT_GENERAL, "win.shortcuts", "<Control>question", N_ ("Keyboard shortcuts") },
  { PK_SHORTCUT_GENERAL, "win.about", NULL, N_ ("About Påkobla") },
  { PK_SHORTCUT_GENERAL, "win.back", "<Alt>Left", N_ ("Back") },
  { PK_SHORTCUT_GENERAL, "win.toggle-places", "F9", N_ ("Show or hide the places") },
  { PK_SHORTCUT_GENERAL, "app.sign-out", NULL, N_ ("Sign out") },
  { PK_SHORTCUT_GENERAL, "app.quit", "<Control>q", N_ ("Quit") },
  { PK_SHORTCUT_PLACES, "win.show-place::my-day", "<Alt>1", N_ ("My day") },
  { PK_SHORTCUT_PLACES, "win.show-place::tasks", "<Alt>2", N_ ("Tasks") },
  { PK_SHORTCUT_PLACES, "win.show-place::buildings", "<Alt>3", N_ ("Buildings") },
  { PK_SHORTCUT_PLACES, "win.show-place::documents", "<Alt>4", N_ ("Documents") },
  { PK_SHORTCUT_LISTS, "place.select", "<Control>m", N_ ("Choose several") },
  { PK_SHORTCUT_LISTS, "place.add-file", "<Control>o", N_ ("Add a photo or a document") },
  { PK_SHORTCUT_LISTS, "place.print", NULL, N_ ("Print the list") },
  { PK_SHORTCUT_LISTS, "place.complete-selected", NULL, N_ ("Complete those chosen") },
  { PK_SHORTCUT_LISTS, "place.take-selected", NULL, N_ ("Take those chosen") },
  { PK_SHORTCUT_TASK, "page.accept", "<Control><Shift>a", N_ ("Accept the task") },
  { PK_SHORTCUT_TASK, "page.start", "<Control><Shift>s", N_ ("Start, or go on with, the task") },
  { PK_SHORTCUT_TASK, "page.report-back", "<Control><Shift>Return", N_ ("Report back") },
  { PK_SHORTCUT_TASK, "page.wait", "<Control>h", N_ ("Put the task on hold") },
  { PK_SHORTCUT_TASK, "page.assign-me", "<Control><Shift>m", N_ ("Assign the task to me") },
  { PK_SHORTCUT_TASK, "page.change::assignee", "<Control><Shift>g", N_ ("Give the task to…") },
  { PK_SHORTCUT_TASK,
    "page.change::unit",
    "<Control><Shift>o",
    N_ ("Hand the task over to a unit…") },
  { PK_SHORTCUT_TASK, "page.change::building", "<Control><Shift>b", N_ ("Change the building…") },
  { PK_SHORTCUT_TASK, "page.change::place", "<Control><Shift>l", N_ ("Change the place…") },
  { PK_SHORTCUT_TASK, "page.change::component", "<Control><Shift>c", N_ ("Change the component…") },
  { PK_SHORTCUT_TASK, "page.change::category", "<Control><Shift>k", N_ ("Change the category…") },
  { PK_SHORTCUT_TASK, "page.change::due", "<Control><Shift>d", N_ ("Change when it is due…") },
  { PK_SHORTCUT_TASK, "page.cancel", NULL, N_ ("Cancel the task") },
  { PK_SHORTCUT_TASK, "page.reopen", NULL, N_ ("Reopen the task") },
  { PK_SHORTCUT_TASK, "page.edit-title", "F2", N_ ("Edit the title or the name") },
  { PK_SHORTCUT_TASK, "page.edit-note", NULL, N_ ("Write what is good to know") },
  { PK_SHORTCUT_TASK, "page.write-public", "<Control><Shift>w", N_ ("Write to the reporter") },
  { PK_SHORTCUT_TASK, "page.write-internal", "<Control>i", N_ ("Write to colleagues") },
  { PK_SHORTCUT_TASK, "page.add-file", "<Control><Shift>f", N_ ("Add a photo or a document") },
  { PK_SHORTCUT_TASK, "page.paste-picture", "<Control><Shift>v", N_ ("Paste a picture") },
  { PK_SHORTCUT_TASK,
    "page.choose-picture",
    "<Control><Shift>p",
    N_ ("Choose a picture of the building") },
  { PK_SHORTCUT_TASK,
    "page.change-kind",
    "<Control><Shift>t",
    N_ ("Change the kind of document…") },
  { PK_SHORTCUT_TASK, "page.new-deviation", "<Control>d", N_ ("New deviation here") },
  { PK_SHORTCUT_TASK, "page.copy-link", "<Control>l", N_ ("Copy a link to what is open") },
  { PK_SHORTCUT_TASK, "page.save-copy", "<Control><Shift>e", N_ ("Save a copy of the document") },
};

/**
 * pk_shortcuts_get:
 * @n_out: (out): how many
 *
 * Returns: (transfer none) (array length=n_out): the table
 */
const PkShortcut *
pk_shortcuts_get (guint *n_out)
{
  *n_out = G_N_ELEMENTS (shortcuts);
  return shortcuts;
}

/**
 * pk_shortcuts_get_group_label:
 * @group: a group
 *
 * Returns: (transfer none): what its shortcuts have in common
 */
const char *
pk_shortcuts_get_group_label (PkShortcutGroup group)
{
  switch (group)
    {
    case PK_SHORTCUT_PLACES:
      return _ ("Places");
    case PK_SHORTCUT_LISTS:
      return _ ("Lists");
    case PK_SHORTCUT_TASK:
      return _ ("Tasks");
    case PK_SHORTCUT_GENERAL:
    default:
      return _ ("Everywhere");
    }
}
