/* Records as rows: what goes in comes out, for every entity and every type. */
#include "config.h"

#include "pk-table.h"

#include "pk-codec.h"
#include "pk-model-tables.h"
#include "pk-query.h"

static PkValue
make_value (const PkField *field, PkIdSource *ids)
{
  PkId id = pk_id_source_next (ids);

  switch (field->type)
    {
    case PK_TYPE_INT:
    case PK_TYPE_TIME:
      return pk_value_int ((gint64) CLAMP (1000, field->min, field->max));
    case PK_TYPE_BOOL:
      return pk_value_int (1);
    case PK_TYPE_REAL:
      return pk_value_real (CLAMP (63.25, field->min, field->max));
    case PK_TYPE_ENUM:
      return pk_value_int (field->values->n_values - 1);
    case PK_TYPE_ID:
      return pk_value_id (&id);
    case PK_TYPE_DATE:
      return pk_value_text ("2026-11-23");
    case PK_TYPE_SET:
      return pk_value_text ("a\nb");
    case PK_TYPE_TEXT:
    case PK_TYPE_LONG_TEXT:
    default:
      return pk_value_text ("æøå");
    }
}

static PkRecord *
make_record (const PkEntity *entity, PkIdSource *ids)
{
  PkId id = pk_id_source_next (ids);
  PkRecord *record = pk_record_new (entity, &id);

  for (guint i = 0; i < entity->n_fields; i++)
    pk_record_take (record, i, make_value (&entity->fields[i], ids));
  pk_record_set_seq (record, 7);
  return record;
}

static void
test_every_entity_comes_back_unchanged (void)
{
  g_autoptr (PkClock) clock = pk_clock_new_manual (1700000000000000);
  g_autoptr (PkIdSource) ids = pk_id_source_new_seeded (clock, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (PkSql) sql = pk_sql_open (":memory:", PK_SQL_READ_WRITE, &error);
  g_autoptr (PkTables) tables = pk_tables_new (sql);

  g_assert_true (pk_tables_create (tables, "main", &error));
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      const PkEntity *entity = &pk_model.entities[i];
      g_autoptr (PkRecord) record = make_record (entity, ids);
      g_assert_true (pk_tables_create_indexes (tables, entity, &error));
      g_assert_no_error (error);
      g_assert_true (pk_tables_upsert (tables, record, &error));
      g_autoptr (PkRecord)
          read = pk_tables_find (tables, entity, pk_record_get_id (record), &error);
      g_assert_no_error (error);
      g_assert_nonnull (read);
      g_assert_true (pk_record_equal (record, read));
      g_assert_cmpint (pk_record_get_seq (read), ==, 7);
      g_assert_true (pk_tables_delete (tables, entity, pk_record_get_id (record), &error));
      g_assert_null (pk_tables_find (tables, entity, pk_record_get_id (record), &error));
    }
}

static void
test_every_entity_reads_back_from_its_json (void)
{
  g_autoptr (PkClock) clock = pk_clock_new_manual (1700000000000000);
  g_autoptr (PkIdSource) ids = pk_id_source_new_seeded (clock, 2);

  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      g_autoptr (PkRecord) record = make_record (&pk_model.entities[i], ids);
      g_autoptr (GString) json = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      pk_codec_append_record (json, record);
      g_autoptr (JsonNode) node = pk_json_parse (json->str, json->len, &error);
      g_assert_no_error (error);
      g_autoptr (PkRecord) read = pk_codec_read_record (&pk_model.entities[i], node, &error);
      g_assert_no_error (error);
      g_assert_true (pk_record_equal (record, read));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/table/every-entity-comes-back-unchanged",
                   test_every_entity_comes_back_unchanged);
  g_test_add_func ("/table/every-entity-reads-back-from-its-json",
                   test_every_entity_reads_back_from_its_json);
  return g_test_run ();
}
