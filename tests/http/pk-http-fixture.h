#pragma once

#include "pk-http.h"
#include "pk-record.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/*
 * A real server on loopback in this process, with two units that know nothing of each other: Kari and the task of the
 * north, Ola and the task of the south.
 */
typedef struct
{
  char *dir;            /* (owned) */
  PkHttp *http;         /* (owned) */
  SoupSession *session; /* (owned) */
  PkId north, south;
  PkId kari, ola;
  PkId north_task, south_task;
  char *kari_token; /* (owned) */
  char *ola_token;  /* (owned) */
  PkId kari_device;
} PkHttpFixture;

typedef struct
{
  guint status;
  SoupMessageHeaders *headers; /* (owned) */
  char *body;                  /* (owned) */
  gsize size;
} PkReply;

PkHttpFixture *pk_http_fixture_new (const PkHttpOptions *options);
PkHttpFixture *pk_http_fixture_new_on_port (const PkHttpOptions *options, guint16 port);
void pk_http_fixture_restart (PkHttpFixture *self, const PkHttpOptions *options, guint16 port);
void pk_http_fixture_free (PkHttpFixture *self);

/* @headers: "Name: value" lines, NULL-terminated (nullable). @body: nullable. */
PkReply *pk_http_fixture_send (PkHttpFixture *self,
                               const char *method,
                               const char *path,
                               const char *token,
                               const char *const *headers,
                               const char *body,
                               gssize size);
PkReply *pk_http_fixture_json (PkHttpFixture *self,
                               const char *method,
                               const char *path,
                               const char *token,
                               const char *body);
PkReply *pk_http_fixture_get (PkHttpFixture *self, const char *path, const char *token);
void pk_reply_free (PkReply *self);
char *pk_reply_dup_text (PkReply *self, const char *member);
void pk_reply_assert_problem (PkReply *self, guint status, const char *code, const char *pointer);
char *pk_http_fixture_sign_in (PkHttpFixture *self, const PkId *person, PkId *device_out);
void pk_http_fixture_wait (gboolean (*is_done) (gpointer data), gpointer data);
gint64 pk_http_fixture_get_seq (PkHttpFixture *self);
PkReply *
pk_http_fixture_admin (PkHttpFixture *self, const char *method, const char *path, const char *body);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkHttpFixture, pk_http_fixture_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkReply, pk_reply_free)

G_END_DECLS
