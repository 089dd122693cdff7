import { deletionOf, type Told, tell } from '../clickup/changes.ts'
import type { DeliveryMessage } from '../ingest/message.ts'
import type { Change, Resource } from '../ledger/change.ts'
import { incarnationAt } from '../tasks/observe.ts'
import type { Stored, StoredTask } from '../tasks/store.ts'
import { type Found, parseFound } from './found/found.ts'
import { hearFound } from './found/hear-found.ts'
import { look } from './look/look.ts'
import type { Hint } from './look/seen.ts'
import { whichLife } from './look/which-life.ts'
import type { Services } from './services.ts'
import { type Found as FoundChange, failed, gather, type Outcome, type Work } from './work.ts'

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
  const told = messages.map((message) => whatItTells(message, services))
  const receivedAtOf = (message: number) => messages[message]?.receivedAt ?? services.clock.now()
  const lookAt = looker(told, receivedAtOf, services)
  const own = new Map<number, Outcome>()
  const found: FoundChange[] = []
  await Promise.all(
    told.map(async (each, message) => {
      const { changes, outcome } = await heardOf(each, lookAt, services)
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
    const heard = await deletionHeard(each.resource, receivedAtOf(message), stored, services)
    if (heard.kind === 'blocked') own.set(message, heard.outcome)
    else found.push({ change: heard.change, message, looked: false })
  }
  return { works: gather(found, messages), stored, own }
}

type DeletionHeard = { kind: 'told'; change: Change } | { kind: 'blocked'; outcome: Outcome }

async function deletionHeard(
  resource: Resource,
  receivedAt: number,
  stored: Map<string, StoredTask>,
  services: Services,
): Promise<DeletionHeard> {
  const its = stored.get(resource.id)
  try {
    const life = await whichLife(resource.id, its?.snapshot ?? null, receivedAt, services)
    if (life.kind === 'blocked') return life
    if (its !== undefined) stored.set(resource.id, { ...its, snapshot: life.snapshot })
    const incarnation = incarnationAt(life.snapshot, receivedAt)
    return { kind: 'told', change: deletionOf(resource, incarnation, { connection: services.connection, receivedAt }) }
  } catch (error) {
    return { kind: 'blocked', outcome: failed(error) }
  }
}

type Message = Told | { kind: 'found'; found: Found }

function whatItTells({ encoding, text, receivedAt, slim }: DeliveryMessage, { connection }: Services): Message {
  if (encoding !== 'found') return tell(text, { connection, receivedAt, slim })
  const found = parseFound(text)
  return found === null ? { kind: 'malformed', reason: 'what was found is not in our form' } : { kind: 'found', found }
}

type HeardOne = { changes: Omit<FoundChange, 'message'>[]; outcome: Outcome | null }
type LookAt = (resource: Resource, says: Hint['says']) => Promise<HeardOne>

async function heardOf(told: Message, lookAt: LookAt, services: Services): Promise<HeardOne> {
  switch (told.kind) {
    case 'changes': {
      const changes = told.changes.map((change) => ({ change, looked: false }))
      if (!told.incomplete) return { changes, outcome: null }
      const more = await lookAt(told.resource, null)
      return { ...more, changes: [...changes, ...more.changes] }
    }
    case 'hint':
      return lookAt(told.resource, told.says)
    case 'deletion':
      return { changes: [], outcome: null }
    case 'found':
      return hearFound(told.found, services)
    case 'malformed':
      return { changes: [], outcome: { kind: 'permanent', class: 'malformed', reason: told.reason } }
  }
}

/** Looks once for all that say the same of a resource in one batch, late enough for the last of them. */
function looker(told: readonly Message[], receivedAtOf: (message: number) => number, services: Services): LookAt {
  const toldOf = new Map<string, Change[]>()
  const lastNewsOf = new Map<string, number>()
  for (const [message, each] of told.entries()) {
    if (each.kind === 'malformed' || each.kind === 'found') continue
    const key = keyOf(each.resource)
    if (each.kind === 'changes') toldOf.set(key, [...(toldOf.get(key) ?? []), ...each.changes])
    lastNewsOf.set(key, Math.max(lastNewsOf.get(key) ?? 0, receivedAtOf(message)))
  }
  const looks = new Map<string, Promise<HeardOne>>()
  return (resource, says) => {
    const key = keyOf(resource)
    const hint = { resource, says, receivedAt: lastNewsOf.get(key) ?? 0, told: toldOf.get(key) ?? [] }
    const same = looks.get(`${key} ${says}`) ?? heardBy(hint, services)
    looks.set(`${key} ${says}`, same)
    return same
  }
}

const keyOf = ({ kind, id }: Resource) => `${kind}#${id}`

async function heardBy(hint: Hint, services: Services): Promise<HeardOne> {
  try {
    const found = await look(hint, services)
    if (found.kind === 'blocked') return { changes: [], outcome: found.outcome }
    return { changes: found.changes.map((change) => ({ change, looked: true })), outcome: found.again }
  } catch (error) {
    return { changes: [], outcome: failed(error) }
  }
}
