/*
 * SQLite on the disks of the simulation: a sqlite3_vfs in memory. Locks of the file itself are not needed, since one thread runs one
 * statement at a time; those of the shared memory are, because a checkpoint must see who reads.
 */
#include "config.h"

#include "pk-sim-disk.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

#define N_PAGES   4096
#define PAGE_ROOM (PK_SIM_PAGE_SIZE + 320) /* with what SQLite notes about it */

typedef struct
{
  sqlite3_file base;
  PkSimFile *file; /* (owned) */
  guint shared;    /* bits: locks held */
  guint exclusive;
} Handle;

static PkSimChance vfs_chance;

/**
 * pk_sim_vfs_seed:
 *
 * Where SQLite's randomness comes from.
 */
void
pk_sim_vfs_seed (guint64 seed)
{
  pk_sim_chance_seed (&vfs_chance, seed);
  sqlite3_randomness (0, NULL);
}

static int
result_of_errno (int fallback)
{
  return errno == ENOSPC ? SQLITE_FULL : fallback;
}

static gboolean
is_dead (Handle *self)
{
  return pk_sim_disk_is_dead (pk_sim_file_get_disk (self->file));
}

static void
let_go (Handle *self)
{
  guint8 *locks = pk_sim_file_get_locks (self->file);

  for (guint i = 0; i < SQLITE_SHM_NLOCK; i++)
    {
      if (self->shared & (1u << i))
        locks[i] -= locks[i] > 0;
      if (self->exclusive & (1u << i))
        locks[SQLITE_SHM_NLOCK + i] = 0;
    }
  self->shared = self->exclusive = 0;
}

static int
close_file (sqlite3_file *file)
{
  Handle *self = (Handle *) file;

  let_go (self);
  pk_sim_file_unref (self->file);
  return SQLITE_OK;
}

static int
read_file (sqlite3_file *file, void *bytes, int size, sqlite3_int64 offset)
{
  Handle *self = (Handle *) file;

  if (is_dead (self))
    return SQLITE_IOERR_READ;
  gsize got = pk_sim_file_read (self->file, offset, bytes, (gsize) size);
  if (got == (gsize) size)
    return SQLITE_OK;
  memset ((char *) bytes + got, 0, (gsize) size - got);
  return SQLITE_IOERR_SHORT_READ;
}

static int
write_file (sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset)
{
  Handle *self = (Handle *) file;

  return pk_sim_file_write (self->file, offset, bytes, (gsize) size)
             ? SQLITE_OK
             : result_of_errno (SQLITE_IOERR_WRITE);
}

static int
truncate_file (sqlite3_file *file, sqlite3_int64 size)
{
  return pk_sim_file_truncate (((Handle *) file)->file, size) ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

static int
sync_file (sqlite3_file *file, G_GNUC_UNUSED int flags)
{
  return pk_sim_file_sync (((Handle *) file)->file) ? SQLITE_OK
                                                    : result_of_errno (SQLITE_IOERR_FSYNC);
}

static int
get_size (sqlite3_file *file, sqlite3_int64 *size_out)
{
  Handle *self = (Handle *) file;

  *size_out = pk_sim_file_size (self->file);
  return is_dead (self) ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int
lock_file (sqlite3_file *file, G_GNUC_UNUSED int level)
{
  return is_dead ((Handle *) file) ? SQLITE_IOERR_LOCK : SQLITE_OK;
}

static int
unlock_file (G_GNUC_UNUSED sqlite3_file *file, G_GNUC_UNUSED int level)
{
  return SQLITE_OK;
}

static int
check_reserved (G_GNUC_UNUSED sqlite3_file *file, int *is_reserved_out)
{
  *is_reserved_out = 0;
  return SQLITE_OK;
}

static int
control_file (G_GNUC_UNUSED sqlite3_file *file,
              G_GNUC_UNUSED int what,
              G_GNUC_UNUSED void *argument)
{
  return SQLITE_NOTFOUND;
}

static int
get_sector_size (G_GNUC_UNUSED sqlite3_file *file)
{
  return PK_SIM_PAGE_SIZE;
}

static int
get_characteristics (G_GNUC_UNUSED sqlite3_file *file)
{
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int
map_shared (sqlite3_file *file, int region, int size, int may_extend, void volatile **out)
{
  Handle *self = (Handle *) file;
  GPtrArray *shared = pk_sim_file_get_shared (self->file);

  g_assert (size == 32768);
  *out = NULL;
  if (is_dead (self))
    return SQLITE_IOERR_SHMMAP;
  while (may_extend && shared->len <= (guint) region)
    g_ptr_array_add (shared, g_malloc0 ((gsize) size));
  if ((guint) region < shared->len)
    *out = shared->pdata[region];
  return SQLITE_OK;
}

static gboolean
may_lock (Handle *self, guint lock, gboolean is_exclusive)
{
  const guint8 *locks = pk_sim_file_get_locks (self->file);
  guint others = locks[lock] - ((self->shared >> lock) & 1);
  gboolean is_taken = locks[SQLITE_SHM_NLOCK + lock] && !(self->exclusive & (1u << lock));

  return !is_taken && (!is_exclusive || others == 0);
}

static void
change_lock (Handle *self, guint lock, int flags)
{
  guint8 *locks = pk_sim_file_get_locks (self->file);
  guint bit = 1u << lock;
  guint *mine = flags & SQLITE_SHM_SHARED ? &self->shared : &self->exclusive;
  guint8 *all = &locks[flags & SQLITE_SHM_SHARED ? lock : SQLITE_SHM_NLOCK + lock];

  if (flags & SQLITE_SHM_UNLOCK)
    {
      if (*mine & bit && *all > 0)
        (*all)--;
      *mine &= ~bit;
      return;
    }
  if (!(*mine & bit))
    (*all)++;
  *mine |= bit;
}

static int
lock_shared (sqlite3_file *file, int first, int n, int flags)
{
  Handle *self = (Handle *) file;

  for (int i = first; flags & SQLITE_SHM_LOCK && i < first + n; i++)
    if (!may_lock (self, (guint) i, flags & SQLITE_SHM_EXCLUSIVE))
      return SQLITE_BUSY;
  for (int i = first; i < first + n; i++)
    change_lock (self, (guint) i, flags);
  return SQLITE_OK;
}

static void
barrier (G_GNUC_UNUSED sqlite3_file *file)
{
}

static int
unmap_shared (sqlite3_file *file, G_GNUC_UNUSED int should_delete)
{
  let_go ((Handle *) file);
  return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = close_file,
  .xRead = read_file,
  .xWrite = write_file,
  .xTruncate = truncate_file,
  .xSync = sync_file,
  .xFileSize = get_size,
  .xLock = lock_file,
  .xUnlock = unlock_file,
  .xCheckReservedLock = check_reserved,
  .xFileControl = control_file,
  .xSectorSize = get_sector_size,
  .xDeviceCharacteristics = get_characteristics,
  .xShmMap = map_shared,
  .xShmLock = lock_shared,
  .xShmBarrier = barrier,
  .xShmUnmap = unmap_shared,
};

static int
open_file (G_GNUC_UNUSED sqlite3_vfs *vfs,
           const char *name,
           sqlite3_file *file,
           int flags,
           int *flags_out)
{
  Handle *self = (Handle *) file;
  PkSimDisk *disk = name != NULL ? pk_sim_disk_find (name) : NULL;

  memset (self, 0, sizeof *self);
  if (disk == NULL)
    return SQLITE_CANTOPEN;
  PkSimFile *found = flags & SQLITE_OPEN_CREATE ? pk_sim_disk_make (disk, name)
                                                : pk_sim_disk_lookup (disk, name);
  if (found == NULL)
    return SQLITE_CANTOPEN;
  self->file = pk_sim_file_ref (found);
  self->base.pMethods = &methods;
  if (flags_out != NULL)
    *flags_out = flags;
  return SQLITE_OK;
}

static int
delete_file (G_GNUC_UNUSED sqlite3_vfs *vfs, const char *name, G_GNUC_UNUSED int should_sync)
{
  PkSimDisk *disk = pk_sim_disk_find (name);

  if (disk != NULL && pk_sim_disk_remove (disk, name))
    return SQLITE_OK;
  return errno == ENOENT ? SQLITE_IOERR_DELETE_NOENT : SQLITE_IOERR_DELETE;
}

static int
access_file (G_GNUC_UNUSED sqlite3_vfs *vfs, const char *name, G_GNUC_UNUSED int flags, int *out)
{
  PkSimDisk *disk = pk_sim_disk_find (name);
  PkSimFile *file = disk != NULL ? pk_sim_disk_lookup (disk, name) : NULL;

  *out = file != NULL && (flags != SQLITE_ACCESS_EXISTS || pk_sim_file_size (file) > 0);
  return SQLITE_OK;
}

static int
full_path (G_GNUC_UNUSED sqlite3_vfs *vfs, const char *name, int size, char *out)
{
  g_strlcpy (out, name, (gsize) size);
  return SQLITE_OK;
}

static int
fill_random (G_GNUC_UNUSED sqlite3_vfs *vfs, int size, char *out)
{
  for (int i = 0; i < size; i++)
    out[i] = (char) pk_sim_chance_draw (&vfs_chance);
  return size;
}

static int
sleep_not (G_GNUC_UNUSED sqlite3_vfs *vfs, int us)
{
  return us;
}

static int
get_time (G_GNUC_UNUSED sqlite3_vfs *vfs, double *days_out)
{
  *days_out = 2460000.5;
  return SQLITE_OK;
}

/* One thread, whose connections come and go by the thousand: no locks, no counting, and pages from one block. */
static void
tune (void)
{
  static guint64 pages[N_PAGES * PAGE_ROOM / sizeof (guint64)];

  sqlite3_config (SQLITE_CONFIG_SINGLETHREAD);
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3_config (SQLITE_CONFIG_LOOKASIDE, 512, 256);
  sqlite3_config (SQLITE_CONFIG_PAGECACHE, pages, PAGE_ROOM, N_PAGES);
}

/**
 * pk_sim_vfs_register:
 *
 * From now on databases whose path begins with /sim/ are on the disks of the simulation, and there are no others.
 */
void
pk_sim_vfs_register (void)
{
  static sqlite3_vfs vfs = {
    .iVersion = 1,
    .szOsFile = sizeof (Handle),
    .mxPathname = 512,
    .zName = "simulation",
    .xOpen = open_file,
    .xDelete = delete_file,
    .xAccess = access_file,
    .xFullPathname = full_path,
    .xRandomness = fill_random,
    .xSleep = sleep_not,
    .xCurrentTime = get_time,
  };

  tune ();
  sqlite3_vfs_register (&vfs, 1);
}
