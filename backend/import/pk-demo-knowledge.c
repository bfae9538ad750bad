/*
 * Categories of all service areas and the articles with best practice.
 *
 * An article is a file of its own in data/demo/articles/: a first line "# Title", then lines "name: value" (category, audience,
 * owner = key of a unit), a blank line, and the text. A category names its article by the file's name.
 */
#include "config.h"

#include "pk-demo-data.h"
#include "pk-demo-private.h"

#include <string.h>

#define ARTICLES "/no/kommune/kristiansund/Pakobla/demo/articles/"

static void
remember_id (PkDemo *self, GHashTable *table, const char *name)
{
  PkId id = pk_demo_next_id (self);

  g_hash_table_insert (table, g_strdup (name), g_memdup2 (&id, sizeof id));
}

static char *
read_article (const char *file_name, GError **error)
{
  g_autofree char *path = g_strconcat (ARTICLES, file_name, NULL);
  g_autoptr (GBytes) bytes =
      g_resource_lookup_data (pk_demo_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  if (bytes == NULL)
    return NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  return g_strndup (data, size);
}

static gboolean
set_article_header (PkDemo *self,
                    PkRecord *record,
                    const char *name,
                    const char *value,
                    GError **error)
{
  if (g_str_equal (name, "category"))
    {
      PkId *category = g_hash_table_lookup (self->categories, value);
      if (category == NULL)
        return pk_demo_fail (error, "An article names a category that is not there", value);
      pk_record_set_ref (record, PK_ARTICLE_CATEGORY_ID, category);
    }
  else if (g_str_equal (name, "audience"))
    pk_demo_set_code (record, PK_ARTICLE_AUDIENCE, value);
  else if (g_str_equal (name, "owner"))
    {
      PkDemoUnit *unit = g_hash_table_lookup (self->units_by_key, value);
      if (unit == NULL)
        return pk_demo_fail (error, "An article names a unit that is not there", value);
      PkDemoPerson *leader = unit->people->pdata[0];
      pk_record_set_ref (record, PK_ARTICLE_OWNER_ID, &leader->id);
    }
  else
    return pk_demo_fail (error, "An article has an unknown heading", name);
  return TRUE;
}

static gboolean
give_article (PkDemo *self, const char *file_name, const PkId *id, GError **error)
{
  g_autofree char *text = read_article (file_name, error);
  g_autoptr (PkRecord) record = pk_demo_record (self, PK_ENTITY_ARTICLE, id);

  if (text == NULL)
    return FALSE;
  char *body = strstr (text, "\n\n");
  if (!g_str_has_prefix (text, "# ") || body == NULL)
    return pk_demo_fail (error, "An article needs a title, headings and a text", file_name);
  *body = '\0';
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  pk_record_set_text (record, PK_ARTICLE_TITLE, lines[0] + 2);
  for (char **line = lines + 1; *line != NULL; line++)
    {
      char *colon = strstr (*line, ": ");
      if (colon == NULL)
        return pk_demo_fail (error, "An article's heading needs a colon", *line);
      *colon = '\0';
      if (!set_article_header (self, record, *line, colon + 2, error))
        return FALSE;
    }
  g_autofree char *review_on = pk_demo_day (self, 30 + (int) pk_demo_random (self, 500));
  pk_record_set_text (record, PK_ARTICLE_REVIEW_ON, review_on);
  pk_record_set_text (record, PK_ARTICLE_BODY, g_strstrip (body + 2));
  return pk_demo_give (self, g_steal_pointer (&record), error);
}

static const PkId *
find_category (PkDemo *self, JsonObject *spec, const char *member)
{
  const char *code = json_object_get_string_member_with_default (spec, member, NULL);

  return code != NULL ? g_hash_table_lookup (self->categories, code) : NULL;
}

static gboolean
set_category_links (PkDemo *self, PkRecord *record, JsonObject *spec, GError **error)
{
  const char *article = json_object_get_string_member_with_default (spec, "article", NULL);
  const char *unit_key = json_object_get_string_member (spec, "unit");
  PkDemoUnit *unit = g_hash_table_lookup (self->units_by_key, unit_key);

  if (unit == NULL)
    return pk_demo_fail (error, "A category names a unit that is not there", unit_key);
  pk_record_set_ref (record, PK_CATEGORY_UNIT_ID, &unit->id);
  if (article == NULL)
    return TRUE;
  PkId *article_id = g_hash_table_lookup (self->articles, article);
  if (article_id == NULL)
    return pk_demo_fail (error, "A category names an article that is not there", article);
  pk_record_set_ref (record, PK_CATEGORY_ARTICLE_ID, article_id);
  return TRUE;
}

static gboolean
give_category (PkDemo *self, JsonObject *spec, const char *area, GError **error)
{
  const PkId *parent = find_category (self, spec, "parent");
  g_autoptr (PkRecord)
      record = pk_demo_record (self, PK_ENTITY_CATEGORY, find_category (self, spec, "code"));

  if (parent != NULL)
    pk_record_set_ref (record, PK_CATEGORY_PARENT_ID, parent);
  pk_record_set_text (record, PK_CATEGORY_CODE, json_object_get_string_member (spec, "code"));
  pk_record_set_text (record, PK_CATEGORY_NAME, json_object_get_string_member (spec, "name"));
  pk_record_set_text (record,
                      PK_CATEGORY_KEYWORDS,
                      json_object_get_string_member_with_default (spec, "keywords", NULL));
  pk_demo_set_code (record, PK_CATEGORY_AREA, area);
  pk_demo_set_code (record,
                    PK_CATEGORY_PRIORITY,
                    json_object_get_string_member_with_default (spec, "priority", "normal"));
  pk_record_set_int (record,
                     PK_CATEGORY_TARGET_DAYS,
                     json_object_get_int_member_with_default (spec, "days", 10));
  return set_category_links (self, record, spec, error) &&
         pk_demo_give (self, g_steal_pointer (&record), error);
}

typedef gboolean (*CategoryFunc) (PkDemo *self, JsonObject *spec, const char *area, GError **error);

static gboolean
remember_category (PkDemo *self, JsonObject *spec, const char *area, GError **error)
{
  const char *code = json_object_get_string_member (spec, "code");

  (void) area;
  if (g_hash_table_contains (self->categories, code))
    return pk_demo_fail (error, "The category stands twice", code);
  remember_id (self, self->categories, code);
  return TRUE;
}

static gboolean
for_each_category (PkDemo *self, CategoryFunc func, GError **error)
{
  for (guint i = 0; i < self->services->len; i++)
    {
      JsonObject *service = json_node_get_object (self->services->pdata[i]);
      JsonArray *categories = json_object_get_array_member (service, "categories");
      const char *area = json_object_get_string_member (service, "area");
      for (guint j = 0; j < json_array_get_length (categories); j++)
        if (!func (self, json_array_get_object_element (categories, j), area, error))
          return FALSE;
    }
  return TRUE;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char *
name_of_article (const char *file_name)
{
  return g_strndup (file_name, strcspn (file_name, "."));
}

/**
 * pk_demo_make_knowledge:
 *
 * Makes categories and articles.
 *
 * Returns: %TRUE unless the sink failed or a declaration is wrong
 */
gboolean
pk_demo_make_knowledge (PkDemo *self, GError **error)
{
  g_auto (GStrv) files = g_resource_enumerate_children (pk_demo_get_resource (),
                                                        ARTICLES,
                                                        G_RESOURCE_LOOKUP_FLAGS_NONE,
                                                        error);

  if (files == NULL)
    return FALSE;
  pk_demo_begin_theme (self, 3);
  qsort (files, g_strv_length (files), sizeof *files, compare_texts);
  for (char **file = files; *file != NULL; file++)
    {
      g_autofree char *name = name_of_article (*file);
      remember_id (self, self->articles, name);
    }
  if (!for_each_category (self, remember_category, error) ||
      !for_each_category (self, give_category, error))
    return FALSE;
  for (char **file = files; *file != NULL; file++)
    {
      g_autofree char *name = name_of_article (*file);
      if (!give_article (self, *file, g_hash_table_lookup (self->articles, name), error))
        return FALSE;
    }
  return pk_demo_end_group (self, error);
}
