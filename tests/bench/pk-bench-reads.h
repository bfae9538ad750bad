#pragma once

#include "pk-replica.h"

G_BEGIN_DECLS

/*
 * A person who scrolls: every few milliseconds a page of rows is read on the main thread, as a list does it. What counts is from when
 * the page was due until it is there, so that work that keeps the main thread from its turn is in it.
 */
typedef struct
{
  PkReplica *replica;
  guint source;
  gint64 due_us;
  guint place;
  GArray *times; /* (owned): double, ms */
} PkBenchReads;

void pk_bench_reads_begin (PkBenchReads *self, PkReplica *replica);
double pk_bench_reads_end (PkBenchReads *self);

G_END_DECLS
