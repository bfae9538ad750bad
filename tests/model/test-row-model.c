/* A list of a million rows: how much is asked for, and how little is told when the answer changes. */
#include "config.h"

#include "pk-row-model.h"

#include "pk-model-tables.h"

#define MILLION 1000000

/* A source whose answer the test sets; it counts how many rows were filled. */
#define TYPE_FAKE_SOURCE (fake_source_get_type ())
G_DECLARE_FINAL_TYPE (FakeSource, fake_source, FAKE, SOURCE, GObject)

struct _FakeSource
{
  GObject parent_instance;
  GArray *answer; /* (owned) */
  guint n_filled;
  guint n_pages;
  guint version;
};

static void fake_iface_init (PkRowSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeSource,
                               fake_source,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PK_TYPE_ROW_SOURCE, fake_iface_init))

static void
fake_query_async (PkRowSource *source,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  FakeSource *self = FAKE_SOURCE (source);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_return_pointer (task, g_array_copy (self->answer), (GDestroyNotify) g_array_unref);
}

static GArray *
fake_query_finish (PkRowSource *source G_GNUC_UNUSED, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_fill (PkRowSource *source, const gint64 *numbers, PkRowItem **items, guint n)
{
  FakeSource *self = FAKE_SOURCE (source);

  g_assert_cmpuint (n, <=, PK_ROW_PAGE);
  self->n_pages++;
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *title =
          g_strdup_printf ("%" G_GINT64_FORMAT " v%u", numbers[i], self->version);
      PkId id = { { 0 } };
      memcpy (id.bytes, &numbers[i], sizeof numbers[i]);
      pk_row_item_fill (items[i], PK_ENTITY_TASK, &id, &(PkRowFace){ .title = title });
      self->n_filled++;
    }
}

static void
fake_iface_init (PkRowSourceInterface *iface)
{
  iface->query_async = fake_query_async;
  iface->query_finish = fake_query_finish;
  iface->fill = fake_fill;
}

static void
fake_source_finalize (GObject *object)
{
  g_array_unref (FAKE_SOURCE (object)->answer);
  G_OBJECT_CLASS (fake_source_parent_class)->finalize (object);
}

static void
fake_source_class_init (FakeSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_source_finalize;
}

static void
fake_source_init (FakeSource *self)
{
  self->answer = g_array_new (FALSE, FALSE, sizeof (gint64));
}

static FakeSource *
new_source (guint n)
{
  FakeSource *source = g_object_new (TYPE_FAKE_SOURCE, NULL);

  for (gint64 number = 1; number <= n; number++)
    g_array_append_val (source->answer, number);
  return source;
}

/* What a list view hears. It checks that what was told adds up to what is there. */
typedef struct
{
  guint n_items;
  guint n_emissions;
  guint n_told;
} Listener;

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  Listener *listener = data;

  g_assert_cmpuint (position + removed, <=, listener->n_items);
  listener->n_items += added - removed;
  listener->n_emissions++;
  listener->n_told += added + removed;
  g_assert_cmpuint (listener->n_items, ==, g_list_model_get_n_items (model));
}

static void
settle (PkRowModel *model)
{
  while (pk_row_model_is_loading (model))
    g_main_context_iteration (NULL, TRUE);
}

static PkRowModel *
new_model (FakeSource *source, Listener *listener)
{
  PkRowModel *model = pk_row_model_new (PK_ROW_SOURCE (source));

  settle (model);
  *listener = (Listener){ .n_items = g_list_model_get_n_items (G_LIST_MODEL (model)) };
  g_signal_connect (model, "items-changed", G_CALLBACK (items_changed_cb), listener);
  return model;
}

static void
change (FakeSource *source, PkRowModel *model)
{
  source->version++;
  pk_row_source_emit_stale (PK_ROW_SOURCE (source));
  settle (model);
}

static void
assert_same (FakeSource *source, PkRowModel *model)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (model));

  g_assert_cmpuint (n, ==, source->answer->len);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (pk_row_model_get_number (model, i),
                     ==,
                     g_array_index (source->answer, gint64, i));
}

static void
test_rows_are_read_a_page_at_a_time (void)
{
  g_autoptr (FakeSource) source = new_source (MILLION);
  Listener listener;
  g_autoptr (PkRowModel) model = new_model (source, &listener);

  g_assert_cmpuint (source->n_filled, ==, 0);
  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (GObject) row = g_list_model_get_item (G_LIST_MODEL (model), 700000 + i);
      g_assert_nonnull (row);
    }
  g_assert_cmpuint (source->n_pages, <=, 5);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (model), MILLION));
}

static void
test_one_row_that_goes_is_told_as_one (void)
{
  g_autoptr (FakeSource) source = new_source (MILLION);
  Listener listener;
  g_autoptr (PkRowModel) model = new_model (source, &listener);

  g_array_remove_index (source->answer, 500000);
  change (source, model);
  g_assert_cmpuint (listener.n_emissions, ==, 1);
  g_assert_cmpuint (listener.n_told, ==, 1);
  assert_same (source, model);
}

static void
test_rows_that_come_and_go_far_apart_are_told_apart (void)
{
  g_autoptr (FakeSource) source = new_source (MILLION);
  Listener listener;
  g_autoptr (PkRowModel) model = new_model (source, &listener);
  gint64 new_row = MILLION + 1;

  g_array_remove_index (source->answer, 900000);
  g_array_insert_val (source->answer, 10, new_row);
  change (source, model);
  g_assert_cmpuint (listener.n_emissions, ==, 2);
  g_assert_cmpuint (listener.n_told, ==, 2);
  assert_same (source, model);
}

static void
test_another_order_is_told_as_all_gone_and_all_new (void)
{
  g_autoptr (FakeSource) source = new_source (MILLION);
  Listener listener;
  g_autoptr (PkRowModel) model = new_model (source, &listener);

  for (guint i = 0; i < MILLION; i++)
    g_array_index (source->answer, gint64, i) = MILLION - i;
  change (source, model);
  g_assert_cmpuint (listener.n_emissions, ==, 2);
  g_assert_cmpuint (source->n_filled, ==, 0);
  assert_same (source, model);
}

static void
count_change_cb (guint *n_changes)
{
  (*n_changes)++;
}

static void
test_a_row_that_is_looked_at_stays_the_same_object (void)
{
  g_autoptr (FakeSource) source = new_source (1000);
  Listener listener;
  g_autoptr (PkRowModel) model = new_model (source, &listener);
  g_autoptr (PkRowItem) row = g_list_model_get_item (G_LIST_MODEL (model), 500);
  gint64 new_row = 5000;
  guint n_changes = 0;

  g_signal_connect_swapped (row, "changed", G_CALLBACK (count_change_cb), &n_changes);
  g_array_insert_val (source->answer, 0, new_row);
  change (source, model);
  g_autoptr (PkRowItem) moved = g_list_model_get_item (G_LIST_MODEL (model), 501);
  g_assert_true (moved == row);
  g_assert_cmpuint (n_changes, ==, 1);
  g_assert_cmpstr (pk_row_item_get_face (row)->title, ==, "501 v1");
}

static void
test_an_answer_that_is_the_same_tells_nothing (void)
{
  g_autoptr (FakeSource) source = new_source (1000);
  Listener listener;
  g_autoptr (PkRowModel) model = new_model (source, &listener);

  change (source, model);
  g_assert_cmpuint (listener.n_emissions, ==, 0);
}

static void
test_any_change_ends_at_the_answer (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) chance = g_rand_new_with_seed (seed);
  g_autoptr (FakeSource) source = new_source (300);
  Listener listener;
  g_autoptr (PkRowModel) model = new_model (source, &listener);
  gint64 next = 1000;

  g_test_message ("seed %u", seed);
  for (guint round = 0; round < 200; round++)
    {
      guint n = (guint) g_rand_int_range (chance, 0, 20);
      for (guint i = 0; i < n; i++)
        {
          guint place = (guint) g_rand_int_range (chance, 0, (gint32) source->answer->len + 1);
          next++;
          if (g_rand_boolean (chance) || place == source->answer->len)
            g_array_insert_val (source->answer, place, next);
          else
            g_array_remove_index (source->answer, place);
        }
      change (source, model);
      assert_same (source, model);
    }
}

static void
test_another_source_takes_over_without_an_empty_list_between (void)
{
  g_autoptr (FakeSource) first = new_source (100);
  g_autoptr (FakeSource) second = new_source (50);
  Listener listener;
  g_autoptr (PkRowModel) model = new_model (first, &listener);

  pk_row_model_set_source (model, PK_ROW_SOURCE (second));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 100);
  settle (model);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 50);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/row-model/rows-are-read-a-page-at-a-time",
                   test_rows_are_read_a_page_at_a_time);
  g_test_add_func ("/row-model/one-row-that-goes-is-told-as-one",
                   test_one_row_that_goes_is_told_as_one);
  g_test_add_func ("/row-model/rows-that-come-and-go-far-apart-are-told-apart",
                   test_rows_that_come_and_go_far_apart_are_told_apart);
  g_test_add_func ("/row-model/another-order-is-told-as-all-gone-and-all-new",
                   test_another_order_is_told_as_all_gone_and_all_new);
  g_test_add_func ("/row-model/a-row-that-is-looked-at-stays-the-same-object",
                   test_a_row_that_is_looked_at_stays_the_same_object);
  g_test_add_func ("/row-model/an-answer-that-is-the-same-tells-nothing",
                   test_an_answer_that_is_the_same_tells_nothing);
  g_test_add_func ("/row-model/any-change-ends-at-the-answer", test_any_change_ends_at_the_answer);
  g_test_add_func ("/row-model/another-source-takes-over-without-an-empty-list-between",
                   test_another_source_takes_over_without_an_empty_list_between);
  return g_test_run ();
}
