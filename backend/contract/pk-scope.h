#pragma once

#include "pk-record.h"

G_BEGIN_DECLS

/* Names of scopes: "everyone", "person/<uuid>", "unit/<uuid>", "building/<uuid>", "role/<name>". */
char *pk_scope_name_everyone (void);
char *pk_scope_name_person (const PkId *person);
char *pk_scope_name_unit (const PkId *unit);
char *pk_scope_name_building (const PkId *building);
char *pk_scope_name_role (const char *role);
gboolean pk_scope_name_parse (const char *name, PkScopeKind *kind_out, PkId *id_out);
gboolean pk_scope_rule_applies (const PkScopeRule *rule, const PkRecord *record);

G_END_DECLS
