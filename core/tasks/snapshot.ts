import * as z from 'zod'
import { jsonSchema } from '../platform/json.ts'
import { versioned } from '../platform/versioned.ts'

/** Somebody or something, by id and name. Names are null where ClickUp did not say. */
const namedSchema = z.object({ id: z.string(), name: z.string().nullable() })
export type Named = z.infer<typeof namedSchema>

const personSchema = namedSchema.extend({ email: z.string().optional() })
export type Person = z.infer<typeof personSchema>

/** A custom field's value, typed: what it means, not how one endpoint or another writes it. */
const fieldValueSchema = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  value: jsonSchema,
})
export type FieldValue = z.infer<typeof fieldValueSchema>

/**
 * `present`: ClickUp answered with it. `archived`: so, and it is archived. `outOfSight`: our token may not see it, or it
 * does not exist; ClickUp does not tell these apart. `deleted`: ClickUp said so.
 */
const stateSchema = z.enum(['present', 'archived', 'outOfSight', 'deleted'])
export type TaskState = z.infer<typeof stateSchema>

/** What is known of a task's content. Times are milliseconds since 1970 UTC, ids are strings. */
const taskFieldsSchema = z.object({
  customId: z.string().nullable(),
  itemType: z.number().nullable(),
  name: z.string().nullable(),
  status: z.object({ name: z.string(), type: z.string() }).nullable(),
  priority: z.object({ id: z.string(), name: z.string() }).nullable(),
  assignees: z.array(personSchema),
  groups: z.array(namedSchema),
  watchers: z.array(personSchema),
  creator: personSchema.nullable(),
  list: namedSchema.nullable(),
  folder: namedSchema.extend({ hidden: z.boolean() }).nullable(),
  space: namedSchema.nullable(),
  /** Further lists that the task was added to. */
  locations: z.array(namedSchema),
  parentId: z.string().nullable(),
  topLevelParentId: z.string().nullable(),
  dependencies: z.array(z.object({ taskId: z.string(), dependsOn: z.string(), type: z.number().nullable() })),
  linkedTaskIds: z.array(z.string()),
  tags: z.array(z.string()),
  dueAt: z.number().nullable(),
  startAt: z.number().nullable(),
  points: z.number().nullable(),
  timeEstimateMs: z.number().nullable(),
  timeSpentMs: z.number().nullable(),
  customFields: z.array(fieldValueSchema),
  createdAt: z.number().nullable(),
  updatedAt: z.number().nullable(),
  closedAt: z.number().nullable(),
  doneAt: z.number().nullable(),
  url: z.string().nullable(),
})
export type TaskFields = z.infer<typeof taskFieldsSchema>

/** Our normalised state of a task as last read. */
export const snapshotSchema = taskFieldsSchema.extend({
  id: z.string(),
  state: stateSchema,
  /** When the read began, on ClickUp's clock; for a deletion, when it was told. */
  observedAt: z.number(),
  /** How often this snapshot was replaced. */
  version: z.number(),
  /** How often the task came back to life: part of a deletion's identity. */
  incarnation: z.number(),
  /** When it was seen again after it had been out of sight: no sweep before that could know of its changes. */
  backAt: z.number().optional(),
})
/** The same as a table holds it. */
export const snapshotItem = versioned(snapshotSchema)
export type Snapshot = z.infer<typeof snapshotSchema>

/** What one answer said of a task that is there, as it travels from whoever lists to whoever stores. */
export const seenSchema = z.object({
  id: z.string(),
  archived: z.boolean(),
  fields: taskFieldsSchema.partial().transform((fields) => {
    const carried: Partial<TaskFields> = {}
    return Object.assign(carried, fields)
  }),
})
export type Seen = z.infer<typeof seenSchema>

/**
 * What one answer said: only the keys that it carried. An absent key is not an empty one. `listId` of what is missing: where it was
 * told to lie; a census of that list then asks what became of a task that nobody has ever seen.
 */
export type Observation =
  | { kind: 'seen'; id: string; archived: boolean; fields: Partial<TaskFields>; observedAt: number }
  | { kind: 'missing'; id: string; state: 'outOfSight' | 'deleted'; observedAt: number; listId?: string | null }

export const UNKNOWN_FIELDS: TaskFields = {
  customId: null,
  itemType: null,
  name: null,
  status: null,
  priority: null,
  assignees: [],
  groups: [],
  watchers: [],
  creator: null,
  list: null,
  folder: null,
  space: null,
  locations: [],
  parentId: null,
  topLevelParentId: null,
  dependencies: [],
  linkedTaskIds: [],
  tags: [],
  dueAt: null,
  startAt: null,
  points: null,
  timeEstimateMs: null,
  timeSpentMs: null,
  customFields: [],
  createdAt: null,
  updatedAt: null,
  closedAt: null,
  doneAt: null,
  url: null,
}

export const isGone = (state: TaskState): boolean => state === 'outOfSight' || state === 'deleted'
