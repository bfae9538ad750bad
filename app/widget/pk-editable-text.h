#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  PK_EDITABLE_TITLE, /* one paragraph that wraps; Enter saves */
  PK_EDITABLE_BODY   /* several paragraphs; Ctrl+Enter saves */
} PkEditableKind;

/*
 * Text that is edited where it stands. Leaving it saves, Escape brings back what was there. Emits "committed" (text) when
 * the person has changed it; nothing that arrives meanwhile overwrites what is being written.
 */
#define PK_TYPE_EDITABLE_TEXT (pk_editable_text_get_type ())
G_DECLARE_FINAL_TYPE (PkEditableText, pk_editable_text, PK, EDITABLE_TEXT, GtkWidget)

GtkWidget *pk_editable_text_new (PkEditableKind kind, const char *name, const char *placeholder);
void pk_editable_text_set_text (PkEditableText *self, const char *text);
char *pk_editable_text_dup_text (PkEditableText *self);

G_END_DECLS
