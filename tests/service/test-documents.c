/* Documents and their contents: what is here is not sent twice, and knowing a hash opens nothing. */
#include "config.h"

#include "pk-hash.h"
#include "pk-service-devices.h"
#include "pk-service-push.h"
#include "pk-service-uploads.h"
#include "pk-store-blobs.h"
#include "pk-test-world.h"

#include <glib/gstdio.h>

typedef struct
{
  PkTestWorld world;
  PkId devices[2]; /* of persons 1 and 2, who see nothing of each other's */
  PkId last[2];
  gint64 n[2];
  char *sha256; /* (owned): of a content that the store has */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GBytes) content = g_bytes_new_static ("A drawing", 9);

  pk_test_world_set_up (&self->world);
  g_assert_true (pk_store_put_blob_bytes (self->world.store, content, 1, &self->sha256, NULL));
  for (guint i = 0; i < 2; i++)
    {
      self->n[i] = 0;
      self->last[i] = (PkId){ { 0 } };
      g_assert_true (pk_service_register_device (self->world.service,
                                                 &self->world.persons[i + 1],
                                                 NULL,
                                                 NULL,
                                                 &self->devices[i],
                                                 NULL));
    }
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_free (self->sha256);
  pk_test_world_tear_down (&self->world);
}

static void
push (Fixture *self, guint device, PkMutation *mutation)
{
  g_autoptr (GPtrArray) batch = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  mutation->id = pk_id_source_next (self->world.ids);
  mutation->prev = self->last[device];
  mutation->n = ++self->n[device];
  self->last[device] = mutation->id;
  g_ptr_array_add (batch, mutation);
  g_autoptr (PkPushResult) result = pk_service_push (self->world.service,
                                                     &self->world.persons[device + 1],
                                                     &self->devices[device],
                                                     batch,
                                                     &error);
  g_assert_no_error (error);
  const PkVerdict *verdict = result->verdicts->pdata[0];
  g_assert_cmpint (verdict->kind, ==, PK_VERDICT_APPLIED);
}

static PkId
push_document (Fixture *self, guint device, const char *sha256)
{
  const PkEntity *entity = pk_entity_by_id (PK_ENTITY_DOCUMENT);
  PkId id = pk_id_source_next (self->world.ids);
  g_autoptr (PkMutation) mutation = pk_mutation_new (PK_OP_CREATE, entity, NULL, &id);

  pk_values_take (mutation->fields, PK_DOCUMENT_TITLE, pk_value_text ("Plan"));
  pk_values_take (mutation->fields, PK_DOCUMENT_FILE_NAME, pk_value_text ("plan.pdf"));
  pk_values_take (mutation->fields, PK_DOCUMENT_MEDIA_TYPE, pk_value_text ("application/pdf"));
  pk_values_take (mutation->fields, PK_DOCUMENT_KIND, pk_value_int (0));
  pk_values_take (mutation->fields, PK_DOCUMENT_SIZE_BYTES, pk_value_int (9));
  pk_values_take (mutation->fields, PK_DOCUMENT_SHA256, pk_value_text (sha256));
  push (self, device, mutation);
  return id;
}

static void
push_hash (Fixture *self, guint device, const PkId *document, const char *was, const char *sha256)
{
  const PkEntity *entity = pk_entity_by_id (PK_ENTITY_DOCUMENT);
  g_autoptr (PkMutation) mutation = pk_mutation_new (PK_OP_SET, entity, NULL, document);

  pk_values_take (mutation->fields, PK_DOCUMENT_SHA256, pk_value_text (sha256));
  pk_values_take (mutation->was, PK_DOCUMENT_SHA256, pk_value_text (was));
  push (self, device, mutation);
}

static gboolean
is_stored (Fixture *self, const PkId *document)
{
  g_autoptr (PkRecord) record = pk_test_world_find (&self->world, PK_ENTITY_DOCUMENT, document);

  return pk_record_get_int (record, PK_DOCUMENT_IS_STORED, FALSE) != 0;
}

static void
send_content (Fixture *self, guint device)
{
  g_assert_true (pk_service_content_arrived (self->world.service,
                                             &self->world.persons[device + 1],
                                             self->sha256,
                                             NULL));
}

static void
test_what_a_person_has_sent_is_not_asked_for_again (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  PkId first = push_document (self, 0, self->sha256);

  g_assert_false (is_stored (self, &first));
  send_content (self, 0);
  g_assert_true (is_stored (self, &first));
  PkId second = push_document (self, 0, self->sha256);
  g_assert_true (is_stored (self, &second));
  pk_test_world_check (&self->world);
}

/* The content was put in its place, and then the disk was full: the store knows nothing of it, and the upload's file is gone. */
static void
test_an_upload_without_its_file_begins_anew (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  PkService *service = self->world.service;
  const PkId *person = &self->world.persons[1];
  g_autofree char *sha256 = pk_sha256_of_bytes ("A new plan", 10);
  g_autoptr (GError) error = NULL;
  g_autoptr (PkUpload) first = pk_service_begin_upload (service, person, sha256, 10, &error);

  g_assert_no_error (error);
  g_autofree char *path = pk_service_dup_upload_path (service, first);
  g_assert_true (g_file_set_contents (path, "A new", 5, &error));
  g_assert_true (pk_service_keep_upload (service, first, 5, FALSE, &error));
  g_autoptr (PkUpload) again = pk_service_begin_upload (service, person, sha256, 10, &error);
  g_assert_true (pk_id_equal (&again->id, &first->id));
  g_assert_cmpint (again->offset, ==, 5);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_autoptr (PkUpload) anew = pk_service_begin_upload (service, person, sha256, 10, &error);
  g_assert_no_error (error);
  g_assert_false (pk_id_equal (&anew->id, &first->id));
  g_assert_cmpint (anew->offset, ==, 0);
  g_assert_null (pk_service_find_upload (service, person, &first->id, NULL));
}

static void
test_a_hash_alone_opens_nothing (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  PkId mine = push_document (self, 0, self->sha256);

  send_content (self, 0);
  PkId stranger = push_document (self, 1, self->sha256);
  g_assert_true (is_stored (self, &mine));
  g_assert_false (is_stored (self, &stranger));
}

static void
test_another_content_has_to_arrive_again (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GBytes) content = g_bytes_new_static ("A secret", 8);
  g_autofree char *secret = NULL;
  PkId mine = push_document (self, 0, self->sha256);

  send_content (self, 0);
  g_assert_true (pk_store_put_blob_bytes (self->world.store, content, 1, &secret, NULL));
  push_hash (self, 0, &mine, self->sha256, secret);
  g_assert_false (is_stored (self, &mine));
  push_hash (self, 0, &mine, secret, self->sha256);
  g_assert_false (is_stored (self, &mine));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/documents/what-a-person-has-sent-is-not-asked-for-again",
      test_what_a_person_has_sent_is_not_asked_for_again },
    { "/documents/an-upload-without-its-file-begins-anew",
      test_an_upload_without_its_file_begins_anew },
    { "/documents/a-hash-alone-opens-nothing", test_a_hash_alone_opens_nothing },
    { "/documents/another-content-has-to-arrive-again", test_another_content_has_to_arrive_again },
  };

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
