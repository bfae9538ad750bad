/*
 * A text that is read most of the time and can be edited where it stands. "text" is what was given last, what the buffer holds is
 * what the person sees; they differ while the person writes. Main thread.
 */
#include "config.h"

#include "pk-editable-text.h"

#include "pk-glib-backports.h"

struct _PkEditableText
{
  GtkTextView parent_instance;
  PkEditableKind kind;
  char *text;        /* (owned): as it was given */
  char *placeholder; /* (owned) (nullable) */
  GtkWidget *hint;   /* (owned by the widget tree) (nullable) */
};

G_DEFINE_FINAL_TYPE (PkEditableText, pk_editable_text, GTK_TYPE_TEXT_VIEW)

enum
{
  SIGNAL_COMMITTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GtkTextBuffer *
buffer_of (PkEditableText *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self));
}

static void
show_text (PkEditableText *self)
{
  gtk_text_buffer_set_text (buffer_of (self), self->text, -1);
}

static void
commit (PkEditableText *self)
{
  g_autofree char *text = g_strstrip (pk_editable_text_dup_text (self));

  if (g_str_equal (text, self->text))
    return;
  if (self->kind == PK_EDITABLE_TITLE && *text == '\0')
    {
      show_text (self);
      return;
    }
  g_signal_emit (self, signals[SIGNAL_COMMITTED], 0, text);
}

static void
leave_cb (PkEditableText *self)
{
  commit (self);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller G_GNUC_UNUSED,
                guint key,
                guint code G_GNUC_UNUSED,
                GdkModifierType state,
                PkEditableText *self)
{
  gboolean is_enter = key == GDK_KEY_Return || key == GDK_KEY_KP_Enter || key == GDK_KEY_ISO_Enter;
  gboolean has_control = (state & GDK_CONTROL_MASK) != 0;

  if (key == GDK_KEY_Escape)
    {
      g_autofree char *text = pk_editable_text_dup_text (self);
      gboolean is_changed = !g_str_equal (text, self->text);
      show_text (self);
      return is_changed;
    }
  if (!is_enter || (self->kind == PK_EDITABLE_BODY && !has_control))
    return GDK_EVENT_PROPAGATE;
  commit (self);
  gtk_widget_child_focus (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))),
                          GTK_DIR_TAB_FORWARD);
  return GDK_EVENT_STOP;
}

static void
update_hint_cb (PkEditableText *self)
{
  GtkTextIter start, end;

  if (self->hint == NULL)
    return;
  gtk_text_buffer_get_bounds (buffer_of (self), &start, &end);
  gtk_widget_set_visible (self->hint, gtk_text_iter_equal (&start, &end));
}

static void
pk_editable_text_finalize (GObject *object)
{
  PkEditableText *self = PK_EDITABLE_TEXT (object);

  g_free (self->text);
  g_free (self->placeholder);
  G_OBJECT_CLASS (pk_editable_text_parent_class)->finalize (object);
}

static void
pk_editable_text_class_init (PkEditableTextClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_editable_text_finalize;

  /**
   * PkEditableText::committed:
   * @text: what the person wrote
   *
   * The person has changed the text and is done with it.
   */
  signals[SIGNAL_COMMITTED] = g_signal_new ("committed",
                                            G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST,
                                            0,
                                            NULL,
                                            NULL,
                                            NULL,
                                            G_TYPE_NONE,
                                            1,
                                            G_TYPE_STRING);
}

static void
pk_editable_text_init (PkEditableText *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkTextView *view = GTK_TEXT_VIEW (self);

  self->text = g_strdup ("");
  gtk_text_view_set_wrap_mode (view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (view, FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "pk-editable");
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect_object (buffer_of (self),
                           "changed",
                           G_CALLBACK (update_hint_cb),
                           self,
                           G_CONNECT_SWAPPED);
}

static void
add_hint (PkEditableText *self, const char *placeholder)
{
  self->hint = gtk_label_new (placeholder);
  gtk_widget_add_css_class (self->hint, "dim-label");
  gtk_widget_set_can_target (self->hint, FALSE);
  gtk_text_view_add_overlay (GTK_TEXT_VIEW (self), self->hint, 0, 0);
}

/**
 * pk_editable_text_new:
 * @kind: a title or a body
 * @name: what it is, for who does not see it
 * @placeholder: (nullable): shown where there is no text
 *
 * Makes an empty text.
 *
 * Returns: (transfer floating): the text
 */
GtkWidget *
pk_editable_text_new (PkEditableKind kind, const char *name, const char *placeholder)
{
  PkEditableText *self = g_object_new (PK_TYPE_EDITABLE_TEXT, NULL);

  self->kind = kind;
  gtk_widget_add_css_class (GTK_WIDGET (self),
                            kind == PK_EDITABLE_TITLE ? "pk-editable-title" : "pk-editable-body");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (placeholder != NULL)
    add_hint (self, placeholder);
  return GTK_WIDGET (self);
}

/**
 * pk_editable_text_set_text:
 * @self: a text
 * @text: (nullable): what the record says
 *
 * Shows a text, unless the person is writing another one: that is kept, and saved when the person is done.
 */
void
pk_editable_text_set_text (PkEditableText *self, const char *text)
{
  g_return_if_fail (PK_IS_EDITABLE_TEXT (self));
  g_autofree char *shown = pk_editable_text_dup_text (self);
  gboolean is_writing = gtk_widget_has_focus (GTK_WIDGET (self)) &&
                        !g_str_equal (shown, self->text);

  g_set_str (&self->text, text != NULL ? text : "");
  if (!is_writing && !g_str_equal (shown, self->text))
    show_text (self);
}

/**
 * pk_editable_text_dup_text:
 * @self: a text
 *
 * Returns: (transfer full): what the person sees
 */
char *
pk_editable_text_dup_text (PkEditableText *self)
{
  GtkTextIter start, end;

  g_return_val_if_fail (PK_IS_EDITABLE_TEXT (self), NULL);
  gtk_text_buffer_get_bounds (buffer_of (self), &start, &end);
  return gtk_text_buffer_get_text (buffer_of (self), &start, &end, FALSE);
}
