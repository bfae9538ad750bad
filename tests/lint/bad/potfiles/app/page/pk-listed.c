/* Listed. */
static const char *title = N_ ("Tasks");
