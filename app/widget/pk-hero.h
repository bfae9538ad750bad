#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A wide picture at the top of a page: a photo fills it, a drawing is shown whole; a shape where there is none. A click opens it. */
#define PK_TYPE_HERO (pk_hero_get_type ())
G_DECLARE_FINAL_TYPE (PkHero, pk_hero, PK, HERO, GtkButton)

GtkWidget *pk_hero_new (void);
void
pk_hero_set_picture (PkHero *self, const char *path, const char *icon_name, gboolean is_drawing);
void pk_hero_set_name (PkHero *self, const char *name);
void pk_hero_set_target (PkHero *self, const char *action, const char *target);

G_END_DECLS
