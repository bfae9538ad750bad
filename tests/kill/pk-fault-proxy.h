#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A bad network on loopback: what is sent to its port goes on to the target's, and its answers back, but for what happens on the way.
 * What happens to a connection is drawn when it is opened, from a seed.
 */
typedef enum
{
  PK_FAULT_NONE,
  PK_FAULT_DELAY,       /* every piece arrives late */
  PK_FAULT_STALL,       /* nothing moves for a while, then it goes on */
  PK_FAULT_RESET,       /* RST at a random byte, either way */
  PK_FAULT_CUT,         /* an orderly end at a random byte, either way */
  PK_FAULT_LOST_ANSWER, /* requests pass, answers do not */
  PK_FAULT_REPEAT,      /* a request arrives twice */
  PK_FAULT_PORTAL,      /* a page of somebody else's with status 200 */
  PK_FAULT_DOWN,        /* the target does not listen: not drawn */
  PK_N_FAULTS
} PkFault;

typedef struct _PkFaultProxy PkFaultProxy;

PkFaultProxy *pk_fault_proxy_new (guint16 target, guint32 seed);
void pk_fault_proxy_free (PkFaultProxy *self);
guint16 pk_fault_proxy_get_port (PkFaultProxy *self);
void pk_fault_proxy_calm_down (PkFaultProxy *self);
guint pk_fault_proxy_count (PkFaultProxy *self, PkFault fault);
const char *pk_fault_get_word (PkFault fault);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkFaultProxy, pk_fault_proxy_free)

G_END_DECLS
