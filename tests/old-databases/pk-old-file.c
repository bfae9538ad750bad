/* Databases that older programs wrote: compressed in the tree, unpacked for each test. */
#include "config.h"

#include "pk-old-file.h"

#include <gio/gio.h>

#define GZIP_LEVEL 9

static GBytes *
convert (const char *path, GConverter *converter)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  gsize size;

  g_file_get_contents (path, &content, &size, &error);
  g_assert_no_error (error);
  g_autoptr (GInputStream)
      source = g_memory_input_stream_new_from_data (content, (gssize) size, NULL);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (source, converter);
  g_autoptr (GOutputStream) target = g_memory_output_stream_new_resizable ();
  g_output_stream_splice (target, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, &error);
  g_assert_no_error (error);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (target));
}

static void
write_bytes (const char *path, GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  g_file_set_contents (path, data, (gssize) size, &error);
  g_assert_no_error (error);
}

/**
 * pk_old_file_unpack:
 * @name: "store", "replica" or "outbox"
 * @path: where the program looks for it
 *
 * Returns: (transfer full): SHA-256 of what is there now
 */
char *
pk_old_file_unpack (const char *name, const char *version, const char *path)
{
  g_autofree char *file = g_strdup_printf ("%s-%s.db.gz", name, version);
  g_autofree char *packed = g_build_filename (g_getenv ("PK_OLD_DATABASES"), file, NULL);
  g_autoptr (GZlibDecompressor) unpack = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GBytes) bytes = convert (packed, G_CONVERTER (unpack));

  write_bytes (path, bytes);
  return pk_old_file_sum (path);
}

/**
 * pk_old_file_pack:
 * @path: of a database that nobody has open
 * @folder: where the compressed one goes
 */
void
pk_old_file_pack (const char *path, const char *name, const char *version, const char *folder)
{
  g_autofree char *file = g_strdup_printf ("%s-%s.db.gz", name, version);
  g_autofree char *packed = g_build_filename (folder, file, NULL);
  g_autoptr (GZlibCompressor)
      pack = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, GZIP_LEVEL);
  g_autoptr (GBytes) bytes = convert (path, G_CONVERTER (pack));

  write_bytes (packed, bytes);
}

/**
 * pk_old_file_sum:
 *
 * Returns: (transfer full): SHA-256 of a file
 */
char *
pk_old_file_sum (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  gsize size;

  g_file_get_contents (path, &content, &size, &error);
  g_assert_no_error (error);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) content, size);
}
