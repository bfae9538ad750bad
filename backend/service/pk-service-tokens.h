#pragma once

#include "pk-service.h"

G_BEGIN_DECLS

#define PK_TOKEN_ACCESS_SECONDS  (15 * 60)
#define PK_TOKEN_SIGN_IN_SECONDS (10 * 60)

/* What a device gets: an access token for a quarter of an hour, and what renews it. */
typedef struct
{
  char *access;  /* (owned) */
  char *refresh; /* (owned) */
  PkId person;
  PkId device;
  PkId family; /* all that began with one sign-in */
  char *name;  /* (owned): the person's */
  gint64 expires_us;
} PkTokenPair;

typedef struct
{
  PkId person;
  PkId device;
  PkId family;
  gint64 expires_us;
} PkTokenAccess;

char *pk_token_make (void);
char *pk_token_hash (const char *token);

/* On the writing thread. A refusal is PK_PROBLEM_UNAUTHORIZED or PK_PROBLEM_DEVICE_REVOKED. */
char *
pk_service_make_code (PkService *service, const PkId *person, const char *data, GError **error);
char *pk_service_take_code (PkService *service,
                            const char *code,
                            PkId *person_out,
                            PkId *family_out,
                            GError **error);
char *pk_service_make_sign_in (PkService *service, const char *data, GError **error);
char *pk_service_take_sign_in (PkService *service, const char *secret, GError **error);
PkTokenPair *pk_service_make_tokens (PkService *service,
                                     const PkId *family,
                                     const PkId *person,
                                     const PkId *device,
                                     const char *device_name,
                                     GError **error);
PkTokenPair *pk_service_refresh_tokens (PkService *service,
                                        const char *refresh,
                                        PkId *family_out,
                                        GError **error);
gboolean
pk_service_revoke_tokens (PkService *service, const char *token, PkId *family_out, GError **error);
gboolean
pk_service_move_tokens (PkService *service, const PkId *family, const PkId *device, GError **error);

/* On any thread of the pool. */
gboolean pk_service_find_access (PkService *service,
                                 const char *hash,
                                 PkTokenAccess *access_out,
                                 GError **error);
void pk_token_pair_free (PkTokenPair *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkTokenPair, pk_token_pair_free)

G_END_DECLS
