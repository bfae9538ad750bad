/*
 * What the session does with the machine's effects, as app/sync/pk-session-push.c, -pull.c, -fetch.c and -work.c do it: the same functions
 * of the writer in the same order, and the same answers to the machine. What comes back is in pk-sim-answer.c.
 */
#include "config.h"

#include "pk-outbox.h"
#include "pk-sim-contents.h"
#include "pk-sim-oracle.h"
#include "pk-sync-own-work.h"

#include <string.h>

/* An event that waits to be told. */
typedef struct
{
  PkSimClient *client;
  guint life;
  gboolean after_look;
  PkSyncEvent event;
} Telling;

static void
tell (PkSimWorld *world, gpointer data)
{
  Telling *telling = data;
  PkSimClient *client = telling->client;

  if (client->life != telling->life || client->writer == NULL)
    return;
  pk_sim_client_set_clock (client);
  if (telling->after_look)
    pk_sim_client_look (client);
  pk_sim_world_tell (world,
                     "client %u: %u is answered by %d",
                     client->number,
                     telling->event.request,
                     (int) telling->event.kind);
  pk_sim_client_send (client, telling->event);
  pk_sim_client_survive (client);
}

/**
 * pk_sim_client_answer:
 *
 * Answers the machine, a little later; where @after_look, when it knows how the outbox is since then.
 */
void
pk_sim_client_answer (PkSimClient *self, guint request, PkSyncEvent event, gboolean after_look)
{
  Telling *telling = g_new0 (Telling, 1);

  event.request = request;
  *telling = (Telling){ self, self->life, after_look, event };
  pk_sim_world_at (self->world, after_look ? 2000 : 500, tell, telling, g_free);
}

/**
 * pk_sim_client_fail:
 * @id: (nullable): what the failure names
 *
 * An errand failed.
 */
void
pk_sim_client_fail (PkSimClient *self, guint request, PkSyncFailure failure, const PkId *id)
{
  PkSyncEvent event = { .kind = PK_SYNC_EVENT_FAILED, .failure = failure };

  if (id != NULL)
    event.id = *id;
  pk_sim_client_answer (self, request, event, FALSE);
}

static PkSimRequest *
make_request (PkSimClient *self, PkSimRequestKind kind, const PkSyncEffect *effect)
{
  PkSimRequest *request = pk_sim_request_new (kind);

  request->request = effect->request;
  request->token = g_strdup (kind == PK_SIM_REQUEST_REFRESH ? self->refresh : self->access);
  return request;
}

static gboolean
collect (PkSimClient *self, const PkSyncEffect *effect, PkSimRequest *request, GError **error)
{
  if (!pk_writer_get_epoch (self->writer, &request->epoch, error))
    return FALSE;
  g_autoptr (GPtrArray) entries = pk_writer_take_unsent (self->writer,
                                                         effect->number,
                                                         (guint) effect->size,
                                                         effect->flag,
                                                         error);
  if (entries == NULL)
    return FALSE;
  pk_writer_get_device (self->writer, &request->device);
  for (guint i = 0; i < entries->len; i++)
    {
      PkOutboxEntry *entry = entries->pdata[i];
      g_string_append (request->body, entry->line);
      g_string_append_c (request->body, '\n');
    }
  return TRUE;
}

static void
push (PkSimClient *self, const PkSyncEffect *effect)
{
  g_autoptr (PkSimRequest) request = make_request (self, PK_SIM_REQUEST_PUSH, effect);
  g_autoptr (GError) error = NULL;

  if (!collect (self, effect, request, &error))
    pk_sim_client_fail (self, effect->request, PK_SYNC_FAILURE_LOCAL, NULL);
  else if (request->body->len == 0)
    pk_sim_client_answer (self,
                          effect->request,
                          (PkSyncEvent){ .kind = PK_SYNC_EVENT_PUSHED },
                          TRUE);
  else
    pk_sim_net_send (self, g_steal_pointer (&request));
}

static void
pull (PkSimClient *self, const PkSyncEffect *effect)
{
  g_autoptr (PkSimRequest) request = make_request (self, PK_SIM_REQUEST_PULL, effect);
  PkPullRequest *question = pk_writer_make_pull_request (self->writer,
                                                         effect->flag ? PK_PULL_ALL_AS_ROWS
                                                                      : PK_PULL_DEFAULT,
                                                         NULL);

  if (question == NULL)
    {
      pk_sim_client_fail (self, effect->request, PK_SYNC_FAILURE_LOCAL, NULL);
      return;
    }
  pk_sim_oracle_check_repair (self->world->oracle, self, question);
  pk_pull_request_append_json (request->body, question);
  g_ptr_array_set_size (self->questions, 0);
  g_ptr_array_add (self->questions, question);
  pk_sim_net_send (self, g_steal_pointer (&request));
}

/**
 * pk_sim_client_dup_snapshot_path:
 *
 * Returns: (transfer full): where a snapshot lies until it is installed
 */
char *
pk_sim_client_dup_snapshot_path (PkSimClient *self, const char *sha256)
{
  return g_build_filename (self->directory, "snapshots", sha256, NULL);
}

static void
fetch (PkSimClient *self, const PkSyncEffect *effect)
{
  g_autofree char *path = pk_sim_client_dup_snapshot_path (self, effect->sha256);
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  PkSimFile *begun = pk_sim_disk_lookup (self->disk, part);

  if (pk_sim_disk_lookup (self->disk, path) != NULL)
    {
      pk_sim_client_answer (self,
                            effect->request,
                            (PkSyncEvent){ .kind = PK_SYNC_EVENT_SNAPSHOT_FETCHED },
                            FALSE);
      return;
    }
  PkSimRequest *request = make_request (self, PK_SIM_REQUEST_SNAPSHOT, effect);
  request->sha256 = g_strdup (effect->sha256);
  request->offset = begun != NULL ? pk_sim_file_size (begun) : 0;
  pk_sim_net_send (self, request);
}

static GStrv
list_snapshots (PkSimClient *self)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  for (guint i = 0; i < self->offers->len; i++)
    {
      PkSimOffer *offer = self->offers->pdata[i];
      g_autofree char *path = pk_sim_client_dup_snapshot_path (self, offer->sha256);
      g_strv_builder_add (paths, path);
    }
  return g_strv_builder_end (paths);
}

static void
remove_snapshots (PkSimClient *self, GStrv paths)
{
  for (char **path = paths; *path != NULL; path++)
    pk_sim_disk_remove (self->disk, *path);
}

static void
end_life (PkSimClient *self, gboolean with_outbox)
{
  self->has_erased = TRUE;
  if (!with_outbox)
    return;
  self->contact_us = 0;
  pk_sim_oracle_erased (self->world->oracle, self);
}

static void
work (PkSimClient *self, const PkSyncEffect *effect)
{
  gboolean installs = effect->kind == PK_SYNC_EFFECT_INSTALL_SNAPSHOTS;
  g_auto (GStrv) paths = list_snapshots (self);
  g_autoptr (GError) error = NULL;

  if (pk_sync_own_work_run (self->writer,
                            effect,
                            (const char *const *) paths,
                            self->push_fault,
                            &error))
    {
      if (installs)
        remove_snapshots (self, paths);
      if (effect->kind == PK_SYNC_EFFECT_ERASE)
        end_life (self, effect->flag);
      pk_sim_client_answer (self,
                            effect->request,
                            (PkSyncEvent){ .kind = pk_sync_own_work_get_answer (effect->kind) },
                            TRUE);
      return;
    }
  PkSyncFailure failure = pk_sync_own_work_judge (effect->kind, error);
  if (failure != PK_SYNC_FAILURE_LOCAL)
    remove_snapshots (self, paths);
  pk_sim_world_tell (self->world, "client %u: %s", self->number, error->message);
  pk_sim_client_fail (self, effect->request, failure, NULL);
}

/**
 * pk_sim_client_carry_out:
 *
 * Carries out an effect.
 */
void
pk_sim_client_carry_out (PkSimClient *self, const PkSyncEffect *effect)
{
  pk_sim_world_tell (self->world,
                     "client %u: %s %u",
                     self->number,
                     pk_sync_machine_get_effect_name (effect->kind),
                     effect->request);
  switch (effect->kind)
    {
    case PK_SYNC_EFFECT_PUSH:
      self->n_requests++;
      push (self, effect);
      return;
    case PK_SYNC_EFFECT_PULL:
      self->n_requests++;
      pull (self, effect);
      return;
    case PK_SYNC_EFFECT_FETCH_SNAPSHOT:
      fetch (self, effect);
      return;
    case PK_SYNC_EFFECT_UPLOAD:
    case PK_SYNC_EFFECT_REFUSE_UPLOAD:
    case PK_SYNC_EFFECT_DOWNLOAD:
      pk_sim_client_move_content (self, effect);
      return;
    case PK_SYNC_EFFECT_OPEN_EVENTS:
      pk_sim_net_send (self, make_request (self, PK_SIM_REQUEST_EVENTS, effect));
      return;
    case PK_SYNC_EFFECT_REFRESH_TOKEN:
      pk_sim_net_send (self, make_request (self, PK_SIM_REQUEST_REFRESH, effect));
      return;
    case PK_SYNC_EFFECT_INSTALL_SNAPSHOTS:
    case PK_SYNC_EFFECT_TAKE_DEVICE:
    case PK_SYNC_EFFECT_TAKE_EPOCH:
    case PK_SYNC_EFFECT_SET_ASIDE:
    case PK_SYNC_EFFECT_ERASE:
      work (self, effect);
      return;
    default:
      return;
    }
}
