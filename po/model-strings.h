/* Made by data/model/generate.py from data/model/: do not edit. The labels of the model, for translators. */

/* Translators: building.built_note */
N_ ("About the year")

/* Translators: absence */
N_ ("Absence")

/* Translators: command accept */
N_ ("Accept")

/* Translators: task_status accepted */
N_ ("Accepted")

/* Translators: history_kind command */
N_ ("Action")

/* Translators: document.created_at */
N_ ("Added")

/* Translators: document.created_by */
N_ ("Added by")

/* Translators: property.address, building.address */
N_ ("Address")

/* Translators: history.new_value */
N_ ("After")

/* Translators: task_outcome duplicate */
N_ ("Already registered")

/* Translators: channel system */
N_ ("Another system")

/* Translators: task_outcome answered */
N_ ("Answered")

/* Translators: property.area_m2, location.area_m2 */
N_ ("Area (m²)")

/* Translators: article */
N_ ("Article")

/* Translators: command assign */
N_ ("Assign")

/* Translators: task.assignee_id, command assign.assignee_id */
N_ ("Assigned to")

/* Translators: channel desk */
N_ ("At the desk")

/* Translators: history.old_value */
N_ ("Before")

/* Translators: unit.parent_id, category.parent_id, location.parent_id */
N_ ("Belongs to")

/* Translators: category.article_id, task.article_id */
N_ ("Best practice")

/* Translators: membership.building_id, building, location.building_id, component.building_id, task.building_id, document_link.building_id, photo.building_id, history.building_id */
N_ ("Building")

/* Translators: building.number */
N_ ("Building number")

/* Translators: component.part_code */
N_ ("Building part (NS 3451)")

/* Translators: building.built_year */
N_ ("Built")

/* Translators: property.cadastral_ref */
N_ ("Cadastral number")

/* Translators: task.channel */
N_ ("Came by")

/* Translators: command cancel */
N_ ("Cancel the task")

/* Translators: task_status cancelled */
N_ ("Cancelled")

/* Translators: document_link.caption, photo.caption */
N_ ("Caption")

/* Translators: building_use care_home */
N_ ("Care home")

/* Translators: building.caretaker_id */
N_ ("Caretaker")

/* Translators: category, article.category_id, task.category_id */
N_ ("Category")

/* Translators: document_kind certificate */
N_ ("Certificate")

/* Translators: history_kind changed */
N_ ("Changed")

/* Translators: channel chat */
N_ ("Chat")

/* Translators: command check_item */
N_ ("Check")

/* Translators: checklist_item */
N_ ("Checklist item")

/* Translators: building_use church */
N_ ("Church and cemetery")

/* Translators: role.code, category.code */
N_ ("Code")

/* Translators: audience internal */
N_ ("Colleagues only")

/* Translators: command complete */
N_ ("Complete")

/* Translators: task.completed_at */
N_ ("Completed")

/* Translators: component, task.component_id, document_link.component_id */
N_ ("Component")

/* Translators: building.condition, component.condition */
N_ ("Condition")

/* Translators: confidentiality confidential */
N_ ("Confidential")

/* Translators: task.confidentiality, document.confidentiality */
N_ ("Confidentiality")

/* Translators: document.is_stored */
N_ ("Content has arrived")

/* Translators: document_kind contract */
N_ ("Contract")

/* Translators: absence_kind course */
N_ ("Course")

/* Translators: task_priority critical */
N_ ("Critical")

/* Translators: building_use culture */
N_ ("Culture")

/* Translators: service_area culture */
N_ ("Culture and sport")

/* Translators: history_kind deleted */
N_ ("Deleted")

/* Translators: unit_kind department */
N_ ("Department")

/* Translators: building_use depot */
N_ ("Depot and workshop")

/* Translators: role.description, task.description */
N_ ("Description")

/* Translators: task_kind deviation, check_state deviation */
N_ ("Deviation")

/* Translators: building_status disposed */
N_ ("Disposed of")

/* Translators: document, document_link.document_id, photo.document_id */
N_ ("Document")

/* Translators: service_area documents */
N_ ("Document centre")

/* Translators: document_link */
N_ ("Document link")

/* Translators: checklist_item.done_at, task_status done, check_state done */
N_ ("Done")

/* Translators: checklist_item.done_by */
N_ ("Done by")

/* Translators: document_kind drawing */
N_ ("Drawing")

/* Translators: task.due_on */
N_ ("Due")

/* Translators: unit.email, person.email, channel email */
N_ ("E-mail")

/* Translators: person.number */
N_ ("Employee number")

/* Translators: building.energy_label */
N_ ("Energy label")

/* Translators: history.field */
N_ ("Field")

/* Translators: document.file_name */
N_ ("File name")

/* Translators: service_area finance */
N_ ("Finance")

/* Translators: service_area fire */
N_ ("Fire and rescue")

/* Translators: building_use fire_station */
N_ ("Fire station")

/* Translators: location_kind floor */
N_ ("Floor")

/* Translators: location.plan_id */
N_ ("Floor plan")

/* Translators: building.floors */
N_ ("Floors")

/* Translators: article.audience, message.audience */
N_ ("For")

/* Translators: channel inspection */
N_ ("Found at an inspection")

/* Translators: membership.starts_on, absence.starts_at, message.author_id */
N_ ("From")

/* Translators: building.note */
N_ ("Good to know")

/* Translators: building.area_m2 */
N_ ("Gross area (m²)")

/* Translators: absence.note */
N_ ("Hand-over note")

/* Translators: task_outcome moved_on */
N_ ("Handed on to another body")

/* Translators: history.kind */
N_ ("Happened")

/* Translators: service_area health */
N_ ("Health and care")

/* Translators: building_use health_centre */
N_ ("Health centre")

/* Translators: building.heating */
N_ ("Heating")

/* Translators: task_priority high */
N_ ("High")

/* Translators: building_use education */
N_ ("Higher education")

/* Translators: history */
N_ ("History")

/* Translators: absence_kind holiday */
N_ ("Holiday")

/* Translators: building_use housing */
N_ ("Housing")

/* Translators: service_area allocation */
N_ ("Housing and health allocation")

/* Translators: service_area it */
N_ ("IT service desk")

/* Translators: history_kind imported */
N_ ("Imported")

/* Translators: task_status in_progress */
N_ ("In progress")

/* Translators: building_status in_use, component_status in_use */
N_ ("In use")

/* Translators: task_kind inspection */
N_ ("Inspection")

/* Translators: component.installed_on */
N_ ("Installed")

/* Translators: confidentiality internal */
N_ ("Internal")

/* Translators: category.keywords */
N_ ("Keywords")

/* Translators: unit.kind, absence.kind, location.kind, task.kind, document.kind */
N_ ("Kind")

/* Translators: building_use kindergarten */
N_ ("Kindergarten")

/* Translators: service_area kindergarten */
N_ ("Kindergartens")

/* Translators: building_use laboratory */
N_ ("Laboratory")

/* Translators: person.locale */
N_ ("Language")

/* Translators: building.latitude */
N_ ("Latitude")

/* Translators: unit.leader_id */
N_ ("Leader")

/* Translators: absence_kind leave */
N_ ("Leave")

/* Translators: document_kind letter */
N_ ("Letter")

/* Translators: building_use library */
N_ ("Library")

/* Translators: location, component.location_id, task.location_id, document_link.location_id, photo.location_id */
N_ ("Location")

/* Translators: building.longitude */
N_ ("Longitude")

/* Translators: task_priority low */
N_ ("Low")

/* Translators: service_area management */
N_ ("Management")

/* Translators: document_kind manual */
N_ ("Manual")

/* Translators: component.manufacturer */
N_ ("Manufacturer")

/* Translators: membership */
N_ ("Membership")

/* Translators: history_kind merged */
N_ ("Merged")

/* Translators: message */
N_ ("Message")

/* Translators: component.model */
N_ ("Model")

/* Translators: unit_kind municipality */
N_ ("Municipality")

/* Translators: property.municipality_no */
N_ ("Municipality number")

/* Translators: checklist_item.is_required */
N_ ("Must be done")

/* Translators: history.mutation_id */
N_ ("Mutation")

/* Translators: unit.name, person.name, role.name, category.name, property.name, building.name, location.name, component.name */
N_ ("Name")

/* Translators: task_status new */
N_ ("New")

/* Translators: task_priority normal */
N_ ("Normal")

/* Translators: check_state not_applicable */
N_ ("Not applicable")

/* Translators: check_state open */
N_ ("Not done")

/* Translators: task_outcome declined */
N_ ("Not something we can do")

/* Translators: component.note, checklist_item.note, command check_item.note */
N_ ("Note")

/* Translators: task_outcome not_found */
N_ ("Nothing wrong was found")

/* Translators: location.number, task.number */
N_ ("Number")

/* Translators: task.is_open, confidentiality open */
N_ ("Open")

/* Translators: location.sort_key, checklist_item.position */
N_ ("Order")

/* Translators: absence_kind other */
N_ ("Other absence")

/* Translators: document_kind other */
N_ ("Other document")

/* Translators: building_use other */
N_ ("Other use")

/* Translators: component_status out_of_order */
N_ ("Out of order")

/* Translators: building_status closed */
N_ ("Out of use")

/* Translators: task.outcome, command complete.outcome, command cancel.outcome */
N_ ("Outcome")

/* Translators: location_kind outdoor */
N_ ("Outdoor area")

/* Translators: article.owner_id */
N_ ("Owner")

/* Translators: building_use parking */
N_ ("Parking")

/* Translators: service_area parks */
N_ ("Parks")

/* Translators: component.parent_id, task.parent_id */
N_ ("Part of")

/* Translators: task_outcome partly_solved */
N_ ("Partly solved")

/* Translators: building.occupants */
N_ ("People")

/* Translators: person, membership.person_id, absence.person_id */
N_ ("Person")

/* Translators: service_area personnel */
N_ ("Personnel")

/* Translators: unit.phone, person.phone, channel phone */
N_ ("Phone")

/* Translators: photo, document_kind photo */
N_ ("Photo")

/* Translators: building.picture_id */
N_ ("Picture")

/* Translators: task.place */
N_ ("Place")

/* Translators: building_status planned, component_status planned */
N_ ("Planned")

/* Translators: service_area planning */
N_ ("Planning and building control")

/* Translators: person.title */
N_ ("Position")

/* Translators: channel post */
N_ ("Post")

/* Translators: building.postal_code */
N_ ("Postal code")

/* Translators: building.postal_place */
N_ ("Postal place")

/* Translators: category.priority, task.priority */
N_ ("Priority")

/* Translators: task.promised_on */
N_ ("Promised")

/* Translators: property, building.property_id */
N_ ("Property")

/* Translators: service_area property */
N_ ("Property operations")

/* Translators: command put_back */
N_ ("Put back")

/* Translators: command wait */
N_ ("Put on hold")

/* Translators: task.reporter_contact */
N_ ("Reach the reporter at")

/* Translators: task.outcome_reason, command complete.outcome_reason, command cancel.outcome_reason */
N_ ("Reason")

/* Translators: history.record_id */
N_ ("Record")

/* Translators: property.source_ref, building.source_ref */
N_ ("Reference at the source")

/* Translators: task.created_at, history_kind created */
N_ ("Registered")

/* Translators: task.created_by */
N_ ("Registered by")

/* Translators: channel internal */
N_ ("Registered by an employee")

/* Translators: component_status removed */
N_ ("Removed")

/* Translators: command reopen */
N_ ("Reopen")

/* Translators: document_kind report */
N_ ("Report")

/* Translators: task.reporter_id */
N_ ("Reported by")

/* Translators: task.reporter_name */
N_ ("Reporter")

/* Translators: task_kind request */
N_ ("Request")

/* Translators: category.unit_id, building.unit_id */
N_ ("Responsible unit")

/* Translators: history_kind restored */
N_ ("Restored")

/* Translators: service_area roads */
N_ ("Roads and traffic")

/* Translators: role, membership.role_code */
N_ ("Role")

/* Translators: location_kind room */
N_ ("Room")

/* Translators: document.sha256 */
N_ ("SHA-256")

/* Translators: building_use school */
N_ ("School")

/* Translators: service_area school */
N_ ("Schools")

/* Translators: unit_kind sector */
N_ ("Sector")

/* Translators: message.sent_at */
N_ ("Sent")

/* Translators: component.serial */
N_ ("Serial number")

/* Translators: unit.area, category.area */
N_ ("Service area")

/* Translators: service_area service_desk */
N_ ("Service desk and switchboard")

/* Translators: unit.short_name */
N_ ("Short name")

/* Translators: absence_kind sickness */
N_ ("Sickness")

/* Translators: document.size_bytes */
N_ ("Size")

/* Translators: task_outcome solved */
N_ ("Solved")

/* Translators: property.source, building.source */
N_ ("Source")

/* Translators: building_use sport */
N_ ("Sport")

/* Translators: command start */
N_ ("Start")

/* Translators: checklist_item.state, command check_item.state */
N_ ("State")

/* Translators: building.status, component.status, task.status */
N_ ("Status")

/* Translators: absence.substitute_id */
N_ ("Substitute")

/* Translators: building_use swimming */
N_ ("Swimming pool")

/* Translators: condition_grade tg0 */
N_ ("TG 0 – no deviations")

/* Translators: condition_grade tg1 */
N_ ("TG 1 – minor deviations")

/* Translators: condition_grade tg2 */
N_ ("TG 2 – substantial deviations")

/* Translators: condition_grade tg3 */
N_ ("TG 3 – serious deviations")

/* Translators: condition_grade tgiu */
N_ ("TG IU – not examined")

/* Translators: component.tag */
N_ ("Tag (TFM)")

/* Translators: task.tags */
N_ ("Tags")

/* Translators: photo.taken_at */
N_ ("Taken")

/* Translators: category.target_days */
N_ ("Target in working days")

/* Translators: task, message.task_id, checklist_item.task_id, document_link.task_id, photo.task_id, history.task_id, task_kind task */
N_ ("Task")

/* Translators: unit_kind team */
N_ ("Team")

/* Translators: building_use technical */
N_ ("Technical installation")

/* Translators: article.body, message.body, checklist_item.text */
N_ ("Text")

/* Translators: audience public */
N_ ("The reporter and colleagues")

/* Translators: history.other_value */
N_ ("The value that gave way")

/* Translators: article.title, task.title, document.title */
N_ ("Title")

/* Translators: absence.ends_at */
N_ ("To")

/* Translators: membership.ends_on */
N_ ("To and including")

/* Translators: article.review_on */
N_ ("To be reviewed")

/* Translators: building_use town_hall */
N_ ("Town hall and offices")

/* Translators: document.media_type */
N_ ("Type")

/* Translators: unit, person.unit_id, membership.unit_id, task.unit_id, unit_kind unit, command assign.unit_id */
N_ ("Unit")

/* Translators: building.use, location.use */
N_ ("Use")

/* Translators: task_status waiting */
N_ ("Waiting")

/* Translators: task.waiting_for, command wait.waiting_for */
N_ ("Waiting for")

/* Translators: component.warranty_until */
N_ ("Warranty until")

/* Translators: service_area waste */
N_ ("Waste collection")

/* Translators: service_area water */
N_ ("Water and sewage")

/* Translators: channel web */
N_ ("Web")

/* Translators: history.entity */
N_ ("What")

/* Translators: history.at */
N_ ("When")

/* Translators: history.actor_id */
N_ ("Who")

/* Translators: history.other_id */
N_ ("Whose value gave way")

/* Translators: location_kind wing */
N_ ("Wing")

/* Translators: task_kind work_order */
N_ ("Work order")

/* Translators: person.is_active */
N_ ("Works here")

/* Translators: location_kind zone */
N_ ("Zone")
