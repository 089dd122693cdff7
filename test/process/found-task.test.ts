import { expect, test } from 'vitest'
import { ownChange } from '../../core/clickup/changes.ts'
import { taskFound } from '../../core/process/found/found-task.ts'
import { account } from '../../core/tasks/account.ts'
import { baselineOf, beginning, type Known } from '../../core/tasks/known.ts'
import { type Snapshot, UNKNOWN_FIELDS } from '../../core/tasks/snapshot.ts'
import { CONNECTION } from '../support/consumer.ts'

const NOON = Date.UTC(2026, 2, 2, 12)
const MINUTE = 60_000

const task = (over: Partial<Snapshot>): Snapshot => ({
  ...UNKNOWN_FIELDS,
  ...{ id: 't', state: 'present', observedAt: NOON, version: 1, incarnation: 0, updatedAt: NOON - 60 * MINUTE },
  ...over,
})
const found = (observedAt: number) => ({
  connection: CONNECTION,
  found: { origin: 'sweep' as const, since: NOON - 30 * MINUTE, until: observedAt - 10 * MINUTE, observedAt },
})

const OPEN = { name: 'open', type: 'open' }
const WORK = { name: 'in work', type: 'custom' }
const BLOCKED = { name: 'blocked', type: 'custom' }
const SOURCE = {
  ...{ connection: CONNECTION, resource: { kind: 'task' as const, id: 't' }, field: 'status' },
  ...{ origin: 'told', version: 1 },
}

test('a difference that moved no date is left to its delivery until it is seen again, also on a field that nobody told of yet', () => {
  const known: Known = { ...baselineOf(task({ points: 1 })), version: 1 }
  const changed = task({ points: 2 })
  const first = taskFound(changed, known, found(NOON + 15 * MINUTE))
  expect(first.changes).toEqual([])
  expect(first.next?.suspects).toMatchObject({ points: { value: 2, seenAt: NOON + 15 * MINUTE } })
  const second = taskFound(changed, first.next, found(NOON + 30 * MINUTE))
  expect(second.changes).toMatchObject([{ field: 'points', before: 1, after: 2, at: NOON + 15 * MINUTE }])
})

test('an update that the ledger began with is found at once where what was told of is older and says otherwise', () => {
  const toldAt = NOON - 20 * MINUTE
  const changed = task({ points: 2, updatedAt: toldAt + 70 })
  const begun = baselineOf(changed)
  const known: Known = { ...begun, version: 1, fields: { ...begun.fields, points: { value: 1, at: toldAt } } }
  const { changes } = taskFound(changed, known, found(NOON))
  expect(changes).toMatchObject([{ field: 'points', before: 1, after: 2, at: toldAt + 70, atEarliest: toldAt }])
})

test('what happened while it was listed is not told to have happened before', () => {
  const known: Known = { ...baselineOf(task({ points: 1 })), version: 1 }
  const listedAt = NOON + 15 * MINUTE
  const changed = task({ points: 2, updatedAt: listedAt + 800 })
  const first = taskFound(changed, known, found(listedAt))
  const later = task({ points: 2, updatedAt: NOON + 20 * MINUTE })
  const second = taskFound(later, first.next, found(NOON + 45 * MINUTE))
  expect(second.changes).toMatchObject([{ field: 'points', after: 2, at: listedAt + 800 }])
})

test('a value that was seen before another was told of is new when it is seen again', () => {
  const begun: Known = { ...baselineOf(task({ status: OPEN })), version: 1 }
  // It was in work before the sweep, and nobody told; then it was told to be blocked, and back in work, of which nobody told again.
  const seenAt = NOON + 15 * MINUTE
  const first = taskFound(task({ status: WORK, updatedAt: seenAt - MINUTE }), begun, found(seenAt))
  expect(first.next?.suspects).toMatchObject({ status: { value: WORK, seenAt } })
  const toldAt = NOON + 20 * MINUTE
  const told = { ...ownChange({ ...SOURCE, at: toldAt, receivedAt: toldAt }), before: WORK, after: BLOCKED }
  const heard = first.next === null ? null : account(first.next, [told])
  const againAt = NOON + 40 * MINUTE
  const second = taskFound(task({ status: WORK, updatedAt: againAt }), heard, found(NOON + 60 * MINUTE))
  expect(second.changes).toMatchObject([
    { field: 'status', before: OPEN, after: WORK, at: toldAt - 1 },
    { field: 'status', before: BLOCKED, after: WORK, at: againAt, atEarliest: toldAt },
  ])
})

test('a task that a backfill was the first to see is told as made by the next sweep, if it is younger than the last one', () => {
  const birthsOf = (createdAt: number) => {
    const made = task({ createdAt })
    const { found: its } = found(NOON)
    const read = taskFound(made, null, { connection: CONNECTION, found: { ...its, origin: 'backfill', since: 0 } })
    expect(read.changes).toEqual([])
    return taskFound(made, read.next, found(NOON)).changes.map(({ field }) => field)
  }
  expect(birthsOf(NOON - 20 * MINUTE)).toContain('task_creation')
  expect(birthsOf(NOON - 40 * MINUTE)).toEqual([])
})

test('a task of which nothing but a comment was delivered is told as made by the next sweep', () => {
  const unread: Known = { ...beginning(null), version: 1, unborn: true }
  const made = task({ createdAt: NOON - 20 * MINUTE, status: OPEN })
  const { next, changes } = taskFound(made, unread, found(NOON))
  expect(changes.map(({ field }) => field)).toEqual(['task_creation'])
  expect(next).toMatchObject({
    begun: true,
    unborn: false,
    outbox: changes,
    fields: { status: { value: OPEN, at: 0 } },
  })
})

test('what a sweep could not see may have happened before it', () => {
  const begunAt = NOON - 90 * MINUTE
  const known: Known = { ...baselineOf(task({ points: 1, updatedAt: begunAt })), version: 1 }
  const updatedAt = NOON - 20 * MINUTE
  const [seen] = taskFound(task({ points: 2, updatedAt }), known, found(NOON)).changes
  expect(seen).toMatchObject({ at: updatedAt, atEarliest: NOON - 30 * MINUTE })
  const [unseen] = taskFound(task({ points: 2, updatedAt, backAt: NOON - 10 * MINUTE }), known, found(NOON)).changes
  expect(unseen).toMatchObject({ at: updatedAt, atEarliest: begunAt })
})
