/* See the header. */
#include "config.h"

#include "pk-machine-world.h"

static gboolean
asks_for_answer (PkSyncEffectKind kind)
{
  switch (kind)
    {
    case PK_SYNC_EFFECT_REFUSE_UPLOAD:
    case PK_SYNC_EFFECT_REFUSE_DOWNLOAD:
    case PK_SYNC_EFFECT_CANCEL:
    case PK_SYNC_EFFECT_SET_TIMER:
    case PK_SYNC_EFFECT_TELL:
      return FALSE;
    default:
      return TRUE;
    }
}

static gboolean
is_of_cycle (PkSyncEffectKind kind)
{
  return kind <= PK_SYNC_EFFECT_ERASE;
}

static void
forget (PkMachineWorld *self, guint request)
{
  for (guint i = self->open->len; i > 0; i--)
    if (g_array_index (self->open, PkSyncEffect, i - 1).request == request)
      g_array_remove_index (self->open, i - 1);
}

static void
check_alone (PkMachineWorld *self, const PkSyncEffect *effect)
{
  for (guint i = 0; i < self->open->len; i++)
    {
      const PkSyncEffect *other = &g_array_index (self->open, PkSyncEffect, i);
      g_assert_cmpint (other->kind, !=, effect->kind);
      g_assert_false (is_of_cycle (other->kind) && is_of_cycle (effect->kind));
    }
}

static void
take_effect (PkMachineWorld *self, const PkSyncEffect *effect)
{
  self->n_effects++;
  self->counts[effect->kind]++;
  g_assert_nonnull (pk_sync_machine_get_effect_name (effect->kind));
  if (effect->kind == PK_SYNC_EFFECT_CANCEL)
    forget (self, effect->request);
  else if (effect->kind == PK_SYNC_EFFECT_SET_TIMER)
    {
      g_assert_cmpint (effect->number, >, self->now_us);
      self->timer_us = effect->number;
    }
  else if (effect->kind == PK_SYNC_EFFECT_TELL)
    self->n_told++;
  if (!asks_for_answer (effect->kind))
    return;
  g_assert_cmpuint (effect->request, !=, 0);
  g_assert_true (pk_sync_machine_has_request (self->machine, effect->request));
  check_alone (self, effect);
  g_array_append_val (self->open, *effect);
  self->last = *effect;
}

PkMachineWorld *
pk_machine_world_new (guint64 seed)
{
  PkMachineWorld *self = g_new0 (PkMachineWorld, 1);

  self->machine = pk_sync_machine_new (seed);
  self->now_us = G_USEC_PER_SEC;
  self->open = g_array_new (FALSE, FALSE, sizeof (PkSyncEffect));
  return self;
}

void
pk_machine_world_free (PkMachineWorld *self)
{
  pk_sync_machine_free (self->machine);
  g_array_unref (self->open);
  g_free (self);
}

void
pk_machine_world_send (PkMachineWorld *self, PkSyncEvent event)
{
  PkSyncEffect effects[PK_SYNC_MAX_EFFECTS];

  event.now_us = self->now_us;
  guint n = pk_sync_machine_step (self->machine, &event, effects);
  for (guint i = self->open->len; i > 0; i--)
    {
      guint request = g_array_index (self->open, PkSyncEffect, i - 1).request;
      if (request == event.request && !pk_sync_machine_has_request (self->machine, request))
        g_array_remove_index (self->open, i - 1);
    }
  /* What is stopped is stopped before something new begins. */
  for (guint i = 0; i < n; i++)
    take_effect (self, &effects[i]);
}

void
pk_machine_world_hint (PkMachineWorld *self, PkSyncEventKind kind)
{
  pk_machine_world_send (self, (PkSyncEvent){ .kind = kind });
}

void
pk_machine_world_start (PkMachineWorld *self)
{
  pk_machine_world_send (self, (PkSyncEvent){ .kind = PK_SYNC_EVENT_STARTED, .flag = TRUE });
}

void
pk_machine_world_outbox (PkMachineWorld *self, guint sendable, guint later, guint attention)
{
  pk_machine_world_send (self,
                         (PkSyncEvent){ .kind = PK_SYNC_EVENT_OUTBOX,
                                        .number = sendable,
                                        .later = later,
                                        .attention = attention });
}

const PkSyncEffect *
pk_machine_world_find (PkMachineWorld *self, PkSyncEffectKind kind)
{
  for (guint i = 0; i < self->open->len; i++)
    if (g_array_index (self->open, PkSyncEffect, i).kind == kind)
      return &g_array_index (self->open, PkSyncEffect, i);
  return NULL;
}

void
pk_machine_world_answer (PkMachineWorld *self, PkSyncEffectKind asked, PkSyncEvent event)
{
  const PkSyncEffect *effect = pk_machine_world_find (self, asked);

  g_assert_nonnull (effect);
  event.request = effect->request;
  pk_machine_world_send (self, event);
}

void
pk_machine_world_fail (PkMachineWorld *self, PkSyncEffectKind asked, PkSyncFailure failure)
{
  pk_machine_world_answer (self,
                           asked,
                           (PkSyncEvent){ .kind = PK_SYNC_EVENT_FAILED, .failure = failure });
}

/* Lets time pass until something is asked, at most so long. */
void
pk_machine_world_wait (PkMachineWorld *self, gint64 at_most_us)
{
  gint64 end_us = self->now_us + at_most_us;
  guint open = self->open->len;

  while (self->now_us < end_us && self->open->len <= open)
    {
      gboolean has_timer = self->timer_us > self->now_us && self->timer_us < end_us;
      self->now_us = has_timer ? self->timer_us : end_us;
      pk_machine_world_hint (self, PK_SYNC_EVENT_TICK);
    }
}

PkSyncState
pk_machine_world_state (PkMachineWorld *self)
{
  return pk_sync_machine_get_picture (self->machine)->state;
}
