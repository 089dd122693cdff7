import { allOf, type Change } from './change.ts'
import type { Lane } from './lane.ts'
import type { Blocked } from './passage.ts'
import { leaseIn, type Mark, type Place, roomIn } from './room.ts'
import type { View } from './view.ts'
import { limitOf, type Window } from './window.ts'

/** From so many calls at a time on it is worth while to save writes. */
const SEVERAL = 5

/** Room for calls in all windows at once. */
export type Opening = { kind: 'free'; calls: number; places: readonly Place[] }

export function openingFor(lane: Lane, { state, windows, limitsOf, now }: View): Opening | Blocked {
  const rooms = windows.map((spec) => roomIn(state.windows[spec.name] ?? null, spec, limitsOf(spec), lane, now))
  const full = rooms.filter((room) => room.kind === 'full').sort((a, b) => b.until - a.until)[0]
  if (full !== undefined) return { kind: 'blocked', why: 'spent', until: full.until, since: full.since }
  const free = rooms.filter((room) => room.kind === 'free')
  return {
    kind: 'free',
    calls: Math.min(...free.map(({ calls }) => calls)),
    places: free.map(({ place }) => place),
  }
}

/** What is believed of the limit, in calls in the longest window. */
export function limitIn({ state, windows, limitsOf, now }: View): number {
  const [longest] = windows.toSorted((a, b) => b.ms - a.ms)
  if (longest === undefined) return Number.MAX_SAFE_INTEGER
  return limitOf(state.windows[longest.name] ?? null, longest, limitsOf(longest), now)
}

/** A call that was refused for its rate stops also those that were reserved. */
export function refusedIn({ state, windows, now }: View): Blocked | null {
  const refused = windows
    .flatMap(({ name }) => state.windows[name] ?? [])
    .filter(({ refusedUntil }) => now < refusedUntil)
    .sort((a, b) => b.refusedUntil - a.refusedUntil)[0]
  if (refused === undefined) return null
  return { kind: 'blocked', why: 'spent', until: refused.refusedUntil, since: refused.begun }
}

/** Whether many have waited for a window that nobody has opened yet. */
export const isAwaited = ({ places }: Opening): boolean => places.some(({ opens, window }) => opens && window.crowded)

/**
 * How many to take for somebody who asks for so many. Where more is wanted than there is, nothing is left over of what a
 * worker takes in advance, and larger leases are fewer writes.
 */
export function generously(calls: number, opening: Opening): number {
  const several = calls >= SEVERAL && opening.places.some(({ window }) => window.crowded)
  const wanted = several ? Math.ceil(calls * (isAwaited(opening) ? 2 : 1.5)) : calls
  return Math.min(Math.max(1, wanted), opening.calls)
}

/** What is taken in advance and not used is lost to everybody else, so it comes out of the first quarter of a window. */
const QUIET_SHARE = 1 / 4

/** Whether so little is taken of windows of which the headers have told that so many more calls are in nobody's way. */
export const isQuiet = ({ places }: Opening, calls: number): boolean =>
  places.every(
    ({ opens, window, top }) => !opens && window.state === 'told' && window.leased + calls <= top * QUIET_SHARE,
  )

/** A lease of so many calls in all windows, all or none. */
export function leaseAll(
  { places }: Opening,
  calls: number,
  now: number,
): { change: Change; marks: Mark[]; next: Record<string, Window> } {
  const leases = places.map((place) => ({ name: place.spec.name, ...leaseIn(place, calls, now) }))
  return {
    change: allOf(leases.map(({ change }) => change)),
    marks: leases.map(({ mark }) => mark),
    next: Object.fromEntries(leases.map(({ name, next }) => [name, next])),
  }
}

/** The view after windows were written, so that an answer that says what is known costs no further read. */
export const withWindows = (view: View, next: Readonly<Record<string, Window>>): View => ({
  ...view,
  state: { ...view.state, windows: { ...view.state.windows, ...next } },
})
