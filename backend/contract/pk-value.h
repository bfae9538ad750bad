#pragma once

#include "pk-id.h"
#include "pk-model.h"

G_BEGIN_DECLS

typedef enum
{
  PK_VALUE_NULL,
  PK_VALUE_INT,  /* int, bool, time (µs), enum (place in its values) */
  PK_VALUE_REAL, /* real */
  PK_VALUE_TEXT, /* text, long_text, date, set (sorted words, one per line) */
  PK_VALUE_ID    /* id */
} PkValueKind;

/* One field's value. Owns its text; copied by pk_value_copy(), emptied by pk_value_clear(). */
typedef struct
{
  PkValueKind kind;
  union
  {
    gint64 number;
    double real;
    char *text; /* (owned) */
    PkId id;
  };
} PkValue;

#define PK_VALUE_INIT ((PkValue){ .kind = PK_VALUE_NULL })

PkValue pk_value_int (gint64 number);
PkValue pk_value_real (double real);
PkValue pk_value_text (const char *text);
PkValue pk_value_id (const PkId *id);
PkValue pk_value_copy (const PkValue *self);
void pk_value_clear (PkValue *self);
gboolean pk_value_equal (const PkValue *a, const PkValue *b);
PkValueKind pk_value_kind_of (PkType type);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PkValue, pk_value_clear)

/* Values of some of a list of fields: a mutation's fields, a command's arguments. */
typedef struct
{
  const PkField *fields;
  guint n_fields;
  PkValue *values;  /* (owned): by place */
  gboolean *is_set; /* (owned): by place */
} PkValues;

PkValues *pk_values_new (const PkField *fields, guint n_fields);
PkValues *pk_values_copy (const PkValues *self);
void pk_values_free (PkValues *self);
void pk_values_take (PkValues *self, guint place, PkValue value);
const PkValue *pk_values_get (const PkValues *self, guint place);
void pk_values_unset (PkValues *self, guint place);
guint pk_values_count (const PkValues *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkValues, pk_values_free)

G_END_DECLS
