/* Plans: mutations with their inverse, tried against the rules while they are made. Main thread, no I/O. */
#include "config.h"

#include "pk-plan-private.h"

#include "pk-replica.h"
#include "pk-time.h"

static PkRights *
load_rights (PkCommandContext *context)
{
  PkReplica *replica = pk_command_context_get_replica (context);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *today = pk_date_from_time (pk_command_context_now_us (context), zone);

  if (replica == NULL)
    return NULL;
  return pk_rights_load (pk_replica_get_reader (replica),
                         pk_command_context_get_actor (context),
                         today);
}

/**
 * pk_plan_new:
 *
 * Returns: (transfer full): an empty plan
 */
PkPlan *
pk_plan_new (PkCommandContext *context)
{
  PkPlan *self = g_new0 (PkPlan, 1);

  self->rules.actor = *pk_command_context_get_actor (context);
  self->rules.now_us = pk_command_context_now_us (context);
  self->rights = load_rights (context);
  self->mutations = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
  self->inverse = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
  self->uploads = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_pending_upload_free);
  self->records =
      g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, (GDestroyNotify) pk_record_unref);
  return self;
}

/**
 * pk_plan_free:
 *
 * Frees it.
 */
void
pk_plan_free (PkPlan *self)
{
  g_ptr_array_unref (self->mutations);
  g_ptr_array_unref (self->inverse);
  g_ptr_array_unref (self->uploads);
  g_hash_table_unref (self->records);
  pk_rights_free (self->rights);
  g_free (self->toast);
  g_free (self);
}

/**
 * pk_plan_set_toast:
 * @toast: translated
 *
 * Says what the person reads when it is done; the first one stands.
 */
void
pk_plan_set_toast (PkPlan *self, const char *toast)
{
  if (self->toast == NULL)
    self->toast = g_strdup (toast);
}

static void
note_record (PkPlan *self, PkRecord *record)
{
  const PkId *id = pk_record_get_id (record);

  if (self->mutations->len == 0)
    self->record = *id;
  g_hash_table_replace (self->records, g_memdup2 (id, sizeof *id), pk_record_ref (record));
}

static PkRecord *
look_up (PkPlan *self, PkRecord *record)
{
  PkRecord *newer = g_hash_table_lookup (self->records, pk_record_get_id (record));

  return newer != NULL ? newer : record;
}

static void
add_inverse (PkPlan *self, PkMutation *mutation)
{
  g_ptr_array_insert (self->inverse, 0, mutation);
}

/**
 * pk_mutation_make_create:
 *
 * Returns: (transfer full): the creation of the record, with the fields that a client may set
 */
PkMutation *
pk_mutation_make_create (const PkRecord *record)
{
  const PkEntity *entity = pk_record_get_entity (record);
  PkMutation *mutation = pk_mutation_new (PK_OP_CREATE, entity, NULL, pk_record_get_id (record));

  for (guint i = 0; i < entity->n_fields; i++)
    {
      const PkValue *value = pk_record_get (record, i);
      if (entity->fields[i].set_by == PK_SET_BY_CLIENT && value->kind != PK_VALUE_NULL)
        pk_values_take (mutation->fields, i, pk_value_copy (value));
    }
  return mutation;
}

/**
 * pk_mutation_dup_intent:
 *
 * Returns: (transfer full): the same change, not yet in any outbox
 */
PkMutation *
pk_mutation_dup_intent (const PkMutation *mutation)
{
  PkMutation *copy =
      pk_mutation_new (mutation->op, mutation->entity, mutation->command, &mutation->record);

  pk_values_free (copy->fields);
  pk_values_free (copy->was);
  copy->fields = pk_values_copy (mutation->fields);
  copy->was = pk_values_copy (mutation->was);
  return copy;
}

static gboolean
refuse (GError **error, const char *pointer, const char *what)
{
  pk_problem_set (error, PK_PROBLEM_FORBIDDEN, pointer, "%s", what);
  return FALSE;
}

static gboolean
check_write (PkPlan *self, const PkEntity *entity, GError **error)
{
  return self->rights == NULL || pk_rights_may_write (self->rights, entity) ||
         refuse (error, "/entity", "This takes a role that you do not have");
}

static gboolean
check_fields (PkPlan *self, PkRecord *record, const PkMutation *mutation, GError **error)
{
  if (!check_write (self, mutation->entity, error))
    return FALSE;
  for (guint i = 0;
       self->rights != NULL && mutation->op == PK_OP_SET && i < mutation->fields->n_fields;
       i++)
    if (mutation->fields->is_set[i] && !pk_rights_may_set (self->rights, record, i))
      {
        g_autofree char *pointer = g_strconcat ("/fields/", mutation->entity->fields[i].name, NULL);
        return refuse (error, pointer, "The field is not yours to change");
      }
  return TRUE;
}

/* A command hands a task over; a change of fields must not take the record out of the person's own sight. */
static gboolean
check_kept (PkPlan *self, PkRecord *changed, const PkMutation *mutation, GError **error)
{
  return self->rights == NULL || mutation->op != PK_OP_SET ||
         pk_rights_keeps (self->rights, changed) ||
         refuse (error, "/fields", "The record would not be yours to see");
}

/**
 * pk_plan_create:
 * @record: with an id of its own
 *
 * Adds the creation of a record; taking it back deletes it.
 *
 * Errors: what the rules say
 * Returns: %TRUE if it is allowed
 */
gboolean
pk_plan_create (PkPlan *self, PkRecord *record, GError **error)
{
  g_autoptr (PkMutation) create = pk_mutation_make_create (record);

  if (!check_write (self, pk_record_get_entity (record), error))
    return FALSE;
  g_autoptr (PkRecord) made = pk_rules_create (create, &self->rules, error);
  if (made == NULL)
    return FALSE;
  note_record (self, made);
  g_ptr_array_add (self->mutations, g_steal_pointer (&create));
  add_inverse (self,
               pk_mutation_new (PK_OP_DELETE,
                                pk_record_get_entity (record),
                                NULL,
                                pk_record_get_id (record)));
  return TRUE;
}

/**
 * pk_plan_delete:
 *
 * Adds the deletion of a record; taking it back creates it as it was.
 *
 * Returns: %TRUE if it is allowed
 */
gboolean
pk_plan_delete (PkPlan *self, PkRecord *record, GError **error)
{
  if (!check_write (self, pk_record_get_entity (record), error))
    return FALSE;
  note_record (self, record);
  g_ptr_array_add (self->mutations,
                   pk_mutation_new (PK_OP_DELETE,
                                    pk_record_get_entity (record),
                                    NULL,
                                    pk_record_get_id (record)));
  add_inverse (self, pk_mutation_make_create (record));
  return TRUE;
}

static gboolean
try_change (PkPlan *self, PkRecord *record, PkMutation *mutation, GError **error)
{
  PkRecord *now = look_up (self, record);

  if (!check_fields (self, now, mutation, error))
    return FALSE;
  g_autoptr (PkRecord) changed = pk_rules_change (mutation, now, &self->rules, error);
  if (changed == NULL || !pk_codec_check_changed (changed, now, error) ||
      !check_kept (self, changed, mutation, error))
    return FALSE;
  note_record (self, changed);
  g_ptr_array_add (self->mutations, pk_mutation_ref (mutation));
  return TRUE;
}

/**
 * pk_plan_set:
 * @seen: the record as the person saw it
 * @fields: what it shall be
 *
 * Adds a change of fields, of those that differ; none is no mutation. Taking it back sets what was seen.
 *
 * Errors: what the rules say
 * Returns: %TRUE if it is allowed
 */
gboolean
pk_plan_set (PkPlan *self, PkRecord *seen, const PkValues *fields, GError **error)
{
  const PkEntity *entity = pk_record_get_entity (seen);
  const PkId *id = pk_record_get_id (seen);
  g_autoptr (PkMutation) set = pk_mutation_new (PK_OP_SET, entity, NULL, id);
  g_autoptr (PkMutation) back = pk_mutation_new (PK_OP_SET, entity, NULL, id);

  for (guint i = 0; i < fields->n_fields; i++)
    {
      const PkValue *before = pk_record_get (seen, i);
      if (!fields->is_set[i] || pk_value_equal (before, &fields->values[i]))
        continue;
      pk_values_take (set->fields, i, pk_value_copy (&fields->values[i]));
      pk_values_take (set->was, i, pk_value_copy (before));
      pk_values_take (back->fields, i, pk_value_copy (before));
      pk_values_take (back->was, i, pk_value_copy (&fields->values[i]));
    }
  if (pk_values_count (set->fields) == 0)
    return TRUE;
  if (!try_change (self, seen, set, error))
    return FALSE;
  add_inverse (self, g_steal_pointer (&back));
  return TRUE;
}

/**
 * pk_plan_command:
 * @arguments: (nullable): of the command
 *
 * Adds a named command. How it is taken back is the caller's to say, by pk_plan_undo_by().
 *
 * Errors: what the rules say
 * Returns: %TRUE if it is allowed
 */
gboolean
pk_plan_command (PkPlan *self,
                 PkRecord *record,
                 const PkCommandSpec *spec,
                 const PkValues *arguments,
                 GError **error)
{
  g_autoptr (PkMutation) mutation = pk_mutation_new (PK_OP_COMMAND,
                                                     pk_record_get_entity (record),
                                                     spec,
                                                     pk_record_get_id (record));

  if (arguments != NULL)
    {
      pk_values_free (mutation->fields);
      mutation->fields = pk_values_copy (arguments);
    }
  return try_change (self, record, mutation, error);
}

/**
 * pk_plan_undo_by:
 * @mutation: (transfer full)
 *
 * Adds a step to what takes the plan back, before the steps that are there: tell the last one first.
 */
void
pk_plan_undo_by (PkPlan *self, PkMutation *mutation)
{
  add_inverse (self, mutation);
}

/**
 * pk_plan_upload:
 * @sha256: of content that lies in the cache
 * @document: the record that points to it
 *
 * Adds a content to be uploaded.
 */
void
pk_plan_upload (PkPlan *self, const char *sha256, gint64 size_bytes, PkRecord *document)
{
  PkPendingUpload *upload = g_new0 (PkPendingUpload, 1);

  upload->sha256 = g_strdup (sha256);
  upload->size_bytes = size_bytes;
  upload->document = *pk_record_get_id (document);
  upload->media_type = g_strdup (pk_record_get_text (document, PK_DOCUMENT_MEDIA_TYPE));
  g_ptr_array_add (self->uploads, upload);
}
