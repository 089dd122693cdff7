import { type Change, changeOf } from './change.ts'
import { ceilingOf, type Lane } from './lane.ts'
import type { WindowSpec } from './provider.ts'
import type { Report, Span } from './rates.ts'
import { refused } from './refused.ts'
import { type Mark, NEW_CALLS } from './room.ts'
import {
  attributeOf,
  isLate,
  isOver,
  type Limits,
  leftBy,
  limitOf,
  openWindow,
  unchanged,
  usedOf,
  type Window,
  within,
} from './window.ts'

/** What the end of a call says of one window. */
export type Testimony = {
  report: Report | null
  /** The provider itself has answered, not somebody in its place. */
  answered: boolean
  /** The call was refused because of this window. */
  refusedUntil: number | null
  /** Calls that this worker holds and has not begun. */
  atHand: number
  /** Calls that this worker holds or has under way, the one that ended left out, as far as they were not left out before. */
  outstanding: number
  /** What the worker would reserve next. */
  wish: { lane: Lane; calls: number } | null
}

/** What is known of a window when a call ends. */
export type Scene = { spec: WindowSpec; limits: Limits; testimony: Testimony; now: number }

/** What is to be written, and the calls that are leased to the worker along with it. */
export type Step = { change: Change; lent: { calls: number; mark: Mark } | null }

/** What is to be written of a window after a call; null: nothing that was not known. Within a window headers only lower. */
export function windowAfter(window: Window | null, scene: Scene): Step | null {
  const { spec, testimony, now } = scene
  const running = window !== null && !isOver(window, now) ? window : null
  // The end of a window that lies ahead is the end of the one that runs: there is only one at a time.
  const report = testimony.report !== null && testimony.report.ends.earliest > now ? testimony.report : null
  if (testimony.refusedUntil !== null) {
    return step(refused({ window, running, report, until: testimony.refusedUntil }, scene))
  }
  if (running === null) return null
  if (report === null) {
    // Without headers nothing tells when it ends, but something answers: on with what is believed, each lease a late one.
    const untold = running.state === 'new' && testimony.answered && testimony.report === null
    return untold ? step(within(spec, running, { state: 'untold' })) : null
  }
  if (running.state !== 'told') return confirmed(running, report, scene)
  return step(overlap(report.ends, running) ? lowered(running, report, scene) : replaced(running, report, scene))
}

const step = (change: Change | null): Step | null => (change === null ? null : { change, lent: null })

/**
 * The first header of a window. Where workers wait for it already, the one who brings it is short of calls, too: its next
 * reservation is part of the same write.
 */
function confirmed(window: Window, report: Report, { spec, limits, testimony, now }: Scene): Step {
  const { atHand, wish } = testimony
  const limit = limitOf({ ...window, told: report.limit }, spec, limits, now)
  const foreign = Math.max(0, foreignIn(window, report, atHand, now))
  const late = isLate(report.ends, spec, now)
  const waitedFor = window.leased >= NEW_CALLS && wish !== null && !late
  const room = waitedFor ? ceilingOf(wish.lane, limit) - usedOf(window, now) - foreign : 0
  const calls = waitedFor ? Math.max(0, Math.min(wish.calls, room)) : 0
  const change = within(spec, window, {
    ...report.ends,
    state: 'told',
    told: report.limit,
    limit,
    // Those that were taken when the end might have been near are now known to be far from it.
    ...(late ? {} : { late: 0 }),
    ...(foreign + calls > 0 ? { leased: window.leased + foreign + calls } : {}),
  })
  return { change, lent: calls > 0 ? { calls, mark: { name: spec.name, begun: window.begun, diesAt: null } } : null }
}

/** Somebody else uses the token, or the limit has become lower. */
function lowered(window: Window, report: Report, { spec, limits, testimony, now }: Scene): Change | null {
  const foreign = foreignIn(window, report, testimony.atHand, now)
  const told = Math.min(report.limit, window.told ?? report.limit)
  const lower = told !== window.told
  if (foreign <= 0 && !lower) return null
  return within(spec, window, {
    ...(lower ? { told, limit: limitOf({ ...window, told }, spec, limits, now) } : {}),
    ...(foreign > 0 ? { leased: window.leased + foreign } : {}),
  })
}

/** The provider is in another window than we believed: usually because ours may last longer than its own. */
function replaced(window: Window, report: Report, { spec, limits, testimony, now }: Scene): Change {
  const expected = isLate(window, spec, now)
  const left = expected
    ? leftBy(window, spec, now)
    : { carried: usedOf(window, now), carriedUntil: now + 2 * spec.graceMs + spec.ms }
  const told = { state: 'told' as const, told: report.limit, ...report.ends }
  const opened = { ...openWindow(window, spec, limits, now), ...left, ...told }
  const value = {
    ...opened,
    limit: limitOf(opened, spec, limits, now),
    leased: Math.max(0, foreignIn(opened, report, testimony.atHand, now)),
  }
  const leased = { path: [attributeOf(spec), 'leased'] as const, is: window.leased }
  return changeOf({
    set: [{ path: [attributeOf(spec)], value }],
    when: [...unchanged(spec, window), ...(expected ? [] : [leased])],
  })
}

/** Calls that the provider has counted, or will have counted of ours, and that nobody has leased. */
const foreignIn = (window: Window, { limit, remaining }: Report, atHand: number, now: number) =>
  limit - remaining + atHand - usedOf(window, now)

const overlap = (a: Span, b: Span) => a.earliest <= b.latest && b.earliest <= a.latest
