/* A service that talks HTTP. */
#include "config.h"

#include <libsoup/soup.h>
