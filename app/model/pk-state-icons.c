/* Shapes and words of states and kinds. Any thread. */
#include "config.h"

#include "pk-state-icons.h"

#include "pk-model.h"

#include <glib/gi18n.h>

static const struct
{
  const char *icon;
  PkTone tone;
} statuses[] = {
  [PK_TASK_STATUS_NEW] = { "pk-status-new-symbolic", PK_TONE_PLAIN },
  [PK_TASK_STATUS_ACCEPTED] = { "pk-status-accepted-symbolic", PK_TONE_PLAIN },
  [PK_TASK_STATUS_IN_PROGRESS] = { "pk-status-in-progress-symbolic", PK_TONE_ACTIVE },
  [PK_TASK_STATUS_WAITING] = { "pk-status-waiting-symbolic", PK_TONE_QUIET },
  [PK_TASK_STATUS_DONE] = { "pk-status-done-symbolic", PK_TONE_GOOD },
  [PK_TASK_STATUS_CANCELLED] = { "pk-status-cancelled-symbolic", PK_TONE_QUIET },
};

/**
 * pk_state_icon_of_status:
 * @status: of a task
 *
 * Returns: (transfer none): name of its symbolic icon
 */
const char *
pk_state_icon_of_status (PkTaskStatus status)
{
  return statuses[status].icon;
}

/**
 * pk_state_tone_of_status:
 * @status: of a task
 *
 * Returns: its tone
 */
PkTone
pk_state_tone_of_status (PkTaskStatus status)
{
  return statuses[status].tone;
}

static const char *
get_enum_word (guint entity_id, guint field, guint value)
{
  return _ (pk_entity_by_id (entity_id)->fields[field].values->values[value].label);
}

/**
 * pk_state_word_of_status:
 * @status: of a task
 *
 * Returns: (transfer none): the word for it
 */
const char *
pk_state_word_of_status (PkTaskStatus status)
{
  return get_enum_word (PK_ENTITY_TASK, PK_TASK_STATUS, status);
}

/**
 * pk_state_word_of_priority:
 * @priority: of a task
 *
 * Returns: (transfer none) (nullable): a word where it is above the ordinary
 */
const char *
pk_state_word_of_priority (PkTaskPriority priority)
{
  switch (priority)
    {
    case PK_TASK_PRIORITY_HIGH:
      return _ ("High priority");
    case PK_TASK_PRIORITY_CRITICAL:
      return _ ("Critical");
    case PK_TASK_PRIORITY_LOW:
    case PK_TASK_PRIORITY_NORMAL:
    default:
      return NULL;
    }
}

/**
 * pk_state_icon_of_entity:
 * @entity: a PkEntityId
 *
 * Returns: (transfer none): name of the symbolic icon for such things
 */
const char *
pk_state_icon_of_entity (guint entity)
{
  switch (entity)
    {
    case PK_ENTITY_BUILDING:
    case PK_ENTITY_PROPERTY:
      return "pk-building-symbolic";
    case PK_ENTITY_LOCATION:
      return "pk-room-symbolic";
    case PK_ENTITY_COMPONENT:
      return "pk-component-symbolic";
    case PK_ENTITY_DOCUMENT:
      return "x-office-document-symbolic";
    case PK_ENTITY_ARTICLE:
      return "pk-article-symbolic";
    case PK_ENTITY_PERSON:
      return "avatar-default-symbolic";
    case PK_ENTITY_UNIT:
      return "system-users-symbolic";
    default:
      return "pk-status-accepted-symbolic";
    }
}

/**
 * pk_state_word_of_entity:
 * @entity: a PkEntityId
 *
 * Returns: (transfer none): what such a thing is called
 */
const char *
pk_state_word_of_entity (guint entity)
{
  return _ (pk_entity_by_id (entity)->label);
}
