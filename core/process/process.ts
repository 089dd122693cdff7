import type { DeliveryMessage } from '../ingest/message.ts'
import { eventOf } from '../publish/event.ts'
import type { Stored } from '../tasks/store.ts'
import { accountFor, emptyOutbox } from './account.ts'
import { claim } from './claim.ts'
import { expand } from './expansion/expand.ts'
import { NOTHING_TO_READ, type Prepared, prepare } from './expansion/prepare.ts'
import { hear } from './hear.ts'
import { leaveToDeliveries, lookAgain, recognise } from './late.ts'
import { callErrand } from './owed/call-errand.ts'
import { owe } from './owed/owe.ts'
import { type Debt, payOwed } from './owed/pay.ts'
import { report } from './report.ts'
import { dropOutside, dropUnwanted } from './selection.ts'
import type { Services } from './services.ts'
import { type Disposition, settle } from './settle.ts'
import { failed, forEach, isOpen, type Outcome, together, type Work } from './work.ts'

/**
 * The way of a change, for a batch of messages of one connection:
 *
 *     hear ─▶ recognise ─▶ prepare ─▶ claim ─▶ expand ─▶ publish ─▶ account ─▶ complete ─▶ settle
 *
 * What has to wait for its task is found out before anything is claimed, so that waiting costs next to nothing.
 * A crash anywhere repeats idempotent writes and may publish the same change id again; no change is left unpublished,
 * because it is complete only after the bus has it. Whatever is not known to have succeeded has failed.
 *
 * @param claimUntil when to begin no more of it (ms since 1970, our clock): what is left goes back to the queue. A batch that is
 *   cut off would come again as large as before, until it ends in quarantine.
 */
export async function processBatch(
  messages: readonly DeliveryMessage[],
  services: Services,
  claimUntil = Number.POSITIVE_INFINITY,
): Promise<Disposition[]> {
  const { works, stored, own } = await hear(messages, services)
  await recognise(works, stored, services)
  const prepared = await prepareAll(works, stored, services)
  await leaveToDeliveries(works.filter(isOpen), services)
  await claim(works.filter(isOpen), services, claimUntil)
  await lookAgain(works.filter(isOpen), services)
  await expandAll(works.filter(isOpen), stored, prepared, services)
  await publish(works.filter(isOpen), services)
  await account(works.filter(isOpen), stored, services)
  await complete(works.filter(isOpen), services)
  await emptyOutboxes(works, services)
  await payDebts(works, stored, services)
  report(works, messages, services)
  return settle(messages, { works, own }, services)
}

const ofTasks = (works: readonly Work[]) => works.filter(({ change }) => change.resource.kind === 'task')

async function prepareAll(works: readonly Work[], stored: Stored, services: Services): Promise<Prepared> {
  let prepared: Prepared = NOTHING_TO_READ
  await together(works, async () => {
    await dropUnwanted(ofTasks(works), services)
    prepared = await prepare(ofTasks(works).filter(isOpen), stored, services)
  })
  return prepared
}

/** Tasks are brought up to their changes; other resources have said all that there is. */
async function expandAll(works: readonly Work[], stored: Stored, prepared: Prepared, services: Services) {
  await expand(ofTasks(works), stored, prepared, services)
  await together(works, () => dropOutside(ofTasks(works), services))
  await forEach(ofTasks(works).filter(isOpen), async ({ change, entry }) => {
    if (entry !== null) await services.worklog.record(change.connection, entry)
  })
}

async function publish(works: readonly Work[], services: Services): Promise<void> {
  if (works.length === 0) return
  await together(works, async () => {
    const selfId = (await services.record())?.userId ?? null
    const publishedAt = services.clock.now()
    const events = works.map(({ change, task, degraded }) => eventOf(change, { task, degraded, selfId, publishedAt }))
    const refused = await services.publish(events)
    for (const [i, work] of works.entries()) {
      const reason = refused[i]
      if (reason === null) work.publishedAt = publishedAt
      else work.outcome = refusal(reason ?? 'no answer')
    }
  })
}

/** What the bus says of an entry's form it will say again. */
const refusal = (reason: string): Outcome =>
  reason === 'MalformedDetail' || reason === 'InvalidArgument'
    ? { kind: 'permanent', class: 'refused', reason: `the bus: ${reason}` }
    : { kind: 'failed', reason: `the bus: ${reason}` }

async function account(works: readonly Work[], stored: Stored, services: Services): Promise<void> {
  const byResource = Map.groupBy(works, ({ change }) => `${change.resource.kind}#${change.resource.id}`)
  const owing: Work[] = []
  await Promise.all(
    [...byResource.values()].map((its) =>
      together(its, async () => {
        const [first] = its
        if (first === undefined) return
        const { resource } = first.change
        const known = resource.kind === 'task' ? stored.get(resource.id)?.known : undefined
        const changes = its.map((work) => work.change)
        const times = its.filter((work) => work.degraded).map(({ change }) => change.receivedAt)
        const owedSince = times.length === 0 ? 0 : Math.min(...times)
        const owed = { resource, changes, task: first.task, stored: known, owedSince }
        const since = await accountFor(owed, services)
        // Before completion: a crash between the two must not leave a change without the task that it is owed.
        if (owedSince === 0) return
        await owe({ id: resource.id, since }, services)
        owing.push(...its)
      }),
    ),
  )
  if (owing.length > 0) await together(owing, () => callErrand(services))
}

async function complete(works: readonly Work[], services: Services): Promise<void> {
  await forEach(works, async (work) => {
    await services.ledger.complete(work.change, work.publishedAt ?? services.clock.now())
    work.held = false
    work.outcome = { kind: 'published' }
  })
}

const OVER: ReadonlySet<Outcome['kind']> = new Set(['published', 'duplicate', 'dropped'])

/**
 * What a look had found and is in the ledger now, also through another worker, need not be found again; nor what nobody wants,
 * which would stand there for ever, and whoever tells of the same would wait for it.
 */
async function emptyOutboxes(works: readonly Work[], services: Services): Promise<void> {
  const done = works.filter(({ looked, outcome }) => looked && outcome !== null && OVER.has(outcome.kind))
  const byResource = Map.groupBy(done, ({ change }) => `${change.resource.kind}#${change.resource.id}`)
  await Promise.all(
    [...byResource.values()].map(async (its) => {
      try {
        const [first] = its
        if (first !== undefined)
          await emptyOutbox(first.change.resource, new Set(its.map(({ change }) => change.id)), services)
      } catch (error) {
        // The message comes again, finds duplicates and empties it then.
        for (const work of its) work.outcome = failed(error)
      }
    }),
  )
}

/** What was read for a change pays what is owed of the same task; what was there before may be older than what is owed. */
async function payDebts(works: readonly Work[], stored: Stored, services: Services): Promise<void> {
  const debts = new Map<string, Debt>()
  for (const { change, task, outcome, read } of ofTasks(works)) {
    const owedSince = stored.get(change.resource.id)?.known?.owedSince ?? 0
    const wasRead = read === 'read' || read === 'listed'
    if (owedSince > 0 && task !== null && wasRead && outcome?.kind === 'published')
      debts.set(task.id, { task, owedSince })
  }
  try {
    await payOwed([...debts.values()], services)
  } catch (error) {
    // The debt stands, and the errand comes for it.
    services.log.warn('Owed expansions could not be published', { tasks: debts.size, error })
  }
}
