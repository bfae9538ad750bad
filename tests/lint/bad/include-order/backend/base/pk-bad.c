/* A file that does not begin as all others do. */
#include <glib.h>
