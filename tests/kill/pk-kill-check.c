/*
 * What must be true in the end:
 *   each mutation of a ledger has its verdict at the server, the device knows the same word, and what it wrote is in a record or in the
 *   history; none took effect twice
 *   each device has what the server has for its person, value by value, nothing else, and nothing unsent
 *   all files are sound
 */
#include "config.h"

#include "pk-codec.h"
#include "pk-kill-world.h"
#include "pk-model-tables.h"
#include "pk-query-store.h"
#include "pk-service-grants.h"
#include "pk-store-devices.h"
#include "pk-store-log.h"
#include "pk-store-records.h"
#include "pk-writer-private.h"

#include <string.h>

#define WORD_LENGTH 8

static const char integrity[] =
    "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check != 'ok'";

typedef struct
{
  PkKillWorld *world;
  PkStore *store;     /* (owned) */
  PkService *service; /* (owned) */
  PkClock *clock;     /* (owned) */
  PkIdSource *ids;    /* (owned) */
  GHashTable *words;  /* (owned): the drawn words that the server has anywhere */
  GHashTable *once;   /* (owned): what the history tells of mutations */
  guint verdicts[PK_VERDICT_LATER + 1];
  guint n_rows;
} Check;

typedef struct
{
  Check *check;
  PkKillDevice *device;
  PkWriter *writer; /* (owned) */
  GArray *granted;  /* (owned): scope numbers */
  GHashTable *seen; /* (owned): ids of records that should be there */
} Look;

/* The words that devices write end with a space and eight hexadecimal digits, drawn. */
static void
add_words (GHashTable *words, const char *text)
{
  for (const char *at = strchr (text, ' '); at != NULL; at = strchr (at + 1, ' '))
    if (strspn (at + 1, "0123456789abcdef") == WORD_LENGTH)
      g_hash_table_add (words, g_strndup (at + 1, WORD_LENGTH));
}

static gboolean
add_record_words_cb (PkRecord *record, gpointer data)
{
  Check *self = data;
  g_autoptr (GString) text = g_string_new (NULL);

  pk_codec_append_record (text, record);
  add_words (self->words, text->str);
  return TRUE;
}

static gboolean
add_history_cb (PkRecord *record, gpointer data)
{
  Check *self = data;
  const PkId *mutation = pk_record_get_ref (record, PK_HISTORY_MUTATION_ID);
  const char *field = pk_record_get_text (record, PK_HISTORY_FIELD);
  char text[PK_ID_TEXT_LENGTH + 1], other[PK_ID_TEXT_LENGTH + 1];

  add_record_words_cb (record, data);
  if (mutation == NULL)
    return TRUE;
  char *key =
      g_strdup_printf ("%s/%s/%s/%" G_GINT64_FORMAT,
                       pk_id_to_text (mutation, text),
                       pk_id_to_text (pk_record_get_ref (record, PK_HISTORY_RECORD_ID), other),
                       field != NULL ? field : "",
                       pk_record_get_int (record, PK_HISTORY_KIND, 0));
  if (!g_hash_table_add (self->once, key))
    pk_kill_world_blame (self->world, "Mutation %s took effect twice", text);
  return TRUE;
}

static gboolean
is_granted (Look *self, const PkRecord *record)
{
  g_autoptr (GArray) places = pk_store_get_places (self->check->store,
                                                   pk_record_get_entity (record),
                                                   pk_record_get_id (record),
                                                   NULL);

  for (guint i = 0; i < places->len; i++)
    for (guint j = 0; j < self->granted->len; j++)
      if (g_array_index (places, gint64, i) == g_array_index (self->granted, gint64, j))
        return TRUE;
  return FALSE;
}

static gboolean
compare_record_cb (PkRecord *record, gpointer data)
{
  Look *self = data;
  const PkEntity *entity = pk_record_get_entity (record);
  char id[PK_ID_TEXT_LENGTH + 1];

  if (!is_granted (self, record))
    return TRUE;
  g_autoptr (PkRecord)
      here = pk_tables_find (self->writer->tables, entity, pk_record_get_id (record), NULL);
  g_hash_table_add (self->seen, g_memdup2 (pk_record_get_id (record), sizeof (PkId)));
  self->check->n_rows++;
  if (here != NULL && pk_record_equal (here, record) &&
      pk_record_get_seq (here) == pk_record_get_seq (record))
    return TRUE;
  pk_kill_world_blame (self->check->world,
                       "Device %u %s %s %s",
                       self->device->number,
                       here == NULL ? "lacks" : "shows otherwise",
                       entity->name,
                       pk_id_to_text (pk_record_get_id (record), id));
  return TRUE;
}

static void
find_surplus (Look *self, const PkEntity *entity)
{
  g_autofree char *text = pk_query_all (entity);
  PkStatement *query = pk_sql_prepare (self->writer->sql, text, NULL);
  g_autoptr (GError) error = NULL;

  while (query != NULL && pk_statement_next (query, &error))
    {
      g_autoptr (PkRecord) record = pk_table_read_row (query, 0, entity);
      if (!g_hash_table_contains (self->seen, pk_record_get_id (record)))
        pk_kill_world_blame (self->check->world,
                             "Device %u has a %s that it should not have",
                             self->device->number,
                             entity->name);
    }
  if (query == NULL || error != NULL)
    pk_kill_world_blame (self->check->world,
                         "Device %u: %s cannot be read",
                         self->device->number,
                         entity->name);
}

static void
check_zero (Look *self, PkSql *sql, const char *text, const char *what)
{
  gint64 n = -1;

  if (!pk_sql_get_int (sql, text, &n, NULL) || n != 0)
    pk_kill_world_blame (self->check->world,
                         "Device %u: %s: %" G_GINT64_FORMAT,
                         self->device->number,
                         what,
                         n);
}

static PkOutboxEntry *
find_entry (Look *self, const PkId *id)
{
  PkStatement *query = pk_sql_prepare (self->writer->outbox,
                                       "SELECT " PK_OUTBOX_COLUMNS " FROM mutation WHERE id = ?1",
                                       NULL);
  PkOutboxEntry *entry = NULL;

  g_assert_nonnull (query);
  pk_statement_bind_id (query, 1, id);
  if (pk_statement_next (query, NULL))
    entry = pk_outbox_read_entry (query);
  pk_statement_reset (query);
  return entry;
}

static gboolean
is_same_word (PkOutboxState here, PkVerdictKind there)
{
  return (here == PK_OUTBOX_APPLIED && there == PK_VERDICT_APPLIED) ||
         (here == PK_OUTBOX_MERGED && there == PK_VERDICT_MERGED) ||
         (here == PK_OUTBOX_REJECTED && there == PK_VERDICT_REJECTED);
}

static gboolean
has_words (Check *self, const PkMutation *mutation)
{
  g_autoptr (GHashTable) words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer word;

  for (guint i = 0; i < mutation->fields->n_fields; i++)
    {
      const PkValue *value = pk_values_get (mutation->fields, i);
      if (value != NULL && value->kind == PK_VALUE_TEXT)
        add_words (words, value->text);
    }
  g_hash_table_iter_init (&iter, words);
  while (g_hash_table_iter_next (&iter, &word, NULL))
    if (!g_hash_table_contains (self->words, word))
      return FALSE;
  return TRUE;
}

static void
check_mutation (Look *self, const PkId *id)
{
  Check *check = self->check;
  char text[PK_ID_TEXT_LENGTH + 1];
  g_autoptr (PkJudgement) judgement = pk_store_find_judgement (check->store, id, NULL);
  g_autoptr (PkOutboxEntry) entry = find_entry (self, id);

  pk_id_to_text (id, text);
  if (judgement == NULL || entry == NULL)
    {
      pk_kill_world_blame (check->world,
                           "Device %u: %s is lost by %s",
                           self->device->number,
                           text,
                           judgement == NULL ? "the server" : "the outbox");
      return;
    }
  PkVerdictKind kind = judgement->verdict->kind;
  check->verdicts[kind]++;
  if (!is_same_word (entry->state, kind))
    pk_kill_world_blame (check->world,
                         "Device %u: %s is %s at the server, and in state %d here",
                         self->device->number,
                         text,
                         pk_verdict_get_word (kind),
                         (int) entry->state);
  if (kind != PK_VERDICT_REJECTED &&
      (entry->mutation == NULL || !has_words (check, entry->mutation)))
    pk_kill_world_blame (check->world, "What %s wrote is nowhere", text);
}

static void
compare_with_server (Look *self)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < pk_model.n_entities && error == NULL; i++)
    pk_store_visit (self->check->store, &pk_model.entities[i], compare_record_cb, self, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < pk_model.n_entities; i++)
    find_surplus (self, &pk_model.entities[i]);
}

static void
check_device (Check *self, PkKillDevice *device)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;
  PkId person;

  g_assert_true (pk_id_parse (device->person, &person));
  g_autoptr (GArray) granted = pk_grants_work_out (self->service, &person, &error);
  g_assert_no_error (error);
  g_autoptr (PkWriter) writer =
      pk_writer_open (device->folder, self->clock, self->ids, &person, PK_REPLICA_NO_SYNC, &error);
  if (writer == NULL)
    {
      pk_kill_world_blame (self->world, "Device %u: %s", device->number, error->message);
      return;
    }
  Look look = { self, device, writer, granted, seen };
  check_zero (&look, writer->sql, integrity, "the replica is damaged");
  check_zero (&look, writer->outbox, integrity, "the outbox is damaged");
  check_zero (&look, writer->sql, "SELECT count(*) FROM base", "own work is kept though judged");
  for (guint i = 0; i < device->ledger->len; i++)
    check_mutation (&look, &g_array_index (device->ledger, PkId, i));
  compare_with_server (&look);
}

static void
check_server (Check *self)
{
  g_autofree char *path = g_build_filename (self->world->server_folder, "pakobla.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PkSql) sql = pk_sql_open (path, PK_SQL_READ_ONLY, &error);
  gint64 n = -1;

  g_assert_no_error (error);
  if (!pk_sql_get_int (sql, integrity, &n, NULL) || n != 0)
    pk_kill_world_blame (self->world, "The server's file is damaged");
  pk_store_visit (self->store, pk_entity_by_id (PK_ENTITY_TASK), add_record_words_cb, self, &error);
  g_assert_no_error (error);
  pk_store_visit (self->store,
                  pk_entity_by_id (PK_ENTITY_MESSAGE),
                  add_record_words_cb,
                  self,
                  &error);
  g_assert_no_error (error);
  pk_store_visit (self->store, pk_entity_by_id (PK_ENTITY_HISTORY), add_history_cb, self, &error);
  g_assert_no_error (error);
}

static void
open_check (Check *self)
{
  g_autoptr (GError) error = NULL;

  self->clock = pk_clock_new_system ();
  self->ids = pk_id_source_new (self->clock);
  self->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->once = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->store = pk_store_open (self->world->server_folder, PK_STORE_READ_WRITE, self->ids, &error);
  g_assert_no_error (error);
  self->service = pk_service_new (self->store, self->clock, self->ids);
}

static void
close_check (Check *self)
{
  pk_service_free (self->service);
  pk_store_close (self->store);
  g_hash_table_unref (self->words);
  g_hash_table_unref (self->once);
  pk_id_source_unref (self->ids);
  pk_clock_unref (self->clock);
}

/**
 * pk_kill_world_check:
 *
 * Looks at everything, blames what is not as it should be, and tells what there was. Neither the server nor a device may run.
 */
void
pk_kill_world_check (PkKillWorld *self)
{
  Check check = { .world = self };
  guint n_accepted = 0;

  open_check (&check);
  check_server (&check);
  for (guint i = 0; i < self->devices->len; i++)
    {
      PkKillDevice *device = self->devices->pdata[i];
      check_device (&check, device);
      n_accepted += device->ledger->len;
    }
  g_print ("# accepted %u: applied %u, merged %u, rejected %u, later %u; compared %u rows\n",
           n_accepted,
           check.verdicts[PK_VERDICT_APPLIED],
           check.verdicts[PK_VERDICT_MERGED],
           check.verdicts[PK_VERDICT_REJECTED],
           check.verdicts[PK_VERDICT_LATER],
           check.n_rows);
  close_check (&check);
}
