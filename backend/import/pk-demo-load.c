/*
 * The demo municipality into an empty store. Runs on the writer. At its ordinary size it is one transaction, so that a crash
 * leaves either all of it or nothing; only the large ones of the benchmarks take several.
 */
#include "config.h"

#include "pk-demo-load.h"

#include "pk-model-tables.h"
#include "pk-problem.h"
#include "pk-service-import.h"

#define RECORDS_PER_TRANSACTION 50000

typedef struct
{
  PkService *service;
  GPtrArray *waiting; /* (owned): PkRecord */
  PkDemoLoaded loaded;
} Loader;

static gboolean
write_waiting (Loader *self, GError **error)
{
  if (self->waiting->len == 0)
    return TRUE;
  if (!pk_service_import_records (self->service,
                                  self->waiting,
                                  NULL,
                                  pk_service_now_us (self->service),
                                  PK_IMPORT_KEEP_SERVER_FIELDS,
                                  error))
    return FALSE;
  self->loaded.n_records += self->waiting->len;
  g_ptr_array_set_size (self->waiting, 0);
  return TRUE;
}

static gboolean
record_made_cb (PkRecord *record, gpointer user_data, GError **error)
{
  Loader *self = user_data;

  (void) error;
  g_ptr_array_add (self->waiting, pk_record_ref (record));
  return TRUE;
}

static gboolean
content_made_cb (const char *sha256, GBytes *content, gpointer user_data, GError **error)
{
  Loader *self = user_data;
  g_autofree char *stored = NULL;

  if (!pk_service_store_content (self->service, content, &stored, error))
    return FALSE;
  g_assert (g_str_equal (stored, sha256));
  self->loaded.n_contents++;
  return TRUE;
}

static gboolean
group_ended_cb (gpointer user_data, GError **error)
{
  Loader *self = user_data;

  return self->waiting->len < RECORDS_PER_TRANSACTION || write_waiting (self, error);
}

static gboolean
note_person_cb (PkRecord *record, gpointer data)
{
  gboolean *is_empty = data;

  (void) record;
  *is_empty = FALSE;
  return FALSE;
}

/**
 * pk_demo_store_is_empty:
 * @is_empty_out: (out): whether there is nobody in the store
 *
 * Returns: %TRUE if the store could be read
 */
gboolean
pk_demo_store_is_empty (PkService *service, gboolean *is_empty_out, GError **error)
{
  *is_empty_out = TRUE;
  return pk_service_visit (service, PK_ENTITY_PERSON, note_person_cb, is_empty_out, error);
}

/**
 * pk_demo_load:
 * @service: the writer's
 * @options: seed, day and sizes
 * @loaded_out: (out) (optional): how much it was
 *
 * Fills an empty store with the demo municipality.
 *
 * Errors: %PK_PROBLEM_EXISTS if the store holds people already; %PK_DEMO_ERROR; those of the store
 * Returns: %TRUE if all of it is stored
 */
gboolean
pk_demo_load (PkService *service,
              const PkDemoOptions *options,
              PkDemoLoaded *loaded_out,
              GError **error)
{
  static const PkDemoSink sink = { record_made_cb, content_made_cb, group_ended_cb };
  g_autoptr (GPtrArray) waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  Loader self = { .service = service, .waiting = waiting };
  gint64 started_us = g_get_monotonic_time ();
  gboolean is_empty = FALSE;

  if (!pk_demo_store_is_empty (service, &is_empty, error))
    return FALSE;
  if (!is_empty)
    {
      pk_problem_set (error, PK_PROBLEM_EXISTS, "", "The store holds people already");
      return FALSE;
    }
  if (!pk_demo_generate (options, &sink, &self, error) || !write_waiting (&self, error))
    return FALSE;
  self.loaded.duration_us = g_get_monotonic_time () - started_us;
  if (loaded_out != NULL)
    *loaded_out = self.loaded;
  return TRUE;
}
