import type { DeliveryMessage } from '../ingest/message.ts'
import { eventOf } from '../publish/event.ts'
import { timeEntryOf } from '../tasks/worklog.ts'
import { accountFor, emptyOutbox } from './account.ts'
import { BUSY_RETRY_MS } from './defer.ts'
import { expand, type Stored } from './expand.ts'
import { hear } from './hear.ts'
import { report } from './report.ts'
import type { Services } from './services.ts'
import { type Disposition, settle } from './settle.ts'
import { failed, forEach, isOpen, type Outcome, together, type Work } from './work.ts'

/**
 * The way of a change, for a batch of messages of one connection:
 *
 *     hear ─▶ claim ─▶ expand ─▶ publish ─▶ account ─▶ complete ─▶ settle
 *
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
  await claim(works, services, claimUntil)
  await expandAll(works.filter(isOpen), stored, services)
  await publish(works.filter(isOpen), services)
  await account(works.filter(isOpen), stored, services)
  await complete(works.filter(isOpen), services)
  await emptyOutboxes(works, services)
  report(works, services)
  return settle(messages, { works, own }, services)
}

async function claim(works: readonly Work[], services: Services, claimUntil: number): Promise<void> {
  if (works.length > LARGE) await together(works, () => skipDone(works, services))
  await forEach(works.filter(isOpen), async (work) => {
    const now = services.clock.now()
    if (now >= claimUntil) {
      work.outcome = { kind: 'deferred', reason: 'outOfTime', until: now }
      return
    }
    // A claim that was not answered for may be written all the same; giving back what is not ours does nothing.
    work.held = true
    const claimed = await services.ledger.claim(work.change)
    work.held = claimed.kind === 'claimed'
    switch (claimed.kind) {
      case 'claimed':
        return
      case 'duplicate':
        work.outcome = { kind: 'duplicate' }
        return
      case 'busy':
        work.outcome = { kind: 'deferred', reason: 'busy', until: services.clock.now() + BUSY_RETRY_MS }
    }
  })
}

/** A batch of more changes than this is one that may have been out of time before. */
const LARGE = 100

/** A claim finds out by itself what is done, but in two calls for each: a large batch that comes again has no time for that. */
async function skipDone(works: readonly Work[], { ledger }: Services): Promise<void> {
  const done = await ledger.doneAmong(works.map(({ change }) => change))
  for (const work of works) if (done.has(work.change.id)) work.outcome = { kind: 'duplicate' }
}

/** Tasks are brought up to their changes; other resources have said all that there is. */
async function expandAll(works: readonly Work[], stored: Stored, services: Services): Promise<void> {
  const ofTasks = works.filter((work) => work.change.resource.kind === 'task')
  await expand(ofTasks, stored, services)
  await forEach(ofTasks.filter(isOpen), async ({ change }) => {
    const entry = timeEntryOf(change)
    if (entry !== null) await services.worklog.record(change.connection, entry)
  })
}

async function publish(works: readonly Work[], services: Services): Promise<void> {
  if (works.length === 0) return
  await together(works, async () => {
    const selfId = await services.selfId()
    const publishedAt = services.clock.now()
    const events = works.map(({ change, task }) => eventOf(change, { task, selfId, publishedAt }))
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
  await Promise.all(
    [...byResource.values()].map((its) =>
      together(its, async () => {
        const [first] = its
        if (first === undefined) return
        const { resource } = first.change
        const known = resource.kind === 'task' ? stored.get(resource.id)?.known : undefined
        const changes = its.map((work) => work.change)
        await accountFor({ resource, changes, task: first.task, stored: known }, services)
      }),
    ),
  )
}

async function complete(works: readonly Work[], services: Services): Promise<void> {
  await forEach(works, async (work) => {
    await services.ledger.complete(work.change, work.publishedAt ?? services.clock.now())
    work.held = false
    work.outcome = { kind: 'published' }
  })
}

/** What a look had found and is in the ledger now, also through another worker, need not be found again. */
async function emptyOutboxes(works: readonly Work[], services: Services): Promise<void> {
  const done = works.filter(
    ({ looked, outcome }) => looked && (outcome?.kind === 'published' || outcome?.kind === 'duplicate'),
  )
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
