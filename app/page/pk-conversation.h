#pragma once

#include "pk-part.h"

G_BEGIN_DECLS

#define PK_TYPE_CONVERSATION (pk_conversation_get_type ())
G_DECLARE_FINAL_TYPE (PkConversation, pk_conversation, PK, CONVERSATION, PkPart)

/*
 * The messages of a task. What the reporter reads is a rounded bubble with "To …"; what only colleagues read is a square note with a
 * bar, a lock and the words "Colleagues only"; the field that one writes in looks like what will come of it.
 */
GtkWidget *pk_conversation_new (PkClient *client, PkDetail *detail);
void pk_conversation_write (PkConversation *self, PkAudience audience);
void pk_conversation_set_text (PkConversation *self, const char *text);
gboolean pk_conversation_send (PkConversation *self);

G_END_DECLS
