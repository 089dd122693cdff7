import * as z from 'zod'
import type { Named, Observation, Person, TaskFields } from '../tasks/snapshot.ts'
import { customFieldSchema, fieldValue } from './custom-fields.ts'
import { idSchema, nameText, numberSchema, timeSchema, type User, userSchema } from './scalars.ts'

const namedAnswer = z.looseObject({ id: idSchema, name: z.string().nullish(), hidden: z.boolean().nullish() })
const instant = timeSchema.nullable().catch(null)

/** A value in a form that nobody expects counts as one that the answer does not carry: the rest of the task is good. */
const tolerant = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined)

/**
 * A task as the API answers with it, singly or in a list. Every key but the id may be absent: a list answer carries
 * fewer, and what is absent is not empty.
 */
export const taskAnswerSchema = z.looseObject({
  id: idSchema,
  custom_id: tolerant(idSchema.nullable()),
  custom_item_id: tolerant(numberSchema),
  name: tolerant(nameText),
  status: tolerant(z.looseObject({ status: z.string(), type: z.string() })),
  priority: tolerant(z.looseObject({ id: idSchema, priority: z.string() }).nullable()),
  assignees: tolerant(z.array(userSchema)),
  group_assignees: tolerant(z.array(namedAnswer)),
  watchers: tolerant(z.array(userSchema)),
  creator: tolerant(userSchema.nullable()),
  list: tolerant(namedAnswer),
  folder: tolerant(namedAnswer),
  space: tolerant(namedAnswer),
  locations: tolerant(z.array(namedAnswer)),
  parent: tolerant(idSchema.nullable()),
  top_level_parent: tolerant(idSchema.nullable()),
  dependencies: tolerant(
    z.array(z.looseObject({ task_id: idSchema, depends_on: idSchema, type: numberSchema.optional() })),
  ),
  linked_tasks: tolerant(z.array(z.looseObject({ task_id: idSchema, link_id: idSchema }))),
  tags: tolerant(z.array(z.looseObject({ name: z.string() }))),
  due_date: instant.optional(),
  start_date: instant.optional(),
  points: numberSchema.optional(),
  time_estimate: numberSchema.optional(),
  time_spent: numberSchema.optional(),
  custom_fields: tolerant(z.array(customFieldSchema)),
  date_created: instant.optional(),
  date_updated: instant.optional(),
  date_closed: instant.optional(),
  date_done: instant.optional(),
  archived: tolerant(z.boolean()),
  url: tolerant(z.string().nullable()),
})
export type TaskAnswer = z.infer<typeof taskAnswerSchema>

/**
 * A task as listings answer it. Of what they leave out nothing is known, but for the time that was tracked: it is there where there is
 * any, so its absence says that there is none (any more).
 */
export const listedTaskSchema = z.preprocess(
  (answer) =>
    typeof answer === 'object' && answer !== null && !('time_spent' in answer)
      ? { ...answer, time_spent: null }
      : answer,
  taskAnswerSchema,
)

/** What one answer says of a task: only the keys that it carried. */
export function observationOf(answer: TaskAnswer, observedAt: number, storeEmails: boolean): Observation {
  const person = (user: User): Person => personOf(user, storeEmails)
  const fields: { [Key in keyof TaskFields]: TaskFields[Key] | undefined } = {
    customId: answer.custom_id,
    itemType: answer.custom_item_id,
    name: answer.name,
    status: answer.status && { name: answer.status.status, type: answer.status.type },
    priority: answer.priority && { id: answer.priority.id, name: answer.priority.priority },
    assignees: answer.assignees?.map(person),
    groups: answer.group_assignees?.map(namedOf),
    watchers: answer.watchers?.map(person),
    creator: answer.creator && person(answer.creator),
    list: answer.list && namedOf(answer.list),
    folder: answer.folder && { ...namedOf(answer.folder), hidden: answer.folder.hidden === true },
    space: answer.space && namedOf(answer.space),
    locations: answer.locations?.map(namedOf),
    parentId: answer.parent,
    topLevelParentId: answer.top_level_parent,
    dependencies: answer.dependencies?.map((each) => ({
      taskId: each.task_id,
      dependsOn: each.depends_on,
      type: each.type ?? null,
    })),
    linkedTaskIds: answer.linked_tasks?.map((each) => (each.task_id === answer.id ? each.link_id : each.task_id)),
    tags: answer.tags?.map((tag) => tag.name),
    dueAt: answer.due_date,
    startAt: answer.start_date,
    points: answer.points,
    timeEstimateMs: answer.time_estimate,
    timeSpentMs: answer.time_spent,
    customFields: answer.custom_fields?.flatMap((field) => fieldValue(field, storeEmails) ?? []),
    createdAt: answer.date_created,
    updatedAt: answer.date_updated,
    closedAt: answer.date_closed,
    doneAt: answer.date_done,
    url: answer.url,
  }
  return { kind: 'seen', id: answer.id, archived: answer.archived === true, fields: carried(fields), observedAt }
}

export function personOf(user: User, storeEmails: boolean): Person {
  const person = { id: user.id, name: user.username ?? null }
  return storeEmails && user.email ? { ...person, email: user.email } : person
}

const namedOf = (named: z.infer<typeof namedAnswer>): Named => ({ id: named.id, name: named.name ?? null })

/** Only the keys that were there: `undefined` must not overwrite what is known. */
function carried(fields: { [Key in keyof TaskFields]: TaskFields[Key] | undefined }): Partial<TaskFields> {
  const result: Partial<TaskFields> = {}
  return Object.assign(result, Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)))
}
