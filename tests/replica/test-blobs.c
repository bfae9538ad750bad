/* Contents of documents: verified before they have their name, kept until they are uploaded, gone with their last document. */
#include "config.h"

#include "pk-blob-cache.h"
#include "pk-blob-queue.h"
#include "pk-outbox.h"
#include "pk-writer-private.h"
#include "replica-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

static const char *const one_scope[] = { "everyone", NULL };

static char *
add_content (Fixture *fixture, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->directory, "picture", NULL);
  g_autoptr (GError) error = NULL;
  char *sha256 = NULL;
  gint64 size;

  g_assert_true (g_file_set_contents (path, text, -1, &error));
  g_assert_true (pk_blob_cache_add_file (fixture->directory, path, &sha256, &size, &error));
  g_assert_no_error (error);
  return sha256;
}

static PkRecord *
make_document (Fixture *fixture, const char *sha256)
{
  PkId id = pk_id_source_next (fixture->ids);
  PkRecord *document = pk_record_new (pk_entity_by_id (PK_ENTITY_DOCUMENT), &id);

  pk_record_set_text (document, PK_DOCUMENT_TITLE, "Bilde");
  pk_record_set_text (document, PK_DOCUMENT_FILE_NAME, "bilde.jpg");
  pk_record_set_text (document, PK_DOCUMENT_MEDIA_TYPE, "image/jpeg");
  pk_record_set_int (document, PK_DOCUMENT_KIND, PK_DOCUMENT_KIND_PHOTO);
  pk_record_set_int (document, PK_DOCUMENT_SIZE_BYTES, 3);
  pk_record_set_text (document, PK_DOCUMENT_SHA256, sha256);
  pk_record_set_int (document, PK_DOCUMENT_IS_STORED, TRUE);
  pk_record_set_int (document, PK_DOCUMENT_CONFIDENTIALITY, PK_CONFIDENTIALITY_INTERNAL);
  pk_record_set_int (document, PK_DOCUMENT_CREATED_AT, 1);
  return document;
}

static void
queue (Fixture *fixture, const char *sha256)
{
  PkPendingUpload upload = { .sha256 = (char *) sha256,
                             .size_bytes = 3,
                             .media_type = (char *) "image/jpeg" };
  g_autoptr (GError) error = NULL;

  g_assert_true (pk_writer_queue_upload (fixture->writer, &upload, &error));
}

static void
test_content_that_is_not_what_it_should_be_is_thrown_away (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  g_autofree char *sha256 = pk_sha256_of_bytes ("rett", 4);

  fixture_set_up (&fixture);
  g_autofree char *part = pk_blob_cache_get_part_path (fixture.directory, sha256);
  g_assert_true (g_file_set_contents (part, "feil", 4, &error));
  g_assert_cmpint (pk_reader_get_blob (fixture.reader, sha256, NULL), ==, PK_BLOB_ARRIVING);
  g_assert_false (pk_blob_cache_finish_part (fixture.directory, sha256, &error));
  g_assert_error (error, PK_PROBLEM_ERROR, PK_PROBLEM_CHECKSUM);
  g_clear_error (&error);
  g_assert_cmpint (pk_reader_get_blob (fixture.reader, sha256, NULL), ==, PK_BLOB_NONE);
  g_assert_true (g_file_set_contents (part, "rett", 4, &error));
  g_assert_true (pk_blob_cache_finish_part (fixture.directory, sha256, &error));
  g_assert_cmpint (pk_reader_get_blob (fixture.reader, sha256, NULL), ==, PK_BLOB_HERE);
  fixture_tear_down (&fixture);
}

static void
test_the_cache_keeps_what_is_not_uploaded_or_pinned (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  g_autofree char *unsent = add_content (&fixture, "usendt");
  g_autofree char *other = add_content (&fixture, "annet");
  queue (&fixture, unsent);
  g_assert_true (pk_writer_evict_blobs (fixture.writer, 0, &error));
  g_assert_true (pk_blob_cache_has (fixture.directory, unsent));
  g_assert_false (pk_blob_cache_has (fixture.directory, other));
  g_assert_cmpint (pk_reader_get_blob (fixture.reader, unsent, NULL),
                   ==,
                   PK_BLOB_HERE_NOT_UPLOADED);
  g_autoptr (GPtrArray) uploads = pk_writer_list_uploads (fixture.writer, 10, &error);
  g_assert_cmpuint (uploads->len, ==, 1);
  g_assert_true (pk_writer_finish_upload (fixture.writer,
                                          ((PkPendingUpload *) uploads->pdata[0])->place,
                                          &error));
  g_assert_true (pk_writer_evict_blobs (fixture.writer, 0, &error));
  g_assert_false (pk_blob_cache_has (fixture.directory, unsent));
  fixture_tear_down (&fixture);
}

static void
test_content_goes_with_its_last_document (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  g_autofree char *sha256 = add_content (&fixture, "bilde");
  g_autoptr (PkRecord) first = make_document (&fixture, sha256);
  g_autoptr (PkRecord) second = make_document (&fixture, sha256);
  fixture_give_task (&fixture, first);
  fixture_give_task (&fixture, second);
  g_autoptr (GPtrArray) one = fixture_begin (&fixture, one_scope);
  fixture_add_gone (one, first, 0);
  fixture_add_commit (&fixture, one, NULL, 0);
  g_assert_true (fixture_apply (&fixture, one, &error));
  g_assert_true (pk_blob_cache_has (fixture.directory, sha256));
  g_autoptr (GPtrArray) all = fixture_begin (&fixture, one_scope);
  fixture_add_drop (all, "everyone");
  fixture_add_commit (&fixture, all, NULL, 0);
  g_assert_true (fixture_apply (&fixture, all, &error));
  g_assert_false (pk_blob_cache_has (fixture.directory, sha256));
  fixture_tear_down (&fixture);
}

static void
test_a_dropped_record_leaves_no_word_on_the_disk (void)
{
  static const char secret[] = "hemmeligord";
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  gboolean has_more = TRUE;

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) task = fixture_make_task (&fixture, "Et hemmeligord i tittelen");
  fixture_give_task (&fixture, task);
  while (has_more)
    g_assert_true (pk_writer_do_upkeep (fixture.writer, &has_more, &error));
  g_autoptr (GPtrArray) drop = fixture_begin (&fixture, one_scope);
  fixture_add_drop (drop, "everyone");
  fixture_add_commit (&fixture, drop, NULL, 0);
  g_assert_true (fixture_apply (&fixture, drop, &error));
  for (has_more = TRUE; has_more;)
    g_assert_true (pk_writer_do_upkeep (fixture.writer, &has_more, &error));
  fixture_crash (&fixture);
  g_autoptr (GDir) dir = g_dir_open (fixture.directory, 0, &error);
  const char *name;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture.directory, name, NULL);
      g_autofree char *bytes = NULL;
      gsize size = 0;
      if (g_file_get_contents (path, &bytes, &size, NULL) &&
          memmem (bytes, size, secret, strlen (secret)))
        g_test_fail_printf ("%s still has the word", name);
    }
  fixture_tear_down (&fixture);
}

static void
test_pins_say_which_contents_are_wanted (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  g_autofree char *sha256 = pk_sha256_of_bytes ("x", 1);

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) task = fixture_make_task (&fixture, "Festet");
  g_autoptr (PkRecord) document = make_document (&fixture, sha256);
  PkId id = pk_id_source_next (fixture.ids);
  g_autoptr (PkRecord) link = pk_record_new (pk_entity_by_id (PK_ENTITY_DOCUMENT_LINK), &id);
  pk_record_set_ref (link, PK_DOCUMENT_LINK_DOCUMENT_ID, pk_record_get_id (document));
  pk_record_set_ref (link, PK_DOCUMENT_LINK_TASK_ID, pk_record_get_id (task));
  fixture_give_task (&fixture, task);
  fixture_give_task (&fixture, document);
  fixture_give_task (&fixture, link);
  const PkEntity *entity = pk_record_get_entity (task);
  g_assert_true (
      pk_writer_set_pinned (fixture.writer, entity, pk_record_get_id (task), TRUE, &error));
  g_assert_true (pk_reader_is_pinned (fixture.reader, entity, pk_record_get_id (task)));
  g_autoptr (GPtrArray) wanted = pk_writer_list_wanted_blobs (fixture.writer, 10, &error);
  g_assert_cmpuint (wanted->len, ==, 1);
  g_assert_cmpstr (wanted->pdata[0], ==, sha256);
  fixture_tear_down (&fixture);
}

static void
test_erasing_keeps_only_what_is_unsent (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  PkReplicaSummary summary;

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) task = fixture_make_task (&fixture, "Fra tjeneren");
  fixture_give_task (&fixture, task);
  g_autoptr (PkMutation) mutation = fixture_create_task (&fixture, "Min");
  fixture_submit (&fixture, mutation);
  g_assert_true (pk_writer_erase (fixture.writer, FALSE, &error));
  fixture_crash (&fixture);
  fixture_reopen (&fixture);
  g_assert_null (fixture_get_title (&fixture, pk_record_get_id (task)));
  g_assert_true (pk_reader_read_summary (fixture.reader, &summary, &error));
  g_assert_cmpint (summary.n_waiting, ==, 1);
  g_assert_true (pk_writer_erase (fixture.writer, TRUE, &error));
  g_clear_pointer (&fixture.reader, pk_reader_free);
  fixture.reader = pk_reader_open (fixture.directory, &error);
  g_assert_true (pk_reader_read_summary (fixture.reader, &summary, &error));
  g_assert_cmpint (summary.n_waiting, ==, 0);
  fixture_tear_down (&fixture);
}

static guint
count_uploads (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) uploads = pk_writer_list_uploads (fixture->writer, 10, &error);

  g_assert_no_error (error);
  return uploads->len;
}

static void
test_what_the_server_has_lost_is_sent_again (void)
{
  Fixture fixture;

  fixture_set_up (&fixture);
  g_autofree char *sha256 = add_content (&fixture, "bilde");
  g_autofree char *elsewhere = pk_sha256_of_bytes ("x", 1);
  g_autoptr (PkRecord) own = make_document (&fixture, sha256);
  g_autoptr (PkRecord) gone = make_document (&fixture, elsewhere);
  g_autoptr (PkRecord) other = make_document (&fixture, sha256);
  PkId somebody = pk_id_source_next (fixture.ids);
  pk_record_set_ref (own, PK_DOCUMENT_CREATED_BY, &fixture.writer->person);
  pk_record_set_ref (gone, PK_DOCUMENT_CREATED_BY, &fixture.writer->person);
  pk_record_set_ref (other, PK_DOCUMENT_CREATED_BY, &somebody);
  fixture_give_task (&fixture, own);
  g_assert_cmpuint (count_uploads (&fixture), ==, 0);

  /* Of what is somebody else's, or not here, nothing can be sent. */
  pk_record_set_int (other, PK_DOCUMENT_IS_STORED, FALSE);
  pk_record_set_int (gone, PK_DOCUMENT_IS_STORED, FALSE);
  fixture_give_task (&fixture, other);
  fixture_give_task (&fixture, gone);
  g_assert_cmpuint (count_uploads (&fixture), ==, 0);
  g_autoptr (PkRecord) lost = pk_record_copy (own);
  pk_record_set_int (lost, PK_DOCUMENT_IS_STORED, FALSE);
  fixture_give_task (&fixture, lost);
  g_assert_cmpuint (count_uploads (&fixture), ==, 1);
  fixture_tear_down (&fixture);
}

static void
test_the_cache_keeps_what_came_before_its_document (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  g_autofree char *sha256 = add_content (&fixture, "bilde");
  g_autoptr (PkRecord) document = make_document (&fixture, sha256);
  pk_record_set_int (document, PK_DOCUMENT_IS_STORED, FALSE);
  fixture_give_task (&fixture, document);
  g_assert_true (pk_writer_evict_blobs (fixture.writer, 0, &error));
  g_assert_true (pk_blob_cache_has (fixture.directory, sha256));
  g_autoptr (PkRecord) stored = pk_record_copy (document);
  pk_record_set_int (stored, PK_DOCUMENT_IS_STORED, TRUE);
  fixture_give_task (&fixture, stored);
  g_assert_true (pk_writer_evict_blobs (fixture.writer, 0, &error));
  g_assert_false (pk_blob_cache_has (fixture.directory, sha256));
  fixture_tear_down (&fixture);
}

static void
make_old (Fixture *fixture, const char *sha256)
{
  g_autofree char *path = pk_blob_cache_get_path (fixture->directory, sha256);
  gint64 seconds = pk_clock_now_us (fixture->clock) / G_TIME_SPAN_SECOND - 2 * 86400;
  struct utimbuf times = { seconds, seconds };

  g_assert_cmpint (g_utime (path, &times), ==, 0);
}

static void
test_content_of_no_document_is_swept_away (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  g_autofree char *orphan = add_content (&fixture, "ingens");
  g_autofree char *unsent = add_content (&fixture, "usendt");
  g_autofree char *used = add_content (&fixture, "brukt");
  g_autofree char *fresh = add_content (&fixture, "fersk");
  g_autoptr (PkRecord) document = make_document (&fixture, used);
  queue (&fixture, unsent);
  fixture_give_task (&fixture, document);
  make_old (&fixture, orphan);
  make_old (&fixture, unsent);
  make_old (&fixture, used);
  fixture_crash (&fixture);
  fixture_reopen (&fixture);
  for (gboolean has_more = TRUE; has_more;)
    g_assert_true (pk_writer_do_upkeep (fixture.writer, &has_more, &error));
  g_assert_false (pk_blob_cache_has (fixture.directory, orphan));
  g_assert_true (pk_blob_cache_has (fixture.directory, unsent));
  g_assert_true (pk_blob_cache_has (fixture.directory, used));
  g_assert_true (pk_blob_cache_has (fixture.directory, fresh));
  fixture_tear_down (&fixture);
}

static void
test_content_that_comes_when_its_document_has_gone_does_not_stay (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  g_autofree char *sha256 = add_content (&fixture, "for sent");
  g_assert_true (pk_writer_note_blob_arrived (fixture.writer, sha256, &error));
  g_assert_false (pk_blob_cache_has (fixture.directory, sha256));
  fixture_tear_down (&fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/blobs/content-that-is-not-what-it-should-be-is-thrown-away",
                   test_content_that_is_not_what_it_should_be_is_thrown_away);
  g_test_add_func ("/blobs/the-cache-keeps-what-is-not-uploaded-or-pinned",
                   test_the_cache_keeps_what_is_not_uploaded_or_pinned);
  g_test_add_func ("/blobs/content-goes-with-its-last-document",
                   test_content_goes_with_its_last_document);
  g_test_add_func ("/blobs/a-dropped-record-leaves-no-word-on-the-disk",
                   test_a_dropped_record_leaves_no_word_on_the_disk);
  g_test_add_func ("/blobs/pins-say-which-contents-are-wanted",
                   test_pins_say_which_contents_are_wanted);
  g_test_add_func ("/blobs/erasing-keeps-only-what-is-unsent",
                   test_erasing_keeps_only_what_is_unsent);
  g_test_add_func ("/blobs/what-the-server-has-lost-is-sent-again",
                   test_what_the_server_has_lost_is_sent_again);
  g_test_add_func ("/blobs/the-cache-keeps-what-came-before-its-document",
                   test_the_cache_keeps_what_came_before_its_document);
  g_test_add_func ("/blobs/content-of-no-document-is-swept-away",
                   test_content_of_no_document_is_swept_away);
  g_test_add_func ("/blobs/content-that-comes-when-its-document-has-gone-does-not-stay",
                   test_content_that_comes_when_its_document_has_gone_does_not_stay);
  return g_test_run ();
}
