/*
 * Bootstrap from snapshots: SQLite files, compressed with zstd, each with the records of one scope at one seq.
 *
 * Where more comes than is here, a new file is built beside the old one: no journal, tables filled by INSERT … SELECT – first with the
 * little that is here, then with the snapshots –, then the indexes that the first pages need, then fsync and rename. A crash leaves a
 * .part file that the next start removes. Where the replica holds more than comes, the snapshot is copied into it in one transaction.
 * The search index and the other indexes follow as upkeep. Writer's thread.
 */
#include "config.h"

#include "pk-writer-private.h"
#include "pk-writer-sync.h"

#include "pk-query-list.h"
#include "pk-query-replica.h"
#include "pk-query.h"
#include "pk-tokenizer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <malloc.h>
#include <stdio.h>
#include <unistd.h>
#include <zstd.h>

#define BLOCK_BYTES    (1024 * 1024)
#define UNPACKED_TIMES 4 /* as many bytes as packed ones, roughly */

static gboolean
fail_file (const char *path, const char *what, GError **error)
{
  PkSqlError code = errno == ENOSPC ? PK_SQL_ERROR_FULL : PK_SQL_ERROR_IO;

  g_set_error (error, PK_SQL_ERROR, code, "%s: %s: %s", path, what, g_strerror (errno));
  return FALSE;
}

typedef struct
{
  ZSTD_DStream *stream; /* (owned) */
  FILE *from;           /* (owned) */
  FILE *to;             /* (owned) */
  char *input;          /* (owned) */
  char *output;         /* (owned) */
} Unpacking;

static void
clear_unpacking (Unpacking *self)
{
  ZSTD_freeDStream (self->stream);
  if (self->from != NULL)
    fclose (self->from);
  if (self->to != NULL)
    fclose (self->to);
  g_free (self->input);
  g_free (self->output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Unpacking, clear_unpacking)

static gboolean
write_block (Unpacking *self, ZSTD_inBuffer *in, gsize *left, const char *path, GError **error)
{
  while (in->pos < in->size)
    {
      ZSTD_outBuffer out = { self->output, BLOCK_BYTES, 0 };
      *left = ZSTD_decompressStream (self->stream, &out, in);
      if (ZSTD_isError (*left))
        {
          g_set_error (error,
                       PK_REPLICA_ERROR,
                       PK_REPLICA_ERROR_FEED,
                       "%s: %s",
                       path,
                       ZSTD_getErrorName (*left));
          return FALSE;
        }
      if (fwrite (self->output, 1, out.pos, self->to) != out.pos)
        return fail_file (path, "unpacking", error);
    }
  return TRUE;
}

static gboolean
unpack (const char *path, const char *to, GError **error)
{
  g_auto (Unpacking) self = { ZSTD_createDStream (), fopen (path, "rbe"), fopen (to, "wbe") };
  gsize size, left = 1;

  if (self.from == NULL || self.to == NULL)
    return fail_file (self.from == NULL ? path : to, "opening", error);
  self.input = g_malloc (BLOCK_BYTES);
  self.output = g_malloc (BLOCK_BYTES);
  while ((size = fread (self.input, 1, BLOCK_BYTES, self.from)) > 0)
    {
      ZSTD_inBuffer in = { self.input, size, 0 };
      if (!write_block (&self, &in, &left, path, error))
        return FALSE;
    }
  if (left != 0)
    {
      g_set_error (error, PK_REPLICA_ERROR, PK_REPLICA_ERROR_FEED, "%s ends too early", path);
      return FALSE;
    }
  return fflush (self.to) == 0 || fail_file (to, "unpacking", error);
}

/* Plain tables and their indexes, nothing that runs. */
static gboolean
check_plain (PkSql *sql, GError **error)
{
  gint64 n_strange;

  if (!pk_sql_get_int (
          sql,
          "SELECT count(*) FROM snapshot.sqlite_schema WHERE type NOT IN ('table', 'index')"
          " OR sql LIKE 'CREATE VIRTUAL%'",
          &n_strange,
          error))
    return FALSE;
  if (n_strange == 0)
    return TRUE;
  g_set_error (error, PK_REPLICA_ERROR, PK_REPLICA_ERROR_FEED, "The snapshot is not plain tables");
  return FALSE;
}

static PkHeldScope *
read_scope (PkSql *sql, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkStatement *query =
      pk_sql_prepare (sql,
                      "SELECT name, seq, count, fp_high, fp_low FROM snapshot.snapshot_scope",
                      error);

  if (query == NULL)
    return NULL;
  if (!pk_statement_next (query, &local_error))
    {
      g_set_error (error,
                   PK_REPLICA_ERROR,
                   PK_REPLICA_ERROR_FEED,
                   "The snapshot does not say what it is%s%s",
                   local_error != NULL ? ": " : "",
                   local_error != NULL ? local_error->message : "");
      return NULL;
    }
  PkHeldScope *scope = pk_held_scope_new (pk_statement_get_text (query, 0));
  scope->cursor = pk_statement_get_int (query, 1);
  scope->count = pk_statement_get_int (query, 2);
  scope->fingerprint.high = (guint64) pk_statement_get_int (query, 3);
  scope->fingerprint.low = (guint64) pk_statement_get_int (query, 4);
  pk_statement_reset (query);
  return scope;
}

static gboolean
copy_members (PkSql *sql, const PkEntity *entity, gint64 scope, gint64 *n_out, GError **error)
{
  g_autofree char *text = pk_query_copy_ids (entity);
  PkStatement *copy = pk_sql_prepare (sql, text, error);

  if (copy == NULL)
    return FALSE;
  pk_statement_bind_int (copy, 1, entity->id);
  pk_statement_bind_int (copy, 2, scope);
  if (!pk_statement_run (copy, error))
    return FALSE;
  *n_out += pk_sql_get_changes (sql);
  return TRUE;
}

static gboolean
copy_records (PkSql *sql, const PkEntity *entity, gboolean is_first, GError **error)
{
  g_autofree char *first = pk_query_copy_table (entity, "snapshot");
  g_autofree char *newer = pk_query_upsert_newer (entity);

  return pk_sql_exec (sql, is_first ? first : newer, error);
}

static gboolean
copy_scope (PkWriter *self, PkHeldScope *scope, gboolean is_first, GError **error)
{
  PkHeldScope told = *scope;
  gint64 n_members = 0;

  if (!pk_members_insert_scope (self, scope, error))
    return FALSE;
  for (guint i = 0; i < pk_model.n_entities; i++)
    if (!copy_records (self->sql, &pk_model.entities[i], is_first, error) ||
        !copy_members (self->sql, &pk_model.entities[i], scope->number, &n_members, error))
      return FALSE;
  if (n_members != told.count)
    {
      g_set_error (error,
                   PK_REPLICA_ERROR,
                   PK_REPLICA_ERROR_FEED,
                   "The snapshot of %s has other records than it says",
                   scope->name);
      return FALSE;
    }
  return TRUE;
}

/* The unpacked file is attached as "snapshot" while @self is open; both go afterwards. */
static gboolean
take_unpacked (PkWriter *self, const char *unpacked, gboolean is_first, GError **error)
{
  g_autoptr (GPtrArray)
      scopes = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_held_scope_free);

  if (!pk_sql_attach (self->sql, unpacked, "snapshot", error) || !check_plain (self->sql, error) ||
      !pk_writer_begin (self, error))
    return FALSE;
  PkHeldScope *scope = read_scope (self->sql, error);
  if (scope == NULL)
    return FALSE;
  g_ptr_array_add (scopes, scope);
  g_autoptr (GPtrArray) held = pk_members_load_scopes (self, error);
  if (held == NULL)
    return FALSE;
  if (pk_members_find_scope (held, scope->name) != NULL)
    return TRUE;
  return pk_search_pause (self, error) && copy_scope (self, scope, is_first, error) &&
         pk_members_save_scopes (self, scopes, error) && pk_overlay_rebase (self, error);
}

static gboolean
install_one (PkWriter *self, const char *path, gboolean is_first, GError **error)
{
  g_autofree char *unpacked =
      g_strdup_printf ("%s/snapshot-%u.unpacked", self->directory, self->generation);
  gboolean is_done = unpack (path, unpacked, error) &&
                     take_unpacked (self, unpacked, is_first, error);

  if (is_done)
    {
      pk_change_set_set_everything (self->changes);
      is_done = pk_writer_commit (self, error);
    }
  else
    pk_writer_rollback (self);
  pk_sql_detach (self->sql, "snapshot", NULL);
  g_unlink (unpacked);
  return is_done;
}

static gboolean
create_first_indexes (PkSql *sql, GError **error)
{
  const PkEntity *task = pk_entity_by_id (PK_ENTITY_TASK);
  static const char *const first[] = { "due_on,id",
                                       "assignee_id,is_open,due_on,id",
                                       "unit_id,is_open,due_on,id",
                                       "building_id,is_open,due_on,id" };

  for (guint i = 0; i < task->n_indexes; i++)
    {
      g_autofree char *text = pk_query_replica_index (task, i);
      for (guint j = 0; j < G_N_ELEMENTS (first); j++)
        if (g_str_equal (task->indexes[i], first[j]) && !pk_sql_exec (sql, text, error))
          return FALSE;
    }
  return TRUE;
}

static gboolean
sync_file (const char *path, GError **error)
{
  int file = open (path, O_RDONLY | O_CLOEXEC);

  if (file < 0)
    return fail_file (path, "opening", error);
  gboolean is_done = fsync (file) == 0;
  close (file);
  return is_done || fail_file (path, "fsync", error);
}

/**
 * pk_replica_put_in_place:
 * @part: a file that is whole and closed
 * @path: its name from now on
 *
 * Returns: %TRUE if a power cut from now on leaves the file under its name
 */
gboolean
pk_replica_put_in_place (PkWriter *self, const char *part, const char *path, GError **error)
{
  return ((self->flags & PK_REPLICA_NO_SYNC) || sync_file (part, error)) &&
         (g_rename (part, path) == 0 || fail_file (path, "renaming", error));
}

static gboolean
open_part (PkWriter *self, const char *part, GError **error)
{
  g_unlink (part);
  self->sql = pk_sql_open (part, PK_SQL_NO_JOURNAL, error);
  if (self->sql == NULL)
    return FALSE;
  self->tables = pk_tables_new (self->sql);
  return pk_sql_exec (self->sql,
                      "PRAGMA main.locking_mode = EXCLUSIVE; PRAGMA cache_size = -32768;"
                      "PRAGMA temp_store = MEMORY",
                      error) &&
         pk_tokenizer_register (self->sql, error) && pk_replica_create_tables (self, error);
}

static gboolean
fill_part (PkWriter *self,
           const char *part,
           const char *old,
           GPtrArray *held,
           const char *const *paths,
           GError **error)
{
  if (!open_part (self, part, error) ||
      (held->len > 0 && !pk_replica_carry (self, old, held, error)))
    return FALSE;
  for (guint i = 0; paths[i] != NULL; i++)
    if (!install_one (self, paths[i], i == 0 && held->len == 0, error))
      {
        g_prefix_error (error, "%s: ", paths[i]);
        return FALSE;
      }
  return create_first_indexes (self->sql, error) && pk_search_create (self->sql, error);
}

/* The writer's connection is the new file's while it is built; whatever happens, an open replica is left behind. */
static gboolean
build (PkWriter *self, GPtrArray *held, const char *const *paths, GError **error)
{
  guint generation = self->generation + 1;
  g_autofree char *part = pk_replica_path (self->directory, generation, ".part");
  g_autofree char *path = pk_replica_path (self->directory, generation, "");
  g_autofree char *old = pk_replica_path (self->directory, self->generation, "");
  g_autoptr (PkTables) old_tables = g_steal_pointer (&self->tables);
  g_autoptr (PkSql) old_sql = g_steal_pointer (&self->sql);
  PkWriterListener listener = self->listener;

  self->listener = NULL;
  gboolean is_done = fill_part (self, part, old, held, paths, error);
  pk_writer_close_replica (self);
  self->listener = listener;
  is_done = is_done && pk_replica_put_in_place (self, part, path, error);
  if (!is_done)
    {
      g_unlink (part);
      self->tables = g_steal_pointer (&old_tables);
      self->sql = g_steal_pointer (&old_sql);
      return FALSE;
    }
  g_clear_pointer (&old_tables, pk_tables_free);
  g_clear_pointer (&old_sql, pk_sql_close);
  /* The pages that were kept in memory meanwhile lie all over this thread's arena. */
  malloc_trim (0);
  return pk_writer_switch_to (self, generation, error);
}

static gint64
size_of (const char *path)
{
  GStatBuf status;

  return g_stat (path, &status) == 0 ? (gint64) status.st_size : 0;
}

/* Building anew costs what is here once more, but writes each page once, and the indexes in one go. */
static gboolean
brings_more_than_is_here (PkWriter *self, const char *const *paths)
{
  g_autofree char *path = pk_replica_path (self->directory, self->generation, "");
  g_autofree char *wal = pk_replica_path (self->directory, self->generation, "-wal");
  gint64 packed = 0;

  for (guint i = 0; paths[i] != NULL; i++)
    packed += size_of (paths[i]);
  return packed * UNPACKED_TIMES > size_of (path) + size_of (wal);
}

static gboolean
install (PkWriter *self, const char *const *paths, GError **error)
{
  g_autoptr (GPtrArray) held = pk_members_load_scopes (self, error);

  if (held == NULL)
    return FALSE;
  if (held->len == 0 || brings_more_than_is_here (self, paths))
    return build (self, held, paths, error);
  for (guint i = 0; paths[i] != NULL; i++)
    if (!install_one (self, paths[i], FALSE, error))
      {
        g_prefix_error (error, "%s: ", paths[i]);
        return FALSE;
      }
  return TRUE;
}

static void
forget_wanted (PkWriter *self)
{
  g_autoptr (GPtrArray) held = pk_members_load_scopes (self, NULL);

  for (guint i = self->wanted->len; held != NULL && i > 0; i--)
    {
      const PkFeedScope *scope = self->wanted->pdata[i - 1];
      if (pk_members_find_scope (held, scope->name) != NULL)
        g_ptr_array_remove_index (self->wanted, i - 1);
    }
}

/**
 * pk_writer_install_snapshots:
 * @paths: (array zero-terminated=1): compressed snapshots whose SHA-256 is right
 *
 * Takes over snapshots; the next pull goes on from their cursors. Scopes that are held already are left as they are.
 *
 * Errors: %PK_REPLICA_ERROR_FEED where a file is not what it should be, %PK_REPLICA_ERROR_FULL
 * Returns: %TRUE if all of them are in the replica
 */
gboolean
pk_writer_install_snapshots (PkWriter *self, const char *const *paths, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  pk_writer_forget_stream (self);
  self->cursor_version++;
  if (pk_writer_guard (self, install (self, paths, &local_error), &local_error))
    {
      forget_wanted (self);
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
