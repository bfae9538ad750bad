#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * Whether the program goes on without a window, as the preferences show it. A page asks for it (signal "wanted", gboolean); whoever can
 * carry it out says how it went. Emits "changed". Main thread.
 */
#define PK_TYPE_BACKGROUND_MODEL (pk_background_model_get_type ())
G_DECLARE_FINAL_TYPE (PkBackgroundModel, pk_background_model, PK, BACKGROUND_MODEL, GObject)

PkBackgroundModel *pk_background_model_new (void);
void pk_background_model_ask (PkBackgroundModel *self, gboolean is_wanted);
void pk_background_model_set_busy (PkBackgroundModel *self);
void pk_background_model_set (PkBackgroundModel *self, gboolean is_on, const char *problem);
gboolean pk_background_model_get_is_on (PkBackgroundModel *self);
gboolean pk_background_model_get_is_busy (PkBackgroundModel *self);
const char *pk_background_model_get_problem (PkBackgroundModel *self);

G_END_DECLS
