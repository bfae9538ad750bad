#pragma once

#include "pk-clock.h"
#include "pk-id.h"

G_BEGIN_DECLS

typedef struct
{
  PkId person;
  PkId device;
  PkId family;
  gint64 expires_us;
  gint64 known_us; /* since when it is here; set by pk_known_tokens_add() */
} PkKnownToken;

/* The access tokens in use, so that most requests ask no database who they are from. Main thread. */
typedef struct _PkKnownTokens PkKnownTokens;

PkKnownTokens *pk_known_tokens_new (PkClock *clock);
void pk_known_tokens_free (PkKnownTokens *self);
const PkKnownToken *pk_known_tokens_find (PkKnownTokens *self, const char *hash);
void pk_known_tokens_add (PkKnownTokens *self, const char *hash, const PkKnownToken *token);
void pk_known_tokens_forget (PkKnownTokens *self, const PkId *family_or_device);
void pk_known_tokens_forget_all (PkKnownTokens *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkKnownTokens, pk_known_tokens_free)

G_END_DECLS
