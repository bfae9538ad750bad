/* An article as labels: headings, paragraphs, points. Main thread. */
#include "config.h"

#include "pk-article-view.h"

#include "pk-compat.h"
#include "pk-glib-backports.h"
#include "pk-markdown.h"

struct _PkArticleView
{
  GtkWidget parent_instance;
  char *markdown; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (PkArticleView, pk_article_view, GTK_TYPE_WIDGET)

static gboolean
link_cb (GtkLabel *label, const char *uri, gpointer user_data G_GNUC_UNUSED)
{
  pk_compat_open_uri (GTK_WIDGET (label), uri);
  return TRUE;
}

static GtkWidget *
text_of (const PkMarkdownBlock *block)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_markup (GTK_LABEL (label), block->markup);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  if (block->kind == PK_MARKDOWN_HEADING)
    gtk_widget_add_css_class (label, block->level == 1 ? "title-4" : "heading");
  if (block->kind == PK_MARKDOWN_QUOTE)
    gtk_widget_add_css_class (label, "pk-quote");
  g_signal_connect (label, "activate-link", G_CALLBACK (link_cb), NULL);
  return label;
}

static GtkWidget *
point_of (const PkMarkdownBlock *block)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  g_autofree char *sign = block->kind == PK_MARKDOWN_NUMBER ? g_strdup_printf ("%u.", block->number)
                                                            : g_strdup ("•");
  GtkWidget *mark = gtk_label_new (sign);

  gtk_widget_set_valign (mark, GTK_ALIGN_START);
  gtk_widget_add_css_class (mark, "numeric");
  gtk_widget_add_css_class (mark, "dim-label");
  gtk_widget_set_margin_start (line, 6 + 18 * (int) block->level);
  gtk_box_append (GTK_BOX (line), mark);
  gtk_box_append (GTK_BOX (line), text_of (block));
  return line;
}

static void
remove_children (PkArticleView *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
}

static void
pk_article_view_dispose (GObject *object)
{
  remove_children (PK_ARTICLE_VIEW (object));
  g_clear_pointer (&PK_ARTICLE_VIEW (object)->markdown, g_free);
  G_OBJECT_CLASS (pk_article_view_parent_class)->dispose (object);
}

static void
pk_article_view_class_init (PkArticleViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_article_view_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "pk-article");
}

static void
pk_article_view_init (PkArticleView *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 8);
}

/**
 * pk_article_view_new:
 *
 * Returns: (transfer floating): a view without a text
 */
GtkWidget *
pk_article_view_new (void)
{
  return g_object_new (PK_TYPE_ARTICLE_VIEW, NULL);
}

/**
 * pk_article_view_set_text:
 * @self: a view
 * @markdown: (nullable): the article's text
 *
 * Shows another text; the same text again changes nothing.
 */
void
pk_article_view_set_text (PkArticleView *self, const char *markdown)
{
  g_return_if_fail (PK_IS_ARTICLE_VIEW (self));

  if (!g_set_str (&self->markdown, markdown))
    return;
  remove_children (self);
  g_autoptr (GPtrArray) blocks = pk_markdown_parse (markdown);
  for (guint i = 0; i < blocks->len; i++)
    {
      const PkMarkdownBlock *block = g_ptr_array_index (blocks, i);
      gboolean is_point = block->kind == PK_MARKDOWN_BULLET || block->kind == PK_MARKDOWN_NUMBER;
      gtk_widget_insert_before (is_point ? point_of (block) : text_of (block),
                                GTK_WIDGET (self),
                                NULL);
    }
}
