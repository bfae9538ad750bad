/*
 * Photos and documents: content goes into the replica's cache on a thread of its own; the records, and the order to upload it,
 * go into one submit. And pins, which concern this device alone.
 */
#include "config.h"

#include "pk-document-commands.h"

#include "pk-glib-backports.h"
#include "pk-photo.h"
#include "pk-plan-private.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define PK_TYPE_ADD_CONTENT_COMMAND (pk_add_content_command_get_type ())
G_DECLARE_FINAL_TYPE (PkAddContentCommand,
                      pk_add_content_command,
                      PK,
                      ADD_CONTENT_COMMAND,
                      PkCommand)

struct _PkAddContentCommand
{
  PkCommand parent_instance;

  PkRecord *subject; /* (owned) (nullable): what it is added to */
  gboolean is_face;  /* the picture of the subject from now on */
  GFile *file;       /* (owned) (nullable) */
  GBytes *bytes;     /* (owned) (nullable): in place of a file */
  char *title;       /* (owned) (nullable): caption of a photo */
  PkDocumentKind kind;

  /* Written by prepare, read afterwards. */
  char *sha256;     /* (owned) (nullable) */
  char *name;       /* (owned) (nullable) */
  char *media_type; /* (owned) (nullable) */
  gint64 size_bytes;
};

G_DEFINE_FINAL_TYPE (PkAddContentCommand, pk_add_content_command, PK_TYPE_COMMAND)

static gboolean
is_photo (PkAddContentCommand *self)
{
  return self->kind == PK_DOCUMENT_KIND_PHOTO;
}

/* Content that is no local file: through a file beside the cache, which never is anything but complete. */
static gboolean
keep_bytes (PkAddContentCommand *self, const char *directory, GBytes *bytes, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "incoming-XXXXXX", NULL);
  int fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      int fault = errno;
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (fault), "%s", g_strerror (fault));
      return FALSE;
    }
  close (fd);
  gboolean is_kept =
      g_file_set_contents (path,
                           g_bytes_get_data (bytes, NULL),
                           (gssize) g_bytes_get_size (bytes),
                           error) &&
      pk_blob_cache_add_file (directory, path, &self->sha256, &self->size_bytes, error);
  g_unlink (path);
  return is_kept;
}

static GBytes *
read_content (PkAddContentCommand *self, GCancellable *cancellable, GError **error)
{
  return self->bytes ? g_bytes_ref (self->bytes)
                     : g_file_load_bytes (self->file, cancellable, NULL, error);
}

static gboolean
prepare_photo (PkAddContentCommand *self,
               const char *directory,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GBytes) image = read_content (self, cancellable, error);
  g_autoptr (GBytes) photo = image ? pk_photo_make (image, PK_PHOTO_MAX_SIDE, error) : NULL;

  if (photo == NULL || !keep_bytes (self, directory, photo, error))
    return FALSE;
  g_set_str (&self->media_type, "image/jpeg");
  return TRUE;
}

static void
guess_media_type (PkAddContentCommand *self)
{
  g_autofree char *type = g_content_type_guess (self->name, NULL, 0, NULL);
  g_autofree char *media_type = type ? g_content_type_get_mime_type (type) : NULL;

  g_set_str (&self->media_type, media_type ? media_type : "application/octet-stream");
}

static gboolean
prepare_document (PkAddContentCommand *self,
                  const char *directory,
                  GCancellable *cancellable,
                  GError **error)
{
  const char *path = g_file_peek_path (self->file);

  guess_media_type (self);
  if (path != NULL)
    return pk_blob_cache_add_file (directory, path, &self->sha256, &self->size_bytes, error);
  g_autoptr (GBytes) bytes = read_content (self, cancellable, error);
  return bytes != NULL && keep_bytes (self, directory, bytes, error);
}

static gboolean
prepare_content (PkCommand *command,
                 const char *directory,
                 GCancellable *cancellable,
                 GError **error)
{
  PkAddContentCommand *self = (PkAddContentCommand *) command;

  g_clear_pointer (&self->sha256, g_free);
  return is_photo (self) ? prepare_photo (self, directory, cancellable, error)
                         : prepare_document (self, directory, cancellable, error);
}

static PkRecord *
new_document (PkAddContentCommand *self, PkCommandContext *context)
{
  PkId id = pk_command_context_next_id (context);
  PkRecord *document = pk_record_new (pk_entity_by_id (PK_ENTITY_DOCUMENT), &id);
  const char *title = self->title && *self->title ? self->title : self->name;

  pk_record_set_text (document, PK_DOCUMENT_TITLE, title);
  pk_record_set_text (document, PK_DOCUMENT_FILE_NAME, self->name);
  pk_record_set_text (document, PK_DOCUMENT_MEDIA_TYPE, self->media_type);
  pk_record_set_int (document, PK_DOCUMENT_KIND, self->kind);
  pk_record_set_int (document, PK_DOCUMENT_SIZE_BYTES, self->size_bytes);
  pk_record_set_text (document, PK_DOCUMENT_SHA256, self->sha256);
  pk_record_set_int (document, PK_DOCUMENT_CONFIDENTIALITY, PK_CONFIDENTIALITY_INTERNAL);
  pk_record_set_int (document, PK_DOCUMENT_CREATED_AT, pk_command_context_now_us (context));
  return document;
}

/* Where in the link or photo each subject goes; -1 where it has no place. */
typedef struct
{
  int task;
  int building;
  int location;
  int component;
} Places;

static const Places photo_places = { PK_PHOTO_TASK_ID,
                                     PK_PHOTO_BUILDING_ID,
                                     PK_PHOTO_LOCATION_ID,
                                     -1 };
static const Places link_places = { PK_DOCUMENT_LINK_TASK_ID,
                                    PK_DOCUMENT_LINK_BUILDING_ID,
                                    PK_DOCUMENT_LINK_LOCATION_ID,
                                    PK_DOCUMENT_LINK_COMPONENT_ID };

static void
put (PkRecord *record, int field, const PkId *id)
{
  if (field >= 0 && id != NULL)
    pk_record_set_ref (record, (guint) field, id);
}

static void
point_to_subject (PkRecord *record, const Places *places, PkRecord *subject)
{
  const PkId *id = pk_record_get_id (subject);

  switch ((PkEntityId) pk_record_get_entity (subject)->id)
    {
    case PK_ENTITY_TASK:
      put (record, places->task, id);
      return;
    case PK_ENTITY_BUILDING:
      put (record, places->building, id);
      return;
    case PK_ENTITY_LOCATION:
      put (record, places->building, pk_record_get_ref (subject, PK_LOCATION_BUILDING_ID));
      put (record, places->location, id);
      return;
    case PK_ENTITY_COMPONENT:
      put (record, places->building, pk_record_get_ref (subject, PK_COMPONENT_BUILDING_ID));
      put (record, places->location, pk_record_get_ref (subject, PK_COMPONENT_LOCATION_ID));
      put (record, places->component, id);
      return;
    default:
      return;
    }
}

static PkRecord *
new_photo (PkAddContentCommand *self, PkCommandContext *context, const PkId *document)
{
  PkId id = pk_command_context_next_id (context);
  PkRecord *photo = pk_record_new (pk_entity_by_id (PK_ENTITY_PHOTO), &id);

  pk_record_set_ref (photo, PK_PHOTO_DOCUMENT_ID, document);
  pk_record_set_int (photo, PK_PHOTO_TAKEN_AT, pk_command_context_now_us (context));
  pk_record_set_text (photo, PK_PHOTO_CAPTION, self->title);
  point_to_subject (photo, &photo_places, self->subject);
  return photo;
}

static PkRecord *
new_link (PkAddContentCommand *self, PkCommandContext *context, const PkId *document)
{
  PkId id = pk_command_context_next_id (context);
  PkRecord *link = pk_record_new (pk_entity_by_id (PK_ENTITY_DOCUMENT_LINK), &id);

  pk_record_set_ref (link, PK_DOCUMENT_LINK_DOCUMENT_ID, document);
  point_to_subject (link, &link_places, self->subject);
  return link;
}

/* The photo is the building's face; it is among its photos as well. */
static gboolean
show_on_subject (PkAddContentCommand *self, PkPlan *plan, const PkId *document, GError **error)
{
  const PkEntity *entity = pk_record_get_entity (self->subject);
  g_autoptr (PkValues) values = pk_values_new (entity->fields, entity->n_fields);

  pk_values_take (values, PK_BUILDING_PICTURE_ID, pk_value_id (document));
  plan->record = *pk_record_get_id (self->subject);
  pk_plan_set_toast (plan, _ ("Picture changed"));
  return pk_plan_set (plan, self->subject, values, error);
}

static PkRecord *
new_pointer (PkAddContentCommand *self, PkCommandContext *context, const PkId *document)
{
  if (self->subject == NULL)
    return NULL;
  return is_photo (self) ? new_photo (self, context, document) : new_link (self, context, document);
}

static gboolean
plan_content (PkCommand *command, PkCommandContext *context, PkPlan *plan, GError **error)
{
  PkAddContentCommand *self = (PkAddContentCommand *) command;
  g_autoptr (PkRecord) document = new_document (self, context);
  const PkId *id = pk_record_get_id (document);
  g_autoptr (PkRecord) pointer = new_pointer (self, context, id);

  pk_plan_set_toast (plan, is_photo (self) ? _ ("Photo added") : _ ("Document added"));
  if (!pk_plan_create (plan, document, error) ||
      (pointer != NULL && !pk_plan_create (plan, pointer, error)) ||
      (self->is_face && !show_on_subject (self, plan, id, error)))
    return FALSE;
  pk_plan_upload (plan, self->sha256, self->size_bytes, document);
  return TRUE;
}

static void
pk_add_content_command_finalize (GObject *object)
{
  PkAddContentCommand *self = (PkAddContentCommand *) object;

  g_clear_pointer (&self->subject, pk_record_unref);
  g_clear_object (&self->file);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->title);
  g_free (self->sha256);
  g_free (self->name);
  g_free (self->media_type);
  G_OBJECT_CLASS (pk_add_content_command_parent_class)->finalize (object);
}

static void
pk_add_content_command_class_init (PkAddContentCommandClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_add_content_command_finalize;
  PK_COMMAND_CLASS (klass)->prepare = prepare_content;
  PK_COMMAND_CLASS (klass)->plan = plan_content;
}

static void
pk_add_content_command_init (G_GNUC_UNUSED PkAddContentCommand *self)
{
}

static PkAddContentCommand *
new_command (PkRecord *subject, PkDocumentKind kind, const char *title)
{
  PkAddContentCommand *self = g_object_new (PK_TYPE_ADD_CONTENT_COMMAND, NULL);

  self->subject = subject != NULL ? pk_record_ref (subject) : NULL;
  self->kind = kind;
  self->title = g_strdup (title);
  return self;
}

static char *
dup_name (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);

  return name ? g_filename_display_name (name) : g_strdup ("document");
}

/**
 * pk_add_photo_command_new:
 * @subject: (nullable): what it is of
 * @caption: (nullable)
 *
 * Returns: (transfer full): adds a photo from a file
 */
PkCommand *
pk_add_photo_command_new (PkRecord *subject, GFile *file, const char *caption)
{
  PkAddContentCommand *self = new_command (subject, PK_DOCUMENT_KIND_PHOTO, caption);

  self->file = g_object_ref (file);
  self->name = dup_name (file);
  return PK_COMMAND (self);
}

/**
 * pk_add_photo_command_new_from_bytes:
 * @bytes: a picture's file, as pasted or dropped
 * @caption: (nullable)
 *
 * Returns: (transfer full): adds a photo
 */
PkCommand *
pk_add_photo_command_new_from_bytes (PkRecord *subject, GBytes *bytes, const char *caption)
{
  PkAddContentCommand *self = new_command (subject, PK_DOCUMENT_KIND_PHOTO, caption);

  self->bytes = g_bytes_ref (bytes);
  /* Translators: the name of a photo's file that had none */
  self->name = g_strdup_printf ("%s.jpg", _ ("photo"));
  return PK_COMMAND (self);
}

/**
 * pk_set_picture_command_new:
 * @building: as the person saw it
 * @file: a picture
 *
 * Returns: (transfer full): adds a photo to the building and makes it the building's picture
 */
PkCommand *
pk_set_picture_command_new (PkRecord *building, GFile *file)
{
  PkCommand *self = pk_add_photo_command_new (building, file, NULL);

  ((PkAddContentCommand *) self)->is_face = TRUE;
  return self;
}

/**
 * pk_set_picture_command_new_from_bytes:
 * @building: as the person saw it
 * @bytes: a picture's file, as pasted or dropped
 *
 * Returns: (transfer full): adds a photo to the building and makes it the building's picture
 */
PkCommand *
pk_set_picture_command_new_from_bytes (PkRecord *building, GBytes *bytes)
{
  PkCommand *self = pk_add_photo_command_new_from_bytes (building, bytes, NULL);

  ((PkAddContentCommand *) self)->is_face = TRUE;
  return self;
}

/**
 * pk_add_document_command_new:
 * @title: (nullable): the file's name, where none is given
 *
 * Returns: (transfer full): adds a document, as it is
 */
PkCommand *
pk_add_document_command_new (PkRecord *subject, GFile *file, PkDocumentKind kind, const char *title)
{
  PkDocumentKind fitting = kind == PK_DOCUMENT_KIND_PHOTO ? PK_DOCUMENT_KIND_OTHER : kind;
  PkAddContentCommand *self = new_command (subject, fitting, title);

  self->file = g_object_ref (file);
  self->name = dup_name (file);
  return PK_COMMAND (self);
}

#define PK_TYPE_PIN_COMMAND (pk_pin_command_get_type ())
G_DECLARE_FINAL_TYPE (PkPinCommand, pk_pin_command, PK, PIN_COMMAND, PkCommand)

struct _PkPinCommand
{
  PkCommand parent_instance;

  PkRecord *subject; /* (owned) */
  gboolean is_pinned;
};

G_DEFINE_FINAL_TYPE (PkPinCommand, pk_pin_command, PK_TYPE_COMMAND)

static gboolean
plan_pin (PkCommand *command,
          G_GNUC_UNUSED PkCommandContext *context,
          PkPlan *plan,
          G_GNUC_UNUSED GError **error)
{
  PkPinCommand *self = (PkPinCommand *) command;

  plan->record = *pk_record_get_id (self->subject);
  pk_plan_set_toast (plan,
                     self->is_pinned ? _ ("Kept on this device")
                                     : _ ("No longer kept on this device"));
  return TRUE;
}

static gboolean
write_pin (PkCommand *command, PkWriter *writer, G_GNUC_UNUSED PkPlan *plan, GError **error)
{
  PkPinCommand *self = (PkPinCommand *) command;

  return pk_writer_set_pinned (writer,
                               pk_record_get_entity (self->subject),
                               pk_record_get_id (self->subject),
                               self->is_pinned,
                               error);
}

static PkCommand *
make_pin_undo (PkCommand *command)
{
  PkPinCommand *self = (PkPinCommand *) command;

  return self->is_pinned ? pk_unpin_command_new (self->subject)
                         : pk_pin_command_new (self->subject);
}

static void
pk_pin_command_finalize (GObject *object)
{
  g_clear_pointer (&((PkPinCommand *) object)->subject, pk_record_unref);
  G_OBJECT_CLASS (pk_pin_command_parent_class)->finalize (object);
}

static void
pk_pin_command_class_init (PkPinCommandClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_pin_command_finalize;
  PK_COMMAND_CLASS (klass)->plan = plan_pin;
  PK_COMMAND_CLASS (klass)->write = write_pin;
  PK_COMMAND_CLASS (klass)->make_undo = make_pin_undo;
}

static void
pk_pin_command_init (G_GNUC_UNUSED PkPinCommand *self)
{
}

/**
 * pk_pin_command_new:
 * @subject: a building, a task or a document
 *
 * Returns: (transfer full): keeps its contents on this device
 */
PkCommand *
pk_pin_command_new (PkRecord *subject)
{
  PkPinCommand *self = g_object_new (PK_TYPE_PIN_COMMAND, NULL);

  self->subject = pk_record_ref (subject);
  self->is_pinned = TRUE;
  return PK_COMMAND (self);
}

/**
 * pk_unpin_command_new:
 *
 * Returns: (transfer full): lets its contents go when room is needed
 */
PkCommand *
pk_unpin_command_new (PkRecord *subject)
{
  PkPinCommand *self = g_object_new (PK_TYPE_PIN_COMMAND, NULL);

  self->subject = pk_record_ref (subject);
  return PK_COMMAND (self);
}
