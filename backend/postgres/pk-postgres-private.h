#pragma once

#include "pk-postgres.h"
#include "pk-sql-driver.h"

#include <libpq-fe.h>

G_BEGIN_DECLS

typedef struct _PkPostgresStatement PkPostgresStatement;

/* What the files of the driver share. */
typedef struct
{
  PkSql base;
  PGconn *handle;                 /* (owned) */
  guint n_named;                  /* statements that got a name */
  guint changes;                  /* of the last statement */
  PkSqlError cause;               /* why the open transaction is broken … */
  char *cause_text;               /* (owned) (nullable): … in words; NULL: it is not */
  PkPostgresStatement *streaming; /* (nullable): its rows are still coming */
  GPtrArray
      *queued; /* (owned): PkPostgresStatement, sent without waiting for what becomes of them */
} PkPostgres;

typedef enum
{
  PK_PARAMETER_NULL,
  PK_PARAMETER_INT,
  PK_PARAMETER_REAL,
  PK_PARAMETER_TEXT,
  PK_PARAMETER_BYTES
} PkParameterKind;

typedef struct
{
  PkParameterKind kind;
  guint64 number;    /* of INT and REAL: in the order of the network, as it is sent */
  GByteArray *bytes; /* (owned) (nullable): of TEXT and BYTES */
} PkParameter;

struct _PkPostgresStatement
{
  PkStatement base;
  char name[16];
  GArray *slots; /* (owned): guint: for each place ?n its parameter, from 1; 0: none */
  PkParameter
      *parameters; /* (owned): one more than the server takes, for places it has no use for */
  Oid *types;      /* (owned): as the server takes them */
  int n_parameters;
  gboolean gives_rows;
  gboolean is_running;
  gboolean wants_stream;
  GQueue later;     /* (owned): PGresult: rows that had to be fetched before their time */
  PGresult *result; /* (owned) (nullable): the rows at hand */
  int row;          /* of them; the one that is read */
};

extern const PkSqlDriver pk_postgres_driver;

gboolean pk_postgres_take_result (PkPostgres *self,
                                  const PGresult *result,
                                  const char *what,
                                  GError **error);

void pk_postgres_forget_cause (PkPostgres *self);

/* Sending without waiting: within a transaction only, and in the order of the calls. */
gboolean pk_postgres_queue (PkPostgresStatement *statement, GError **error);
PGresult *pk_postgres_fetch (PkPostgresStatement *statement, GError **error);
gboolean pk_postgres_settle (PkPostgres *self, GError **error);
gboolean pk_postgres_has_queued (PkPostgres *self);

PkStatement *pk_postgres_prepare (PkSql *sql, const char *text, GError **error);
gboolean pk_postgres_send (PkPostgresStatement *self);
void pk_postgres_fetch_all (PkPostgresStatement *self);

/* The words of PostgreSQL for a text of the common subset. */
char *pk_postgres_translate (const char *text, GArray *slots);
char *pk_postgres_translate_schema (const char *text);

G_END_DECLS
