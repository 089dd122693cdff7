import { CLICKUP } from '../../../core/clickup/provider.ts'
import { type Change, changeOf } from '../../../core/upstream/change.ts'
import type { WindowSpec } from '../../../core/upstream/provider.ts'
import type { Report } from '../../../core/upstream/rates.ts'
import { attributeOf, type Limits, openWindow, type Window } from '../../../core/upstream/window.ts'
import { type Testimony, windowAfter } from '../../../core/upstream/witness.ts'
import { createMemoryStore } from './memory-store.ts'

export const START = 1_789_000_000_000
export const MINUTE = 60_000
export const NO_LIMITS: Limits = { override: null, known: null }

/** ClickUp's: a minute of 100 calls, with a second of grace. */
export const SPEC: WindowSpec = firstOf(CLICKUP.windows)

function firstOf(specs: readonly WindowSpec[]): WindowSpec {
  const [spec] = specs
  if (spec === undefined) throw new Error('ClickUp has a window')
  return spec
}

/** A window that began at START, of which nothing is known yet, with what is given changed. */
export const fresh = (over: Partial<Window> = {}): Window => ({ ...openWindow(null, SPEC, NO_LIMITS, START), ...over })

/** One of which a header has told that it ends a minute after START. */
export const told = (over: Partial<Window> = {}): Window =>
  fresh({ state: 'told', told: 100, earliest: START + MINUTE - 2_000, latest: START + MINUTE, ...over })

export const report = (over: Partial<Report> = {}): Report => ({
  ...{
    window: 'minute',
    limit: 100,
    remaining: 99,
    ends: { earliest: START + MINUTE - 2_000, latest: START + MINUTE },
  },
  ...over,
})

/** Writes a change to what is stored of the window; null when somebody was quicker. */
export async function written(before: Window | null, change: Change, stored = before): Promise<Window | null> {
  const { store, state } = createMemoryStore()
  if (stored !== null) await store.apply(changeOf({ set: [{ path: [attributeOf(SPEC)], value: stored }] }))
  return (await store.apply(change)) ? (state().windows[SPEC.name] ?? null) : null
}

/** What stands after a call has ended, and what was lent along with it; no window when nothing was written. */
export async function afterCall(
  before: Window | null,
  over: Partial<Testimony>,
  { now = START + 1_000, limits = NO_LIMITS, stored = before } = {},
) {
  const nothing = { report: null, answered: true, refusedUntil: null, atHand: 0, outstanding: 0, wish: null }
  const step = windowAfter(before, { spec: SPEC, limits, testimony: { ...nothing, ...over }, now })
  if (step === null) return { window: null, lent: null }
  return { window: await written(before, step.change, stored), lent: step.lent }
}
