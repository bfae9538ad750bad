/* The sentence for the reporter, in plain language (klarspråk): what was done, why, and what it means. Pure. */
#include "config.h"

#include "pk-report-back.h"

#include "pk-glib-backports.h"

#include <glib/gi18n.h>

static char *
outcome_sentence (const char *title, PkTaskOutcome outcome)
{
  switch (outcome)
    {
    case PK_TASK_OUTCOME_SOLVED:
      /* Translators: %s is the task's title */
      return g_strdup_printf (_ ("We have fixed what you told us about: “%s”."), title);
    case PK_TASK_OUTCOME_PARTLY_SOLVED:
      return g_strdup_printf (_ ("We have fixed a part of what you told us about: “%s”."), title);
    case PK_TASK_OUTCOME_ANSWERED:
      return g_strdup_printf (_ ("Here is our answer to “%s”."), title);
    case PK_TASK_OUTCOME_NOT_FOUND:
      return g_strdup_printf (_ ("We have looked into “%s”, and found nothing wrong."), title);
    case PK_TASK_OUTCOME_DECLINED:
      return g_strdup_printf (_ ("We cannot do what you asked for: “%s”."), title);
    case PK_TASK_OUTCOME_DUPLICATE:
      return g_strdup_printf (
          _ ("We already knew about “%s”, and are working on it in another task."),
          title);
    case PK_TASK_OUTCOME_MOVED_ON:
    default:
      return g_strdup_printf (
          _ ("“%s” is not ours to decide. We have handed it on to those who can help you."),
          title);
    }
}

static const char *
closing_sentence (PkTaskOutcome outcome)
{
  switch (outcome)
    {
    case PK_TASK_OUTCOME_PARTLY_SOLVED:
      return _ ("You will hear from us about the rest.");
    case PK_TASK_OUTCOME_NOT_FOUND:
      return _ ("Please tell us if it happens again.");
    case PK_TASK_OUTCOME_DECLINED:
      return _ ("Answer this message if you have questions.");
    case PK_TASK_OUTCOME_SOLVED:
    case PK_TASK_OUTCOME_ANSWERED:
    case PK_TASK_OUTCOME_DUPLICATE:
    case PK_TASK_OUTCOME_MOVED_ON:
    default:
      return _ ("Thank you for telling us.");
    }
}

/* As people write it in a form, made a sentence: a capital first, a full stop last. */
static char *
make_sentence (const char *reason)
{
  g_autofree char *text = g_strstrip (g_strdup (reason ? reason : ""));

  if (*text == '\0' || !g_utf8_validate (text, -1, NULL))
    return g_strdup ("");
  g_autoptr (GString) sentence = g_string_new (NULL);
  g_string_append_unichar (sentence, g_unichar_toupper (g_utf8_get_char (text)));
  g_string_append (sentence, g_utf8_next_char (text));
  if (strchr (".!?:", sentence->str[sentence->len - 1]) == NULL)
    g_string_append_c (sentence, '.');
  return g_string_free_and_steal (g_steal_pointer (&sentence));
}

/**
 * pk_report_back_sentence:
 * @reason: (nullable): as the person gave it
 *
 * Puts together what the reporter gets: what became of it, why, and what is next.
 *
 * Returns: (transfer full): the text, in the language of the program
 */
char *
pk_report_back_sentence (const PkRecord *task, PkTaskOutcome outcome, const char *reason)
{
  const char *title = pk_record_get_text (task, PK_TASK_TITLE);
  g_autofree char *what = outcome_sentence (title ? title : "", outcome);
  g_autofree char *why = make_sentence (reason);

  return *why != '\0' ? g_strjoin (" ", what, why, closing_sentence (outcome), NULL)
                      : g_strjoin (" ", what, closing_sentence (outcome), NULL);
}
