/* See the header. One thread. */
#include "config.h"

#include "pk-sim-disk.h"

#include "pk-sim-disk-private.h"

#include <errno.h>
#include <string.h>

struct _PkSimImage
{
  GHashTable *files; /* (owned): path → PkSimFile, on no disk */
};

static GHashTable *disks; /* (owned) (nullable): name → PkSimDisk */

/**
 * pk_sim_disk_new:
 *
 * Returns: (transfer full): an empty disk
 */
PkSimDisk *
pk_sim_disk_new (const char *name)
{
  PkSimDisk *self = g_new0 (PkSimDisk, 1);

  if (disks == NULL)
    disks = g_hash_table_new (g_str_hash, g_str_equal);
  self->name = g_strdup (name);
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, pk_sim_file_free);
  g_hash_table_insert (disks, self->name, self);
  return self;
}

/**
 * pk_sim_disk_free:
 *
 * Throws a disk away.
 */
void
pk_sim_disk_free (PkSimDisk *self)
{
  g_hash_table_remove (disks, self->name);
  g_hash_table_unref (self->files);
  g_free (self->name);
  g_free (self);
}

/**
 * pk_sim_disk_find:
 *
 * Returns: (transfer none) (nullable): the disk that a path is on; NULL where it is none of ours
 */
PkSimDisk *
pk_sim_disk_find (const char *path)
{
  char name[16];

  if (disks == NULL || !g_str_has_prefix (path, PK_SIM_ROOT))
    return NULL;
  const char *start = path + strlen (PK_SIM_ROOT);
  gsize length = strcspn (start, "/");
  if (length >= sizeof name)
    return NULL;
  memcpy (name, start, length);
  name[length] = '\0';
  return g_hash_table_lookup (disks, name);
}

/**
 * pk_sim_disk_save:
 *
 * Returns: (transfer full): a copy of all files
 */
PkSimImage *
pk_sim_disk_save (PkSimDisk *self)
{
  PkSimImage *image = g_new0 (PkSimImage, 1);
  GHashTableIter iter;
  gpointer path, file;

  image->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, pk_sim_file_free);
  g_hash_table_iter_init (&iter, self->files);
  while (g_hash_table_iter_next (&iter, &path, &file))
    {
      const char *below = (char *) path + strlen (PK_SIM_ROOT) + strlen (self->name);
      PkSimFile *copy = pk_sim_file_new (NULL);
      pk_sim_file_copy (copy, file);
      g_hash_table_insert (image->files, g_strdup (below), copy);
    }
  return image;
}

/* A journal that is open somewhere is emptied instead: that is the same as none. */
static gboolean
is_not_in (gpointer path, gpointer file, gpointer data)
{
  gpointer *parts = data;
  PkSimDisk *self = parts[0];
  const PkSimImage *image = parts[1];
  const char *below = (char *) path + strlen (PK_SIM_ROOT) + strlen (self->name);

  if (g_hash_table_contains (image->files, below))
    return FALSE;
  if (!g_str_has_suffix (path, "-wal"))
    return TRUE;
  g_ptr_array_set_size (((PkSimFile *) file)->pages, 0);
  ((PkSimFile *) file)->size = 0;
  pk_sim_file_forget_users (file);
  return FALSE;
}

/**
 * pk_sim_disk_load:
 * @image: of this disk or of another one
 *
 * Puts a copy in the place of all files. Nobody may be in a transaction.
 */
void
pk_sim_disk_load (PkSimDisk *self, const PkSimImage *image)
{
  gpointer parts[] = { self, (gpointer) image };
  GHashTableIter iter;
  gpointer below, from;

  g_hash_table_foreach_remove (self->files, is_not_in, parts);
  g_hash_table_iter_init (&iter, image->files);
  while (g_hash_table_iter_next (&iter, &below, &from))
    {
      g_autofree char *path = g_strconcat (PK_SIM_ROOT, self->name, below, NULL);
      PkSimFile *file = g_hash_table_lookup (self->files, path);
      if (file == NULL)
        {
          file = pk_sim_file_new (self);
          g_hash_table_insert (self->files, g_strdup (path), file);
        }
      pk_sim_file_copy (file, from);
      pk_sim_file_forget_users (file);
    }
}

/**
 * pk_sim_image_free:
 *
 * Frees a copy.
 */
void
pk_sim_image_free (PkSimImage *self)
{
  g_hash_table_unref (self->files);
  g_free (self);
}

/**
 * pk_sim_disk_find_bytes:
 * @part: files whose path contains this
 *
 * Returns: (transfer full) (nullable): where the bytes are in these files, in use or not
 */
char *
pk_sim_disk_find_bytes (PkSimDisk *self, const char *part, const char *bytes, gsize size)
{
  GHashTableIter iter;
  gpointer path, file;
  char *found = NULL;

  g_hash_table_iter_init (&iter, self->files);
  while (found == NULL && g_hash_table_iter_next (&iter, &path, &file))
    if (strstr (path, part) != NULL)
      found = pk_sim_file_describe_bytes (file, path, bytes, size);
  return found;
}

/**
 * pk_sim_disk_arm:
 * @only_syncs: counts syncs alone; else all actions that change something
 * @nth: from 1; 0: none, whatever was armed before
 *
 * The action will go wrong.
 */
void
pk_sim_disk_arm (PkSimDisk *self, PkSimTrouble trouble, gboolean only_syncs, guint nth)
{
  self->trouble = nth > 0 ? trouble : PK_SIM_TROUBLE_NONE;
  self->only_syncs = only_syncs;
  self->countdown = nth;
}

/**
 * pk_sim_disk_make_room:
 *
 * A full disk is not full any more.
 */
void
pk_sim_disk_make_room (PkSimDisk *self)
{
  self->is_full = FALSE;
}

/**
 * pk_sim_disk_kill:
 *
 * The process that uses the disk dies now.
 */
void
pk_sim_disk_kill (PkSimDisk *self)
{
  self->is_dead = TRUE;
}

/**
 * pk_sim_disk_is_dead:
 *
 * Returns: whether the process has died
 */
gboolean
pk_sim_disk_is_dead (PkSimDisk *self)
{
  return self->is_dead;
}

/**
 * pk_sim_disk_set_tracks:
 *
 * Whether writes that are not synced are kept apart, for power cuts.
 */
void
pk_sim_disk_set_tracks (PkSimDisk *self, gboolean tracks_unsynced)
{
  self->tracks_unsynced = tracks_unsynced;
}

/**
 * pk_sim_disk_get_n_actions:
 *
 * Returns: how often something was changed or synced
 */
guint
pk_sim_disk_get_n_actions (PkSimDisk *self)
{
  return self->n_actions;
}

/**
 * pk_sim_disk_may:
 * @self: (nullable): NULL: of no disk
 * @is_last_out: (out): the process dies after it
 *
 * Returns: %FALSE with errno where the action must not be done
 */
gboolean
pk_sim_disk_may (PkSimDisk *self, PkSimAction action, gboolean *is_last_out)
{
  *is_last_out = FALSE;
  if (self == NULL)
    return TRUE;
  errno = self->is_full ? ENOSPC : EIO;
  if (self->is_dead || (self->is_full && action == PK_SIM_ACTION_WRITE))
    return FALSE;
  self->n_actions++;
  if (self->trouble == PK_SIM_TROUBLE_NONE || (self->only_syncs && action != PK_SIM_ACTION_SYNC) ||
      --self->countdown > 0)
    return TRUE;
  PkSimTrouble trouble = self->trouble;
  self->trouble = PK_SIM_TROUBLE_NONE;
  self->is_full = trouble == PK_SIM_TROUBLE_FULL;
  self->is_dead = trouble == PK_SIM_TROUBLE_DIE_BEFORE;
  *is_last_out = trouble == PK_SIM_TROUBLE_DIE_AFTER;
  errno = self->is_full ? ENOSPC : EIO;
  return trouble == PK_SIM_TROUBLE_DIE_AFTER;
}

/**
 * pk_sim_disk_end_action:
 *
 * The action is done.
 */
void
pk_sim_disk_end_action (PkSimDisk *self, gboolean is_last)
{
  if (is_last)
    self->is_dead = TRUE;
}

/**
 * pk_sim_disk_lookup:
 *
 * Returns: (transfer none) (nullable): the file with this path
 */
PkSimFile *
pk_sim_disk_lookup (PkSimDisk *self, const char *path)
{
  PkSimFile *file = self->is_dead ? NULL : g_hash_table_lookup (self->files, path);

  if (file == NULL)
    errno = self->is_dead ? EIO : ENOENT;
  return file;
}

/**
 * pk_sim_disk_make:
 *
 * Returns: (transfer none) (nullable): the file, new and empty where there was none
 */
PkSimFile *
pk_sim_disk_make (PkSimDisk *self, const char *path)
{
  PkSimFile *file = pk_sim_disk_lookup (self, path);
  gboolean is_last = FALSE;
  /* An empty journal is the same as none, and may be left from another schedule: making it does not count. */
  gboolean counts = !g_str_has_suffix (path, "-wal");

  if (file != NULL || self->is_dead ||
      (counts && !pk_sim_disk_may (self, PK_SIM_ACTION_NAME, &is_last)))
    return file;
  file = pk_sim_file_new (self);
  g_hash_table_insert (self->files, g_strdup (path), file);
  pk_sim_disk_end_action (self, is_last);
  return file;
}

/* An empty journal is the same as none. It is only emptied, since connections that wait keep theirs open. */
static gboolean
is_journal (const char *path)
{
  return g_str_has_suffix (path, "-wal");
}

static void
empty_journal (PkSimFile *file)
{
  g_ptr_array_set_size (file->pages, 0);
  g_array_set_size (file->unsynced, 0);
  file->size = 0;
}

/**
 * pk_sim_disk_remove:
 *
 * Returns: %TRUE if the file is gone
 */
gboolean
pk_sim_disk_remove (PkSimDisk *self, const char *path)
{
  PkSimFile *file = pk_sim_disk_lookup (self, path);
  gboolean is_last;

  if (file != NULL && is_journal (path) && file->size == 0)
    {
      errno = ENOENT;
      return FALSE;
    }
  if (file == NULL || !pk_sim_disk_may (self, PK_SIM_ACTION_NAME, &is_last))
    return FALSE;
  if (is_journal (path))
    empty_journal (file);
  else
    g_hash_table_remove (self->files, path);
  pk_sim_disk_end_action (self, is_last);
  return TRUE;
}

/**
 * pk_sim_disk_rename:
 *
 * Returns: %TRUE if the file has the other name
 */
gboolean
pk_sim_disk_rename (PkSimDisk *self, const char *from, const char *to)
{
  PkSimFile *file = pk_sim_disk_lookup (self, from);
  gboolean is_last;

  if (file == NULL || !pk_sim_disk_may (self, PK_SIM_ACTION_NAME, &is_last))
    return FALSE;
  pk_sim_file_ref (file);
  g_hash_table_remove (self->files, from);
  g_hash_table_replace (self->files, g_strdup (to), file);
  pk_sim_disk_end_action (self, is_last);
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * pk_sim_disk_list:
 *
 * Returns: (transfer full) (element-type utf8): names in a folder, sorted
 */
GPtrArray *
pk_sim_disk_list (PkSimDisk *self, const char *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  gsize length = strlen (folder);
  GHashTableIter iter;
  gpointer path, file;

  g_hash_table_iter_init (&iter, self->files);
  while (!self->is_dead && g_hash_table_iter_next (&iter, &path, &file))
    {
      if (is_journal (path) && ((PkSimFile *) file)->size == 0)
        continue;
      const char *name = (char *) path + length + 1;
      if (strncmp (path, folder, length) == 0 && ((char *) path)[length] == '/' &&
          strchr (name, '/') == NULL)
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, compare_names);
  return names;
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

/**
 * pk_sim_disk_boot:
 * @is_power_cut: what was not synced is lost, kept or torn
 *
 * The machine starts again; nothing is armed any more.
 */
void
pk_sim_disk_boot (PkSimDisk *self, gboolean is_power_cut, PkSimChance *chance)
{
  g_autoptr (GList) paths = g_list_sort (g_hash_table_get_keys (self->files), compare_paths);

  for (GList *path = paths; path != NULL; path = path->next)
    {
      PkSimFile *file = g_hash_table_lookup (self->files, path->data);
      if (is_power_cut)
        pk_sim_file_cut_power (file, chance);
      pk_sim_file_forget_users (file);
    }
  self->is_dead = self->is_full = FALSE;
  self->trouble = PK_SIM_TROUBLE_NONE;
}
