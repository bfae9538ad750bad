#pragma once

#include "pk-mutation.h"

G_BEGIN_DECLS

typedef enum
{
  PK_MERGE_CLEAN,    /* nobody else touched it: mine applies */
  PK_MERGE_SAME,     /* both came to the same value */
  PK_MERGE_COMBINED, /* both values live on in the result */
  PK_MERGE_REPLACED  /* the result is mine and theirs gave way: it goes to the history */
} PkMergeResult;

/*
 * Pure three-way merge of one field by its rule. Server order wins for scalars: the mutation that arrives last is the newest
 * word, so "mine" replaces "theirs", and theirs is kept and told to both (sync protocol, verdict "merged").
 */
PkMergeResult pk_merge_value (const PkField *field,
                              const PkValue *was,
                              const PkValue *theirs,
                              const PkValue *mine,
                              PkValue *result_out);
char *
pk_merge_paragraphs (const char *was, const char *theirs, const char *mine, gboolean *is_clean_out);

G_END_DECLS
