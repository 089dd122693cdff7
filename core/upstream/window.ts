import * as z from 'zod'
import { type Change, changeOf, membersOf } from './change.ts'
import type { WindowSpec } from './provider.ts'

const time = z.number()

/**
 * What is kept of a window of the budget. When the provider's own window ends is known only to lie between `earliest` and
 * `latest`, and it may be another window by the time a call arrives. So a lease belongs to the window in which it is taken
 * and, if it is taken late, to the next one as well:
 *
 *      begun                                       earliest − 2 grace    earliest     latest
 *   ─────┼────────────── leases: here ─────────────────────┼──── leases: here and there ────┼── the next one
 *        (these die at earliest − grace)                       (these die a grace after being taken)
 *
 * While no header has told the end, it may be near at any moment: every lease is a late one.
 */
export const windowSchema = z.object({
  /** When it was opened; no other has the same. */
  begun: time,
  earliest: time,
  latest: time,
  /** `new`: no answer since it began; `told`: a header has said when it ends; `untold`: there are answers, and none says so. */
  state: z.enum(['new', 'told', 'untold']),
  /** Calls that were given out, made or not. */
  leased: z.number(),
  /** Those of them that may be counted in the next window instead, and when the last of these has arrived. */
  late: z.number(),
  lateUntil: time,
  /** The late ones of the window before, and until when a window of the provider can hold both them and a call of now. */
  carried: z.number(),
  carriedUntil: time,
  /** What was believed when it was last written, for whoever looks. */
  limit: z.number(),
  /** What a header has last said. */
  told: z.number().nullable(),
  /** A limit that showed itself by a refusal, and how long it is believed. */
  learned: z.object({ limit: z.number(), until: time }).nullable(),
  /** A call was refused for its rate: nothing before then; 0: none was. */
  refusedUntil: time,
  /** The window before was used up until its end: more is wanted than there is. */
  crowded: z.boolean(),
})
export type Window = z.infer<typeof windowSchema>

/** Whoever finds a window so full waits for its end, and comes so soon after it. */
const FULL = 0.9
const CROWD_MS = 5_000

/** The limit as somebody set it, and as it is known from elsewhere than from headers (the plan). */
export type Limits = { override: number | null; known: number | null }

/** What is believed of the limit: what is told goes before what is known, and the lowest of all that is said holds. */
export function limitOf(window: Window | null, spec: WindowSpec, { override, known }: Limits, now: number): number {
  const learned = window?.learned && now < window.learned.until ? window.learned.limit : Number.POSITIVE_INFINITY
  const set = override ?? Number.POSITIVE_INFINITY
  return Math.max(1, Math.min(set, window?.told ?? known ?? spec.limit, learned))
}

export const isOver = ({ latest, refusedUntil }: Window, now: number): boolean => now >= Math.max(latest, refusedUntil)

/** Whether a call that is let in now may be counted in the next window. */
export const isLate = ({ earliest }: Pick<Window, 'earliest'>, { graceMs }: WindowSpec, now: number): boolean =>
  now >= earliest - 2 * graceMs

/** Calls that the provider may have counted in the window that runs now, or may still count there. */
export const usedOf = (window: Window, now: number): number => window.leased + carriedOf(window, now)

export const carriedOf = ({ carried, carriedUntil }: Window, now: number): number => (now < carriedUntil ? carried : 0)

/** A window of which nothing is known yet but what the one before it leaves. */
export function openWindow(before: Window | null, spec: WindowSpec, limits: Limits, now: number): Window {
  const left = before === null ? { carried: 0, carriedUntil: 0 } : leftBy(before, spec, now)
  return {
    begun: Math.max(now, (before?.begun ?? 0) + 1),
    earliest: now,
    latest: now + spec.ms + spec.graceMs,
    state: spec.headers === null ? 'untold' : 'new',
    ...{ leased: 0, late: 0, lateUntil: 0 },
    ...left,
    limit: limitOf(before, spec, limits, now),
    told: before?.told ?? null,
    learned: before?.learned && now < before.learned.until ? before.learned : null,
    refusedUntil: 0,
    crowded: before !== null && wasFull(before) && now < Math.max(before.latest, before.refusedUntil) + CROWD_MS,
  }
}

const wasFull = ({ leased, carried, limit, refusedUntil }: Window) =>
  refusedUntil > 0 || leased + carried >= limit * FULL

/** What of a window, and of the one before it, may be counted in the next one. */
export function leftBy(before: Window, { ms }: WindowSpec, now: number): Pick<Window, 'carried' | 'carriedUntil'> {
  const late = { calls: before.late, until: before.lateUntil + ms }
  // Those that are still on their way may arrive after two windows of which the first was short.
  const older = { calls: now < before.carriedUntil - ms ? before.carried : 0, until: before.carriedUntil }
  const left = [late, older].filter(({ calls, until }) => calls > 0 && now < until)
  return {
    carried: left.reduce((sum, { calls }) => sum + calls, 0),
    carriedUntil: Math.max(0, ...left.map(({ until }) => until)),
  }
}

/** The attribute that holds a window, and the prefix by which all of them are found. */
export const WINDOW_PREFIX = 'window:'
export const attributeOf = ({ name }: Pick<WindowSpec, 'name'>) => `${WINDOW_PREFIX}${name}`

/** That the window before is still as it was when it was decided what it leaves. */
export const unchanged = (spec: WindowSpec, before: Window | null): Change['when'] => {
  const attribute = attributeOf(spec)
  if (before === null) return [{ path: [attribute], is: null }]
  return [
    { path: [attribute, 'begun'], is: before.begun },
    { path: [attribute, 'latest'], is: before.latest },
    { path: [attribute, 'late'], is: before.late },
  ]
}

/** Sets members of the window that runs, if it is still the one and what they rest on is as it was. */
export function within(spec: WindowSpec, window: Window, values: Partial<Window>): Change {
  const attribute = attributeOf(spec)
  return changeOf({
    set: membersOf(attribute, values),
    when: [
      { path: [attribute, 'begun'], is: window.begun },
      { path: [attribute, 'state'], is: window.state },
      { path: [attribute, 'refusedUntil'], is: window.refusedUntil },
      ...('leased' in values ? [{ path: [attribute, 'leased'] as const, is: window.leased }] : []),
    ],
  })
}
