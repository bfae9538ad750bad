/* What was told, kept over restarts. A file that is missing or cannot be read is as if nothing had been told yet. Main thread. */
#include "config.h"

#include "pk-notice-memory.h"

#include <string.h>

#define FILE_NAME "notices.ini"
#define TOLD      "told"
#define SHOWN     "shown "

static char *
get_path (const char *directory)
{
  return g_build_filename (directory, FILE_NAME, NULL);
}

static void
load_troubles (PkNoticeMemory *self, GKeyFile *file)
{
  g_auto (GStrv) places = g_key_file_get_string_list (file, TOLD, "troubles", NULL, NULL);

  for (guint i = 0; places != NULL && places[i] != NULL; i++)
    {
      gint64 place = g_ascii_strtoll (places[i], NULL, 10);
      g_array_append_val (self->troubles, place);
    }
}

static void
load_shown (PkNoticeMemory *self, GKeyFile *file, const char *group)
{
  g_autofree char *task = g_key_file_get_string (file, group, "task", NULL);
  const char *key = group + strlen (SHOWN);
  int kind = g_key_file_get_integer (file, group, "kind", NULL);

  if (kind < 0 || kind > PK_NOTICE_SUMMARY ||
      (kind == PK_NOTICE_REFUSED && strchr (key, '/') == NULL))
    return;
  PkNoticeShown *shown = pk_notice_memory_add_shown (self, key, (PkNoticeKind) kind);
  pk_id_parse (task, &shown->task);
  shown->at_us = g_key_file_get_int64 (file, group, "at", NULL);
  shown->could_accept = g_key_file_get_boolean (file, group, "could-accept", NULL);
}

/**
 * pk_notice_memory_load:
 * @directory: of the replica
 *
 * Returns: (transfer full): what was told
 */
PkNoticeMemory *
pk_notice_memory_load (const char *directory)
{
  PkNoticeMemory *self = pk_notice_memory_new ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = get_path (directory);

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return self;
  g_autofree char *day = g_key_file_get_string (file, TOLD, "due-day", NULL);
  self->seq = MAX (g_key_file_get_int64 (file, TOLD, "seq", NULL), 0);
  if (day != NULL)
    g_strlcpy (self->due_day, day, sizeof self->due_day);
  load_troubles (self, file);
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], SHOWN))
      load_shown (self, file, groups[i]);
  return self;
}

static void
save_shown (const PkNoticeShown *shown, GKeyFile *file)
{
  g_autofree char *group = g_strconcat (SHOWN, shown->key, NULL);
  char task[PK_ID_TEXT_LENGTH + 1];

  g_key_file_set_integer (file, group, "kind", (int) shown->kind);
  g_key_file_set_string (file, group, "task", pk_id_to_text (&shown->task, task));
  g_key_file_set_int64 (file, group, "at", shown->at_us);
  g_key_file_set_boolean (file, group, "could-accept", shown->could_accept);
}

/**
 * pk_notice_memory_save:
 * @directory: of the replica
 *
 * Keeps it. The old file stays until the new one is whole.
 *
 * Errors: of %G_FILE_ERROR
 * Returns: %TRUE if it is kept
 */
gboolean
pk_notice_memory_save (const PkNoticeMemory *self, const char *directory, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = get_path (directory);
  g_autoptr (GStrvBuilder) places = g_strv_builder_new ();

  for (guint i = 0; i < self->troubles->len; i++)
    {
      g_autofree char *place = g_strdup_printf ("%" G_GINT64_FORMAT,
                                                g_array_index (self->troubles, gint64, i));
      g_strv_builder_add (places, place);
    }
  g_auto (GStrv) texts = g_strv_builder_end (places);
  g_key_file_set_int64 (file, TOLD, "seq", self->seq);
  g_key_file_set_string (file, TOLD, "due-day", self->due_day);
  g_key_file_set_string_list (file,
                              TOLD,
                              "troubles",
                              (const char *const *) texts,
                              self->troubles->len);
  for (guint i = 0; i < self->shown->len; i++)
    save_shown (self->shown->pdata[i], file);
  return g_key_file_save_to_file (file, path, error);
}
