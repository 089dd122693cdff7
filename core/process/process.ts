import { deletionOf, type Told, tell } from '../clickup/changes.ts'
import type { DeliveryMessage } from '../ingest/message.ts'
import type { Change } from '../ledger/change.ts'
import { eventOf } from '../publish/event.ts'
import { incarnationAt } from '../tasks/observe.ts'
import { timeEntryOf } from '../tasks/worklog.ts'
import { accountFor } from './account.ts'
import { BUSY_RETRY_MS } from './defer.ts'
import { expand, type Stored } from './expand.ts'
import { type Hint, look } from './look.ts'
import { report } from './report.ts'
import type { Services } from './services.ts'
import { type Disposition, settle } from './settle.ts'
import { failed, forEach, gather, isOpen, type Outcome, together, type Work } from './work.ts'

/**
 * The way of a change, for a batch of messages of one connection:
 *
 *     tell ─▶ claim ─▶ expand ─▶ publish ─▶ account ─▶ complete ─▶ settle
 *
 * A crash anywhere repeats idempotent writes and may publish the same change id again; no change is left unpublished,
 * because it is complete only after the bus has it. Whatever is not known to have succeeded has failed.
 */
export async function processBatch(messages: readonly DeliveryMessage[], services: Services): Promise<Disposition[]> {
  const { works, stored, own } = await tellAll(messages, services)
  await claim(works, services)
  await expandAll(works.filter(isOpen), stored, services)
  await publish(works.filter(isOpen), services)
  await account(works.filter(isOpen), stored, services)
  await complete(works.filter(isOpen), services)
  report(works, services)
  return settle(messages, { works, own }, services)
}

type Batch = {
  works: Work[]
  stored: Stored
  /** What became of a message as such: it could not be read, or where it points could not be looked at. */
  own: ReadonlyMap<number, Outcome>
}

/** What the messages tell, as changes: hints are looked at, deletions find out which life they ended. */
async function tellAll(messages: readonly DeliveryMessage[], services: Services): Promise<Batch> {
  const { connection } = services
  const told = messages.map((message) =>
    tell(message.text, { connection, receivedAt: message.receivedAt, slim: message.slim }),
  )
  const own = new Map<number, Outcome>()
  const found: { change: Change; message: number }[] = []
  await Promise.all(
    told.map(async (each, message) => {
      const changes = await changesOf(each, messages[message]?.receivedAt ?? services.clock.now(), services)
      if (Array.isArray(changes)) found.push(...changes.map((change) => ({ change, message })))
      else own.set(message, changes)
    }),
  )
  const taskIds = new Set<string>()
  for (const { change } of found) if (change.resource.kind === 'task') taskIds.add(change.resource.id)
  for (const each of told) if (each.kind === 'deletion') taskIds.add(each.resource.id)
  const stored = await services.tasks.load(connection.name, [...taskIds])
  for (const [message, each] of told.entries()) {
    if (each.kind !== 'deletion') continue
    const receivedAt = messages[message]?.receivedAt ?? services.clock.now()
    const incarnation = incarnationAt(stored.get(each.resource.id)?.snapshot ?? null, receivedAt)
    found.push({ change: deletionOf(each.resource, incarnation, { connection, receivedAt }), message })
  }
  return { works: gather(found), stored, own }
}

async function changesOf(told: Told, receivedAt: number, services: Services): Promise<Change[] | Outcome> {
  switch (told.kind) {
    case 'changes': {
      if (!told.incomplete) return told.changes
      const more = await lookFor({ resource: told.resource, gone: false, receivedAt }, services)
      return Array.isArray(more) ? [...told.changes, ...more] : more
    }
    case 'hint':
      return lookFor({ ...told, receivedAt }, services)
    case 'deletion':
      return []
    case 'malformed':
      return { kind: 'permanent', class: 'malformed', reason: told.reason }
  }
}

async function lookFor(hint: Hint, services: Services): Promise<Change[] | Outcome> {
  try {
    const found = await look(hint, services)
    return found.kind === 'found' ? found.changes : found.outcome
  } catch (error) {
    return failed(error)
  }
}

async function claim(works: readonly Work[], services: Services): Promise<void> {
  await forEach(works, async (work) => {
    const claimed = await services.ledger.claim(work.change)
    switch (claimed.kind) {
      case 'claimed':
        work.held = true
        return
      case 'duplicate':
        work.outcome = { kind: 'duplicate' }
        return
      case 'busy':
        work.outcome = { kind: 'deferred', reason: 'busy', until: services.clock.now() + BUSY_RETRY_MS }
    }
  })
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
      else work.outcome = { kind: 'failed', reason: `the bus: ${reason ?? 'no answer'}` }
    }
  })
}

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
