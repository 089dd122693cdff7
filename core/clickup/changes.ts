import { createHash } from 'node:crypto'
import * as z from 'zod'
import { changeId, contentHashOf } from '../ingest/identity.ts'
import { capped, OMITTED } from '../ledger/cap.ts'
import type { Change, Resource } from '../ledger/change.ts'
import type { Connection } from '../platform/connections.ts'
import { timePart, versionPart } from '../platform/tables.ts'
import { customFieldSchema } from './custom-fields.ts'
import { type Delivery, type HistoryItem, parseDelivery, resourceIdSchema } from './delivery.ts'
import { resourceOf } from './resource.ts'
import { scrubbed } from './scrub.ts'
import { personOf } from './task.ts'
import { valuesOf } from './values.ts'

/** What one delivery tells. */
export type Told =
  /** `incomplete` when it told of more than could be read: then it is a hint, too. */
  | { kind: 'changes'; changes: Change[]; resource: Resource; incomplete: boolean }
  /** Only "look there", and whether the event says that the resource was made or deleted. */
  | { kind: 'hint'; resource: Resource; says: 'created' | 'deleted' | null }
  /** A task's deletion, the one change without history that needs no look. */
  | { kind: 'deletion'; resource: Resource }
  | { kind: 'malformed'; reason: string }

type Context = {
  connection: Connection
  receivedAt: number
  /** The delivery was too large for the queue: what it said of before and after is lost, that it happened is not. */
  slim: boolean
  /** The id of a time entry beside its history item. */
  intervalId?: string | undefined
}

/** Turns a delivery's text into what it tells; never throws. */
export function tell(text: string, context: Context): Told {
  try {
    return read(text, context)
  } catch (error) {
    // JSON that is nested deeper than the stack: a parser survives it, whoever walks the result does not.
    if (error instanceof RangeError) return { kind: 'malformed', reason: 'nested too deeply' }
    throw error
  }
}

function read(text: string, context: Context): Told {
  const parsed = parseDelivery(text)
  if (parsed.kind === 'malformed') return parsed
  const { delivery } = parsed
  const named = resourceOf(delivery)
  if (named.kind === 'malformed') return named
  const { resource } = named
  if (delivery.items.length > 0) {
    const intervalId = intervalIdOf(delivery)
    const changes = delivery.items.map((item) => changeOf(item, resource, { ...context, intervalId }))
    return { kind: 'changes', changes, resource, incomplete: delivery.unreadableItems > 0 }
  }
  if (delivery.event === 'taskDeleted') return { kind: 'deletion', resource }
  if (named.kind === 'unknown') {
    return { kind: 'changes', changes: [unknownChange(delivery, resource, context)], resource, incomplete: false }
  }
  const verb = delivery.event.startsWith(resource.kind) ? delivery.event.slice(resource.kind.length) : null
  const says = verb === 'Created' ? 'created' : verb === 'Deleted' ? 'deleted' : null
  return { kind: 'hint', resource, says }
}

const intervalSchema = z.looseObject({ interval_id: resourceIdSchema })

/** The id of a time entry as a delivery names it beside its history item. */
const intervalIdOf = ({ body }: Delivery): string | undefined =>
  intervalSchema.safeParse(body['data']).data?.interval_id

function changeOf(item: HistoryItem, resource: Resource, context: Context): Change {
  const { connection, receivedAt, slim, intervalId } = context
  const at = item.date ?? null
  const field = customFieldSchema.safeParse(item.custom_field)
  const values = slim ? { before: OMITTED, after: OMITTED } : valuesOf(item, { ...connection, intervalId })
  return {
    id: changeId({
      resourceKind: resource.kind,
      resourceId: resource.id,
      historyId: item.id,
      field: item.field,
      contentHash: contentHashOf(item, slim),
    }),
    connection: connection.name,
    resource,
    field: item.field,
    customField:
      item.field === 'custom_field' && field.success
        ? { id: field.data.id, name: field.data.name, type: field.data.type }
        : null,
    before: capped(values.before),
    after: capped(values.after),
    at: at ?? receivedAt,
    atEarliest: at ?? receivedAt,
    order: at === null ? versionPart(0) : timePart(at),
    actor: item.user ? personOf(item.user, connection.storeEmails) : null,
    origin: 'webhook',
    receivedAt,
    listId: resource.kind === 'task' ? (item.parent_id ?? null) : null,
  }
}

/**
 * An event that nobody knows yet and that carries no history: kept as it came. It has no time of its own, so the same
 * body twice is one change.
 */
function unknownChange(delivery: Delivery, resource: Resource, { connection, receivedAt }: Context): Change {
  const { webhook_id: _webhook, ...body } = delivery.body
  const digest = createHash('sha256').update(JSON.stringify(body)).digest('hex')
  return {
    ...ownChange({ connection, resource, field: 'event', origin: digest, version: 0, at: receivedAt, receivedAt }),
    after: capped(scrubbed(body, connection.storeEmails)),
  }
}

/** The deletion of a task that came back to life `incarnation` times before. */
export function deletionOf(
  resource: Resource,
  incarnation: number,
  { connection, receivedAt }: { connection: Connection; receivedAt: number },
): Change {
  const origin = `incarnation ${incarnation}`
  return ownChange({
    connection,
    resource,
    field: 'deletion',
    origin,
    version: incarnation,
    at: receivedAt,
    receivedAt,
  })
}

export type OwnChange = {
  connection: Connection
  resource: Resource
  field: string
  /** Takes the place of a history item's id: from what, if the same is found again, is it the same change? */
  origin: string
  /** Sorts it among the changes that have no time in ClickUp's history. */
  version: number
  at: number
  receivedAt: number
}

/** A change for which ClickUp gave no history item. */
export function ownChange({ connection, resource, field, origin, version, at, receivedAt }: OwnChange): Change {
  return {
    id: changeId({ resourceKind: resource.kind, resourceId: resource.id, historyId: origin, field, contentHash: null }),
    connection: connection.name,
    resource,
    field,
    customField: null,
    before: null,
    after: null,
    at,
    atEarliest: at,
    order: versionPart(version),
    actor: null,
    origin: 'webhook',
    receivedAt,
    listId: null,
  }
}
