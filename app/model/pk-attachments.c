/* Photos and documents of a record, and where their content is. Bounded reads on the main thread. */
#include "config.h"

#include "pk-attachments.h"

#include "pk-replica.h"

#include <glib/gi18n.h>

/* So many of a record's photos, and as many of its documents, are shown on its page. */
#define MOST 200

static PkContentState
state_of (PkBlobState blob, gboolean is_stored)
{
  switch (blob)
    {
    case PK_BLOB_HERE:
      return PK_CONTENT_HERE;
    case PK_BLOB_HERE_NOT_UPLOADED:
      return PK_CONTENT_NOT_UPLOADED;
    case PK_BLOB_ARRIVING:
      return PK_CONTENT_ARRIVING;
    case PK_BLOB_NONE:
    default:
      return is_stored ? PK_CONTENT_MISSING : PK_CONTENT_NOT_ARRIVED;
    }
}

static PkRecordItem *
make_item (PkLibrary *library, PkRecord *document, PkRecord *link)
{
  PkReader *reader = pk_replica_get_reader (pk_library_get_replica (library));
  const char *sha256 = pk_record_get_text (document, PK_DOCUMENT_SHA256);
  gboolean is_stored = pk_record_get_int (document, PK_DOCUMENT_IS_STORED, FALSE) != 0;
  gboolean is_waiting = pk_reader_is_pending (reader,
                                              pk_entity_by_id (PK_ENTITY_DOCUMENT),
                                              pk_record_get_id (document));
  g_autofree char *path = NULL;
  PkBlobState blob = sha256 != NULL ? pk_reader_get_blob (reader, sha256, &path) : PK_BLOB_NONE;
  PkContentState state = state_of (blob, is_stored);
  gboolean is_here = state == PK_CONTENT_HERE || state == PK_CONTENT_NOT_UPLOADED;
  PkRecordItem *item = pk_record_item_new (document, link, is_waiting);

  pk_record_item_set_content (item, state, is_here ? path : NULL);
  return item;
}

/* What is looked at is fetched: an opened document, a building's picture, the photos of a task. */
static void
want_missing (PkLibrary *library, PkRecordItem *item, PkRecord *document)
{
  if (pk_record_item_get_content (item) == PK_CONTENT_MISSING)
    pk_library_want_content (library,
                             pk_record_get_text (document, PK_DOCUMENT_SHA256),
                             pk_record_get_int (document, PK_DOCUMENT_SIZE_BYTES, 0));
}

static void
add_item (PkLibrary *library, GPtrArray *items, PkRecord *document, PkRecord *link)
{
  PkRecordItem *item = make_item (library, document, link);

  if (pk_record_get_entity (link)->id == PK_ENTITY_PHOTO)
    want_missing (library, item, document);
  g_ptr_array_add (items, item);
}

/* Photos and links alike: children of the record by @parent_field, with the document that @document_field names. */
static void
read_through (PkLibrary *library,
              GPtrArray *items,
              guint link_entity,
              guint parent_field,
              guint document_field,
              const PkId *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray)
      links = pk_reader_list_children (pk_replica_get_reader (pk_library_get_replica (library)),
                                       pk_entity_by_id (link_entity),
                                       parent_field,
                                       id,
                                       PK_LIST_FORWARD,
                                       MOST,
                                       &error);

  if (links == NULL)
    {
      g_warning ("Reading photos and documents: %s", error->message);
      return;
    }
  for (guint i = 0; i < links->len; i++)
    {
      PkRecord *link = g_ptr_array_index (links, i);
      const PkId *document_id = pk_record_get_ref (link, document_field);
      g_autoptr (PkRecord) document =
          document_id != NULL ? pk_library_find (library, PK_ENTITY_DOCUMENT, document_id) : NULL;
      if (document != NULL)
        add_item (library, items, document, link);
    }
}

/**
 * pk_attachments_read:
 * @library: where to read
 * @entity: PK_ENTITY_TASK, _BUILDING, _LOCATION or _COMPONENT
 * @id: the record
 *
 * Reads the photos, then the documents of a record.
 *
 * Returns: (transfer full) (element-type PkRecordItem): items of documents
 */
GPtrArray *
pk_attachments_read (PkLibrary *library, guint entity, const PkId *id)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  static const struct
  {
    guint entity;
    int photo_field;
    guint link_field;
  } ways[] = {
    { PK_ENTITY_TASK, PK_PHOTO_TASK_ID, PK_DOCUMENT_LINK_TASK_ID },
    { PK_ENTITY_BUILDING, PK_PHOTO_BUILDING_ID, PK_DOCUMENT_LINK_BUILDING_ID },
    { PK_ENTITY_LOCATION, -1, PK_DOCUMENT_LINK_LOCATION_ID },
    { PK_ENTITY_COMPONENT, -1, PK_DOCUMENT_LINK_COMPONENT_ID },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      if (ways[i].entity != entity)
        continue;
      if (ways[i].photo_field >= 0)
        read_through (library,
                      items,
                      PK_ENTITY_PHOTO,
                      (guint) ways[i].photo_field,
                      PK_PHOTO_DOCUMENT_ID,
                      id);
      read_through (library,
                    items,
                    PK_ENTITY_DOCUMENT_LINK,
                    ways[i].link_field,
                    PK_DOCUMENT_LINK_DOCUMENT_ID,
                    id);
    }
  return items;
}

/**
 * pk_attachments_read_document:
 * @library: where to read
 * @document: a document's id
 *
 * Reads a document that somebody looks at; where its content is not here, it is wanted.
 *
 * Returns: (transfer full) (nullable): the document with its content's state; %NULL where it is not there
 */
PkRecordItem *
pk_attachments_read_document (PkLibrary *library, const PkId *document)
{
  g_autoptr (PkRecord) record = pk_library_find (library, PK_ENTITY_DOCUMENT, document);

  if (record == NULL)
    return NULL;
  PkRecordItem *item = make_item (library, record, NULL);
  want_missing (library, item, record);
  return item;
}

/**
 * pk_attachment_is_pinned:
 * @library: where to read
 * @entity: a PkEntityId
 * @id: a document, building or task
 *
 * Returns: whether its documents are kept on this device
 */
gboolean
pk_attachment_is_pinned (PkLibrary *library, guint entity, const PkId *id)
{
  return pk_reader_is_pinned (pk_replica_get_reader (pk_library_get_replica (library)),
                              pk_entity_by_id (entity),
                              id);
}

/**
 * pk_attachment_get_title:
 * @item: an item of a document
 *
 * Returns: (transfer none): what people call it: its caption here, else its title
 */
const char *
pk_attachment_get_title (PkRecordItem *item)
{
  PkRecord *link = pk_record_item_get_link (item);
  const PkEntity *entity = link != NULL ? pk_record_get_entity (link) : NULL;
  const char *caption = entity != NULL ? pk_record_get_text (link, entity->title) : NULL;

  if (caption != NULL && *caption != '\0')
    return caption;
  const char *title = pk_record_get_text (pk_record_item_get_record (item), PK_DOCUMENT_TITLE);
  return title != NULL ? title : "";
}

/**
 * pk_content_words:
 * @state: where a document's content is
 *
 * Returns: (transfer none) (nullable): what to say about it; %NULL where there is nothing to say
 */
const char *
pk_content_words (PkContentState state)
{
  switch (state)
    {
    case PK_CONTENT_NOT_UPLOADED:
      return _ ("Not uploaded yet");
    case PK_CONTENT_MISSING:
      return _ ("Not on this device");
    case PK_CONTENT_NOT_ARRIVED:
      return _ ("Not sent yet by who added it");
    case PK_CONTENT_ARRIVING:
      return _ ("Arriving");
    case PK_CONTENT_HERE:
    default:
      return NULL;
    }
}

/**
 * pk_attachment_dup_content:
 * @item: an item of a document
 *
 * Says how large the content is and where.
 *
 * Returns: (transfer full): the words
 */
char *
pk_attachment_dup_content (PkRecordItem *item)
{
  PkRecord *document = pk_record_item_get_record (item);
  const char *words = pk_content_words (pk_record_item_get_content (item));
  g_autofree char *size =
      g_format_size ((guint64) MAX (0, pk_record_get_int (document, PK_DOCUMENT_SIZE_BYTES, 0)));

  return g_strjoin (" · ", size, words, NULL);
}

/**
 * pk_attachment_dup_detail:
 * @item: an item of a document
 *
 * Says in a line what the document is: its kind, its size and where its content is.
 *
 * Returns: (transfer full): the line
 */
char *
pk_attachment_dup_detail (PkRecordItem *item)
{
  PkRecord *document = pk_record_item_get_record (item);
  const PkField *kind = &pk_entity_by_id (PK_ENTITY_DOCUMENT)->fields[PK_DOCUMENT_KIND];
  gint64 place = pk_record_get_int (document, PK_DOCUMENT_KIND, -1);
  g_autofree char *content = pk_attachment_dup_content (item);
  const char *label = place >= 0 && place < kind->values->n_values
                          ? _ (kind->values->values[place].label)
                          : NULL;

  return g_strjoin (" · ", label != NULL ? label : _ ("Document"), content, NULL);
}

/**
 * pk_attachment_is_picture:
 * @item: an item of a document
 *
 * Returns: whether it is a picture or a drawing that can be shown as one
 */
gboolean
pk_attachment_is_picture (PkRecordItem *item)
{
  const char *type = pk_record_get_text (pk_record_item_get_record (item), PK_DOCUMENT_MEDIA_TYPE);

  return type != NULL && g_str_has_prefix (type, "image/");
}

/**
 * pk_attachment_is_pdf:
 * @item: an item of a document
 *
 * Returns: whether it is a PDF
 */
gboolean
pk_attachment_is_pdf (PkRecordItem *item)
{
  const char *type = pk_record_get_text (pk_record_item_get_record (item), PK_DOCUMENT_MEDIA_TYPE);

  return g_strcmp0 (type, "application/pdf") == 0;
}
