/* Names, addresses and numbers of people who do not exist. Telephone numbers begin with 59, which no subscriber's does. */
#include "config.h"

#include "pk-demo-private.h"

#include <string.h>

static JsonArray *
get_list (PkDemo *self, const char *name)
{
  return json_object_get_array_member (json_node_get_object (self->names), name);
}

/**
 * pk_demo_person_name:
 *
 * Returns: (transfer full): given name, sometimes a second one, and family name
 */
char *
pk_demo_person_name (PkDemo *self)
{
  JsonArray *given = get_list (self, pk_demo_chance (self, 50) ? "women" : "men");
  const char *first = pk_demo_pick (self, given);
  const char *family = pk_demo_pick (self, get_list (self, "family"));

  if (pk_demo_chance (self, 85))
    return g_strconcat (first, " ", family, NULL);
  const char *second = pk_demo_chance (self, 50) ? pk_demo_pick (self, given)
                                                 : pk_demo_pick (self, get_list (self, "family"));
  if (g_str_equal (second, first) || g_str_equal (second, family))
    return g_strconcat (first, " ", family, NULL);
  return g_strconcat (first, " ", second, " ", family, NULL);
}

static void
append_folded (GString *out, gunichar c)
{
  static const struct
  {
    gunichar from;
    const char *to;
  } folds[] = { { 0xe6, "ae" }, { 0xf8, "o" }, { 0xe5, "a" }, { 0xe9, "e" }, { 0xf6, "o" } };

  for (gsize i = 0; i < G_N_ELEMENTS (folds); i++)
    if (folds[i].from == c)
      {
        g_string_append (out, folds[i].to);
        return;
      }
  if (c == ' ')
    g_string_append_c (out, '.');
  else if (c < 0x80)
    g_string_append_unichar (out, c);
}

/**
 * pk_demo_email_of:
 * @taken: (element-type utf8 utf8): the addresses that are given out; the new one is added
 *
 * Returns: (transfer full): an address in ASCII that nobody else has
 */
char *
pk_demo_email_of (const char *name, const char *domain, GHashTable *taken)
{
  g_autoptr (GString) local = g_string_new (NULL);

  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    append_folded (local, g_unichar_tolower (g_utf8_get_char (at)));
  char *email = g_strdup_printf ("%s@%s", local->str, domain);
  for (guint n = 2; g_hash_table_contains (taken, email); n++)
    {
      g_free (email);
      email = g_strdup_printf ("%s%u@%s", local->str, n, domain);
    }
  g_hash_table_add (taken, g_strdup (email));
  return email;
}

/**
 * pk_demo_phone:
 *
 * Returns: (transfer full): a number that nobody can have
 */
char *
pk_demo_phone (PkDemo *self)
{
  guint number = pk_demo_random (self, 1000000);

  return g_strdup_printf ("59%u %02u %03u", number / 100000, number / 1000 % 100, number % 1000);
}

/**
 * pk_demo_address:
 *
 * Returns: (transfer full): street and number
 */
char *
pk_demo_address (PkDemo *self)
{
  const char *street = pk_demo_pick (self, get_list (self, "streets"));

  return g_strdup_printf ("%s %u", street, 1 + pk_demo_random (self, 98));
}

/**
 * pk_demo_word:
 * @kind: a list in names.json, under "words"
 *
 * Returns: (nullable): one of its words; NULL if there is no such list
 */
const char *
pk_demo_word (PkDemo *self, const char *kind)
{
  JsonObject *words = json_object_get_object_member (json_node_get_object (self->names), "words");

  if (!json_object_has_member (words, kind))
    return NULL;
  return pk_demo_pick (self, json_object_get_array_member (words, kind));
}
