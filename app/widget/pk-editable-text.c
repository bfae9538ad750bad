/*
 * A text that is read most of the time and can be edited where it stands. A label shows it and gives it its size (a text view does
 * not know its height before it has been drawn); the text view lies above the label, of the same font and padding, and is seen
 * while it has the focus. "text" is what was given last, what the buffer holds is what the person sees. Main thread.
 */
#include "config.h"

#include "pk-editable-text.h"

#include "pk-glib-backports.h"

struct _PkEditableText
{
  GtkWidget parent_instance;
  PkEditableKind kind;
  char *text;         /* (owned): as it was given */
  char *placeholder;  /* (owned) (nullable) */
  GtkWidget *overlay; /* (owned by the widget tree) */
  GtkWidget *label;
  GtkWidget *view;
};

G_DEFINE_FINAL_TYPE (PkEditableText, pk_editable_text, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_COMMITTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GtkTextBuffer *
buffer_of (PkEditableText *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
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
  /* Known from now on: Enter commits, and the focus that leaves after it must not commit the same once more. */
  g_set_str (&self->text, text);
  g_signal_emit (self, signals[SIGNAL_COMMITTED], 0, text);
}

/* The label lies below and keeps the place; it is seen unless the text view is. */
static void
show_what_is_seen (PkEditableText *self)
{
  GtkTextBuffer *buffer = buffer_of (self);
  gboolean is_empty = gtk_text_buffer_get_char_count (buffer) == 0;
  gboolean is_editing = gtk_widget_has_focus (self->view);
  g_autofree char *text = pk_editable_text_dup_text (self);
  /* A space without width, so that an empty last line has its height. */
  g_autofree char *whole = g_strconcat (text, "\xe2\x80\x8b", NULL);

  gtk_label_set_label (GTK_LABEL (self->label),
                       is_empty && self->placeholder != NULL ? self->placeholder : whole);
  if (is_empty)
    gtk_widget_add_css_class (self->label, "dim-label");
  else
    gtk_widget_remove_css_class (self->label, "dim-label");
  gtk_widget_set_opacity (self->label, is_editing && !is_empty ? 0 : 1);
  gtk_widget_set_opacity (self->view, is_editing ? 1 : 0);
}

static void
enter_cb (PkEditableText *self)
{
  show_what_is_seen (self);
}

static void
leave_cb (PkEditableText *self)
{
  gtk_widget_set_opacity (self->label, 1);
  gtk_widget_set_opacity (self->view, 0);
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

static gboolean
pk_editable_text_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (PK_EDITABLE_TEXT (widget)->view);
}

static void
pk_editable_text_dispose (GObject *object)
{
  g_clear_pointer (&PK_EDITABLE_TEXT (object)->overlay, gtk_widget_unparent);
  G_OBJECT_CLASS (pk_editable_text_parent_class)->dispose (object);
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
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pk_editable_text_dispose;
  G_OBJECT_CLASS (klass)->finalize = pk_editable_text_finalize;
  widget_class->grab_focus = pk_editable_text_grab_focus;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "pk-editable");

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
add_controllers (PkEditableText *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect_swapped (focus, "enter", G_CALLBACK (enter_cb), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (self->view, focus);
  gtk_widget_add_controller (self->view, keys);
}

static void
pk_editable_text_init (PkEditableText *self)
{
  self->text = g_strdup ("");
  self->overlay = gtk_overlay_new ();
  self->label = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (self->label), GTK_NATURAL_WRAP_NONE);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_label_set_yalign (GTK_LABEL (self->label), 0);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->label), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  self->view = gtk_text_view_new ();
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (self->view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (self->view), FALSE);
  gtk_widget_set_opacity (self->view, 0);
  gtk_overlay_set_child (GTK_OVERLAY (self->overlay), self->label);
  gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), self->view);
  gtk_widget_set_parent (self->overlay, GTK_WIDGET (self));
  add_controllers (self);
  g_signal_connect_object (buffer_of (self),
                           "changed",
                           G_CALLBACK (show_what_is_seen),
                           self,
                           G_CONNECT_SWAPPED);
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
  self->placeholder = g_strdup (placeholder);
  gtk_widget_add_css_class (GTK_WIDGET (self),
                            kind == PK_EDITABLE_TITLE ? "pk-editable-title" : "pk-editable-body");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name,
                                  -1);
  show_what_is_seen (self);
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
