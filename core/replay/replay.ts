import type { ConnectionRecord } from '../clickup/connection-record.ts'
import type { LedgerTable, Recorded } from '../ledger/history.ts'
import type { Clock } from '../platform/clock.ts'
import { inBatches } from '../platform/in-batches.ts'
import type { Pace } from '../platform/pace.ts'
import type { Publish } from '../publish/bus.ts'
import { type ChangeEvent, eventOf } from '../publish/event.ts'
import type { TaskStore } from '../tasks/store.ts'
import { type ReplaySelection, recordedIn } from './recorded.ts'

export type ReplayServices = {
  clock: Clock
  sleep(ms: number): Promise<void>
  ledger: LedgerTable
  tasks: Pick<TaskStore, 'load'>
  /** What was learnt of a connection when it was made. */
  record(connection: string): Promise<ConnectionRecord | null>
  publish: Publish
  pace: Pace
  /** Whether the stage is paused: asked before each piece, so a look that is some seconds old will do. */
  isPaused(): Promise<boolean>
}

/** How far it has come. Times are milliseconds since 1970. */
export type Replayed = {
  published: number
  /** Events that the bus does not take in this form; it did not take them the first time either. */
  refused: number
  /** Items of the ledger in a form that is not ours. */
  unreadable: number
  /** Where to go on: everything that was published first before it has been published again. */
  next: number
}

export type ReplayEnd =
  | { kind: 'done' }
  /** The bus takes nothing at the moment. */
  | { kind: 'stopped'; reason: string }
  /** Somebody has paused the stage meanwhile: nothing more may reach the subscribers. */
  | { kind: 'paused' }

/** The waits before each further try at what the bus has refused, milliseconds. */
const RETRY_AFTER_MS = [1_000, 5_000, 20_000]

/**
 * Publishes changes of the ledger again: the same change ids, `origin` `replay`, the task as it stands now. Nothing is written
 * anywhere, so that it can be broken off and gone on with, and done twice, without a trace but on the bus.
 *
 * @param tell told after each piece how far it has come
 */
export async function replay(
  selection: ReplaySelection,
  run: string,
  services: ReplayServices,
  tell: (done: Replayed) => void,
): Promise<ReplayEnd> {
  const { pace } = services
  const done: Replayed = { published: 0, refused: 0, unreadable: 0, next: selection.since }
  for await (const page of recordedIn(services.ledger, selection)) {
    done.unreadable += page.unreadable
    for (const piece of inBatches(page.changes, () => 1, { entries: pace.most, bytes: Number.POSITIVE_INFINITY })) {
      await pace.ready()
      if (await services.isPaused()) return { kind: 'paused' }
      const events = await replayedEvents(piece, run, services)
      const { refused, reason } = await publishAll(events, services)
      pace.took(piece.length)
      if (reason !== null) return { kind: 'stopped', reason }
      done.published += piece.length - refused
      done.refused += refused
      done.next = Math.max(done.next, ...piece.map(({ publishedAt }) => publishedAt))
      tell({ ...done })
    }
  }
  tell({ ...done, next: selection.until })
  return { kind: 'done' }
}

async function replayedEvents(
  changes: readonly Recorded[],
  run: string,
  services: ReplayServices,
): Promise<ChangeEvent[]> {
  const events = new Map<Recorded, ChangeEvent>()
  for (const [connection, its] of Map.groupBy(changes, (change) => change.connection)) {
    const ids = its.flatMap(({ resource }) => (resource.kind === 'task' ? resource.id : []))
    const stored = await services.tasks.load(connection, [...new Set(ids)])
    const selfId = (await services.record(connection))?.userId ?? null
    const publishedAt = services.clock.now()
    for (const change of its) {
      const { resource, origin } = change
      // Not as it was at the time of the change, which nobody knows any more: as everywhere, `asOf` says when it was read.
      const task = resource.kind === 'task' ? (stored.get(resource.id)?.snapshot ?? null) : null
      const event = eventOf(change, { task, selfId, publishedAt })
      events.set(change, { ...event, origin: 'replay', replay: { run, origin } })
    }
  }
  return changes.flatMap((change) => events.get(change) ?? [])
}

const HOPELESS: ReadonlySet<string> = new Set(['MalformedDetail', 'InvalidArgument'])

/** Tries again what the bus has no room for; `reason` says why it took something not even then. */
async function publishAll(
  events: readonly ChangeEvent[],
  { publish, sleep }: ReplayServices,
): Promise<{ refused: number; reason: string | null }> {
  let left = [...events]
  let refused = 0
  let reason: string | null = null
  for (let attempt = 0; left.length > 0; attempt += 1) {
    const answers = await publish(left)
    const open = left.flatMap((event, i) => {
      const answer = answers[i] === undefined ? 'no answer' : answers[i]
      if (answer === null) return []
      if (!HOPELESS.has(answer)) return [{ event, answer }]
      refused += 1
      return []
    })
    left = open.map(({ event }) => event)
    reason = open[0]?.answer ?? null
    const wait = RETRY_AFTER_MS[attempt]
    if (reason === null || wait === undefined) break
    await sleep(wait)
  }
  return { refused, reason }
}
