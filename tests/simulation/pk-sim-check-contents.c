/*
 * What is looked at of documents' contents:
 *   6   a content leaves the server for those alone who hold a scope of a stored document that points to it; in the end a device has contents
 *       of documents that it holds, and of its person's own
 *   2   a document that is told as stored has its content at the server, whole; one that is not has it on the device that made it,
 *       waiting or refused; what waits is never let go
 *   12  a content is what its name says, on both sides
 */
#include "config.h"

#include "pk-hash.h"
#include "pk-model-tables.h"
#include "pk-service-grants.h"
#include "pk-sim-contents.h"
#include "pk-sim-devices.h"
#include "pk-sim-oracle.h"
#include "pk-store-blobs.h"
#include "pk-store-grants.h"
#include "pk-store-log.h"
#include "pk-store-records.h"
#include "pk-writer-private.h"

#include <string.h>

/**
 * pk_sim_oracle_note_content:
 *
 * Somebody has a content.
 */
void
pk_sim_oracle_note_content (PkSimOracle *self,
                            const PkId *person,
                            const char *sha256,
                            GBytes *content)
{
  char text[PK_ID_TEXT_LENGTH + 1];

  g_hash_table_insert (self->contents, g_strdup (sha256), g_bytes_ref (content));
  g_hash_table_insert (self->contents,
                       g_strconcat (sha256, pk_id_to_text (person, text), NULL),
                       g_bytes_ref (content));
}

static gboolean
has_made (PkSimOracle *self, const PkId *person, const char *sha256)
{
  char text[PK_ID_TEXT_LENGTH + 1];
  g_autofree char *key = g_strconcat (sha256, pk_id_to_text (person, text), NULL);

  return g_hash_table_contains (self->contents, key);
}

/* Whether the bytes of a file, from some place on, are those of the content. */
static gboolean
is_content (PkSimOracle *self, const char *sha256, gint64 offset, const char *bytes, gsize size)
{
  GBytes *content = g_hash_table_lookup (self->contents, sha256);
  gsize whole = content != NULL ? g_bytes_get_size (content) : 0;

  return content != NULL && (gsize) offset + size == whole &&
         memcmp ((const char *) g_bytes_get_data (content, NULL) + offset, bytes, size) == 0;
}

static gboolean
is_file (PkSimOracle *self, PkSimDisk *disk, const char *path, const char *sha256)
{
  PkSimFile *file = pk_sim_disk_lookup (disk, path);

  if (file == NULL)
    return FALSE;
  gsize size = (gsize) pk_sim_file_size (file);
  g_autofree char *bytes = g_malloc (size + 1);
  pk_sim_file_read (file, 0, bytes, size);
  return is_content (self, sha256, 0, bytes, size);
}

static gboolean
server_has (PkSimOracle *self, const char *sha256)
{
  PkSimServer *server = self->world->server;
  g_autofree char *path = pk_store_dup_blob_path (server->store, sha256);
  gboolean has_row = FALSE;

  return pk_store_find_blob (server->store, sha256, &has_row, NULL, NULL) && has_row &&
         is_file (self, server->disk, path, sha256);
}

typedef struct
{
  PkSimOracle *oracle;
  PkSimClient *client;
  const char *sha256;
  GArray *granted;
  gboolean is_found;
} Look;

static gboolean
is_seen (Look *look, const PkRecord *document)
{
  g_autoptr (GArray) places = pk_store_get_places (look->oracle->world->server->store,
                                                   pk_record_get_entity (document),
                                                   pk_record_get_id (document),
                                                   NULL);

  for (guint i = 0; i < places->len; i++)
    for (guint j = 0; j < look->granted->len; j++)
      if (g_array_index (places, gint64, i) == g_array_index (look->granted, gint64, j))
        return TRUE;
  return FALSE;
}

static gboolean
find_seen (PkRecord *document, gpointer data)
{
  Look *look = data;

  look->is_found = pk_record_get_int (document, PK_DOCUMENT_IS_STORED, 0) == 1 &&
                   g_strcmp0 (pk_record_get_text (document, PK_DOCUMENT_SHA256), look->sha256) ==
                       0 &&
                   is_seen (look, document);
  return !look->is_found;
}

/**
 * pk_sim_oracle_check_content:
 *
 * Looks at a content that leaves the server.
 */
void
pk_sim_oracle_check_content (PkSimOracle *self,
                             const PkId *person,
                             const char *sha256,
                             const PkSimAnswer *answer)
{
  PkSimServer *server = self->world->server;
  g_autoptr (GArray) granted = pk_grants_work_out (server->service, person, NULL);
  Look look = { .oracle = self, .sha256 = sha256, .granted = granted };

  if (granted == NULL)
    return;
  pk_store_visit (server->store, pk_entity_by_id (PK_ENTITY_DOCUMENT), find_seen, &look, NULL);
  if (!look.is_found)
    pk_sim_world_fail (self->world, "6: %.8s is sent to somebody who may not see it", sha256);
  if (!is_content (self, sha256, answer->offset, answer->body->str, answer->body->len))
    pk_sim_world_fail (self->world, "12: %.8s is sent with other bytes", sha256);
}

/**
 * pk_sim_oracle_check_document:
 *
 * Looks at a document that leaves the server.
 */
void
pk_sim_oracle_check_document (PkSimOracle *self, const PkRecord *document)
{
  const char *sha256 = pk_record_get_text (document, PK_DOCUMENT_SHA256);

  if (pk_record_get_int (document, PK_DOCUMENT_IS_STORED, 0) == 1 && !server_has (self, sha256))
    pk_sim_world_fail (self->world, "2: a document is told as stored, and nobody has %.8s", sha256);
}

static gboolean
has_row (PkSql *sql, const char *text, const char *sha256)
{
  PkStatement *query = pk_sql_prepare (sql, text, NULL);

  pk_statement_bind_text (query, 1, sha256);
  gboolean has = pk_statement_next (query, NULL);
  pk_statement_reset (query);
  return has;
}

static gboolean
is_unsent (PkSimClient *client, const char *sha256)
{
  return has_row (client->writer->outbox, "SELECT 1 FROM upload WHERE sha256 = ?1", sha256);
}

static gboolean
device_has (PkSimOracle *self, PkSimClient *client, const char *sha256)
{
  g_autofree char *path = g_build_filename (client->directory, "blobs", sha256, NULL);

  return is_file (self, client->disk, path, sha256);
}

static void
check_blob (PkSimOracle *self, PkSimClient *client, const char *name)
{
  g_autofree char *sha256 = g_strndup (name, 64);

  if (!pk_sha256_is_valid (sha256))
    return;
  if (strlen (name) == 64 && !device_has (self, client, name))
    pk_sim_world_fail (self->world,
                       "12: client %u has other bytes under the name %.8s",
                       client->number,
                       name);
  if (!has_made (self, &client->person, sha256) && !is_unsent (client, sha256) &&
      !has_row (client->writer->sql, "SELECT 1 FROM document WHERE sha256 = ?1", sha256))
    pk_sim_world_fail (self->world,
                       "6: client %u still has %.12s, of no document that is for it",
                       client->number,
                       name + 52);
}

static void
check_unsent (PkSimOracle *self, PkSimClient *client)
{
  PkStatement *query = pk_sql_prepare (client->writer->outbox, "SELECT sha256 FROM upload", NULL);

  while (query != NULL && pk_statement_next (query, NULL))
    if (!device_has (self, client, pk_statement_get_text (query, 0)))
      pk_sim_world_fail (self->world,
                         "2: client %u let %.8s go, which nobody else has",
                         client->number,
                         pk_statement_get_text (query, 0));
}

static gboolean
is_excused (PkSimOracle *self, const PkId *document)
{
  for (guint i = 0; i < self->acts->len; i++)
    {
      const PkSimAct *act = self->acts->pdata[i];
      if (pk_id_equal (&act->record, document) && act->op == PK_OP_CREATE)
        return act->is_excused || act->is_off_disk || !act->is_accepted ||
               pk_sim_devices_is_revoked (self->world, self->world->clients[act->client]);
    }
  return TRUE;
}

static gboolean
check_stored (PkRecord *document, gpointer data)
{
  PkSimOracle *self = data;
  const char *sha256 = pk_record_get_text (document, PK_DOCUMENT_SHA256);
  gboolean has_device = FALSE;

  pk_sim_oracle_check_document (self, document);
  /* What devices let go because the server had it, and the server lost since then, is nowhere. */
  if (self->has_restored && self->has_evicted)
    return TRUE;
  if (pk_record_get_int (document, PK_DOCUMENT_IS_STORED, 0) == 1 ||
      is_excused (self, pk_record_get_id (document)))
    return TRUE;
  for (guint i = 0; i < self->world->n_clients; i++)
    has_device = has_device || is_unsent (self->world->clients[i], sha256);
  if (!has_device)
    pk_sim_world_fail (self->world,
                       "2: %.8s never came, and no device has it waiting or refused",
                       sha256);
  return TRUE;
}

static void
tidy (PkSimClient *client)
{
  for (gboolean has_more = TRUE; has_more;)
    if (!pk_writer_do_upkeep (client->writer, &has_more, NULL))
      return;
}

/**
 * pk_sim_oracle_check_contents:
 *
 * Looks at all contents in the end.
 */
void
pk_sim_oracle_check_contents (PkSimOracle *self)
{
  if (self->world->rates[PK_SIM_FAULT_CONTENTS] <= 0)
    return;
  pk_store_visit (self->world->server->store,
                  pk_entity_by_id (PK_ENTITY_DOCUMENT),
                  check_stored,
                  self,
                  NULL);
  for (guint i = 0; i < self->world->n_clients; i++)
    {
      PkSimClient *client = self->world->clients[i];
      tidy (client);
      g_autofree char *folder = g_build_filename (client->directory, "blobs", NULL);
      g_autoptr (GPtrArray) names = pk_sim_disk_list (client->disk, folder);
      check_unsent (self, client);
      for (guint j = 0; j < names->len; j++)
        check_blob (self, client, names->pdata[j]);
    }
}
