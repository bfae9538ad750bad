#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * One fact about a record: a small dimmed word above, the value below. It may be opened (an action), changed (a menu or a popover),
 * or both. Several stand in a box with PkEvenLayout.
 */
#define PK_TYPE_FACT (pk_fact_get_type ())
G_DECLARE_FINAL_TYPE (PkFact, pk_fact, PK, FACT, GtkWidget)

GtkWidget *pk_fact_new (const char *caption);
void pk_fact_set_value (PkFact *self, const char *value, const char *tooltip);
void pk_fact_set_icon (PkFact *self, const char *icon_name);
void pk_fact_set_tone (PkFact *self, const char *css_class);
void pk_fact_set_action (PkFact *self, const char *action, const char *target);
void pk_fact_set_menu (PkFact *self, GMenuModel *menu);
void pk_fact_set_popover (PkFact *self, GtkWidget *popover);
GtkWidget *pk_fact_get_popover (PkFact *self);
gboolean pk_fact_is_changeable (PkFact *self);
gboolean pk_fact_open_change (PkFact *self);
GtkWidget *pk_facts_box_new (void);

G_END_DECLS
