import * as z from 'zod'
import type { Barrier } from './breaker.ts'
import { type Change, changeOf } from './change.ts'

const MINUTE = 60_000
/** From one try of a refused token to the next. */
const TRY_AFTER_MS = [1, 2, 4, 8, 15].map((minutes) => minutes * MINUTE)
/** The one try of another token is over by then. */
const TRIAL_MS = 15_000
/** Versions that are remembered; older ones have long left every cache. */
const REMEMBERED = 5

/** That the token is refused: which versions of its secret, since when, and when one of them may be tried again. */
export const refusalSchema = z.object({
  versions: z.array(z.string()),
  code: z.string(),
  since: z.number(),
  tries: z.number(),
  tryAt: z.number(),
  /** The version that is being tried for the first time. */
  trial: z.string().nullable(),
})
export type Refusal = z.infer<typeof refusalSchema>

const ATTRIBUTE = 'refusal'

/** Whether a call may be made with that version; without one, with the version that was refused. */
export function refusalAt(refusal: Refusal | null, version: string | undefined, now: number): Barrier {
  if (refusal === null) return { kind: 'open' }
  if (version !== undefined && !refusal.versions.includes(version)) return { kind: 'probe' }
  if (now >= refusal.tryAt) return { kind: 'probe' }
  return { kind: 'shut', until: refusal.tryAt, since: refusal.since }
}

/** The right to the one try: of a version that was not refused yet at once, of a refused one when its time has come. */
export function takeTrial(refusal: Refusal, version: string, now: number): Change {
  if (refusal.versions.includes(version)) {
    const tries = refusal.tries + 1
    return becomes({ ...refusal, tries, tryAt: now + waitAfter(tries), trial: null }, refusal)
  }
  const versions = remember(refusal.versions, version)
  return becomes({ ...refusal, versions, tries: 0, tryAt: now + TRIAL_MS, trial: version }, refusal)
}

export type TokenFate = {
  /** What the call says of the token: `unsaid` when it never came to that. */
  token: 'accepted' | 'refused' | 'unsaid'
  version: string
  code: string
  probe: boolean
}

/** What a call's end does to it; null: nothing. */
export function refusalAfter(
  refusal: Refusal | null,
  { token, version, code, probe }: TokenFate,
  now: number,
): Change | null {
  if (token === 'unsaid') return null
  if (token === 'accepted') {
    // A call with a refused version that was under way proves nothing; the next try will.
    const proves = refusal !== null && (probe || !refusal.versions.includes(version))
    return proves ? changeOf({ remove: [[ATTRIBUTE]], when: same(refusal) }) : null
  }
  const again = { tries: 0, tryAt: now + waitAfter(0), code, trial: null }
  if (refusal === null) return becomes({ versions: [version], since: now, ...again }, null)
  if (refusal.trial === version) return becomes({ ...refusal, ...again }, refusal)
  if (refusal.versions.includes(version)) return null
  return becomes({ ...refusal, versions: remember(refusal.versions, version), code }, refusal)
}

const remember = (versions: readonly string[], version: string) => [...versions, version].slice(-REMEMBERED)

const waitAfter = (tries: number) => TRY_AFTER_MS[Math.min(tries, TRY_AFTER_MS.length - 1)] ?? MINUTE

const becomes = (next: Refusal, before: Refusal | null): Change =>
  changeOf({ set: [{ path: [ATTRIBUTE], value: next }], when: same(before) })

const same = (refusal: Refusal | null): Change['when'] =>
  refusal === null
    ? [{ path: [ATTRIBUTE], is: null }]
    : [
        { path: [ATTRIBUTE, 'since'], is: refusal.since },
        { path: [ATTRIBUTE, 'tryAt'], is: refusal.tryAt },
        { path: [ATTRIBUTE, 'tries'], is: refusal.tries },
      ]
