import type { ArchivedDelivery } from '../archive/record.ts'
import { type ArchivePlace, archivedKeys, readArchived } from '../archive/store.ts'
import type { DeliveryMessage } from '../ingest/message.ts'
import type { Clock } from '../platform/clock.ts'
import { inBatches } from '../platform/in-batches.ts'
import type { Pace } from '../platform/pace.ts'

/** Times are milliseconds since 1970: when a delivery first came in; `until` is not in it. */
export type RawSelection = { connection: string; since: number; until: number }

export type RawPage = {
  /** When the object's hour began: everything of earlier hours was given before. */
  hour: number
  deliveries: ArchivedDelivery[]
  unreadable: number
}

const HOUR_MS = 3_600_000

/** What is in the archive of a selection, object by object. */
export async function* rawDeliveries(place: ArchivePlace, selection: RawSelection): AsyncGenerator<RawPage> {
  const { since, until, connection } = selection
  for await (const key of archivedKeys(place, selection)) {
    const { deliveries, unreadable } = await readArchived(place, key)
    const its = deliveries.filter(
      (each) => each.connection === connection && each.receivedAt >= since && each.receivedAt < until,
    )
    const first = deliveries[0]?.receivedAt ?? since
    yield { hour: Math.max(since, Math.floor(first / HOUR_MS) * HOUR_MS), deliveries: its, unreadable }
  }
}

/**
 * A delivery as it goes to the queue again, with the time of its first arrival: what is in the ledger is a duplicate, what a
 * parser missed becomes a change.
 */
function messageOf(delivery: ArchivedDelivery, resentAt: number): DeliveryMessage {
  const { encoding, body } = delivery
  const text = encoding === 'base64' ? Buffer.from(body, 'base64').toString('utf8') : body
  return { ...delivery, text, resentAt, attempts: 0, slim: encoding === 'slim' }
}

/** Puts messages on the deliveries queue; answers `null` for each that it has, else why not. */
export type Send = (messages: readonly DeliveryMessage[]) => Promise<(string | null)[]>

/** How far it has come: `next` is where to go on, milliseconds since 1970. */
export type RawReplayed = { sent: number; unreadable: number; next: number }

/** Sends the archived deliveries of a selection to the deliveries queue again. Answers why it stopped, null at the end. */
export async function replayRaw(
  selection: RawSelection,
  { archive, send, pace, clock }: { archive: ArchivePlace; send: Send; pace: Pace; clock: Clock },
  tell: (done: RawReplayed) => void,
): Promise<string | null> {
  const done: RawReplayed = { sent: 0, unreadable: 0, next: selection.since }
  for await (const { hour, deliveries, unreadable } of rawDeliveries(archive, selection)) {
    done.next = hour
    done.unreadable += unreadable
    for (const piece of inBatches(deliveries, () => 1, { entries: pace.most, bytes: Number.POSITIVE_INFINITY })) {
      await pace.ready()
      const answers = await send(piece.map((each) => messageOf(each, clock.now())))
      pace.took(piece.length)
      const refusal = piece.map((_, i) => (answers[i] === undefined ? 'no answer' : answers[i])).find((each) => each)
      if (refusal) return refusal
      done.sent += piece.length
      tell({ ...done })
    }
  }
  tell({ ...done, next: selection.until })
  return null
}
