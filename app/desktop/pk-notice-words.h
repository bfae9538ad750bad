#pragma once

#include "pk-notice.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * What is told, as the desktop shows it: words, and buttons that activate the application's actions open-link, accept-task, complete-task,
 * postpone-task (a link each), show-place (its name), show-sync and undo. Of a confidential task nothing but that there is one: a screen
 * may be locked, and others may look at it.
 */
GNotification *pk_notice_make (const PkNotice *notice);
GNotification *pk_notice_make_done (const char *text, const char *link, gboolean can_undo);

G_END_DECLS
