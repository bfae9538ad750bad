#pragma once

#include "pk-device.h"
#include "pk-mutation.h"
#include "pk-store.h"

G_BEGIN_DECLS

PkDevice *pk_store_find_device (PkStore *self, const PkId *id, GError **error);
gboolean pk_store_put_device (PkStore *self, const PkDevice *device, GError **error);
GPtrArray *pk_store_list_devices (PkStore *self, const PkId *person, GError **error);

/* Judged mutations: a repeat gets the same word. */
typedef struct
{
  PkId id;
  PkId person;
  PkId device;
  gint64 n;
  PkVerdict *verdict; /* (owned) */
  gint64 at_us;
  PkId later_record; /* the record that waits with it, of a verdict "later"; else all zero */
} PkJudgement;

PkJudgement *pk_store_find_judgement (PkStore *self, const PkId *mutation, GError **error);
gboolean pk_store_put_judgement (PkStore *self, const PkJudgement *judgement, GError **error);
GPtrArray *pk_store_list_verdicts (PkStore *self,
                                   const PkId *device,
                                   gint64 after_n,
                                   guint limit,
                                   GError **error);
gboolean pk_store_add_effects (PkStore *self,
                               const PkId *person,
                               GArray *mutations,
                               GPtrArray *verdicts,
                               GError **error);
GHashTable *pk_store_find_later (PkStore *self, const PkId *device, GError **error);
gboolean pk_store_forget_judgements (PkStore *self, gint64 before_us, GError **error);
void pk_judgement_free (PkJudgement *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkJudgement, pk_judgement_free)

G_END_DECLS
