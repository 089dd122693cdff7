import { type Change, changeOf } from './change.ts'
import { ceilingOf, type Lane } from './lane.ts'
import type { WindowSpec } from './provider.ts'
import {
  attributeOf,
  carriedOf,
  isLate,
  isOver,
  type Limits,
  limitOf,
  openWindow,
  unchanged,
  usedOf,
  type Window,
} from './window.ts'

/** While no answer has said anything of a window, so many calls in all: enough to learn of it, too few to do harm. */
export const NEW_CALLS = 10
/** How soon an answer may have said something. */
const SOON_MS = 1_000
/** Nobody answers any more by then: whoever held the calls was stopped, or the calls came to nothing. */
const UNANSWERED_MS = 10_000

export type Room =
  | { kind: 'free'; calls: number; place: Place }
  /** Nothing for this lane before `until`. */
  | { kind: 'full'; until: number; since: number }

/** Where a lease is taken: in the window that runs, or in a new one after `before`. */
export type Place = {
  spec: WindowSpec
  window: Window
  opens: boolean
  before: Window | null
  /** So many may be leased in all before the lane has to wait. */
  top: number
}

/** How many calls a lane may take of a window now. */
export function roomIn(before: Window | null, spec: WindowSpec, limits: Limits, lane: Lane, now: number): Room {
  const opens = before === null || isOver(before, now)
  const window = opens ? openWindow(before, spec, limits, now) : before
  const since = before?.begun ?? now
  if (now < window.refusedUntil) return { kind: 'full', until: window.refusedUntil, since }
  const ceiling = ceilingOf(lane, limitOf(window, spec, limits, now))
  const free = ceiling - usedOf(window, now)
  const top = Math.min(ceiling - carriedOf(window, now), capOf(window, now))
  const calls = top - window.leased
  if (calls >= 1) {
    return { kind: 'free', calls, place: { spec, window, opens, before, top } }
  }
  const until = free >= 1 ? now + SOON_MS : ceiling > window.leased ? window.carriedUntil : window.latest
  return { kind: 'full', until: Math.min(until, window.latest), since }
}

function capOf({ state, leased, lateUntil }: Window, now: number): number {
  if (state !== 'new') return Number.POSITIVE_INFINITY
  return leased > 0 && now >= lateUntil + UNANSWERED_MS ? leased + NEW_CALLS : NEW_CALLS
}

/** What a lease is worth, window by window: it belongs to one, and a late one lives for a moment only. */
export type Mark = { name: string; begun: number; diesAt: number | null }

/** Takes calls that there is room for. */
export function leaseIn(
  { spec, window, opens, before, top }: Place,
  calls: number,
  now: number,
): { change: Change; mark: Mark; next: Window } {
  const { name, graceMs } = spec
  const late = isLate(window, spec, now)
  const mark = { name, begun: window.begun, diesAt: late ? now + graceMs : null }
  const attribute = attributeOf(spec)
  // It has arrived a grace after it died, at the latest. A common mark, so that workers of the same moment say the same.
  const lateUntil = Math.ceil((now + 2 * graceMs) / graceMs) * graceMs
  const next = {
    ...window,
    leased: window.leased + calls,
    ...(late ? { late: window.late + calls, lateUntil: Math.max(window.lateUntil, lateUntil) } : {}),
  }
  if (opens) {
    return {
      change: changeOf({ set: [{ path: [attribute], value: next }], when: unchanged(spec, before) }),
      mark,
      next,
    }
  }
  const change = changeOf({
    add: [
      { path: [attribute, 'leased'], by: calls },
      ...(late ? [{ path: [attribute, 'late'] as const, by: calls }] : []),
    ],
    set: late ? [{ path: [attribute, 'lateUntil'], value: lateUntil }] : [],
    when: [
      { path: [attribute, 'begun'], is: window.begun },
      { path: [attribute, 'leased'], atMost: top - calls },
      ...(late ? [{ path: [attribute, 'lateUntil'] as const, atMost: lateUntil }] : []),
    ],
  })
  return { change, mark, next }
}

/** Whether a call of a lease may still be begun. */
export function isAlive({ begun, diesAt }: Mark, window: Window | null, { graceMs }: WindowSpec, now: number): boolean {
  if (diesAt !== null && now < diesAt) return true
  // A lease of a window of which nothing was known lives on as soon as somebody has learnt when it ends.
  return window !== null && window.begun === begun && window.state === 'told' && now < window.earliest - graceMs
}
