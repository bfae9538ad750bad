/* What the parts of detail pages have in common. Main thread. */
#include "config.h"

#include "pk-part.h"

typedef struct
{
  PkClient *client; /* (owned) */
  PkDetail *detail; /* (owned) */
} PkPartPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PkPart, pk_part, GTK_TYPE_WIDGET)

static void
detail_changed_cb (PkPart *self)
{
  PkPartClass *klass = PK_PART_GET_CLASS (self);

  if (pk_part_get_record (self) != NULL && klass->update != NULL)
    klass->update (self);
}

static void
pk_part_dispose (GObject *object)
{
  PkPartPrivate *private = pk_part_get_instance_private (PK_PART (object));
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&private->client);
  g_clear_object (&private->detail);
  G_OBJECT_CLASS (pk_part_parent_class)->dispose (object);
}

static void
pk_part_class_init (PkPartClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_part_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
pk_part_init (PkPart *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 12);
}

/**
 * pk_part_new:
 * @type: a kind of part
 * @client: how it acts
 * @detail: what it shows
 *
 * Makes a part that follows @detail.
 *
 * Returns: (transfer floating): the part
 */
GtkWidget *
pk_part_new (GType type, PkClient *client, PkDetail *detail)
{
  PkPart *self = g_object_new (type, NULL);
  PkPartPrivate *private = pk_part_get_instance_private (self);

  private->client = g_object_ref (client);
  private->detail = g_object_ref (detail);
  PK_PART_GET_CLASS (self)->build (self);
  g_signal_connect_object (detail,
                           "changed",
                           G_CALLBACK (detail_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  detail_changed_cb (self);
  return GTK_WIDGET (self);
}

/**
 * pk_part_append:
 * @self: a part
 * @child: a widget
 *
 * Adds a widget at the end of the column.
 */
void
pk_part_append (PkPart *self, GtkWidget *child)
{
  gtk_widget_insert_before (child, GTK_WIDGET (self), NULL);
}

/**
 * pk_part_get_client:
 * @self: a part
 *
 * Returns: (transfer none): how it acts
 */
PkClient *
pk_part_get_client (PkPart *self)
{
  PkPartPrivate *private = pk_part_get_instance_private (self);

  return private->client;
}

/**
 * pk_part_get_detail:
 * @self: a part
 *
 * Returns: (transfer none): what it shows
 */
PkDetail *
pk_part_get_detail (PkPart *self)
{
  PkPartPrivate *private = pk_part_get_instance_private (self);

  return private->detail;
}

/**
 * pk_part_get_library:
 * @self: a part
 *
 * Returns: (transfer none): where it reads
 */
PkLibrary *
pk_part_get_library (PkPart *self)
{
  return pk_client_get_library (pk_part_get_client (self));
}

/**
 * pk_part_get_record:
 * @self: a part
 *
 * Returns: (transfer none) (nullable): the record as it is now
 */
PkRecord *
pk_part_get_record (PkPart *self)
{
  return pk_detail_get_record (pk_part_get_detail (self));
}

/**
 * pk_part_run:
 * @self: a part
 * @command: (transfer full): what the person does
 *
 * Runs a command; the window shows what came of it.
 */
void
pk_part_run (PkPart *self, PkCommand *command)
{
  g_autoptr (PkCommand) owned = command;

  pk_client_run (pk_part_get_client (self), owned);
}
