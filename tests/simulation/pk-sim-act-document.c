/*
 * Contents, as people handle them: attached to a task, looked at, kept on the device, let go. What app/command/pk-document-commands.c and
 * pk-command.c do with them is done here in the same order: the content on the disk, then its place in the queue, then the records.
 */
#include "config.h"

#include "pk-sim-act.h"

#include "pk-blob-cache.h"
#include "pk-blob-queue.h"
#include "pk-hash.h"
#include "pk-model-tables.h"
#include "pk-sim-contents.h"
#include "pk-sim-oracle.h"
#include "pk-writer-private.h"

#include <string.h>

#define N_CONTENTS 6

/* Few different ones, so that many have the same; each of a size of its own, none of them round. */
static GBytes *
make_content (PkSimWorld *world, guint number)
{
  GString *text = g_string_new (NULL);

  while (text->len < 1 + number * 1777)
    g_string_append_printf (text,
                            "content %u of %" G_GUINT64_FORMAT ", %u\n",
                            number,
                            world->wish.seed,
                            (guint) text->len);
  return g_string_free_to_bytes (text);
}

/* As put_in_place() of pk-blob-cache.c. */
static gboolean
keep (PkSimClient *client, GBytes *content, const char *sha256)
{
  g_autofree char *path = pk_blob_cache_get_path (client->directory, sha256);
  g_autofree char *part = g_strconcat (client->directory, "/blobs/new-content.part", NULL);
  gsize size;
  const char *bytes = g_bytes_get_data (content, &size);
  PkSimFile *file = pk_sim_disk_make (client->disk, part);

  return file != NULL && pk_sim_file_truncate (file, 0) &&
         pk_sim_file_write (file, 0, bytes, size) && pk_sim_file_sync (file) &&
         pk_sim_disk_rename (client->disk, part, path);
}

static PkMutation *
new_document (PkSimClient *client, GBytes *content, const char *sha256, const char *word)
{
  PkId id = pk_id_source_next (client->ids);
  PkMutation *mutation =
      pk_mutation_new (PK_OP_CREATE, pk_entity_by_id (PK_ENTITY_DOCUMENT), NULL, &id);
  PkValues *fields = mutation->fields;

  pk_values_take (fields, PK_DOCUMENT_TITLE, pk_value_text (word));
  pk_values_take (fields, PK_DOCUMENT_FILE_NAME, pk_value_text ("content.txt"));
  pk_values_take (fields, PK_DOCUMENT_MEDIA_TYPE, pk_value_text ("text/plain"));
  pk_values_take (fields, PK_DOCUMENT_KIND, pk_value_int (0));
  pk_values_take (fields,
                  PK_DOCUMENT_SIZE_BYTES,
                  pk_value_int ((gint64) g_bytes_get_size (content)));
  pk_values_take (fields, PK_DOCUMENT_SHA256, pk_value_text (sha256));
  pk_values_take (fields, PK_DOCUMENT_CONFIDENTIALITY, pk_value_int (PK_CONFIDENTIALITY_INTERNAL));
  pk_values_take (fields, PK_DOCUMENT_CREATED_AT, pk_value_int (pk_clock_now_us (client->clock)));
  return mutation;
}

static PkMutation *
new_link (PkSimClient *client, const PkId *document, const PkId *task)
{
  PkId id = pk_id_source_next (client->ids);
  PkMutation *mutation =
      pk_mutation_new (PK_OP_CREATE, pk_entity_by_id (PK_ENTITY_DOCUMENT_LINK), NULL, &id);

  pk_values_take (mutation->fields, PK_DOCUMENT_LINK_DOCUMENT_ID, pk_value_id (document));
  pk_values_take (mutation->fields, PK_DOCUMENT_LINK_TASK_ID, pk_value_id (task));
  return mutation;
}

static gboolean
queue (PkSimClient *client, const PkMutation *document, GBytes *content, const char *sha256)
{
  PkPendingUpload upload = { .sha256 = (char *) sha256,
                             .size_bytes = (gint64) g_bytes_get_size (content),
                             .document = document->record,
                             .media_type = (char *) "text/plain" };

  return pk_writer_queue_upload (client->writer, &upload, NULL);
}

static void
attach (PkSimClient *client, PkSimChance *chance, const PkRecord *task)
{
  PkSimOracle *oracle = client->world->oracle;
  g_autoptr (GBytes)
      content = make_content (client->world, pk_sim_chance_below (chance, N_CONTENTS));
  g_autofree char *sha256 = pk_sha256_of_bytes (g_bytes_get_data (content, NULL),
                                                g_bytes_get_size (content));
  g_autofree char *word = pk_sim_act_make_word (client->world);
  g_autoptr (PkMutation) document = new_document (client, content, sha256, word);
  g_autoptr (PkMutation) link = new_link (client, &document->record, pk_record_get_id (task));
  g_autoptr (GPtrArray) mutations = g_ptr_array_new ();

  pk_sim_oracle_note_content (oracle, &client->person, sha256, content);
  if (!keep (client, content, sha256) || !queue (client, document, content, sha256))
    return;
  g_ptr_array_add (mutations, document);
  g_ptr_array_add (mutations, link);
  gboolean is_saved = pk_writer_submit (client->writer, mutations, NULL);
  pk_sim_world_tell (client->world,
                     "client %u: act %u: attaches %s of %u bytes, %.8s%s",
                     client->number,
                     oracle->acts->len,
                     word,
                     (guint) g_bytes_get_size (content),
                     sha256,
                     is_saved ? "" : ": not saved");
  pk_sim_oracle_note (oracle, client, document, word, PK_DOCUMENT_TITLE, is_saved);
  pk_sim_oracle_note (oracle, client, link, NULL, 0, is_saved);
}

/* A person waits for a content that the server has. */
static void
open_document (PkSimClient *client, PkSimChance *chance)
{
  g_autoptr (PkRecord)
      document = pk_sim_act_pick (client,
                                  "SELECT id FROM document WHERE is_stored = 1 ORDER BY rid",
                                  PK_ENTITY_DOCUMENT,
                                  chance);
  const char *sha256 = document != NULL ? pk_record_get_text (document, PK_DOCUMENT_SHA256) : NULL;

  if (sha256 == NULL || pk_blob_cache_has (client->directory, sha256))
    return;
  pk_sim_world_tell (client->world, "client %u: opens %.8s", client->number, sha256);
  pk_sim_client_want_content (client,
                              sha256,
                              pk_record_get_int (document, PK_DOCUMENT_SIZE_BYTES, 0));
}

/* Somebody who knows what a content is called, and nothing else of it. */
static void
ask_for_any (PkSimClient *client, PkSimChance *chance)
{
  g_autoptr (GBytes)
      content = make_content (client->world, pk_sim_chance_below (chance, N_CONTENTS));
  gsize size = g_bytes_get_size (content);
  g_autofree char *sha256 = pk_sha256_of_bytes (g_bytes_get_data (content, NULL), size);

  pk_sim_world_tell (client->world, "client %u: asks for %.8s", client->number, sha256);
  if (!pk_blob_cache_has (client->directory, sha256))
    pk_sim_client_want_content (client, sha256, (gint64) size);
}

/**
 * pk_sim_act_document:
 *
 * A person does something with a document.
 */
void
pk_sim_act_document (PkSimClient *client, PkSimChance *chance)
{
  g_autoptr (PkRecord)
      task = pk_sim_act_pick (client, "SELECT id FROM task ORDER BY rid", PK_ENTITY_TASK, chance);
  guint what = pk_sim_chance_below (chance, 8);

  if (what == 0)
    {
      client->world->oracle->has_evicted = TRUE;
      pk_writer_evict_blobs (client->writer, 0, NULL);
    }
  else if (what == 1 && task != NULL)
    pk_writer_set_pinned (client->writer,
                          pk_record_get_entity (task),
                          pk_record_get_id (task),
                          TRUE,
                          NULL);
  else if (what == 2)
    ask_for_any (client, chance);
  else if (what == 3)
    open_document (client, chance);
  else if (task != NULL)
    attach (client, chance, task);
}
