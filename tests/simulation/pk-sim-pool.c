/* See the header. The functions are led here by the linker's --wrap. */
#include "config.h"

#include "pk-sim-pool.h"

#include "pk-sim-disk.h"

#include <sqlite3.h>
#include <string.h>

#define MOST_IDLE 4 /* with one path and one way to open it */

/* An open connection, or one that waits to be opened. */
typedef struct
{
  sqlite3 *handle; /* (owned) */
  char *path;      /* (owned) */
  int flags;
  PkSimFile *file;        /* not owned: what the path meant when it was opened */
  GHashTable *statements; /* (owned): text → sqlite3_stmt that nobody uses */
  GPtrArray *settings;    /* (owned): texts that set the connection up, in order */
  guint n_set;            /* of them this time */
  sqlite3_stmt *look;     /* (owned): what the file's schema is numbered */
  int schema;             /* the number of the one that it has parsed */
  guint parked;           /* when, in order */
  gboolean is_set_up;     /* it works by now: what is set from here on is meant for a while */
  gboolean is_touched;    /* and is not as it was set up */
  gboolean is_hasty;      /* nor does it wait for the disk as it was told then */
  gboolean is_idle;
} Connection;

static GHashTable *connections; /* (owned) (nullable): handle → Connection */
static guint n_parked;

int __real_sqlite3_open_v2 (const char *path, sqlite3 **out, int flags, const char *vfs);
int __wrap_sqlite3_open_v2 (const char *path, sqlite3 **out, int flags, const char *vfs);
int __real_sqlite3_close (sqlite3 *handle);
int __wrap_sqlite3_close (sqlite3 *handle);
int __real_sqlite3_prepare_v3 (sqlite3 *handle,
                               const char *text,
                               int size,
                               unsigned int flags,
                               sqlite3_stmt **out,
                               const char **tail);
int __wrap_sqlite3_prepare_v3 (sqlite3 *handle,
                               const char *text,
                               int size,
                               unsigned int flags,
                               sqlite3_stmt **out,
                               const char **tail);
int __real_sqlite3_finalize (sqlite3_stmt *statement);
int __wrap_sqlite3_finalize (sqlite3_stmt *statement);
int __real_sqlite3_exec (sqlite3 *handle,
                         const char *text,
                         int (*callback) (void *, int, char **, char **),
                         void *data,
                         char **message_out);
int __wrap_sqlite3_exec (sqlite3 *handle,
                         const char *text,
                         int (*callback) (void *, int, char **, char **),
                         void *data,
                         char **message_out);

static void
finalize (gpointer data)
{
  __real_sqlite3_finalize (data);
}

static void
free_connection (gpointer data)
{
  Connection *self = data;

  g_hash_table_unref (self->statements);
  g_ptr_array_unref (self->settings);
  g_free (self->path);
  g_free (self);
}

static Connection *
find (sqlite3 *handle)
{
  return connections != NULL ? g_hash_table_lookup (connections, handle) : NULL;
}

static PkSimFile *
find_file (const char *path)
{
  PkSimDisk *disk = pk_sim_disk_find (path);

  return disk != NULL ? pk_sim_disk_lookup (disk, path) : NULL;
}

/* Without a checkpoint, and with its journal left where it is: others may wait with the same file. */
static int
close_for_good (Connection *self)
{
  sqlite3 *handle = self->handle;

  g_clear_pointer (&self->look, __real_sqlite3_finalize);
  g_hash_table_remove_all (self->statements);
  g_hash_table_remove (connections, handle);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  return __real_sqlite3_close (handle);
}

/* The number changes with each change of the schema: a connection that has parsed another one would have to begin anew. */
static int
look_at_schema (Connection *self)
{
  if (self->look == NULL && __real_sqlite3_prepare_v3 (self->handle,
                                                       "PRAGMA schema_version",
                                                       -1,
                                                       SQLITE_PREPARE_PERSISTENT,
                                                       &self->look,
                                                       NULL) != SQLITE_OK)
    return -1;
  int number = sqlite3_step (self->look) == SQLITE_ROW ? sqlite3_column_int (self->look, 0) : -1;
  sqlite3_reset (self->look);
  return number;
}

static int
compare_parked (gconstpointer a, gconstpointer b)
{
  const Connection *first = *(Connection *const *) a, *second = *(Connection *const *) b;

  return first->parked < second->parked ? 1 : -1;
}

/* Those that wait with this file, the last one first; those whose file is another one by now are of no use any more. */
static GPtrArray *
list_idle (const char *path, int flags)
{
  g_autoptr (GList) all = connections != NULL ? g_hash_table_get_values (connections) : NULL;
  GPtrArray *idle = g_ptr_array_new ();
  PkSimFile *file = find_file (path);

  for (GList *at = all; at != NULL; at = at->next)
    {
      Connection *self = at->data;
      if (!self->is_idle || !g_str_equal (self->path, path))
        continue;
      if (self->file != file)
        close_for_good (self);
      else if (self->flags == flags)
        g_ptr_array_add (idle, self);
    }
  g_ptr_array_sort (idle, compare_parked);
  return idle;
}

static Connection *
find_idle (const char *path, int flags)
{
  g_autoptr (GPtrArray) idle = list_idle (path, flags);
  int schema = idle->len > 0 ? look_at_schema (idle->pdata[0]) : -1;

  for (guint i = 0; i < idle->len; i++)
    if (((Connection *) idle->pdata[i])->schema == schema)
      return idle->pdata[i];
  return idle->len >= MOST_IDLE ? idle->pdata[idle->len - 1] : NULL;
}

int
__wrap_sqlite3_open_v2 (const char *path, sqlite3 **out, int flags, const char *vfs)
{
  Connection *self = find_idle (path, flags);

  if (self != NULL)
    {
      self->is_idle = FALSE;
      self->n_set = 0;
      self->is_set_up = FALSE;
      *out = self->handle;
      return SQLITE_OK;
    }
  int result = __real_sqlite3_open_v2 (path, out, flags, vfs);
  if (result != SQLITE_OK || find_file (path) == NULL)
    return result;
  if (connections == NULL)
    connections = g_hash_table_new_full (NULL, NULL, NULL, free_connection);
  self = g_new0 (Connection, 1);
  self->handle = *out;
  self->path = g_strdup (path);
  self->flags = flags;
  self->file = find_file (path);
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize);
  self->settings = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_insert (connections, *out, self);
  return result;
}

/* One whose process died may have half of a change in its memory: SQLite's search index does not always forget that. */
static gboolean
can_wait (Connection *self)
{
  PkSimDisk *disk = pk_sim_disk_find (self->path);

  return disk != NULL && !pk_sim_disk_is_dead (disk) && find_file (self->path) == self->file &&
         sqlite3_get_autocommit (self->handle) && !g_str_has_suffix (self->path, ".part");
}

/* What it keeps of its file, pages and what the search index made of them, could be of another time when it is used again. */
static void
park (Connection *self)
{
  int schema = look_at_schema (self);

  self->schema = schema >= 0 ? schema : self->schema;
  self->parked = ++n_parked;
  self->is_idle = TRUE;
  sqlite3_file_control (self->handle, "main", SQLITE_FCNTL_RESET_CACHE, NULL);
}

int
__wrap_sqlite3_close (sqlite3 *handle)
{
  Connection *self = find (handle);

  if (self == NULL)
    return __real_sqlite3_close (handle);
  if (!can_wait (self))
    return close_for_good (self);
  park (self);
  return SQLITE_OK;
}

static sqlite3_stmt *
take_statement (Connection *self, const char *text)
{
  gpointer key, statement;

  if (!g_hash_table_steal_extended (self->statements, text, &key, &statement))
    return NULL;
  g_free (key);
  return statement;
}

int
__wrap_sqlite3_prepare_v3 (sqlite3 *handle,
                           const char *text,
                           int size,
                           unsigned int flags,
                           sqlite3_stmt **out,
                           const char **tail)
{
  Connection *self = find (handle);

  *out = self != NULL && tail == NULL ? take_statement (self, text) : NULL;
  if (*out != NULL)
    return SQLITE_OK;
  return __real_sqlite3_prepare_v3 (handle, text, size, flags, out, tail);
}

int
__wrap_sqlite3_finalize (sqlite3_stmt *statement)
{
  Connection *self = statement != NULL ? find (sqlite3_db_handle (statement)) : NULL;
  const char *text = statement != NULL ? sqlite3_sql (statement) : NULL;

  if (self == NULL || text == NULL || g_hash_table_contains (self->statements, text))
    return __real_sqlite3_finalize (statement);
  int result = sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  g_hash_table_insert (self->statements, g_strdup (text), statement);
  return result;
}

/* A connection that is set up for the second time is so already, where it is the same that is asked for. */
static gboolean
is_set_already (Connection *self, const char *text)
{
  gboolean is_pragma = g_str_has_prefix (text, "PRAGMA ");

  self->is_set_up = self->is_set_up || g_str_has_prefix (text, "BEGIN");
  /* The version is the file's, not the connection's. */
  if (is_pragma ? g_str_has_prefix (text, "PRAGMA user_version")
                : !g_str_has_prefix (text, "CREATE TEMP "))
    return FALSE;
  if (self->is_set_up && g_str_has_prefix (text, "PRAGMA synchronous = "))
    {
      self->is_hasty = !g_str_equal (text, "PRAGMA synchronous = FULL");
      return FALSE;
    }
  if (is_pragma && (self->is_set_up || self->is_touched || self->is_hasty))
    {
      self->is_touched = TRUE;
      return FALSE;
    }
  if (self->n_set < self->settings->len && g_str_equal (self->settings->pdata[self->n_set], text))
    {
      self->n_set++;
      return TRUE;
    }
  g_ptr_array_set_size (self->settings, (int) self->n_set);
  g_ptr_array_add (self->settings, g_strdup (text));
  self->n_set++;
  return FALSE;
}

static gboolean
is_one_statement (const char *text)
{
  const char *end = strchr (text, ';');

  return end == NULL || end[1 + strspn (end + 1, " \n;")] == '\0';
}

int
__wrap_sqlite3_exec (sqlite3 *handle,
                     const char *text,
                     int (*callback) (void *, int, char **, char **),
                     void *data,
                     char **message_out)
{
  Connection *self = find (handle);
  sqlite3_stmt *statement = NULL;
  int result;

  if (self != NULL && is_set_already (self, text))
    return SQLITE_OK;
  if (self == NULL || callback != NULL || message_out != NULL || !is_one_statement (text))
    return __real_sqlite3_exec (handle, text, callback, data, message_out);
  result =
      __wrap_sqlite3_prepare_v3 (handle, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (result != SQLITE_OK || statement == NULL)
    return result;
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    ;
  int last = __wrap_sqlite3_finalize (statement);
  return result == SQLITE_DONE ? SQLITE_OK : last;
}

/**
 * pk_sim_pool_clear:
 *
 * Closes what waits.
 */
void
pk_sim_pool_clear (void)
{
  g_autoptr (GList) all = connections != NULL ? g_hash_table_get_values (connections) : NULL;

  for (GList *at = all; at != NULL; at = at->next)
    if (((Connection *) at->data)->is_idle)
      close_for_good (at->data);
}
