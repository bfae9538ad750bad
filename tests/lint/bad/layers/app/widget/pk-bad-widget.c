/* A widget that uses what the model keeps to itself. */
#include "config.h"

#include "pk-list-private.h"
