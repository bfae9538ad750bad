#pragma once

#include "pk-sim-client.h"

G_BEGIN_DECLS

/* What people and operators do: one step of a schedule. */
void pk_sim_act_person (PkSimClient *client, PkSimChance *chance);
void pk_sim_act_move (PkSimWorld *world, PkSimChance *chance);
void pk_sim_act_grant (PkSimWorld *world, PkSimChance *chance);
void pk_sim_act_operator_delete (PkSimWorld *world, PkSimChance *chance);

/* pk-sim-act-document.c */
void pk_sim_act_document (PkSimClient *client, PkSimChance *chance);

/* pk-sim-check-guarded.c */
void pk_sim_act_absence (PkSimWorld *world, PkSimChance *chance);

/* For these alone. */
char *pk_sim_act_make_word (PkSimWorld *world);
PkRecord *
pk_sim_act_pick (PkSimClient *client, const char *text, guint entity, PkSimChance *chance);

G_END_DECLS
