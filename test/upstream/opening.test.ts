import { describe, expect, it } from 'vitest'
import type { Lane } from '../../core/upstream/lane.ts'
import {
  generously,
  isAwaited,
  isQuiet,
  leaseAll,
  limitIn,
  type Opening,
  openingFor,
  refusedIn,
  withWindows,
} from '../../core/upstream/opening.ts'
import { createPool } from '../../core/upstream/pool.ts'
import type { WindowSpec } from '../../core/upstream/provider.ts'
import type { View } from '../../core/upstream/view.ts'
import { openWindow, type Window } from '../../core/upstream/window.ts'
import { MINUTE, NO_LIMITS, SPEC, START } from './support/one-window.ts'

const NOW = START + 10_000
const HOUR: WindowSpec = { ...SPEC, name: 'hour', ms: 60 * MINUTE, limit: 1_000 }
const SECOND: WindowSpec = { ...SPEC, name: 'second', ms: 1_000, limit: 10 }

const running = (spec: WindowSpec, over: Partial<Window> = {}): Window => ({
  ...openWindow(null, spec, NO_LIMITS, START),
  ...{ state: 'told', told: spec.limit, earliest: START + spec.ms - 2_000, latest: START + spec.ms },
  ...over,
})

/** The windows of a provider as they were read; one that is not given was never opened. */
const view = (windows: Readonly<Record<string, Window>>, specs: readonly WindowSpec[] = [SPEC, HOUR]): View => ({
  ...{ state: { windows, breaker: null, refusal: null }, windows: specs, limitsOf: () => NO_LIMITS, now: NOW },
})

const opened = (windows: Readonly<Record<string, Window>>, lane: Lane = 'live'): Opening => {
  const opening = openingFor(lane, view(windows))
  if (opening.kind === 'blocked') throw new Error('no room')
  return opening
}
const both = (minute: Partial<Window>, hour: Partial<Window> = {}) => ({
  minute: running(SPEC, minute),
  hour: running(HOUR, hour),
})

describe('room in all windows at once', () => {
  it('is what the fullest of them leaves', () => {
    expect(opened(both({ leased: 90 })).calls).toBe(5)
    expect(opened(both({ leased: 5 }, { leased: 948 })).calls).toBe(2)
    expect(opened(both({})).places.map(({ spec }) => spec.name)).toEqual(['minute', 'hour'])
    expect(opened({ minute: running(SPEC) }).places.map(({ opens }) => opens)).toEqual([false, true])
  })

  it('is none while one of them is full, until the last of those has ended', () => {
    const full = { kind: 'blocked', why: 'spent' }
    const inAnHour = { ...full, until: START + HOUR.ms, since: START + 1 }
    expect(openingFor('live', view(both({ leased: 95 })))).toEqual({ ...full, until: START + MINUTE, since: START })
    expect(openingFor('live', view(both({ leased: 95 }, { leased: 950, begun: START + 1 })))).toEqual(inAnHour)
    expect(openingFor('live', view(both({}, { leased: 950, begun: START + 1 })))).toEqual(inAnHour)
  })

  it('is taken in all of them or in none', () => {
    const windows = both({ leased: 5 }, { leased: 7 })
    const { change, marks, next } = leaseAll(opened(windows), 3, NOW)
    expect(marks).toEqual(['minute', 'hour'].map((name) => ({ name, begun: START, diesAt: null })))
    expect([next['minute']?.leased, next['hour']?.leased]).toEqual([8, 10])
    expect(change.add).toEqual(['minute', 'hour'].map((name) => ({ path: [`window:${name}`, 'leased'], by: 3 })))
    expect(change.when).toHaveLength(4)
    const { windows: after } = withWindows(view(windows), { hour: running(HOUR, { leased: 99 }) }).state
    expect([after['minute']?.leased, after['hour']?.leased]).toEqual([5, 99])
  })
})

describe('what is believed of the limit', () => {
  it('is that of the longest window, whichever comes first', () => {
    expect(limitIn(view(both({})))).toBe(1_000)
    expect(limitIn(view(both({}, { told: 700 }), [HOUR, SPEC]))).toBe(700)
    expect(limitIn(view({}, [SECOND, SPEC]))).toBe(100)
  })

  it('is none where there is no window', () => {
    expect(limitIn(view({}, []))).toBe(Number.MAX_SAFE_INTEGER)
  })
})

describe('a refusal', () => {
  const until = (ms: number, begun = START) => ({ refusedUntil: NOW + ms, begun })

  it('stops everything for as long as the longest lasts', () => {
    expect(refusedIn(view(both({})))).toBeNull()
    expect(refusedIn(view(both(until(0))))).toBeNull()
    const blocked = { kind: 'blocked', why: 'spent' }
    expect(refusedIn(view(both(until(1))))).toEqual({ ...blocked, until: NOW + 1, since: START })
    expect(refusedIn(view(both(until(1), until(9, START + 5))))).toEqual({
      ...blocked,
      until: NOW + 9,
      since: START + 5,
    })
    expect(refusedIn(view(both(until(9), until(1, START + 5))))).toEqual({ ...blocked, until: NOW + 9, since: START })
  })
})

describe('a worker that takes more than it asked for', () => {
  const crowd = (crowded: boolean, opens = false, calls = 1_000): Opening => {
    const [place] = opened(both({})).places
    if (place === undefined) throw new Error('a place')
    return { kind: 'free', calls, places: [{ ...place, opens, window: { ...place.window, crowded } }] }
  }

  it('waits a moment where many have waited for a window that nobody has opened', () => {
    const all = [
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ] as const
    expect(all.map(([crowded, opens]) => isAwaited(crowd(crowded, opens)))).toEqual([true, false, false, false])
  })

  it('does so where only one of several windows is like that', () => {
    const [minute] = crowd(true, true).places
    const [hour] = crowd(false).places
    if (minute === undefined || hour === undefined) throw new Error('two places')
    const opening: Opening = { kind: 'free', calls: 1_000, places: [minute, hour] }
    expect([isAwaited(opening), generously(5, opening)]).toEqual([true, 10])
  })

  it.each<[string, number, Opening, number]>([
    ['as many as it asked for, where there is enough for all', 8, crowd(false), 8],
    ['half as many again where more is wanted than there is', 5, crowd(true), 8],
    ['twice as many where it opens the window that many have waited for', 5, crowd(true, true), 10],
    ['as many as it asked for, where that are few', 4, crowd(true, true), 4],
    ['no more than there are', 8, crowd(true, false, 9), 9],
    ['one at least', 0, crowd(false), 1],
  ])('takes %s', (_, calls, opening, taken) => {
    expect(generously(calls, opening)).toBe(taken)
  })

  it('takes some ahead out of the first quarter of windows that are well known', () => {
    const quiet = (minute: Partial<Window>, hour: Partial<Window> = {}) => isQuiet(opened(both(minute, hour)), 3)
    // A quarter of 95 is 23.
    expect([quiet({ leased: 20 }), quiet({ leased: 21 })]).toEqual([true, false])
    expect(quiet({}, { leased: 235 })).toBe(false)
    const control = (leased: number) => isQuiet(opened(both({ leased }), 'control'), 3)
    expect([control(22), control(23)]).toEqual([true, false])
    expect(quiet({ state: 'untold' })).toBe(false)
    expect(isQuiet(opened({ minute: running(SPEC) }), 3)).toBe(false)
  })
})

describe('the calls that a worker has at hand', () => {
  const mark = { name: 'minute', begun: START, diesAt: null }
  const now = view(both({}))

  it('are those of the lane that have not been begun', () => {
    const pool = createPool()
    pool.put('live', 2, [mark])
    pool.put('sweep', 1, [mark])
    expect([pool.atHand('live', now), pool.atHand('sweep', now), pool.atHand('control', now)]).toEqual([2, 1, 0])
    expect([1, 2, 3].map(() => pool.take('live', now))).toEqual([true, true, false])
    expect([pool.atHand('live', now), pool.atHand('sweep', now), pool.held()]).toEqual([0, 1, 1])
    pool.put('live', 1, [mark])
    expect(pool.take('live', now)).toBe(true)
  })

  it('are none of a window that has ended, or that is no window of the provider', () => {
    const pool = createPool()
    pool.put('live', 2, [mark])
    pool.put('live', 3, [{ ...mark, begun: START - 1 }])
    pool.put('live', 4, [mark, { ...mark, name: 'year' }])
    pool.put('live', 5, [{ ...mark, name: 'hour', begun: START - 1 }, mark])
    pool.put('live', 6, [{ ...mark, name: 'year', diesAt: NOW + 1 }])
    expect(pool.held()).toBe(20)
    expect(pool.atHand('live', now)).toBe(2)
    expect(pool.held()).toBe(2)
    expect(pool.take('live', view({ hour: running(HOUR) }))).toBe(false)
  })

  it('are gone at once when they are worth nothing', () => {
    const pool = createPool()
    pool.put('live', 2, [mark])
    pool.drop()
    expect([pool.held(), pool.atHand('live', now), pool.take('live', now)]).toEqual([0, 0, false])
  })
})
