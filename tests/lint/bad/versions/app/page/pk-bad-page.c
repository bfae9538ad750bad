/* A page that knows which GTK it is built with. */
static GtkWidget *
make_panes (void)
{
#if ADW_CHECK_VERSION(1, 4, 0)
  return adw_navigation_split_view_new ();
#else
  return adw_leaflet_new ();
#endif
}
