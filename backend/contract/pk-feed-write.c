/* The lines of a pull as the server writes them, and the request as the client writes it. */
#include "config.h"

#include "pk-feed.h"

/**
 * pk_pull_request_new:
 *
 * Returns: (transfer full): a request that holds no scope
 */
PkPullRequest *
pk_pull_request_new (void)
{
  PkPullRequest *self = g_new0 (PkPullRequest, 1);

  self->model = PK_MODEL_VERSION;
  self->scopes = g_ptr_array_new ();
  return self;
}

static void
free_cursor (gpointer data)
{
  PkScopeCursor *self = data;

  g_free (self->name);
  g_free (self);
}

/**
 * pk_pull_request_free:
 *
 * Frees the request.
 */
void
pk_pull_request_free (PkPullRequest *self)
{
  if (self == NULL)
    return;
  g_ptr_array_set_free_func (self->scopes, free_cursor);
  g_ptr_array_unref (self->scopes);
  g_clear_pointer (&self->ranges, g_array_unref);
  g_clear_pointer (&self->unsure, g_array_unref);
  g_free (self->repair);
  g_free (self->version);
  g_free (self);
}

/**
 * pk_pull_request_add:
 * @cursor: 0 where nothing of the scope is held
 *
 * Adds a scope that the client holds. Each scope once.
 */
void
pk_pull_request_add (PkPullRequest *self, const char *scope, gint64 cursor)
{
  PkScopeCursor *item = g_new (PkScopeCursor, 1);

  *item = (PkScopeCursor){ g_strdup (scope), cursor };
  g_ptr_array_add (self->scopes, item);
}

static void
append_repair (GString *out, const PkPullRequest *self)
{
  if (self->repair == NULL || self->ranges == NULL)
    return;
  g_string_append (out, ",\"repair\":{\"scope\":");
  pk_json_append_text (out, self->repair);
  g_string_append (out, ",\"ranges\":");
  pk_id_range_append_list (out, self->ranges);
  g_string_append_c (out, '}');
}

static void
append_unsure (GString *out, const PkPullRequest *self)
{
  for (guint i = 0; self->unsure != NULL && i < self->unsure->len; i++)
    {
      g_string_append (out, i == 0 ? ",\"unsure\":[" : ",");
      pk_json_append_id (out, &g_array_index (self->unsure, PkId, i));
    }
  if (self->unsure != NULL && self->unsure->len > 0)
    g_string_append_c (out, ']');
}

static void
append_report (GString *out, const PkPullRequest *self)
{
  if (self->version == NULL)
    return;
  g_string_append (out, ",\"report\":{\"version\":");
  pk_json_append_text (out, self->version);
  g_string_append_printf (out,
                          ",\"unsent\":%" G_GINT64_FORMAT ",\"repairs\":%" G_GINT64_FORMAT,
                          self->n_unsent,
                          self->n_repairs);
  if (self->oldest_unsent_us > 0)
    {
      g_string_append (out, ",\"oldest\":");
      pk_json_append_time (out, self->oldest_unsent_us);
    }
  g_string_append_c (out, '}');
}

/**
 * pk_pull_request_append_json:
 *
 * Appends the body of POST /api/sync/pull.
 */
void
pk_pull_request_append_json (GString *out, const PkPullRequest *self)
{
  g_string_append (out, "{\"device\":");
  pk_json_append_id (out, &self->device);
  g_string_append (out, ",\"epoch\":");
  pk_json_append_id (out, &self->epoch);
  g_string_append_printf (out,
                          ",\"grants\":%" G_GINT64_FORMAT
                          ",\"model\":%u,\"judged\":%" G_GINT64_FORMAT ",\"scopes\":{",
                          self->grants,
                          self->model,
                          self->judged);
  for (guint i = 0; i < self->scopes->len; i++)
    {
      const PkScopeCursor *item = self->scopes->pdata[i];
      if (i > 0)
        g_string_append_c (out, ',');
      pk_json_append_text (out, item->name);
      g_string_append_printf (out, ":%" G_GINT64_FORMAT, item->cursor);
    }
  g_string_append_c (out, '}');
  append_unsure (out, self);
  append_repair (out, self);
  append_report (out, self);
  g_string_append_c (out, '}');
}

static void
append_fingerprint (GString *out, const PkFingerprint *fingerprint)
{
  char text[PK_FINGERPRINT_TEXT_LENGTH + 1];

  g_string_append_c (out, '"');
  g_string_append (out, pk_fingerprint_to_text (fingerprint, text));
  g_string_append_c (out, '"');
}

static void
append_scope (GString *out, const PkFeedScope *scope)
{
  g_string_append (out, "{\"name\":");
  pk_json_append_text (out, scope->name);
  g_string_append_printf (out,
                          ",\"horizon\":%" G_GINT64_FORMAT ",\"count\":%" G_GINT64_FORMAT
                          ",\"fingerprint\":",
                          scope->horizon,
                          scope->count);
  append_fingerprint (out, &scope->fingerprint);
  if (scope->snapshot != NULL)
    g_string_append_printf (out,
                            ",\"snapshot\":{\"sha256\":\"%s\",\"size\":%" G_GINT64_FORMAT
                            ",\"seq\":%" G_GINT64_FORMAT ",\"rows\":%" G_GINT64_FORMAT "}",
                            scope->snapshot,
                            scope->snapshot_size,
                            scope->snapshot_seq,
                            scope->snapshot_rows);
  g_string_append_c (out, '}');
}

/**
 * pk_feed_append_begin:
 * @seq: the state that the answer leads to
 * @scopes: all that are granted; their places are their numbers in the lines that follow
 *
 * Appends a line with its end.
 */
void
pk_feed_append_begin (GString *out,
                      gint64 seq,
                      const PkId *epoch,
                      gint64 time_us,
                      gint64 grants,
                      const PkFeedScope *scopes,
                      guint n_scopes)
{
  g_string_append_printf (out, "{\"begin\":{\"seq\":%" G_GINT64_FORMAT ",\"epoch\":", seq);
  pk_json_append_id (out, epoch);
  g_string_append (out, ",\"time\":");
  pk_json_append_time (out, time_us);
  g_string_append_printf (out,
                          ",\"model\":%u,\"grants\":%" G_GINT64_FORMAT ",\"scopes\":[",
                          (guint) PK_MODEL_VERSION,
                          grants);
  for (guint i = 0; i < n_scopes; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_scope (out, &scopes[i]);
    }
  g_string_append (out, "]}}\n");
}

/**
 * pk_feed_append_drop:
 * @scopes: names, NULL-terminated
 *
 * Appends a line with its end.
 */
void
pk_feed_append_drop (GString *out, const char *const *scopes)
{
  g_string_append (out, "{\"drop\":[");
  for (guint i = 0; scopes[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      pk_json_append_text (out, scopes[i]);
    }
  g_string_append (out, "]}\n");
}

/**
 * pk_feed_append_rows_start:
 *
 * Begins a line with rows of @entity; [func@feed_append_row] and [func@feed_append_rows_end] follow.
 */
void
pk_feed_append_rows_start (GString *out, const PkEntity *entity)
{
  g_string_append_printf (out, "{\"rows\":\"%s\",\"fields\":[", entity->name);
  for (guint i = 0; i < entity->n_fields; i++)
    g_string_append_printf (out, "%s\"%s\"", i > 0 ? "," : "", entity->fields[i].name);
  g_string_append (out, "],\"data\":[");
}

/**
 * pk_feed_append_row:
 * @scopes: numbers of the granted scopes that hold the record
 *
 * Appends one row to a line that was begun.
 */
void
pk_feed_append_row (GString *out, const PkRecord *record, const guint *scopes, guint n_scopes)
{
  const PkEntity *entity = pk_record_get_entity (record);

  g_string_append (out, out->str[out->len - 1] == '[' ? "[" : ",[");
  pk_json_append_id (out, pk_record_get_id (record));
  g_string_append_printf (out, ",%" G_GINT64_FORMAT ",[", pk_record_get_seq (record));
  for (guint i = 0; i < n_scopes; i++)
    g_string_append_printf (out, "%s%u", i > 0 ? "," : "", scopes[i]);
  g_string_append_c (out, ']');
  for (guint i = 0; i < entity->n_fields; i++)
    {
      g_string_append_c (out, ',');
      pk_codec_append_value (out, &entity->fields[i], pk_record_get (record, i));
    }
  g_string_append_c (out, ']');
}

/**
 * pk_feed_append_rows_end:
 *
 * Ends a line with rows.
 */
void
pk_feed_append_rows_end (GString *out)
{
  g_string_append (out, "]}\n");
}

/**
 * pk_feed_append_gone:
 * @scope: its number in the begin line
 * @ids: records that are in it no more
 *
 * Appends a line with its end.
 */
void
pk_feed_append_gone (GString *out,
                     const PkEntity *entity,
                     guint scope,
                     const PkId *ids,
                     guint n_ids)
{
  g_string_append_printf (out, "{\"gone\":\"%s\",\"scope\":%u,\"ids\":[", entity->name, scope);
  for (guint i = 0; i < n_ids; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      pk_json_append_id (out, &ids[i]);
    }
  g_string_append (out, "]}\n");
}

/**
 * pk_feed_append_verdicts:
 * @verdicts: (element-type PkVerdict): the server's words that are part of the state
 *
 * Appends a line with its end.
 */
void
pk_feed_append_verdicts (GString *out, GPtrArray *verdicts)
{
  g_string_append (out, "{\"verdicts\":[");
  for (guint i = 0; i < verdicts->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      pk_verdict_append_json (out, verdicts->pdata[i]);
    }
  g_string_append (out, "]}\n");
}

/**
 * pk_feed_append_ranges:
 * @scope: its number in the begin line
 * @parts: (element-type PkIdRangeSum): what is in parts of the ranges that were asked for
 * @whole: (element-type PkIdRange): ranges whose rows are all in this answer
 *
 * Appends a line with its end.
 */
void
pk_feed_append_ranges (GString *out, guint scope, GArray *parts, GArray *whole)
{
  g_string_append_printf (out, "{\"ranges\":%u,\"parts\":", scope);
  pk_id_range_append_sums (out, parts);
  g_string_append (out, ",\"whole\":");
  pk_id_range_append_list (out, whole);
  g_string_append (out, "}\n");
}

/**
 * pk_feed_append_policy:
 * @lease_days: for so long a replica may be read without contact; 0: for ever
 *
 * Appends a line with its end.
 */
void
pk_feed_append_policy (GString *out, gint64 lease_days)
{
  g_string_append_printf (out, "{\"policy\":{\"lease_days\":%" G_GINT64_FORMAT "}}\n", lease_days);
}

/**
 * pk_feed_append_commit:
 * @checks: count and fingerprint of scopes at @seq
 *
 * Appends a line with its end.
 */
void
pk_feed_append_commit (GString *out, gint64 seq, const PkFeedCheck *checks, guint n_checks)
{
  g_string_append_printf (out, "{\"commit\":{\"seq\":%" G_GINT64_FORMAT ",\"scopes\":[", seq);
  for (guint i = 0; i < n_checks; i++)
    {
      g_string_append_printf (out,
                              "%s[%u,%" G_GINT64_FORMAT ",",
                              i > 0 ? "," : "",
                              checks[i].scope,
                              checks[i].count);
      append_fingerprint (out, &checks[i].fingerprint);
      g_string_append_c (out, ']');
    }
  g_string_append (out, "]}}\n");
}
