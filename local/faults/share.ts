import * as z from 'zod'
import { createRandom } from '../clickup/random.ts'
import { callText } from './calls.ts'
import { type Fault, isFault } from './faults.ts'
import {
  judged,
  type Played,
  type Point,
  play,
  playPoint,
  pointsOf,
  randomPlan,
  type Setting,
  UNDISTURBED,
} from './matrix.ts'
import { SUBJECTS } from './subjects/index.ts'

/** How likely a call is disturbed where all of them may be. */
const PROBABILITY = 0.02

/** A part of one subject's runs: that of a thread. */
export const shareSchema = z.object({
  subject: z.string(),
  seed: z.number(),
  breaks: z.string().nullable(),
  /** Only these faults, if any are named, and only this call, if one is. */
  faults: z.array(z.string()),
  at: z.number().nullable(),
  /** Only each so-many-th point. */
  every: z.number(),
  /** So many runs in which every call may be disturbed, instead of the points; 0 for the points. */
  random: z.number(),
  /** This part of so many. */
  part: z.number(),
  parts: z.number(),
})
export type Share = z.infer<typeof shareSchema>

/** A run that did not end as it should: what was disturbed, what is wrong, and how to repeat it. */
const findingSchema = z.object({ what: z.string(), wrong: z.array(z.string()), again: z.string() })

export const sharedSchema = z.object({
  subject: z.string(),
  /** Outgoing calls of an undisturbed run. */
  calls: z.number(),
  /** Disturbed runs that were compared. */
  compared: z.number(),
  findings: z.array(findingSchema),
})
export type Shared = z.infer<typeof sharedSchema>

/** Plays a share to its end; with something broken on purpose, until that has shown once. */
export async function playShare(share: Share, onRun: () => void = () => undefined): Promise<Shared> {
  const { setting, again } = settingOf(share)
  const undisturbed = await play(setting, UNDISTURBED)
  const shared: Shared = { subject: share.subject, calls: undisturbed.calls.length, compared: 0, findings: [] }
  if (undisturbed.wrong.length > 0)
    shared.findings.push({ what: 'undisturbed', wrong: [...undisturbed.wrong], again: again('--every 1000000') })
  const runs = share.random > 0 ? randomRuns(share, setting, again) : pointRuns(share, setting, undisturbed, again)
  for (const run of runs) {
    if (share.breaks !== null && shared.findings.length > 0) break
    const wrong = await run.play(undisturbed)
    if (wrong === null) continue
    shared.compared += 1
    if (wrong.length > 0) shared.findings.push({ what: run.what, wrong, again: run.again })
    onRun()
  }
  return shared
}

/** @throws Error for a subject, a fault or a break that nobody knows */
function settingOf({ subject: name, seed, breaks }: Share) {
  const subject = SUBJECTS.find((each) => each.name === name)
  if (subject === undefined) throw new Error(`There is no subject ${name}.`)
  const broken = breaks === null ? {} : subject.breaks[breaks]
  if (broken === undefined) throw new Error(`${name} knows no break ${breaks}.`)
  const setting: Setting = { subject, seed, broken }
  const again = (rest: string) =>
    [
      `npm run check:faults -- --only ${name} --seed ${seed}`,
      rest,
      ...(breaks === null ? [] : [`--break ${breaks}`]),
    ].join(' ')
  return { setting, again }
}

/** `play` answers what is wrong; null where chance has disturbed nothing. */
type OneRun = { what: string; again: string; play(undisturbed: Played): Promise<string[] | null> }
type Again = (rest: string) => string

function pointRuns(share: Share, setting: Setting, { calls }: Played, again: Again): OneRun[] {
  return chosen(share, pointsOf(calls)).map((point) => {
    const call = calls[point.at]
    return {
      what: `${point.fault} at ${call === undefined ? point.at : callText(call)}`,
      again: again(`--at ${point.at} --fault ${point.fault}`),
      play: (undisturbed) => playPoint(setting, point, undisturbed),
    }
  })
}

/** The points of a share. What is broken on purpose may show anywhere, so it is looked for everywhere at once. */
function chosen({ seed, breaks, faults, at, every, part, parts }: Share, points: readonly Point[]): Point[] {
  const random = createRandom(seed).fork('points')
  const wanted: readonly Fault[] = faults.filter(isFault)
  const some = points.filter(
    (point) => (at === null || point.at === at) && (wanted.length === 0 || wanted.includes(point.fault)),
  )
  // Another seed begins with another one.
  const first = every === 1 ? 0 : random.int(0, Math.max(0, Math.min(every, some.length) - 1))
  const sampled = some.filter((_, i) => i % every === first)
  const ordered = breaks === null ? sampled : random.shuffle(sampled)
  return ordered.filter((_, i) => i % parts === part)
}

function* randomRuns({ seed, random, part, parts }: Share, setting: Setting, again: Again): Generator<OneRun> {
  for (let i = part; i < random; i += parts) {
    // The first of them has the seed itself, so that it can be repeated alone.
    const own = (seed + i) % 2 ** 32
    yield {
      what: `every call may be disturbed, seed ${own}`,
      again: again('--random 1').replace(`--seed ${seed}`, `--seed ${own}`),
      play: async () => {
        const fresh = { ...setting, seed: own }
        const played = await play(fresh, randomPlan(own, PROBABILITY))
        return played.hits.length === 0 ? null : judged(setting.subject, played, await play(fresh, UNDISTURBED))
      },
    }
  }
}
