#pragma once

#include "pk-client.h"
#include "pk-detail.h"
#include "pk-page.h"

G_BEGIN_DECLS

/*
 * What the pages of one record have in common: the record they follow, their actions (group "page"), their menu, their title. An
 * action is enabled while there is a record; a kind of page that knows better says so in changed, with pk_record_page_enable().
 */
#define PK_TYPE_RECORD_PAGE (pk_record_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (PkRecordPage, pk_record_page, PK, RECORD_PAGE, GtkWidget)

struct _PkRecordPageClass
{
  GtkWidgetClass parent_class;
  void (*changed) (
      PkRecordPage *self); /* optional: the record, or what belongs to it, is another */
  void (*show) (PkRecordPage *self, const PkId *id); /* optional: before another record is shown */
};

GtkWidget *pk_record_page_new (GType type, PkClient *client, guint entity);
void pk_record_page_set_content (PkRecordPage *self, GtkWidget *content);
void pk_record_page_add_actions (PkRecordPage *self, const GActionEntry *entries, guint n_entries);
void pk_record_page_add_file_actions (PkRecordPage *self, GtkWidget *attachments);
void pk_record_page_add_pin_actions (PkRecordPage *self);
void pk_record_page_set_menu (PkRecordPage *self, GMenuModel *menu);
void pk_record_page_enable (PkRecordPage *self, const char *action, gboolean is_enabled);

PkClient *pk_record_page_get_client (PkRecordPage *self);
PkDetail *pk_record_page_get_detail (PkRecordPage *self);
PkRecord *pk_record_page_get_record (PkRecordPage *self);
void pk_record_page_run (PkRecordPage *self, PkCommand *command);
GMenu *pk_record_page_new_values_menu (const PkField *field);

G_END_DECLS
