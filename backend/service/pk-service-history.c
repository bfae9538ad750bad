/*
 * The history: one row for each field that changed, with the value before and after; one for a record that came or went; and
 * where two people changed the same, whose value gave way and what it was. Fields that follow from others are not told.
 */
#include "config.h"

#include "pk-codec.h"
#include "pk-service-scopes.h"
#include "pk-service-write-private.h"
#include "pk-store-log.h"
#include "pk-store-meta.h"
#include "pk-store-records.h"

/* One record's rows: they are seen where the record is, so the scopes are worked out once. */
typedef struct
{
  PkWrite *write;
  const PkRecord *record;
  const PkWriteNote *note;
  GArray *scopes; /* (owned) (nullable) */
} Telling;

static const PkId *
find_followed (const PkRecord *record, guint entity_id)
{
  const PkEntity *entity = pk_record_get_entity (record);
  const char *name = pk_entity_by_id (entity_id)->name;

  if (entity->id == entity_id)
    return pk_record_get_id (record);
  for (guint i = 0; i < entity->n_scopes; i++)
    if (entity->scopes[i].kind == PK_SCOPE_FOLLOW && g_str_equal (entity->scopes[i].target, name))
      return pk_record_get_ref (record,
                                (guint) pk_entity_find_field (entity, entity->scopes[i].field));
  return NULL;
}

static PkRecord *
make_row (const Telling *self, int kind)
{
  PkId id = pk_id_source_next (self->write->service->ids);
  PkRecord *row = pk_record_new (pk_entity_by_id (PK_ENTITY_HISTORY), &id);

  pk_record_set_text (row, PK_HISTORY_ENTITY, pk_record_get_entity (self->record)->name);
  pk_record_set_ref (row, PK_HISTORY_RECORD_ID, pk_record_get_id (self->record));
  pk_record_set_ref (row, PK_HISTORY_TASK_ID, find_followed (self->record, PK_ENTITY_TASK));
  pk_record_set_ref (row, PK_HISTORY_BUILDING_ID, find_followed (self->record, PK_ENTITY_BUILDING));
  pk_record_set_int (row, PK_HISTORY_KIND, kind);
  pk_record_set_int (row, PK_HISTORY_AT, self->write->now_us);
  if (self->write->has_actor)
    pk_record_set_ref (row, PK_HISTORY_ACTOR_ID, &self->write->actor);
  if (self->note != NULL)
    pk_record_set_ref (row, PK_HISTORY_MUTATION_ID, self->note->mutation);
  return row;
}

static gboolean
put_row (Telling *self, PkRecord *row, GError **error)
{
  PkStore *store = self->write->store;

  pk_record_set_seq (row, pk_store_next_seq (store));
  if (self->scopes == NULL)
    self->scopes = pk_scopes_of_record (self->write->service, row, error);
  return self->scopes != NULL && pk_store_add_later (store, row, self->scopes, error);
}

static void
take_text (PkRecord *row, guint column, const PkField *field, const PkValue *value)
{
  g_autofree char *text = pk_codec_value_to_text (field, value);

  pk_record_set_text (row, column, text);
}

static gboolean
tell_field (Telling *self,
            const PkRecord *before,
            guint field,
            const PkWriteNote *conflict,
            GError **error)
{
  const PkField *spec = &pk_record_get_entity (self->record)->fields[field];
  int kind = conflict     ? PK_HISTORY_KIND_MERGED
             : self->note ? self->note->kind
                          : PK_HISTORY_KIND_CHANGED;
  g_autoptr (PkRecord) row = make_row (self, kind);

  pk_record_set_text (row, PK_HISTORY_FIELD, spec->name);
  take_text (row, PK_HISTORY_OLD_VALUE, spec, pk_record_get (before, field));
  take_text (row, PK_HISTORY_NEW_VALUE, spec, pk_record_get (self->record, field));
  if (conflict != NULL)
    {
      pk_record_set_ref (row, PK_HISTORY_OTHER_ID, conflict->other);
      take_text (row, PK_HISTORY_OTHER_VALUE, spec, conflict->gave_way);
    }
  return put_row (self, row, error);
}

static const PkWriteNote *
find_conflict (const PkWriteNote *notes, guint n_notes, guint field)
{
  for (guint i = 0; i < n_notes; i++)
    if (notes[i].gave_way != NULL && notes[i].field == field)
      return &notes[i];
  return NULL;
}

static gboolean
is_told (const PkField *field)
{
  return field->set_by == PK_SET_BY_CLIENT || field->set_by == PK_SET_BY_ACTOR;
}

/* That a message was written is seen by the message. */
static gboolean
is_told_when_new (const PkEntity *entity)
{
  for (guint i = 0; i < entity->n_scopes; i++)
    if (entity->scopes[i].kind == PK_SCOPE_FOLLOW)
      return FALSE;
  return TRUE;
}

static gboolean
tell_new (Telling *self, GError **error)
{
  if (!is_told_when_new (pk_record_get_entity (self->record)))
    return TRUE;
  g_autoptr (PkRecord)
      row = make_row (self, self->note ? self->note->kind : PK_HISTORY_KIND_CREATED);
  return put_row (self, row, error);
}

static gboolean
tell_fields (Telling *self,
             const PkRecord *before,
             const PkWriteNote *notes,
             guint n_notes,
             GError **error)
{
  const PkEntity *entity = pk_record_get_entity (self->record);

  for (guint i = 0; i < entity->n_fields; i++)
    {
      const PkWriteNote *conflict = find_conflict (notes, n_notes, i);
      gboolean is_same = pk_value_equal (pk_record_get (self->record, i),
                                         pk_record_get (before, i));
      if ((is_same && conflict == NULL) || !is_told (&entity->fields[i]))
        continue;
      if (!tell_field (self, before, i, conflict, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * pk_write_tell_change:
 * @before: (nullable): NULL where the record is new
 *
 * Writes what the history should say about a record that was put.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_write_tell_change (PkWrite *self,
                      const PkRecord *record,
                      const PkRecord *before,
                      const PkWriteNote *notes,
                      guint n_notes,
                      GError **error)
{
  Telling telling = { self, record, n_notes > 0 ? &notes[0] : NULL, NULL };
  gboolean is_told_now;

  if (before == NULL)
    is_told_now = tell_new (&telling, error);
  else
    is_told_now = tell_fields (&telling, before, notes, n_notes, error);
  g_clear_pointer (&telling.scopes, g_array_unref);
  return is_told_now;
}

/**
 * pk_write_tell_delete:
 * @note: (nullable)
 *
 * Writes that a record is going; before it goes, so that those who saw it see that too, if they see what it followed.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_write_tell_delete (PkWrite *self,
                      const PkRecord *record,
                      const PkWriteNote *note,
                      GError **error)
{
  const PkEntity *entity = pk_record_get_entity (record);
  Telling telling = { self, record, note, NULL };
  g_autoptr (PkRecord) row = make_row (&telling, PK_HISTORY_KIND_DELETED);

  take_text (row,
             PK_HISTORY_OLD_VALUE,
             &entity->fields[entity->title],
             pk_record_get (record, entity->title));
  gboolean is_told_now = put_row (&telling, row, error);
  g_clear_pointer (&telling.scopes, g_array_unref);
  return is_told_now;
}
