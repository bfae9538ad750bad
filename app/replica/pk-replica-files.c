/*
 * The files of a replica's directory, on the writer's thread:
 *
 *   outbox.db           what the person did and what became of it; uploads, pins. Nothing but the person's word and the server's
 *                       removes a row. synchronous=FULL.
 *   replica-<n>.db      the server's records, with the person's unsent work on top. Can be made anew at any time, so
 *                       synchronous=NORMAL: a power cut may take the last commits, and the cursors with them. A rebuilt one gets
 *                       the next number, so that a reader of the old file never meets the new one's WAL.
 *   replica-<n>.db.part one that is being built
 *   *.damaged           moved aside, for whoever looks into it
 *   blobs/              contents, by SHA-256
 */
#include "config.h"

#include "pk-migrate.h"

#include "pk-tokenizer.h"

#include <glib/gstdio.h>
#include <string.h>

/**
 * pk_outbox_path:
 *
 * Returns: (transfer full): the outbox's file
 */
char *
pk_outbox_path (const char *directory)
{
  return g_build_filename (directory, "outbox.db", NULL);
}

/**
 * pk_replica_path:
 * @suffix: "", ".part", "-wal" …
 *
 * Returns: (transfer full): the file of a generation
 */
char *
pk_replica_path (const char *directory, guint generation, const char *suffix)
{
  g_autofree char *name = g_strdup_printf ("replica-%u.db%s", generation, suffix);

  return g_build_filename (directory, name, NULL);
}

static guint
parse_generation (const char *name, const char **rest_out)
{
  char *end = NULL;

  if (!g_str_has_prefix (name, "replica-"))
    return 0;
  guint64 number = g_ascii_strtoull (name + strlen ("replica-"), &end, 10);
  if (number == 0 || number > G_MAXUINT32 || !g_str_has_prefix (end, ".db"))
    return 0;
  *rest_out = end + strlen (".db");
  return (guint) number;
}

/**
 * pk_replica_find_generation:
 *
 * Returns: the newest whole file's number; 0 where there is none
 */
guint
pk_replica_find_generation (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name, *rest = NULL;
  guint newest = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      guint number = parse_generation (name, &rest);
      if (number > newest && *rest == '\0')
        newest = number;
    }
  return newest;
}

static void
remove_others (PkWriter *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->directory, 0, NULL);
  const char *name, *rest = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      guint number = parse_generation (name, &rest);
      gboolean is_other = number != 0 && number != self->generation &&
                          !g_str_equal (rest, ".damaged");
      if (!is_other && !g_str_has_suffix (name, ".part") && !g_str_has_suffix (name, ".unpacked"))
        continue;
      g_autofree char *path = g_build_filename (self->directory, name, NULL);
      g_unlink (path);
    }
}

/**
 * pk_replica_create_tables:
 * @self: whose connection is an empty file's
 *
 * Makes all tables of a replica, without secondary indexes and search index.
 *
 * Returns: %TRUE if they exist
 */
gboolean
pk_replica_create_tables (PkWriter *self, GError **error)
{
  return pk_tables_create (self->tables, "main", error) &&
         pk_sql_exec (
             self->sql,
             "CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;"
             "CREATE TABLE scope (number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL "
             "UNIQUE,"
             " cursor INTEGER NOT NULL, count INTEGER NOT NULL, high INTEGER NOT NULL,"
             " low INTEGER NOT NULL, is_suspect INTEGER NOT NULL, is_repaired INTEGER NOT NULL,"
             " repaired_at INTEGER NOT NULL) STRICT;"
             "CREATE TABLE member (entity INTEGER NOT NULL, id BLOB NOT NULL, scope INTEGER NOT "
             "NULL,"
             " seq INTEGER NOT NULL, PRIMARY KEY (entity, id, scope)) STRICT, WITHOUT ROWID;"
             "CREATE TABLE base (entity INTEGER NOT NULL, id BLOB NOT NULL, record TEXT,"
             " n_unsent INTEGER NOT NULL, PRIMARY KEY (entity, id)) STRICT, WITHOUT ROWID;"
             "CREATE TABLE search_state (entity INTEGER PRIMARY KEY, filled INTEGER NOT NULL) "
             "STRICT;",
             error) &&
         pk_search_create (self->sql, error) &&
         pk_meta_set_int (self->sql,
                          "version",
                          pk_schema_plan_get_version (self->replica_plan),
                          error) &&
         pk_meta_set_int (self->sql, "model", self->replica_plan->model, error);
}

/**
 * pk_outbox_create_schema:
 * @self: whose outbox is an empty file
 *
 * Makes the tables of an outbox.
 *
 * Returns: %TRUE if they exist
 */
gboolean
pk_outbox_create_schema (PkWriter *self, GError **error)
{
  return pk_sql_exec (
             self->outbox,
             "CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;"
             "CREATE TABLE mutation (place INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER NOT NULL,"
             " id BLOB NOT NULL UNIQUE, entity INTEGER NOT NULL, record BLOB NOT NULL,"
             " at INTEGER NOT NULL, line TEXT NOT NULL, state INTEGER NOT NULL, seq INTEGER NOT "
             "NULL,"
             " verdict TEXT, judged_at INTEGER NOT NULL, replaces INTEGER NOT NULL,"
             " is_seen INTEGER NOT NULL) STRICT;"
             "CREATE INDEX mutation_record ON mutation (record, place);"
             "CREATE INDEX mutation_state ON mutation (state, seq);"
             "CREATE INDEX mutation_n ON mutation (n);"
             "CREATE TABLE upload (place INTEGER PRIMARY KEY AUTOINCREMENT, sha256 TEXT NOT NULL "
             "UNIQUE,"
             " size INTEGER NOT NULL, document BLOB NOT NULL, media_type TEXT NOT NULL, url TEXT,"
             " fault TEXT) STRICT;"
             "CREATE TABLE pin (entity INTEGER NOT NULL, id BLOB NOT NULL, PRIMARY KEY (entity, "
             "id))"
             " STRICT, WITHOUT ROWID;"
             "CREATE TABLE blob (sha256 TEXT PRIMARY KEY, used_at INTEGER NOT NULL) STRICT, "
             "WITHOUT ROWID;",
             error) &&
         pk_meta_set_int (self->outbox,
                          "version",
                          pk_schema_plan_get_version (self->outbox_plan),
                          error);
}

static gboolean
run_pragmas (PkWriter *self, PkSql *sql, gboolean is_outbox, GError **error)
{
  if (!pk_sql_exec (sql, "PRAGMA secure_delete = ON; PRAGMA cache_size = -16384", error))
    return FALSE;
  /* Triggers of ours fill the search index, which SQLite 3.40 takes for a risk. Nothing but this program writes the file. */
  if (!is_outbox && !pk_sql_exec (sql, "PRAGMA trusted_schema = ON", error))
    return FALSE;
  if (self->flags & PK_REPLICA_NO_SYNC)
    return pk_sql_exec (sql, "PRAGMA synchronous = OFF", error);
  return is_outbox || pk_sql_exec (sql, "PRAGMA synchronous = NORMAL", error);
}

static gboolean
is_empty_file (PkSql *sql, gboolean *is_empty_out, GError **error)
{
  gint64 n_tables;

  if (!pk_sql_get_int (sql, "SELECT count(*) FROM sqlite_schema", &n_tables, error))
    return FALSE;
  *is_empty_out = n_tables == 0;
  return TRUE;
}

static gboolean
create_replica (PkWriter *self, GError **error)
{
  if (!pk_sql_begin (self->sql, error))
    return FALSE;
  gboolean is_done = pk_replica_create_tables (self, error) &&
                     pk_indexes_create (self->sql, error) && pk_search_create (self->sql, error);
  if (is_done && pk_meta_set_int (self->sql, "has_indexes", PK_INDEXES_VERSION, error))
    return pk_sql_commit (self->sql, error);
  pk_sql_rollback (self->sql);
  return FALSE;
}

/**
 * pk_writer_close_replica:
 *
 * Closes the replica's file; the outbox stays open.
 */
void
pk_writer_close_replica (PkWriter *self)
{
  g_clear_pointer (&self->tables, pk_tables_free);
  g_clear_pointer (&self->sql, pk_sql_close);
}

/**
 * pk_writer_note_epoch:
 * @epoch: of the server that judged what the outbox keeps
 *
 * The outbox remembers it by itself: a replica that is made anew must hear that the server lost time just as the old one would have,
 * or what the server has forgotten would never be sent again.
 *
 * Returns: %TRUE if it is noted
 */
gboolean
pk_writer_note_epoch (PkWriter *self, const PkId *epoch, GError **error)
{
  PkId known;

  return pk_meta_get_id (self->outbox, "epoch", &known, error) &&
         (pk_id_equal (&known, epoch) || pk_meta_set_id (self->outbox, "epoch", epoch, error));
}

/* A replica that knows none yet gets the one that the outbox remembers. */
static gboolean
inherit_epoch (PkWriter *self, GError **error)
{
  PkId known, own;

  if (!pk_meta_get_id (self->outbox, "epoch", &known, error) ||
      !pk_meta_get_id (self->sql, "epoch", &own, error))
    return FALSE;
  return pk_id_is_null (&known) || !pk_id_is_null (&own) ||
         pk_meta_set_id (self->sql, "epoch", &known, error);
}

/* Nobody shall meet a writer without a replica: an empty one stands for the file until it can be opened. */
static void
use_memory (PkWriter *self)
{
  pk_writer_close_replica (self);
  self->sql = pk_sql_open (":memory:", PK_SQL_READ_WRITE, NULL);
  if (self->sql == NULL)
    g_error ("There is no memory for a replica");
  self->tables = pk_tables_new (self->sql);
  if (!pk_tokenizer_register (self->sql, NULL) || !create_replica (self, NULL))
    g_error ("No replica can be made in memory");
}

static gboolean
open_generation (PkWriter *self, const char *path, GError **error)
{
  gboolean is_empty;

  self->sql = pk_sql_open (path, PK_SQL_READ_WRITE, error);
  if (self->sql == NULL)
    return FALSE;
  self->tables = pk_tables_new (self->sql);
  return pk_tokenizer_register (self->sql, error) && run_pragmas (self, self->sql, FALSE, error) &&
         is_empty_file (self->sql, &is_empty, error) &&
         (!is_empty || create_replica (self, error)) && pk_migrate_replica (self, error) &&
         inherit_epoch (self, error) && pk_search_watch (self->sql, error);
}

/**
 * pk_writer_use_generation:
 * @generation: whose file is opened, and made if it does not exist
 *
 * Where that cannot be done an empty replica in memory takes its place: whoever goes on nevertheless finds nothing, and may try again.
 *
 * Returns: %TRUE if the replica can be read and written
 */
gboolean
pk_writer_use_generation (PkWriter *self, guint generation, GError **error)
{
  g_autofree char *path = pk_replica_path (self->directory, generation, "");

  pk_writer_close_replica (self);
  self->generation = generation;
  if (open_generation (self, path, error))
    return TRUE;
  use_memory (self);
  return FALSE;
}

/**
 * pk_writer_switch_to:
 * @generation: of a whole file that has just got its name
 *
 * Goes over to a rebuilt file; the old one goes. Readers open theirs again when they are told.
 *
 * Returns: %TRUE if the new file is open
 */
gboolean
pk_writer_switch_to (PkWriter *self, guint generation, GError **error)
{
  if (!pk_writer_use_generation (self, generation, error))
    return FALSE;
  remove_others (self);
  pk_change_set_set_everything (self->changes);
  return pk_writer_reconcile (self, error);
}

/* What cannot be read is moved aside, with its WAL; a file that was moved aside before goes. */
static void
move_aside (const char *path)
{
  g_autofree char *damaged = g_strconcat (path, ".damaged", NULL);

  g_rename (path, damaged);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *beside = g_strconcat (path, i == 0 ? "-wal" : "-shm", NULL);
      g_autofree char *beside_damaged = g_strconcat (damaged, i == 0 ? "-wal" : "-shm", NULL);
      if (g_rename (beside, beside_damaged) != 0)
        g_unlink (beside_damaged);
    }
}

/**
 * pk_writer_start_over:
 *
 * The replica's file is damaged: it is moved aside and an empty one takes its place. The outbox is not touched; what is unsent is
 * replayed once the records are here again.
 *
 * Returns: %TRUE if the empty replica is open
 */
gboolean
pk_writer_start_over (PkWriter *self, GError **error)
{
  g_autofree char *path = pk_replica_path (self->directory, self->generation, "");

  g_message ("The replica %s is damaged: it is fetched anew", path);
  pk_writer_close_replica (self);
  move_aside (path);
  pk_change_set_set_everything (self->changes);
  pk_writer_forget_stream (self);
  return pk_writer_use_generation (self, self->generation + 1, error);
}

static gboolean
is_damage (const GError *error)
{
  return g_error_matches (error, PK_SQL_ERROR, PK_SQL_ERROR_CORRUPT);
}

static gboolean
open_replica (PkWriter *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  guint generation = MAX (pk_replica_find_generation (self->directory), 1);

  self->generation = generation;
  if (pk_migrate_rebuild (self, &generation, &local_error) &&
      pk_writer_use_generation (self, generation, &local_error))
    return TRUE;
  if (is_damage (local_error) || g_error_matches (local_error, PK_SQL_ERROR, PK_SQL_ERROR_FAILED))
    {
      g_message ("The replica cannot be opened: %s", local_error->message);
      return pk_writer_start_over (self, error);
    }
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
make_outbox (PkWriter *self, const char *path, const char *damaged, GError **error)
{
  guint n_saved = 0;

  self->outbox = pk_sql_open (path, PK_SQL_READ_WRITE, error);
  if (self->outbox == NULL || !run_pragmas (self, self->outbox, TRUE, error) ||
      !pk_sql_begin (self->outbox, error))
    return FALSE;
  if (!pk_outbox_create_schema (self, error) ||
      !pk_meta_set_id (self->outbox, "person", &self->person, error) ||
      (damaged != NULL && !pk_outbox_salvage (damaged, self->outbox, &n_saved, error)))
    {
      pk_sql_rollback (self->outbox);
      return FALSE;
    }
  if (damaged != NULL)
    g_message ("The outbox was damaged: %u changes were saved from %s", n_saved, damaged);
  return pk_sql_commit (self->outbox, error);
}

static gboolean
check_outbox (PkWriter *self, GError **error)
{
  PkId owner;
  gint64 n_faults;

  if (!pk_meta_get_id (self->outbox, "person", &owner, error) ||
      !pk_sql_get_int (self->outbox,
                       "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check != 'ok'",
                       &n_faults,
                       error))
    return FALSE;
  if (n_faults > 0)
    {
      g_set_error (error,
                   PK_SQL_ERROR,
                   PK_SQL_ERROR_CORRUPT,
                   "The outbox has %d faults",
                   (int) n_faults);
      return FALSE;
    }
  if (pk_id_equal (&owner, &self->person))
    return TRUE;
  g_set_error (error,
               PK_REPLICA_ERROR,
               PK_REPLICA_ERROR_PERSON,
               "The files in %s are another person's",
               self->directory);
  return FALSE;
}

static gboolean
open_old_outbox (PkWriter *self, const char *path, GError **error)
{
  self->outbox = pk_sql_open (path, PK_SQL_MUST_EXIST, error);
  return self->outbox != NULL && run_pragmas (self, self->outbox, TRUE, error) &&
         check_outbox (self, error) && pk_migrate_outbox (self, error);
}

static gboolean
open_outbox (PkWriter *self, GError **error)
{
  g_autofree char *path = pk_outbox_path (self->directory);
  g_autofree char *damaged = g_strconcat (path, ".damaged", NULL);
  g_autoptr (GError) local_error = NULL;
  GStatBuf file;

  if (g_stat (path, &file) != 0 || file.st_size == 0)
    return make_outbox (self, path, NULL, error);
  if (open_old_outbox (self, path, &local_error))
    return TRUE;
  g_clear_pointer (&self->outbox, pk_sql_close);
  if (!is_damage (local_error) && !g_error_matches (local_error, PK_SQL_ERROR, PK_SQL_ERROR_FAILED))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  move_aside (path);
  return make_outbox (self, path, damaged, error);
}

/**
 * pk_writer_open_files:
 *
 * Opens the outbox, then the replica; what is damaged is moved aside and made anew, the outbox saved row by row.
 *
 * Errors: %PK_REPLICA_ERROR_PERSON, %PK_REPLICA_ERROR_TOO_NEW, or of the disk
 * Returns: %TRUE if both are open
 */
gboolean
pk_writer_open_files (PkWriter *self, GError **error)
{
  g_autofree char *blobs = g_build_filename (self->directory, "blobs", NULL);

  if (g_mkdir_with_parents (blobs, 0700) != 0)
    {
      g_set_error (error, PK_SQL_ERROR, PK_SQL_ERROR_IO, "%s cannot be made", blobs);
      return FALSE;
    }
  if (!pk_migrate_check (self, error) || !open_outbox (self, error) || !open_replica (self, error))
    return FALSE;
  remove_others (self);
  return TRUE;
}

/**
 * pk_writer_mend:
 *
 * Something on the disk is not what was written. Where it is the outbox, it is saved row by row; the replica is fetched anew in any
 * case, since a disk that damages one file is not believed about the other.
 */
void
pk_writer_mend (PkWriter *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = pk_outbox_path (self->directory);
  g_autofree char *damaged = g_strconcat (path, ".damaged", NULL);
  gboolean is_mended = TRUE;

  pk_sql_rollback (self->sql);
  pk_sql_rollback (self->outbox);
  if (!check_outbox (self, NULL))
    {
      g_clear_pointer (&self->outbox, pk_sql_close);
      move_aside (path);
      is_mended = make_outbox (self, path, damaged, &error);
    }
  if (!is_mended || !pk_writer_start_over (self, &error) || !pk_writer_reconcile (self, &error))
    g_message ("The files cannot be made anew: %s", error->message);
}

/**
 * pk_writer_guard:
 * @is_done: what the function before it returned
 * @error: (inout): its error
 *
 * The last step of each public function: damage found on the way starts the replica over, and a full disk is said as such.
 *
 * Returns: @is_done
 */
gboolean
pk_writer_guard (PkWriter *self, gboolean is_done, GError **error)
{
  if (is_done || error == NULL || *error == NULL)
    return is_done;
  if (g_error_matches (*error, PK_SQL_ERROR, PK_SQL_ERROR_FULL))
    {
      g_autoptr (GError) full = g_steal_pointer (error);
      g_set_error (error,
                   PK_REPLICA_ERROR,
                   PK_REPLICA_ERROR_FULL,
                   "The disk is full: %s",
                   full->message);
    }
  else if (is_damage (*error))
    pk_writer_mend (self);
  return FALSE;
}

/**
 * pk_writer_get_generation:
 *
 * Returns: the number of the replica's file; readers of another one open theirs again
 */
guint
pk_writer_get_generation (PkWriter *self)
{
  return self->generation;
}
