/* A page that speaks only English. */
static void
show_page (GtkWidget *label)
{
  gtk_label_set_text (label, "Nothing here");
  gtk_label_set_text (label, _ ("Nothing here"));
  gtk_label_set_text (label, "·");
}
