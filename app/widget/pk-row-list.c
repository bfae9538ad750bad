/*
 * A list of rows over a row model. Rows open on a single click or Enter; while several are chosen a click chooses. What stands in
 * place of an empty list is the page's own; a list that is still being read says nothing, because it takes no time. Words are made into
 * widgets when they are first shown: most lists never show them. Main thread.
 */
#include "config.h"

#include "pk-row-list.h"

#include "pk-row.h"
#include "pk-section.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _PkRowList
{
  GtkWidget parent_instance;
  GtkWidget *stack;
  GtkListView *view;
  PkRowListWords empty;         /* its title: NULL where the page has none */
  PkRowModel *model;            /* (owned) (nullable) */
  GtkSelectionModel *selection; /* (owned) (nullable) */
  gboolean is_choosing;
};

G_DEFINE_FINAL_TYPE (PkRowList, pk_row_list, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_CHOSEN_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show_words (PkRowList *self, const char *name, const PkRowListWords *words)
{
  if (gtk_stack_get_child_by_name (GTK_STACK (self->stack), name) == NULL)
    gtk_stack_add_named (GTK_STACK (self->stack),
                         pk_empty_new (words->icon_name,
                                       words->title,
                                       words->text,
                                       words->action_label,
                                       words->detailed_action),
                         name);
}

static void
show_state (PkRowList *self)
{
  const PkRowListWords broken = {
    .icon_name = "pk-sync-attention-symbolic",
    .title = _ ("The list cannot be read"),
    .text = _ ("What you have done is safe. Close Påkobla and open it again."),
  };
  const char *name = "rows";

  if (pk_row_model_get_error (self->model) != NULL)
    name = "broken";
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    name = pk_row_model_is_ready (self->model) && self->empty.title != NULL ? "empty" : "loading";
  if (g_str_equal (name, "broken"))
    show_words (self, name, &broken);
  if (g_str_equal (name, "empty"))
    show_words (self, name, &self->empty);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), name);
}

static void
activated_cb (PkRowList *self, guint position)
{
  g_autoptr (PkRowItem) item = g_list_model_get_item (G_LIST_MODEL (self->model), position);

  if (item != NULL)
    pk_row_open (GTK_WIDGET (self), item);
}

static void
selection_changed_cb (PkRowList *self)
{
  g_signal_emit (self, signals[SIGNAL_CHOSEN_CHANGED], 0);
}

static void
update_selection (PkRowList *self)
{
  GListModel *rows = G_LIST_MODEL (g_object_ref (self->model));

  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_func (self->selection, selection_changed_cb, self);
  g_clear_object (&self->selection);
  if (self->is_choosing)
    self->selection = GTK_SELECTION_MODEL (gtk_multi_selection_new (rows));
  else
    {
      self->selection = GTK_SELECTION_MODEL (gtk_single_selection_new (rows));
      gtk_single_selection_set_autoselect (GTK_SINGLE_SELECTION (self->selection), FALSE);
      gtk_single_selection_set_can_unselect (GTK_SINGLE_SELECTION (self->selection), TRUE);
    }
  g_signal_connect_object (self->selection,
                           "selection-changed",
                           G_CALLBACK (selection_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  gtk_list_view_set_single_click_activate (self->view, !self->is_choosing);
  gtk_list_view_set_enable_rubberband (self->view, self->is_choosing);
  gtk_list_view_set_model (self->view, self->selection);
}

static void
pk_row_list_dispose (GObject *object)
{
  PkRowList *self = PK_ROW_LIST (object);

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, show_state, self);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  g_clear_pointer (&self->stack, gtk_widget_unparent);
  G_OBJECT_CLASS (pk_row_list_parent_class)->dispose (object);
}

static gboolean
pk_row_list_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (PK_ROW_LIST (widget)->view));
}

static void
pk_row_list_class_init (PkRowListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_row_list_dispose;
  GTK_WIDGET_CLASS (klass)->grab_focus = pk_row_list_grab_focus;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);

  /**
   * PkRowList::chosen-changed:
   *
   * Other rows are chosen.
   */
  signals[SIGNAL_CHOSEN_CHANGED] = g_signal_new ("chosen-changed",
                                                 G_TYPE_FROM_CLASS (klass),
                                                 G_SIGNAL_RUN_LAST,
                                                 0,
                                                 NULL,
                                                 NULL,
                                                 NULL,
                                                 G_TYPE_NONE,
                                                 0);
}

static void
pk_row_list_init (PkRowList *self)
{
  g_autoptr (GtkListItemFactory) factory = pk_row_factory_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->stack = gtk_stack_new ();
  gtk_stack_set_hhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_stack_set_vhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_widget_set_vexpand (self->stack, TRUE);
  self->view = GTK_LIST_VIEW (gtk_list_view_new (NULL, g_steal_pointer (&factory)));
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "pk-rows");
  g_signal_connect_swapped (self->view, "activate", G_CALLBACK (activated_cb), self);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller),
                                  GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->view));
  gtk_stack_add_named (GTK_STACK (self->stack), scroller, "rows");
  gtk_stack_add_named (GTK_STACK (self->stack), adw_bin_new (), "loading");
  gtk_widget_set_parent (self->stack, GTK_WIDGET (self));
}

/**
 * pk_row_list_new:
 *
 * Returns: (transfer floating): a list without a model yet
 */
GtkWidget *
pk_row_list_new (void)
{
  return g_object_new (PK_TYPE_ROW_LIST, NULL);
}

/**
 * pk_row_list_set_model:
 * @self: a list
 * @model: its rows
 *
 * Shows @model, once.
 */
void
pk_row_list_set_model (PkRowList *self, PkRowModel *model)
{
  g_return_if_fail (PK_IS_ROW_LIST (self));

  g_set_object (&self->model, model);
  g_signal_connect_object (model,
                           "state-changed",
                           G_CALLBACK (show_state),
                           self,
                           G_CONNECT_SWAPPED);
  update_selection (self);
  show_state (self);
}

/**
 * pk_row_list_get_model:
 * @self: a list
 *
 * Returns: (transfer none) (nullable): its rows
 */
PkRowModel *
pk_row_list_get_model (PkRowList *self)
{
  return self->model;
}

/**
 * pk_row_list_set_empty:
 * @self: a list
 * @words: what stands there when it has no rows
 *
 * Says why a list may be empty, and a way on.
 */
void
pk_row_list_set_empty (PkRowList *self, const PkRowListWords *words)
{
  GtkWidget *before = gtk_stack_get_child_by_name (GTK_STACK (self->stack), "empty");

  if (before != NULL)
    gtk_stack_remove (GTK_STACK (self->stack), before);
  self->empty = *words;
  if (self->model != NULL)
    show_state (self);
}

/**
 * pk_row_list_set_label:
 * @self: a list
 * @label: what the list is, for screen readers
 *
 * Names the list.
 */
void
pk_row_list_set_label (PkRowList *self, const char *label)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label,
                                  -1);
}

/**
 * pk_row_list_set_is_choosing:
 * @self: a list
 * @is_choosing: whether several rows can be chosen
 *
 * Begins or ends choosing.
 */
void
pk_row_list_set_is_choosing (PkRowList *self, gboolean is_choosing)
{
  if (self->is_choosing == is_choosing)
    return;
  self->is_choosing = is_choosing;
  update_selection (self);
  g_signal_emit (self, signals[SIGNAL_CHOSEN_CHANGED], 0);
}

/**
 * pk_row_list_get_chosen:
 * @self: a list
 *
 * Returns: (transfer full): positions of the rows that are chosen
 */
GtkBitset *
pk_row_list_get_chosen (PkRowList *self)
{
  return self->is_choosing ? gtk_selection_model_get_selection (self->selection)
                           : gtk_bitset_new_empty ();
}

/**
 * pk_row_list_count_chosen:
 * @self: a list
 *
 * Returns: how many rows are chosen, headings left out
 */
guint
pk_row_list_count_chosen (PkRowList *self)
{
  g_autoptr (GtkBitset) chosen = pk_row_list_get_chosen (self);
  GtkBitsetIter iter;
  guint position, n_chosen = 0;

  for (gboolean is_valid = gtk_bitset_iter_init_first (&iter, chosen, &position); is_valid;
       is_valid = gtk_bitset_iter_next (&iter, &position))
    n_chosen += pk_row_model_get_number (self->model, position) > 0;
  return n_chosen;
}

/**
 * pk_row_list_focus:
 * @self: a list
 *
 * Moves the focus into the list.
 */
void
pk_row_list_focus (PkRowList *self)
{
  gtk_widget_child_focus (GTK_WIDGET (self->view), GTK_DIR_TAB_FORWARD);
}
