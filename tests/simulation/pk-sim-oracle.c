/* The model's memory: what the server's records and log were at each number, and what people did. */
#include "config.h"

#include "pk-sim-oracle.h"

#include "pk-store-devices.h"
#include "pk-store-log.h"
#include "pk-store-meta.h"
#include "pk-store-quarantine.h"
#include "pk-store-records.h"

static void
free_act (gpointer data)
{
  PkSimAct *act = data;

  g_free (act->word);
  g_free (act);
}

static void
clear_version (gpointer data)
{
  PkSimVersion *version = data;

  g_clear_pointer (&version->record, pk_record_unref);
}

static void
free_array (gpointer data)
{
  g_array_unref (data);
}

static void
free_table (gpointer data)
{
  g_hash_table_unref (data);
}

/**
 * pk_sim_oracle_new:
 *
 * Returns: (transfer full): one that knows nothing yet
 */
PkSimOracle *
pk_sim_oracle_new (PkSimWorld *world)
{
  PkSimOracle *self = g_new0 (PkSimOracle, 1);

  self->world = world;
  self->versions = g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, free_array);
  self->scopes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_table);
  self->acts = g_ptr_array_new_with_free_func (free_act);
  self->by_id = g_hash_table_new (pk_id_hash, pk_id_equal);
  self->contents =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  self->revoked = g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, NULL);
  return self;
}

/**
 * pk_sim_oracle_free:
 *
 * Forgets all.
 */
void
pk_sim_oracle_free (PkSimOracle *self)
{
  g_hash_table_unref (self->versions);
  g_hash_table_unref (self->scopes);
  g_hash_table_unref (self->by_id);
  g_hash_table_unref (self->revoked);
  g_hash_table_unref (self->contents);
  g_ptr_array_unref (self->acts);
  g_free (self);
}

static GArray *
get_versions (PkSimOracle *self, const PkId *id)
{
  GArray *versions = g_hash_table_lookup (self->versions, id);

  if (versions != NULL)
    return versions;
  versions = g_array_new (FALSE, FALSE, sizeof (PkSimVersion));
  g_array_set_clear_func (versions, clear_version);
  g_hash_table_insert (self->versions, g_memdup2 (id, sizeof *id), versions);
  return versions;
}

static void
note_version (PkSimOracle *self, const PkLogLine *line)
{
  GArray *versions = get_versions (self, &line->id);
  const PkSimVersion *last = versions->len > 0
                                 ? &g_array_index (versions, PkSimVersion, versions->len - 1)
                                 : NULL;
  g_autoptr (PkRecord)
      record = pk_store_find (self->world->server->store, line->entity, &line->id, NULL);
  gint64 seq = record != NULL ? pk_record_get_seq (record) : line->seq;

  if (last != NULL && last->seq == seq)
    return;
  PkSimVersion version = { seq, g_steal_pointer (&record) };
  g_array_append_val (versions, version);
}

typedef struct
{
  PkSimOracle *oracle;
  GHashTable *lines; /* of a scope */
} Visit;

static gboolean
take_line (const PkLogLine *line, gpointer data)
{
  Visit *visit = data;
  GArray *lines = g_hash_table_lookup (visit->lines, &line->id);
  PkSimLine noted = { line->seq, line->state };

  if (lines == NULL)
    {
      lines = g_array_new (FALSE, FALSE, sizeof (PkSimLine));
      g_hash_table_insert (visit->lines, g_memdup2 (&line->id, sizeof line->id), lines);
    }
  g_array_append_val (lines, noted);
  note_version (visit->oracle, line);
  return TRUE;
}

static gboolean
visit_scope (PkSimOracle *self, const PkStoreScope *scope)
{
  GHashTable *lines = g_hash_table_lookup (self->scopes, scope->name);
  Visit visit = { self, lines };

  if (lines == NULL)
    {
      visit.lines = g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, free_array);
      g_hash_table_insert (self->scopes, g_strdup (scope->name), visit.lines);
    }
  return scope->last_seq <= self->seq || pk_store_visit_log (self->world->server->store,
                                                             scope->number,
                                                             self->seq,
                                                             G_MAXINT64,
                                                             take_line,
                                                             &visit,
                                                             NULL);
}

/**
 * pk_sim_oracle_observe:
 *
 * After each thing that the server did: what is new in its log.
 */
void
pk_sim_oracle_observe (PkSimOracle *self)
{
  PkSimServer *server = self->world->server;
  gint64 seq;

  if (server->store == NULL || !pk_store_get_seq (server->store, &seq, NULL) || seq == self->seq)
    return;
  if (seq < self->seq)
    {
      pk_sim_world_fail (self->world,
                         "12: the server lost what it had committed: %" G_GINT64_FORMAT
                         " after %" G_GINT64_FORMAT,
                         seq,
                         self->seq);
      return;
    }
  g_autoptr (GPtrArray) scopes = pk_store_list_scopes (server->store, NULL);
  for (guint i = 0; scopes != NULL && i < scopes->len; i++)
    visit_scope (self, scopes->pdata[i]);
  self->seq = seq;
}

/**
 * pk_sim_oracle_server_started:
 *
 * The server runs (again): what it had told anybody, it still knows.
 */
void
pk_sim_oracle_server_started (PkSimOracle *self)
{
  if (self->world->server->store == NULL)
    return;
  pk_store_get_epoch (self->world->server->store, &self->epoch, NULL);
  pk_sim_oracle_observe (self);
}

/**
 * pk_sim_oracle_backed_up:
 *
 * A backup was made.
 */
void
pk_sim_oracle_backed_up (PkSimOracle *self)
{
  self->n_backed_up = self->acts->len;
}

/**
 * pk_sim_oracle_has_in_quarantine:
 *
 * Returns: whether the server keeps it in its quarantine
 */
gboolean
pk_sim_oracle_has_in_quarantine (PkSimOracle *self, const PkSimAct *act)
{
  PkSimServer *server = self->world->server;
  gboolean has = FALSE;

  return server->store != NULL && pk_store_has_quarantined (server->store, &act->id, &has, NULL) &&
         has;
}

/**
 * pk_sim_oracle_is_kept:
 *
 * Returns: whether the server has judged it, or keeps it in its quarantine
 */
gboolean
pk_sim_oracle_is_kept (PkSimOracle *self, const PkSimAct *act)
{
  PkSimServer *server = self->world->server;
  g_autoptr (PkJudgement) judgement = server->store != NULL
                                          ? pk_store_find_judgement (server->store, &act->id, NULL)
                                          : NULL;

  return judgement != NULL || pk_sim_oracle_has_in_quarantine (self, act);
}

/* In effect, or in the quarantine: a refusal alone does not keep what was refused. */
static gboolean
is_safe (PkSimOracle *self, const PkSimAct *act)
{
  PkSimServer *server = self->world->server;
  g_autoptr (PkJudgement) judgement = server->store != NULL
                                          ? pk_store_find_judgement (server->store, &act->id, NULL)
                                          : NULL;

  return (judgement != NULL && (judgement->verdict->kind == PK_VERDICT_APPLIED ||
                                judgement->verdict->kind == PK_VERDICT_MERGED)) ||
         pk_sim_oracle_has_in_quarantine (self, act);
}

/**
 * pk_sim_oracle_left_disk:
 *
 * A device has let go what a person did there, because the server said that it has it. Where the server lost that meanwhile, nobody
 * has it any more.
 */
void
pk_sim_oracle_left_disk (PkSimOracle *self, PkSimAct *act)
{
  act->is_off_disk = TRUE;
  act->is_excused = act->is_excused || (self->has_restored && !is_safe (self, act));
}

/* A backup may be older than what an operator did. */
static gboolean
is_forgotten (gpointer device, G_GNUC_UNUSED gpointer value, gpointer store)
{
  g_autoptr (PkDevice) found = pk_store_find_device (store, device, NULL);

  return found == NULL || found->revoked_us == 0;
}

/**
 * pk_sim_oracle_restored:
 *
 * The server has lost time: it begins another history.
 */
void
pk_sim_oracle_restored (PkSimOracle *self)
{
  g_hash_table_remove_all (self->versions);
  g_hash_table_remove_all (self->scopes);
  self->seq = 0;
  self->has_restored = TRUE;
  g_hash_table_foreach_remove (self->revoked, is_forgotten, self->world->server->store);
  /* Nobody has it any more: the server lost it, and the device lost it, or has forgotten what was done a month ago. */
  for (guint i = 0; i < self->acts->len; i++)
    {
      PkSimAct *act = self->acts->pdata[i];
      if ((act->is_off_disk && !is_safe (self, act)) ||
          (self->was_long_away && !pk_sim_oracle_is_kept (self, act)))
        act->is_excused = TRUE;
    }
  pk_sim_oracle_server_started (self);
}

/**
 * pk_sim_oracle_find:
 * @seq: as of this number
 * @seq_out: (out): its own number
 *
 * Returns: (transfer none) (nullable): the server's version of a record
 */
const PkRecord *
pk_sim_oracle_find (PkSimOracle *self, const PkId *id, gint64 seq, gint64 *seq_out)
{
  GArray *versions = g_hash_table_lookup (self->versions, id);
  const PkRecord *found = NULL;

  *seq_out = 0;
  for (guint i = 0; versions != NULL && i < versions->len; i++)
    {
      const PkSimVersion *version = &g_array_index (versions, PkSimVersion, i);
      if (version->seq > seq || version->seq < *seq_out)
        continue;
      found = version->record;
      *seq_out = version->seq;
    }
  return found;
}

static int
state_at (const GArray *lines, gint64 seq)
{
  int state = -1;
  gint64 best = 0;

  for (guint i = 0; lines != NULL && i < lines->len; i++)
    {
      const PkSimLine *line = &g_array_index (lines, PkSimLine, i);
      if (line->seq > seq || line->seq < best)
        continue;
      best = line->seq;
      state = (int) line->state;
    }
  return state;
}

/**
 * pk_sim_oracle_state:
 *
 * Returns: a PkLogState; -1: never was in it
 */
int
pk_sim_oracle_state (PkSimOracle *self, const char *scope, const PkId *id, gint64 seq)
{
  GHashTable *lines = g_hash_table_lookup (self->scopes, scope);

  return lines != NULL ? state_at (g_hash_table_lookup (lines, id), seq) : -1;
}

/**
 * pk_sim_oracle_count:
 *
 * Returns: how many records were in a scope
 */
guint
pk_sim_oracle_count (PkSimOracle *self, const char *scope, gint64 seq)
{
  GHashTable *all = g_hash_table_lookup (self->scopes, scope);
  GHashTableIter iter;
  gpointer lines;
  guint n = 0;

  if (all == NULL)
    return 0;
  g_hash_table_iter_init (&iter, all);
  while (g_hash_table_iter_next (&iter, NULL, &lines))
    n += state_at (lines, seq) == PK_LOG_IN;
  return n;
}

/**
 * pk_sim_oracle_note:
 *
 * A person did something.
 *
 * Returns: (transfer none): what is remembered of it
 */
PkSimAct *
pk_sim_oracle_note (PkSimOracle *self,
                    PkSimClient *client,
                    const PkMutation *mutation,
                    const char *word,
                    guint field,
                    gboolean is_accepted)
{
  PkSimAct *act = g_new0 (PkSimAct, 1);

  act->number = self->acts->len;
  act->id = mutation->id;
  act->client = client->number;
  act->op = mutation->op;
  act->entity = mutation->entity;
  act->record = mutation->record;
  act->word = g_strdup (word);
  act->field = field;
  act->is_accepted = is_accepted;
  g_ptr_array_add (self->acts, act);
  g_hash_table_insert (self->by_id, &act->id, act);
  return act;
}

/**
 * pk_sim_oracle_take_back:
 *
 * A device gets an old disk: what the server does not have of what came since then is nobody's any more.
 */
void
pk_sim_oracle_take_back (PkSimOracle *self, PkSimClient *client)
{
  for (guint i = client->n_acts_copied; i < self->acts->len; i++)
    {
      PkSimAct *act = self->acts->pdata[i];
      if (act->client != client->number)
        continue;
      act->is_off_disk = TRUE;
      act->is_excused = act->is_excused || !pk_sim_oracle_is_kept (self, act);
    }
}
