#pragma once

#include "pk-record.h"

G_BEGIN_DECLS

#define PK_DEMO_ERROR (pk_demo_error_quark ())
GQuark pk_demo_error_quark (void);

typedef enum
{
  PK_DEMO_ERROR_DECLARATION, /* something in data/demo/ cannot be read */
  PK_DEMO_ERROR_DRAWING      /* a picture or a document could not be made */
} PkDemoError;

typedef enum
{
  PK_DEMO_NOTHING_SPECIAL = 0,
  PK_DEMO_WITHOUT_FILES = 1 << 0, /* no documents and photos: nothing is drawn */
  PK_DEMO_BARE_TASKS = 1 << 1     /* tasks without messages and checklists */
} PkDemoFlags;

/* Fields that are 0 or NULL take the value in parentheses. */
typedef struct
{
  guint64 seed;      /* same seed, day and sizes: the same records and files, byte for byte */
  const char *today; /* "2026-11-23": the day that tasks are due around (today) */
  guint n_people;    /* at least one for each unit (2 000) */
  guint n_tasks;     /* (3 000) */
  PkDemoFlags flags;
} PkDemoOptions;

/* Where the municipality goes. Each function may end it by returning FALSE with an error. */
typedef struct
{
  /* A record that is valid by the model; what it points to comes before it or within the same group. */
  gboolean (*take_record) (PkRecord *record, gpointer user_data, GError **error);
  /* (nullable): a document's content, before its record */
  gboolean (*take_content) (const char *sha256,
                            GBytes *content,
                            gpointer user_data,
                            GError **error);
  /* (nullable): nothing so far points to what is yet to come: a good place to commit */
  gboolean (*end_group) (gpointer user_data, GError **error);
} PkDemoSink;

gboolean pk_demo_generate (const PkDemoOptions *options,
                           const PkDemoSink *sink,
                           gpointer user_data,
                           GError **error);

G_END_DECLS
