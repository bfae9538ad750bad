/* A test that hopes. */
static void
wait_a_little (void)
{
  g_usleep (1000);
}
