#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * What differs between Debian 12's GTK 4.8 with libadwaita 1.2 and newer ones: the only room that may use newer or deprecated
 * interfaces. Main thread.
 */
void pk_compat_set_row_label (GtkWidget *row_child, const char *label);
void pk_compat_name_buttons (GtkWidget *root);
void pk_compat_set_name (GtkWidget *button, const char *name);
void pk_compat_scroll_to (GtkListView *list, guint position);
void pk_compat_set_end_buttons (GtkWidget *header, gboolean is_shown);
void pk_compat_add_expander_button (GtkWidget *row, GtkWidget *button);
void pk_compat_open_uri (GtkWidget *from, const char *uri);

void pk_compat_open_file_async (GtkWidget *from,
                                const char *title,
                                const char *const *media_types,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GFile *pk_compat_open_file_finish (GAsyncResult *result, GError **error);
void pk_compat_save_file_async (GtkWidget *from,
                                const char *title,
                                const char *name,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GFile *pk_compat_save_file_finish (GAsyncResult *result, GError **error);
void pk_compat_open_with_async (GtkWidget *from,
                                GFile *file,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean pk_compat_open_with_finish (GAsyncResult *result, GError **error);

void pk_compat_show_about (GtkWindow *parent,
                           const char *name,
                           const char *icon_name,
                           const char *version,
                           const char *website,
                           const char *comments);

/* Says something that the person must have seen. */
void pk_compat_tell (GtkWindow *parent, const char *heading, const char *body, const char *close);

/* The help window of shortcuts is filled group by group: pk_compat_shortcuts_add() with the accelerator in GTK's form. */
GtkWindow *pk_compat_shortcuts_new (GtkWindow *parent);
void pk_compat_shortcuts_add_group (GtkWindow *shortcuts, const char *title);
void pk_compat_shortcuts_add (GtkWindow *shortcuts, const char *title, const char *accelerator);
void pk_compat_shortcuts_present (GtkWindow *shortcuts);

void pk_compat_show_preferences (GtkWindow *parent, const char *title, GtkWidget *page);

G_END_DECLS
