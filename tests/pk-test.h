#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the tests of every room need: waiting for a condition, keeping an answer, leaving nothing on the disk. */
#define PK_TEST_PATIENCE_SECONDS 20

/* Runs the main context until @condition holds; fails the test after PK_TEST_PATIENCE_SECONDS. */
#define pk_test_wait_until(condition)                                                              \
  G_STMT_START                                                                                     \
  {                                                                                                \
    PkTestPatience patience_;                                                                      \
    pk_test_patience_begin (&patience_);                                                           \
    while (!(condition) && !patience_.is_over)                                                     \
      g_main_context_iteration (NULL, TRUE);                                                       \
    pk_test_patience_end (&patience_);                                                             \
    g_assert_true (condition);                                                                     \
  }                                                                                                \
  G_STMT_END

typedef struct
{
  guint timer;
  gboolean is_over;
} PkTestPatience;

void pk_test_patience_begin (PkTestPatience *self);
void pk_test_patience_end (PkTestPatience *self);
void pk_test_keep_result_cb (GObject *source, GAsyncResult *result, gpointer user_data);
void pk_test_remove_tree (const char *path);

G_END_DECLS
