/* Headings of building parts by their first two digits, in short names of our own. Source: fdvu, 1.2. Pure. */
#include "config.h"

#include "pk-building-parts.h"

#include <glib/gi18n.h>
#include <string.h>

static const struct
{
  const char *code;
  const char *name;
} parts[] = {
  /* Translators: 20 Bygning, generelt */
  { "20", N_ ("Building in general") },
  /* Translators: 21 Grunn og fundamenter */
  { "21", N_ ("Ground and foundations") },
  /* Translators: 22 Bæresystemer */
  { "22", N_ ("Load-bearing systems") },
  /* Translators: 23 Yttervegger */
  { "23", N_ ("Outer walls") },
  /* Translators: 24 Innervegger */
  { "24", N_ ("Inner walls") },
  /* Translators: 25 Dekker */
  { "25", N_ ("Floor structures") },
  /* Translators: 26 Yttertak */
  { "26", N_ ("Roofs") },
  /* Translators: 27 Fast inventar */
  { "27", N_ ("Fixed furnishings") },
  /* Translators: 28 Trapper, balkonger m.m. */
  { "28", N_ ("Stairs, balconies and such") },
  /* Translators: 29 Andre bygningsmessige deler */
  { "29", N_ ("Other parts of the building") },
  /* Translators: 31 Sanitær */
  { "31", N_ ("Sanitary") },
  /* Translators: 32 Varme */
  { "32", N_ ("Heating system") },
  /* Translators: 33 Brannslokking */
  { "33", N_ ("Fire extinguishing") },
  /* Translators: 34 Gass og trykkluft */
  { "34", N_ ("Gas and compressed air") },
  /* Translators: 35 Prosesskjøling */
  { "35", N_ ("Process cooling") },
  /* Translators: 36 Luftbehandling */
  { "36", N_ ("Air handling") },
  /* Translators: 37 Komfortkjøling */
  { "37", N_ ("Comfort cooling") },
  /* Translators: 38 Vannbehandling */
  { "38", N_ ("Water treatment") },
  /* Translators: 39 Andre VVS-installasjoner */
  { "39", N_ ("Other plumbing and ventilation") },
  /* Translators: 41 Basisinstallasjon elkraft */
  { "41", N_ ("Basic electrical installation") },
  /* Translators: 42 Høyspent forsyning */
  { "42", N_ ("High-voltage supply") },
  /* Translators: 43 Lavspent forsyning */
  { "43", N_ ("Low-voltage supply") },
  /* Translators: 44 Lys */
  { "44", N_ ("Lighting") },
  /* Translators: 45 Elvarme */
  { "45", N_ ("Electric heating") },
  /* Translators: 46 Reservekraft */
  { "46", N_ ("Reserve power") },
  /* Translators: 49 Andre elkraftinstallasjoner */
  { "49", N_ ("Other electrical installations") },
  /* Translators: 51 Basisinstallasjon ekom og automatisering */
  { "51", N_ ("Basic telecom and automation") },
  /* Translators: 52 Integrert kommunikasjon */
  { "52", N_ ("Integrated communication") },
  /* Translators: 53 Telefoni og personsøk */
  { "53", N_ ("Telephony and paging") },
  /* Translators: 54 Alarm og signal */
  { "54", N_ ("Alarm and signals") },
  /* Translators: 55 Lyd og bilde */
  { "55", N_ ("Sound and picture") },
  /* Translators: 56 Automatisering */
  { "56", N_ ("Automation") },
  /* Translators: 61 Prefabrikkerte rom */
  { "61", N_ ("Prefabricated rooms") },
  /* Translators: 62 Person- og varetransport */
  { "62", N_ ("Lifts and transport") },
  /* Translators: 63 Småvaretransport */
  { "63", N_ ("Transport of small goods") },
  /* Translators: 65 Avfall og støvsuging */
  { "65", N_ ("Waste and central vacuum") },
  /* Translators: 66 Fast spesialutrustning */
  { "66", N_ ("Fixed special equipment") },
  /* Translators: 67 Løs spesialutrustning */
  { "67", N_ ("Loose special equipment") },
  /* Translators: 71 Bearbeidet terreng */
  { "71", N_ ("Worked terrain") },
  /* Translators: 72 Utendørs konstruksjoner */
  { "72", N_ ("Outdoor structures") },
  /* Translators: 73 Utendørs VVS */
  { "73", N_ ("Outdoor plumbing and heating") },
  /* Translators: 74 Utendørs elkraft */
  { "74", N_ ("Outdoor electricity") },
  /* Translators: 75 Utendørs ekom og automatisering */
  { "75", N_ ("Outdoor telecom and automation") },
  /* Translators: 76 Veger og plasser */
  { "76", N_ ("Roads and squares") },
  /* Translators: 77 Parker og hager */
  { "77", N_ ("Parks and gardens") },
  /* Translators: 2 Bygning */
  { "2", N_ ("Building structure") },
  /* Translators: 3 VVS-installasjoner */
  { "3", N_ ("Plumbing, heating and ventilation") },
  /* Translators: 4 Elkraft */
  { "4", N_ ("Electricity") },
  /* Translators: 5 Ekom og automatisering */
  { "5", N_ ("Telecom and automation") },
  /* Translators: 6 Andre installasjoner */
  { "6", N_ ("Other installations") },
  /* Translators: 7 Utendørs */
  { "7", N_ ("Outdoors") },
};

/**
 * pk_building_part_get_name:
 * @code: (nullable): a building part's code, of any length
 *
 * Returns: (transfer none): the heading it stands under, translated
 */
const char *
pk_building_part_get_name (const char *code)
{
  for (guint i = 0; code != NULL && i < G_N_ELEMENTS (parts); i++)
    if (g_str_has_prefix (code, parts[i].code))
      return _ (parts[i].name);
  return _ ("Without a building part");
}

/**
 * pk_building_part_dup_group:
 * @code: (nullable): a building part's code, of any length
 *
 * Returns: (transfer full): the two digits that it is grouped by; "" without a code
 */
char *
pk_building_part_dup_group (const char *code)
{
  return code != NULL ? g_strndup (code, MIN (2, strlen (code))) : g_strdup ("");
}
