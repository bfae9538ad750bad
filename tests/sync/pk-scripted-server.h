#pragma once

#include "pk-feed.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* How the server behaves for everything, or only for what a test is about. */
typedef enum
{
  PK_SCRIPT_WELL,
  PK_SCRIPT_PORTAL,     /* 200 and a page of a hotel, for everything */
  PK_SCRIPT_REDIRECT,   /* 302 to the hotel */
  PK_SCRIPT_NO_HEADER,  /* our answers, without our header */
  PK_SCRIPT_WRONG_TYPE, /* our header, a page */
  PK_SCRIPT_TROUBLE,    /* 500 */
  PK_SCRIPT_SILENT      /* takes the request and never answers */
} PkScriptMood;

/*
 * A server over real HTTP on loopback, played by hand: one person, one scope, a feed that is written beforehand. What
 * was asked of it is counted.
 */
typedef struct
{
  SoupServer *server; /* (owned) */
  char *uri;          /* (owned): without a slash at the end */
  PkScriptMood mood;
  PkId person;
  PkId device;
  PkId epoch;
  PkId task;     /* the one in the feed */
  PkId document; /* the one that a content is of */
  gint64 seq;
  GString *feed;        /* (owned) */
  gssize cut;           /* feed is cut after so many bytes; -1: not */
  gboolean cuts_socket; /* and the connection with it */
  gboolean packs;       /* zstd */
  gboolean refuses_refresh;
  guint token;        /* the one that is good */
  gboolean is_strict; /* answers 401 to any other token */
  guint spoiled;      /* this one's access token has ended */
  guint counts[8];
  GPtrArray *mutations;   /* (owned): PkMutation, as they came */
  const char *push_fault; /* (nullable): problem's word for the next push */
  PkId fresh_device;
  GHashTable *contents;  /* (owned): sha256 → GBytes */
  GHashTable *uploading; /* (owned): sha256 → GByteArray */
  gboolean takes_half;   /* of each chunk, then the connection is gone */
  gsize
      step; /* of contents and snapshots so many bytes come, or of an upload are taken, then the connection is gone; 0: all */
} PkScriptedServer;

enum
{
  PK_SCRIPT_PULLS,
  PK_SCRIPT_PUSHES,
  PK_SCRIPT_REFRESHES,
  PK_SCRIPT_STREAMS,
  PK_SCRIPT_UPLOADS,
  PK_SCRIPT_CONTENTS,
  PK_SCRIPT_RANGES
};

PkScriptedServer *pk_scripted_server_new (void);
void pk_scripted_server_free (PkScriptedServer *self);
char *pk_scripted_server_add_content (PkScriptedServer *self, const char *text);
void pk_scripted_server_offer_snapshot (PkScriptedServer *self, const char *path);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkScriptedServer, pk_scripted_server_free)

G_END_DECLS
