import { deletionOf, ownChange } from '../../clickup/changes.ts'
import { changeId } from '../../ingest/identity.ts'
import type { Change } from '../../ledger/change.ts'
import type { Connection } from '../../platform/connections.ts'
import { timePart } from '../../platform/tables.ts'
import { isBirth, sweptBy } from '../../tasks/account.ts'
import { type Difference, differences, isSame } from '../../tasks/differences.ts'
import { factsOfSnapshot } from '../../tasks/facts.ts'
import type { Hop } from '../../tasks/hops.ts'
import { baselineOf, begunWith, type Known } from '../../tasks/known.ts'
import { incarnationAt, READ_LAG_MS } from '../../tasks/observe.ts'
import { isGone, type Snapshot } from '../../tasks/snapshot.ts'
import { type Interval, sweptChangeOf } from '../look/task-change.ts'
import type { Found } from './found.ts'

/** What a task that was found comes to: the knowledge that is to stand, null when that which stands is right. */
export type TaskFound = { next: Known | null; changes: readonly Change[] }

type Context = { connection: Connection; found: Pick<Found, 'origin' | 'since' | 'until' | 'observedAt'> }

/**
 * Compares a task that was found with what is accounted of it, and makes changes of the differences that no delivery can
 * explain any more. Pure: whoever writes the knowledge writes the changes into its outbox with it.
 *
 * A difference is ripe when the task was last updated before `until`. One that is seen beside a younger update, or that did
 * not move ClickUp's `date_updated`, becomes ripe when it is seen again: until then it is a suspect.
 */
export function taskFound(task: Snapshot, known: Known | null, { connection, found }: Context): TaskFound {
  if (isGone(task.state)) return { next: null, changes: [] }
  const facts = factsOfSnapshot(task)
  if (known === null) return firstSeen(task, { connection, found })
  // A backfill begins the ledger and adds nothing to it: what differs from what it knows is a sweep's.
  if (found.origin === 'backfill' && known.begun) return { next: null, changes: [] }
  const births = isLostBirth(task, known, found) ? birthOf(task, task.createdAt ?? 0, connection, found.observedAt) : []
  const unborn = known.unborn && births.length === 0
  if (!known.begun) {
    const changes = births.filter(isBirth)
    const begun = sweptBy(changes, begunWith(known, task))
    return { next: { ...begun, version: known.version + 1, outbox: changes, unborn }, changes }
  }
  // What was found first is on its way: only when that is through does it show what is left.
  if (known.outbox.length > 0) return { next: null, changes: known.outbox }
  // A read is dated by its beginning, and shows what happened until it was answered.
  const shownAt = Math.max(found.observedAt, task.observedAt, task.updatedAt ?? 0)
  // A sweep that could not see the task knew nothing of it.
  const watermark = (task.backAt ?? 0) > found.since ? 0 : found.since
  const ripe: { difference: Difference; interval: Interval }[] = []
  const suspects: Known['suspects'] = {}
  for (const difference of differences(known, facts)) {
    const { key, after, since, heardAt = since } = difference
    // An update that it began with is in what it began with: whatever differs from that now has moved no date. What was told of
    // is older than that, or newer, and says nothing of it: of the two, the update may be the one that nobody has told.
    const accountedAt = since || (known.begunAt ?? 0)
    const movedAt = task.updatedAt !== null && task.updatedAt > accountedAt ? task.updatedAt : null
    // Older than what is accounted for: it is the answer that lags, and nothing was taken back.
    if (movedAt === null && found.observedAt < since + READ_LAG_MS) continue
    const before = known.suspects[key]
    const seenAt = before !== undefined && isSame(before.value, after) ? before.seenAt : shownAt
    if ((movedAt ?? seenAt) <= found.until || seenAt <= found.until) {
      ripe.push({
        difference,
        interval: intervalOf(Math.min(movedAt ?? seenAt, seenAt), { since: accountedAt, heardAt, watermark }),
      })
    } else {
      suspects[key] = { value: after, seenAt, openSince: before?.openSince ?? seenAt }
    }
  }
  const context = { task, known, connection, receivedAt: found.observedAt }
  const passedOver = known.hops.filter(({ to }) => to <= found.until)
  const changes = [
    // Its first status was heard of, or stood before the first change that was.
    ...births.filter(isBirth),
    ...passedOver.map((hop) =>
      hopChange(hop, intervalOf(hop.to - 1, { since: hop.from, heardAt: hop.from, watermark }), context),
    ),
    ...ripe.map(({ difference, interval }) => sweptChangeOf(difference, interval, context)),
  ]
  if (changes.length === 0 && isSame(suspects, known.suspects)) return { next: null, changes }
  const hops = known.hops.filter((hop) => !passedOver.includes(hop))
  return {
    next: {
      ...sweptBy(changes, known),
      version: known.version + 1,
      outbox: changes,
      suspects,
      hops,
      unborn,
    },
    changes,
  }
}

/** What two delivered changes enclose: known by where it stands between them. */
function hopChange({ key, was, value, from, to }: Hop, interval: Interval, context: HopContext): Change {
  const change = sweptChangeOf({ key, before: was, after: value, since: from }, interval, context)
  const { resource, field } = change
  const historyId = `hop ${key} ${from} ${to}`
  return {
    ...change,
    id: changeId({ resourceKind: resource.kind, resourceId: resource.id, historyId, field, contentHash: null }),
  }
}
type HopContext = Parameters<typeof sweptChangeOf>[2]

/**
 * From when what was accounted for, or all that had happened until the last sweep, whichever is later. Of what was heard of after
 * that sweep it could not know: of a change that came late and one that took it back and was lost, it had seen nothing.
 */
function intervalOf(
  at: number,
  { since, heardAt, watermark }: { since: number; heardAt: number; watermark: number },
): Interval {
  const latest = Math.max(at, since + 1)
  const earliest = watermark < latest && heardAt <= watermark ? Math.max(since, watermark) : since
  return { at: latest, atEarliest: earliest > 0 ? earliest : latest }
}

/** The first sight of a task: it was made since the last sweep, and that is a change; or the ledger begins with it as it is. */
function firstSeen(task: Snapshot, { connection, found }: Context): TaskFound {
  const first: Known = { ...baselineOf(task), version: 1 }
  const bornAt = task.createdAt ?? 0
  const isBorn = found.origin === 'sweep' && found.since > 0 && bornAt > found.since
  // Nobody has told of its making, and a backfill tells of nothing: if it is younger than the last sweep, the next one does.
  if (!isBorn) return { next: { ...first, unborn: found.origin === 'backfill' }, changes: [] }
  // Its delivery may yet come, and it is then that the ledger begins.
  if (bornAt > found.until) return { next: null, changes: [] }
  const changes = birthOf(task, bornAt, connection, found.observedAt)
  return { next: { ...sweptBy(changes, first), outbox: changes }, changes }
}

/** Whether a task was made since the last sweep, of which its first delivery said nothing, and no other will. */
const isLostBirth = ({ createdAt }: Snapshot, { unborn }: Known, { origin, since, until }: Context['found']): boolean =>
  unborn && origin === 'sweep' && since > 0 && createdAt !== null && createdAt > since && createdAt <= until

/** ClickUp tells of a new task by two history items: that it was made, and its first status. */
function birthOf(task: Snapshot, at: number, connection: Connection, receivedAt: number): Change[] {
  const born = (field: string, after: Change['after'], until: number): Change => ({
    ...ownChange({
      connection,
      resource: { kind: 'task', id: task.id },
      field,
      origin: 'birth',
      version: 0,
      at: until,
      receivedAt,
    }),
    order: timePart(until),
    atEarliest: at,
    after,
    origin: 'sweep',
    listId: task.list?.id ?? null,
  })
  // It may have had others since.
  const statusAt = Math.max(at, task.updatedAt ?? at)
  return [born('task_creation', null, at), ...(task.status === null ? [] : [born('status', task.status, statusAt)])]
}

/**
 * That a census did not find a task and ClickUp says that it is gone for good. The id is that of a delivered deletion. When
 * it was, nobody knows but that it was not before its last update.
 */
export function deletionFound(task: Snapshot, goneAt: number, { connection, found }: Context): Change {
  const at = Math.min(task.observedAt, goneAt)
  const receivedAt = found.observedAt
  // It may have been restored before the census was through: then it is the life before that has ended.
  const incarnation = incarnationAt(task, goneAt)
  const deletion = deletionOf({ kind: 'task', id: task.id }, incarnation, { connection, receivedAt })
  return { ...deletion, origin: 'sweep', at, atEarliest: Math.min(at, task.updatedAt ?? at) }
}
