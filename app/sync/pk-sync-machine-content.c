/*
 * The machine's lanes for contents: uploads in chunks, downloads with ranges. Pure, like all of the machine.
 *
 * One content that cannot be moved never holds up the others: it has a back-off of its own, and after some tries it is
 * refused in words. Trouble on the way concerns the whole lane.
 */
#include "config.h"

#include "pk-sync-machine-private.h"

#include <string.h>

#define CONTENT_PATIENCE (60 * PK_SYNC_SECOND)
#define CONTENT_TRIES    5

static GArray *
queue_of (PkSyncMachine *self, PkSyncLane lane)
{
  return lane == PK_SYNC_LANE_UPLOAD ? self->uploads : self->downloads;
}

static char *
moving_of (PkSyncMachine *self, PkSyncLane lane)
{
  return self->moving[lane == PK_SYNC_LANE_UPLOAD ? 0 : 1];
}

static int
find (GArray *queue, const char *sha256)
{
  for (guint i = 0; i < queue->len; i++)
    if (strcmp (g_array_index (queue, PkSyncContent, i).sha256, sha256) == 0)
      return (int) i;
  return -1;
}

static void
want (PkSyncMachine *self, const PkSyncEvent *event)
{
  gboolean is_upload = event->kind == PK_SYNC_EVENT_UPLOAD_WANTED;
  GArray *queue = is_upload ? self->uploads : self->downloads;
  PkSyncContent content = { .size = event->size, .moved = is_upload ? -1 : MAX (event->number, 0) };

  if (event->sha256 == NULL || strlen (event->sha256) != 64)
    return;
  int place = find (queue, event->sha256);
  if (place >= 0 && !event->flag)
    return;
  if (place >= 0)
    {
      content = g_array_index (queue, PkSyncContent, place);
      content.not_before_us = 0;
      g_array_remove_index (queue, (guint) place);
    }
  memcpy (content.sha256, event->sha256, sizeof content.sha256);
  if (event->flag)
    g_array_prepend_val (queue, content);
  else
    g_array_append_val (queue, content);
}

static PkSyncContent *
under_way (PkSyncMachine *self, PkSyncLane lane)
{
  GArray *queue = queue_of (self, lane);
  int place = find (queue, moving_of (self, lane));

  return place >= 0 ? &g_array_index (queue, PkSyncContent, place) : NULL;
}

static void
finish (PkSyncMachine *self, PkSyncLane lane)
{
  int place = find (queue_of (self, lane), moving_of (self, lane));

  if (place >= 0)
    g_array_remove_index (queue_of (self, lane), (guint) place);
}

static void
lane_was_answered (PkSyncMachine *self, PkSyncLane lane)
{
  pk_sync_machine_rest (self, lane);
  pk_sync_machine_note_contact (self);
  self->token_refusals = 0;
}

static void
lane_went_well (PkSyncMachine *self, PkSyncLane lane)
{
  lane_was_answered (self, lane);
  self->lanes[lane].failures = 0;
  self->lanes[lane].not_before_us = 0;
}

static void
take_progress (PkSyncMachine *self, PkSyncLane lane, const PkSyncEvent *event)
{
  PkSyncContent *content = under_way (self, lane);

  pk_sync_machine_note_contact (self);
  self->lanes[lane].deadline_us = self->now_us + CONTENT_PATIENCE;
  if (content == NULL || lane != PK_SYNC_LANE_DOWNLOAD)
    return;
  /* Where each try comes further, the network is bad and not gone: no reason to wait longer and longer. */
  if (event->number > content->moved)
    self->lanes[lane].failures = 0;
  content->moved = event->number;
}

/*
 * To tell how far it is is no step on: a server without room still can, and would be asked in vain again and again if that ended
 * the lane's waiting.
 */
static void
take_uploaded (PkSyncMachine *self, const PkSyncEvent *event)
{
  PkSyncContent *content = under_way (self, PK_SYNC_LANE_UPLOAD);
  gboolean was_only_asked = content != NULL && content->moved < 0 && event->number < content->size;

  if (was_only_asked)
    lane_was_answered (self, PK_SYNC_LANE_UPLOAD);
  else
    lane_went_well (self, PK_SYNC_LANE_UPLOAD);
  if (content == NULL)
    return;
  if (event->number >= content->size)
    {
      finish (self, PK_SYNC_LANE_UPLOAD);
      return;
    }
  /* To be told where it goes on is no progress. */
  if (content->moved >= 0 && event->number > content->moved)
    content->failures = 0;
  content->moved = event->number;
}

/**
 * pk_sync_machine_content_event:
 *
 * A content is wanted, or a lane of contents has an answer.
 */
void
pk_sync_machine_content_event (PkSyncMachine *self, const PkSyncEvent *event)
{
  PkSyncLane lane = self->lanes[PK_SYNC_LANE_UPLOAD].request == event->request
                        ? PK_SYNC_LANE_UPLOAD
                        : PK_SYNC_LANE_DOWNLOAD;

  switch (event->kind)
    {
    case PK_SYNC_EVENT_UPLOAD_WANTED:
    case PK_SYNC_EVENT_DOWNLOAD_WANTED:
      want (self, event);
      return;
    case PK_SYNC_EVENT_PROGRESS:
      take_progress (self, lane, event);
      return;
    case PK_SYNC_EVENT_UPLOADED:
      if (lane == PK_SYNC_LANE_UPLOAD)
        take_uploaded (self, event);
      return;
    case PK_SYNC_EVENT_DOWNLOADED:
      if (lane != PK_SYNC_LANE_DOWNLOAD)
        return;
      lane_went_well (self, lane);
      finish (self, lane);
      return;
    default:
      return;
    }
}

static void
refuse (PkSyncMachine *self, PkSyncLane lane)
{
  PkSyncEffect *effect = pk_sync_machine_emit (
      self,
      lane == PK_SYNC_LANE_UPLOAD ? PK_SYNC_EFFECT_REFUSE_UPLOAD : PK_SYNC_EFFECT_REFUSE_DOWNLOAD);

  memcpy (effect->sha256, moving_of (self, lane), sizeof effect->sha256);
  finish (self, lane);
}

static void
try_again_later (PkSyncMachine *self, PkSyncLane lane, PkSyncContent *content)
{
  content->moved = lane == PK_SYNC_LANE_UPLOAD ? -1 : 0;
  if (++content->failures >= CONTENT_TRIES)
    {
      refuse (self, lane);
      return;
    }
  content->not_before_us = self->now_us + pk_sync_machine_draw_delay (self, content->failures);
}

/**
 * pk_sync_machine_content_failed:
 *
 * A lane's request failed.
 */
void
pk_sync_machine_content_failed (PkSyncMachine *self, PkSyncLane lane, const PkSyncEvent *event)
{
  PkSyncContent *content = under_way (self, lane);

  switch (event->failure)
    {
    case PK_SYNC_FAILURE_OFFSET:
      /* An offset that does not help is a fault of the content like any other. */
      if (content != NULL && event->number != content->moved && event->number >= 0)
        content->moved = event->number;
      else if (content != NULL)
        try_again_later (self, lane, content);
      return;
    case PK_SYNC_FAILURE_REFUSED:
      if (content != NULL)
        refuse (self, lane);
      return;
    case PK_SYNC_FAILURE_MISSING:
    case PK_SYNC_FAILURE_CHECKSUM:
    case PK_SYNC_FAILURE_LOCAL:
      if (content != NULL)
        try_again_later (self, lane, content);
      return;
    default:
      if (content != NULL && lane == PK_SYNC_LANE_UPLOAD)
        content->moved = -1; /* how much of the chunk came through, the server knows */
      pk_sync_machine_back_off (self, lane, event->retry_after_us);
    }
}

static void
start_lane (PkSyncMachine *self, PkSyncLane lane, PkSyncEffectKind kind)
{
  GArray *queue = queue_of (self, lane);

  if (!pk_sync_machine_may_start (self, lane))
    return;
  for (guint i = 0; i < queue->len; i++)
    {
      PkSyncContent *content = &g_array_index (queue, PkSyncContent, i);
      if (content->not_before_us > self->now_us)
        continue;
      PkSyncEffect *effect = pk_sync_machine_ask (self, lane, kind, CONTENT_PATIENCE);
      memcpy (effect->sha256, content->sha256, sizeof effect->sha256);
      memcpy (moving_of (self, lane), content->sha256, sizeof content->sha256);
      effect->number = content->moved;
      effect->size = lane == PK_SYNC_LANE_UPLOAD ? PK_SYNC_CHUNK_BYTES : content->size;
      return;
    }
}

/**
 * pk_sync_machine_start_contents:
 *
 * Starts what can be moved now. An upload needs the record that points to it, so it goes after the push; but when pushing
 * has trouble, it goes all the same.
 */
void
pk_sync_machine_start_contents (PkSyncMachine *self)
{
  if (self->sendable == 0 || self->push_failures > 0)
    start_lane (self, PK_SYNC_LANE_UPLOAD, PK_SYNC_EFFECT_UPLOAD);
  start_lane (self, PK_SYNC_LANE_DOWNLOAD, PK_SYNC_EFFECT_DOWNLOAD);
}
