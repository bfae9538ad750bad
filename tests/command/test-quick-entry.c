/* One line of words, and the task that comes of it. Today is Monday 23 November 2026. */
#include "config.h"

#include "pk-quick-entry.h"

#include <string.h>

#define TODAY "2026-11-23"

typedef struct
{
  PkQuickKind kind;
  const char *name;
  guint8 id;
} Known;

static const Known known[] = {
  { PK_QUICK_BUILDING, "Dale skole", 1 },   { PK_QUICK_BUILDING, "Dale barnehage", 2 },
  { PK_QUICK_BUILDING, "Rådhuset", 3 },     { PK_QUICK_BUILDING, "Bytterud barneskole", 4 },
  { PK_QUICK_LOCATION, "Gymsal", 11 },      { PK_QUICK_LOCATION, "Rom 214", 12 },
  { PK_QUICK_UNIT, "Park og idrett", 21 },  { PK_QUICK_UNIT, "Eiendomsdrift", 22 },
  { PK_QUICK_PERSON, "Kari Nordmann", 31 }, { PK_QUICK_PERSON, "Åse Ødegård", 32 },
  { PK_QUICK_PERSON, "Ola Hansen", 33 },    { PK_QUICK_PERSON, "Ola Dahl", 34 },
};

static gboolean
look_up (PkQuickKind kind, const char *words, const PkId *within, PkId *id_out, gpointer data)
{
  g_autofree char *folded = g_utf8_strdown (words, -1);
  guint found = 0;

  (*(guint *) data)++;
  g_assert_true ((kind == PK_QUICK_LOCATION) == (within != NULL));
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      g_autofree char *name = g_utf8_strdown (known[i].name, -1);
      if (known[i].kind != kind || !g_str_has_prefix (name, folded))
        continue;
      memset (id_out, 0, sizeof *id_out);
      id_out->bytes[0] = known[i].id;
      found++;
    }
  return found == 1;
}

static PkQuickEntry *
parse (const char *line)
{
  guint asked = 0;
  PkQuickEntry *entry = pk_quick_entry_parse (line, TODAY, look_up, &asked);

  g_assert_cmpuint (asked, <, 2000);
  return entry;
}

static void
check_due (const char *line, const char *due_on, const char *title)
{
  g_autoptr (PkQuickEntry) entry = parse (line);

  g_test_message ("%s", line);
  g_assert_cmpstr (entry->due_on, ==, due_on);
  g_assert_cmpstr (entry->title, ==, title);
}

static void
the_whole_line_is_understood (void)
{
  g_autoptr (PkQuickEntry)
      entry = parse ("Bytt pære gymsal Dale skole fredag @park !høy #lys #Elektro");

  g_assert_cmpstr (entry->title, ==, "Bytt pære");
  g_assert_cmpuint (entry->building.bytes[0], ==, 1);
  g_assert_cmpuint (entry->location.bytes[0], ==, 11);
  g_assert_cmpuint (entry->unit.bytes[0], ==, 21);
  g_assert_true (pk_id_is_null (&entry->person));
  g_assert_cmpstr (entry->due_on, ==, "2026-11-27");
  g_assert_cmpint (entry->priority, ==, PK_TASK_PRIORITY_HIGH);
  g_assert_cmpstr (entry->tags, ==, "elektro\nlys");
  g_assert_cmpuint (entry->parts->len, ==, 7);
}

static void
parts_say_where_in_the_line_they_stand (void)
{
  const char *line = "Måk snø på Rådhuset i morgen";
  g_autoptr (PkQuickEntry) entry = parse (line);
  const PkQuickPart *place = &g_array_index (entry->parts, PkQuickPart, 0);
  const PkQuickPart *due = &g_array_index (entry->parts, PkQuickPart, 1);

  g_assert_cmpstr (entry->title, ==, "Måk snø");
  g_assert_cmpint (place->kind, ==, PK_QUICK_BUILDING);
  g_assert_cmpmem (line + place->start, place->end - place->start, "Rådhuset", 9);
  g_assert_cmpint (due->kind, ==, PK_QUICK_DUE);
  g_assert_cmpmem (line + due->start, due->end - due->start, "i morgen", 8);
}

static void
days_are_understood_as_people_say_them (void)
{
  static const struct
  {
    const char *words;
    const char *day;
  } days[] = {
    { "i dag", TODAY },
    { "I dag", TODAY },
    { "idag", TODAY },
    { "today", TODAY },
    { "i morgen", "2026-11-24" },
    { "i morgon", "2026-11-24" },
    { "i overmorgen", "2026-11-25" },
    { "tirsdag", "2026-11-24" },
    { "tysdag", "2026-11-24" },
    { "på fredag", "2026-11-27" },
    { "innen fredag", "2026-11-27" },
    { "frist til fredag", "2026-11-27" },
    { "laurdag", "2026-11-28" },
    { "søndag", "2026-11-29" },
    { "mandag", "2026-11-30" },
    { "neste uke", "2026-11-30" },
    { "neste veke", "2026-11-30" },
    { "neste fredag", "2026-12-04" },
    { "om 3 dager", "2026-11-26" },
    { "om en uke", "2026-11-30" },
    { "om to veker", "2026-12-07" },
    { "24.12.", "2026-12-24" },
    { "innen 24.12", "2026-12-24" },
    { "den 24.12.", "2026-12-24" },
    { "innen den 24.12.", "2026-12-24" },
    { "24.12.2027", "2027-12-24" },
    { "24.12.27", "2027-12-24" },
    { "1.2.", "2027-02-01" },
    { "23.11.", TODAY },
    { "22.11.", "2027-11-22" },
    { "29.2.", "2028-02-29" },
    { "24. desember", "2026-12-24" },
    { "24. desember 2028", "2028-12-24" },
    { "1. mai", "2027-05-01" },
    { "uke 50", "2026-12-11" },
    { "uke 2", "2027-01-15" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    {
      g_autofree char *line = g_strconcat ("Tøm søppel ", days[i].words, NULL);
      g_autofree char *with_comma = g_strconcat (days[i].words, ", Tøm søppel", NULL);
      check_due (line, days[i].day, "Tøm søppel");
      if (!g_str_has_suffix (days[i].words, ".") && strstr (days[i].words, "24.12") == NULL)
        check_due (with_comma, days[i].day, "Tøm søppel");
    }
}

static void
what_is_no_day_stays_in_the_title (void)
{
  static const char *const lines[] = { "Vask rom 2.10",      "Bestill 31.2. skilt",
                                       "Bytt filter 45.13.", "Neste steg",
                                       "Ring om 12 stoler",  "Uke 99 er ingen uke",
                                       "Kjøp 24 pærer",      "Versjon 1.2.3.4" };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    check_due (lines[i], NULL, lines[i]);
}

static void
the_last_day_in_the_line_counts (void)
{
  check_due ("Rapport fra mandag leveres fredag", "2026-11-27", "Rapport fra mandag leveres");
}

static void
somebody_is_found_by_the_most_words (void)
{
  g_autoptr (PkQuickEntry) dotted = parse ("Ring @kari.nordmann om nøkkel");
  g_autoptr (PkQuickEntry) spaced = parse ("Ring @Kari Nordmann om nøkkel");
  g_autoptr (PkQuickEntry) short_name = parse ("Ring @åse i dag");
  g_autoptr (PkQuickEntry) full = parse ("@Ola Dahl: sjekk porten");

  g_assert_cmpuint (dotted->person.bytes[0], ==, 31);
  g_assert_cmpstr (dotted->title, ==, "Ring om nøkkel");
  g_assert_cmpuint (spaced->person.bytes[0], ==, 31);
  g_assert_cmpstr (spaced->title, ==, "Ring om nøkkel");
  g_assert_cmpuint (short_name->person.bytes[0], ==, 32);
  g_assert_cmpstr (short_name->due_on, ==, TODAY);
  g_assert_cmpuint (full->person.bytes[0], ==, 34);
  g_assert_cmpstr (full->title, ==, "sjekk porten");
}

static void
what_is_not_found_or_not_clear_stays_and_is_marked (void)
{
  g_autoptr (PkQuickEntry) entry = parse ("Sjekk porten @ola @nobody !snart");

  g_assert_true (pk_id_is_null (&entry->person));
  g_assert_true (pk_id_is_null (&entry->unit));
  g_assert_cmpint (entry->priority, ==, -1);
  g_assert_cmpstr (entry->title, ==, "Sjekk porten @ola @nobody !snart");
  g_assert_cmpuint (entry->parts->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (g_array_index (entry->parts, PkQuickPart, i).kind, ==, PK_QUICK_UNKNOWN);
}

static void
an_ordinary_word_is_no_building (void)
{
  g_autoptr (PkQuickEntry) verb = parse ("Bytt pære");
  g_autoptr (PkQuickEntry) unclear = parse ("Rydd på Dale");
  g_autoptr (PkQuickEntry) small = parse ("møte rådhuset");
  g_autoptr (PkQuickEntry) asked = parse ("møte på rådhuset");

  g_assert_true (pk_id_is_null (&verb->building));
  g_assert_cmpstr (verb->title, ==, "Bytt pære");
  g_assert_true (pk_id_is_null (&unclear->building));
  g_assert_cmpstr (unclear->title, ==, "Rydd på Dale");
  g_assert_true (pk_id_is_null (&small->building));
  g_assert_cmpuint (asked->building.bytes[0], ==, 3);
  g_assert_cmpstr (asked->title, ==, "møte");
}

static void
a_room_is_found_on_either_side_of_its_building (void)
{
  g_autoptr (PkQuickEntry) before = parse ("Lekkasje i gymsalen på Dale skole");
  g_autoptr (PkQuickEntry) after = parse ("Lekkasje Dale skole rom 214");
  g_autoptr (PkQuickEntry) alone = parse ("Lekkasje i gymsal");

  g_assert_cmpuint (before->location.bytes[0], ==, 11);
  g_assert_cmpstr (before->title, ==, "Lekkasje");
  g_assert_cmpuint (after->location.bytes[0], ==, 12);
  g_assert_cmpstr (after->title, ==, "Lekkasje");
  g_assert_true (pk_id_is_null (&alone->location));
  g_assert_cmpstr (alone->title, ==, "Lekkasje i gymsal");
}

static void
nothing_breaks_it (void)
{
  static const char *const lines[] = { "",          "   ",  "@",    "!",     "#",     "# @ !",
                                       "@@",        "####", "!!!!", ",,,,",  "@,",    "#,",
                                       "\xff\xfe",  "i",    "om",   "neste", "uke",   "frist",
                                       "frist til", "på",   "24.",  "....",  "1.1.1", "@ @ @ @" };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (PkQuickEntry) entry = parse (lines[i]);
      g_assert_nonnull (entry->title);
      g_assert_true (g_utf8_validate (entry->title, -1, NULL));
    }
  g_autoptr (PkQuickEntry) blind = pk_quick_entry_parse ("a @b i dag", TODAY, NULL, NULL);
  g_assert_cmpstr (blind->title, ==, "a @b");
  g_autoptr (PkQuickEntry) timeless = pk_quick_entry_parse ("a i dag", "nonsense", NULL, NULL);
  g_assert_cmpstr (timeless->title, ==, "a i dag");
}

static void
a_very_long_line_loses_nothing (void)
{
  g_autoptr (GString) line = g_string_new ("ord");

  for (int i = 0; i < 500; i++)
    g_string_append (line, " ord");
  g_autoptr (PkQuickEntry) entry = parse (line->str);
  g_assert_cmpstr (entry->title, ==, line->str);
}

static void
random_lines_never_lose_a_plain_word (void)
{
  static const char *const words[] = { "vask", "gulvet", "Dale",  "skole",  "i",
                                       "dag",  "fredag", "@park", "@xx",    "!høy",
                                       "#a",   "24.12.", "på",    "Gymsal", "neste",
                                       "uke",  "om",     "3",     "dager",  "," };
  g_autoptr (GRand) chance = g_rand_new_with_seed (4711);

  for (int round = 0; round < 3000; round++)
    {
      g_autoptr (GString) line = g_string_new (NULL);
      gboolean has_mop = g_rand_boolean (chance);
      for (int i = g_rand_int_range (chance, 0, 10); i > 0; i--)
        g_string_append_printf (line,
                                "%s ",
                                words[g_rand_int_range (chance, 0, G_N_ELEMENTS (words))]);
      if (has_mop)
        g_string_append (line, "mopp");
      g_autoptr (PkQuickEntry) entry = parse (line->str);
      g_autoptr (PkQuickEntry) again = pk_quick_entry_copy (entry);
      g_assert_cmpstr (again->title, ==, entry->title);
      if (has_mop)
        g_assert_nonnull (strstr (entry->title, "mopp"));
      for (guint i = 1; i < entry->parts->len; i++)
        g_assert_cmpuint (g_array_index (entry->parts, PkQuickPart, i).start,
                          >=,
                          g_array_index (entry->parts, PkQuickPart, i - 1).end);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(name) g_test_add_func ("/command/quick-entry/" #name, name)
  ADD (the_whole_line_is_understood);
  ADD (parts_say_where_in_the_line_they_stand);
  ADD (days_are_understood_as_people_say_them);
  ADD (what_is_no_day_stays_in_the_title);
  ADD (the_last_day_in_the_line_counts);
  ADD (somebody_is_found_by_the_most_words);
  ADD (what_is_not_found_or_not_clear_stays_and_is_marked);
  ADD (an_ordinary_word_is_no_building);
  ADD (a_room_is_found_on_either_side_of_its_building);
  ADD (nothing_breaks_it);
  ADD (a_very_long_line_loses_nothing);
  ADD (random_lines_never_lose_a_plain_word);
  return g_test_run ();
}
