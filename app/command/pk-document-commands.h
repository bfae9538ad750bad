#pragma once

#include "pk-command.h"
#include "pk-model-tables.h"

G_BEGIN_DECLS

/* Photos are made at most this wide and high, turned upright, and stripped of everything but the picture. */
#define PK_PHOTO_MAX_SIDE 2048

/*
 * Content is read, scaled and hashed on a thread of its own; the records and the content are there at once, also offline.
 * @subject is the task, building, location or component that it is added to; without one it is a document by itself.
 */
PkCommand *pk_add_photo_command_new (PkRecord *subject, GFile *file, const char *caption);
PkCommand *
pk_add_photo_command_new_from_bytes (PkRecord *subject, GBytes *bytes, const char *caption);
PkCommand *pk_add_document_command_new (PkRecord *subject,
                                        GFile *file,
                                        PkDocumentKind kind,
                                        const char *title);

/* The picture that a building opens with. */
PkCommand *pk_set_picture_command_new (PkRecord *building, GFile *file);
PkCommand *pk_set_picture_command_new_from_bytes (PkRecord *building, GBytes *bytes);

/* A deviation: a task of that kind at a place, with what the place already tells. @place is a building or a location. */
PkCommand *pk_make_deviation_command_new (PkRecord *place,
                                          const char *title,
                                          const char *description,
                                          PkTaskPriority priority);

/* Keeps the documents of a building or a task on this device. */
PkCommand *pk_pin_command_new (PkRecord *subject);
PkCommand *pk_unpin_command_new (PkRecord *subject);

G_END_DECLS
