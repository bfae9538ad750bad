#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How high a frame is for its width, in px; and how many pixels are decoded for its longer side. */
typedef struct
{
  int longest_side;
  int least_width;
  int least_height;
  int most_height;
  double height_per_width;
} PkFrameSize;

/*
 * A frame of a given form around a picture that is decoded elsewhere; until it is there, and where there is none, a shape stands in
 * it. A photo fills the frame; a drawing lies on a white sheet.
 */
#define PK_TYPE_PICTURE_FRAME (pk_picture_frame_get_type ())
G_DECLARE_FINAL_TYPE (PkPictureFrame, pk_picture_frame, PK, PICTURE_FRAME, GtkWidget)

GtkWidget *pk_picture_frame_new (const PkFrameSize *size, const char *css_class);
void pk_picture_frame_add_overlay (PkPictureFrame *self, GtkWidget *child);
void pk_picture_frame_set_is_drawing (PkPictureFrame *self, gboolean is_drawing);
void pk_picture_frame_show (PkPictureFrame *self, const char *path, const char *icon_name);

G_END_DECLS
