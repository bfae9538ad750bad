/* A page of the old days. */
static void
show_page (GtkWidget *page, const gchar *text)
{
  gtk_widget_show (page);
  gtk_tree_view_new ();
  number = atoi (text);
}
