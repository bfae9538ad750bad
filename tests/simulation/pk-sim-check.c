/*
 * What is looked at as it goes:
 *   5   after each commit of a device: its scopes hold what the server's scopes held at one number, no more and no less, and each
 *       record is the version of that number
 *   7   after each commit of a device: what its person did and nobody has refused shows
 *   8   the same as 5, since it does not matter how a scope came to its number: by a snapshot, by the log, or both
 *   6   each answer of the server names granted scopes alone, and holds no record that is in none of them at that number
 *   9   a scope's count and fingerprint follow its members, on both sides
 *   11  each record of an answer has changed, or has come, since the device's cursor
 */
#include "config.h"

#include "pk-feed.h"
#include "pk-model-tables.h"
#include "pk-service-grants.h"
#include "pk-sim-oracle.h"
#include "pk-store-grants.h"
#include "pk-store-log.h"
#include "pk-writer-private.h"

#include <string.h>

static gint64
cursor_of (const PkPullRequest *request, const char *scope)
{
  for (guint i = 0; i < request->scopes->len; i++)
    {
      const PkScopeCursor *cursor = request->scopes->pdata[i];
      if (g_str_equal (cursor->name, scope))
        return cursor->cursor;
    }
  return 0;
}

static void
check_begin (PkSimOracle *self, const PkId *person, const PkFeedLine *begin)
{
  PkStore *store = self->world->server->store;
  g_autoptr (GArray) granted = pk_grants_work_out (self->world->server->service, person, NULL);

  for (guint i = 0; granted != NULL && i < begin->scopes->len; i++)
    {
      const PkFeedScope *scope = begin->scopes->pdata[i];
      g_autoptr (PkStoreScope) known = pk_store_find_scope (store, scope->name, NULL);
      gboolean holds = FALSE;
      for (guint j = 0; known != NULL && j < granted->len; j++)
        holds = holds || g_array_index (granted, gint64, j) == known->number;
      if (!holds)
        pk_sim_world_fail (self->world, "6: %s is offered and was not granted", scope->name);
    }
}

static void
check_row (PkSimOracle *self,
           const PkId *person,
           const PkFeedLine *begin,
           const PkPullRequest *request,
           const PkFeedRow *row)
{
  const PkId *id = pk_record_get_id (row->record);
  const char *name = pk_record_get_entity (row->record)->name;
  gboolean is_new = FALSE;

  for (guint i = 0; i < row->n_scopes; i++)
    {
      if (row->scopes[i] >= begin->scopes->len)
        continue;
      const PkFeedScope *scope = begin->scopes->pdata[row->scopes[i]];
      if (pk_sim_oracle_state (self, scope->name, id, begin->seq) != PK_LOG_IN)
        pk_sim_world_fail (self->world, "6: a %s is sent that is not in %s", name, scope->name);
      gint64 cursor = cursor_of (request, scope->name);
      is_new = is_new || cursor < scope->horizon || pk_record_get_seq (row->record) > cursor ||
               g_strcmp0 (request->repair, scope->name) == 0;
    }
  pk_sim_oracle_check_guarded (self, person, row->record);
  if (pk_record_get_entity (row->record)->id == PK_ENTITY_DOCUMENT)
    pk_sim_oracle_check_document (self, row->record);
  if (!is_new)
    pk_sim_world_fail (self->world, "11: a %s is sent that is no news", name);
}

static void
check_line (PkSimOracle *self,
            const PkId *person,
            const PkFeedLine *begin,
            const PkPullRequest *request,
            const PkFeedLine *line)
{
  for (guint i = 0; line->kind == PK_FEED_ROWS && i < line->rows->len; i++)
    check_row (self, person, begin, request, line->rows->pdata[i]);
}

static guint
count_told (const PkFeedLine *line)
{
  switch (line->kind)
    {
    case PK_FEED_ROWS:
      return line->rows->len;
    case PK_FEED_GONE:
      return line->ids->len;
    case PK_FEED_VERDICTS:
      return line->verdicts->len;
    default:
      return 0;
    }
}

/**
 * pk_sim_oracle_check_answer:
 *
 * Looks at what leaves the server.
 */
void
pk_sim_oracle_check_answer (PkSimOracle *self,
                            const PkId *person,
                            const PkPullRequest *request,
                            const PkSimAnswer *answer,
                            gint64 n_steps)
{
  g_autoptr (PkFeedLine) begin = NULL;
  guint n_told = 0;
  const char *text = answer->body->str;

  pk_sim_oracle_observe (self);
  for (const char *end = strchr (text, '\n'); end != NULL; end = strchr (text, '\n'))
    {
      g_autoptr (PkFeedLine) line = pk_feed_line_read (text, (gsize) (end - text), NULL);
      text = end + 1;
      n_told += line != NULL ? count_told (line) : 0;
      if (line == NULL)
        pk_sim_world_fail (self->world, "5: the server sends a line that cannot be read");
      else if (line->kind == PK_FEED_BEGIN)
        {
          check_begin (self, person, line);
          begin = g_steal_pointer (&line);
        }
      else if (begin != NULL)
        check_line (self, person, begin, request, line);
    }
  /* A repair reads what it compares. */
  if (request->repair != NULL)
    return;
  pk_sim_oracle_check_cost (self,
                            MAX (request->scopes->len, begin != NULL ? begin->scopes->len : 0),
                            n_told,
                            n_steps,
                            answer->body->len);
}

/* The server's version as the replica keeps it: the base where there is own work on it, else what shows. */
static PkRecord *
find_base (PkWriter *writer, const PkEntity *entity, const PkId *id)
{
  PkStatement *query =
      pk_sql_prepare (writer->sql, "SELECT record FROM base WHERE entity = ?1 AND id = ?2", NULL);
  g_autofree char *text = NULL;

  pk_statement_bind_int (query, 1, entity->id);
  pk_statement_bind_id (query, 2, id);
  gboolean has_base = pk_statement_next (query, NULL);
  if (has_base)
    text = g_strdup (pk_statement_get_text (query, 0));
  pk_statement_reset (query);
  if (!has_base)
    return pk_tables_find (writer->tables, entity, id, NULL);
  g_autoptr (JsonNode) node = text != NULL ? pk_json_parse (text, strlen (text), NULL) : NULL;
  return node != NULL ? pk_codec_read_record (entity, node, NULL) : NULL;
}

static void
check_value (PkSimOracle *self, PkSimClient *client, const PkEntity *entity, const PkId *id)
{
  gint64 seq = 0, version_seq;

  pk_meta_get_int (client->writer->sql, "seq", 0, &seq, NULL);
  const PkRecord *expected = pk_sim_oracle_find (self, id, seq, &version_seq);
  g_autoptr (PkRecord) here = find_base (client->writer, entity, id);
  g_autoptr (PkRecord)
      held = expected != NULL ? pk_sim_oracle_dup_as_held (self, client, expected, here) : NULL;
  if (here == NULL || held == NULL || !pk_record_equal (here, held))
    pk_sim_world_fail (self->world,
                       "5: client %u has another version of a %s at %" G_GINT64_FORMAT
                       " than the server had",
                       client->number,
                       entity->name,
                       seq);
}

typedef struct
{
  const PkEntity *entity;
  PkId id;
  gint64 seq;
} Member;

static GArray *
list_members (PkWriter *writer, gint64 scope)
{
  GArray *members = g_array_new (FALSE, FALSE, sizeof (Member));
  PkStatement *query =
      pk_sql_prepare (writer->sql, "SELECT entity, id, seq FROM member WHERE scope = ?1", NULL);

  pk_statement_bind_int (query, 1, scope);
  while (pk_statement_next (query, NULL))
    {
      Member member = { .entity = pk_entity_by_id ((guint) pk_statement_get_int (query, 0)),
                        .seq = pk_statement_get_int (query, 2) };
      pk_statement_get_id (query, 1, &member.id);
      g_array_append_val (members, member);
    }
  return members;
}

static void
check_scope (PkSimOracle *self, PkSimClient *client, const PkHeldScope *scope, gboolean is_hard)
{
  g_autoptr (GArray) members = list_members (client->writer, scope->number);
  PkFingerprint sum = { 0, 0 };
  gint64 seq;

  for (guint i = 0; i < members->len; i++)
    {
      const Member *member = &g_array_index (members, Member, i);
      pk_fingerprint_add (&sum, member->entity->id, &member->id, member->seq);
      pk_sim_oracle_find (self, &member->id, scope->cursor, &seq);
      if (pk_sim_oracle_state (self, scope->name, &member->id, scope->cursor) != PK_LOG_IN)
        pk_sim_world_fail (self->world,
                           "5: client %u has a %s in %s that is not there at %" G_GINT64_FORMAT,
                           client->number,
                           member->entity->name,
                           scope->name,
                           scope->cursor);
      else if (seq != member->seq)
        pk_sim_world_fail (self->world,
                           "5: client %u has a %s in %s of %" G_GINT64_FORMAT
                           ", the server's is of %" G_GINT64_FORMAT,
                           client->number,
                           member->entity->name,
                           scope->name,
                           member->seq,
                           seq);
      else if (is_hard)
        check_value (self, client, member->entity, &member->id);
    }
  guint n = pk_sim_oracle_count (self, scope->name, scope->cursor);
  if (n != members->len)
    pk_sim_world_fail (self->world,
                       "5: client %u has %u records of %s at %" G_GINT64_FORMAT
                       ", the server had %u",
                       client->number,
                       members->len,
                       scope->name,
                       scope->cursor,
                       n);
  if (scope->count != members->len || !pk_fingerprint_equal (&sum, &scope->fingerprint))
    pk_sim_world_fail (self->world,
                       "9: client %u counts %s otherwise than its members are",
                       client->number,
                       scope->name);
}

/* Only where the replica says that all it holds is of one number: between snapshots, repairs and epochs it says nothing. */
static gboolean
is_at_one_number (PkSimOracle *self, PkSimClient *client, GPtrArray *scopes)
{
  PkId epoch;
  gint64 seq;

  if (!pk_meta_get_id (client->writer->sql, "epoch", &epoch, NULL) ||
      !pk_meta_get_int (client->writer->sql, "seq", 0, &seq, NULL) ||
      !pk_id_equal (&epoch, &self->epoch) || seq == 0)
    return FALSE;
  for (guint i = 0; i < scopes->len; i++)
    {
      const PkHeldScope *scope = scopes->pdata[i];
      if (scope->cursor != seq || scope->is_repaired || scope->is_suspect)
        return FALSE;
    }
  return TRUE;
}

static gboolean
shows_word (const PkRecord *record, const PkSimAct *act)
{
  const char *text = pk_record_get_text (record, act->field);

  return text != NULL && strstr (text, act->word) != NULL;
}

/* What waits, and what was applied and has not come back: nothing that the same person did later may hide it. */
static gboolean
is_last_word (PkSimOracle *self, GPtrArray *entries, guint place)
{
  const PkOutboxEntry *entry = entries->pdata[place];
  const PkSimAct *act = g_hash_table_lookup (self->by_id, &entry->id);

  for (guint i = place + 1; i < entries->len; i++)
    {
      const PkOutboxEntry *later = entries->pdata[i];
      const PkSimAct *other = g_hash_table_lookup (self->by_id, &later->id);
      if (pk_id_equal (&later->record, &entry->record) &&
          (other == NULL || other->word == NULL || other->field == act->field))
        return FALSE;
    }
  return TRUE;
}

static void
check_shows (PkSimOracle *self, PkSimClient *client, const PkSimAct *act)
{
  g_autoptr (PkRecord)
      record = pk_tables_find (client->writer->tables, act->entity, &act->record, NULL);

  if (act->op == PK_OP_CREATE && record == NULL)
    pk_sim_world_fail (self->world,
                       "7: client %u does not show a %s that its person made (act %u)",
                       client->number,
                       act->entity->name,
                       act->number);
  /* Where others have changed since then what it made, their words count. */
  if (act->op == PK_OP_CREATE || act->op == PK_OP_COMMAND)
    return;
  if (record != NULL && act->word != NULL && !shows_word (record, act))
    pk_sim_world_fail (self->world,
                       "7: client %u does not show what its person wrote (act %u, %s)",
                       client->number,
                       act->number,
                       act->word);
}

static GPtrArray *
list_active (PkWriter *writer, gint64 seq)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_outbox_entry_free);
  PkStatement *query = pk_sql_prepare (writer->outbox,
                                       "SELECT " PK_OUTBOX_COLUMNS
                                       " FROM mutation WHERE state IN (0, 1, 2)"
                                       " OR (state IN (3, 4) AND seq > ?1) ORDER BY place",
                                       NULL);

  pk_statement_bind_int (query, 1, seq);
  while (pk_statement_next (query, NULL))
    g_ptr_array_add (entries, pk_outbox_read_entry (query));
  return entries;
}

static void
check_own_work (PkSimOracle *self, PkSimClient *client)
{
  gint64 seq = 0;

  if (client->writer->needs_replay || !pk_meta_get_int (client->writer->sql, "seq", 0, &seq, NULL))
    return;
  g_autoptr (GPtrArray) entries = list_active (client->writer, seq);
  for (guint i = 0; i < entries->len; i++)
    {
      const PkOutboxEntry *entry = entries->pdata[i];
      const PkSimAct *act = g_hash_table_lookup (self->by_id, &entry->id);
      if (act != NULL && is_last_word (self, entries, i))
        check_shows (self, client, act);
    }
}

static guint64
mix (guint64 sum, guint64 number)
{
  return (sum ^ number) * 1099511628211u;
}

/* What the replica says of its scopes: after most commits the same as before, and then the members were looked at by then. */
static gboolean
says_the_same (PkSimClient *client, GPtrArray *scopes)
{
  guint64 sum = mix (14695981039346656037u, client->life);

  for (guint i = 0; i < scopes->len; i++)
    {
      const PkHeldScope *scope = scopes->pdata[i];
      sum = mix (mix (sum, (guint64) scope->number), (guint64) scope->cursor);
      sum = mix (mix (sum, scope->fingerprint.high), scope->fingerprint.low);
      sum = mix (sum, (guint64) scope->count);
    }
  gboolean is_same = client->looked_at == sum;
  client->looked_at = sum;
  return is_same;
}

/**
 * pk_sim_oracle_check_client:
 * @is_hard: values too, not only which records there are
 *
 * Looks at a replica after a commit.
 */
void
pk_sim_oracle_check_client (PkSimOracle *self, PkSimClient *client, gboolean is_hard)
{
  g_autoptr (GPtrArray) scopes = pk_members_load_scopes (client->writer, NULL);

  if (scopes == NULL || (client->is_damaged && !self->is_over))
    return;
  if (is_at_one_number (self, client, scopes) && (!says_the_same (client, scopes) || is_hard))
    for (guint i = 0; i < scopes->len; i++)
      check_scope (self, client, scopes->pdata[i], is_hard);
  if (is_hard)
    check_own_work (self, client);
}
