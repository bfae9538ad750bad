#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * The first page somebody meets. Emits "sign-in" (server address) and "cancelled"; the application does the rest and tells how it goes
 * with pk_sign_in_page_show_waiting() and pk_sign_in_page_show_problem().
 */
#define PK_TYPE_SIGN_IN_PAGE (pk_sign_in_page_get_type ())
G_DECLARE_FINAL_TYPE (PkSignInPage, pk_sign_in_page, PK, SIGN_IN_PAGE, GtkWidget)

GtkWidget *pk_sign_in_page_new (const char *server);
void pk_sign_in_page_show_waiting (PkSignInPage *self, const char *title, const char *text);
void pk_sign_in_page_show_problem (PkSignInPage *self, const char *text);

G_END_DECLS
