/*
 * A change in words. Refused: why, the values, and correct, copy, discard. Merged: both values side by side, who wrote the other one,
 * and bringing back the one that gave way. Waiting: what it is. Main thread.
 */
#include "config.h"

#include "pk-outbox-card.h"

#include "pk-attention-commands.h"
#include "pk-compat.h"
#include "pk-record-commands.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* What the buttons of a card act on. */
typedef struct
{
  PkClient *client;   /* (owned) */
  PkOutboxItem *item; /* (owned) */
  GHashTable *rows;   /* (owned): place of a field → AdwEntryRow that corrects it */
} Card;

static void
card_free (gpointer data)
{
  Card *card = data;

  g_object_unref (card->client);
  g_object_unref (card->item);
  g_hash_table_unref (card->rows);
  g_free (card);
}

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
copy_cb (GtkWidget *button, Card *card)
{
  g_autofree char *text = pk_attention_copy_text (pk_outbox_item_get_mutation (card->item));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (button), text);
  pk_client_say (card->client, _ ("Copied"));
}

static void
discard_cb (GtkWidget *button G_GNUC_UNUSED, Card *card)
{
  g_autoptr (PkCommand) command = pk_discard_command_new (pk_outbox_item_get_place (card->item),
                                                          pk_outbox_item_get_mutation (card->item));

  pk_client_run (card->client, command);
}

static void
resend_cb (GtkWidget *button G_GNUC_UNUSED, Card *card)
{
  PkMutation *mutation = pk_outbox_item_get_mutation (card->item);
  g_autoptr (PkValues) values = pk_values_copy (mutation->fields);
  GHashTableIter iter;
  gpointer place, row;

  g_hash_table_iter_init (&iter, card->rows);
  while (g_hash_table_iter_next (&iter, &place, &row))
    pk_values_take (values,
                    GPOINTER_TO_UINT (place),
                    pk_value_text (gtk_editable_get_text (GTK_EDITABLE (row))));
  g_autoptr (PkCommand)
      command = pk_resend_command_new (pk_outbox_item_get_place (card->item), mutation, values);
  pk_client_run (card->client, command);
}

static void
restore_cb (GtkWidget *button, Card *card)
{
  PkRecord *history = g_object_get_data (G_OBJECT (button), "pk-history");
  g_autoptr (PkRecord)
      record = pk_outbox_item_dup_record (card->item, pk_client_get_library (card->client));

  if (record == NULL)
    {
      pk_client_say (card->client, _ ("It is not here any more"));
      return;
    }
  g_autoptr (PkCommand) command = pk_restore_value_command_new (record, history);
  pk_client_run (card->client, command);
}

static void
add_verb (GtkWidget *box, const char *label, GCallback callback, Card *card)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  pk_compat_name_buttons (button);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  pk_outbox_item_get_title (card->item),
                                  -1);
  g_signal_connect (button, "clicked", callback, card);
  gtk_box_append (GTK_BOX (box), button);
}

static gboolean
is_text (const PkField *field)
{
  return field->type == PK_TYPE_TEXT || field->type == PK_TYPE_LONG_TEXT;
}

/* Texts can be corrected where they stand; other values are shown. */
static GtkWidget *
new_refused_field (Card *card, const PkOutboxField *field)
{
  const PkValues *values = pk_outbox_item_get_mutation (card->item)->fields;
  GtkWidget *row;

  if (is_text (&values->fields[field->place]))
    {
      row = adw_entry_row_new ();
      gtk_editable_set_text (GTK_EDITABLE (row), field->mine);
      g_hash_table_insert (card->rows, GUINT_TO_POINTER (field->place), row);
    }
  else
    {
      row = adw_action_row_new ();
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), field->mine);
    }
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), field->label);
  if (field->is_fault)
    gtk_widget_add_css_class (row, "error");
  return row;
}

static void
add_refused (GtkWidget *box, Card *card)
{
  guint n;
  const PkOutboxField *fields = pk_outbox_item_get_fields (card->item, &n);
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *verbs = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  if (pk_outbox_item_get_reason (card->item) != NULL)
    gtk_box_append (GTK_BOX (box), new_label (pk_outbox_item_get_reason (card->item), NULL));
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What you wrote"),
                                  -1);
  for (guint i = 0; i < n; i++)
    gtk_list_box_append (GTK_LIST_BOX (list), new_refused_field (card, &fields[i]));
  gtk_widget_set_visible (list, n > 0);
  gtk_box_append (GTK_BOX (box), list);
  if (pk_outbox_item_get_mutation (card->item) == NULL)
    return;
  gtk_widget_set_halign (verbs, GTK_ALIGN_END);
  add_verb (verbs, _ ("_Discard"), G_CALLBACK (discard_cb), card);
  add_verb (verbs, _ ("_Copy"), G_CALLBACK (copy_cb), card);
  add_verb (verbs, _ ("_Send again"), G_CALLBACK (resend_cb), card);
  gtk_box_append (GTK_BOX (box), verbs);
}

static GtkWidget *
new_value (const char *heading, const char *value, const char *css_class)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *caption = new_label (heading, "caption");
  GtkWidget *text = new_label (value == NULL || value[0] == '\0' ? _ ("Nothing") : value, NULL);

  gtk_widget_add_css_class (caption, "dim-label");
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (text),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  heading,
                                  -1);
  gtk_box_append (GTK_BOX (box), caption);
  gtk_box_append (GTK_BOX (box), text);
  gtk_widget_add_css_class (box, css_class);
  gtk_widget_set_hexpand (box, TRUE);
  return box;
}

/* A change of somebody came later, and the person's value gave way to it. */
static void
add_both_values (GtkWidget *values, const PkOutboxField *field)
{
  g_autofree char *theirs = NULL;

  if (field->gave_way)
    {
      theirs = field->who == NULL
                   ? g_strdup (_ ("What stands now"))
                   /* Translators: %s is a person */
                   : g_strdup_printf (_ ("%s changed it, and now it says"), field->who);
      gtk_box_append (GTK_BOX (values),
                      new_value (_ ("You wrote, and it gave way"), field->mine, "pk-value-mine"));
    }
  else
    {
      theirs = field->who == NULL ? g_strdup (_ ("The other value"))
                                  /* Translators: %s is a person */
                                  : g_strdup_printf (_ ("%s wrote"), field->who);
      gtk_box_append (GTK_BOX (values),
                      new_value (_ ("You wrote, and it stands"), field->mine, "pk-value-mine"));
    }
  if (field->history != NULL)
    gtk_box_append (GTK_BOX (values), new_value (theirs, field->theirs, "pk-value-theirs"));
}

static void
add_merged_field (GtkWidget *box, Card *card, const PkOutboxField *field)
{
  GtkWidget *values = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_box_append (GTK_BOX (box), new_label (field->label, "heading"));
  gtk_box_set_homogeneous (GTK_BOX (values), TRUE);
  add_both_values (values, field);
  gtk_box_append (GTK_BOX (box), values);
  if (field->history == NULL)
    {
      gtk_box_append (GTK_BOX (box),
                      new_label (_ ("What somebody else wrote stands beside it."), NULL));
      return;
    }
  GtkWidget *button = gtk_button_new_with_mnemonic (
      field->gave_way ? _ ("_Bring back what you wrote") : _ ("_Bring back the other value"));
  gtk_widget_set_halign (button, GTK_ALIGN_END);
  g_object_set_data_full (G_OBJECT (button),
                          "pk-history",
                          pk_record_ref (field->history),
                          (GDestroyNotify) pk_record_unref);
  g_signal_connect (button, "clicked", G_CALLBACK (restore_cb), card);
  gtk_box_append (GTK_BOX (box), button);
}

static void
add_merged (GtkWidget *box, Card *card)
{
  guint n;
  const PkOutboxField *fields = pk_outbox_item_get_fields (card->item, &n);

  if (pk_outbox_item_get_reason (card->item) != NULL)
    {
      gtk_box_append (GTK_BOX (box), new_label (pk_outbox_item_get_reason (card->item), NULL));
      return;
    }
  for (guint i = 0; i < n; i++)
    add_merged_field (box, card, &fields[i]);
  if (n == 0)
    gtk_box_append (GTK_BOX (box),
                    new_label (_ ("Somebody else changed it too. Both changes stand."), NULL));
}

/**
 * pk_outbox_card_new:
 * @client: what pages get
 * @item: the change
 * @kind: what became of it
 *
 * Returns: (transfer floating): the change in words, with what can be done about it
 */
GtkWidget *
pk_outbox_card_new (PkClient *client, PkOutboxItem *item, PkOutboxItemKind kind)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  Card *card = g_new0 (Card, 1);

  card->client = g_object_ref (client);
  card->item = g_object_ref (item);
  card->rows = g_hash_table_new (NULL, NULL);
  g_object_set_data_full (G_OBJECT (box), "pk-card", card, card_free);
  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "pk-field");
  gtk_box_append (GTK_BOX (box), new_label (pk_outbox_item_get_title (item), "heading"));
  GtkWidget *detail = new_label (pk_outbox_item_get_detail (item), "caption");
  gtk_widget_add_css_class (detail, "dim-label");
  gtk_box_append (GTK_BOX (box), detail);
  if (kind == PK_OUTBOX_ITEM_ATTENTION)
    add_refused (box, card);
  else if (kind == PK_OUTBOX_ITEM_MERGED)
    add_merged (box, card);
  return box;
}
