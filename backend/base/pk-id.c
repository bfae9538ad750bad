/*
 * UUID version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then a counter and randomness.
 *
 * Ids of one source never go back, even when its clock does: the millisecond part is kept at its highest value so far, and
 * within a millisecond the 12 bits after it count up.
 */
#include "config.h"

#include "pk-id.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

struct _PkIdSource
{
  PkClock *clock; /* (owned) */
  GMutex lock;    /* guards what follows */
  gboolean is_seeded;
  guint64 state; /* of the seeded generator */
  gint64 last_ms;
  guint counter;
};

static guint64
next_seeded (PkIdSource *self)
{
  /* SplitMix64, Steele, Lea and Flood 2014 */
  guint64 z = (self->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static guint64
next_random (PkIdSource *self)
{
  guint64 value = 0;

  if (self->is_seeded)
    return next_seeded (self);
  while (getrandom (&value, sizeof value, 0) != (ssize_t) sizeof value)
    g_assert (errno == EINTR);
  return value;
}

/**
 * pk_id_source_new:
 * @clock: told for the time part
 *
 * Returns: (transfer full): a source with the kernel's randomness
 */
PkIdSource *
pk_id_source_new (PkClock *clock)
{
  PkIdSource *self = g_atomic_rc_box_new0 (PkIdSource);

  self->clock = pk_clock_ref (clock);
  g_mutex_init (&self->lock);
  return self;
}

/**
 * pk_id_source_new_seeded:
 * @seed: the same seed and clock give the same ids
 *
 * For tests, the simulation and demo data; never for secrets.
 *
 * Returns: (transfer full): a source that can be repeated
 */
PkIdSource *
pk_id_source_new_seeded (PkClock *clock, guint64 seed)
{
  PkIdSource *self = pk_id_source_new (clock);

  self->is_seeded = TRUE;
  self->state = seed;
  return self;
}

/**
 * pk_id_source_ref:
 *
 * Returns: (transfer full): @self
 */
PkIdSource *
pk_id_source_ref (PkIdSource *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_source (gpointer data)
{
  PkIdSource *self = data;

  pk_clock_unref (self->clock);
  g_mutex_clear (&self->lock);
}

/**
 * pk_id_source_unref:
 *
 * Gives up one reference.
 */
void
pk_id_source_unref (PkIdSource *self)
{
  g_atomic_rc_box_release_full (self, clear_source);
}

static gint64
advance_time (PkIdSource *self)
{
  gint64 now_ms = pk_clock_now_us (self->clock) / 1000;

  if (now_ms > self->last_ms)
    {
      self->last_ms = now_ms;
      self->counter = 0;
    }
  else if (++self->counter > 0xfff)
    {
      self->last_ms++;
      self->counter = 0;
    }
  return self->last_ms;
}

/**
 * pk_id_source_next:
 *
 * Returns: a new id, greater than all before it from this source
 */
PkId
pk_id_source_next (PkIdSource *self)
{
  PkId id;

  g_mutex_lock (&self->lock);
  gint64 ms = advance_time (self);
  guint counter = self->counter;
  guint64 random = next_random (self);
  g_mutex_unlock (&self->lock);

  for (int i = 0; i < 6; i++)
    id.bytes[i] = (guint8) (ms >> (40 - 8 * i));
  id.bytes[6] = (guint8) (0x70 | (counter >> 8));
  id.bytes[7] = (guint8) counter;
  memcpy (id.bytes + 8, &random, 8);
  id.bytes[8] = (guint8) (0x80 | (id.bytes[8] & 0x3f));
  return id;
}

/**
 * pk_id_source_next_random:
 *
 * Returns: 64 random bits
 */
guint64
pk_id_source_next_random (PkIdSource *self)
{
  g_mutex_lock (&self->lock);
  guint64 random = next_random (self);
  g_mutex_unlock (&self->lock);
  return random;
}

/**
 * pk_id_parse:
 * @text: (nullable): hexadecimal in groups of 8-4-4-4-12, either case
 * @id_out: (out): the id
 *
 * Returns: %FALSE if @text is no UUID; @id_out is then unchanged
 */
gboolean
pk_id_parse (const char *text, PkId *id_out)
{
  PkId id;
  int n = 0;

  if (text == NULL || strlen (text) != PK_ID_TEXT_LENGTH)
    return FALSE;
  for (int i = 0; i < PK_ID_TEXT_LENGTH; i++)
    {
      if (i == 8 || i == 13 || i == 18 || i == 23)
        {
          if (text[i] != '-')
            return FALSE;
          continue;
        }
      int high = g_ascii_xdigit_value (text[i]), low = g_ascii_xdigit_value (text[++i]);
      if (high < 0 || low < 0)
        return FALSE;
      id.bytes[n++] = (guint8) (high << 4 | low);
    }
  *id_out = id;
  return TRUE;
}

/**
 * pk_id_to_text:
 * @text: (out): room for the text and its end
 *
 * Returns: @text
 */
char *
pk_id_to_text (const PkId *id, char text[PK_ID_TEXT_LENGTH + 1])
{
  static const char digits[] = "0123456789abcdef";
  char *end = text;

  for (int i = 0; i < 16; i++)
    {
      if (i == 4 || i == 6 || i == 8 || i == 10)
        *end++ = '-';
      *end++ = digits[id->bytes[i] >> 4];
      *end++ = digits[id->bytes[i] & 0xf];
    }
  *end = '\0';
  return text;
}

/**
 * pk_id_dup_text:
 *
 * Returns: (transfer full): the id as text
 */
char *
pk_id_dup_text (const PkId *id)
{
  return pk_id_to_text (id, g_malloc (PK_ID_TEXT_LENGTH + 1));
}

/**
 * pk_id_is_null:
 *
 * Returns: whether all bytes are zero, which no source ever gives
 */
gboolean
pk_id_is_null (const PkId *id)
{
  static const PkId null_id;

  return memcmp (id, &null_id, sizeof null_id) == 0;
}

/**
 * pk_id_compare:
 *
 * Returns: less than, equal to or greater than 0, in the order of the bytes
 */
int
pk_id_compare (const PkId *a, const PkId *b)
{
  return memcmp (a->bytes, b->bytes, sizeof a->bytes);
}

/**
 * pk_id_hash:
 *
 * Returns: a hash for [struct@GLib.HashTable]; the last bytes are random
 */
guint
pk_id_hash (gconstpointer id)
{
  guint hash;

  memcpy (&hash, ((const PkId *) id)->bytes + 12, sizeof hash);
  return hash;
}

/**
 * pk_id_equal:
 *
 * Returns: whether both are the same id
 */
gboolean
pk_id_equal (gconstpointer a, gconstpointer b)
{
  return pk_id_compare (a, b) == 0;
}
