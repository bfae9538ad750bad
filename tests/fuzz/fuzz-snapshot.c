/*
 * The file of a snapshot: compressed, SQLite inside. Whatever it holds, the replica is left as it was or has the whole of it. A mutator
 * of our own changes what is inside, since nearly every other change ends at the compression.
 */
#include "config.h"

#include "pk-fuzz.h"

#include "pk-writer-sync.h"

#include <glib/gstdio.h>
#include <string.h>
#include <zstd.h>

#define MOST_BYTES (4 * 1024 * 1024)

gsize LLVMFuzzerMutate (guint8 *data, gsize size, gsize max_size);
gsize LLVMFuzzerCustomMutator (guint8 *data, gsize size, gsize max_size, guint seed);

typedef struct
{
  char *directory;
  PkWriter *writer;
} World;

static World *
get_world (void)
{
  static World *world;

  if (world != NULL)
    return world;
  world = g_new0 (World, 1);
  g_autoptr (PkClock) clock = pk_clock_new_manual (1795000000000000);
  g_autoptr (PkIdSource) ids = pk_id_source_new_seeded (clock, 7);
  PkId person = pk_id_source_next (ids);
  world->directory = g_dir_make_tmp ("fuzz-snapshot-XXXXXX", NULL);
  world->writer = pk_writer_open (world->directory, clock, ids, &person, PK_REPLICA_NO_SYNC, NULL);
  g_assert_nonnull (world->writer);
  return world;
}

static gint64
count_scopes (World *world)
{
  g_autoptr (PkPullRequest)
      request = pk_writer_make_pull_request (world->writer, PK_PULL_DEFAULT, NULL);

  g_assert_nonnull (request);
  return request->scopes->len;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  World *world = get_world ();
  g_autofree char *path = g_build_filename (world->directory, "input", NULL);
  const char *const paths[] = { path, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, (const char *) data, (gssize) size, NULL));
  gboolean is_done = pk_writer_install_snapshots (world->writer, paths, &error);
  g_assert_true (is_done == (error == NULL));
  g_assert_cmpint (count_scopes (world), ==, is_done ? 1 : 0);
  if (is_done)
    g_assert_true (pk_writer_erase (world->writer, TRUE, NULL));
  return 0;
}

#ifdef PK_FUZZING
/* Unpacks, lets the fuzzer change it, packs again. */
gsize
LLVMFuzzerCustomMutator (guint8 *data, gsize size, gsize max_size, guint seed G_GNUC_UNUSED)
{
  g_autofree guint8 *plain = g_malloc0 (MOST_BYTES);
  gsize n = ZSTD_decompress (plain, MOST_BYTES, data, size);

  if (ZSTD_isError (n) || n == 0)
    return LLVMFuzzerMutate (data, size, max_size);
  n = LLVMFuzzerMutate (plain, n, MOST_BYTES);
  gsize packed = ZSTD_compress (data, max_size, plain, n, 1);
  return ZSTD_isError (packed) ? LLVMFuzzerMutate (data, size, max_size) : packed;
}
#endif
