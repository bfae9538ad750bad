#pragma once

#include "pk-sim-disk.h"

G_BEGIN_DECLS

/* What pk-sim-disk.c (disks) and pk-sim-file.c (files) share. */
typedef struct
{
  guint n_refs;
  guint8 bytes[PK_SIM_PAGE_SIZE];
} PkSimPage;

/* A write that is not on the disk for sure: what was there, and what came. A truncation has the size it cut to. */
typedef struct
{
  gint64 offset;
  gint64 old_size; /* of the file */
  gint64 new_size;
  GBytes *old_bytes; /* (owned) (nullable) */
  GBytes *new_bytes; /* (owned) (nullable): NULL: a truncation */
} PkSimUnsynced;

struct _PkSimFile
{
  guint n_refs;
  PkSimDisk *disk;  /* not owned */
  GPtrArray *pages; /* (owned): PkSimPage */
  gint64 size;
  GArray *unsynced;    /* (owned): PkSimUnsynced */
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

PkSimFile *pk_sim_file_new (PkSimDisk *disk);
void pk_sim_file_free (gpointer data);
void pk_sim_file_copy (PkSimFile *to, const PkSimFile *from);
void pk_sim_file_forget_users (PkSimFile *self);
void pk_sim_file_cut_power (PkSimFile *self, PkSimChance *chance);
char *pk_sim_file_describe_bytes (PkSimFile *self, const char *path, const char *bytes, gsize size);
gboolean pk_sim_disk_may (PkSimDisk *self, PkSimAction action, gboolean *is_last_out);
void pk_sim_disk_end_action (PkSimDisk *self, gboolean is_last);

G_END_DECLS
