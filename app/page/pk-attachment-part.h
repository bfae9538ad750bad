#pragma once

#include "pk-part.h"

G_BEGIN_DECLS

#define PK_TYPE_ATTACHMENT_PART (pk_attachment_part_get_type ())
G_DECLARE_FINAL_TYPE (PkAttachmentPart, pk_attachment_part, PK, ATTACHMENT_PART, PkPart)

/* The photos and documents of a record: small pictures; new ones by file, drop and paste. */
GtkWidget *pk_attachment_part_new (PkClient *client, PkDetail *detail);
void pk_attachment_part_add_file (PkAttachmentPart *self, GFile *file);
void pk_attachment_part_choose_file (PkAttachmentPart *self);
void pk_attachment_part_paste (PkAttachmentPart *self);

G_END_DECLS
