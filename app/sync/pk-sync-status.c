/* See the header. */
#include "config.h"

#include "pk-sync-status-private.h"

struct _PkSyncStatus
{
  GObject parent_instance;

  PkSyncPicture picture;
  gboolean is_keyring_locked;
  gint64 offline_since;
  gint64 last_contact;
  char *detail; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (PkSyncStatus, pk_sync_status, G_TYPE_OBJECT)

enum
{
  PROP_STATE = 1,
  PROP_N_WAITING,
  PROP_N_ATTENTION,
  PROP_N_UPLOADS,
  PROP_N_DOWNLOADS,
  PROP_IS_FIRST,
  PROP_IS_KEYRING_LOCKED,
  PROP_DONE,
  PROP_TOTAL,
  PROP_ROWS,
  PROP_OFFLINE_SINCE,
  PROP_LAST_CONTACT,
  PROP_DETAIL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
pk_sync_status_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PkSyncStatus *self = PK_SYNC_STATUS (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_int (value, (int) self->picture.state);
      return;
    case PROP_N_WAITING:
      g_value_set_uint (value, self->picture.n_waiting);
      return;
    case PROP_N_ATTENTION:
      g_value_set_uint (value, self->picture.n_attention);
      return;
    case PROP_N_UPLOADS:
      g_value_set_uint (value, self->picture.n_uploads);
      return;
    case PROP_N_DOWNLOADS:
      g_value_set_uint (value, self->picture.n_downloads);
      return;
    case PROP_IS_FIRST:
      g_value_set_boolean (value, self->picture.is_first);
      return;
    case PROP_IS_KEYRING_LOCKED:
      g_value_set_boolean (value, self->is_keyring_locked);
      return;
    case PROP_DONE:
      g_value_set_int64 (value, self->picture.done);
      return;
    case PROP_TOTAL:
      g_value_set_int64 (value, self->picture.total);
      return;
    case PROP_ROWS:
      g_value_set_int64 (value, self->picture.rows);
      return;
    case PROP_OFFLINE_SINCE:
      g_value_set_int64 (value, self->offline_since);
      return;
    case PROP_LAST_CONTACT:
      g_value_set_int64 (value, self->last_contact);
      return;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      return;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pk_sync_status_finalize (GObject *object)
{
  g_free (PK_SYNC_STATUS (object)->detail);
  G_OBJECT_CLASS (pk_sync_status_parent_class)->finalize (object);
}

static GParamSpec *
new_count (const char *name)
{
  return g_param_spec_uint (name,
                            NULL,
                            NULL,
                            0,
                            G_MAXUINT,
                            0,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static GParamSpec *
new_claim (const char *name)
{
  return g_param_spec_boolean (name, NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static GParamSpec *
new_number (const char *name)
{
  return g_param_spec_int64 (name,
                             NULL,
                             NULL,
                             -1,
                             G_MAXINT64,
                             0,
                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
pk_sync_status_class_init (PkSyncStatusClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pk_sync_status_get_property;
  object_class->finalize = pk_sync_status_finalize;
  properties[PROP_STATE] = g_param_spec_int ("state",
                                             NULL,
                                             NULL,
                                             0,
                                             PK_SYNC_STATE_REVOKED,
                                             0,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_N_WAITING] = new_count ("n-waiting");
  properties[PROP_N_ATTENTION] = new_count ("n-attention");
  properties[PROP_N_UPLOADS] = new_count ("n-uploads");
  properties[PROP_N_DOWNLOADS] = new_count ("n-downloads");
  properties[PROP_IS_FIRST] = new_claim ("is-first");
  properties[PROP_IS_KEYRING_LOCKED] = new_claim ("is-keyring-locked");
  properties[PROP_DONE] = new_number ("done");
  properties[PROP_TOTAL] = new_number ("total");
  properties[PROP_ROWS] = new_number ("rows");
  properties[PROP_OFFLINE_SINCE] = new_number ("offline-since");
  properties[PROP_LAST_CONTACT] = new_number ("last-contact");
  properties[PROP_DETAIL] =
      g_param_spec_string ("detail", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pk_sync_status_init (G_GNUC_UNUSED PkSyncStatus *self)
{
}

/* Times of the machine are of a clock that never goes back; people want to know by their own. */
static gint64
to_wall (gint64 time_us, gint64 wall_minus_machine_us)
{
  return time_us < 0 ? -1 : time_us + wall_minus_machine_us;
}

/**
 * pk_sync_status_new:
 * @wall_minus_machine_us: what is added to the machine's times
 * @detail: (nullable): for the log
 *
 * Returns: (transfer full): the status
 */
PkSyncStatus *
pk_sync_status_new (const PkSyncPicture *picture,
                    gint64 wall_minus_machine_us,
                    gboolean is_keyring_locked,
                    const char *detail)
{
  PkSyncStatus *self = g_object_new (PK_TYPE_SYNC_STATUS, NULL);

  self->picture = *picture;
  self->is_keyring_locked = is_keyring_locked;
  self->offline_since = to_wall (picture->offline_since_us, wall_minus_machine_us);
  self->last_contact = to_wall (picture->last_contact_us, wall_minus_machine_us);
  self->detail = g_strdup (detail);
  return self;
}

/**
 * pk_sync_status_get_state:
 *
 * Returns: the state
 */
PkSyncState
pk_sync_status_get_state (PkSyncStatus *self)
{
  return self->picture.state;
}

/**
 * pk_sync_status_get_n_waiting:
 *
 * Returns: how many mutations are not yet judged
 */
guint
pk_sync_status_get_n_waiting (PkSyncStatus *self)
{
  return self->picture.n_waiting;
}

/**
 * pk_sync_status_get_n_attention:
 *
 * Returns: how many the person must decide about
 */
guint
pk_sync_status_get_n_attention (PkSyncStatus *self)
{
  return self->picture.n_attention;
}

/**
 * pk_sync_status_get_n_uploads:
 *
 * Returns: how many contents are to be sent
 */
guint
pk_sync_status_get_n_uploads (PkSyncStatus *self)
{
  return self->picture.n_uploads;
}

/**
 * pk_sync_status_get_n_downloads:
 *
 * Returns: how many contents are to be fetched
 */
guint
pk_sync_status_get_n_downloads (PkSyncStatus *self)
{
  return self->picture.n_downloads;
}

/**
 * pk_sync_status_get_is_first:
 *
 * Returns: whether the first sync is not complete
 */
gboolean
pk_sync_status_get_is_first (PkSyncStatus *self)
{
  return self->picture.is_first;
}

/**
 * pk_sync_status_get_is_keyring_locked:
 *
 * Returns: whether the keyring is locked or missing
 */
gboolean
pk_sync_status_get_is_keyring_locked (PkSyncStatus *self)
{
  return self->is_keyring_locked;
}

/**
 * pk_sync_status_get_done:
 *
 * Returns: bytes of what is being fetched, so far
 */
gint64
pk_sync_status_get_done (PkSyncStatus *self)
{
  return self->picture.done;
}

/**
 * pk_sync_status_get_total:
 *
 * Returns: of how many; 0: unknown
 */
gint64
pk_sync_status_get_total (PkSyncStatus *self)
{
  return self->picture.total;
}

/**
 * pk_sync_status_get_rows:
 *
 * Returns: rows in all that is being fetched; 0 where that is not known
 */
gint64
pk_sync_status_get_rows (PkSyncStatus *self)
{
  return self->picture.rows;
}

/**
 * pk_sync_status_get_offline_since:
 *
 * Returns: µs UTC; -1: not offline
 */
gint64
pk_sync_status_get_offline_since (PkSyncStatus *self)
{
  return self->offline_since;
}

/**
 * pk_sync_status_get_last_contact:
 *
 * Returns: µs UTC; -1: never
 */
gint64
pk_sync_status_get_last_contact (PkSyncStatus *self)
{
  return self->last_contact;
}

/**
 * pk_sync_status_get_detail:
 *
 * Returns: (nullable): English, for the log
 */
const char *
pk_sync_status_get_detail (PkSyncStatus *self)
{
  return self->detail;
}
