/*
 * Documents of the demo municipality. Each is a real file: its content goes to the sink first, then its record, then what it
 * is linked to. Where nobody wants files, ids stay null and nothing is linked.
 */
#include "config.h"

#include "pk-demo-files.h"
#include "pk-draw.h"

#include "pk-hash.h"

static gboolean
wants_files (PkDemo *self)
{
  return (self->options->flags & PK_DEMO_WITHOUT_FILES) == 0;
}

typedef struct
{
  const char *title;
  const char *file_name;
  const char *media_type;
  PkDocumentKind kind;
  gint64 created_us;
  PkConfidentiality confidentiality;
  const PkId *created_by;
} Description;

static gboolean
give_document (PkDemo *self, const Description *what, GBytes *content, PkId *id_out, GError **error)
{
  gsize size;
  gconstpointer bytes = g_bytes_get_data (content, &size);
  g_autofree char *sha256 = pk_sha256_of_bytes (bytes, size);

  if (self->sink->take_content != NULL &&
      !self->sink->take_content (sha256, content, self->user_data, error))
    return FALSE;
  *id_out = pk_demo_next_id (self);
  PkRecord *record = pk_demo_record (self, PK_ENTITY_DOCUMENT, id_out);
  pk_record_set_text (record, PK_DOCUMENT_TITLE, what->title);
  pk_record_set_text (record, PK_DOCUMENT_FILE_NAME, what->file_name);
  pk_record_set_text (record, PK_DOCUMENT_MEDIA_TYPE, what->media_type);
  pk_record_set_int (record, PK_DOCUMENT_KIND, what->kind);
  pk_record_set_int (record, PK_DOCUMENT_SIZE_BYTES, (gint64) size);
  pk_record_set_text (record, PK_DOCUMENT_SHA256, sha256);
  pk_record_set_int (record, PK_DOCUMENT_IS_STORED, TRUE);
  pk_record_set_int (record, PK_DOCUMENT_CONFIDENTIALITY, what->confidentiality);
  pk_record_set_ref (record, PK_DOCUMENT_CREATED_BY, what->created_by);
  pk_record_set_int (record, PK_DOCUMENT_CREATED_AT, what->created_us);
  return pk_demo_give (self, record, error);
}

static gboolean
link_document (PkDemo *self,
               const PkId *document,
               const PkId *building,
               const PkId *location,
               const PkId *component,
               const char *caption,
               GError **error)
{
  PkRecord *record = pk_demo_record (self, PK_ENTITY_DOCUMENT_LINK, NULL);

  pk_record_set_ref (record, PK_DOCUMENT_LINK_DOCUMENT_ID, document);
  pk_record_set_ref (record, PK_DOCUMENT_LINK_BUILDING_ID, building);
  if (location != NULL)
    pk_record_set_ref (record, PK_DOCUMENT_LINK_LOCATION_ID, location);
  if (component != NULL)
    pk_record_set_ref (record, PK_DOCUMENT_LINK_COMPONENT_ID, component);
  pk_record_set_text (record, PK_DOCUMENT_LINK_CAPTION, caption);
  return pk_demo_give (self, record, error);
}

/* A name that every file system takes: lower case, blanks and marks as hyphens, letters kept. */
static char *
name_file (const char *text, const char *end)
{
  g_autofree char *lower = g_utf8_strdown (text, -1);
  GString *out = g_string_new (NULL);

  for (const char *at = lower; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      if (g_unichar_isalnum (c))
        g_string_append_unichar (out, c);
      else if (out->len > 0 && out->str[out->len - 1] != '-')
        g_string_append_c (out, '-');
    }
  g_string_append (out, end);
  return g_string_free (out, FALSE);
}

static gint64
pick_past_time (PkDemo *self, guint max_days)
{
  return pk_demo_time (self,
                       -1 - (int) pk_demo_random (self, max_days),
                       7 * 60 + (int) pk_demo_random (self, 420));
}

/**
 * pk_demo_draw_picture:
 * @picture_out: (out): the document, or a null id
 *
 * Makes a building's picture.
 *
 * Returns: %TRUE unless drawing or the sink failed
 */
gboolean
pk_demo_draw_picture (PkDemo *self, PkDemoBuilding *building, PkId *picture_out, GError **error)
{
  *picture_out = (PkId){ 0 };
  if (!wants_files (self))
    return TRUE;
  PkElevation elevation = { building->use, building->n_floors, pk_demo_random (self, 1000000) };
  g_autoptr (GBytes) jpeg = pk_draw_elevation (&elevation, error);
  if (jpeg == NULL)
    return FALSE;
  g_autofree char *file_name = name_file (building->name, "-fasade.jpg");
  g_autofree char *title = g_strdup_printf ("%s, fasade", building->name);
  Description what = { .title = title,
                       .file_name = file_name,
                       .media_type = "image/jpeg",
                       .kind = PK_DOCUMENT_KIND_PHOTO,
                       .created_us = pick_past_time (self, 900),
                       .confidentiality = PK_CONFIDENTIALITY_OPEN,
                       .created_by = &building->caretaker->id };
  return give_document (self, &what, jpeg, picture_out, error);
}

/**
 * pk_demo_link_picture:
 *
 * Puts the picture among the building's photos.
 *
 * Returns: %TRUE unless the sink failed
 */
gboolean
pk_demo_link_picture (PkDemo *self, PkDemoBuilding *building, const PkId *picture, GError **error)
{
  if (pk_id_is_null (picture))
    return TRUE;
  PkRecord *record = pk_demo_record (self, PK_ENTITY_PHOTO, NULL);
  pk_record_set_ref (record, PK_PHOTO_DOCUMENT_ID, picture);
  pk_record_set_ref (record, PK_PHOTO_BUILDING_ID, &building->id);
  pk_record_set_text (record, PK_PHOTO_CAPTION, "Hovedfasaden");
  pk_record_set_int (record, PK_PHOTO_TAKEN_AT, pick_past_time (self, 900));
  return pk_demo_give (self, record, error);
}

static char *
draw_rooms (PkDemoBuilding *building, const char *floor, GPtrArray *rooms)
{
  g_autofree PkPlanRoom *plan = g_new0 (PkPlanRoom, rooms->len);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *subtitle = g_strdup_printf ("%s, %s", floor, building->address);

  for (guint i = 0; i < rooms->len; i++)
    {
      PkDemoRoom *room = rooms->pdata[i];
      g_ptr_array_add (ids, pk_id_dup_text (&room->id));
      plan[i] = (PkPlanRoom){ room->name, room->number, ids->pdata[i], room->area_m2 };
    }
  return pk_draw_plan (building->name, subtitle, plan, rooms->len);
}

/**
 * pk_demo_draw_plan:
 * @floor: its name
 * @rooms: (element-type PkDemoRoom): with their ids
 * @plan_out: (out): the document, or a null id
 *
 * Makes a floor plan.
 *
 * Returns: %TRUE unless the sink failed
 */
gboolean
pk_demo_draw_plan (PkDemo *self,
                   PkDemoBuilding *building,
                   const char *floor,
                   GPtrArray *rooms,
                   PkId *plan_out,
                   GError **error)
{
  *plan_out = (PkId){ 0 };
  if (!wants_files (self))
    return TRUE;
  char *svg = draw_rooms (building, floor, rooms);
  g_autoptr (GBytes) content = g_bytes_new_take (svg, strlen (svg));
  g_autofree char *title = g_strdup_printf ("Plantegning %s, %s", building->name, floor);
  g_autofree char *file_name = name_file (title, ".svg");
  Description what = { .title = title,
                       .file_name = file_name,
                       .media_type = "image/svg+xml",
                       .kind = PK_DOCUMENT_KIND_DRAWING,
                       .created_us = pick_past_time (self, 1200),
                       .confidentiality = PK_CONFIDENTIALITY_INTERNAL,
                       .created_by = &building->caretaker->id };
  return give_document (self, &what, content, plan_out, error);
}

/**
 * pk_demo_link_plan:
 *
 * Puts the plan among the building's documents.
 *
 * Returns: %TRUE unless the sink failed
 */
gboolean
pk_demo_link_plan (PkDemo *self,
                   PkDemoBuilding *building,
                   const PkId *floor_id,
                   const PkId *plan,
                   const char *caption,
                   GError **error)
{
  return pk_id_is_null (plan) ||
         link_document (self, plan, &building->id, floor_id, NULL, caption, error);
}

/* What is the same in every paper of its kind stands in building-types.json; blanks are filled in with the building's. */
static char *
fill_in (const char *text, PkDemoBuilding *building, PkDemoComponent *component)
{
  g_autoptr (GString) out = g_string_new (text);
  g_autofree char *area = g_strdup_printf ("%" G_GINT64_FORMAT,
                                           json_object_get_int_member (building->spec, "area"));
  g_autofree char *floors = g_strdup_printf ("%d", building->n_floors);

  g_string_replace (out, "{bygg}", building->name, 0);
  g_string_replace (out, "{adresse}", building->address, 0);
  g_string_replace (out, "{areal}", area, 0);
  g_string_replace (out, "{etasjer}", floors, 0);
  g_string_replace (out, "{vaktmester}", building->caretaker->name, 0);
  g_string_replace (out, "{telefon}", building->caretaker->phone, 0);
  g_string_replace (out, "{varme}", json_object_get_string_member (building->spec, "heating"), 0);
  g_string_replace (out, "{komponent}", component != NULL ? component->name : "", 0);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static char *
join_lines (JsonArray *lines)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (lines); i++)
    g_string_append_printf (out, "%s\n", json_array_get_string_element (lines, i));
  return g_string_free (out, FALSE);
}

static gboolean
make_paper (PkDemo *self,
            PkDemoBuilding *building,
            PkDemoComponent *component,
            JsonObject *spec,
            GError **error)
{
  g_autofree char *template = join_lines (json_object_get_array_member (spec, "text"));
  g_autofree char *text = fill_in (template, building, component);
  g_autofree char *title =
      fill_in (json_object_get_string_member (spec, "title"), building, component);
  g_autofree char *file_name = name_file (title, ".pdf");
  g_autofree char *subtitle = g_strdup_printf ("%s, %s", building->name, building->address);
  gint64 created_us = pick_past_time (self, 1200);
  PkId id;

  g_autoptr (GBytes) pdf = pk_draw_pages (title, subtitle, text, created_us, error);
  if (pdf == NULL)
    return FALSE;
  int kind = pk_enum_find (pk_entity_by_id (PK_ENTITY_DOCUMENT)->fields[PK_DOCUMENT_KIND].values,
                           json_object_get_string_member (spec, "kind"));
  Description what = { .title = title,
                       .file_name = file_name,
                       .media_type = "application/pdf",
                       .kind = kind >= 0 ? (PkDocumentKind) kind : PK_DOCUMENT_KIND_OTHER,
                       .created_us = created_us,
                       .confidentiality = PK_CONFIDENTIALITY_INTERNAL,
                       .created_by = &building->caretaker->id };
  return give_document (self, &what, pdf, &id, error) &&
         link_document (self,
                        &id,
                        &building->id,
                        component != NULL && component->room != NULL ? &component->room->id : NULL,
                        component != NULL ? &component->id : NULL,
                        json_object_get_string_member (spec, "caption"),
                        error);
}

static PkDemoComponent *
find_component (PkDemoBuilding *building, const char *part_code)
{
  for (guint i = 0; i < building->components->len; i++)
    {
      PkDemoComponent *component = building->components->pdata[i];
      if (g_str_equal (component->part_code, part_code))
        return component;
    }
  return NULL;
}

/**
 * pk_demo_make_papers:
 *
 * Makes instructions, certificates and reports for a building and its components.
 *
 * Returns: %TRUE unless drawing or the sink failed
 */
gboolean
pk_demo_make_papers (PkDemo *self, PkDemoBuilding *building, GError **error)
{
  JsonArray *papers = json_object_get_array_member (json_node_get_object (self->building_types),
                                                    "papers");

  for (guint i = 0; wants_files (self) && i < json_array_get_length (papers); i++)
    {
      JsonObject *spec = json_array_get_object_element (papers, i);
      const char *part = json_object_get_string_member_with_default (spec, "part", NULL);
      PkDemoComponent *component = part != NULL ? find_component (building, part) : NULL;
      if (part != NULL && component == NULL)
        continue;
      if (json_object_has_member (spec, "needs") &&
          !json_object_has_member (building->spec, json_object_get_string_member (spec, "needs")))
        continue;
      if (!make_paper (self, building, component, spec, error))
        return FALSE;
    }
  return TRUE;
}

static PkConfidentiality
get_confidentiality (const PkRecord *task)
{
  return (PkConfidentiality) pk_record_get_int (task,
                                                PK_TASK_CONFIDENTIALITY,
                                                PK_CONFIDENTIALITY_INTERNAL);
}

/**
 * pk_demo_make_task_photo:
 * @task: with its creator
 * @caption: what is to be seen
 *
 * Makes a photo of a task.
 *
 * Returns: %TRUE unless drawing or the sink failed
 */
gboolean
pk_demo_make_task_photo (PkDemo *self,
                         const PkRecord *task,
                         const char *caption,
                         gint64 taken_us,
                         GError **error)
{
  const PkId *building = pk_record_get_ref (task, PK_TASK_BUILDING_ID);
  const PkId *location = pk_record_get_ref (task, PK_TASK_LOCATION_ID);
  PkId id;

  if (!wants_files (self))
    return TRUE;
  g_autoptr (GBytes) jpeg = pk_draw_defect (caption, pk_demo_random (self, 1000000), error);
  if (jpeg == NULL)
    return FALSE;
  g_autofree char *file_name = g_strdup_printf ("IMG_%04u.jpg", pk_demo_random (self, 10000));
  Description what = { .title = caption,
                       .file_name = file_name,
                       .media_type = "image/jpeg",
                       .kind = PK_DOCUMENT_KIND_PHOTO,
                       .created_us = taken_us,
                       .confidentiality = get_confidentiality (task),
                       .created_by = pk_record_get_ref (task, PK_TASK_CREATED_BY) };
  if (!give_document (self, &what, jpeg, &id, error))
    return FALSE;
  PkRecord *photo = pk_demo_record (self, PK_ENTITY_PHOTO, NULL);
  pk_record_set_ref (photo, PK_PHOTO_DOCUMENT_ID, &id);
  pk_record_set_ref (photo, PK_PHOTO_TASK_ID, pk_record_get_id (task));
  if (building != NULL)
    pk_record_set_ref (photo, PK_PHOTO_BUILDING_ID, building);
  if (location != NULL)
    pk_record_set_ref (photo, PK_PHOTO_LOCATION_ID, location);
  pk_record_set_text (photo, PK_PHOTO_CAPTION, caption);
  pk_record_set_int (photo, PK_PHOTO_TAKEN_AT, taken_us);
  return pk_demo_give (self, photo, error);
}

/**
 * pk_demo_make_task_letter:
 * @task: with its creator
 * @text: the letter
 *
 * Makes a letter to the reporter of a task.
 *
 * Returns: %TRUE unless drawing or the sink failed
 */
gboolean
pk_demo_make_task_letter (PkDemo *self,
                          const PkRecord *task,
                          const char *text,
                          gint64 sent_us,
                          GError **error)
{
  const char *title = pk_record_get_text (task, PK_TASK_TITLE);
  PkId id;

  if (!wants_files (self))
    return TRUE;
  g_autoptr (GBytes) pdf = pk_draw_pages (title, "Kristiansund kommune", text, sent_us, error);
  if (pdf == NULL)
    return FALSE;
  Description what = { .title = title,
                       .file_name = "brev.pdf",
                       .media_type = "application/pdf",
                       .kind = PK_DOCUMENT_KIND_LETTER,
                       .created_us = sent_us,
                       .confidentiality = get_confidentiality (task),
                       .created_by = pk_record_get_ref (task, PK_TASK_CREATED_BY) };
  if (!give_document (self, &what, pdf, &id, error))
    return FALSE;
  PkRecord *record = pk_demo_record (self, PK_ENTITY_DOCUMENT_LINK, NULL);
  pk_record_set_ref (record, PK_DOCUMENT_LINK_DOCUMENT_ID, &id);
  pk_record_set_ref (record, PK_DOCUMENT_LINK_TASK_ID, pk_record_get_id (task));
  pk_record_set_text (record, PK_DOCUMENT_LINK_CAPTION, "Brev til innbyggeren");
  return pk_demo_give (self, record, error);
}
