/* Two strings. */
static const char *titles[] = { N_ ("Tasks"), N_ ("Buildings") };
