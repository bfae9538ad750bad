#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A section of a detail page: a heading with at most one verb, and what it holds below. */
#define PK_TYPE_SECTION (pk_section_get_type ())
G_DECLARE_FINAL_TYPE (PkSection, pk_section, PK, SECTION, GtkWidget)

GtkWidget *pk_section_new (const char *title);
void pk_section_set_title (PkSection *self, const char *title);
void pk_section_set_action (PkSection *self, const char *label, const char *detailed_action);
void pk_section_append (PkSection *self, GtkWidget *child);

/* Icon, sentence and a way on, small: what stands in a section, or in a page, that has nothing to show. */
GtkWidget *pk_empty_new (const char *icon_name,
                         const char *title,
                         const char *text,
                         const char *action_label,
                         const char *detailed_action);

G_END_DECLS
