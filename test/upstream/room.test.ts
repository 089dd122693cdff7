import { describe, expect, it } from 'vitest'
import { isAlive, leaseIn, type Mark, type Room, roomIn } from '../../core/upstream/room.ts'
import type { Window } from '../../core/upstream/window.ts'
import { fresh, MINUTE, NO_LIMITS, SPEC, START, told, written } from './support/one-window.ts'

const NOW = START + 1_000
const END = START + MINUTE

const room = (window: Window | null, { lane = 'live' as const, now = NOW, limits = NO_LIMITS } = {}) =>
  roomIn(window, SPEC, limits, lane, now)
const callsIn = (found: Room) => (found.kind === 'free' ? found.calls : found)

describe('the room in a window', () => {
  it('is ten calls where none is known, in one that begins now', () => {
    expect(room(null)).toMatchObject({ kind: 'free', calls: 10, place: { opens: true, before: null, top: 10 } })
    expect(callsIn(room(null, { limits: { override: 7, known: null } }))).toBe(6)
  })

  it('is what the lane’s ceiling leaves of the limit', () => {
    expect(room(told({ leased: 90 }))).toMatchObject({ kind: 'free', calls: 5, place: { opens: false, top: 95 } })
    expect(callsIn(room(told({ leased: 94 })))).toBe(1)
    expect(room(told({ leased: 95 }))).toEqual({ kind: 'full', until: END, since: START })
  })

  it('is less by what the window before has left, as long as that counts', () => {
    const carrying = (leased: number) => told({ leased, carried: 10, carriedUntil: START + 20_000 })
    expect(room(carrying(80))).toMatchObject({ calls: 5, place: { top: 85 } })
    expect(callsIn(room(carrying(80), { now: START + 20_000 }))).toBe(15)
    expect(callsIn(room(carrying(85)))).toEqual({ kind: 'full', until: START + 20_000, since: START })
    expect(callsIn(room(carrying(95)))).toEqual({ kind: 'full', until: END, since: START })
    const longer = told({ leased: 85, carried: 10, carriedUntil: END + 5_000 })
    expect(callsIn(room(longer))).toEqual({ kind: 'full', until: END, since: START })
  })

  it('of which nothing is known is ten calls in all, however many may be leased', () => {
    const unknown = (leased: number) => fresh({ leased, lateUntil: START + 55_000 })
    expect(callsIn(room(unknown(4)))).toBe(6)
    expect(callsIn(room(unknown(10)))).toEqual({ kind: 'full', until: NOW + 1_000, since: START })
    expect(callsIn(room(unknown(10), { now: START + 60_500 }))).toEqual({
      ...{ kind: 'full', until: START + 61_000, since: START },
    })
    expect(callsIn(room({ ...unknown(10), state: 'untold' }))).toBe(85)
  })

  it('of which nothing is known is ten more when those that were let in can no longer be answered', () => {
    const silent = fresh({ leased: 10, lateUntil: START + 2_000 })
    expect(callsIn(room(silent, { now: START + 11_999 }))).toMatchObject({ kind: 'full' })
    expect(callsIn(room(silent, { now: START + 12_000 }))).toBe(10)
    expect(callsIn(room(fresh({ lateUntil: START + 2_000 }), { now: START + 12_000 }))).toBe(10)
    const low = { now: START + 12_000, limits: { override: 12, known: null } }
    expect(callsIn(room(silent, low))).toBe(1)
  })

  it('is none while every call is refused, and then that of the next window', () => {
    const refused = told({ leased: 5, refusedUntil: END + 9_000 })
    expect(room(refused, { now: END + 8_999 })).toEqual({ kind: 'full', until: END + 9_000, since: START })
    expect(room(refused, { now: END + 9_000 })).toMatchObject({
      ...{ kind: 'free', calls: 10, place: { opens: true, before: { begun: START } } },
    })
  })

  it('is there again in the same window when calls are refused no more', () => {
    expect(callsIn(room(told({ leased: 5, refusedUntil: NOW }), { now: NOW - 1 }))).toMatchObject({ until: NOW })
    expect(callsIn(room(told({ leased: 5, refusedUntil: NOW })))).toBe(90)
  })

  it('of which nothing is known may be more soon, where one call would be left of the limit', () => {
    const found = room(fresh({ leased: 10, lateUntil: START + 55_000 }), { limits: { override: 12, known: null } })
    expect(found).toEqual({ kind: 'full', until: NOW + 1_000, since: START })
  })

  it('is none for a lane that is stopped by what the window before has left, in a window that was not opened', () => {
    const late = told({ leased: 60, late: 60, lateUntil: END + 1_000 })
    // It would be that of the next one, which nobody has opened: it can be no longer than until its end.
    expect(room(late, { lane: 'live', now: END, limits: { override: 60, known: null } })).toEqual({
      ...{ kind: 'full', until: END + 61_000, since: START },
    })
  })
})

describe('a lease', () => {
  const place = (window: Window | null, now = NOW) => {
    const found = room(window, { now })
    if (found.kind === 'full') throw new Error('no room')
    return found.place
  }

  it('in the middle of a window is counted there, and lives as long as the window', async () => {
    const window = told({ leased: 20 })
    const { change, mark, next } = leaseIn(place(window), 5, NOW)
    expect(mark).toEqual({ name: 'minute', begun: START, diesAt: null })
    expect(await written(window, change)).toEqual({ ...window, leased: 25 })
    expect(next).toEqual({ ...window, leased: 25 })
  })

  it('near the end is counted as a late one as well, and dies after a grace', async () => {
    const window = told({ leased: 20, late: 2, lateUntil: START + 50_000 })
    const [first, last] = [window.earliest - 2_000, window.earliest - 2_001]
    expect(leaseIn(place(window, last), 1, last).mark.diesAt).toBeNull()
    const { change, mark, next } = leaseIn(place(window, first), 3, first)
    expect(mark.diesAt).toBe(first + 1_000)
    const after = { ...window, leased: 23, late: 5, lateUntil: first + 2_000 }
    expect(await written(window, change)).toEqual(after)
    expect(next).toEqual(after)
  })

  it('says with one common mark until when the last of the late ones is on its way', async () => {
    const window = told()
    const now = window.earliest + 1
    const { change, next } = leaseIn(place(window, now), 1, now)
    expect(next.lateUntil).toBe(window.earliest + 3_000)
    // Whoever is late by more has moved the mark: theirs stays.
    expect(await written(window, change, { ...window, lateUntil: window.earliest + 3_001 })).toBeNull()
    expect(await written(window, change, { ...window, lateUntil: window.earliest + 3_000 })).toMatchObject({ late: 1 })
    const further = { ...window, lateUntil: window.earliest + 9_000 }
    expect(leaseIn(place(further, now), 1, now).next.lateUntil).toBe(window.earliest + 9_000)
  })

  it('is not taken when others have taken so much meanwhile that there is no room, or another window runs', async () => {
    const window = told({ leased: 20 })
    const { change } = leaseIn(place(window), 5, NOW)
    expect(await written(window, change, told({ leased: 90 }))).toMatchObject({ leased: 95 })
    expect(await written(window, change, told({ leased: 91 }))).toBeNull()
    expect(await written(window, change, told({ leased: 20, begun: START + 1 }))).toBeNull()
  })

  it('opens a window, if it is still the next one', async () => {
    const { change, next, mark } = leaseIn(place(null), 5, NOW)
    expect(mark).toEqual({ name: 'minute', begun: NOW, diesAt: NOW + 1_000 })
    expect(await written(null, change)).toEqual(next)
    expect(next).toMatchObject({ begun: NOW, leased: 5, late: 5, lateUntil: NOW + 2_000 })
    expect(await written(null, change, told())).toBeNull()

    const before = told({ leased: 20, late: 1, lateUntil: END + 1_000 })
    const after = leaseIn(place(before, END), 5, END)
    expect(await written(before, after.change)).toEqual(after.next)
    expect(after.next).toMatchObject({ begun: END, leased: 5, carried: 1 })
    for (const other of [{ late: 2 }, { latest: END - 1 }, { begun: START + 1 }]) {
      expect(await written(before, after.change, { ...before, ...other })).toBeNull()
    }
    // The calls of the middle of the window before are no business of the next one.
    expect(await written(before, after.change, { ...before, leased: 30 })).not.toBeNull()
  })
})

describe('a call of a lease may be begun', () => {
  const lasting: Mark = { name: 'minute', begun: START, diesAt: null }
  const late: Mark = { ...lasting, diesAt: START + 9_000 }
  const near = told().earliest - 1_000

  it.each<[string, Mark, Window | null, number, boolean]>([
    ['until a grace before its window can end', lasting, told(), near - 1, true],
    ['and no longer', lasting, told(), near, false],
    ['not in another window', lasting, told({ begun: START + 1 }), NOW, false],
    ['not where no window is known', lasting, null, NOW, false],
    ['not while nobody knows when the window ends', lasting, fresh({ earliest: END }), NOW, false],
    ['as a late one within its grace, whatever window runs', late, null, START + 8_999, true],
    ['as a late one no longer than that', late, null, START + 9_000, false],
    ['as a late one on to the end that has been told meanwhile', late, told(), START + 9_000, true],
  ])('%s', (_, mark, window, now, alive) => {
    expect(isAlive(mark, window, SPEC, now)).toBe(alive)
  })
})
