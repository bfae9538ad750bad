#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * Makes a photo fit to be kept: upright, at most @max_side wide and high, JPEG, without anything but the picture (no place, no
 * camera, no time). Any thread; blocks.
 */
GBytes *pk_photo_make (GBytes *image, guint max_side, GError **error);

G_END_DECLS
