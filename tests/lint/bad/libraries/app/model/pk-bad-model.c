/* A model that knows the window. */
#include "config.h"

#include <gtk/gtk.h>
