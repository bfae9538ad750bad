/*
 * What the shipped objects do with files beside SQLite, and with the system's randomness: the linker's --wrap leads it here. Paths below
 * /sim/ are on the simulation's disks; all others go to the real functions. The list of wrapped functions is in meson.build.
 */
#include "config.h"

#include "pk-sim-wrap.h"

#include "pk-sim-disk-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define FIRST_FD 100000
#define MOST_FDS 32

/* An open file of ours; its place in the table is its number. */
typedef struct
{
  PkSimFile *file; /* (owned) (nullable) */
  gint64 offset;
} Open;

/* What stands for a GDir. */
typedef struct
{
  GPtrArray *names; /* (owned) */
  guint next;
} Folder;

static Open opened[MOST_FDS];
static GHashTable *folders; /* (owned) (nullable): set of Folder */
static PkSimChance chance;

/* Declared by hand: the names are the linker's. */
#define WRAPPED(type, name, ...)                                                                   \
  type __real_##name (__VA_ARGS__);                                                                \
  type __wrap_##name (__VA_ARGS__);

WRAPPED (int, open64, const char *path, int flags, ...)
WRAPPED (int, close, int fd)
WRAPPED (ssize_t, write, int fd, const void *bytes, size_t size)
WRAPPED (ssize_t, pwrite64, int fd, const void *bytes, size_t size, off_t offset)
WRAPPED (off_t, lseek64, int fd, off_t offset, int whence)
WRAPPED (int, fsync, int fd)
WRAPPED (int, stat64, const char *path, struct stat *out)
WRAPPED (int, statvfs64, const char *path, struct statvfs *out)
WRAPPED (int, rename, const char *from, const char *to)
WRAPPED (int, link, const char *from, const char *to)
WRAPPED (FILE *, fopen64, const char *path, const char *mode)
WRAPPED (ssize_t, getrandom, void *bytes, size_t size, unsigned int flags)
WRAPPED (int, g_unlink, const char *path)
WRAPPED (int, g_mkdir_with_parents, const char *path, int mode)
WRAPPED (gboolean, g_file_test, const char *path, GFileTest test)
WRAPPED (gboolean,
         g_file_get_contents,
         const char *path,
         char **text_out,
         gsize *size_out,
         GError **error)
WRAPPED (gboolean,
         g_file_set_contents_full,
         const char *path,
         const char *text,
         gssize size,
         GFileSetContentsFlags flags,
         int mode,
         GError **error)
WRAPPED (GFileInputStream *, g_file_read, GFile *file, GCancellable *cancellable, GError **error)
WRAPPED (GDir *, g_dir_open, const char *path, guint flags, GError **error)
WRAPPED (const char *, g_dir_read_name, GDir *dir)
WRAPPED (void, g_dir_close, GDir *dir)

/**
 * pk_sim_wrap_seed:
 *
 * Where the system's randomness comes from.
 */
void
pk_sim_wrap_seed (guint64 seed)
{
  pk_sim_chance_seed (&chance, seed);
}

static Open *
get_open (int fd)
{
  return fd >= FIRST_FD && fd < FIRST_FD + MOST_FDS ? &opened[fd - FIRST_FD] : NULL;
}

static PkSimFile *
look_for (PkSimDisk *disk, const char *path, int flags)
{
  PkSimFile *file = flags & O_CREAT ? pk_sim_disk_make (disk, path)
                                    : pk_sim_disk_lookup (disk, path);

  if (file != NULL && flags & O_TRUNC && pk_sim_file_size (file) > 0 &&
      !pk_sim_file_truncate (file, 0))
    return NULL;
  return file;
}

static gboolean
is_folder (PkSimDisk *disk, const char *path)
{
  g_autoptr (GPtrArray) names = pk_sim_disk_list (disk, path);

  return names->len > 0 && !pk_sim_disk_is_dead (disk);
}

/* Opened to be synced: names are never lost here. */
static int
open_folder (void)
{
  for (int i = 0; i < MOST_FDS; i++)
    if (opened[i].file == NULL)
      {
        opened[i].file = pk_sim_file_new (NULL);
        return FIRST_FD + i;
      }
  return -1;
}

int
__wrap_open64 (const char *path, int flags, ...)
{
  PkSimDisk *disk = pk_sim_disk_find (path);

  if (disk == NULL)
    return __real_open64 (path, flags, 0600);
  PkSimFile *file = look_for (disk, path, flags);
  if (file == NULL && is_folder (disk, path))
    return open_folder ();
  for (int i = 0; file != NULL && i < MOST_FDS; i++)
    if (opened[i].file == NULL)
      {
        opened[i] = (Open){ pk_sim_file_ref (file), 0 };
        return FIRST_FD + i;
      }
  return -1;
}

int
__wrap_close (int fd)
{
  Open *open = get_open (fd);

  if (open == NULL)
    return __real_close (fd);
  g_clear_pointer (&open->file, pk_sim_file_unref);
  return 0;
}

ssize_t
__wrap_write (int fd, const void *bytes, size_t size)
{
  Open *open = get_open (fd);

  if (open == NULL)
    return __real_write (fd, bytes, size);
  if (!pk_sim_file_write (open->file, open->offset, bytes, size))
    return -1;
  open->offset += (gint64) size;
  return (ssize_t) size;
}

ssize_t
__wrap_pwrite64 (int fd, const void *bytes, size_t size, off_t offset)
{
  Open *open = get_open (fd);

  if (open == NULL)
    return __real_pwrite64 (fd, bytes, size, offset);
  return pk_sim_file_write (open->file, offset, bytes, size) ? (ssize_t) size : -1;
}

off_t
__wrap_lseek64 (int fd, off_t offset, int whence)
{
  Open *open = get_open (fd);

  if (open == NULL)
    return __real_lseek64 (fd, offset, whence);
  open->offset = offset + (whence == SEEK_END   ? pk_sim_file_size (open->file)
                           : whence == SEEK_CUR ? open->offset
                                                : 0);
  return open->offset;
}

int
__wrap_fsync (int fd)
{
  Open *open = get_open (fd);

  if (open == NULL)
    return __real_fsync (fd);
  return pk_sim_file_sync (open->file) ? 0 : -1;
}

int
__wrap_stat64 (const char *path, struct stat *out)
{
  PkSimDisk *disk = pk_sim_disk_find (path);

  if (disk == NULL)
    return __real_stat64 (path, out);
  PkSimFile *file = pk_sim_disk_lookup (disk, path);
  memset (out, 0, sizeof *out);
  if (file == NULL)
    return -1;
  out->st_mode = S_IFREG | 0600;
  out->st_size = pk_sim_file_size (file);
  return 0;
}

int
__wrap_statvfs64 (const char *path, struct statvfs *out)
{
  if (pk_sim_disk_find (path) == NULL)
    return __real_statvfs64 (path, out);
  memset (out, 0, sizeof *out);
  out->f_frsize = out->f_bsize = PK_SIM_PAGE_SIZE;
  out->f_bavail = out->f_bfree = out->f_blocks = 1 << 24;
  return 0;
}

int
__wrap_rename (const char *from, const char *to)
{
  PkSimDisk *disk = pk_sim_disk_find (from);

  if (disk == NULL)
    return __real_rename (from, to);
  return pk_sim_disk_rename (disk, from, to) ? 0 : -1;
}

int
__wrap_link (const char *from, const char *to)
{
  if (pk_sim_disk_find (from) == NULL)
    return __real_link (from, to);
  errno = EXDEV;
  return -1;
}

int
__wrap_g_unlink (const char *path)
{
  PkSimDisk *disk = pk_sim_disk_find (path);

  if (disk == NULL)
    return __real_g_unlink (path);
  return pk_sim_disk_remove (disk, path) ? 0 : -1;
}

int
__wrap_g_mkdir_with_parents (const char *path, int mode)
{
  PkSimDisk *disk = pk_sim_disk_find (path);

  if (disk == NULL)
    return __real_g_mkdir_with_parents (path, mode);
  errno = EIO;
  return pk_sim_disk_is_dead (disk) ? -1 : 0;
}

gboolean
__wrap_g_file_test (const char *path, GFileTest test)
{
  PkSimDisk *disk = pk_sim_disk_find (path);

  if (disk == NULL)
    return __real_g_file_test (path, test);
  return pk_sim_disk_lookup (disk, path) != NULL;
}

static ssize_t
read_cookie (void *cookie, char *bytes, size_t size)
{
  Open *open = cookie;
  gsize got = pk_sim_file_read (open->file, open->offset, bytes, size);

  open->offset += (gint64) got;
  return (ssize_t) got;
}

static ssize_t
write_cookie (void *cookie, const char *bytes, size_t size)
{
  Open *open = cookie;

  if (!pk_sim_file_write (open->file, open->offset, bytes, size))
    return 0;
  open->offset += (gint64) size;
  return (ssize_t) size;
}

static int
close_cookie (void *cookie)
{
  Open *open = cookie;

  pk_sim_file_unref (open->file);
  g_free (open);
  return 0;
}

FILE *
__wrap_fopen64 (const char *path, const char *mode)
{
  PkSimDisk *disk = pk_sim_disk_find (path);
  cookie_io_functions_t functions = { read_cookie, write_cookie, NULL, close_cookie };

  if (disk == NULL)
    return __real_fopen64 (path, mode);
  gboolean writes = mode[0] == 'w';
  PkSimFile *file = look_for (disk, path, writes ? O_CREAT | O_TRUNC : 0);
  if (file == NULL)
    return NULL;
  Open *open = g_new0 (Open, 1);
  open->file = pk_sim_file_ref (file);
  return fopencookie (open, writes ? "w" : "r", functions);
}

ssize_t
__wrap_getrandom (void *bytes, size_t size, G_GNUC_UNUSED unsigned int flags)
{
  for (size_t i = 0; i < size; i++)
    ((guint8 *) bytes)[i] = (guint8) pk_sim_chance_draw (&chance);
  return (ssize_t) size;
}

static gboolean
fail (GError **error, const char *path)
{
  g_set_error (error,
               G_FILE_ERROR,
               g_file_error_from_errno (errno),
               "%s: %s",
               path,
               g_strerror (errno));
  return FALSE;
}

gboolean
__wrap_g_file_get_contents (const char *path, char **text_out, gsize *size_out, GError **error)
{
  PkSimDisk *disk = pk_sim_disk_find (path);

  if (disk == NULL)
    return __real_g_file_get_contents (path, text_out, size_out, error);
  PkSimFile *file = pk_sim_disk_lookup (disk, path);
  if (file == NULL)
    return fail (error, path);
  gsize size = (gsize) pk_sim_file_size (file);
  *text_out = g_malloc0 (size + 1);
  pk_sim_file_read (file, 0, *text_out, size);
  if (size_out != NULL)
    *size_out = size;
  return TRUE;
}

gboolean
__wrap_g_file_set_contents_full (const char *path,
                                 const char *text,
                                 gssize size,
                                 GFileSetContentsFlags flags,
                                 int mode,
                                 GError **error)
{
  PkSimDisk *disk = pk_sim_disk_find (path);

  if (disk == NULL)
    return __real_g_file_set_contents_full (path, text, size, flags, mode, error);
  PkSimFile *file = look_for (disk, path, O_CREAT | O_TRUNC);
  if (file == NULL || (size > 0 && !pk_sim_file_write (file, 0, text, (gsize) size)))
    return fail (error, path);
  return TRUE;
}

/* Whoever reads it wants a stream, and does not look which. */
GFileInputStream *
__wrap_g_file_read (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_file_get_path (file);
  char *text = NULL;
  gsize size = 0;

  if (path == NULL || pk_sim_disk_find (path) == NULL)
    return __real_g_file_read (file, cancellable, error);
  if (!__wrap_g_file_get_contents (path, &text, &size, error))
    return NULL;
  return (GFileInputStream *) (gpointer) g_memory_input_stream_new_from_data (text,
                                                                              (gssize) size,
                                                                              g_free);
}

GDir *
__wrap_g_dir_open (const char *path, guint flags, GError **error)
{
  PkSimDisk *disk = pk_sim_disk_find (path);

  if (disk == NULL)
    return __real_g_dir_open (path, flags, error);
  Folder *folder = g_new0 (Folder, 1);
  folder->names = pk_sim_disk_list (disk, path);
  if (folders == NULL)
    folders = g_hash_table_new (NULL, NULL);
  g_hash_table_add (folders, folder);
  return (GDir *) (gpointer) folder;
}

const char *
__wrap_g_dir_read_name (GDir *dir)
{
  Folder *folder = (Folder *) (gpointer) dir;

  if (folders == NULL || !g_hash_table_contains (folders, dir))
    return __real_g_dir_read_name (dir);
  return folder->next < folder->names->len ? folder->names->pdata[folder->next++] : NULL;
}

void
__wrap_g_dir_close (GDir *dir)
{
  Folder *folder = (Folder *) (gpointer) dir;

  if (folders == NULL || !g_hash_table_remove (folders, dir))
    {
      __real_g_dir_close (dir);
      return;
    }
  g_ptr_array_unref (folder->names);
  g_free (folder);
}
