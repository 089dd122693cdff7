import * as z from 'zod'
import type { DeliveryMessage } from '../ingest/message.ts'
import type { Change } from '../ledger/change.ts'
import { fewAtOnce } from '../platform/few-at-once.ts'
import type { Snapshot } from '../tasks/snapshot.ts'
import { type TimeEntry, timeEntryOf } from '../tasks/time-entry.ts'

/**
 * Why work is put off: none of these is a failure.
 *
 * `busy`: another worker is at it. `outOfTime`: this invocation ends soon. `debounce`: the task was read a moment ago.
 * `stale`: the answer was older than the change. `listing`: the task waits to be read with many others.
 * `rateLimited`: the budget is spent. `unavailable`: ClickUp is down. `tokenDead`: ClickUp refuses the token.
 * `paused`: an operator has paused everything.
 */
export type DeferReason =
  | 'busy'
  | 'outOfTime'
  | 'debounce'
  | 'stale'
  | 'listing'
  | 'rateLimited'
  | 'unavailable'
  | 'tokenDead'
  | 'paused'

export type Deferred = { kind: 'deferred'; reason: DeferReason; until: number }

/** Where work ended, or why it did not. */
export type Outcome =
  | { kind: 'published' }
  /** Done before, by another delivery or another worker. */
  | { kind: 'duplicate' }
  | Deferred
  /** Of a task that nobody wants. */
  | { kind: 'dropped' }
  /** The same work will never succeed. */
  | { kind: 'permanent'; class: 'malformed' | 'invalid' | 'unreadable' | 'refused'; reason: string }
  /** Unexpected; the message comes again. */
  | { kind: 'failed'; reason: string }

/** One change on its way through a batch, with the messages of the batch that told of it. */
export type Work = {
  change: Change
  messages: number[]
  /** Since when it waits, ms since 1970: since the change came in, or an operator has sent it again. */
  since: number
  /** Whether a look found it: then it stands in an outbox until it is done. */
  looked: boolean
  /** Whether the claim is ours. */
  held: boolean
  /** The task as it stands for this change's event. */
  task: Snapshot | null
  /** How the task came: read for it, listed with others, already fresh enough, or not wanted. */
  read: 'read' | 'listed' | 'elided' | 'none'
  /** The time entry that is to be recorded with it. */
  entry: TimeEntry | null
  /** Published without the task, because that could not be read for too long. */
  degraded: boolean
  publishedAt: number | null
  outcome: Outcome | null
}

/** Work that still goes on. */
export const isOpen = (work: Work): boolean => work.outcome === null

export type Found = {
  change: Change
  message: number
  looked: boolean
  /** The time entry as it stands after the change, where a listing told more of it than the change does. */
  entry?: TimeEntry
}

/**
 * Gathers changes into work: twins and duplicates of one batch become one piece with several messages.
 * @param messages the batch, by whose indexes the changes are found
 */
export function gather(found: readonly Found[], messages: readonly Pick<DeliveryMessage, 'resentAt'>[] = []): Work[] {
  const byId = new Map<string, Work>()
  for (const { change, message, looked, entry } of found) {
    const since = Math.max(change.receivedAt, messages[message]?.resentAt ?? 0)
    const key = `${change.connection} ${change.id}`
    const work = byId.get(key)
    if (work === undefined) {
      byId.set(key, {
        change,
        messages: [message],
        since,
        looked,
        entry: entry ?? timeEntryOf(change),
        held: false,
        task: null,
        read: 'none',
        degraded: false,
        publishedAt: null,
        outcome: null,
      })
    } else if (!work.messages.includes(message)) {
      work.messages.push(message)
      work.since = Math.max(work.since, since)
    }
  }
  return [...byId.values()]
}

/** Does something for several pieces as one: if it throws, all that were still open have failed, and nothing else has. */
export async function together(works: readonly Work[], act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    for (const work of works.filter(isOpen)) work.outcome = failed(error)
  }
}

/** Does the same for each piece; one that throws fails alone. */
export async function forEach(works: readonly Work[], act: (work: Work) => Promise<void>): Promise<void> {
  await fewAtOnce(works, (work) => together([work], () => act(work)))
}

/**
 * What an error means for the work: that it failed and comes again, unless the same work can only fail the same way. Only the
 * error's name and message: a stack or a request has no place in a log line, nor the keys of an item that is none of ours.
 */
export function failed(error: unknown): Outcome {
  if (error instanceof z.ZodError)
    return { kind: 'permanent', class: 'unreadable', reason: 'what is stored is in a form that is not ours' }
  if (!(error instanceof Error)) return { kind: 'failed', reason: 'unknown' }
  const reason = `${error.name}: ${error.message}`
  // So DynamoDB refuses an item above 400 KB, and whatever else is wrong with it.
  return error.name === 'ValidationException'
    ? { kind: 'permanent', class: 'refused', reason }
    : { kind: 'failed', reason }
}
