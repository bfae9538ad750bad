#pragma once

#include "pk-model-tables.h"
#include "pk-row-item.h"

G_BEGIN_DECLS

/* The shape, the word and the tone of a task's status, and the shapes of other things: the same everywhere. */
const char *pk_state_icon_of_status (PkTaskStatus status);
PkTone pk_state_tone_of_status (PkTaskStatus status);
const char *pk_state_word_of_status (PkTaskStatus status);
const char *pk_state_word_of_priority (PkTaskPriority priority);
const char *pk_state_icon_of_entity (guint entity);
const char *pk_state_word_of_entity (guint entity);

G_END_DECLS
