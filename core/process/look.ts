import { deletionOf, ownChange } from '../clickup/changes.ts'
import { type PlaceFields, readPlace } from '../clickup/places.ts'
import { capped } from '../ledger/cap.ts'
import type { Change, Resource } from '../ledger/change.ts'
import type { Connection } from '../platform/connections.ts'
import type { Json } from '../platform/json.ts'
import { type Difference, differences } from '../tasks/differences.ts'
import { baseline, factsOfSnapshot, type Known } from '../tasks/known.ts'
import { READ_LAG_MS } from '../tasks/observe.ts'
import type { Snapshot } from '../tasks/snapshot.ts'
import { outcomeOf, STALE_RETRY_MS } from './defer.ts'
import { readTask } from './read.ts'
import type { Services } from './services.ts'
import { taskChangeOf } from './task-change.ts'
import type { Outcome } from './work.ts'

/** A delivery that only says "look there". */
export type Hint = { resource: Resource; gone: boolean; receivedAt: number }

/** What a look finds: changes on their way to the ledger (none, when it explains all that is seen), or why it could not look. */
export type Look = { kind: 'found'; changes: Change[]; task: Snapshot | null } | { kind: 'blocked'; outcome: Outcome }

const ATTEMPTS = 5

/**
 * Looks where a hint points, and makes changes of the difference between what is seen and what is accounted for.
 *
 * The changes are written to the outbox before anybody hears of them: whoever looks next, after a crash or at the same
 * time, finds these and no others. Their ids hold the version that they start from, so a repeated hint makes none.
 */
export async function look(hint: Hint, services: Services): Promise<Look> {
  const { connection } = services
  const { resource } = hint
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const known = await services.known.load(connection.name, resource)
    if (known !== null && known.outbox.length > 0) return { kind: 'found', changes: known.outbox, task: null }
    const seen = resource.kind === 'task' ? await lookAtTask(hint, services) : await lookAtPlace(hint, services)
    if (seen.kind === 'blocked') return seen
    const changes = seen.changesSince(known)
    if (changes.length === 0 && known !== null) return { kind: 'found', changes, task: seen.task }
    const next = { ...(known ?? seen.first), version: (known?.version ?? 0) + 1, outbox: changes }
    if (await services.known.save(connection.name, resource, next, known?.version ?? null)) {
      return { kind: 'found', changes, task: seen.task }
    }
  }
  throw new Error(
    `What is accounted of ${resource.kind} ${resource.id} was written by others ${ATTEMPTS} times in a row`,
  )
}

type Seen =
  | { kind: 'seen'; first: Known; task: Snapshot | null; changesSince(known: Known | null): Change[] }
  | { kind: 'blocked'; outcome: Outcome }

async function lookAtTask(hint: Hint, services: Services): Promise<Seen> {
  const { clickup, connection } = services
  const { resource, receivedAt } = hint
  const read = await readTask(clickup, resource.id, { connection, now: services.clock.now() })
  if (read.kind === 'fault') return { kind: 'blocked', outcome: outcomeOf(read.fault, services.clock.now()) }
  const stored = (await services.tasks.load(connection.name, [resource.id])).get(resource.id)?.snapshot ?? null
  const task = await services.tasks.record(connection.name, read.observation, stored)
  if (task.state === 'deleted') {
    const changes = [deletionOf(resource, task.incarnation, { connection, receivedAt })]
    return { kind: 'seen', first: baseline(new Map()), task, changesSince: () => changes }
  }
  const facts = task.state === 'outOfSight' ? new Map<string, Json>() : factsOfSnapshot(task)
  return {
    kind: 'seen',
    first: baseline(facts),
    task,
    // The first look at a task has nothing to compare with: what it sees is where the ledger begins.
    changesSince: (known) =>
      known === null || facts.size === 0
        ? []
        : differences(known, facts).map((each) => taskChangeOf(each, { task, known, connection, receivedAt })),
  }
}

async function lookAtPlace(hint: Hint, services: Services): Promise<Seen> {
  const { clickup, connection } = services
  const { resource, gone, receivedAt } = hint
  const answer = await readPlace(clickup, resource)
  const now = services.clock.now()
  switch (answer.kind) {
    case 'ok':
      if (gone && now < receivedAt + READ_LAG_MS) {
        // Told that it is deleted and answered that it is there: one of the two is late, and it is the answer.
        return { kind: 'blocked', outcome: { kind: 'deferred', reason: 'stale', until: now + STALE_RETRY_MS } }
      }
      return seenPlace({ ...answer.value, state: 'present' }, answer.observedAt, { ...hint, connection })
    case 'gone':
      return seenPlace({ state: 'deleted' }, now, { ...hint, connection })
    case 'noAccess':
      return seenPlace({ state: gone ? 'deleted' : 'outOfSight' }, now, { ...hint, connection })
    default:
      return { kind: 'blocked', outcome: outcomeOf(answer, now) }
  }
}

function seenPlace(fields: PlaceFields, at: number, hint: Hint & { connection: Connection }): Seen {
  const facts = new Map(Object.entries(fields))
  const change = (known: Known | null, difference: Difference) => ({
    ...ownChange({
      ...hint,
      field: difference.key,
      origin: `version ${known?.version ?? 0}`,
      version: known?.version ?? 0,
      at,
    }),
    before: capped(difference.before),
    after: capped(difference.after),
    atEarliest: Math.min(at, difference.since || at),
  })
  return {
    kind: 'seen',
    first: { version: 0, fields: {}, outbox: [] },
    task: null,
    changesSince(known) {
      const was = known?.fields['state']?.value ?? null
      const is = fields['state'] ?? null
      if (was === is) return differences(known ?? baseline(new Map()), facts).map((each) => change(known, each))
      // Appearing and disappearing are one change each, not one per field.
      const field = is !== 'present' ? 'deletion' : was === null ? 'creation' : 'restoration'
      if (is === 'outOfSight') return []
      return [change(known, { key: field, before: null, after: is === 'present' ? fields : null, since: at })]
    },
  }
}
