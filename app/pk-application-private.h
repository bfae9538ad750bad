#pragma once

#include "pk-application.h"

#include "pk-background.h"
#include "pk-client.h"
#include "pk-day-watch.h"
#include "pk-early-replica.h"
#include "pk-link.h"
#include "pk-notifier.h"
#include "pk-replica.h"
#include "pk-search-provider.h"
#include "pk-sign-in-page.h"
#include "pk-sync-session.h"
#include "pk-window.h"

G_BEGIN_DECLS

struct _PkApplication
{
  AdwApplication parent_instance;
  char *server;               /* (owned) (nullable): --server */
  char *demo_person;          /* (owned) (nullable): --demo-person */
  char *status_file;          /* (owned) (nullable): --status-file */
  char *data_directory;       /* (owned) */
  PkClock *clock;             /* (owned) */
  PkIdSource *ids;            /* (owned) */
  PkSyncModel *sync;          /* (owned) */
  PkWindow *window;           /* (nullable): GTK holds it */
  PkSignInPage *sign_in_page; /* (nullable): the window holds it */
  char *problem;              /* (owned) (nullable): why somebody must sign in */
  PkAuthorizer *authorizer;   /* (owned) (nullable) */
  PkClient *client;           /* (owned) (nullable) */
  PkDayWatch *day_watch;      /* (owned) (nullable): with the client */
  PkEarlyReplica *early;  /* (owned) (nullable): of who was signed in last, until it is asked for */
  PkReplica *replica;     /* (owned) (nullable) */
  PkSyncSession *session; /* (owned) (nullable) */
  PkAccount *account;     /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable): of signing in */
  guint look_up_id;          /* looks up who is signed in, when the window stands */
  gboolean is_looking_up;    /* that is under way */
  guint again_id;            /* tries again to sign in */
  gint64 unreachable_us;     /* since when nobody answers a demo person who signs in; 0: not so */
  gint64 started_us;         /* when this run began to sync */
  gboolean is_renewed;       /* a person of the demo has signed in anew and is not up to date yet */
  gboolean is_reported;      /* the status file is written */
  guint lease_id;            /* looks whether reading is still allowed */
  gboolean has_signed_in;    /* just now: a lease that has run out is renewed */
  PkLink wanted;             /* what a link points to that could not be opened yet */
  gboolean has_wanted;
  PkSearchProvider *search;            /* (owned) (nullable): while the program is on the bus */
  PkBackgroundModel *background_model; /* (owned) */
  PkBackground *background;            /* (owned) (nullable): from after the first frame on */
  GSettings *settings;   /* (owned) (nullable): from then on, where the schema is installed */
  gboolean is_kept;      /* it goes on without a window */
  guint desktop_id;      /* begins what the first frame does without */
  PkNotifier *notifier;  /* (owned) (nullable): while somebody is signed in and syncs */
  char *acting;          /* (owned) (nullable): the link to what a notification's button acts on */
  guint stay_id;         /* the program stays for a while though it has no window */
  gboolean is_wait_told; /* the person knows that it cannot be opened yet */
};

void pk_application_take_authorizer (PkApplication *self, const char *server);
void pk_application_start_session (PkApplication *self);
gboolean pk_application_show_account (PkApplication *self, const PkAccount *account);
void pk_application_leave (PkApplication *self);

/* What the desktop asks for without looking at the window. */
gboolean pk_application_register_on_bus (GApplication *application,
                                         GDBusConnection *connection,
                                         const char *path,
                                         GError **error);
void
pk_application_leave_bus (GApplication *application, GDBusConnection *connection, const char *path);
void pk_application_stay (PkApplication *self);
void pk_application_end_stay (PkApplication *self);
void pk_application_show_desktop (PkApplication *self);
void pk_application_plan_desktop (PkApplication *self);
void pk_application_close_desktop (PkApplication *self);
void pk_application_keep (PkApplication *self, gboolean is_kept);
int pk_application_run_in_background (PkApplication *self);

/* Notifications, and what their buttons do. */
void pk_application_add_notice_actions (PkApplication *self);
void pk_application_start_notices (PkApplication *self);
void pk_application_stop_notices (PkApplication *self, gboolean is_leaving);
void pk_application_watch_window (PkApplication *self);
void pk_application_watch_client (PkApplication *self);

/* Links from outside. */
void
pk_application_open_files (GApplication *application, GFile **files, int n_files, const char *hint);
void pk_application_open_link (PkApplication *self, const char *text);
void pk_application_follow_link (PkApplication *self);

/* Signing in and out. */
gboolean pk_application_open_account (PkApplication *self);
void pk_application_begin (PkApplication *self);
void pk_application_begin_sync (PkApplication *self);
void pk_application_sign_in_at (PkApplication *self, const char *server);
void pk_application_renew_demo (PkApplication *self);
void pk_application_sign_out (PkApplication *self);
void pk_application_show_sign_in_page (PkApplication *self, const char *problem);

G_END_DECLS
