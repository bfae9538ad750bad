/*
 * Codes and tokens: 256 random bits each, kept as SHA-256. A refresh token is used once and gives the next one; the family of
 * tokens that began with one sign-in dies when a used one comes back – unless its answer was lost: within GRACE_US, and while
 * nobody has used a next one, the device that asks again gets a next one again. Nobody can tell which of these answers arrived (a
 * network may repeat a request, and a program that was killed has one under way), so each of them is good until one is used;
 * then the others are worth nothing.
 */
#include "config.h"

#include "pk-service-tokens.h"

#include "pk-hash.h"
#include "pk-problem.h"
#include "pk-service-devices.h"
#include "pk-store-records.h"
#include "pk-store-tokens.h"

#include <string.h>
#include <sys/random.h>

#define TOKEN_BYTES 32
#define CODE_US     (60 * G_USEC_PER_SEC)
#define SIGN_IN_US  (PK_TOKEN_SIGN_IN_SECONDS * G_USEC_PER_SEC)
#define ACCESS_US   (PK_TOKEN_ACCESS_SECONDS * G_USEC_PER_SEC)
#define REFRESH_US  (G_GINT64_CONSTANT (90) * 24 * 3600 * G_USEC_PER_SEC)
#define GRACE_US    (120 * G_USEC_PER_SEC)

static char *
to_base64url (const guint8 *bytes, gsize size)
{
  char *text = g_base64_encode (bytes, size);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

/**
 * pk_token_make:
 *
 * Returns: (transfer full): 256 random bits from the kernel, as base64url
 */
char *
pk_token_make (void)
{
  guint8 bytes[TOKEN_BYTES];

  if (getrandom (bytes, sizeof bytes, 0) != (gssize) sizeof bytes)
    g_error ("The kernel gives no randomness");
  return to_base64url (bytes, sizeof bytes);
}

/**
 * pk_token_hash:
 *
 * Returns: (transfer full): what is stored of @token
 */
char *
pk_token_hash (const char *token)
{
  return pk_sha256_of_bytes (token, strlen (token));
}

/**
 * pk_token_pair_free:
 */
void
pk_token_pair_free (PkTokenPair *self)
{
  g_free (self->access);
  g_free (self->refresh);
  g_free (self->name);
  g_free (self);
}

static gboolean
refuse (GError **error, const char *why)
{
  pk_problem_set (error, PK_PROBLEM_UNAUTHORIZED, NULL, "%s", why);
  return FALSE;
}

static gboolean
put_token (PkService *service,
           const char *text,
           const char *kind,
           const PkToken *like,
           gint64 life_us,
           const char *data,
           GError **error)
{
  g_autofree char *hash = pk_token_hash (text);
  g_autoptr (PkToken) token = pk_token_new (hash, kind);

  token->family = like->family;
  token->person = like->person;
  token->device = like->device;
  token->created_us = pk_service_now_us (service);
  token->expires_us = token->created_us + life_us;
  token->data = g_strdup (data);
  return pk_store_put_token (pk_service_get_store (service), token, error);
}

/**
 * pk_service_make_code:
 * @person: who has signed in
 * @data: what the caller wants to know when the code comes back
 *
 * Returns: (transfer full) (nullable): a code that is good for a minute
 */
char *
pk_service_make_code (PkService *service, const PkId *person, const char *data, GError **error)
{
  g_autofree char *code = pk_token_make ();
  PkToken like = { .family = pk_id_source_next (pk_service_get_ids (service)), .person = *person };

  return put_token (service, code, "code", &like, CODE_US, data, error) ? g_steal_pointer (&code)
                                                                        : NULL;
}

/* The token behind a text, if it is of that kind and still lives. */
static PkToken *
find_token (PkService *service, const char *text, const char *kind, GError **error)
{
  g_autofree char *hash = text != NULL ? pk_token_hash (text) : NULL;
  g_autoptr (GError) local = NULL;
  g_autoptr (PkToken) token =
      hash != NULL ? pk_store_find_token (pk_service_get_store (service), hash, &local) : NULL;

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (token == NULL || !g_str_equal (token->kind, kind) ||
      token->expires_us <= pk_service_now_us (service))
    {
      refuse (error, "It is not known, or has expired");
      return NULL;
    }
  return g_steal_pointer (&token);
}

/**
 * pk_service_make_sign_in:
 * @data: what the caller wants to know when the browser comes back
 *
 * Keeps a sign-in that begins at another server, for %PK_TOKEN_SIGN_IN_SECONDS.
 *
 * Returns: (transfer full) (nullable): what the browser brings back
 */
char *
pk_service_make_sign_in (PkService *service, const char *data, GError **error)
{
  g_autofree char *secret = pk_token_make ();
  PkToken like = { .family = pk_id_source_next (pk_service_get_ids (service)) };

  return put_token (service, secret, "sign-in", &like, SIGN_IN_US, data, error)
             ? g_steal_pointer (&secret)
             : NULL;
}

/**
 * pk_service_take_sign_in:
 * @secret: (nullable): from pk_service_make_sign_in()
 *
 * Takes a sign-in that was begun, which can be done once.
 *
 * Errors: %PK_PROBLEM_UNAUTHORIZED
 * Returns: (transfer full) (nullable): the data that it was made with
 */
char *
pk_service_take_sign_in (PkService *service, const char *secret, GError **error)
{
  g_autoptr (PkToken) token = find_token (service, secret, "sign-in", error);

  if (token == NULL ||
      !pk_store_delete_token_family (pk_service_get_store (service), &token->family, error))
    return NULL;
  return g_steal_pointer (&token->data);
}

/* Somebody has a token that was used before: nobody with that family goes on. */
static void
revoke_family (PkService *service, const PkToken *token, GError **error)
{
  if (pk_store_delete_token_family (pk_service_get_store (service), &token->family, error))
    refuse (error, "It was used before; sign in again");
}

static char *
dup_person_name (PkService *service, const PkId *person, GError **error)
{
  const PkEntity *entity = pk_entity_by_id (PK_ENTITY_PERSON);
  g_autoptr (PkRecord)
      record = pk_store_find (pk_service_get_store (service), entity, person, error);

  if (record == NULL)
    {
      if (error != NULL && *error == NULL)
        refuse (error, "The person is not here any more");
      return NULL;
    }
  if (pk_record_get_int (record, PK_PERSON_IS_ACTIVE, 0) == 0)
    {
      refuse (error, "The person does not work here any more");
      return NULL;
    }
  return g_strdup (pk_record_get_text (record, PK_PERSON_NAME));
}

/* A pair of tokens of @like's family; @used (nullable) is the refresh token that it replaces. */
static PkTokenPair *
make_pair (PkService *service, const PkToken *like, PkToken *used, GError **error)
{
  PkStore *store = pk_service_get_store (service);
  g_autoptr (PkTokenPair) pair = g_new0 (PkTokenPair, 1);
  gboolean is_first_use = used != NULL && used->used_us == 0;

  pair->access = pk_token_make ();
  pair->refresh = pk_token_make ();
  pair->person = like->person;
  pair->device = like->device;
  pair->family = like->family;
  pair->expires_us = pk_service_now_us (service) + ACCESS_US;
  pair->name = dup_person_name (service, &like->person, error);
  if (pair->name == NULL)
    return NULL;
  if (used != NULL)
    {
      used->used_us = pk_service_now_us (service);
      g_free (used->data);
      used->data = pk_token_hash (pair->refresh);
    }
  if (!pk_store_begin (store, error))
    return NULL;
  if ((!is_first_use || pk_store_delete_unused_tokens (store, used, error)) &&
      put_token (service, pair->access, "access", like, ACCESS_US, NULL, error) &&
      put_token (service, pair->refresh, "refresh", like, REFRESH_US, NULL, error) &&
      (used == NULL || pk_store_put_token (store, used, error)) && pk_store_commit (store, error))
    return g_steal_pointer (&pair);
  pk_store_rollback (store);
  return NULL;
}

/**
 * pk_service_make_tokens:
 * @family: (nullable): of the code that it began with; NULL: a new one
 * @device: a device that the person had before; kept if it is that person's; all zero: none
 * @device_name: (nullable)
 *
 * Registers a device where there is none yet.
 *
 * Returns: (transfer full) (nullable): a family's first pair
 */
PkTokenPair *
pk_service_make_tokens (PkService *service,
                        const PkId *family,
                        const PkId *person,
                        const PkId *device,
                        const char *device_name,
                        GError **error)
{
  PkToken like = { .person = *person };
  g_autofree char *person_name = dup_person_name (service, person, error);
  g_autoptr (PkDevice) known = NULL;

  if (person_name == NULL)
    return NULL;
  like.family = family != NULL ? *family : pk_id_source_next (pk_service_get_ids (service));
  if (!pk_id_is_null (device))
    known = pk_service_check_device (service, person, device, NULL);
  if (known != NULL)
    like.device = known->id;
  else if (!pk_service_register_device (service,
                                        person,
                                        device_name ? device_name : "Påkobla",
                                        NULL,
                                        &like.device,
                                        error))
    return NULL;
  return make_pair (service, &like, NULL, error);
}

/**
 * pk_service_take_code:
 * @person_out: (out): whose it is
 * @family_out: (out): for pk_service_make_tokens(); also where that family is revoked
 *
 * Takes a code, which can be done once: a second time revokes what the first one gave.
 *
 * Errors: %PK_PROBLEM_UNAUTHORIZED
 * Returns: (transfer full) (nullable): the data that it was made with
 */
char *
pk_service_take_code (PkService *service,
                      const char *code,
                      PkId *person_out,
                      PkId *family_out,
                      GError **error)
{
  g_autoptr (PkToken) token = find_token (service, code, "code", error);

  *family_out = (PkId){ { 0 } };
  if (token == NULL)
    return NULL;
  *family_out = token->family;
  if (token->used_us != 0)
    {
      revoke_family (service, token, error);
      return NULL;
    }
  token->used_us = pk_service_now_us (service);
  *person_out = token->person;
  return pk_store_put_token (pk_service_get_store (service), token, error) ? g_strdup (token->data)
                                                                           : NULL;
}

/* Whether a used refresh token may be used again because its answer never came through. */
static gboolean
was_answer_lost (PkService *service, const PkToken *token)
{
  if (pk_service_now_us (service) - token->used_us > GRACE_US || token->data == NULL)
    return FALSE;
  g_autoptr (PkToken)
      next = pk_store_find_token (pk_service_get_store (service), token->data, NULL);
  return next != NULL && next->used_us == 0;
}

/**
 * pk_service_refresh_tokens:
 * @refresh: (nullable)
 * @family_out: (out): whose it is, also where that family is revoked; all zero where the token is not known
 *
 * A revoked device gets its pair too: it is told why at every door but the one where it may hand in what it has.
 *
 * Errors: %PK_PROBLEM_UNAUTHORIZED
 * Returns: (transfer full) (nullable): the family's next pair
 */
PkTokenPair *
pk_service_refresh_tokens (PkService *service,
                           const char *refresh,
                           PkId *family_out,
                           GError **error)
{
  g_autoptr (PkToken) token = find_token (service, refresh, "refresh", error);

  *family_out = (PkId){ { 0 } };
  if (token == NULL)
    return NULL;
  *family_out = token->family;
  g_autoptr (GError) local = NULL;
  g_autoptr (PkDevice)
      device = pk_service_check_device (service, &token->person, &token->device, &local);
  if (device == NULL && !g_error_matches (local, PK_PROBLEM_ERROR, PK_PROBLEM_DEVICE_REVOKED))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (token->used_us != 0 && !was_answer_lost (service, token))
    {
      revoke_family (service, token, error);
      return NULL;
    }
  return make_pair (service, token, token, error);
}

/**
 * pk_service_revoke_tokens:
 * @token: of any kind; an unknown one is no error (RFC 7009)
 * @family_out: (out): whose tokens are no more; all zero where there was none
 */
gboolean
pk_service_revoke_tokens (PkService *service, const char *token, PkId *family_out, GError **error)
{
  g_autofree char *hash = pk_token_hash (token);
  g_autoptr (GError) local = NULL;
  g_autoptr (PkToken) found = pk_store_find_token (pk_service_get_store (service), hash, &local);

  *family_out = (PkId){ 0 };
  if (found == NULL)
    {
      if (local != NULL)
        g_propagate_error (error, g_steal_pointer (&local));
      return error == NULL || *error == NULL;
    }
  *family_out = found->family;
  return pk_store_delete_token_family (pk_service_get_store (service), &found->family, error);
}

/**
 * pk_service_find_access:
 * @hash: of an access token
 * @access_out: (out): whose it is
 *
 * Errors: %PK_PROBLEM_UNAUTHORIZED, %PK_PROBLEM_DEVICE_REVOKED
 */
gboolean
pk_service_find_access (PkService *service,
                        const char *hash,
                        PkTokenAccess *access_out,
                        GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (PkToken) token = pk_store_find_token (pk_service_get_store (service), hash, &local);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (token == NULL || !g_str_equal (token->kind, "access") ||
      token->expires_us <= pk_service_now_us (service))
    return refuse (error, "The access token is not valid");
  g_autoptr (PkDevice)
      device = pk_service_check_device (service, &token->person, &token->device, error);
  *access_out = (PkTokenAccess){ token->person, token->device, token->family, token->expires_us };
  return device != NULL;
}

/**
 * pk_service_move_tokens:
 * @device: the one that the family belongs to from now on
 *
 * After a device was found to be a copy of another.
 */
gboolean
pk_service_move_tokens (PkService *service, const PkId *family, const PkId *device, GError **error)
{
  return pk_store_move_token_family (pk_service_get_store (service), family, device, error);
}
