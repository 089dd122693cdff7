import * as z from 'zod'
import { isOmitted } from '../ledger/cap.ts'
import { actorSchema, type Change, changeSchema, originSchema } from '../ledger/change.ts'
import { jsonSchema } from '../platform/json.ts'
import { type Snapshot, snapshotSchema } from '../tasks/snapshot.ts'

const placeSchema = z
  .object({ id: z.string(), name: z.string().nullable() })
  .nullable()
  .describe('null where it is not known')

const time = (what: string) => z.number().int().describe(`${what}, milliseconds since 1970 UTC`)

/** The task as an event carries it: the snapshot, when it was read, and which of two is the newer one. */
export const eventTaskSchema = snapshotSchema.omit({ observedAt: true, incarnation: true, backAt: true }).extend({
  version: z.number().int().describe('greater for a newer snapshot of this task: keep the greatest'),
  asOf: time('when ClickUp was read; mostly later than the change, after a comment also earlier'),
})

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
    atEarliest: time('when it happened at the earliest; equal to at unless only an interval is known'),
    receivedAt: time('when the first news of it came in'),
    publishedAt: time('when this event was made'),
    actor: actorSchema
      .extend({
        isSelf: z
          .boolean()
          .nullable()
          .describe("whether the actor is the connection's own user; null where that user is not known yet"),
      })
      .nullable()
      .describe('who did it; null where nobody knows'),
    origin: z
      .enum([...originSchema.options, 'replay'])
      .describe('webhook, sweep or backfill; replay for a copy that an operator has had published again'),
    replay: z
      .object({
        run: z.string().describe('the same for all that was published again together'),
        origin: originSchema.describe('the origin of the first copy'),
      })
      .optional()
      .describe('there where origin is replay, and nowhere else'),
    degraded: z
      .boolean()
      .describe('whether the task could not be read in time: then task is null, and Task Expanded follows when it was'),
    location: z.object({ space: placeSchema, folder: placeSchema, list: placeSchema }),
    task: eventTaskSchema
      .nullable()
      .describe('the task as last read; null for other resources, and where it was not read'),
    omitted: z
      .array(z.enum(['before', 'after', 'task']))
      .describe('which parts are null, or a note in their place, only because they were too large'),
  })
  .describe('One change, published by Hookline')
export type ChangeEvent = z.infer<typeof changeEventSchema>

export type EventContext = {
  task: Snapshot | null
  /** Published without the task, because it could not be read. */
  degraded?: boolean
  /** The connection's own user, where known. */
  selfId: string | null
  publishedAt: number
}

/** The event of one change. */
export function eventOf(change: Change, { task, degraded = false, selfId, publishedAt }: EventContext): ChangeEvent {
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
    actor: actor === null ? null : { ...actor, isSelf: selfId === null ? null : actor.id === selfId },
    origin: change.origin,
    degraded,
    location: {
      space: task?.space ?? null,
      folder: task?.folder ? { id: task.folder.id, name: task.folder.name } : null,
      list: task?.list ?? (change.listId === null ? null : { id: change.listId, name: null }),
    },
    task: task === null ? null : eventTask(task),
    omitted: (['before', 'after'] as const).filter((part) => isOmitted(change[part])),
  }
}

function eventTask({ observedAt, incarnation: _incarnation, backAt: _backAt, ...task }: Snapshot) {
  return { ...task, asOf: observedAt }
}
