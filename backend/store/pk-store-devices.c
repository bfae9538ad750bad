/* Devices, and the word that was given on each of their mutations. */
#include "config.h"

#include "pk-store-devices.h"

#include "pk-store-private.h"

#include <string.h>

#define DEVICE_COLUMNS                                                                             \
  "SELECT id, person, name, app_version, created_us, seen_us, revoked_us, last_n, last_mutation"   \
  " FROM device"

/**
 * pk_device_new:
 *
 * Returns: (transfer full): a device that has done nothing
 */
PkDevice *
pk_device_new (const PkId *id, const PkId *person)
{
  PkDevice *self = g_new0 (PkDevice, 1);

  self->id = *id;
  self->person = *person;
  return self;
}

/**
 * pk_device_free:
 *
 * Frees the device.
 */
void
pk_device_free (PkDevice *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->app_version);
  g_free (self);
}

static PkDevice *
read_device (PkStatement *row)
{
  PkDevice *device = g_new0 (PkDevice, 1);

  pk_statement_get_id (row, 0, &device->id);
  pk_statement_get_id (row, 1, &device->person);
  device->name = g_strdup (pk_statement_get_text (row, 2));
  device->app_version = g_strdup (pk_statement_get_text (row, 3));
  device->created_us = pk_statement_get_int (row, 4);
  device->seen_us = pk_statement_get_int (row, 5);
  device->revoked_us = pk_statement_get_int (row, 6);
  device->last_n = pk_statement_get_int (row, 7);
  pk_statement_get_id (row, 8, &device->last_mutation);
  return device;
}

/**
 * pk_store_find_device:
 *
 * Returns: (transfer full) (nullable): the device; NULL without an error where there is none
 */
PkDevice *
pk_store_find_device (PkStore *self, const PkId *id, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->sql, DEVICE_COLUMNS " WHERE id = ?1", error);
  gboolean has_row;

  if (query == NULL)
    return NULL;
  pk_statement_bind_id (query, 1, id);
  if (!pk_store_step (query, &has_row, error) || !has_row)
    return NULL;
  PkDevice *device = read_device (query);
  pk_statement_reset (query);
  return device;
}

/**
 * pk_store_put_device:
 *
 * Returns: %TRUE if the device is written, new or not
 */
gboolean
pk_store_put_device (PkStore *self, const PkDevice *device, GError **error)
{
  PkStatement *put = pk_sql_prepare (
      self->sql,
      "INSERT INTO device (id, person, name, app_version, created_us, seen_us, revoked_us, last_n,"
      " last_mutation) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (id) DO UPDATE SET"
      " person = excluded.person, name = excluded.name, app_version = excluded.app_version,"
      " seen_us = excluded.seen_us, revoked_us = excluded.revoked_us, last_n = excluded.last_n,"
      " last_mutation = excluded.last_mutation",
      error);

  if (put == NULL)
    return FALSE;
  pk_statement_bind_id (put, 1, &device->id);
  pk_statement_bind_id (put, 2, &device->person);
  pk_statement_bind_text (put, 3, device->name);
  pk_statement_bind_text (put, 4, device->app_version);
  pk_statement_bind_int (put, 5, device->created_us);
  pk_statement_bind_int (put, 6, device->seen_us);
  pk_statement_bind_int (put, 7, device->revoked_us);
  pk_statement_bind_int (put, 8, device->last_n);
  pk_statement_bind_id (put, 9, &device->last_mutation);
  return pk_statement_run (put, error);
}

/**
 * pk_store_list_devices:
 * @person: (nullable): only this person's
 *
 * Returns: (transfer full) (nullable) (element-type PkDevice): the devices, the oldest of a person first
 */
GPtrArray *
pk_store_list_devices (PkStore *self, const PkId *person, GError **error)
{
  g_autoptr (GPtrArray) devices = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_device_free);
  PkStatement *query = pk_sql_prepare (self->sql,
                                       person ? DEVICE_COLUMNS
                                           " WHERE person = ?1 ORDER BY person, created_us"
                                              : DEVICE_COLUMNS " ORDER BY person, created_us",
                                       error);
  gboolean has_row;

  if (query != NULL && person != NULL)
    pk_statement_bind_id (query, 1, person);
  while (query != NULL && pk_store_step (query, &has_row, error))
    {
      if (!has_row)
        return g_steal_pointer (&devices);
      g_ptr_array_add (devices, read_device (query));
    }
  return NULL;
}

/**
 * pk_judgement_free:
 *
 * Frees the judgement with its verdict.
 */
void
pk_judgement_free (PkJudgement *self)
{
  if (self == NULL)
    return;
  pk_verdict_free (self->verdict);
  g_free (self);
}

static PkVerdict *
read_verdict (PkStatement *row, int column, GError **error)
{
  const char *text = pk_statement_get_text (row, column);

  return pk_verdict_read (text, strlen (text), error);
}

/**
 * pk_store_find_judgement:
 *
 * Returns: (transfer full) (nullable): what was said on the mutation; NULL without an error where it is new
 */
PkJudgement *
pk_store_find_judgement (PkStore *self, const PkId *mutation, GError **error)
{
  PkStatement *query =
      pk_sql_prepare (self->sql,
                      "SELECT person, device, n, at_us, verdict FROM mutation WHERE id = ?1",
                      error);
  gboolean has_row;

  if (query == NULL)
    return NULL;
  pk_statement_bind_id (query, 1, mutation);
  if (!pk_store_step (query, &has_row, error) || !has_row)
    return NULL;
  g_autoptr (PkJudgement) judgement = g_new0 (PkJudgement, 1);
  judgement->id = *mutation;
  pk_statement_get_id (query, 0, &judgement->person);
  pk_statement_get_id (query, 1, &judgement->device);
  judgement->n = pk_statement_get_int (query, 2);
  judgement->at_us = pk_statement_get_int (query, 3);
  judgement->verdict = read_verdict (query, 4, error);
  pk_statement_reset (query);
  return judgement->verdict ? g_steal_pointer (&judgement) : NULL;
}

/**
 * pk_store_put_judgement:
 *
 * Keeps what was said on a mutation; a later word on the same one replaces it, with the device and the number that it has now.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_store_put_judgement (PkStore *self, const PkJudgement *judgement, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  PkStatement *put = pk_sql_prepare (
      self->sql,
      "INSERT INTO mutation (id, person, device, n, verdict, at_us, later_record)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
      " ON CONFLICT (id) DO UPDATE SET device = excluded.device, n = excluded.n,"
      " verdict = excluded.verdict, at_us = excluded.at_us, later_record = excluded.later_record",
      error);

  if (put == NULL)
    return FALSE;
  pk_verdict_append_json (text, judgement->verdict);
  pk_statement_bind_id (put, 1, &judgement->id);
  pk_statement_bind_id (put, 2, &judgement->person);
  pk_statement_bind_id (put, 3, &judgement->device);
  pk_statement_bind_int (put, 4, judgement->n);
  pk_statement_bind_text (put, 5, text->str);
  pk_statement_bind_int (put, 6, judgement->at_us);
  if (pk_id_is_null (&judgement->later_record))
    pk_statement_bind_null (put, 7);
  else
    pk_statement_bind_id (put, 7, &judgement->later_record);
  return pk_statement_run (put, error);
}

static void
keep_least (GHashTable *later, const PkId *record, gint64 n)
{
  gint64 *known = g_hash_table_lookup (later, record);

  if (known == NULL)
    {
      known = g_new (gint64, 1);
      *known = n;
      g_hash_table_insert (later, g_memdup2 (record, sizeof *record), known);
    }
  *known = MIN (*known, n);
}

/**
 * pk_store_find_later:
 *
 * Returns: (transfer full) (nullable) (element-type PkId gint64): records with a mutation of the device that is to be judged later,
 *   each with the least number of such a one
 */
GHashTable *
pk_store_find_later (PkStore *self, const PkId *device, GError **error)
{
  g_autoptr (GHashTable) later = g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, g_free);
  PkStatement *query = pk_sql_prepare (
      self->sql,
      "SELECT later_record, n FROM mutation WHERE device = ?1 AND later_record IS NOT NULL",
      error);
  gboolean has_row;
  PkId record;

  if (query == NULL)
    return NULL;
  pk_statement_bind_id (query, 1, device);
  while (pk_store_step (query, &has_row, error))
    {
      if (!has_row)
        return g_steal_pointer (&later);
      if (pk_statement_get_id (query, 0, &record))
        keep_least (later, &record, pk_statement_get_int (query, 1));
    }
  return NULL;
}

/**
 * pk_store_list_verdicts:
 *
 * Returns: (transfer full) (nullable) (element-type PkVerdict): at most @limit verdicts on the device's mutations after number
 *   @after_n, in their order
 */
GPtrArray *
pk_store_list_verdicts (PkStore *self,
                        const PkId *device,
                        gint64 after_n,
                        guint limit,
                        GError **error)
{
  g_autoptr (GPtrArray)
      verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_verdict_free);
  PkStatement *query = pk_sql_prepare (
      self->sql,
      "SELECT verdict FROM mutation WHERE device = ?1 AND n > ?2 ORDER BY n LIMIT ?3",
      error);
  gboolean has_row;

  if (query == NULL)
    return NULL;
  pk_statement_bind_id (query, 1, device);
  pk_statement_bind_int (query, 2, after_n);
  pk_statement_bind_int (query, 3, limit);
  while (pk_store_step (query, &has_row, error))
    {
      if (!has_row)
        return g_steal_pointer (&verdicts);
      PkVerdict *verdict = read_verdict (query, 0, error);
      if (verdict == NULL)
        {
          pk_statement_reset (query);
          return NULL;
        }
      g_ptr_array_add (verdicts, verdict);
    }
  return NULL;
}

/* Without its number, which may be another one's by now. */
static void
add_effect (GPtrArray *verdicts, PkJudgement *judgement)
{
  if (judgement->verdict->kind != PK_VERDICT_APPLIED &&
      judgement->verdict->kind != PK_VERDICT_MERGED)
    return;
  judgement->verdict->n = 0;
  g_ptr_array_add (verdicts, g_steal_pointer (&judgement->verdict));
}

/**
 * pk_store_add_effects:
 * @mutations: (element-type PkId): of the person, given up by the device
 * @verdicts: (element-type PkVerdict): those of @mutations that took effect all the same are added
 *
 * Returns: %TRUE unless a query failed
 */
gboolean
pk_store_add_effects (PkStore *self,
                      const PkId *person,
                      GArray *mutations,
                      GPtrArray *verdicts,
                      GError **error)
{
  for (guint i = 0; i < mutations->len; i++)
    {
      g_autoptr (GError) local_error = NULL;
      g_autoptr (PkJudgement) judgement =
          pk_store_find_judgement (self, &g_array_index (mutations, PkId, i), &local_error);
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      if (judgement != NULL && pk_id_equal (&judgement->person, person))
        add_effect (verdicts, judgement);
    }
  return TRUE;
}

/**
 * pk_store_forget_judgements:
 *
 * Forgets what was said before @before_us, but for the last mutation of each device.
 *
 * Returns: %TRUE if it is gone
 */
gboolean
pk_store_forget_judgements (PkStore *self, gint64 before_us, GError **error)
{
  PkStatement *forget = pk_sql_prepare (
      self->sql,
      "DELETE FROM mutation WHERE at_us < ?1 AND id NOT IN (SELECT last_mutation FROM device)",
      error);

  if (forget == NULL)
    return FALSE;
  pk_statement_bind_int (forget, 1, before_us);
  return pk_statement_run (forget, error);
}
