/*
 * Links to records, made and read. What comes is from outside, such as an e-mail: it is read strictly, but for what mail programs do to
 * links on the way (capitals, two slashes, a slash at the end, a query behind). Pure; any thread.
 */
#include "config.h"

#include "pk-link.h"

#include "pk-model.h"
#include "pk-problem.h"

#include <string.h>

#define LONGEST_NAME 80

static const PkEntityId linked[] = {
  PK_ENTITY_BUILDING, PK_ENTITY_COMPONENT, PK_ENTITY_DOCUMENT,
  PK_ENTITY_LOCATION, PK_ENTITY_PERSON,    PK_ENTITY_TASK,
};

static const PkEntity *
find_linked (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (linked); i++)
    if (g_ascii_strcasecmp (pk_entity_by_id (linked[i])->name, name) == 0)
      return pk_entity_by_id (linked[i]);
  return NULL;
}

/**
 * pk_link_parse_name:
 * @name: (nullable): a link without its scheme, such as "task/01936f3e-…"
 * @out: (out): what it points to
 *
 * Errors: %PK_PROBLEM_MALFORMED (no link at all), %PK_PROBLEM_UNKNOWN_ENTITY (to what this program does not know)
 * Returns: %FALSE if it is none; @out is then unchanged
 */
gboolean
pk_link_parse_name (const char *name, PkLink *out, GError **error)
{
  const char *slash = name == NULL ? NULL : memchr (name, '/', strnlen (name, LONGEST_NAME));
  PkId id;

  if (slash == NULL || slash == name || !pk_id_parse (slash + 1, &id) || pk_id_is_null (&id))
    {
      pk_problem_set (error, PK_PROBLEM_MALFORMED, "", "A link names a kind of record and its id");
      return FALSE;
    }
  g_autofree char *kind = g_strndup (name, (gsize) (slash - name));
  const PkEntity *entity = find_linked (kind);
  if (entity == NULL)
    {
      pk_problem_set (error, PK_PROBLEM_UNKNOWN_ENTITY, "", "No page for what the link points to");
      return FALSE;
    }
  *out = (PkLink){ (PkEntityId) entity->id, id };
  return TRUE;
}

/**
 * pk_link_parse:
 * @text: (nullable): a link from outside
 * @out: (out): what it points to
 *
 * Errors: those of pk_link_parse_name()
 * Returns: %FALSE if it is none of ours; @out is then unchanged
 */
gboolean
pk_link_parse (const char *text, PkLink *out, GError **error)
{
  const char *name = text;

  if (name != NULL &&
      g_ascii_strncasecmp (name, PK_LINK_SCHEME ":", strlen (PK_LINK_SCHEME) + 1) == 0)
    {
      name += strlen (PK_LINK_SCHEME) + 1;
      if (g_str_has_prefix (name, "//"))
        name += 2;
      g_autofree char *bare = g_strndup (name, strnlen (name, LONGEST_NAME));
      bare[strcspn (bare, "?#")] = '\0';
      if (g_str_has_suffix (bare, "/"))
        bare[strlen (bare) - 1] = '\0';
      return pk_link_parse_name (bare, out, error);
    }
  pk_problem_set (error, PK_PROBLEM_MALFORMED, "", "A link begins with " PK_LINK_SCHEME ":");
  return FALSE;
}

/**
 * pk_link_make_name:
 * @entity: a PkEntityId
 * @id: of the record
 *
 * Returns: (transfer full): the link without its scheme
 */
char *
pk_link_make_name (guint entity, const PkId *id)
{
  char text[PK_ID_TEXT_LENGTH + 1];

  return g_strconcat (pk_entity_by_id (entity)->name, "/", pk_id_to_text (id, text), NULL);
}

/**
 * pk_link_make:
 * @entity: a PkEntityId
 * @id: of the record
 *
 * Returns: (transfer full): the link, for the clipboard or an e-mail
 */
char *
pk_link_make (guint entity, const PkId *id)
{
  g_autofree char *name = pk_link_make_name (entity, id);

  return g_strconcat (PK_LINK_SCHEME ":", name, NULL);
}
