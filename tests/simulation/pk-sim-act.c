/* See the header. Each thing that a person writes has a word in it that nobody else writes, so that it can be followed. */
#include "config.h"

#include "pk-sim-act.h"

#include "pk-model-tables.h"
#include "pk-service-write.h"
#include "pk-sim-oracle.h"
#include "pk-sim-town.h"
#include "pk-store-records.h"
#include "pk-writer-private.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  PkSimClient *client;
  PkSimChance *chance;
  PkMutation *mutation; /* (owned) (nullable) */
  char *word;           /* (owned) (nullable) */
  guint field;
  gboolean is_poison;
} Act;

/**
 * pk_sim_act_pick:
 * @text: lists ids
 *
 * Returns: (transfer full) (nullable): one of them
 */
PkRecord *
pk_sim_act_pick (PkSimClient *client, const char *text, guint entity, PkSimChance *chance)
{
  PkStatement *query = pk_sql_prepare (client->writer->sql, text, NULL);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (PkId));
  PkId id;

  while (query != NULL && pk_statement_next (query, NULL))
    if (pk_statement_get_id (query, 0, &id))
      g_array_append_val (ids, id);
  guint place = pk_sim_chance_below (chance, ids->len);
  return ids->len == 0 ? NULL
                       : pk_tables_find (client->writer->tables,
                                         pk_entity_by_id (entity),
                                         &g_array_index (ids, PkId, place),
                                         NULL);
}

static PkRecord *
pick_task (Act *act)
{
  return pk_sim_act_pick (act->client,
                          "SELECT id FROM task ORDER BY rid",
                          PK_ENTITY_TASK,
                          act->chance);
}

/**
 * pk_sim_act_make_word:
 *
 * Of letters alone: numbers are written otherwise where titles are sorted.
 *
 * Returns: (transfer full): a word for the next act
 */
char *
pk_sim_act_make_word (PkSimWorld *world)
{
  guint number = world->oracle->acts->len;

  return g_strdup_printf ("xq%c%cqz", 'b' + (char) (number / 20), 'b' + (char) (number % 20));
}

static void
make_word (Act *act)
{
  act->word = pk_sim_act_make_word (act->client->world);
}

static void
begin (Act *act, PkOp op, guint entity, const PkCommandSpec *command, const PkId *record)
{
  PkId id = record != NULL ? *record : pk_id_source_next (act->client->ids);

  act->mutation = pk_mutation_new (op, pk_entity_by_id (entity), command, &id);
}

static void
set (Act *act, const PkRecord *record, guint field, PkValue value)
{
  if (record != NULL)
    pk_values_take (act->mutation->was, field, pk_value_copy (pk_record_get (record, field)));
  pk_values_take (act->mutation->fields, field, value);
}

static void
write_text (Act *act, const PkRecord *record, guint field, const char *before, const char *after)
{
  g_autofree char *text = NULL;

  make_word (act);
  act->field = field;
  text = g_strconcat (before, act->word, after, NULL);
  set (act, record, field, pk_value_text (text));
}

static PkSimTown *
town_of (Act *act)
{
  return act->client->world->town;
}

static void
create_task (Act *act)
{
  PkSimTown *town = town_of (act);
  static const char *const poisons[] = { "unreadable ", "stumbling " };

  begin (act, PK_OP_CREATE, PK_ENTITY_TASK, NULL, NULL);
  act->is_poison = pk_sim_world_strikes (act->client->world, PK_SIM_FAULT_POISON);
  write_text (act,
              NULL,
              PK_TASK_TITLE,
              act->is_poison ? poisons[pk_sim_chance_below (act->chance, 2)] : "",
              "");
  if (pk_sim_chance_toss (act->chance, 0.7))
    pk_values_take (act->mutation->fields,
                    PK_TASK_UNIT_ID,
                    pk_value_id (&town->units[pk_sim_chance_below (act->chance, 3)]));
  if (pk_sim_chance_toss (act->chance, 0.3))
    pk_values_take (act->mutation->fields,
                    PK_TASK_BUILDING_ID,
                    pk_value_id (&town->buildings[pk_sim_chance_below (act->chance, 2)]));
}

static void
set_title (Act *act)
{
  g_autoptr (PkRecord) task = pick_task (act);

  if (task == NULL)
    return;
  begin (act, PK_OP_SET, PK_ENTITY_TASK, NULL, pk_record_get_id (task));
  write_text (act, task, PK_TASK_TITLE, "", "");
}

static int
compare_words (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static void
add_tag (Act *act)
{
  g_autoptr (PkRecord) task = pick_task (act);

  if (task == NULL)
    return;
  const char *tags = pk_record_get_text (task, PK_TASK_TAGS);
  g_autofree char *before = tags != NULL && *tags != '\0' ? g_strconcat (tags, "\n", NULL)
                                                          : g_strdup ("");
  begin (act, PK_OP_SET, PK_ENTITY_TASK, NULL, pk_record_get_id (task));
  make_word (act);
  act->field = PK_TASK_TAGS;
  g_autofree char *all = g_strconcat (before, act->word, NULL);
  g_auto (GStrv) words = g_strsplit (all, "\n", -1);
  qsort (words, g_strv_length (words), sizeof *words, compare_words);
  g_autofree char *sorted = g_strjoinv ("\n", words);
  set (act, task, PK_TASK_TAGS, pk_value_text (sorted));
}

static void
add_paragraph (Act *act)
{
  g_autoptr (PkRecord) task = pick_task (act);

  if (task == NULL)
    return;
  const char *text = pk_record_get_text (task, PK_TASK_DESCRIPTION);
  g_autofree char *before = text != NULL && *text != '\0' ? g_strconcat (text, "\n\n", NULL)
                                                          : g_strdup ("");
  begin (act, PK_OP_SET, PK_ENTITY_TASK, NULL, pk_record_get_id (task));
  write_text (act, task, PK_TASK_DESCRIPTION, before, "");
}

static void
command_task (Act *act)
{
  static const guint commands[] = { PK_COMMAND_ACCEPT,
                                    PK_COMMAND_START,
                                    PK_COMMAND_WAIT,
                                    PK_COMMAND_COMPLETE,
                                    PK_COMMAND_REOPEN };
  g_autoptr (PkRecord) task = pick_task (act);
  const PkCommandSpec *command = NULL;
  guint wanted = commands[pk_sim_chance_below (act->chance, G_N_ELEMENTS (commands))];

  for (guint i = 0; i < pk_model.n_commands; i++)
    if (pk_model.commands[i].id == wanted)
      command = &pk_model.commands[i];
  if (task == NULL)
    return;
  begin (act, PK_OP_COMMAND, PK_ENTITY_TASK, command, pk_record_get_id (task));
  if (wanted == PK_COMMAND_WAIT)
    {
      make_word (act);
      act->field = PK_TASK_WAITING_FOR;
      pk_values_take (act->mutation->fields, 0, pk_value_text (act->word));
    }
  if (wanted == PK_COMMAND_COMPLETE)
    pk_values_take (act->mutation->fields, 0, pk_value_int (0));
}

static void
move_task (Act *act)
{
  PkSimTown *town = town_of (act);
  g_autoptr (PkRecord) task = pick_task (act);

  if (task == NULL)
    return;
  begin (act, PK_OP_SET, PK_ENTITY_TASK, NULL, pk_record_get_id (task));
  if (pk_sim_chance_toss (act->chance, 0.5))
    set (act,
         task,
         PK_TASK_UNIT_ID,
         pk_value_id (&town->units[pk_sim_chance_below (act->chance, PK_SIM_N_UNITS)]));
  else
    set (act,
         task,
         PK_TASK_ASSIGNEE_ID,
         pk_value_id (&town->persons[pk_sim_chance_below (act->chance, 4)]));
}

static void
delete_task (Act *act)
{
  g_autoptr (PkRecord) task = pick_task (act);

  if (task != NULL)
    begin (act, PK_OP_DELETE, PK_ENTITY_TASK, NULL, pk_record_get_id (task));
}

static void
write_message (Act *act)
{
  g_autoptr (PkRecord) task = pick_task (act);

  if (task == NULL)
    return;
  begin (act, PK_OP_CREATE, PK_ENTITY_MESSAGE, NULL, NULL);
  write_text (act, NULL, PK_MESSAGE_BODY, "", "");
  set (act, NULL, PK_MESSAGE_TASK_ID, pk_value_id (pk_record_get_id (task)));
  set (act, NULL, PK_MESSAGE_AUDIENCE, pk_value_int (0));
}

static void
add_item (Act *act)
{
  g_autoptr (PkRecord) task = pick_task (act);

  if (task == NULL)
    return;
  begin (act, PK_OP_CREATE, PK_ENTITY_CHECKLIST_ITEM, NULL, NULL);
  write_text (act, NULL, PK_CHECKLIST_ITEM_TEXT, "", "");
  set (act, NULL, PK_CHECKLIST_ITEM_TASK_ID, pk_value_id (pk_record_get_id (task)));
  set (act, NULL, PK_CHECKLIST_ITEM_POSITION, pk_value_int (1));
}

static void
write_note (Act *act)
{
  g_autoptr (PkRecord) item = pk_sim_act_pick (act->client,
                                               "SELECT id FROM checklist_item ORDER BY rid",
                                               PK_ENTITY_CHECKLIST_ITEM,
                                               act->chance);

  if (item == NULL)
    return;
  begin (act, PK_OP_SET, PK_ENTITY_CHECKLIST_ITEM, NULL, pk_record_get_id (item));
  write_text (act, item, PK_CHECKLIST_ITEM_NOTE, "", "");
}

/* What whoever stands in should know: also of an absence that the person may not know all about. */
static void
write_handover (Act *act)
{
  g_autoptr (PkRecord) absence = pk_sim_act_pick (act->client,
                                                  "SELECT id FROM absence ORDER BY rid",
                                                  PK_ENTITY_ABSENCE,
                                                  act->chance);

  if (absence == NULL)
    return;
  begin (act, PK_OP_SET, PK_ENTITY_ABSENCE, NULL, pk_record_get_id (absence));
  write_text (act, absence, PK_ABSENCE_NOTE, "", "");
}

static void
clear_act (Act *act)
{
  g_clear_pointer (&act->mutation, pk_mutation_unref);
  g_clear_pointer (&act->word, g_free);
}

static gint64
find_rejected (PkSimClient *client)
{
  gint64 place = 0;

  pk_sql_get_int (client->writer->outbox,
                  "SELECT min (place) FROM mutation WHERE state = 5",
                  &place,
                  NULL);
  return place;
}

static void
submit (Act *act)
{
  PkSimClient *client = act->client;
  g_autoptr (GPtrArray) mutations = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (mutations, act->mutation);
  gboolean is_saved = pk_writer_submit (client->writer, mutations, &error);
  pk_sim_world_tell (client->world,
                     "client %u: act %u: %s %s %s%s%s",
                     client->number,
                     client->world->oracle->acts->len,
                     pk_mutation_get_op_word (act->mutation),
                     act->mutation->entity->name,
                     act->word != NULL ? act->word : "",
                     is_saved ? "" : ": ",
                     is_saved ? "" : error->message);
  PkSimAct *noted = pk_sim_oracle_note (client->world->oracle,
                                        client,
                                        act->mutation,
                                        act->word,
                                        act->field,
                                        is_saved);
  noted->is_poison = act->is_poison;
}

static void
note_let_go (PkSimClient *client, gint64 place)
{
  PkStatement *query =
      pk_sql_prepare (client->writer->outbox, "SELECT id FROM mutation WHERE place = ?1", NULL);
  PkId id = { { 0 } };

  pk_statement_bind_int (query, 1, place);
  if (pk_statement_next (query, NULL))
    pk_statement_get_id (query, 0, &id);
  pk_statement_reset (query);
  PkSimAct *act = g_hash_table_lookup (client->world->oracle->by_id, &id);
  if (act != NULL)
    act->is_let_go = TRUE;
}

static void
let_go (PkSimClient *client)
{
  gint64 place = find_rejected (client);

  if (place == 0)
    return;
  pk_sim_world_tell (client->world,
                     "client %u: lets go what is at place %d",
                     client->number,
                     (int) place);
  note_let_go (client, place);
  pk_writer_discard (client->writer, place, NULL);
}

/**
 * pk_sim_act_person:
 *
 * A person does something on a device.
 */
void
pk_sim_act_person (PkSimClient *client, PkSimChance *chance)
{
  static void (*const doings[]) (
      Act *) = { create_task, create_task,   set_title,     set_title,    set_title,    add_tag,
                 add_tag,     add_paragraph, add_paragraph, command_task, command_task, move_task,
                 delete_task, write_message, write_message, add_item,     write_note };
  Act act = { .client = client, .chance = chance };

  if (client->writer == NULL)
    return;
  pk_sim_client_set_clock (client);
  if (pk_sim_chance_toss (chance, 0.05))
    let_go (client);
  if (pk_sim_world_strikes (client->world, PK_SIM_FAULT_CONTENTS))
    pk_sim_act_document (client, chance);
  else if (pk_sim_world_strikes (client->world, PK_SIM_FAULT_ABSENCE))
    write_handover (&act);
  else
    doings[pk_sim_chance_below (chance, G_N_ELEMENTS (doings))](&act);
  if (act.mutation != NULL)
    submit (&act);
  clear_act (&act);
  if (!pk_sim_disk_is_dead (client->disk))
    pk_sim_client_look (client);
  pk_sim_client_survive (client);
}

static gboolean
add_record (PkRecord *record, gpointer data)
{
  g_ptr_array_add (data, pk_record_ref (record));
  return TRUE;
}

static PkRecord *
pick_on_server (PkSimWorld *world, guint entity, PkSimChance *chance)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);

  pk_store_visit (world->server->store, pk_entity_by_id (entity), add_record, all, NULL);
  return all->len > 0 ? pk_record_copy (all->pdata[pk_sim_chance_below (chance, all->len)]) : NULL;
}

static void
import (PkSimWorld *world, PkRecord *record)
{
  g_autoptr (GError) error = NULL;

  if (!pk_sim_town_import (world->server, record, &error))
    pk_sim_world_tell (world, "operator: %s", error->message);
}

static void
end_act (PkSimWorld *world)
{
  pk_sim_server_survive (world->server);
  pk_sim_oracle_observe (world->oracle);
}

/**
 * pk_sim_act_move:
 *
 * An operator moves a task, so that it and what follows it change scopes.
 */
void
pk_sim_act_move (PkSimWorld *world, PkSimChance *chance)
{
  PkSimTown *town = world->town;
  PkRecord *task = world->server->store != NULL ? pick_on_server (world, PK_ENTITY_TASK, chance)
                                                : NULL;

  if (task == NULL)
    return;
  pk_sim_server_set_clock (world->server);
  switch (pk_sim_chance_below (chance, 4))
    {
    case 0:
      pk_record_set_ref (task,
                         PK_TASK_UNIT_ID,
                         &town->units[pk_sim_chance_below (chance, PK_SIM_N_UNITS)]);
      break;
    case 1:
      pk_record_set_ref (task,
                         PK_TASK_ASSIGNEE_ID,
                         &town->persons[pk_sim_chance_below (chance, PK_SIM_N_PERSONS)]);
      break;
    case 2:
      pk_record_set_ref (task,
                         PK_TASK_BUILDING_ID,
                         &town->buildings[pk_sim_chance_below (chance, 2)]);
      break;
    default:
      pk_record_set_int (task,
                         PK_TASK_CONFIDENTIALITY,
                         pk_sim_chance_toss (chance, 0.5) ? PK_CONFIDENTIALITY_CONFIDENTIAL
                                                          : PK_CONFIDENTIALITY_OPEN);
    }
  pk_sim_world_tell (world, "operator: moves a task");
  import (world, task);
  end_act (world);
}

static void
change_membership (PkSimWorld *world, PkSimChance *chance)
{
  PkSimTown *town = world->town;
  PkRecord *membership = pick_on_server (world, PK_ENTITY_MEMBERSHIP, chance);

  if (membership != NULL && pk_sim_chance_toss (chance, 0.4) &&
      !pk_id_equal (pk_record_get_ref (membership, PK_MEMBERSHIP_PERSON_ID), &town->persons[4]))
    {
      g_autoptr (PkWrite) write = pk_write_begin (world->server->service, NULL, 0, NULL);
      PkWriteNote note = { .kind = PK_HISTORY_KIND_DELETED };
      if (write != NULL && pk_write_delete (write, membership, &note, NULL))
        pk_write_commit (write, NULL, NULL);
      pk_record_unref (membership);
      return;
    }
  g_clear_pointer (&membership, pk_record_unref);
  PkId id = pk_id_source_next (world->server->ids);
  membership = pk_record_new (pk_entity_by_id (PK_ENTITY_MEMBERSHIP), &id);
  pk_record_set_ref (membership,
                     PK_MEMBERSHIP_PERSON_ID,
                     &town->persons[pk_sim_chance_below (chance, 3)]);
  pk_record_set_text (membership, PK_MEMBERSHIP_ROLE_CODE, "caretaker");
  if (pk_sim_chance_toss (chance, 0.5))
    pk_record_set_ref (membership,
                       PK_MEMBERSHIP_UNIT_ID,
                       &town->units[pk_sim_chance_below (chance, PK_SIM_N_UNITS)]);
  else
    pk_record_set_ref (membership,
                       PK_MEMBERSHIP_BUILDING_ID,
                       &town->buildings[pk_sim_chance_below (chance, 2)]);
  import (world, membership);
}

static void
change_ref (PkSimWorld *world, PkSimChance *chance, guint entity, guint field, const PkId *id)
{
  PkRecord *record = pick_on_server (world, entity, chance);

  if (record == NULL)
    return;
  pk_record_set_ref (record, field, id);
  import (world, record);
}

/**
 * pk_sim_act_grant:
 *
 * An operator changes who may see what.
 */
void
pk_sim_act_grant (PkSimWorld *world, PkSimChance *chance)
{
  PkSimTown *town = world->town;
  const PkId *person = &town->persons[pk_sim_chance_below (chance, 3)];
  const PkId *unit = &town->units[pk_sim_chance_below (chance, PK_SIM_N_UNITS)];

  if (world->server->store == NULL)
    return;
  pk_sim_server_set_clock (world->server);
  pk_sim_world_tell (world, "operator: changes grants");
  switch (pk_sim_chance_below (chance, 5))
    {
    case 0:
      change_ref (world, chance, PK_ENTITY_PERSON, PK_PERSON_UNIT_ID, unit);
      break;
    case 1:
      change_ref (world, chance, PK_ENTITY_UNIT, PK_UNIT_LEADER_ID, person);
      break;
    case 2:
      change_ref (world, chance, PK_ENTITY_BUILDING, PK_BUILDING_CARETAKER_ID, person);
      break;
    default:
      change_membership (world, chance);
    }
  end_act (world);
}

/**
 * pk_sim_act_operator_delete:
 *
 * An operator deletes a task.
 */
void
pk_sim_act_operator_delete (PkSimWorld *world, PkSimChance *chance)
{
  g_autoptr (PkRecord)
      task = world->server->store != NULL ? pick_on_server (world, PK_ENTITY_TASK, chance) : NULL;

  if (task == NULL)
    return;
  pk_sim_server_set_clock (world->server);
  g_autoptr (PkWrite) write = pk_write_begin (world->server->service, NULL, 0, NULL);
  PkWriteNote note = { .kind = PK_HISTORY_KIND_DELETED };
  pk_sim_world_tell (world, "operator: deletes a task");
  if (write != NULL && pk_write_delete (write, task, &note, NULL))
    pk_write_commit (write, NULL, NULL);
  g_clear_pointer (&write, pk_write_free);
  end_act (world);
}
