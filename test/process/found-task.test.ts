import { expect, test } from 'vitest'
import { taskFound } from '../../core/process/found/found-task.ts'
import { baselineOf, type Known } from '../../core/tasks/known.ts'
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
