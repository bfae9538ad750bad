/* Who acts: a person with roles and scopes, as they were when it was loaded. */
#include "config.h"

#include "pk-service-access.h"
#include "pk-service-private.h"
#include "pk-store-grants.h"
#include "pk-store-log.h"
#include "pk-store-records.h"

struct _PkActor
{
  PkId person;
  GHashTable *scopes; /* (owned): set of names */
  char **roles;       /* (owned) */
};

static void
clear_actor (gpointer data)
{
  PkActor *self = data;

  g_clear_pointer (&self->scopes, g_hash_table_unref);
  g_clear_pointer (&self->roles, g_strfreev);
}

static PkActor *
make_actor (const PkId *person, GPtrArray *grants)
{
  PkActor *self = g_atomic_rc_box_new0 (PkActor);
  g_autoptr (GStrvBuilder) roles = g_strv_builder_new ();

  self->person = *person;
  self->scopes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < grants->len; i++)
    {
      const PkStoreScope *scope = grants->pdata[i];
      g_hash_table_add (self->scopes, g_strdup (scope->name));
      if (g_str_has_prefix (scope->name, "role/"))
        g_strv_builder_add (roles, scope->name + strlen ("role/"));
    }
  self->roles = g_strv_builder_end (roles);
  return self;
}

/**
 * pk_actor_load:
 * @person: who is signed in
 *
 * Errors: %PK_PROBLEM_UNAUTHORIZED for somebody who is unknown or does not work here any more
 * Returns: (transfer full) (nullable): the actor
 */
PkActor *
pk_actor_load (PkService *service, const PkId *person, GError **error)
{
  g_autoptr (GPtrArray) grants = pk_store_get_grants (service->store, person, error);

  if (grants == NULL)
    return NULL;
  if (grants->len > 0)
    return make_actor (person, grants);
  pk_problem_set (error, PK_PROBLEM_UNAUTHORIZED, NULL, "The person does not work here");
  return NULL;
}

/**
 * pk_actor_ref:
 *
 * Returns: (transfer full): @self
 */
PkActor *
pk_actor_ref (PkActor *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * pk_actor_unref:
 *
 * Gives up one reference.
 */
void
pk_actor_unref (PkActor *self)
{
  g_atomic_rc_box_release_full (self, clear_actor);
}

/**
 * pk_actor_get_person:
 *
 * Returns: (transfer none): who it is
 */
const PkId *
pk_actor_get_person (const PkActor *self)
{
  return &self->person;
}

/**
 * pk_actor_has_role:
 *
 * Returns: whether the person has the role by a membership that counts today
 */
gboolean
pk_actor_has_role (const PkActor *self, const char *role)
{
  return g_strv_contains ((const char *const *) self->roles, role);
}

/**
 * pk_actor_get_roles:
 *
 * Returns: (transfer none) (array zero-terminated=1): codes of the person's roles, sorted
 */
const char *const *
pk_actor_get_roles (const PkActor *self)
{
  return (const char *const *) self->roles;
}

/**
 * pk_actor_holds:
 * @scope: a scope's name
 *
 * Returns: whether the person holds it
 */
gboolean
pk_actor_holds (const PkActor *self, const char *scope)
{
  return g_hash_table_contains (self->scopes, scope);
}
