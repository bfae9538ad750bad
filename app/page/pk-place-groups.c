/*
 * Rooms by floor and components by building part. A group's rows are made when it is opened first, so that a building with a thousand
 * components opens as fast as a shed. Main thread.
 */
#include "config.h"

#include "pk-place-groups.h"

#include "pk-building-parts.h"
#include "pk-compat.h"
#include "pk-place-tree.h"
#include "pk-row.h"
#include "pk-section.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _PkPlaceGroups
{
  PkPart parent_instance;
  PkGroupsKind kind;
  GtkWidget *section;
  GtkWidget *list;
  GPtrArray *rows;   /* (owned): widgets in the list, not owned */
  GHashTable *open;  /* (owned): keys of groups that are open */
  char *fingerprint; /* (owned) (nullable): of what is shown */
};

/* A group while it is put together. */
typedef struct
{
  char *key;          /* (owned) */
  char *title;        /* (owned) */
  PkRecord *head;     /* (owned) (nullable): the floor itself */
  GPtrArray *records; /* (owned): PkRecord */
} Group;

G_DEFINE_FINAL_TYPE (PkPlaceGroups, pk_place_groups, PK_TYPE_PART)

static void
group_free (gpointer data)
{
  Group *group = data;

  g_free (group->key);
  g_free (group->title);
  g_clear_pointer (&group->head, pk_record_unref);
  g_clear_pointer (&group->records, g_ptr_array_unref);
  g_free (group);
}

static Group *
group_new (const char *key, const char *title)
{
  Group *group = g_new0 (Group, 1);

  group->key = g_strdup (key);
  group->title = g_strdup (title);
  group->records = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  return group;
}

static GPtrArray *
group_rooms (PkPlaceGroups *self, const PkId *building)
{
  PkLibrary *library = pk_part_get_library (PK_PART (self));
  GPtrArray *groups = g_ptr_array_new_with_free_func (group_free);
  g_autoptr (GPtrArray) floors = pk_place_list_floors (library, building);

  for (guint i = 0; i < floors->len; i++)
    {
      PkRecord *floor = g_ptr_array_index (floors, i);
      g_autofree char *key = pk_id_dup_text (pk_record_get_id (floor));
      Group *group = group_new (key, pk_record_get_text (floor, PK_LOCATION_NAME));
      g_autoptr (GPtrArray) rooms = pk_place_list_rooms (library, pk_record_get_id (floor));
      group->head = pk_record_ref (floor);
      for (guint j = 0; j < rooms->len; j++)
        g_ptr_array_add (group->records, pk_record_ref (g_ptr_array_index (rooms, j)));
      g_ptr_array_add (groups, group);
    }
  return groups;
}

static GPtrArray *
group_components (PkPlaceGroups *self, const PkId *building)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func (group_free);
  g_autoptr (GPtrArray)
      parts = pk_place_list_parts (pk_part_get_library (PK_PART (self)), building);
  Group *group = NULL;

  for (guint i = 0; i < parts->len; i++)
    {
      PkRecord *part = g_ptr_array_index (parts, i);
      const char *code = pk_record_get_text (part, PK_COMPONENT_PART_CODE);
      g_autofree char *key = pk_building_part_dup_group (code);
      if (group == NULL || !g_str_equal (group->key, key))
        {
          const char *name = pk_building_part_get_name (code);
          g_autofree char *title = *key != '\0' ? g_strdup_printf ("%s %s", key, name)
                                                : g_strdup (name);
          group = group_new (key, title);
          g_ptr_array_add (groups, group);
        }
      g_ptr_array_add (group->records, pk_record_ref (part));
    }
  return groups;
}

/* Of a floor or room: one group without a heading. */
static GPtrArray *
group_inside (PkPlaceGroups *self, const PkId *location)
{
  PkLibrary *library = pk_part_get_library (PK_PART (self));
  GPtrArray *groups = g_ptr_array_new_with_free_func (group_free);
  g_autoptr (GPtrArray) records = self->kind == PK_GROUPS_ROOMS
                                      ? pk_place_list_rooms (library, location)
                                      : pk_place_list_components (library, location);
  Group *group = group_new ("", "");

  for (guint i = 0; i < records->len; i++)
    g_ptr_array_add (group->records, pk_record_ref (g_ptr_array_index (records, i)));
  if (records->len > 0)
    g_ptr_array_add (groups, group);
  else
    group_free (group);
  return groups;
}

static void
row_activated_cb (GtkListBoxRow *row)
{
  pk_row_open (GTK_WIDGET (row), pk_row_get_item (PK_ROW (gtk_list_box_row_get_child (row))));
}

static GtkWidget *
new_row (PkPlaceGroups *self, PkRecord *record)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *content = pk_row_new ();
  g_autoptr (PkRowItem) item = pk_place_item_new (pk_part_get_library (PK_PART (self)), record);
  g_autofree char *label = pk_row_item_dup_label (item);

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), content);
  pk_row_set_item (PK_ROW (content), item);
  gtk_widget_add_css_class (row, "pk-box-row");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect (row, "activate", G_CALLBACK (row_activated_cb), NULL);
  return row;
}

static void
expanded_cb (AdwExpanderRow *row, GParamSpec *pspec G_GNUC_UNUSED, PkPlaceGroups *self)
{
  const char *key = g_object_get_data (G_OBJECT (row), "key");
  GPtrArray *records = g_object_get_data (G_OBJECT (row), "records");

  if (!adw_expander_row_get_expanded (row))
    {
      g_hash_table_remove (self->open, key);
      return;
    }
  g_hash_table_add (self->open, g_strdup (key));
  if (records == NULL)
    return;
  for (guint i = 0; i < records->len; i++)
    adw_expander_row_add_row (row, new_row (self, g_ptr_array_index (records, i)));
  g_object_set_data (G_OBJECT (row), "records", NULL);
}

static char *
subtitle_of (PkPlaceGroups *self, const Group *group)
{
  guint n = group->records->len;
  double area = 0;

  if (self->kind == PK_GROUPS_COMPONENTS)
    return g_strdup_printf (ngettext ("%u component", "%u components", n), n);
  for (guint i = 0; i < n; i++)
    area += pk_record_get_real (g_ptr_array_index (group->records, i), PK_LOCATION_AREA_M2, 0);
  g_autofree char *rooms = g_strdup_printf (ngettext ("%u room", "%u rooms", n), n);
  return area > 0 ? g_strdup_printf (_ ("%1$s · %2$.0f m²"), rooms, area)
                  : g_steal_pointer (&rooms);
}

static void
add_plan_button (AdwExpanderRow *row, PkRecord *floor)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("go-next-symbolic");
  g_autofree char *id = pk_id_dup_text (pk_record_get_id (floor));
  /* Translators: %s is a floor */
  g_autofree char *name = g_strdup_printf (_ ("Open %s"),
                                           pk_record_get_text (floor, PK_LOCATION_NAME));

  pk_compat_set_name (button, name);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.open-location");
  pk_compat_add_expander_button (GTK_WIDGET (row), button);
}

static void
add_group (PkPlaceGroups *self, Group *group)
{
  GtkWidget *row = adw_expander_row_new ();
  g_autofree char *title = g_markup_escape_text (group->title, -1);
  g_autofree char *subtitle = subtitle_of (self, group);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), subtitle);
  if (group->head != NULL)
    add_plan_button (ADW_EXPANDER_ROW (row), group->head);
  g_object_set_data_full (G_OBJECT (row), "key", g_strdup (group->key), g_free);
  g_object_set_data_full (G_OBJECT (row),
                          "records",
                          g_ptr_array_ref (group->records),
                          (GDestroyNotify) g_ptr_array_unref);
  g_signal_connect_object (row, "notify::expanded", G_CALLBACK (expanded_cb), self, 0);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row);
  g_ptr_array_add (self->rows, row);
  if (g_hash_table_contains (self->open, group->key))
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);
}

static void
add_plain (PkPlaceGroups *self, Group *group)
{
  for (guint i = 0; i < group->records->len; i++)
    {
      GtkWidget *row = new_row (self, g_ptr_array_index (group->records, i));
      gtk_list_box_append (GTK_LIST_BOX (self->list), row);
      g_ptr_array_add (self->rows, row);
    }
}

static char *
fingerprint_of (GPtrArray *groups)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < groups->len; i++)
    {
      Group *group = g_ptr_array_index (groups, i);
      g_string_append_printf (text, "%s|%s|", group->key, group->title);
      for (guint j = 0; j < group->records->len; j++)
        {
          PkRecord *record = g_ptr_array_index (group->records, j);
          char id[PK_ID_TEXT_LENGTH + 1];
          g_string_append_printf (text,
                                  "%s:%" G_GINT64_FORMAT ",",
                                  pk_id_to_text (pk_record_get_id (record), id),
                                  pk_record_get_seq (record));
        }
    }
  return g_string_free (text, FALSE);
}

static void
show_groups (PkPlaceGroups *self, GPtrArray *groups)
{
  for (guint i = 0; i < self->rows->len; i++)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < groups->len; i++)
    {
      Group *group = g_ptr_array_index (groups, i);
      if (*group->title != '\0')
        add_group (self, group);
      else
        add_plain (self, group);
    }
}

static void
pk_place_groups_update (PkPart *part)
{
  PkPlaceGroups *self = PK_PLACE_GROUPS (part);
  PkRecord *record = pk_part_get_record (part);
  const PkId *id = pk_record_get_id (record);
  guint entity = pk_record_get_entity (record)->id;
  g_autoptr (GPtrArray) groups = entity != PK_ENTITY_BUILDING    ? group_inside (self, id)
                                 : self->kind == PK_GROUPS_ROOMS ? group_rooms (self, id)
                                                                 : group_components (self, id);
  g_autofree char *fingerprint = fingerprint_of (groups);

  gtk_widget_set_visible (GTK_WIDGET (self), groups->len > 0);
  if (g_strcmp0 (fingerprint, self->fingerprint) == 0)
    return;
  g_free (self->fingerprint);
  self->fingerprint = g_steal_pointer (&fingerprint);
  show_groups (self, groups);
}

static void
pk_place_groups_build (PkPart *part)
{
  PkPlaceGroups *self = PK_PLACE_GROUPS (part);

  self->section = pk_section_new (_ ("Rooms"));
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  pk_section_append (PK_SECTION (self->section), self->list);
  pk_part_append (part, self->section);
}

static void
pk_place_groups_finalize (GObject *object)
{
  PkPlaceGroups *self = PK_PLACE_GROUPS (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->open, g_hash_table_unref);
  g_free (self->fingerprint);
  G_OBJECT_CLASS (pk_place_groups_parent_class)->finalize (object);
}

static void
pk_place_groups_class_init (PkPlaceGroupsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_place_groups_finalize;
  PK_PART_CLASS (klass)->build = pk_place_groups_build;
  PK_PART_CLASS (klass)->update = pk_place_groups_update;
}

static void
pk_place_groups_init (PkPlaceGroups *self)
{
  self->rows = g_ptr_array_new ();
  self->open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * pk_place_groups_new:
 * @client: how it acts
 * @detail: a building or location
 * @kind: what of it
 *
 * Returns: (transfer floating): what lies in the place; hidden where there is nothing
 */
GtkWidget *
pk_place_groups_new (PkClient *client, PkDetail *detail, PkGroupsKind kind)
{
  GtkWidget *widget = pk_part_new (PK_TYPE_PLACE_GROUPS, client, detail);
  PkPlaceGroups *self = PK_PLACE_GROUPS (widget);
  const char *title = kind == PK_GROUPS_ROOMS ? _ ("Rooms") : _ ("Components");

  self->kind = kind;
  pk_section_set_title (PK_SECTION (self->section), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title,
                                  -1);
  return widget;
}
