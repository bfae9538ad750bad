/* The conversation of a task. What is being written stays until it was sent. Main thread. */
#include "config.h"

#include "pk-conversation.h"

#include "pk-section.h"
#include "pk-task-commands.h"
#include "pk-words.h"
#include "pk-wrap-layout.h"

#include <glib/gi18n.h>

struct _PkConversation
{
  PkPart parent_instance;
  GtkWidget *empty;
  GtkWidget *list;
  GtkWidget *composer;
  GtkWidget *public_choice;
  GtkWidget *internal_choice;
  GtkWidget *text;
  GtkWidget *hint;
  GtkWidget *send;
};

G_DEFINE_FINAL_TYPE (PkConversation, pk_conversation, PK_TYPE_PART)

static const char *
reporter_of (PkConversation *self)
{
  PkRecord *task = pk_part_get_record (PK_PART (self));
  const char *typed = task != NULL ? pk_record_get_text (task, PK_TASK_REPORTER_NAME) : NULL;

  return typed != NULL
             ? typed
             : pk_detail_get_name (pk_part_get_detail (PK_PART (self)), PK_TASK_REPORTER_ID);
}

/* Whom a message is for, or, where the reporter wrote it, from whom it is. */
static char *
audience_words (PkConversation *self, PkRecord *message)
{
  const char *reporter = reporter_of (self);

  if (pk_record_get_int (message, PK_MESSAGE_AUDIENCE, PK_AUDIENCE_INTERNAL) ==
      PK_AUDIENCE_INTERNAL)
    return g_strdup (_ ("Colleagues only"));
  if (reporter == NULL)
    return g_strdup (_ ("The reporter and colleagues"));
  if (pk_record_get_ref (message, PK_MESSAGE_AUTHOR_ID) == NULL)
    /* Translators: %s is who reported the task and wrote the message */
    return g_strdup_printf (C_ ("message", "From %s"), reporter);
  /* Translators: %s is who reported the task and gets the message */
  return g_strdup_printf (C_ ("message", "To %s"), reporter);
}

static void
show_audience (GtkWidget *widget, PkAudience audience)
{
  gboolean is_internal = audience == PK_AUDIENCE_INTERNAL;

  gtk_widget_remove_css_class (widget, is_internal ? "pk-public" : "pk-internal");
  gtk_widget_add_css_class (widget, is_internal ? "pk-internal" : "pk-public");
}

static GtkWidget *
new_head (PkConversation *self, PkRecord *message, gboolean is_waiting)
{
  PkLibrary *library = pk_part_get_library (PK_PART (self));
  PkAudience audience =
      (PkAudience) pk_record_get_int (message, PK_MESSAGE_AUDIENCE, PK_AUDIENCE_INTERNAL);
  const char *author = pk_library_get_name (library,
                                            PK_ENTITY_PERSON,
                                            pk_record_get_ref (message, PK_MESSAGE_AUTHOR_ID));
  gint64 sent_us = pk_record_get_int (message, PK_MESSAGE_SENT_AT, 0);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *when =
      pk_words_time (sent_us, pk_clock_now_us (pk_library_get_clock (library)), zone);
  g_autofree char *exact = pk_words_exact_time (sent_us, zone);
  g_autofree char *who = audience_words (self, message);
  const char *state = is_waiting ? _ ("Waits to be sent") : when;
  g_autofree char *from = author != NULL ? g_strdup_printf ("%s · %s", author, state)
                                         : g_strdup (state);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = gtk_image_new_from_icon_name (
      audience == PK_AUDIENCE_INTERNAL ? "changes-prevent-symbolic" : "mail-send-symbolic");
  GtkWidget *whom = gtk_label_new (who);
  GtkWidget *times = gtk_label_new (from);

  gtk_widget_add_css_class (whom, "caption-heading");
  gtk_widget_add_css_class (icon, "pk-small");
  gtk_label_set_ellipsize (GTK_LABEL (whom), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (times, "caption");
  gtk_widget_add_css_class (times, "dim-label");
  gtk_label_set_ellipsize (GTK_LABEL (times), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (times), 1);
  gtk_widget_set_hexpand (times, TRUE);
  gtk_widget_set_tooltip_text (times, exact);
  gtk_box_append (GTK_BOX (head), icon);
  gtk_box_append (GTK_BOX (head), whom);
  gtk_box_append (GTK_BOX (head), times);
  return head;
}

static gboolean
is_mine (PkConversation *self, PkRecord *message)
{
  const PkId *author = pk_record_get_ref (message, PK_MESSAGE_AUTHOR_ID);

  return author != NULL &&
         pk_id_equal (author, pk_client_get_person (pk_part_get_client (PK_PART (self))));
}

static void
fill_message (GtkWidget *row, PkConversation *self, PkRecordItem *item)
{
  PkRecord *message = pk_record_item_get_record (item);
  PkAudience audience =
      (PkAudience) pk_record_get_int (message, PK_MESSAGE_AUDIENCE, PK_AUDIENCE_INTERNAL);
  const char *body = pk_record_get_text (message, PK_MESSAGE_BODY);
  g_autofree char *who = audience_words (self, message);
  g_autofree char *name = g_strdup_printf ("%s: %s", who, body);
  GtkWidget *bubble = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *text = gtk_label_new (body);

  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (text), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (text), GTK_NATURAL_WRAP_NONE);
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  gtk_widget_set_focusable (text, FALSE);
  gtk_box_append (GTK_BOX (bubble), new_head (self, message, pk_record_item_is_waiting (item)));
  gtk_box_append (GTK_BOX (bubble), text);
  gtk_widget_add_css_class (bubble, "pk-message");
  show_audience (bubble, audience);
  if (audience == PK_AUDIENCE_PUBLIC)
    gtk_widget_add_css_class (bubble, is_mine (self, message) ? "pk-mine" : "pk-theirs");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), bubble);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
message_changed_cb (PkRecordItem *item, GtkWidget *row)
{
  GtkWidget *self = gtk_widget_get_ancestor (row, PK_TYPE_CONVERSATION);

  if (self != NULL)
    fill_message (row, PK_CONVERSATION (self), item);
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  fill_message (row, user_data, item);
  g_signal_connect_object (item, "changed", G_CALLBACK (message_changed_cb), row, 0);
  return row;
}

static PkAudience
chosen_audience (PkConversation *self)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->public_choice))
             ? PK_AUDIENCE_PUBLIC
             : PK_AUDIENCE_INTERNAL;
}

static void
audience_toggled_cb (PkConversation *self)
{
  gboolean is_internal = chosen_audience (self) == PK_AUDIENCE_INTERNAL;

  show_audience (self->composer, chosen_audience (self));
  gtk_button_set_label (GTK_BUTTON (self->send), is_internal ? _ ("_Save note") : _ ("_Send"));
}

static void
update_hint_cb (PkConversation *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text));

  gtk_widget_set_visible (self->hint, gtk_text_buffer_get_char_count (buffer) == 0);
}

static gboolean
key_cb (GtkEventControllerKey *keys G_GNUC_UNUSED,
        guint key,
        guint code G_GNUC_UNUSED,
        GdkModifierType state,
        PkConversation *self)
{
  if (key != GDK_KEY_Return || (state & GDK_CONTROL_MASK) == 0)
    return GDK_EVENT_PROPAGATE;
  pk_conversation_send (self);
  return GDK_EVENT_STOP;
}

static GtkWidget *
new_choice (PkConversation *self, const char *label, GtkWidget *group)
{
  GtkWidget *button = gtk_toggle_button_new_with_mnemonic (label);

  if (group != NULL)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (group));
  gtk_widget_add_css_class (button, "pk-choice");
  g_signal_connect_object (button,
                           "toggled",
                           G_CALLBACK (audience_toggled_cb),
                           self,
                           G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
new_text (PkConversation *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkWidget *overlay = gtk_overlay_new ();

  self->text = gtk_text_view_new ();
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (self->text), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (self->text), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Message"),
                                  -1);
  self->hint = gtk_label_new (_ ("Write a message"));
  gtk_widget_add_css_class (self->hint, "dim-label");
  gtk_widget_set_can_target (self->hint, FALSE);
  gtk_widget_set_halign (self->hint, GTK_ALIGN_START);
  gtk_widget_set_valign (self->hint, GTK_ALIGN_START);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), self->text);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->hint);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (self->text, keys);
  g_signal_connect_object (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text)),
                           "changed",
                           G_CALLBACK (update_hint_cb),
                           self,
                           G_CONNECT_SWAPPED);
  return overlay;
}

static GtkWidget *
new_composer (PkConversation *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager (bar, g_object_new (PK_TYPE_WRAP_LAYOUT, "spacing", 6, NULL));
  self->composer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->send = gtk_button_new_with_mnemonic (_ ("_Send"));
  gtk_widget_set_halign (self->send, GTK_ALIGN_END);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->send), "page.send");
  self->public_choice = new_choice (self, _ ("The _reporter and colleagues"), NULL);
  self->internal_choice = new_choice (self, _ ("_Colleagues only"), self->public_choice);
  gtk_box_append (GTK_BOX (bar), self->public_choice);
  gtk_box_append (GTK_BOX (bar), self->internal_choice);
  gtk_box_append (GTK_BOX (bar), self->send);
  gtk_box_append (GTK_BOX (self->composer), new_text (self));
  gtk_box_append (GTK_BOX (self->composer), bar);
  gtk_widget_add_css_class (self->composer, "pk-message");
  gtk_widget_add_css_class (self->composer, "pk-composer");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->internal_choice), TRUE);
  audience_toggled_cb (self);
  update_hint_cb (self);
  return self->composer;
}

static void
pk_conversation_build (PkPart *part)
{
  PkConversation *self = PK_CONVERSATION (part);
  GtkWidget *section = pk_section_new (_ ("Conversation"));

  self->empty = gtk_label_new (_ ("Nothing has been written yet."));
  gtk_label_set_xalign (GTK_LABEL (self->empty), 0);
  gtk_widget_add_css_class (self->empty, "dim-label");
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "pk-conversation");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Conversation"),
                                  -1);
  gtk_list_box_bind_model (GTK_LIST_BOX (self->list),
                           pk_detail_get_messages (pk_part_get_detail (part)),
                           create_row,
                           self,
                           NULL);
  pk_section_append (PK_SECTION (section), self->empty);
  pk_section_append (PK_SECTION (section), self->list);
  pk_section_append (PK_SECTION (section), new_composer (self));
  pk_part_append (part, section);
}

static void
pk_conversation_update (PkPart *part)
{
  PkConversation *self = PK_CONVERSATION (part);
  guint n = g_list_model_get_n_items (pk_detail_get_messages (pk_part_get_detail (part)));

  gtk_widget_set_visible (self->empty, n == 0);
  gtk_widget_set_visible (self->list, n > 0);
}

static void
pk_conversation_class_init (PkConversationClass *klass)
{
  PK_PART_CLASS (klass)->build = pk_conversation_build;
  PK_PART_CLASS (klass)->update = pk_conversation_update;
}

static void
pk_conversation_init (PkConversation *self G_GNUC_UNUSED)
{
}

/**
 * pk_conversation_new:
 * @client: how it acts
 * @detail: the task
 *
 * Returns: (transfer floating): the conversation
 */
GtkWidget *
pk_conversation_new (PkClient *client, PkDetail *detail)
{
  return pk_part_new (PK_TYPE_CONVERSATION, client, detail);
}

/**
 * pk_conversation_write:
 * @self: a conversation
 * @audience: whom for
 *
 * Brings the cursor to where one writes.
 */
void
pk_conversation_write (PkConversation *self, PkAudience audience)
{
  g_return_if_fail (PK_IS_CONVERSATION (self));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (audience == PK_AUDIENCE_PUBLIC
                                                       ? self->public_choice
                                                       : self->internal_choice),
                                TRUE);
  gtk_widget_grab_focus (self->text);
}

/**
 * pk_conversation_set_text:
 * @self: a conversation
 * @text: a message
 *
 * Writes a message without sending it.
 */
void
pk_conversation_set_text (PkConversation *self, const char *text)
{
  g_return_if_fail (PK_IS_CONVERSATION (self));
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text)), text, -1);
}

/**
 * pk_conversation_send:
 * @self: a conversation
 *
 * Sends what is written.
 *
 * Returns: %TRUE if there was something to send
 */
gboolean
pk_conversation_send (PkConversation *self)
{
  g_return_val_if_fail (PK_IS_CONVERSATION (self), FALSE);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text));
  PkRecord *task = pk_part_get_record (PK_PART (self));
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  g_autofree char *text = g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
  if (task == NULL || *text == '\0')
    return FALSE;
  pk_part_run (PK_PART (self), pk_send_message_command_new (task, chosen_audience (self), text));
  gtk_text_buffer_set_text (buffer, "", 0);
  return TRUE;
}
