/* Signing in: which server, then the system's browser. Waiting and what goes wrong have their own words here. Main thread. */
#include "config.h"

#include "pk-sign-in-page.h"

#include "pk-compat.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _PkSignInPage
{
  GtkWidget parent_instance;
  GtkWidget *stack;
  GtkWidget *server;
  GtkWidget *problem;
  GtkWidget *waiting;
};

G_DEFINE_FINAL_TYPE (PkSignInPage, pk_sign_in_page, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_SIGN_IN,
  SIGNAL_CANCELLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
sign_in_cb (PkSignInPage *self)
{
  g_autofree char *server =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->server))));

  if (server[0] == '\0')
    {
      pk_sign_in_page_show_problem (self, _ ("Write the address of your municipality’s server."));
      return;
    }
  g_autofree char *address = strstr (server, "://") != NULL
                                 ? g_strdup (server)
                                 : g_strconcat ("https://", server, NULL);
  g_signal_emit (self, signals[SIGNAL_SIGN_IN], 0, address);
}

static void
cancel_cb (PkSignInPage *self)
{
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "ask");
  g_signal_emit (self, signals[SIGNAL_CANCELLED], 0);
}

static void
pk_sign_in_page_dispose (GObject *object)
{
  g_clear_pointer (&PK_SIGN_IN_PAGE (object)->stack, gtk_widget_unparent);
  G_OBJECT_CLASS (pk_sign_in_page_parent_class)->dispose (object);
}

static guint
new_signal (PkSignInPageClass *klass, const char *name, guint n_arguments, GType type)
{
  return g_signal_new (name,
                       G_TYPE_FROM_CLASS (klass),
                       G_SIGNAL_RUN_LAST,
                       0,
                       NULL,
                       NULL,
                       NULL,
                       G_TYPE_NONE,
                       n_arguments,
                       type);
}

static void
pk_sign_in_page_class_init (PkSignInPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_sign_in_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  signals[SIGNAL_SIGN_IN] = new_signal (klass, "sign-in", 1, G_TYPE_STRING);
  signals[SIGNAL_CANCELLED] = new_signal (klass, "cancelled", 0, G_TYPE_NONE);
}

static GtkWidget *
new_button (PkSignInPage *self, const char *label, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_add_css_class (button, "pill");
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (button, "clicked", callback, self);
  return button;
}

static GtkWidget *
new_form (PkSignInPage *self)
{
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *button = new_button (self, _ ("_Sign in"), G_CALLBACK (sign_in_cb));

  self->server = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->server), _ ("Server"));
  g_signal_connect_swapped (self->server, "entry-activated", G_CALLBACK (sign_in_cb), self);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Where to sign in"),
                                  -1);
  gtk_list_box_append (GTK_LIST_BOX (list), self->server);
  self->problem = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->problem), TRUE);
  gtk_label_set_justify (GTK_LABEL (self->problem), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (self->problem, "error");
  gtk_widget_set_visible (self->problem, FALSE);
  gtk_widget_add_css_class (button, "suggested-action");
  gtk_box_append (GTK_BOX (box), list);
  gtk_box_append (GTK_BOX (box), self->problem);
  gtk_box_append (GTK_BOX (box), button);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 360);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  return clamp;
}

static void
pk_sign_in_page_init (PkSignInPage *self)
{
  GtkWidget *ask = adw_status_page_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *spinner = gtk_spinner_new ();

  self->stack = gtk_stack_new ();
  gtk_widget_set_parent (self->stack, GTK_WIDGET (self));
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (ask), PK_APPLICATION_ID);
  adw_status_page_set_title (ADW_STATUS_PAGE (ask), _ ("Welcome to Påkobla"));
  adw_status_page_set_description (
      ADW_STATUS_PAGE (ask),
      _ ("Sign in once, in the browser. After that everything works with or without network."));
  adw_status_page_set_child (ADW_STATUS_PAGE (ask), new_form (self));

  self->waiting = adw_status_page_new ();
  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Waiting"),
                                  -1);
  gtk_widget_set_size_request (spinner, 32, 32);
  gtk_box_append (GTK_BOX (box), spinner);
  gtk_box_append (GTK_BOX (box), new_button (self, _ ("_Cancel"), G_CALLBACK (cancel_cb)));
  adw_status_page_set_child (ADW_STATUS_PAGE (self->waiting), box);
  gtk_stack_add_named (GTK_STACK (self->stack), ask, "ask");
  gtk_stack_add_named (GTK_STACK (self->stack), self->waiting, "waiting");
  pk_compat_name_buttons (self->stack);
}

/**
 * pk_sign_in_page_new:
 * @server: (nullable): the address that is known already
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
pk_sign_in_page_new (const char *server)
{
  PkSignInPage *self = g_object_new (PK_TYPE_SIGN_IN_PAGE, NULL);

  if (server != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->server), server);
  return GTK_WIDGET (self);
}

/**
 * pk_sign_in_page_show_waiting:
 * @self: the page
 * @title: what is waited for
 * @text: what the person shall do meanwhile
 *
 * Shows that something is under way.
 */
void
pk_sign_in_page_show_waiting (PkSignInPage *self, const char *title, const char *text)
{
  adw_status_page_set_title (ADW_STATUS_PAGE (self->waiting), title);
  adw_status_page_set_description (ADW_STATUS_PAGE (self->waiting), text);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "waiting");
}

/**
 * pk_sign_in_page_show_problem:
 * @self: the page
 * @text: what went wrong and what to do
 *
 * Shows the form again, with what went wrong.
 */
void
pk_sign_in_page_show_problem (PkSignInPage *self, const char *text)
{
  gtk_label_set_label (GTK_LABEL (self->problem), text);
  gtk_widget_set_visible (self->problem, TRUE);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "ask");
}
