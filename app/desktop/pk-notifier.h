#pragma once

#include "pk-library.h"

G_BEGIN_DECLS

/*
 * Tells what is new by notifications of the desktop, and takes back what is settled: carries out what pk_notice_decide() says, whenever the
 * replica, the day or the hour changed and sync stands still. Main thread.
 */
#define PK_TYPE_NOTIFIER (pk_notifier_get_type ())
G_DECLARE_FINAL_TYPE (PkNotifier, pk_notifier, PK, NOTIFIER, GObject)

PkNotifier *pk_notifier_new (GApplication *application, PkLibrary *library, GSettings *settings);
void pk_notifier_set_settled (PkNotifier *self, gboolean is_settled);
void pk_notifier_set_looking (PkNotifier *self, gboolean is_looking, const PkId *open_task);
void
pk_notifier_tell_done (PkNotifier *self, const char *text, const char *link, gboolean can_undo);
void pk_notifier_take_back_done (PkNotifier *self);
void pk_notifier_leave (PkNotifier *self);
gboolean pk_notifier_is_busy (PkNotifier *self);

G_END_DECLS
