#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* An article's text (simple markdown) as labels, one for each block. */
#define PK_TYPE_ARTICLE_VIEW (pk_article_view_get_type ())
G_DECLARE_FINAL_TYPE (PkArticleView, pk_article_view, PK, ARTICLE_VIEW, GtkWidget)

GtkWidget *pk_article_view_new (void);
void pk_article_view_set_text (PkArticleView *self, const char *markdown);

G_END_DECLS
