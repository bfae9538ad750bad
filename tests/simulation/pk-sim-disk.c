/* See the header. One thread. */
#include "config.h"

#include "pk-sim-disk.h"

#include <errno.h>
#include <string.h>

#define SECTOR_SIZE 512

typedef struct
{
  guint n_refs;
  guint8 bytes[PK_SIM_PAGE_SIZE];
} Page;

/* A write that is not on the disk for sure: what was there, and what came. A truncation has the size it cut to. */
typedef struct
{
  gint64 offset;
  gint64 old_size; /* of the file */
  gint64 new_size;
  GBytes *old_bytes; /* (owned) (nullable) */
  GBytes *new_bytes; /* (owned) (nullable): NULL: a truncation */
} Unsynced;

struct _PkSimFile
{
  guint n_refs;
  PkSimDisk *disk;  /* not owned */
  GPtrArray *pages; /* (owned): Page */
  gint64 size;
  GArray *unsynced;    /* (owned): Unsynced */
  GPtrArray *shared;   /* (owned): what connections to a database share */
  guint8 locks[2 * 8]; /* of these: shared, exclusive */
};

struct _PkSimDisk
{
  char *name;        /* (owned) */
  GHashTable *files; /* (owned): path → PkSimFile */
  gboolean is_dead;
  gboolean is_full;
  gboolean tracks_unsynced;
  PkSimTrouble trouble;
  gboolean only_syncs;
  guint countdown;
  guint n_actions;
};

struct _PkSimImage
{
  GHashTable *files; /* (owned): path → PkSimFile, on no disk */
};

static GHashTable *disks; /* (owned) (nullable): name → PkSimDisk */

static Page *
page_ref (Page *self)
{
  self->n_refs++;
  return self;
}

static void
page_unref (gpointer data)
{
  Page *self = data;

  if (--self->n_refs == 0)
    g_free (self);
}

static void
clear_unsynced (gpointer data)
{
  Unsynced *self = data;

  g_clear_pointer (&self->old_bytes, g_bytes_unref);
  g_clear_pointer (&self->new_bytes, g_bytes_unref);
}

static PkSimFile *
file_new (PkSimDisk *disk)
{
  PkSimFile *self = g_new0 (PkSimFile, 1);

  self->n_refs = 1;
  self->disk = disk;
  self->pages = g_ptr_array_new_with_free_func (page_unref);
  self->unsynced = g_array_new (FALSE, FALSE, sizeof (Unsynced));
  g_array_set_clear_func (self->unsynced, clear_unsynced);
  self->shared = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * pk_sim_file_ref:
 *
 * Returns: (transfer full): @self
 */
PkSimFile *
pk_sim_file_ref (PkSimFile *self)
{
  self->n_refs++;
  return self;
}

/**
 * pk_sim_file_unref:
 *
 * Gives up one reference.
 */
void
pk_sim_file_unref (PkSimFile *self)
{
  if (--self->n_refs > 0)
    return;
  g_ptr_array_unref (self->pages);
  g_array_unref (self->unsynced);
  g_ptr_array_unref (self->shared);
  g_free (self);
}

static void
file_unref (gpointer data)
{
  pk_sim_file_unref (data);
}

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
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, file_unref);
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

static void
copy_pages (PkSimFile *to, const PkSimFile *from)
{
  g_ptr_array_set_size (to->pages, 0);
  for (guint i = 0; i < from->pages->len; i++)
    g_ptr_array_add (to->pages, page_ref (from->pages->pdata[i]));
  to->size = from->size;
}

/* Whoever looks next finds a file that nobody has open, as after a start. */
static void
forget_users (PkSimFile *self)
{
  for (guint i = 0; i < self->shared->len; i++)
    memset (self->shared->pdata[i], 0, 32768);
  memset (self->locks, 0, sizeof self->locks);
  g_array_set_size (self->unsynced, 0);
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

  image->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, file_unref);
  g_hash_table_iter_init (&iter, self->files);
  while (g_hash_table_iter_next (&iter, &path, &file))
    {
      const char *below = (char *) path + strlen (PK_SIM_ROOT) + strlen (self->name);
      PkSimFile *copy = file_new (NULL);
      copy_pages (copy, file);
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
  forget_users (file);
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
          file = file_new (self);
          g_hash_table_insert (self->files, g_strdup (path), file);
        }
      copy_pages (file, from);
      forget_users (file);
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

/* Where the bytes are, with what is around them as far as it can be read. */
static char *
describe_bytes (PkSimFile *self, const char *path, const char *bytes, gsize size)
{
  g_autofree char *all = g_malloc ((gsize) self->size + 1);

  pk_sim_file_read (self, 0, all, (gsize) self->size);
  const char *place = memmem (all, (gsize) self->size, bytes, size);
  if (place == NULL)
    return NULL;
  const char *start = MAX (all, place - 40);
  g_autoptr (GString) around = g_string_new (NULL);
  for (const char *at = start; at < MIN (place + 40, all + self->size); at++)
    g_string_append_c (around, g_ascii_isprint (*at) ? *at : '.');
  return g_strdup_printf ("%s, page %d: %s",
                          path,
                          (int) ((place - all) / PK_SIM_PAGE_SIZE + 1),
                          around->str);
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
      found = describe_bytes (file, path, bytes, size);
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

/* FALSE with errno where the action must not be done. *is_last_out: the process dies after it. */
static gboolean
may (PkSimDisk *self, PkSimAction action, gboolean *is_last_out)
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

static void
end_action (PkSimDisk *self, gboolean is_last)
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

  if (file != NULL || self->is_dead || (counts && !may (self, PK_SIM_ACTION_NAME, &is_last)))
    return file;
  file = file_new (self);
  g_hash_table_insert (self->files, g_strdup (path), file);
  end_action (self, is_last);
  return file;
}

/**
 * pk_sim_disk_remove:
 *
 * Returns: %TRUE if the file is gone
 */
gboolean
pk_sim_disk_remove (PkSimDisk *self, const char *path)
{
  gboolean is_last;

  if (pk_sim_disk_lookup (self, path) == NULL || !may (self, PK_SIM_ACTION_NAME, &is_last))
    return FALSE;
  g_hash_table_remove (self->files, path);
  end_action (self, is_last);
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

  if (file == NULL || !may (self, PK_SIM_ACTION_NAME, &is_last))
    return FALSE;
  pk_sim_file_ref (file);
  g_hash_table_remove (self->files, from);
  g_hash_table_replace (self->files, g_strdup (to), file);
  end_action (self, is_last);
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
  gpointer path;

  g_hash_table_iter_init (&iter, self->files);
  while (!self->is_dead && g_hash_table_iter_next (&iter, &path, NULL))
    {
      const char *name = (char *) path + length + 1;
      if (strncmp (path, folder, length) == 0 && ((char *) path)[length] == '/' &&
          strchr (name, '/') == NULL)
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, compare_names);
  return names;
}

/**
 * pk_sim_file_size:
 *
 * Returns: bytes
 */
gint64
pk_sim_file_size (PkSimFile *self)
{
  return self->size;
}

/**
 * pk_sim_file_read:
 *
 * Returns: how many bytes there were
 */
gsize
pk_sim_file_read (PkSimFile *self, gint64 offset, gpointer bytes, gsize size)
{
  gsize got = (gsize) CLAMP (self->size - offset, 0, (gint64) size);

  for (gsize done = 0; done < got;)
    {
      gint64 at = offset + (gint64) done;
      gsize in_page = (gsize) (at % PK_SIM_PAGE_SIZE);
      gsize n = MIN (PK_SIM_PAGE_SIZE - in_page, got - done);
      const Page *page = self->pages->pdata[at / PK_SIM_PAGE_SIZE];
      memcpy ((guint8 *) bytes + done, page->bytes + in_page, n);
      done += n;
    }
  return got;
}

static Page *
own_page (PkSimFile *self, guint number)
{
  while (self->pages->len <= number)
    {
      Page *fresh = g_new0 (Page, 1);
      fresh->n_refs = 1;
      g_ptr_array_add (self->pages, fresh);
    }
  Page *page = self->pages->pdata[number];
  if (page->n_refs == 1)
    return page;
  Page *copy = g_memdup2 (page, sizeof *page);
  copy->n_refs = 1;
  page->n_refs--;
  self->pages->pdata[number] = copy;
  return copy;
}

static void
put_bytes (PkSimFile *self, gint64 offset, gconstpointer bytes, gsize size)
{
  for (gsize done = 0; done < size;)
    {
      gint64 at = offset + (gint64) done;
      gsize in_page = (gsize) (at % PK_SIM_PAGE_SIZE);
      gsize n = MIN (PK_SIM_PAGE_SIZE - in_page, size - done);
      memcpy (own_page (self, (guint) (at / PK_SIM_PAGE_SIZE))->bytes + in_page,
              (const guint8 *) bytes + done,
              n);
      done += n;
    }
  self->size = MAX (self->size, offset + (gint64) size);
}

static void
set_size (PkSimFile *self, gint64 size)
{
  guint n_pages = (guint) ((size + PK_SIM_PAGE_SIZE - 1) / PK_SIM_PAGE_SIZE);

  if (size < self->size && size % PK_SIM_PAGE_SIZE != 0)
    memset (own_page (self, n_pages - 1)->bytes + size % PK_SIM_PAGE_SIZE,
            0,
            (gsize) (PK_SIM_PAGE_SIZE - size % PK_SIM_PAGE_SIZE));
  if (n_pages < self->pages->len)
    g_ptr_array_set_size (self->pages, (int) n_pages);
  else if (n_pages > 0)
    own_page (self, n_pages - 1);
  self->size = size;
}

static void
remember (PkSimFile *self, gint64 offset, gconstpointer bytes, gsize size, gint64 new_size)
{
  Unsynced write = { .offset = offset, .old_size = self->size, .new_size = new_size };
  gsize n_old = bytes != NULL ? size : (gsize) MAX (self->size - offset, 0);
  guint8 *old;

  if (self->disk == NULL || !self->disk->tracks_unsynced)
    return;
  old = g_malloc0 (MAX (n_old, 1));
  pk_sim_file_read (self, offset, old, n_old);
  write.old_bytes = g_bytes_new_take (old, n_old);
  if (bytes != NULL)
    write.new_bytes = g_bytes_new (bytes, size);
  g_array_append_val (self->unsynced, write);
}

/**
 * pk_sim_file_write:
 *
 * Returns: %TRUE if all of it is written
 */
gboolean
pk_sim_file_write (PkSimFile *self, gint64 offset, gconstpointer bytes, gsize size)
{
  gboolean is_last;

  if (!may (self->disk, PK_SIM_ACTION_WRITE, &is_last))
    return FALSE;
  remember (self, offset, bytes, size, MAX (self->size, offset + (gint64) size));
  put_bytes (self, offset, bytes, size);
  end_action (self->disk, is_last);
  return TRUE;
}

/**
 * pk_sim_file_truncate:
 *
 * Returns: %TRUE if it has the size
 */
gboolean
pk_sim_file_truncate (PkSimFile *self, gint64 size)
{
  gboolean is_last;

  if (!may (self->disk, PK_SIM_ACTION_WRITE, &is_last))
    return FALSE;
  remember (self, MIN (size, self->size), NULL, 0, size);
  set_size (self, size);
  end_action (self->disk, is_last);
  return TRUE;
}

/**
 * pk_sim_file_sync:
 *
 * Returns: %TRUE if all that was written is there to stay
 */
gboolean
pk_sim_file_sync (PkSimFile *self)
{
  gboolean is_last;

  if (!may (self->disk, PK_SIM_ACTION_SYNC, &is_last))
    return FALSE;
  g_array_set_size (self->unsynced, 0);
  end_action (self->disk, is_last);
  return TRUE;
}

static void
undo (PkSimFile *self, const Unsynced *write)
{
  gsize size;
  gconstpointer bytes = g_bytes_get_data (write->old_bytes, &size);

  put_bytes (self, write->offset, bytes, size);
  set_size (self, write->old_size);
}

/* Sector by sector: each is there or is not. */
static void
redo_partly (PkSimFile *self, const Unsynced *write, PkSimChance *chance)
{
  gsize size;
  const guint8 *bytes;

  if (write->new_bytes == NULL)
    {
      if (pk_sim_chance_toss (chance, 0.5))
        set_size (self, write->new_size);
      return;
    }
  bytes = g_bytes_get_data (write->new_bytes, &size);
  gboolean is_torn = pk_sim_chance_toss (chance, 0.2);
  gboolean is_kept = pk_sim_chance_toss (chance, 0.5);
  for (gsize done = 0; done < size; done += SECTOR_SIZE)
    if (is_torn ? pk_sim_chance_toss (chance, 0.5) : is_kept)
      put_bytes (self, write->offset + (gint64) done, bytes + done, MIN (SECTOR_SIZE, size - done));
}

static void
cut_power (PkSimFile *self, PkSimChance *chance)
{
  gboolean loses_all = pk_sim_chance_toss (chance, 0.3);

  for (guint i = self->unsynced->len; i > 0; i--)
    undo (self, &g_array_index (self->unsynced, Unsynced, i - 1));
  for (guint i = 0; i < self->unsynced->len && !loses_all; i++)
    redo_partly (self, &g_array_index (self->unsynced, Unsynced, i), chance);
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
        cut_power (file, chance);
      forget_users (file);
    }
  self->is_dead = self->is_full = FALSE;
  self->trouble = PK_SIM_TROUBLE_NONE;
}

/**
 * pk_sim_file_get_disk:
 *
 * Returns: (transfer none): where it is
 */
PkSimDisk *
pk_sim_file_get_disk (PkSimFile *self)
{
  return self->disk;
}

/**
 * pk_sim_file_get_shared:
 *
 * Returns: (transfer none): regions of 32768 bytes that the connections to a database share
 */
GPtrArray *
pk_sim_file_get_shared (PkSimFile *self)
{
  return self->shared;
}

/**
 * pk_sim_file_get_locks:
 *
 * Returns: (transfer none): of eight locks, how many hold them shared, then whether one holds them alone
 */
guint8 *
pk_sim_file_get_locks (PkSimFile *self)
{
  return self->locks;
}
