import { deletionOf, type Told, tell } from '../clickup/changes.ts'
import type { DeliveryMessage } from '../ingest/message.ts'
import { incarnationAt } from '../tasks/observe.ts'
import type { Stored } from './expand.ts'
import { look } from './look.ts'
import type { Hint } from './seen.ts'
import type { Services } from './services.ts'
import { type Found, failed, gather, type Outcome, type Work } from './work.ts'

/** What the messages of a batch come to. */
export type Heard = {
  works: Work[]
  stored: Stored
  /** What became of a message as such: it could not be read, or where it points could not be looked at. */
  own: ReadonlyMap<number, Outcome>
}

/** What the messages tell, as changes: hints are looked at, deletions find out which life they ended. */
export async function hear(messages: readonly DeliveryMessage[], services: Services): Promise<Heard> {
  const { connection } = services
  const told = messages.map((message) =>
    tell(message.text, { connection, receivedAt: message.receivedAt, slim: message.slim }),
  )
  const own = new Map<number, Outcome>()
  const found: Found[] = []
  await Promise.all(
    told.map(async (each, message) => {
      const changes = await changesOf(each, messages[message]?.receivedAt ?? services.clock.now(), services)
      if (Array.isArray(changes)) found.push(...changes.map((one) => ({ ...one, message })))
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
    found.push({ change: deletionOf(each.resource, incarnation, { connection, receivedAt }), message, looked: false })
  }
  return { works: gather(found), stored, own }
}

type Changes = Omit<Found, 'message'>[]

async function changesOf(told: Told, receivedAt: number, services: Services): Promise<Changes | Outcome> {
  switch (told.kind) {
    case 'changes': {
      const changes = told.changes.map((change) => ({ change, looked: false }))
      if (!told.incomplete) return changes
      const more = await lookFor({ resource: told.resource, says: null, receivedAt }, services)
      return Array.isArray(more) ? [...changes, ...more] : more
    }
    case 'hint':
      return lookFor({ ...told, receivedAt }, services)
    case 'deletion':
      return []
    case 'malformed':
      return { kind: 'permanent', class: 'malformed', reason: told.reason }
  }
}

async function lookFor(hint: Hint, services: Services): Promise<Changes | Outcome> {
  try {
    const found = await look(hint, services)
    return found.kind === 'found' ? found.changes.map((change) => ({ change, looked: true })) : found.outcome
  } catch (error) {
    return failed(error)
  }
}
