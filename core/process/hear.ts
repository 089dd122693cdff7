import { deletionOf, type Told, tell } from '../clickup/changes.ts'
import type { DeliveryMessage } from '../ingest/message.ts'
import type { Change } from '../ledger/change.ts'
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
  const toldOf = Map.groupBy(
    told.flatMap((each) => (each.kind === 'changes' ? each.changes : [])),
    ({ resource }) => `${resource.kind}#${resource.id}`,
  )
  const own = new Map<number, Outcome>()
  const found: Found[] = []
  await Promise.all(
    told.map(async (each, message) => {
      const receivedAt = messages[message]?.receivedAt ?? services.clock.now()
      const { changes, outcome } = await heardOf(each, { receivedAt, toldOf }, services)
      found.push(...changes.map((one) => ({ ...one, message })))
      if (outcome !== null) own.set(message, outcome)
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

type HeardOne = { changes: Omit<Found, 'message'>[]; outcome: Outcome | null }
type Beside = { receivedAt: number; toldOf: ReadonlyMap<string, readonly Change[]> }

async function heardOf(told: Told, beside: Beside, services: Services): Promise<HeardOne> {
  switch (told.kind) {
    case 'changes': {
      const changes = told.changes.map((change) => ({ change, looked: false }))
      if (!told.incomplete) return { changes, outcome: null }
      const more = await lookFor({ resource: told.resource, says: null }, beside, services)
      return { ...more, changes: [...changes, ...more.changes] }
    }
    case 'hint':
      return lookFor(told, beside, services)
    case 'deletion':
      return { changes: [], outcome: null }
    case 'malformed':
      return { changes: [], outcome: { kind: 'permanent', class: 'malformed', reason: told.reason } }
  }
}

async function lookFor(
  { resource, says }: Pick<Hint, 'resource' | 'says'>,
  { receivedAt, toldOf }: Beside,
  services: Services,
): Promise<HeardOne> {
  try {
    const told = toldOf.get(`${resource.kind}#${resource.id}`) ?? []
    const found = await look({ resource, says, receivedAt, told }, services)
    if (found.kind === 'blocked') return { changes: [], outcome: found.outcome }
    return { changes: found.changes.map((change) => ({ change, looked: true })), outcome: found.again }
  } catch (error) {
    return { changes: [], outcome: failed(error) }
  }
}
