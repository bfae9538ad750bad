/* The frame of a detail page: scrolling, width, and the states without a record. Main thread. */
#include "config.h"

#include "pk-detail-frame.h"

#include "pk-section.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define READABLE_WIDTH 760

struct _PkDetailFrame
{
  GtkWidget parent_instance;
  PkDetail *detail; /* (owned) */
  GtkWidget *stack;
  GtkWidget *scroller;
  GtkWidget *column;
};

G_DEFINE_FINAL_TYPE (PkDetailFrame, pk_detail_frame, GTK_TYPE_WIDGET)

static void
detail_changed_cb (PkDetailFrame *self)
{
  static const char *const names
      [] = { [PK_DETAIL_EMPTY] = "empty", [PK_DETAIL_SHOWN] = "shown", [PK_DETAIL_GONE] = "gone" };

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack),
                                    names[pk_detail_get_state (self->detail)]);
}

static GtkWidget *
new_column (PkDetailFrame *self)
{
  GtkWidget *clamp = adw_clamp_new ();

  self->scroller = gtk_scrolled_window_new ();
  self->column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  gtk_widget_add_css_class (self->column, "pk-detail");
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), READABLE_WIDTH);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), READABLE_WIDTH);
  adw_clamp_set_child (ADW_CLAMP (clamp), self->column);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller),
                                  GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), clamp);
  return self->scroller;
}

static void
pk_detail_frame_dispose (GObject *object)
{
  PkDetailFrame *self = PK_DETAIL_FRAME (object);

  g_clear_pointer (&self->stack, gtk_widget_unparent);
  g_clear_object (&self->detail);
  G_OBJECT_CLASS (pk_detail_frame_parent_class)->dispose (object);
}

static void
pk_detail_frame_class_init (PkDetailFrameClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_detail_frame_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pk_detail_frame_init (PkDetailFrame *self)
{
  self->stack = gtk_stack_new ();
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_parent (self->stack, GTK_WIDGET (self));
}

/**
 * pk_detail_frame_new:
 * @detail: what the page shows
 * @icon_name: the shape of such records
 * @empty_title: what to say where nothing was chosen
 *
 * Returns: (transfer floating): the frame
 */
GtkWidget *
pk_detail_frame_new (PkDetail *detail, const char *icon_name, const char *empty_title)
{
  PkDetailFrame *self = g_object_new (PK_TYPE_DETAIL_FRAME, NULL);

  self->detail = g_object_ref (detail);
  gtk_stack_add_named (GTK_STACK (self->stack),
                       pk_empty_new (icon_name, empty_title, NULL, NULL, NULL),
                       "empty");
  gtk_stack_add_named (GTK_STACK (self->stack), new_column (self), "shown");
  gtk_stack_add_named (
      GTK_STACK (self->stack),
      pk_empty_new (
          "changes-prevent-symbolic",
          _ ("Not here any more"),
          _ ("It was deleted, or you no longer have access to it. What you had not sent is "
             "kept: open the sync state to see it."),
          _ ("_Show the sync state"),
          "win.show-sync"),
      "gone");
  g_signal_connect_object (detail,
                           "changed",
                           G_CALLBACK (detail_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  detail_changed_cb (self);
  return GTK_WIDGET (self);
}

/**
 * pk_detail_frame_append:
 * @self: a frame
 * @child: a part of the page
 *
 * Adds a part below the others.
 */
void
pk_detail_frame_append (PkDetailFrame *self, GtkWidget *child)
{
  g_return_if_fail (PK_IS_DETAIL_FRAME (self));
  gtk_box_append (GTK_BOX (self->column), child);
}

/**
 * pk_detail_frame_scroll_to_top:
 * @self: a frame
 *
 * Begins at the top, as for another record.
 */
void
pk_detail_frame_scroll_to_top (PkDetailFrame *self)
{
  g_return_if_fail (PK_IS_DETAIL_FRAME (self));
  gtk_adjustment_set_value (
      gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller)),
      0);
}
