import { describe, expect, it } from 'vitest'
import { CLICKUP } from '../../core/clickup/provider.ts'
import {
  isLate,
  isOver,
  type Limits,
  leftBy,
  limitOf,
  openWindow,
  usedOf,
  type Window,
} from '../../core/upstream/window.ts'

const START = 1_789_000_000_000
const MINUTE = 60_000
const [spec] = CLICKUP.windows
if (spec === undefined) throw new Error('ClickUp has a window')
const LIMITS = { override: null, known: null }

const window = (over: Partial<Window>): Window => ({ ...openWindow(null, spec, LIMITS, START), ...over })

describe('what a window leaves to the next', () => {
  it('are the calls that may be counted there, for as long as one window can hold them and a call of now', () => {
    const before = window({ leased: 40, late: 7, lateUntil: START + MINUTE })
    const next = openWindow(before, spec, LIMITS, START + MINUTE)
    expect(usedOf(next, START + MINUTE)).toBe(7)
    expect(usedOf(next, START + 2 * MINUTE - 1)).toBe(7)
    expect(usedOf(next, START + 2 * MINUTE)).toBe(0)
    expect(openWindow(before, spec, LIMITS, START + 2 * MINUTE)).toMatchObject({ carried: 0, carriedUntil: 0 })
  })

  it('are those of two windows where the first was so short that some are still on their way', () => {
    const before = window({ late: 3, lateUntil: START + 4_000, carried: 5, carriedUntil: START + 2_500 + MINUTE })
    expect(leftBy(before, spec, START + 2_499)).toEqual({ carried: 8, carriedUntil: START + 4_000 + MINUTE })
    expect(leftBy(before, spec, START + 2_500)).toEqual({ carried: 3, carriedUntil: START + 4_000 + MINUTE })
  })

  it('is what was learnt of the limit, as long as that is believed', () => {
    const before = window({ told: 100, learned: { limit: 60, until: START + 2 * MINUTE } })
    expect(openWindow(before, spec, LIMITS, START + MINUTE)).toMatchObject({
      ...{ limit: 60, told: 100, learned: { limit: 60, until: START + 2 * MINUTE } },
    })
    expect(openWindow(before, spec, LIMITS, START + 2 * MINUTE)).toMatchObject({ limit: 100, learned: null })
  })

  it('is never its own beginning: two windows that begin in the same moment are two', () => {
    const before = window({ latest: START })
    expect(openWindow(before, spec, LIMITS, START).begun).toBe(START + 1)
  })
})

describe('the limit that is believed', () => {
  it.each<[string, Partial<Window> | null, Limits, number]>([
    ['what is usual, where nothing is told or known', null, LIMITS, 100],
    ['what is known, in place of what is usual', null, { override: null, known: 1_000 }, 1_000],
    ['what was told, in place of what is known', { told: 300 }, { override: null, known: 1_000 }, 300],
    ['what was set, where it is lower', { told: 300 }, { override: 40, known: 1_000 }, 40],
    ['not what was set, where it is higher', { told: 300 }, { override: 400, known: null }, 300],
    [
      'what was learnt, where it is lower than all',
      { told: 300, learned: { limit: 30, until: START + 1 } },
      { override: 40, known: null },
      30,
    ],
    ['not what was learnt, where it is higher', { told: 300, learned: { limit: 310, until: START + 1 } }, LIMITS, 300],
    ['not what was learnt too long ago', { told: 300, learned: { limit: 30, until: START } }, LIMITS, 300],
    ['never less than one call', { told: 0 }, LIMITS, 1],
  ])('is %s', (_, over, limits, limit) => {
    expect(limitOf(over === null ? null : window(over), spec, limits, START)).toBe(limit)
  })
})

describe('a window', () => {
  it('is over when it must have ended, and not while calls are refused', () => {
    const running = window({ latest: START + MINUTE })
    expect(isOver(running, START + MINUTE - 1)).toBe(false)
    expect(isOver(running, START + MINUTE)).toBe(true)
    const refused = window({ latest: START + MINUTE, refusedUntil: START + MINUTE + 9 })
    expect(isOver(refused, START + MINUTE + 8)).toBe(false)
    expect(isOver(refused, START + MINUTE + 9)).toBe(true)
  })

  it('is near its end from two graces before it may end', () => {
    expect(isLate({ earliest: START + MINUTE }, spec, START + MINUTE - 2_001)).toBe(false)
    expect(isLate({ earliest: START + MINUTE }, spec, START + MINUTE - 2_000)).toBe(true)
  })

  it('that is opened may end at once, and does within its length and a grace', () => {
    expect(openWindow(null, spec, LIMITS, START)).toEqual({
      ...{ begun: START, earliest: START, latest: START + MINUTE + 1_000, state: 'new' },
      ...{ leased: 0, late: 0, lateUntil: 0, carried: 0, carriedUntil: 0 },
      ...{ limit: 100, told: null, learned: null, refusedUntil: 0, crowded: false },
    })
    expect(openWindow(null, { ...spec, headers: null }, LIMITS, START).state).toBe('untold')
    expect(openWindow(window({ refusedUntil: START + 9 }), spec, LIMITS, START + MINUTE * 2).refusedUntil).toBe(0)
  })

  const END = START + MINUTE
  it.each<[string, Partial<Window>, number, boolean]>([
    ['was used up to nine tenths', { leased: 90 }, END, true],
    ['was used up so, with what the window before had left', { leased: 80, carried: 10 }, END, true],
    ['was not', { leased: 79, carried: 10 }, END, false],
    ['had a lower limit, and was used up to nine tenths of that', { leased: 54, limit: 60 }, END, true],
    ['has refused calls', { refusedUntil: START + 1 }, END, true],
    ['was full, and ended not quite five seconds ago', { leased: 90 }, END + 4_999, true],
    ['was full, five seconds ago', { leased: 90 }, END + 5_000, false],
    ['has refused calls until not quite five seconds ago', { refusedUntil: END + 9_000 }, END + 13_999, true],
    ['has refused calls until five seconds ago', { refusedUntil: END + 9_000 }, END + 14_000, false],
  ])('is crowded, or not, when the one before %s', (_, over, now, crowded) => {
    expect(openWindow(window({ latest: END, ...over }), spec, LIMITS, now).crowded).toBe(crowded)
  })

  it('leaves nothing of what has arrived, and nothing where nothing was late', () => {
    expect(leftBy(window({ late: 3, lateUntil: START }), spec, END)).toEqual({ carried: 0, carriedUntil: 0 })
    expect(leftBy(window({ late: 3, lateUntil: START + 1 }), spec, END)).toEqual({ carried: 3, carriedUntil: END + 1 })
    expect(leftBy(window({ late: 0, lateUntil: START + 1 }), spec, END)).toEqual({ carried: 0, carriedUntil: 0 })
    const older = window({ carried: 5, carriedUntil: END + 10 })
    expect(leftBy(older, spec, START + 9)).toEqual({ carried: 5, carriedUntil: END + 10 })
    expect(leftBy(older, spec, START + 10)).toEqual({ carried: 0, carriedUntil: 0 })
  })
})
