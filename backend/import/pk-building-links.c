/* Words lead to one record or to none: what two records are called says nothing. Any thread, one at a time. */
#include "config.h"

#include "pk-building-links.h"

#include "pk-model-tables.h"

struct _PkBuildingLinks
{
  GHashTable *ids[PK_N_LINKS]; /* (owned): folded word → PkId; all zero where it is ambiguous */
};

/**
 * pk_building_links_new:
 *
 * Returns: (transfer full): nothing can be tied to yet
 */
PkBuildingLinks *
pk_building_links_new (void)
{
  PkBuildingLinks *self = g_new0 (PkBuildingLinks, 1);

  for (guint i = 0; i < PK_N_LINKS; i++)
    self->ids[i] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

/**
 * pk_building_links_free:
 *
 * Frees it.
 */
void
pk_building_links_free (PkBuildingLinks *self)
{
  for (guint i = 0; i < PK_N_LINKS; i++)
    g_hash_table_unref (self->ids[i]);
  g_free (self);
}

/* Case and blanks do not matter. */
static char *
fold (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t", -1);
  GString *out = g_string_new (NULL);

  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      g_string_append_printf (out, "%s%s", out->len > 0 ? " " : "", *word);
  return g_string_free (out, FALSE);
}

static void
add_word (PkBuildingLinks *self, PkBuildingLink link, const char *text, const PkId *id)
{
  static const PkId ambiguous = { { 0 } };
  char *word = text != NULL ? fold (text) : NULL;
  const PkId *known = word != NULL ? g_hash_table_lookup (self->ids[link], word) : NULL;

  if (word == NULL || *word == '\0' || (known != NULL && pk_id_equal (known, id)))
    g_free (word);
  else
    g_hash_table_replace (self->ids[link],
                          word,
                          g_memdup2 (known != NULL ? &ambiguous : id, sizeof *id));
}

/**
 * pk_building_links_add:
 * @record: a unit, person or property; all others are left out, and persons who do not work here any more
 *
 * Notes what it is called.
 */
void
pk_building_links_add (PkBuildingLinks *self, const PkRecord *record)
{
  static const struct
  {
    guint entity;
    PkBuildingLink link;
    guint field;
  } words[] = {
    { PK_ENTITY_UNIT, PK_LINK_UNIT, PK_UNIT_NAME },
    { PK_ENTITY_UNIT, PK_LINK_UNIT, PK_UNIT_SHORT_NAME },
    { PK_ENTITY_UNIT, PK_LINK_UNIT, PK_UNIT_EMAIL },
    { PK_ENTITY_PERSON, PK_LINK_CARETAKER, PK_PERSON_EMAIL },
    { PK_ENTITY_PERSON, PK_LINK_CARETAKER, PK_PERSON_NUMBER },
    { PK_ENTITY_PERSON, PK_LINK_CARETAKER, PK_PERSON_NAME },
    { PK_ENTITY_PROPERTY, PK_LINK_PROPERTY, PK_PROPERTY_NAME },
    { PK_ENTITY_PROPERTY, PK_LINK_PROPERTY, PK_PROPERTY_CADASTRAL_REF },
    { PK_ENTITY_PROPERTY, PK_LINK_PROPERTY, PK_PROPERTY_SOURCE_REF },
  };
  guint entity = pk_record_get_entity (record)->id;
  const PkId *id = pk_record_get_id (record);
  char text[PK_ID_TEXT_LENGTH + 1];

  if (entity == PK_ENTITY_PERSON && !pk_record_get_int (record, PK_PERSON_IS_ACTIVE, 0))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i].entity == entity)
      {
        add_word (self, words[i].link, pk_record_get_text (record, words[i].field), id);
        add_word (self, words[i].link, pk_id_to_text (id, text), id);
      }
}

/**
 * pk_building_links_find:
 *
 * Returns: (transfer none) (nullable): what the text means, if it means one thing
 */
const PkId *
pk_building_links_find (PkBuildingLinks *self, PkBuildingLink link, const char *text)
{
  g_autofree char *word = fold (text);
  const PkId *id = g_hash_table_lookup (self->ids[link], word);

  return id != NULL && !pk_id_is_null (id) ? id : NULL;
}

/**
 * pk_building_links_is_ambiguous:
 *
 * Returns: whether the text means more than one thing
 */
gboolean
pk_building_links_is_ambiguous (PkBuildingLinks *self, PkBuildingLink link, const char *text)
{
  g_autofree char *word = fold (text);
  const PkId *id = g_hash_table_lookup (self->ids[link], word);

  return id != NULL && pk_id_is_null (id);
}
