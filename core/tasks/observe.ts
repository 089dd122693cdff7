import { isGone, type Observation, type Snapshot, type TaskFields, UNKNOWN_FIELDS } from './snapshot.ts'

/**
 * For so long after a change a read may still answer the state before it, and for so long our clock and ClickUp's may
 * differ: a read that began this soon after a deletion does not bring the task back.
 */
export const READ_LAG_MS = 5_000

/**
 * The snapshot that an observation makes of the one before, or `null` when the one before is newer and stays.
 *
 * Living over living goes by (`updatedAt`, `observedAt`); whatever involves gone goes by `observedAt` alone, because a
 * restore need not move ClickUp's `date_updated`.
 */
export function observe(before: Snapshot | null, seen: Observation): Snapshot | null {
  if (before !== null && !isNewer(before, seen)) return lateDeletion(before, seen) ?? latePlace(before, seen)
  const fields = placed(before === null ? UNKNOWN_FIELDS : fieldsOf(before), seen)
  const common = { id: seen.id, observedAt: seen.observedAt, version: (before?.version ?? 0) + 1 }
  const incarnation = before?.incarnation ?? 0
  const backAt = before?.state === 'outOfSight' && seen.kind === 'seen' ? seen.observedAt : before?.backAt
  const back = backAt === undefined ? {} : { backAt }
  if (seen.kind === 'missing') return { ...fields, ...common, ...back, state: seen.state, incarnation }
  return {
    ...fields,
    ...seen.fields,
    ...common,
    ...back,
    state: seen.archived ? 'archived' : 'present',
    incarnation: before?.state === 'deleted' ? incarnation + 1 : incarnation,
  }
}

/**
 * A deletion that is told after the task was seen alive again changes nothing but the count of its lives: without it, the
 * next deletion would pass for this one.
 */
function lateDeletion(before: Snapshot, seen: Observation): Snapshot | null {
  const counts =
    seen.kind === 'missing' && seen.state === 'deleted' && !isGone(before.state) && before.incarnation === 0
  return counts ? { ...before, incarnation: 1, version: before.version + 1 } : null
}

/** Which life of a task a deletion ended that was told at `toldAt`. */
export function incarnationAt(snapshot: Snapshot | null, toldAt: number): number {
  if (snapshot === null) return 0
  const aliveSince = !isGone(snapshot.state) && snapshot.observedAt > toldAt + READ_LAG_MS
  return aliveSince ? Math.max(0, snapshot.incarnation - 1) : snapshot.incarnation
}

function isNewer(before: Snapshot, seen: Observation): boolean {
  if (seen.kind === 'missing') return isNewlyMissing(before, seen)
  if (isGone(before.state)) {
    const margin = before.state === 'deleted' ? READ_LAG_MS : 0
    return seen.observedAt > before.observedAt + margin
  }
  const was = before.updatedAt ?? 0
  const is = seen.fields.updatedAt ?? was
  return is > was || (is === was && seen.observedAt > before.observedAt)
}

/** The mirror of the rule above, so that two observations end the same in either order. */
function isNewlyMissing(before: Snapshot, seen: Observation & { kind: 'missing' }): boolean {
  // A deletion is a fact; that we may not see the task says nothing new about it.
  if (before.state === 'deleted') return false
  if (before.state === 'outOfSight') return seen.state === 'deleted'
  const margin = seen.state === 'deleted' ? READ_LAG_MS : 0
  return seen.observedAt + margin >= before.observedAt
}

/** Whether nothing is known of it but that it is gone. */
export const isNeverSeen = ({ state, createdAt }: Snapshot): boolean => isGone(state) && createdAt === null

/** Of a task that was gone before anybody has seen it, its place may be told after all else. */
function latePlace(before: Snapshot, seen: Observation): Snapshot | null {
  if (!isNeverSeen(before)) return null
  const { list } = placed(before, seen)
  return list?.id === before.list?.id ? null : { ...before, list, version: before.version + 1 }
}

/** Where more than one place was told, either will do: the greater, so that the order of arrival does not matter. */
function placed<Fields extends TaskFields>(fields: Fields, seen: Observation): Fields {
  if (seen.kind === 'seen' || fields.createdAt !== null || (seen.listId ?? null) === null) return fields
  const id = [fields.list?.id ?? '', seen.listId ?? ''].sort().at(-1) ?? ''
  return { ...fields, list: { id, name: null } }
}

function fieldsOf(snapshot: Snapshot): TaskFields {
  const {
    id: _id,
    state: _state,
    observedAt: _observedAt,
    version: _version,
    incarnation: _incarnation,
    backAt: _backAt,
    ...fields
  } = snapshot
  return fields
}
