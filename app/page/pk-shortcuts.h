#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  PK_SHORTCUT_GENERAL,
  PK_SHORTCUT_PLACES,
  PK_SHORTCUT_LISTS,
  PK_SHORTCUT_TASK
} PkShortcutGroup;

/*
 * Everything that can be done from the keyboard: the one table that accelerators, the help window and the command palette are
 * made from.
 */
typedef struct
{
  PkShortcutGroup group;
  const char *action;       /* detailed action name */
  const char *accelerators; /* (nullable): separated by blanks; the first one is shown */
  const char *label;        /* msgid: what it does */
} PkShortcut;

const PkShortcut *pk_shortcuts_get (guint *n_out);
const char *pk_shortcuts_get_group_label (PkShortcutGroup group);

G_END_DECLS
