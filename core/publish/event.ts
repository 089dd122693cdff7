import * as z from 'zod'
import { actorSchema, type Change, changeSchema, originSchema } from '../ledger/change.ts'
import { jsonSchema } from '../platform/json.ts'
import { type Snapshot, snapshotSchema } from '../tasks/snapshot.ts'

const placeSchema = z
  .object({ id: z.string(), name: z.string().nullable() })
  .nullable()
  .describe('null where it is not known')

const time = (what: string) => z.number().int().describe(`${what}, milliseconds since 1970 UTC`)

/** The task as an event carries it: the snapshot, and when it was read. */
export const eventTaskSchema = snapshotSchema
  .omit({ observedAt: true, version: true, incarnation: true })
  .extend({ asOf: time('when ClickUp was read; may be later than the change') })

/**
 * The detail of every event on the bus: version 1 of the contract. Fields are added without a new version and never
 * removed or changed within one.
 */
export const changeEventSchema = z
  .object({
    schemaVersion: z.literal(1),
    changeId: changeSchema.shape.id.describe('the same for every copy of the same change: deduplicate by it'),
    connection: z.string().describe('the connection that heard of it'),
    resource: z.object({ kind: z.string(), id: z.string() }).describe('what changed'),
    field: z.string().describe('which field of it'),
    customField: changeSchema.shape.customField.describe('which custom field, where field is custom_field'),
    before: jsonSchema,
    after: jsonSchema,
    at: time('when it happened, or at the latest happened'),
    atEarliest: time('when it happened at the earliest; equal to at where ClickUp told the time'),
    receivedAt: time('when the first news of it came in'),
    publishedAt: time('when this event was made'),
    actor: actorSchema
      .extend({ isSelf: z.boolean().describe("whether the actor is the connection's own user") })
      .nullable()
      .describe('who did it; null where nobody knows'),
    origin: originSchema.describe('webhook, sweep or backfill'),
    degraded: z.boolean().describe('true when the task could not be read in time; Task Expanded follows'),
    location: z.object({ space: placeSchema, folder: placeSchema, list: placeSchema }),
    task: eventTaskSchema.nullable().describe('the task as last read; null for other resources'),
    omitted: z
      .array(z.enum(['before', 'after', 'task']))
      .describe('what was left out because the event would have been too large; read it from the tables'),
  })
  .describe('One change, published by Hookline')
export type ChangeEvent = z.infer<typeof changeEventSchema>

export type EventContext = {
  task: Snapshot | null
  /** The connection's own user, where known. */
  selfId: string | null
  publishedAt: number
}

/** The event of one change. */
export function eventOf(change: Change, { task, selfId, publishedAt }: EventContext): ChangeEvent {
  const { actor } = change
  return {
    schemaVersion: 1,
    changeId: change.id,
    connection: change.connection,
    resource: change.resource,
    field: change.field,
    customField: change.customField,
    before: change.before,
    after: change.after,
    at: change.at,
    atEarliest: change.atEarliest,
    receivedAt: change.receivedAt,
    publishedAt,
    actor: actor === null ? null : { ...actor, isSelf: actor.id === selfId },
    origin: change.origin,
    degraded: false,
    location: {
      space: task?.space ?? null,
      folder: task?.folder ? { id: task.folder.id, name: task.folder.name } : null,
      list: task?.list ?? (change.listId === null ? null : { id: change.listId, name: null }),
    },
    task: task === null ? null : eventTask(task),
    omitted: [],
  }
}

function eventTask({ observedAt, version: _version, incarnation: _incarnation, ...task }: Snapshot) {
  return { ...task, asOf: observedAt }
}
