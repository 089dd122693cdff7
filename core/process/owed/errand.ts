import type { DeliveryMessage } from '../../ingest/message.ts'
import { READ_LAG_MS } from '../../tasks/observe.ts'
import type { Owed } from '../../tasks/owed-store.ts'
import { delaySeconds } from '../defer.ts'
import { list } from '../expansion/listing.ts'
import { listingMs, listingTimes } from '../expansion/prepare.ts'
import { readTask } from '../expansion/read.ts'
import type { Services } from '../services.ts'
import type { Disposition } from '../settle.ts'
import { type Debt, payOwed } from './pay.ts'

/** What is owed is looked through so many tasks at a time, and read singly when it is so few. */
const LOOK_THROUGH = 1_000
const FEW = 10
const MANY = 30
/** While ClickUp cannot be asked, the errand asks no more often than this whether it can. */
const SHUT_MS = 30_000
const NEXT_MS = 5_000
/** What is left may never be readable: it is asked for ever less often, at last so often. */
const MAX_NEXT_MS = 300_000
/** Two errands are under way when the other one is expected later than this. */
const OTHER_MS = 2_000

/**
 * Reads the tasks of which changes were published without them, and publishes `Task Expanded` for each. Works as long as
 * the time and its lane of the budget last, then sends itself on, until nothing is owed.
 */
export async function runErrand(message: DeliveryMessage, services: Services): Promise<Disposition> {
  const { clock, connection, desk, log, owed } = services
  const { errandAt } = await desk.look()
  if (errandAt > clock.now() + OTHER_MS) return 'done'
  let next = await work(message.attempts, services)
  if (next === null) {
    await desk.expectErrand(0)
    // Whoever owed something in between has still counted on this one.
    if ((await owed.list(connection.name, 1)).length === 0) return 'done'
    next = { until: clock.now() + NEXT_MS, idle: 0 }
  }
  const now = clock.now()
  const seconds = delaySeconds(next.until, now, services.random)
  const [refused] = await services.sendAgain([{ message: { ...message, attempts: next.idle }, delaySeconds: seconds }])
  if (refused !== null) {
    log.error('The errand could not be sent on and comes again', { reason: refused ?? 'no answer' })
    return 'retry'
  }
  await desk.expectErrand(now + seconds * 1000)
  return 'done'
}

/** When to go on, and how many rounds have come to nothing since the last that did not. */
type Next = { until: number; idle: number }

/** Reads what is owed, as much as there is time and budget for; answers how to go on, `null` when nothing is left. */
async function work(idle: number, services: Services): Promise<Next | null> {
  const { clickup, clock, connection, owed } = services
  const passage = await clickup.look()
  if (passage.kind === 'blocked') return { until: Math.max(passage.until, clock.now() + SHUT_MS), idle }
  const open = await owed.list(connection.name, LOOK_THROUGH)
  if (open.length === 0) return null
  const listed = open.length >= MANY ? await listOwed(open, services) : 'listed'
  if (listed !== 'listed') return { until: listed, idle }
  const left = open.length >= MANY ? await owed.list(connection.name, LOOK_THROUGH) : open
  // Each round begins behind what the one before has read in vain.
  const start = left.length === 0 ? 0 : (idle * FEW) % left.length
  const read = await readSingly([...left.slice(start), ...left.slice(0, start)], services)
  if (read > 0 || left.length === 0) return { until: clock.now() + NEXT_MS, idle: 0 }
  const turns = Math.floor((idle * FEW) / left.length)
  return { until: clock.now() + Math.min(MAX_NEXT_MS, NEXT_MS * 2 ** turns), idle: idle + 1 }
}

/** Lists what was updated since the oldest debt; answers when to go on, if that was not all. */
async function listOwed(open: readonly Owed[], services: Services): Promise<'listed' | number> {
  const { clock, desk } = services
  const [view, record] = await Promise.all([desk.look(), services.record()])
  if (record === null) return 'listed'
  const now = clock.now()
  const since = Math.min(...open.map((each) => each.since))
  const goesOn = view.todo.length > 0
  const begunAt = goesOn ? view.begunAt : now
  const listingEnds = now + listingMs(open.length)
  // Listed in vain a moment ago: what is left is in no listing.
  const newest = Math.max(...open.map((each) => each.since))
  if (!goesOn && view.listed.some(({ from, at }) => from <= since && at >= newest + READ_LAG_MS)) return 'listed'
  const { listingUntil, until } = listingTimes(now, services)
  if (!(await desk.take({ now, since: 0, listingUntil, listingEnds, begunAt })))
    return Math.max(view.listingEnds, view.nextListingAt, now + NEXT_MS)
  const stretches = goesOn ? view.todo : [false, true].map((archived) => ({ since, until: null, page: 0, archived }))
  await list({ record, desk: view, since, begunAt, until, stretches, expected: open.length, ids: new Set() }, services)
  const after = await desk.look()
  return after.todo.length > 0 ? Math.max(after.nextListingAt, clock.now() + NEXT_MS) : 'listed'
}

/** Reads the first few; answers how many could be read or need not be. */
async function readSingly(open: readonly Owed[], services: Services): Promise<number> {
  const { clickup, clock, connection, tasks, owed } = services
  const passage = await clickup.reserve(Math.min(FEW, open.length))
  const now = clock.now()
  const few = open.slice(0, passage.kind === 'free' ? passage.calls : 0)
  const stored = await tasks.load(
    connection.name,
    few.map(({ id }) => id),
  )
  const debts: Debt[] = []
  let crossedOut = 0
  for (const { id, since } of few) {
    const { snapshot = null, known = null } = stored.get(id) ?? {}
    if (known === null || known.owedSince === 0) {
      // Paid, and the worker died before it could cross it out.
      await owed.remove(connection.name, { id, since })
      crossedOut += 1
      continue
    }
    const read = await readTask(clickup, id, { connection, now })
    if (read.kind === 'fault') {
      if (read.fault.kind === 'invalid') {
        await owed.remove(connection.name, { id, since })
        crossedOut += 1
        // One that ClickUp cannot answer for is no reason to leave the others: should it be down, the gate says so.
      } else if (read.fault.kind !== 'unavailable') break
    } else {
      debts.push({ task: await tasks.record(connection.name, read.observation, snapshot), owedSince: known.owedSince })
    }
  }
  await payOwed(debts, services)
  return crossedOut + debts.length
}
