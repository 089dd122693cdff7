import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import { fewAtOnce } from '../platform/few-at-once.ts'
import { inBatches } from '../platform/in-batches.ts'
import { EVENT_SOURCE } from '../platform/names.ts'
import { detailTypeOf } from './detail-types.ts'
import type { ChangeEvent } from './event.ts'
import { fitted } from './fit.ts'

/** The most entries that one PutEvents takes, and the most bytes, with a margin for what the service counts besides. */
const LIMITS = { entries: 10, bytes: 900 * 1024 }

/** What became of each event, in the order given: `null` when it is on the bus, else the bus's reason. */
export type Publish = (events: readonly ChangeEvent[]) => Promise<(string | null)[]>

/** Puts events on the bus, as few calls as fit. An entry that the bus refuses does not hold back the others. */
export function createPublish({ client, busName }: { client: EventBridgeClient; busName: string }): Publish {
  return async (events) => {
    const entries = events.map((event) => entryOf(event, busName))
    const batches = inBatches(entries, ({ Detail = '' }) => Buffer.byteLength(Detail), LIMITS)
    const results = await fewAtOnce(batches, (batch) => put(client, batch))
    return results.flat()
  }
}

async function put(client: EventBridgeClient, entries: PutEventsRequestEntry[]): Promise<(string | null)[]> {
  const Entries = await send(client, entries)
  if (typeof Entries === 'string') return entries.map(() => Entries)
  return entries.map((_, i) => {
    const result = Entries?.[i]
    if (result?.EventId !== undefined) return null
    return result?.ErrorCode ?? 'no result'
  })
}

/** A call that fails holds back its own entries only: the other calls' are on the bus. */
async function send(client: EventBridgeClient, entries: PutEventsRequestEntry[]) {
  try {
    return (await client.send(new PutEventsCommand({ Entries: entries }))).Entries
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown'
  }
}

const entryOf = (event: ChangeEvent, busName: string): PutEventsRequestEntry => ({
  EventBusName: busName,
  Source: EVENT_SOURCE,
  DetailType: detailTypeOf(event),
  Detail: JSON.stringify(fitted(event)),
  Resources: [`${event.connection}/${event.resource.kind}/${event.resource.id}`],
})
