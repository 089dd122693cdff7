import { type Change, changeOf } from './change.ts'
import type { Report } from './rates.ts'
import { attributeOf, limitOf, openWindow, unchanged, usedOf, type Window, within } from './window.ts'
import type { Scene } from './witness.ts'

const HOUR = 3_600_000
/** A window that somebody else has used up says nothing of the limit: it is never learnt to be less than this part. */
const LEAST_SHARE = 0.1

type Refusal = {
  window: Window | null
  /** The same, unless it is over. */
  running: Window | null
  /** What was told of the window that runs. */
  report: Report | null
  until: number
}

/** A call was refused for its rate: the window is over for us, and what it let through is its limit as far as we know. */
export function refused({ window, running, report, until }: Refusal, scene: Scene): Change | null {
  const { spec, limits, now } = scene
  const ends = report === null ? {} : { state: 'told' as const, told: report.limit, ...report.ends }
  if (running === null) {
    const opened = { ...openWindow(window, spec, limits, now), ...ends, refusedUntil: until }
    const value = { ...opened, limit: limitOf(opened, spec, limits, now) }
    return changeOf({ set: [{ path: [attributeOf(spec)], value }], when: unchanged(spec, window) })
  }
  const learned = learnedOf(running, report, scene)
  if (running.refusedUntil >= until && learned?.limit === running.learned?.limit) return null
  return within(spec, running, {
    ...ends,
    learned,
    limit: limitOf({ ...running, ...ends, learned }, spec, limits, now),
    refusedUntil: Math.max(running.refusedUntil, until),
  })
}

/** The limit as a refusal shows it: what the headers have counted, else what was given out less what cannot have been counted. */
function learnedOf(window: Window, report: Report | null, { spec, limits, testimony, now }: Scene): Window['learned'] {
  const believed = limitOf(window, spec, limits, now)
  const first = window.refusedUntil === 0
  const given = first ? window.leased : (window.learned?.limit ?? window.leased)
  // A refusal that leaves calls is one by a limit that is not told, but they were counted.
  const counted = report !== null && report.remaining > 0 ? report.limit - report.remaining : null
  const possible = Math.min(counted ?? given - testimony.outstanding - 1, given)
  const expected = (first || window.learned === null) && usedOf(window, now) >= believed
  const least = Math.max(1, Math.ceil(LEAST_SHARE * believed))
  if (expected || possible < least || possible >= believed) return window.learned
  return { limit: possible, until: now + HOUR }
}
