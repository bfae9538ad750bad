/* All that pages read, over one replica. Names of people, units and places are kept until one of them changes. Main thread. */
#include "config.h"

#include "pk-library.h"

#include "pk-replica.h"
#include "pk-rights.h"
#include "pk-time.h"

struct _PkLibrary
{
  GObject parent_instance;
  PkReplica *replica; /* (owned) */
  GHashTable *names;  /* (owned): PkId → text */
  char *today;        /* (owned): when the day was looked at last */
  PkRights *rights;   /* (owned) (nullable): once asked about, until something changes */
};

G_DEFINE_FINAL_TYPE (PkLibrary, pk_library, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  SIGNAL_CONTENT_WANTED,
  SIGNAL_DAY_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What rights are worked out from. */
static const guint64 rights_go_by = PK_LIBRARY_BIT (PK_ENTITY_MEMBERSHIP) |
                                    PK_LIBRARY_BIT (PK_ENTITY_PERSON) |
                                    PK_LIBRARY_BIT (PK_ENTITY_UNIT);

static guint64
list_entities (const PkChangeSet *changes)
{
  if (pk_change_set_is_everything (changes))
    return PK_LIBRARY_EVERYTHING;

  guint64 entities = pk_change_set_has_outbox (changes) ? PK_LIBRARY_OUTBOX : 0;
  for (guint i = 0; i < pk_model.n_entities; i++)
    if (pk_change_set_has_entity (changes, &pk_model.entities[i]))
      entities |= PK_LIBRARY_BIT (pk_model.entities[i].id);
  return entities;
}

static void
replica_changed_cb (PkLibrary *self, PkChangeSet *changes)
{
  guint64 entities = list_entities (changes);

  if (entities & ~(PK_LIBRARY_OUTBOX | PK_LIBRARY_BIT (PK_ENTITY_TASK)))
    g_hash_table_remove_all (self->names);
  if (entities & rights_go_by)
    g_clear_pointer (&self->rights, pk_rights_free);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, entities);
}

static void
pk_library_finalize (GObject *object)
{
  PkLibrary *self = PK_LIBRARY (object);

  g_clear_pointer (&self->rights, pk_rights_free);
  g_free (self->today);
  g_clear_object (&self->replica);
  g_clear_pointer (&self->names, g_hash_table_unref);
  G_OBJECT_CLASS (pk_library_parent_class)->finalize (object);
}

static void
pk_library_class_init (PkLibraryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_library_finalize;

  /**
   * PkLibrary::changed:
   * @entities: bits of what may be another than before
   *
   * After commits; several of them come as one.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed",
                                          G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST,
                                          0,
                                          NULL,
                                          NULL,
                                          NULL,
                                          G_TYPE_NONE,
                                          1,
                                          G_TYPE_UINT64);
  signals[SIGNAL_DAY_CHANGED] = g_signal_new ("day-changed",
                                              G_TYPE_FROM_CLASS (klass),
                                              G_SIGNAL_RUN_LAST,
                                              0,
                                              NULL,
                                              NULL,
                                              NULL,
                                              G_TYPE_NONE,
                                              0);
  signals[SIGNAL_CONTENT_WANTED] = g_signal_new ("content-wanted",
                                                 G_TYPE_FROM_CLASS (klass),
                                                 G_SIGNAL_RUN_LAST,
                                                 0,
                                                 NULL,
                                                 NULL,
                                                 NULL,
                                                 G_TYPE_NONE,
                                                 2,
                                                 G_TYPE_STRING,
                                                 G_TYPE_INT64);
}

static void
pk_library_init (PkLibrary *self)
{
  self->names = g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, g_free);
}

/**
 * pk_library_new:
 * @replica: what it reads
 *
 * Returns: (transfer full): the library of @replica
 */
PkLibrary *
pk_library_new (PkReplica *replica)
{
  PkLibrary *self = g_object_new (PK_TYPE_LIBRARY, NULL);

  self->replica = g_object_ref (replica);
  self->today = pk_library_dup_today (self);
  g_signal_connect_object (replica,
                           "changed",
                           G_CALLBACK (replica_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * pk_library_get_replica:
 * @self: a library
 *
 * Only for models, and for app/desktop, which reads as they do.
 *
 * Returns: (transfer none): what it reads
 */
PkReplica *
pk_library_get_replica (PkLibrary *self)
{
  return self->replica;
}

/**
 * pk_library_get_clock:
 * @self: a library
 *
 * Returns: (transfer none): the clock that relative dates go by
 */
PkClock *
pk_library_get_clock (PkLibrary *self)
{
  return pk_replica_get_clock (self->replica);
}

/**
 * pk_library_get_person:
 * @self: a library
 *
 * Returns: (transfer none): who is signed in
 */
const PkId *
pk_library_get_person (PkLibrary *self)
{
  return pk_replica_get_person (self->replica);
}

/**
 * pk_library_check_day:
 * @self: a library
 *
 * Looks at the clock: for after midnight, after the machine has slept, and when the clock was set. Tells where it is another day.
 */
void
pk_library_check_day (PkLibrary *self)
{
  g_autofree char *today = pk_library_dup_today (self);

  if (g_str_equal (today, self->today))
    return;
  g_free (self->today);
  self->today = g_steal_pointer (&today);
  g_signal_emit (self, signals[SIGNAL_DAY_CHANGED], 0);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, PK_LIBRARY_EVERYTHING);
}

/**
 * pk_library_dup_today:
 * @self: a library
 *
 * Returns: (transfer full): the day it is here, "2026-11-23"
 */
char *
pk_library_dup_today (PkLibrary *self)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  return pk_date_from_time (pk_clock_now_us (pk_library_get_clock (self)), zone);
}

/**
 * pk_library_find:
 * @self: a library
 * @entity: a PkEntityId
 * @id: of the record
 *
 * Returns: (transfer full) (nullable): the record with the person's unsent work on top; %NULL where it is not there
 */
PkRecord *
pk_library_find (PkLibrary *self, guint entity, const PkId *id)
{
  g_autoptr (GError) error = NULL;
  PkRecord *record =
      pk_reader_find (pk_replica_get_reader (self->replica), pk_entity_by_id (entity), id, &error);

  if (error != NULL)
    g_warning ("Reading a record: %s", error->message);
  return record;
}

/**
 * pk_library_get_name:
 * @self: a library
 * @entity: a PkEntityId
 * @id: (nullable): of the record
 *
 * Returns: (transfer none) (nullable): what the record is called; valid until something changes
 */
const char *
pk_library_get_name (PkLibrary *self, guint entity, const PkId *id)
{
  if (id == NULL || pk_id_is_null (id))
    return NULL;
  char *name = g_hash_table_lookup (self->names, id);
  if (name != NULL)
    return name;
  name = pk_reader_dup_name (pk_replica_get_reader (self->replica), pk_entity_by_id (entity), id);
  if (name != NULL)
    g_hash_table_insert (self->names, g_memdup2 (id, sizeof *id), name);
  return name;
}

/**
 * pk_library_may_set:
 * @self: a library
 * @record: as it is
 * @field: place of a field
 *
 * Returns: whether the person may change the field, as far as this device knows; what is offered goes by it
 */
gboolean
pk_library_may_set (PkLibrary *self, const PkRecord *record, guint field)
{
  g_autofree char *today = pk_library_dup_today (self);

  if (self->rights != NULL && !g_str_equal (pk_rights_get_day (self->rights), today))
    g_clear_pointer (&self->rights, pk_rights_free);
  if (self->rights == NULL)
    self->rights =
        pk_rights_load (pk_replica_get_reader (self->replica), pk_library_get_person (self), today);
  return pk_rights_may_set (self->rights, record, field);
}

/**
 * pk_library_want_content:
 * @self: a library
 * @sha256: the content's name
 * @size: in bytes
 *
 * Says that somebody looks at a document whose content is not on this device. It comes when there is a network; the document's
 * page follows by itself.
 */
void
pk_library_want_content (PkLibrary *self, const char *sha256, gint64 size)
{
  g_signal_emit (self, signals[SIGNAL_CONTENT_WANTED], 0, sha256, size);
}
