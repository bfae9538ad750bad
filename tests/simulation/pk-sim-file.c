/* Files of pages that are shared until one is written, and what of them is not on the disk for sure. */
#include "config.h"

#include "pk-sim-disk-private.h"

#include <errno.h>
#include <string.h>

#define SECTOR_SIZE 512

static PkSimPage *
page_ref (PkSimPage *self)
{
  self->n_refs++;
  return self;
}

static void
page_unref (gpointer data)
{
  PkSimPage *self = data;

  if (--self->n_refs == 0)
    g_free (self);
}

static void
clear_unsynced (gpointer data)
{
  PkSimUnsynced *self = data;

  g_clear_pointer (&self->old_bytes, g_bytes_unref);
  g_clear_pointer (&self->new_bytes, g_bytes_unref);
}

/**
 * pk_sim_file_new:
 * @disk: (nullable)
 *
 * Returns: (transfer full): an empty file
 */
PkSimFile *
pk_sim_file_new (PkSimDisk *disk)
{
  PkSimFile *self = g_new0 (PkSimFile, 1);

  self->n_refs = 1;
  self->disk = disk;
  self->pages = g_ptr_array_new_with_free_func (page_unref);
  self->unsynced = g_array_new (FALSE, FALSE, sizeof (PkSimUnsynced));
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

/**
 * pk_sim_file_free:
 *
 * pk_sim_file_unref() for tables.
 */
void
pk_sim_file_free (gpointer data)
{
  pk_sim_file_unref (data);
}

/**
 * pk_sim_file_copy:
 *
 * Makes a file the same as another one.
 */
void
pk_sim_file_copy (PkSimFile *to, const PkSimFile *from)
{
  g_ptr_array_set_size (to->pages, 0);
  for (guint i = 0; i < from->pages->len; i++)
    g_ptr_array_add (to->pages, page_ref (from->pages->pdata[i]));
  to->size = from->size;
}

/**
 * pk_sim_file_forget_users:
 *
 * Whoever looks next finds a file that nobody has open, as after a start.
 */
void
pk_sim_file_forget_users (PkSimFile *self)
{
  for (guint i = 0; i < self->shared->len; i++)
    memset (self->shared->pdata[i], 0, 32768);
  memset (self->locks, 0, sizeof self->locks);
  g_array_set_size (self->unsynced, 0);
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
      const PkSimPage *page = self->pages->pdata[at / PK_SIM_PAGE_SIZE];
      memcpy ((guint8 *) bytes + done, page->bytes + in_page, n);
      done += n;
    }
  return got;
}

static PkSimPage *
own_page (PkSimFile *self, guint number)
{
  while (self->pages->len <= number)
    {
      PkSimPage *fresh = g_new0 (PkSimPage, 1);
      fresh->n_refs = 1;
      g_ptr_array_add (self->pages, fresh);
    }
  PkSimPage *page = self->pages->pdata[number];
  if (page->n_refs == 1)
    return page;
  PkSimPage *copy = g_memdup2 (page, sizeof *page);
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
  PkSimUnsynced write = { .offset = offset, .old_size = self->size, .new_size = new_size };
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

  if (!pk_sim_disk_may (self->disk, PK_SIM_ACTION_WRITE, &is_last))
    return FALSE;
  remember (self, offset, bytes, size, MAX (self->size, offset + (gint64) size));
  put_bytes (self, offset, bytes, size);
  pk_sim_disk_end_action (self->disk, is_last);
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

  if (!pk_sim_disk_may (self->disk, PK_SIM_ACTION_WRITE, &is_last))
    return FALSE;
  remember (self, MIN (size, self->size), NULL, 0, size);
  set_size (self, size);
  pk_sim_disk_end_action (self->disk, is_last);
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

  if (!pk_sim_disk_may (self->disk, PK_SIM_ACTION_SYNC, &is_last))
    return FALSE;
  g_array_set_size (self->unsynced, 0);
  pk_sim_disk_end_action (self->disk, is_last);
  return TRUE;
}

static void
undo (PkSimFile *self, const PkSimUnsynced *write)
{
  gsize size;
  gconstpointer bytes = g_bytes_get_data (write->old_bytes, &size);

  put_bytes (self, write->offset, bytes, size);
  set_size (self, write->old_size);
}

/* Sector by sector: each is there or is not. */
static void
redo_partly (PkSimFile *self, const PkSimUnsynced *write, PkSimChance *chance)
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

/**
 * pk_sim_file_cut_power:
 *
 * What was not synced is lost, kept or torn.
 */
void
pk_sim_file_cut_power (PkSimFile *self, PkSimChance *chance)
{
  gboolean loses_all = pk_sim_chance_toss (chance, 0.3);

  for (guint i = self->unsynced->len; i > 0; i--)
    undo (self, &g_array_index (self->unsynced, PkSimUnsynced, i - 1));
  for (guint i = 0; i < self->unsynced->len && !loses_all; i++)
    redo_partly (self, &g_array_index (self->unsynced, PkSimUnsynced, i), chance);
}

/**
 * pk_sim_file_describe_bytes:
 *
 * Returns: (transfer full) (nullable): where the bytes are, with what is around them as far as it can be read
 */
char *
pk_sim_file_describe_bytes (PkSimFile *self, const char *path, const char *bytes, gsize size)
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
