/*
 * The door for contents: the same as backend/http/pk-uploads.c and pk-upload-patch.c say and do, with the same functions of the service. A
 * piece that was cut on its way counts as far as it came.
 */
#include "config.h"

#include "pk-sim-contents.h"

#include "pk-hash.h"
#include "pk-problem.h"
#include "pk-service-uploads.h"
#include "pk-sim-oracle.h"

static PkSimAnswer *
tell_offset (const PkUpload *upload, guint status)
{
  PkSimAnswer *answer = pk_sim_answer_new (status);

  answer->upload = upload->id;
  answer->offset = upload->offset;
  return answer;
}

/**
 * pk_sim_door_begin_upload:
 *
 * Returns: (transfer full): as pk_uploads_create()
 */
PkSimAnswer *
pk_sim_door_begin_upload (PkSimServer *self, const PkSimRequest *request, const PkId *person)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkUpload) upload =
      pk_service_begin_upload (self->service, person, request->sha256, request->size, &error);

  return upload != NULL ? tell_offset (upload, 201) : pk_sim_door_fail (error, NULL, NULL);
}

static PkSimAnswer *
refuse_offset (const PkUpload *upload)
{
  g_autoptr (GError) error = NULL;

  pk_problem_set (&error,
                  PK_PROBLEM_OFFSET,
                  NULL,
                  "The upload continues at %" G_GINT64_FORMAT,
                  upload->offset);
  PkSimAnswer *answer = pk_sim_door_fail (error, NULL, NULL);
  answer->offset = upload->offset;
  return answer;
}

static gboolean
fail_file (GError **error)
{
  pk_problem_set (error, PK_PROBLEM_NO_SPACE, NULL, "The piece cannot be kept");
  return FALSE;
}

static gboolean
write_piece (PkSimServer *self, const PkUpload *upload, const GString *body, GError **error)
{
  g_autofree char *path = pk_service_dup_upload_path (self->service, upload);
  PkSimFile *file = pk_sim_disk_lookup (self->disk, path);

  return (file != NULL && pk_sim_file_truncate (file, upload->offset) &&
          pk_sim_file_write (file, upload->offset, body->str, body->len) &&
          pk_sim_file_sync (file)) ||
         fail_file (error);
}

static gboolean
verify (PkSimServer *self, const PkUpload *upload, gboolean *is_verified, GError **error)
{
  g_autofree char *path = pk_service_dup_upload_path (self->service, upload);
  g_autofree char *sha256 = pk_sha256_of_file (path, NULL, error);

  *is_verified = g_strcmp0 (sha256, upload->sha256) == 0;
  return sha256 != NULL;
}

static gboolean
keep_piece (PkSimServer *self, PkUpload *upload, const GString *body, GError **error)
{
  gint64 offset = upload->offset + (gint64) body->len;
  gboolean is_verified = FALSE;

  return write_piece (self, upload, body, error) &&
         (offset < upload->size || verify (self, upload, &is_verified, error)) &&
         pk_service_keep_upload (self->service, upload, offset, is_verified, error);
}

/**
 * pk_sim_door_take_piece:
 *
 * Returns: (transfer full): as pk_uploads_open() and pk_uploads_patch()
 */
PkSimAnswer *
pk_sim_door_take_piece (PkSimServer *self, const PkSimRequest *request, const PkId *person)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkUpload)
      upload = pk_service_find_upload (self->service, person, &request->upload, &error);

  if (upload == NULL)
    return pk_sim_door_fail (error, NULL, NULL);
  if (upload->offset != request->offset)
    return refuse_offset (upload);
  if (upload->offset + (gint64) request->body->len > upload->size)
    {
      pk_problem_set (&error, PK_PROBLEM_TOO_LARGE, NULL, "More bytes came than there are");
      return pk_sim_door_fail (error, NULL, NULL);
    }
  if (!keep_piece (self, upload, request->body, &error))
    return pk_sim_door_fail (error, NULL, NULL);
  return tell_offset (upload, 204);
}

/**
 * pk_sim_door_send_content:
 *
 * Returns: (transfer full): as pk_content_get()
 */
PkSimAnswer *
pk_sim_door_send_content (PkSimServer *self, const PkSimRequest *request, const PkId *person)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkActor) actor = pk_actor_load (self->service, person, &error);
  g_autofree char *path = pk_service_dup_content_path (self->service, request->sha256);
  PkSimFile *file = pk_sim_disk_lookup (self->disk, path);
  gboolean may_read = FALSE;

  if (actor == NULL ||
      !pk_service_may_read_content (self->service, actor, request->sha256, &may_read, &error))
    return pk_sim_door_fail (error, NULL, NULL);
  if (!may_read || file == NULL)
    {
      pk_problem_set (&error, PK_PROBLEM_NOT_FOUND, NULL, "There is no such content");
      return pk_sim_door_fail (error, NULL, NULL);
    }
  PkSimAnswer *answer = pk_sim_answer_new (request->offset > 0 ? 206 : 200);
  answer->offset = MIN (request->offset, pk_sim_file_size (file));
  g_string_set_size (answer->body, (gsize) (pk_sim_file_size (file) - answer->offset));
  pk_sim_file_read (file, answer->offset, answer->body->str, answer->body->len);
  pk_sim_oracle_check_content (self->world->oracle, person, request->sha256, answer);
  return answer;
}
