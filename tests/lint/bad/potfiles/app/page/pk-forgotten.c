/* Forgotten. */
static const char *title = N_ ("Buildings");
