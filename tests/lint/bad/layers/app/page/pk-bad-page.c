/* A page that reaches past the model into the replica. */
#include "config.h"

#include "pk-outbox.h"
