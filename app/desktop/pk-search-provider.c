/*
 * The desktop's search, answered. A result is named as in a link ("task/01936f3e-…"), so nothing needs to be remembered between two
 * questions. Searching runs on the reader's worker, as in the window; what a result looks like is read on the main thread, a record each.
 */
#include "config.h"

#include "pk-search-provider.h"

#include "pk-link.h"
#include "pk-model.h"
#include "pk-replica.h"
#include "pk-state-icons.h"
#include "pk-text.h"
#include "pk-value-words.h"
#include "pk-words.h"

#define HITS_OF_A_KIND 5
#define MOST_METAS     64
#define SEARCHED       (PK_SEARCH_EVERYTHING & ~PK_SEARCH_ARTICLES) /* what has a page to open */

struct _PkSearchProvider
{
  GObject parent_instance;
  PkLibrary *library;          /* (owned) (nullable): while somebody is signed in who may read */
  GDBusConnection *connection; /* (owned) (nullable) */
  guint registration;
};

G_DEFINE_FINAL_TYPE (PkSearchProvider, pk_search_provider, G_TYPE_OBJECT)

enum
{
  SIGNAL_ASKED,
  SIGNAL_CHOSEN,
  SIGNAL_LAUNCHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char face[] =
    "<node><interface name='org.gnome.Shell.SearchProvider2'>"
    "<method name='GetInitialResultSet'>"
    "<arg type='as' direction='in'/><arg type='as' direction='out'/></method>"
    "<method name='GetSubsearchResultSet'>"
    "<arg type='as' direction='in'/><arg type='as' direction='in'/>"
    "<arg type='as' direction='out'/></method>"
    "<method name='GetResultMetas'>"
    "<arg type='as' direction='in'/><arg type='aa{sv}' direction='out'/></method>"
    "<method name='ActivateResult'>"
    "<arg type='s' direction='in'/><arg type='as' direction='in'/>"
    "<arg type='u' direction='in'/></method>"
    "<method name='LaunchSearch'>"
    "<arg type='as' direction='in'/><arg type='u' direction='in'/></method>"
    "</interface></node>";

static void
answer_nothing (GDBusMethodInvocation *invocation)
{
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(as)", NULL));
}

/* On the reader's worker. */
static gpointer
run_search (PkReader *reader, gpointer data, GError **error)
{
  return pk_reader_search (reader, data, SEARCHED, HITS_OF_A_KIND, error);
}

static void
searched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = pk_replica_job_finish (PK_REPLICA (object), result, &error);
  GVariantBuilder names;

  if (found == NULL)
    {
      g_message ("Searching for the desktop: %s", error->message);
      answer_nothing (invocation);
      return;
    }
  g_variant_builder_init (&names, G_VARIANT_TYPE ("as"));
  for (guint i = 0; i < found->len; i++)
    {
      const PkSearchHit *hit = found->pdata[i];
      g_autofree char *name = pk_link_make_name (hit->entity->id, &hit->id);
      g_variant_builder_add (&names, "s", name);
    }
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(as)", &names));
}

static void
search (PkSearchProvider *self, GVariant *words, GDBusMethodInvocation *invocation)
{
  g_autofree const char **terms = g_variant_get_strv (words, NULL);
  g_autofree char *text = g_strjoinv (" ", (char **) terms);

  if (self->library == NULL || g_strstrip (text)[0] == '\0')
    {
      answer_nothing (invocation);
      return;
    }
  PkReplicaJob job = { PK_PRIORITY_INTERACTIVE,
                       g_steal_pointer (&text),
                       g_free,
                       (GDestroyNotify) g_ptr_array_unref };
  pk_replica_read_async (pk_library_get_replica (self->library),
                         run_search,
                         &job,
                         NULL,
                         searched_cb,
                         invocation);
}

/* Of the icons that every desktop has: ours are known to our own window only. */
static const char *
get_icon_name (const PkRecord *record)
{
  static const char *const statuses[] = {
    [PK_TASK_STATUS_NEW] = "checkbox-symbolic",
    [PK_TASK_STATUS_ACCEPTED] = "checkbox-symbolic",
    [PK_TASK_STATUS_IN_PROGRESS] = "media-playback-start-symbolic",
    [PK_TASK_STATUS_WAITING] = "media-playback-pause-symbolic",
    [PK_TASK_STATUS_DONE] = "checkbox-checked-symbolic",
    [PK_TASK_STATUS_CANCELLED] = "window-close-symbolic",
  };

  switch ((PkEntityId) pk_record_get_entity (record)->id)
    {
    case PK_ENTITY_TASK:
      return statuses[pk_record_get_int (record, PK_TASK_STATUS, PK_TASK_STATUS_NEW)];
    case PK_ENTITY_BUILDING:
      return "go-home-symbolic";
    case PK_ENTITY_PERSON:
      return "avatar-default-symbolic";
    case PK_ENTITY_COMPONENT:
      return "applications-engineering-symbolic";
    case PK_ENTITY_LOCATION:
      return "mark-location-symbolic";
    case PK_ENTITY_DOCUMENT:
    default:
      return "x-office-document-symbolic";
    }
}

static void
join_name (PkSearchProvider *self, GString *text, const PkRecord *record, guint field)
{
  const PkField *spec = &pk_record_get_entity (record)->fields[field];
  const PkId *id = pk_record_get_ref (record, field);

  if (id != NULL)
    pk_text_join (text, pk_library_get_name (self->library, pk_entity_by_name (spec->ref)->id, id));
}

static void
describe_task (PkSearchProvider *self, GString *text, const PkRecord *task)
{
  const char *due = pk_record_get_text (task, PK_TASK_DUE_ON);
  g_autofree char *today = pk_library_dup_today (self->library);
  g_autofree char *deadline = due != NULL && pk_record_get_int (task, PK_TASK_IS_OPEN, FALSE)
                                  ? pk_words_deadline (due, today)
                                  : NULL;

  pk_text_join (text, pk_field_enum_words (task, PK_TASK_STATUS));
  pk_text_join (text, deadline);
  join_name (self, text, task, PK_TASK_BUILDING_ID);
}

static char *
describe (PkSearchProvider *self, const PkRecord *record)
{
  g_autoptr (GString) text = g_string_new (NULL);

  switch ((PkEntityId) pk_record_get_entity (record)->id)
    {
    case PK_ENTITY_TASK:
      describe_task (self, text, record);
      break;
    case PK_ENTITY_BUILDING:
      pk_text_join (text, pk_field_enum_words (record, PK_BUILDING_USE));
      pk_text_join (text, pk_record_get_text (record, PK_BUILDING_ADDRESS));
      break;
    case PK_ENTITY_PERSON:
      pk_text_join (text, pk_record_get_text (record, PK_PERSON_TITLE));
      join_name (self, text, record, PK_PERSON_UNIT_ID);
      break;
    case PK_ENTITY_COMPONENT:
      pk_text_join (text, pk_state_word_of_entity (PK_ENTITY_COMPONENT));
      join_name (self, text, record, PK_COMPONENT_BUILDING_ID);
      break;
    case PK_ENTITY_DOCUMENT:
      pk_text_join (text, pk_field_enum_words (record, PK_DOCUMENT_KIND));
      pk_text_join (text, pk_record_get_text (record, PK_DOCUMENT_FILE_NAME));
      break;
    default:
      break;
    }
  return g_strdup (text->str);
}

/* A result that is gone meanwhile is left out. */
static void
add_meta (PkSearchProvider *self, GVariantBuilder *metas, const char *name)
{
  GVariantBuilder meta;
  PkLink link;

  if (!pk_link_parse_name (name, &link, NULL))
    return;
  g_autoptr (PkRecord) record = pk_library_find (self->library, link.entity, &link.id);
  if (record == NULL)
    return;
  const char *title = pk_record_get_text (record, pk_record_get_entity (record)->title);
  g_autofree char *detail = describe (self, record);
  g_autofree char *text = pk_link_make (link.entity, &link.id);
  g_autoptr (GIcon) icon = g_themed_icon_new (get_icon_name (record));
  g_autoptr (GVariant) shape = g_icon_serialize (icon);
  g_variant_builder_init (&meta, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&meta, "{sv}", "id", g_variant_new_string (name));
  g_variant_builder_add (&meta, "{sv}", "name", g_variant_new_string (title == NULL ? "" : title));
  g_variant_builder_add (&meta, "{sv}", "description", g_variant_new_string (detail));
  g_variant_builder_add (&meta, "{sv}", "icon", shape);
  g_variant_builder_add (&meta, "{sv}", "clipboardText", g_variant_new_string (text));
  g_variant_builder_add (metas, "a{sv}", &meta);
}

static void
answer_metas (PkSearchProvider *self, GVariant *parameters, GDBusMethodInvocation *invocation)
{
  g_autofree const char **names = NULL;
  GVariantBuilder metas;

  g_variant_get (parameters, "(^a&s)", &names);
  g_variant_builder_init (&metas, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; self->library != NULL && names[i] != NULL && i < MOST_METAS; i++)
    add_meta (self, &metas, names[i]);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(aa{sv})", &metas));
}

static void
choose (PkSearchProvider *self, GVariant *parameters)
{
  const char *name;

  g_variant_get_child (parameters, 0, "&s", &name);
  g_autofree char *link = g_strconcat (PK_LINK_SCHEME ":", name, NULL);
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, link);
}

static void
launch (PkSearchProvider *self, GVariant *parameters)
{
  g_autoptr (GVariant) words = g_variant_get_child_value (parameters, 0);
  g_autofree const char **terms = g_variant_get_strv (words, NULL);
  g_autofree char *text = g_strjoinv (" ", (char **) terms);

  g_signal_emit (self, signals[SIGNAL_LAUNCHED], 0, text);
}

static void
method_called_cb (GDBusConnection *connection G_GNUC_UNUSED,
                  const char *sender G_GNUC_UNUSED,
                  const char *path G_GNUC_UNUSED,
                  const char *interface G_GNUC_UNUSED,
                  const char *method,
                  GVariant *parameters,
                  GDBusMethodInvocation *invocation,
                  gpointer user_data)
{
  PkSearchProvider *self = user_data;

  g_signal_emit (self, signals[SIGNAL_ASKED], 0);
  if (g_str_equal (method, "GetResultMetas"))
    {
      answer_metas (self, parameters, invocation);
      return;
    }
  if (g_str_has_suffix (method, "ResultSet"))
    {
      /* The words are the last argument, whether there were results before or not. */
      g_autoptr (GVariant)
          words = g_variant_get_child_value (parameters, g_variant_n_children (parameters) - 1);
      search (self, words, invocation);
      return;
    }
  if (g_str_equal (method, "ActivateResult"))
    choose (self, parameters);
  else
    launch (self, parameters);
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
pk_search_provider_dispose (GObject *object)
{
  PkSearchProvider *self = PK_SEARCH_PROVIDER (object);

  pk_search_provider_unexport (self);
  g_clear_object (&self->library);
  G_OBJECT_CLASS (pk_search_provider_parent_class)->dispose (object);
}

static guint
new_signal (const char *name, guint n_texts)
{
  return g_signal_new (name,
                       PK_TYPE_SEARCH_PROVIDER,
                       G_SIGNAL_RUN_LAST,
                       0,
                       NULL,
                       NULL,
                       NULL,
                       G_TYPE_NONE,
                       n_texts,
                       G_TYPE_STRING);
}

static void
pk_search_provider_class_init (PkSearchProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_search_provider_dispose;
  signals[SIGNAL_ASKED] = new_signal ("asked", 0);
  signals[SIGNAL_CHOSEN] = new_signal ("chosen", 1);
  signals[SIGNAL_LAUNCHED] = new_signal ("launched", 1);
}

static void
pk_search_provider_init (PkSearchProvider *self G_GNUC_UNUSED)
{
}

/**
 * pk_search_provider_new:
 *
 * Returns: (transfer full): a search provider that finds nothing yet
 */
PkSearchProvider *
pk_search_provider_new (void)
{
  return g_object_new (PK_TYPE_SEARCH_PROVIDER, NULL);
}

/**
 * pk_search_provider_set_library:
 * @self: a search provider
 * @library: (nullable): what it searches from now on
 *
 * Gives it what to search, or takes it away.
 */
void
pk_search_provider_set_library (PkSearchProvider *self, PkLibrary *library)
{
  g_set_object (&self->library, library);
}

/**
 * pk_search_provider_export:
 * @self: a search provider
 * @connection: to the session bus
 * @path: where it stands on it
 *
 * Errors: those of g_dbus_connection_register_object()
 * Returns: %TRUE if it is there
 */
gboolean
pk_search_provider_export (PkSearchProvider *self,
                           GDBusConnection *connection,
                           const char *path,
                           GError **error)
{
  static const GDBusInterfaceVTable table = { .method_call = method_called_cb };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (face, error);

  if (node == NULL)
    return FALSE;
  self->registration = g_dbus_connection_register_object (connection,
                                                          path,
                                                          node->interfaces[0],
                                                          &table,
                                                          self,
                                                          NULL,
                                                          error);
  if (self->registration == 0)
    return FALSE;
  self->connection = g_object_ref (connection);
  return TRUE;
}

/**
 * pk_search_provider_unexport:
 * @self: a search provider
 *
 * Takes it off the bus.
 */
void
pk_search_provider_unexport (PkSearchProvider *self)
{
  if (self->registration != 0)
    g_dbus_connection_unregister_object (self->connection, self->registration);
  self->registration = 0;
  g_clear_object (&self->connection);
}
