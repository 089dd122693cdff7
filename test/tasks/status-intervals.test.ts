import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../core/ledger/change.ts'
import { createPhases } from '../../core/tasks/cycle/phases.ts'
import { statusIntervals } from '../../core/tasks/cycle/status-intervals.ts'
import { taskCycle } from '../../core/tasks/cycle/task-cycle.ts'
import type { StatusTimes } from '../../core/tasks/status-times.ts'
import { aTask, statusChange, TYPES } from '../report/support/sample.ts'

const SEED = Number(process.env['SEED'] ?? 20261121)
const T = Date.UTC(2026, 2, 2, 9)
const MINUTE = 60_000
const NAMES = Object.keys(TYPES)
const phases = createPhases({})
const elapsed = (from: number, to: number) => to - from

/** A life: how many minutes in which status, one after the other, from the making on. */
const life = fc
  .array(fc.record({ status: fc.constantFrom(...NAMES), minutes: fc.integer({ min: 1, max: 40 }) }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((steps) => steps.filter(({ status }, i) => status !== steps[i - 1]?.status))

type Step = { status: string; minutes: number }

/** The status of each minute of a life, the last of them for ever. */
const minutesOf = (steps: readonly Step[]) =>
  steps.flatMap(({ status, minutes }) => Array.from({ length: minutes }, () => status))

/** What ClickUp tells of a life: the making and each change, but for the first `lost` of them. */
function toldOf(steps: readonly Step[], lost = 0): Change[] {
  let at = T
  const changes = steps.map(({ status, minutes }, i) => {
    const change = statusChange(steps[i - 1]?.status ?? null, status, at)
    at += minutes * MINUTE
    return change
  })
  return changes.slice(lost)
}

function totalsOf(steps: readonly Step[]): StatusTimes {
  const totals = new Map<string, { minutes: number; since: number }>()
  let at = T
  for (const { status, minutes } of steps) {
    const known = totals.get(status)
    totals.set(status, { minutes: (known?.minutes ?? 0) + minutes, since: known?.since ?? at })
    at += minutes * MINUTE
  }
  const last = steps.at(-1)?.status ?? ''
  const history = [...totals].map(([status, { minutes, since }], orderindex) => ({
    ...{ status, minutes, since, orderindex },
    type: TYPES[status] ?? null,
  }))
  return {
    taskId: 'abc',
    asOf: at,
    current: { status: last, since: null, minutes: totals.get(last)?.minutes ?? 0 },
    history,
  }
}

const taskOf = (steps: readonly Step[]) => {
  const name = steps.at(-1)?.status ?? ''
  return aTask({ createdAt: T, status: { name, type: TYPES[name] ?? '' } })
}

const isTiled = (intervals: ReturnType<typeof statusIntervals>) => {
  expect(intervals[0]?.from).toBe(T)
  expect(intervals.at(-1)?.to).toBeNull()
  for (const [i, { from, to, status }] of intervals.entries()) {
    const next = intervals[i + 1]
    expect(to).toBe(next?.from ?? null)
    if (to !== null) expect(to).toBeGreaterThan(from)
    expect(next?.status).not.toBe(status)
  }
}

describe('the statuses of a task', () => {
  it('are those that were told, in whatever order', () => {
    fc.assert(
      fc.property(life, fc.nat(), (steps, rotation) => {
        const told = toldOf(steps)
        const shuffled = told
          .map((_, i) => told[(i * 7 + rotation) % told.length] ?? told[0])
          .flatMap((each) => each ?? [])
        const changes = new Set(shuffled).size === told.length ? shuffled : told.toReversed()
        const intervals = statusIntervals({ task: taskOf(steps), changes, times: null })
        isTiled(intervals)
        expect(intervals.map(({ status, from, to }) => [status, to === null ? null : (to - from) / MINUTE])).toEqual(
          steps.map(({ status, minutes }, i) => [status, i === steps.length - 1 ? null : minutes]),
        )
        expect(new Set(intervals.map(({ precision }) => precision))).toEqual(new Set(['exact']))
      }),
      { seed: SEED, numRuns: 300 },
    )
  })

  it('tile its life, whatever is lost of its beginning and whatever is known of that', () => {
    fc.assert(
      fc.property(life, fc.nat({ max: 12 }), fc.boolean(), (steps, lost, counted) => {
        const changes = toldOf(steps, lost)
        const intervals = statusIntervals({ task: taskOf(steps), changes, times: counted ? totalsOf(steps) : null })
        isTiled(intervals)
        const told = changes[0]
        // What was told is exact, and what was not is never called so.
        for (const { from, precision } of intervals) {
          expect(precision === 'exact').toBe(told !== undefined && from >= told.at)
        }
      }),
      { seed: SEED, numRuns: 500 },
    )
  })

  it("have ClickUp's totals where nothing was told", () => {
    fc.assert(
      fc.property(life, fc.nat({ max: 12 }), (steps, lost) => {
        const times = totalsOf(steps)
        const intervals = statusIntervals({ task: taskOf(steps), changes: toldOf(steps, lost), times })
        for (const { status, minutes } of times.history) {
          const ms = intervals
            .filter((each) => each.status === status)
            .reduce((sum, { from, to }) => sum + (to ?? times.asOf) - from, 0)
          expect(Math.abs(ms - minutes * MINUTE)).toBeLessThan(10)
        }
      }),
      { seed: SEED, numRuns: 500 },
    )
  })

  it('found by a sweep came at some time between two', () => {
    const swept = { origin: 'sweep' as const, actor: null, atEarliest: T + 5 * MINUTE }
    const changes = [statusChange(null, 'to do', T), statusChange('to do', 'review', T + 9 * MINUTE, swept)]
    const intervals = statusIntervals({ task: taskOf([{ status: 'review', minutes: 1 }]), changes, times: null })
    expect(intervals[0]).toMatchObject({ actor: { name: 'Ann' }, precision: 'exact' })
    expect(intervals[1]).toMatchObject({
      ...{ status: 'review', statusType: 'custom', precision: 'interval', actor: null },
      ...{ from: T + 9 * MINUTE, fromEarliest: T + 5 * MINUTE, fromLatest: T + 9 * MINUTE },
    })
  })

  it('of a task without any history are the one that it shows, since nobody knows when', () => {
    const intervals = statusIntervals({
      task: aTask({ createdAt: T, status: { name: 'done', type: 'done' } }),
      changes: [],
      times: null,
    })
    expect(intervals).toMatchObject([{ status: 'done', from: T, to: null, precision: 'interval' }])
  })

  it('pass over what was too large to keep and what belongs to other fields', () => {
    const changes = [
      statusChange(null, 'to do', T),
      statusChange('to do', 'review', T + 1, { after: { omitted: 'too large' } }),
      statusChange('to do', 'review', T + 2, { field: 'priority' }),
    ]
    expect(statusIntervals({ task: taskOf([{ status: 'to do', minutes: 1 }]), changes, times: null })).toHaveLength(1)
  })
})

describe('the cycle of a task', () => {
  it('is what counting each minute gives', () => {
    fc.assert(
      fc.property(life, fc.integer({ min: 1, max: 60 }), (steps, more) => {
        const minutes = minutesOf(steps)
        const intervals = statusIntervals({ task: taskOf(steps), changes: toldOf(steps), times: null })
        const now = T + (minutes.length + more) * MINUTE
        const cycle = taskCycle(intervals, { phases, working: elapsed, now, doneAt: null })
        const phase = minutes.map((name) => phases.of({ name, type: TYPES[name] ?? '' }))
        const firstActive = phase.indexOf('active')
        const isDone = phase.at(-1) === 'done'
        const end = isDone ? phase.findLastIndex((each) => each !== 'done') + 1 : null
        expect(cycle.doneAt).toBe(end === null ? null : T + end * MINUTE)
        expect(cycle.lead?.elapsedMs ?? null).toBe(end === null ? null : end * MINUTE)
        expect(cycle.cycle?.elapsedMs ?? null).toBe(
          end === null || firstActive < 0 || firstActive > end ? null : (end - firstActive) * MINUTE,
        )
        expect(cycle.reopenings).toBe(
          phase.filter((each, i) => i > 0 && phase[i - 1] === 'done' && each !== 'done').length,
        )
        const until = end ?? minutes.length + more
        const all = [...minutes, ...Array.from({ length: more }, () => minutes.at(-1) ?? '')].slice(0, until)
        const counted = new Map<string, number>()
        for (const name of all) counted.set(name, (counted.get(name) ?? 0) + 1)
        expect(new Map(cycle.spent.map(({ status, elapsedMs }) => [status, elapsedMs / MINUTE]))).toEqual(counted)
      }),
      { seed: SEED, numRuns: 500 },
    )
  })

  it('before the connection begins and ends when ClickUp says', () => {
    const steps = [
      { status: 'to do', minutes: 10 },
      { status: 'in progress', minutes: 5 },
      { status: 'to do', minutes: 20 },
      { status: 'in progress', minutes: 5 },
      { status: 'done', minutes: 60 },
    ]
    const intervals = statusIntervals({ task: taskOf(steps), changes: [], times: totalsOf(steps) })
    const doneAt = T + 40 * MINUTE
    const cycle = taskCycle(intervals, { phases, working: elapsed, now: T + 100 * MINUTE, doneAt })
    expect(cycle).toMatchObject({
      ...{ activeAt: T + 10 * MINUTE, doneAt, precision: 'aggregate', reopenings: 0 },
      cycle: { elapsedMs: 30 * MINUTE },
    })
  })

  it('goes by what statuses were said to mean, and by nothing where nobody said', () => {
    const mapped = createPhases({ 'In Progress': 'notStarted', review: 'active' })
    expect(mapped.of({ name: 'in progress ', type: 'custom' })).toBe('notStarted')
    expect(mapped.of({ name: 'parked', type: 'strange' })).toBeNull()
    expect(mapped.of({ name: 'constructor', type: null })).toBeNull()
    const changes = [statusChange(null, 'to do', T), statusChange('to do', 'done', T + MINUTE)]
    const intervals = statusIntervals({ task: taskOf([{ status: 'done', minutes: 1 }]), changes, times: null })
    expect(taskCycle(intervals, { phases, working: elapsed, now: T, doneAt: null })).toMatchObject({
      cycle: null,
      lead: { elapsedMs: MINUTE },
    })
  })
})
