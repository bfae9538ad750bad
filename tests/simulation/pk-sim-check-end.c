/*
 * What is looked at in the end, when all is quiet:
 *   1   each device shows what the server has, restricted to the grants: all values of all records
 *   2   each mutation that a person was told is saved has been judged and has had its effect, or needs attention; no word is lost: it
 *       is in a record, or in the history; a value that gave way to another is kept beside it in the history
 *   3   no mutation has had an effect twice
 *   4   what a device did to one record took effect in order
 *   6   of records that were taken away no word is left on the disk
 *   9   scopes, counts and fingerprints are what they are when they are worked out from the records; grants too
 *   12  all files are sound
 */
#include "config.h"

#include "pk-feed.h"
#include "pk-query-store.h"
#include "pk-service-grants.h"
#include "pk-service-scopes.h"
#include "pk-sim-devices.h"
#include "pk-sim-oracle.h"
#include "pk-store-devices.h"
#include "pk-store-grants.h"
#include "pk-store-log.h"
#include "pk-store-private.h"
#include "pk-store-records.h"
#include "pk-writer-private.h"

#include <string.h>

/* A record of the server, and the scopes that it is in. */
typedef struct
{
  PkRecord *record; /* (owned) */
  GArray *places;   /* (owned): scope numbers */
} Placed;

typedef struct
{
  PkSimOracle *oracle;
  PkSimClient *client;
  GArray *granted;  /* scope numbers */
  GHashTable *seen; /* (owned): ids of records that should be there */
  GHashTable *sums; /* (owned): scope number → PkStoreScope */
  GHashTable *once; /* (owned): "mutation/field" of the history */
  GString *words;   /* (owned): all that the server says of anything */
  GArray *records;  /* (owned): Placed: all that the server has, by entity */
} Look;

static void
clear_placed (gpointer data)
{
  Placed *placed = data;

  pk_record_unref (placed->record);
  g_array_unref (placed->places);
}

static gboolean
is_granted (Look *look, GArray *places)
{
  for (guint i = 0; i < places->len; i++)
    for (guint j = 0; j < look->granted->len; j++)
      if (g_array_index (places, gint64, i) == g_array_index (look->granted, gint64, j))
        return TRUE;
  return FALSE;
}

static void
compare_record (Look *look, const Placed *placed)
{
  const PkRecord *record = placed->record;
  const PkEntity *entity = pk_record_get_entity (record);
  g_autoptr (PkRecord) here = NULL;

  if (!is_granted (look, placed->places))
    return;
  here = pk_tables_find (look->client->writer->tables, entity, pk_record_get_id (record), NULL);
  g_hash_table_add (look->seen, g_memdup2 (pk_record_get_id (record), sizeof (PkId)));
  g_autoptr (PkRecord) held = pk_sim_oracle_dup_as_held (look->oracle, look->client, record, here);
  if (here == NULL)
    pk_sim_world_fail (look->oracle->world,
                       "1: client %u lacks a %s of %" G_GINT64_FORMAT,
                       look->client->number,
                       entity->name,
                       pk_record_get_seq (record));
  else if (!pk_record_equal (here, held) || pk_record_get_seq (here) != pk_record_get_seq (record))
    pk_sim_world_fail (look->oracle->world,
                       "1: client %u shows another %s than the server has: %" G_GINT64_FORMAT
                       " instead of %" G_GINT64_FORMAT,
                       look->client->number,
                       entity->name,
                       pk_record_get_seq (here),
                       pk_record_get_seq (record));
}

static void
find_surplus (Look *look, const PkEntity *entity)
{
  g_autofree char *text = pk_query_all (entity);
  PkStatement *query = pk_sql_prepare (look->client->writer->sql, text, NULL);

  while (query != NULL && pk_statement_next (query, NULL))
    {
      g_autoptr (PkRecord) record = pk_table_read_row (query, 0, entity);
      if (!g_hash_table_contains (look->seen, pk_record_get_id (record)))
        pk_sim_world_fail (look->oracle->world,
                           "1: client %u has a %s that it should not have",
                           look->client->number,
                           entity->name);
    }
}

static PkOutboxEntry *
find_entry (PkSimClient *client, const PkId *id)
{
  PkStatement *query = pk_sql_prepare (client->writer->outbox,
                                       "SELECT " PK_OUTBOX_COLUMNS " FROM mutation WHERE id = ?1",
                                       NULL);
  PkOutboxEntry *entry = NULL;

  pk_statement_bind_id (query, 1, id);
  if (pk_statement_next (query, NULL))
    entry = pk_outbox_read_entry (query);
  pk_statement_reset (query);
  return entry;
}

static void
describe_base (PkSimOracle *self, PkSimClient *client)
{
  PkStatement *query = pk_sql_prepare (client->writer->sql, "SELECT entity, id FROM base", NULL);
  PkId id;

  while (query != NULL && pk_statement_next (query, NULL))
    {
      if (!pk_statement_get_id (query, 1, &id))
        continue;
      for (guint i = 0; i < self->acts->len; i++)
        {
          const PkSimAct *act = self->acts->pdata[i];
          g_autoptr (PkOutboxEntry) entry = find_entry (client, &act->id);
          if (entry != NULL && pk_id_equal (&act->record, &id))
            pk_sim_world_tell (
                self->world,
                "client %u: act %u of the record is in state %d, of %" G_GINT64_FORMAT,
                client->number,
                act->number,
                (int) entry->state,
                entry->verdict != NULL ? entry->verdict->seq : 0);
        }
    }
}

static void
check_convergence (PkSimOracle *self, PkSimClient *client, GArray *records)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, NULL);
  g_autoptr (GArray)
      granted = pk_grants_work_out (self->world->server->service, &client->person, NULL);
  Look look = { .oracle = self, .client = client, .granted = granted, .seen = seen };
  gint64 n_bases = 0;

  for (guint i = 0; i < records->len; i++)
    compare_record (&look, &g_array_index (records, Placed, i));
  for (guint i = 0; i < pk_model.n_entities; i++)
    find_surplus (&look, &pk_model.entities[i]);
  if (pk_sql_get_int (client->writer->sql, "SELECT count(*) FROM base", &n_bases, NULL) &&
      n_bases > 0)
    pk_sim_world_fail (self->world,
                       "1: client %u keeps own work beside %d records though all is judged",
                       client->number,
                       (int) n_bases);
  if (n_bases > 0)
    describe_base (self, client);
}

static void
add_to_sum (Look *look, gint64 scope, const PkRecord *record)
{
  PkStoreScope *sum = g_hash_table_lookup (look->sums, &scope);

  if (sum == NULL)
    {
      sum = g_new0 (PkStoreScope, 1);
      sum->number = scope;
      g_hash_table_insert (look->sums, &sum->number, sum);
    }
  sum->count++;
  pk_fingerprint_add (&sum->fingerprint,
                      pk_record_get_entity (record)->id,
                      pk_record_get_id (record),
                      pk_record_get_seq (record));
}

static gboolean
check_places (PkRecord *record, gpointer data)
{
  Look *look = data;
  PkSimServer *server = look->oracle->world->server;
  g_autoptr (GArray) expected = pk_scopes_of_record (server->service, record, NULL);
  GArray *places = pk_store_get_places (server->store,
                                        pk_record_get_entity (record),
                                        pk_record_get_id (record),
                                        NULL);
  Placed placed = { pk_record_ref (record), places };

  g_array_append_val (look->records, placed);
  if (!pk_store_is_same_scopes (expected, places))
    pk_sim_world_fail (look->oracle->world,
                       "9: a %s is not in the scopes where it belongs",
                       pk_record_get_entity (record)->name);
  for (guint i = 0; i < places->len; i++)
    add_to_sum (look, g_array_index (places, gint64, i), record);
  return TRUE;
}

static void
check_sum (Look *look, const PkStoreScope *scope)
{
  const PkStoreScope *sum = g_hash_table_lookup (look->sums, &scope->number);
  PkFingerprint nothing = { 0, 0 };

  if (scope->count != (sum ? sum->count : 0) ||
      !pk_fingerprint_equal (&scope->fingerprint, sum ? &sum->fingerprint : &nothing))
    pk_sim_world_fail (look->oracle->world,
                       "9: the server counts %s otherwise than its records are",
                       scope->name);
}

static gboolean
check_grants (PkRecord *person, gpointer data)
{
  Look *look = data;
  PkSimServer *server = look->oracle->world->server;
  const PkId *id = pk_record_get_id (person);
  g_autoptr (GArray) expected = pk_grants_work_out (server->service, id, NULL);
  g_autoptr (GArray) held = pk_store_get_grant_numbers (server->store, id, NULL);

  if (!pk_store_is_same_scopes (expected, held))
    pk_sim_world_fail (look->oracle->world, "9: a person's grants are not what they should be");
  return TRUE;
}

static gboolean
add_words (PkRecord *record, gpointer data)
{
  Look *look = data;

  pk_codec_append_record (look->words, record);
  return TRUE;
}

/* What a mutation did to one field of a record, or (field "") to all of it. */
static char *
make_key (const PkId *mutation, const PkId *record, const char *field, gint64 kind)
{
  char text[PK_ID_TEXT_LENGTH + 1], other[PK_ID_TEXT_LENGTH + 1];

  return g_strdup_printf ("%s/%s/%s/%" G_GINT64_FORMAT,
                          pk_id_to_text (mutation, text),
                          pk_id_to_text (record, other),
                          field != NULL ? field : "",
                          kind);
}

/* Where somebody's value was replaced, the one that gave way is the one that was there. */
static void
check_loser (Look *look, const PkRecord *row, const PkSimAct *act)
{
  const char *before = pk_record_get_text (row, PK_HISTORY_OLD_VALUE);
  const char *other = pk_record_get_text (row, PK_HISTORY_OTHER_VALUE);

  if (act != NULL && act->op == PK_OP_SET && g_strcmp0 (before, other) != 0)
    pk_sim_world_fail (look->oracle->world,
                       "2: act %u replaced %s, and the history tells of %s",
                       act->number,
                       before != NULL ? before : "nothing",
                       other != NULL ? other : "nothing");
}

static gboolean
check_history (PkRecord *record, gpointer data)
{
  Look *look = data;
  const PkId *mutation = pk_record_get_ref (record, PK_HISTORY_MUTATION_ID);
  gint64 kind = pk_record_get_int (record, PK_HISTORY_KIND, 0);

  add_words (record, data);
  if (mutation == NULL)
    return TRUE;
  const PkSimAct *act = g_hash_table_lookup (look->oracle->by_id, mutation);
  char *key = make_key (mutation,
                        pk_record_get_ref (record, PK_HISTORY_RECORD_ID),
                        pk_record_get_text (record, PK_HISTORY_FIELD),
                        kind);
  if (!g_hash_table_add (look->once, key))
    pk_sim_world_fail (look->oracle->world,
                       "3: act %u took effect twice",
                       act != NULL ? act->number : 0);
  if (kind == PK_HISTORY_KIND_MERGED)
    check_loser (look, record, act);
  return TRUE;
}

static void
look_at_all (Look *look, guint entity, gboolean (*func) (PkRecord *record, gpointer data))
{
  for (guint i = 0; i < look->records->len; i++)
    {
      PkRecord *record = g_array_index (look->records, Placed, i).record;
      if (pk_record_get_entity (record)->id == entity)
        func (record, look);
    }
}

static void
check_server (Look *look)
{
  PkStore *store = look->oracle->world->server->store;

  for (guint i = 0; i < pk_model.n_entities; i++)
    pk_store_visit (store, &pk_model.entities[i], check_places, look, NULL);
  g_autoptr (GPtrArray) scopes = pk_store_list_scopes (store, NULL);
  for (guint i = 0; i < scopes->len; i++)
    check_sum (look, scopes->pdata[i]);
  look_at_all (look, PK_ENTITY_PERSON, check_grants);
  look_at_all (look, PK_ENTITY_TASK, add_words);
  look_at_all (look, PK_ENTITY_MESSAGE, add_words);
  look_at_all (look, PK_ENTITY_CHECKLIST_ITEM, add_words);
  look_at_all (look, PK_ENTITY_DOCUMENT, add_words);
  look_at_all (look, PK_ENTITY_ABSENCE, add_words);
  look_at_all (look, PK_ENTITY_HISTORY, check_history);
}

static gboolean
needs_attention (const PkOutboxEntry *entry)
{
  return entry->state == PK_OUTBOX_REJECTED || entry->state == PK_OUTBOX_REPLACED ||
         entry->state == PK_OUTBOX_DISCARDED;
}

static void
check_effect (Look *look, const PkSimAct *act)
{
  if (act->word != NULL && strstr (look->words->str, act->word) == NULL)
    pk_sim_world_fail (look->oracle->world,
                       "2: act %u (client %u, %s): its word %s is lost",
                       act->number,
                       act->client,
                       act->entity->name,
                       act->word);
}

/* People only ever add paragraphs and tags, so what was added together is there together, not only in the history. */
static void
check_merged (Look *look, const PkSimAct *act)
{
  PkSimOracle *self = look->oracle;

  if (act->op != PK_OP_SET || act->entity->id != PK_ENTITY_TASK || act->word == NULL ||
      (act->field != PK_TASK_DESCRIPTION && act->field != PK_TASK_TAGS) || self->has_restored ||
      self->has_copies)
    return;
  g_autoptr (PkRecord)
      task = pk_store_find (self->world->server->store, act->entity, &act->record, NULL);
  const char *text = task != NULL ? pk_record_get_text (task, act->field) : NULL;
  if (task != NULL && (text == NULL || strstr (text, act->word) == NULL))
    pk_sim_world_fail (self->world,
                       "2: act %u (client %u): its word %s was merged away",
                       act->number,
                       act->client,
                       act->word);
}

/* Fields of which one value holds: when the judgement says that two met there, the history has the one that gave way. */
static void
check_losers_kept (Look *look, const PkSimAct *act, const PkVerdict *verdict)
{
  if (act->op != PK_OP_SET || verdict->kind != PK_VERDICT_MERGED)
    return;
  for (char **name = verdict->fields; name != NULL && *name != NULL; name++)
    {
      int field = pk_entity_find_field (act->entity, *name);
      g_autofree char *key = make_key (&act->id, &act->record, *name, PK_HISTORY_KIND_MERGED);
      if (field >= 0 && act->entity->fields[field].merge == PK_MERGE_SCALAR &&
          !g_hash_table_contains (look->once, key))
        pk_sim_world_fail (look->oracle->world,
                           "2: act %u replaced somebody's %s, which is not in the history",
                           act->number,
                           *name);
    }
}

/* What is done on a revoked device after it has handed in what it had stays there. */
static gboolean
is_waiting_on_revoked (Look *look, const PkSimAct *act, const PkOutboxEntry *entry)
{
  PkSimWorld *world = look->oracle->world;

  return entry->state <= PK_OUTBOX_LATER &&
         pk_sim_devices_is_revoked (world, world->clients[act->client]);
}

static void
check_act (Look *look, const PkSimAct *act)
{
  PkSimWorld *world = look->oracle->world;
  g_autoptr (PkOutboxEntry) entry = find_entry (world->clients[act->client], &act->id);
  g_autoptr (PkJudgement)
      judgement = pk_store_find_judgement (world->server->store, &act->id, NULL);
  gboolean has_effect = judgement != NULL && (judgement->verdict->kind == PK_VERDICT_APPLIED ||
                                              judgement->verdict->kind == PK_VERDICT_MERGED);

  if (has_effect)
    {
      check_effect (look, act);
      check_merged (look, act);
      check_losers_kept (look, act, judgement->verdict);
    }
  /* A clone may push to a restored server what was refused before: then both words were true in their time. */
  gboolean has_two_words = look->oracle->has_restored && look->oracle->has_copies;
  gboolean is_kept = pk_sim_oracle_is_kept (look->oracle, act);
  gboolean is_handed_over = entry != NULL && entry->state == PK_OUTBOX_QUARANTINED;
  if (has_effect && entry != NULL && needs_attention (entry) && !has_two_words)
    pk_sim_world_fail (world, "2: act %u is told as refused, and has had its effect", act->number);
  if (!act->is_accepted || act->is_excused)
    return;
  if (entry == NULL && !is_kept && !act->is_let_go)
    pk_sim_world_fail (world, "2: act %u (client %u) is lost", act->number, act->client);
  else if (is_handed_over && !look->oracle->has_restored &&
           !pk_sim_oracle_has_in_quarantine (look->oracle, act))
    pk_sim_world_fail (world,
                       "2: act %u (client %u) is told as kept by the server, and is not",
                       act->number,
                       act->client);
  else if (entry == NULL || is_handed_over || is_waiting_on_revoked (look, act, entry))
    return;
  else if (judgement == NULL && !needs_attention (entry) && !look->oracle->was_long_away)
    pk_sim_world_fail (world,
                       "2: act %u (client %u) is told as done, and the server does not know it",
                       act->number,
                       act->client);
  else if (judgement != NULL && !has_effect && entry != NULL && !needs_attention (entry))
    pk_sim_world_fail (world, "2: act %u is told as done, and was refused", act->number);
}

/* 4: not where devices were copied or the server lost time, since then what is one device's is not told by its disk. */
/* A device's numbers are judged in their order. */
static gboolean
is_before (const PkJudgement *a, const PkJudgement *b)
{
  return pk_id_equal (&a->device, &b->device) && a->n < b->n;
}

static void
check_order (Look *look)
{
  PkSimOracle *self = look->oracle;
  PkStore *store = self->world->server->store;

  if (self->has_restored || self->has_copies)
    return;
  for (guint i = 0; i < self->acts->len; i++)
    {
      const PkSimAct *first = self->acts->pdata[i];
      g_autoptr (PkJudgement) judgement = NULL;
      for (guint j = i + 1; j < self->acts->len; j++)
        {
          const PkSimAct *second = self->acts->pdata[j];
          if (second->client != first->client || !pk_id_equal (&second->record, &first->record))
            continue;
          if (judgement == NULL)
            judgement = pk_store_find_judgement (store, &first->id, NULL);
          if (judgement == NULL)
            break;
          g_autoptr (PkJudgement) later = pk_store_find_judgement (store, &second->id, NULL);
          if (later != NULL && is_before (later, judgement))
            pk_sim_world_fail (self->world,
                               "4: act %u took effect before act %u",
                               second->number,
                               first->number);
        }
    }
}

static gboolean
is_own (PkSimOracle *self, PkSimClient *client, const PkSimAct *act)
{
  return pk_id_equal (&self->world->clients[act->client]->person, &client->person);
}

/* All that a device shows, as text. */
static GString *
read_all (PkSimClient *client)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      g_autofree char *all = pk_query_all (&pk_model.entities[i]);
      PkStatement *query = pk_sql_prepare (client->writer->sql, all, NULL);
      while (query != NULL && pk_statement_next (query, NULL))
        {
          g_autoptr (PkRecord) record = pk_table_read_row (query, 0, &pk_model.entities[i]);
          pk_codec_append_record (text, record);
        }
    }
  return text;
}

static void
check_disk (PkSimOracle *self, PkSimClient *client)
{
  GString *shown = read_all (client);

  for (guint i = 0; i < self->acts->len; i++)
    {
      const PkSimAct *act = self->acts->pdata[i];
      if (act->word == NULL || is_own (self, client, act) || strstr (shown->str, act->word) != NULL)
        continue;
      g_autofree char *place =
          pk_sim_disk_find_bytes (client->disk, "/replica-", act->word, strlen (act->word));
      if (place != NULL)
        pk_sim_world_fail (self->world,
                           "6: client %u still has %s on its disk, of a %s that is not for it: %s",
                           client->number,
                           act->word,
                           act->entity->name,
                           place);
    }
  g_string_free (shown, TRUE);
}

static void
check_files (PkSimOracle *self)
{
  static const char text[] =
      "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check != 'ok'";
  gint64 n_faults = 0;

  for (guint i = 0; i < self->world->n_clients; i++)
    {
      PkWriter *writer = self->world->clients[i]->writer;
      if (!pk_sql_get_int (writer->sql, text, &n_faults, NULL) || n_faults > 0 ||
          !pk_sql_get_int (writer->outbox, text, &n_faults, NULL) || n_faults > 0)
        pk_sim_world_fail (self->world, "12: a file of client %u is damaged", i);
    }
  if (!pk_sql_get_int (self->world->server->store->sql, text, &n_faults, NULL) || n_faults > 0)
    pk_sim_world_fail (self->world, "12: the server's file is damaged");
}

/* As after a drop: what left by itself stays in the search index until then. */
static void
forget_on_disk (PkSimOracle *self, PkSimClient *client)
{
  if (!pk_meta_set_int (client->writer->sql, "must_forget", 1, NULL))
    return;
  for (gboolean has_more = TRUE; has_more;)
    if (!pk_writer_do_upkeep (client->writer, &has_more, NULL))
      return;
  check_disk (self, client);
}

/**
 * pk_sim_oracle_check_end:
 *
 * All is quiet and everybody is connected.
 */
void
pk_sim_oracle_check_end (PkSimOracle *self)
{
  g_autoptr (GHashTable) sums = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  g_autoptr (GHashTable) once = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) words = g_string_new (NULL);
  g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (Placed));
  Look look = { .oracle = self, .sums = sums, .once = once, .words = words, .records = records };

  g_array_set_clear_func (records, clear_placed);
  self->is_over = TRUE;
  pk_sim_oracle_observe (self);
  check_server (&look);
  for (guint i = 0; i < self->world->n_clients; i++)
    if (pk_sim_devices_is_revoked (self->world, self->world->clients[i]))
      pk_sim_oracle_check_revoked (self, self->world->clients[i]);
    else
      {
        check_convergence (self, self->world->clients[i], records);
        pk_sim_oracle_check_client (self, self->world->clients[i], TRUE);
      }
  pk_sim_oracle_check_quarantine (self);
  pk_sim_oracle_check_contents (self);
  for (guint i = 0; i < self->acts->len; i++)
    check_act (&look, self->acts->pdata[i]);
  check_order (&look);
  if (pk_sim_chance_toss (&self->world->chance, 0.15))
    for (guint i = 0; i < self->world->n_clients; i++)
      forget_on_disk (self, self->world->clients[i]);
  if (pk_sim_chance_toss (&self->world->chance, 0.1))
    check_files (self);
}
