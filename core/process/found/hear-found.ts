import { ownChange } from '../../clickup/changes.ts'
import { parseTimesInStatus } from '../../clickup/time-in-status.ts'
import type { Change } from '../../ledger/change.ts'
import { fewAtOnce } from '../../platform/few-at-once.ts'
import { eventOf } from '../../publish/event.ts'
import type { Known } from '../../tasks/known.ts'
import type { Observation, Snapshot } from '../../tasks/snapshot.ts'
import type { Stored, StoredTask } from '../../tasks/store.ts'
import { type Look, look } from '../look/look.ts'
import { seenOfPlace } from '../look/look-at-place.ts'
import type { Hint } from '../look/seen.ts'
import { isInSelection, mayDrop } from '../selection.ts'
import type { Services } from '../services.ts'
import { type Found as FoundChange, failed, type Outcome } from '../work.ts'
import type { Found, FoundPlace } from './found.ts'
import { deletionFound, taskFound } from './found-task.ts'
import { hearTime } from './found-time.ts'

export type HeardFound = { changes: Omit<FoundChange, 'message'>[]; outcome: Outcome | null }

/** Somebody else has written the same knowledge this often in a row. */
const ATTEMPTS = 8

/**
 * Puts what a sweep, a census or a backfill has found, and says which changes come of it. What makes none is done with here;
 * changes stand in an outbox, or are made anew from the same message, until they are in the ledger.
 */
export async function hearFound(found: Found, services: Services): Promise<HeardFound> {
  const changes: HeardFound['changes'] = []
  let outcome: Outcome | null = null
  const attempt = async (act: () => Promise<HeardFound['changes']>) => {
    try {
      changes.push(...(await act()))
    } catch (error) {
      // The message comes again with all of it; what is done by then is no news.
      outcome ??= failed(error)
    }
  }
  const seen = observationsOf(found)
  const ids = seen.map(({ id }) => id)
  const stored: Stored = await services.tasks.load(services.connection.name, ids)
  const standing: Snapshot[] = []
  await fewAtOnce(seen, (one) =>
    attempt(async () => {
      const task = await putTask(one, stored.get(one.id), services)
      if (found.publish) standing.push(task)
      return (await changesOfTask(task, one, stored.get(one.id)?.known ?? null, found, services)).map(asLooked)
    }),
  )
  await fewAtOnce(found.places, (place) =>
    attempt(async () => {
      const looked = await lookAtFound(place, found, services)
      if (looked.kind === 'blocked') outcome ??= looked.outcome
      if (looked.kind === 'blocked') return []
      // Another look has found something before: this one is compared when that is through.
      outcome ??= looked.again
      return looked.changes.map(asLooked)
    }),
  )
  const { time, statusTimes } = found
  if (time !== null)
    await attempt(async () =>
      (await hearTime(time, found, services)).map(({ change, entry }) => ({ change, looked: false, entry })),
    )
  if (statusTimes !== null) await attempt(() => putStatusTimes(statusTimes, found, services))
  if (found.publish) await attempt(() => publishAll(standing, found, services))
  return { changes, outcome }
}

const asLooked = (change: Change) => ({ change, looked: true })

const observationsOf = ({ tasks, missing, observedAt }: Found): Observation[] => [
  ...tasks.map((task): Observation => ({ kind: 'seen', ...task, observedAt })),
  ...missing.map((task): Observation => ({ kind: 'missing', ...task })),
]

async function putTask(seen: Observation, stored: StoredTask | undefined, services: Services): Promise<Snapshot> {
  if (stored?.fault) throw stored.fault
  return services.tasks.record(services.connection.name, seen, stored?.snapshot ?? null)
}

/** Writes what is known of the task now, its changes in the outbox, and answers with those that are on their way. */
async function changesOfTask(
  task: Snapshot,
  seen: Observation,
  stored: Known | null,
  found: Found,
  services: Services,
): Promise<readonly Change[]> {
  const { connection, known: store } = services
  const context = { connection, found }
  if (seen.kind === 'missing') return seen.state === 'deleted' ? [deletionFound(task, seen.observedAt, context)] : []
  const resource = { kind: 'task', id: task.id }
  let known = stored
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { next, changes } = taskFound(task, known, context)
    // What was found before is on its way, whoever wants it by now.
    if (next === null) return changes
    // Nobody wants to hear of it, but that it was moved there; what is known of it stands, for whoever comes to want it.
    const isWanted = changes.length === 0 || isInSelection(task, connection.filter, await services.record())
    const told = isWanted ? changes : changes.filter((change) => !mayDrop(change))
    if (!isWanted && told.length === 0) return []
    const from = known === null ? null : known.version
    if (await store.save(connection.name, resource, { ...next, outbox: [...told] }, from)) return told
    known = await store.load(connection.name, resource)
  }
  throw new Error(`What is accounted of task ${task.id} was written by others ${ATTEMPTS} times in a row`)
}

async function lookAtFound({ kind, id, isNew, fields }: FoundPlace, found: Found, services: Services): Promise<Look> {
  // One of which something is known was there before: it has come back into sight, or was moved.
  // A backfill may be the first to see one, and nobody would tell of its making later; the first of all has nothing to compare with.
  const isAfter = found.origin === 'backfill' || found.since > 0
  const isBorn = isNew && isAfter && !(await isKnown({ kind, id }, services))
  const says = isBorn ? ('created' as const) : null
  const hint: Hint = { resource: { kind, id }, says, receivedAt: found.observedAt, told: [] }
  // Named first, so that what it sees is taken for a sweep's.
  const seen = seenOfPlace(fields, found.observedAt, hint, services.connection, { from: found.since, origin: 'sweep' })
  return look({ ...hint, seen }, services)
}

const isKnown = async (place: Pick<FoundPlace, 'kind' | 'id'>, { known, connection }: Services) =>
  (await known.load(connection.name, place)) !== null

async function putStatusTimes(answers: Record<string, unknown>, { observedAt }: Found, services: Services) {
  const times = parseTimesInStatus(answers, observedAt)
  await fewAtOnce(times, (one) => services.statusTimes.put(services.connection.name, one))
  return []
}

/** A backfill that was asked to publish tells of every task, once in a run; none of it is a change. */
async function publishAll(tasks: readonly Snapshot[], { part, observedAt }: Found, services: Services) {
  const { connection, clock } = services
  const selfId = (await services.record())?.userId ?? null
  const publishedAt = clock.now()
  const events = tasks.map((task) => {
    const change = ownChange({
      connection,
      resource: { kind: 'task', id: task.id },
      field: 'backfill',
      origin: `backfill ${part.run}`,
      version: 0,
      at: observedAt,
      receivedAt: observedAt,
    })
    return eventOf({ ...change, origin: 'backfill' }, { task, selfId, publishedAt })
  })
  const refused = (await services.publish(events)).find((reason) => reason !== null)
  if (refused !== undefined) throw new Error(`the bus: ${refused}`)
  return []
}
