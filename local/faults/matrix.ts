import { isDeepStrictEqual } from 'node:util'
import type { Fetch } from '../../core/upstream/exchange.ts'
import { createRandom } from '../clickup/random.ts'
import type { Variation } from '../virtual/variation.ts'
import { callText, type Seen } from './calls.ts'
import { createDisturbance, type Disturbance, type Plan } from './disturb.ts'
import { type Fault, faultsOf } from './faults.ts'
import type { Broken, Outcome, Subject } from './subject.ts'
import { createWatch } from './watch.ts'

/** One place where something goes wrong. */
export type Point = { readonly at: number; readonly fault: Fault }

/** How a run ended. */
export type Played = {
  readonly outcome: Outcome
  /** What must hold whatever the outcome is, and did not. */
  readonly wrong: readonly string[]
  readonly calls: readonly Seen[]
  readonly hits: Disturbance['hits']
}

export type Setting = { readonly subject: Subject; readonly seed: number; readonly broken?: Broken | undefined }

/** Nobody is disturbed. */
export const UNDISTURBED: Plan = () => null

/** Plays a subject to its end with a plan for its calls. */
export async function play({ subject, seed, broken = {} }: Setting, plan: Plan): Promise<Played> {
  const watch = createWatch()
  const disturbance = createDisturbance(subject.containers, plan)
  const { variation = {}, ...more } = broken
  const {
    run,
    disturbedFrom = 0,
    disturbedUntil = Number.POSITIVE_INFINITY,
    longestUntil,
    ...played
  } = subject.play({
    ...more,
    seed,
    variation: around(variation, disturbance, watch),
  })
  disturbance.begin(run.time, { from: disturbedFrom, until: disturbedUntil })
  const isEnough = () => variation.enough?.(run) ?? false
  const done = () => isEnough() || (disturbance.isOver() && played.isAtRest())
  const ended = await run.time.run({ until: longestUntil, done })
  return {
    outcome: {
      ...played.outcome(),
      setAside: watch.quarantined(),
      movedAsideByTheQueue: run.queue.quarantined - watch.setAside(),
    },
    wrong: [
      ...(ended === 'until' || isEnough() ? ['It was not at rest when its time was up'] : []),
      ...watch.breaches(),
      ...(played.breaches?.() ?? []),
    ],
    ...{ calls: disturbance.calls, hits: disturbance.hits },
  }
}

/** The break is next to the functions, what disturbs them comes after it, and the watch is next to AWS. */
function around(broken: Variation, disturbance: Disturbance, watch: ReturnType<typeof createWatch>): Variation {
  const through: Variation['through'] = (call, next, container) =>
    disturbance.through(call, (last) => watch.through(last, next, container), container)
  return {
    ...broken,
    through: (call, next, container) =>
      broken.through?.(call, (last) => through(last, next, container), container) ?? through(call, next, container),
    fetch: (fetch: Fetch, container) => {
      const disturbed = disturbance.fetch(fetch, container)
      return broken.fetch?.(disturbed, container) ?? disturbed
    },
    outlives: disturbance.outlives,
  }
}

/** Every point of an undisturbed run. */
export const pointsOf = (calls: readonly Seen[]): Point[] =>
  calls.flatMap((call) => faultsOf(call).map((fault) => ({ at: call.index, fault })))

const planOf =
  ({ at, fault }: Point): Plan =>
  ({ index }) =>
    index === at ? fault : null

/** Every call may be disturbed, with that probability and by any fault that can befall it. */
export function randomPlan(seed: number, probability: number): Plan {
  const random = createRandom(seed).fork('faults')
  return (call) => (random.chance(probability) ? random.pick(faultsOf(call)) : null)
}

/** What is wrong with a disturbed run, beside an undisturbed one; nothing if all is as it should be. */
export function judged({ judge }: Subject, played: Played, undisturbed: Played): string[] {
  if (played.hits.length === 0) return ['Nothing was disturbed']
  const wrong =
    judge === undefined ? unequal(played.outcome, undisturbed.outcome) : judge(played.outcome, undisturbed.outcome)
  return [...played.wrong, ...wrong]
}

/** Plays one point. */
export async function playPoint(setting: Setting, point: Point, undisturbed: Played): Promise<string[]> {
  const played = await play(setting, planOf(point))
  const [hit] = played.hits
  const meant = undisturbed.calls[point.at]
  if (hit !== undefined && (meant === undefined || !isDeepStrictEqual(hit.call, meant)))
    return [`The same seed made another run: ${callText(hit.call)}`]
  return judged(setting.subject, played, undisturbed)
}

const MOST_TEXT = 300
const text = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, MOST_TEXT)

/** Where two outcomes differ, as deep as it takes to say it in a line. */
export function unequal(is: unknown, should: unknown, where = ''): string[] {
  if (isDeepStrictEqual(is, should)) return []
  if (!isMap(is) || !isMap(should)) return [`${where}: ${text(is)} instead of ${text(should)}`]
  const names = [...new Set([...Object.keys(should), ...Object.keys(is)])]
  return names.flatMap((name) => unequal(is[name], should[name], where === '' ? name : `${where} ${name}`))
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
