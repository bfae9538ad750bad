/* Values in words, and the history told as sentences: who did what, from which value to which. Main thread. */
#include "config.h"

#include "pk-value-words.h"

#include "pk-codec.h"
#include "pk-words.h"

#include <glib/gi18n.h>
#include <string.h>

#define LONGEST_IN_A_SENTENCE 80

/**
 * pk_enum_words:
 * @values: an enumeration
 * @place: of a value in it
 *
 * Returns: (transfer none): the value's label, translated; "" where there is none
 */
const char *
pk_enum_words (const PkEnum *values, gint64 place)
{
  if (values == NULL || place < 0 || place >= values->n_values)
    return "";
  return _ (values->values[place].label);
}

/**
 * pk_field_enum_words:
 * @record: a record
 * @field: place of an enum field
 *
 * Returns: (transfer none): the label of the field's value; "" where it is empty
 */
const char *
pk_field_enum_words (const PkRecord *record, guint field)
{
  return pk_enum_words (pk_record_get_entity (record)->fields[field].values,
                        pk_record_get_int (record, field, -1));
}

static char *
number_words (const PkField *field, gint64 number)
{
  if (field->type == PK_TYPE_BOOL)
    return g_strdup (number != 0 ? C_ ("value", "yes") : C_ ("value", "no"));
  if (field->type == PK_TYPE_ENUM)
    return g_strdup (pk_enum_words (field->values, number));
  if (field->type == PK_TYPE_TIME)
    {
      g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
      return pk_words_exact_time (number, zone);
    }
  return g_strdup_printf ("%" G_GINT64_FORMAT, number);
}

static char *
text_words (const PkField *field, const char *text)
{
  if (field->type == PK_TYPE_DATE)
    return pk_words_exact_day (text);
  if (field->type != PK_TYPE_SET)
    return g_strdup (text);
  g_auto (GStrv) words = g_strsplit (text, "\n", -1);
  return g_strjoinv (", ", words);
}

/**
 * pk_value_words:
 * @library: where names are found
 * @field: the value's field
 * @value: the value
 *
 * Says a value as people read it.
 *
 * Returns: (transfer full): the words; «nothing» for an empty value
 */
char *
pk_value_words (PkLibrary *library, const PkField *field, const PkValue *value)
{
  switch (value->kind)
    {
    case PK_VALUE_INT:
      return number_words (field, value->number);
    case PK_VALUE_REAL:
      return g_strdup_printf ("%'g", value->real);
    case PK_VALUE_TEXT:
      return text_words (field, value->text);
    case PK_VALUE_ID:
      {
        const PkEntity *entity = field->ref != NULL ? pk_entity_by_name (field->ref) : NULL;
        const char *name = entity != NULL ? pk_library_get_name (library, entity->id, &value->id)
                                          : NULL;
        return g_strdup (name != NULL ? name : _ ("something you do not see"));
      }
    case PK_VALUE_NULL:
    default:
      return g_strdup (C_ ("value", "nothing"));
    }
}

static const PkField *
field_of (const PkRecord *history)
{
  const char *name = pk_record_get_text (history, PK_HISTORY_ENTITY);
  const PkEntity *entity = name != NULL ? pk_entity_by_name (name) : NULL;
  const char *field = pk_record_get_text (history, PK_HISTORY_FIELD);
  int place = entity != NULL && field != NULL ? pk_entity_find_field (entity, field) : -1;

  return place >= 0 ? &entity->fields[place] : NULL;
}

static char *
stored_words (PkLibrary *library, const PkRecord *history, guint place)
{
  const PkField *field = field_of (history);
  const char *text = pk_record_get_text (history, place);
  g_auto (PkValue) value = PK_VALUE_INIT;

  if (text == NULL)
    return g_strdup (C_ ("value", "nothing"));
  if (field == NULL || !pk_codec_value_from_text (field, text, &value, NULL))
    return g_strdup (text);
  return pk_value_words (library, field, &value);
}

static char *
shorten (char *words)
{
  if (g_utf8_strlen (words, -1) <= LONGEST_IN_A_SENTENCE && strchr (words, '\n') == NULL)
    return words;
  g_autofree char *whole = words;
  g_autofree char *line = g_strdelimit (g_strdup (whole), "\n", ' ');
  g_autofree char *begin =
      g_utf8_substring (line, 0, MIN (LONGEST_IN_A_SENTENCE, g_utf8_strlen (line, -1)));

  return g_strconcat (g_strchomp (begin), "…", NULL);
}

static const char *
who_of (PkLibrary *library, const PkRecord *history)
{
  const char *name = pk_library_get_name (library,
                                          PK_ENTITY_PERSON,
                                          pk_record_get_ref (history, PK_HISTORY_ACTOR_ID));

  return name != NULL ? name : _ ("The system");
}

static const char *
what_of (const PkRecord *history)
{
  const char *name = pk_record_get_text (history, PK_HISTORY_ENTITY);
  const PkEntity *entity = name != NULL ? pk_entity_by_name (name) : NULL;

  return entity != NULL ? _ (entity->label) : _ ("Record");
}

static char *
changed_sentence (PkLibrary *library, const PkRecord *history)
{
  const PkField *field = field_of (history);
  const char *who = who_of (library, history);
  const char *label = field != NULL ? _ (field->label) : what_of (history);
  gboolean is_long = field != NULL && field->type == PK_TYPE_LONG_TEXT;
  g_autofree char *before = shorten (stored_words (library, history, PK_HISTORY_OLD_VALUE));
  g_autofree char *after = shorten (stored_words (library, history, PK_HISTORY_NEW_VALUE));

  if (is_long)
    /* Translators: «Kari Nes changed Description» */
    return g_strdup_printf (_ ("%1$s changed %2$s"), who, label);
  if (pk_record_get_text (history, PK_HISTORY_OLD_VALUE) == NULL)
    /* Translators: «Kari Nes set Due to Friday 4 December 2026» */
    return g_strdup_printf (_ ("%1$s set %2$s to %3$s"), who, label, after);
  if (pk_record_get_text (history, PK_HISTORY_NEW_VALUE) == NULL)
    /* Translators: «Kari Nes removed Due (was Friday 4 December 2026)» */
    return g_strdup_printf (_ ("%1$s removed %2$s (was %3$s)"), who, label, before);
  /* Translators: «Kari Nes changed Priority from Normal to High» */
  return g_strdup_printf (_ ("%1$s changed %2$s from %3$s to %4$s"), who, label, before, after);
}

static char *
command_sentence (PkLibrary *library, const PkRecord *history)
{
  const char *word = pk_record_get_text (history, PK_HISTORY_FIELD);
  const PkCommandSpec *command = word != NULL ? pk_command_spec_by_name (word) : NULL;
  const char *who = who_of (library, history);

  if (command == NULL)
    return changed_sentence (library, history);
  switch (command->id)
    {
    case PK_COMMAND_ACCEPT:
      return g_strdup_printf (_ ("%s accepted the task"), who);
    case PK_COMMAND_START:
      return g_strdup_printf (_ ("%s started"), who);
    case PK_COMMAND_WAIT:
      return g_strdup_printf (_ ("%s put the task on hold"), who);
    case PK_COMMAND_COMPLETE:
      return g_strdup_printf (_ ("%s completed the task"), who);
    case PK_COMMAND_CANCEL:
      return g_strdup_printf (_ ("%s cancelled the task"), who);
    case PK_COMMAND_REOPEN:
      return g_strdup_printf (_ ("%s reopened the task"), who);
    case PK_COMMAND_ASSIGN:
      return g_strdup_printf (_ ("%s assigned the task"), who);
    case PK_COMMAND_CHECK_ITEM:
      return g_strdup_printf (_ ("%s checked a point"), who);
    default:
      return g_strdup_printf ("%s: %s", who, _ (command->label));
    }
}

/**
 * pk_history_sentence:
 * @library: where names are found
 * @history: a record of history
 *
 * Tells what happened: «Kari Nes changed Priority from Normal to High».
 *
 * Returns: (transfer full): the sentence
 */
char *
pk_history_sentence (PkLibrary *library, const PkRecord *history)
{
  const char *who = who_of (library, history);
  const char *what = what_of (history);

  switch (pk_record_get_int (history, PK_HISTORY_KIND, PK_HISTORY_KIND_CHANGED))
    {
    case PK_HISTORY_KIND_CREATED:
      /* Translators: «Kari Nes registered: Task» */
      return g_strdup_printf (_ ("%1$s registered: %2$s"), who, what);
    case PK_HISTORY_KIND_IMPORTED:
      return g_strdup_printf (_ ("%1$s brought in: %2$s"), who, what);
    case PK_HISTORY_KIND_DELETED:
      return g_strdup_printf (_ ("%1$s deleted: %2$s"), who, what);
    case PK_HISTORY_KIND_COMMAND:
      return command_sentence (library, history);
    case PK_HISTORY_KIND_RESTORED:
      {
        const PkField *field = field_of (history);
        return g_strdup_printf (_ ("%1$s brought back an earlier %2$s"),
                                who,
                                field != NULL ? _ (field->label) : what);
      }
    default:
      return changed_sentence (library, history);
    }
}

/**
 * pk_history_lost_value:
 * @library: where names are found
 * @history: a record of history
 *
 * Says the value that gave way when two people had changed the same field.
 *
 * Returns: (transfer full) (nullable): the whole value in words; %NULL where no value gave way
 */
char *
pk_history_lost_value (PkLibrary *library, const PkRecord *history)
{
  if (pk_record_get_int (history, PK_HISTORY_KIND, -1) != PK_HISTORY_KIND_MERGED)
    return NULL;
  return stored_words (library, history, PK_HISTORY_OTHER_VALUE);
}

/**
 * pk_history_detail:
 * @library: where names are found
 * @history: a record of history
 *
 * Explains a merge: whose value gave way to whose.
 *
 * Returns: (transfer full) (nullable): a sentence, where there is more to say
 */
char *
pk_history_detail (PkLibrary *library, const PkRecord *history)
{
  const char *other = pk_library_get_name (library,
                                           PK_ENTITY_PERSON,
                                           pk_record_get_ref (history, PK_HISTORY_OTHER_ID));
  g_autofree char *lost = pk_history_lost_value (library, history);

  if (lost == NULL)
    return NULL;
  if (other == NULL)
    return g_strdup (_ ("Two people changed this at the same time. This value gave way:"));
  /* Translators: %s is a person's name */
  return g_strdup_printf (_ ("Two people changed this at the same time. The value of %s gave way:"),
                          other);
}
