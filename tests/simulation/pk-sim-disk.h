#pragma once

#include "pk-sim-chance.h"

G_BEGIN_DECLS

/*
 * The disks of the simulated machines, in memory. All that is below /sim/NAME/ is on the disk NAME: what SQLite does with it comes through
 * a sqlite3_vfs (pk-sim-vfs.c), everything else through the linker's --wrap (pk-sim-wrap.c). Files are made of shared pages, so
 * that copying a disk costs next to nothing: a backup, a clone and a new history begin as copies.
 *
 * A process that dies loses nothing that it has written. A power cut loses, keeps or tears each write that was not synced,
 * in any order. While a machine is dead its disk refuses everything, so that the program above unwinds without effect.
 */
typedef struct _PkSimDisk PkSimDisk;
typedef struct _PkSimFile PkSimFile;
typedef struct _PkSimImage PkSimImage;

#define PK_SIM_ROOT      "/sim/"
#define PK_SIM_PAGE_SIZE 4096

typedef enum
{
  PK_SIM_TROUBLE_NONE,
  PK_SIM_TROUBLE_DIE_BEFORE, /* the process dies instead of doing it */
  PK_SIM_TROUBLE_DIE_AFTER,
  PK_SIM_TROUBLE_FULL, /* until there is room again */
  PK_SIM_TROUBLE_ERROR /* once */
} PkSimTrouble;

typedef enum
{
  PK_SIM_ACTION_WRITE,
  PK_SIM_ACTION_SYNC,
  PK_SIM_ACTION_NAME /* making, renaming and removing files */
} PkSimAction;

PkSimDisk *pk_sim_disk_new (const char *name);
void pk_sim_disk_free (PkSimDisk *self);
PkSimDisk *pk_sim_disk_find (const char *path);

/* Whole disks. */
PkSimImage *pk_sim_disk_save (PkSimDisk *self);
void pk_sim_disk_load (PkSimDisk *self, const PkSimImage *image);
void pk_sim_image_free (PkSimImage *self);
char *pk_sim_disk_find_bytes (PkSimDisk *self, const char *part, const char *bytes, gsize size);

/* Trouble. The @nth action from now on of a kind (syncs alone, or all) goes wrong. */
void pk_sim_disk_arm (PkSimDisk *self, PkSimTrouble trouble, gboolean only_syncs, guint nth);
void pk_sim_disk_make_room (PkSimDisk *self);
void pk_sim_disk_kill (PkSimDisk *self);
gboolean pk_sim_disk_is_dead (PkSimDisk *self);
void pk_sim_disk_boot (PkSimDisk *self, gboolean is_power_cut, PkSimChance *chance);
void pk_sim_disk_set_tracks (PkSimDisk *self, gboolean tracks_unsynced);
guint pk_sim_disk_get_n_actions (PkSimDisk *self);

/* Files. Failing functions set errno. */
PkSimFile *pk_sim_disk_lookup (PkSimDisk *self, const char *path);
PkSimFile *pk_sim_disk_make (PkSimDisk *self, const char *path);
gboolean pk_sim_disk_remove (PkSimDisk *self, const char *path);
gboolean pk_sim_disk_rename (PkSimDisk *self, const char *from, const char *to);
GPtrArray *pk_sim_disk_list (PkSimDisk *self, const char *folder);
gint64 pk_sim_file_size (PkSimFile *self);
gsize pk_sim_file_read (PkSimFile *self, gint64 offset, gpointer bytes, gsize size);
gboolean pk_sim_file_write (PkSimFile *self, gint64 offset, gconstpointer bytes, gsize size);
gboolean pk_sim_file_truncate (PkSimFile *self, gint64 size);
gboolean pk_sim_file_sync (PkSimFile *self);
PkSimFile *pk_sim_file_ref (PkSimFile *self);
void pk_sim_file_unref (PkSimFile *self);
PkSimDisk *pk_sim_file_get_disk (PkSimFile *self);
GPtrArray *pk_sim_file_get_shared (PkSimFile *self);
guint8 *pk_sim_file_get_locks (PkSimFile *self);

/* SQLite's way to the disks; the default from then on. */
void pk_sim_vfs_register (void);
void pk_sim_vfs_seed (guint64 seed);

G_END_DECLS
