import * as z from 'zod'
import { type Change, changeOf } from './change.ts'

/** So many failures in a row, of all workers together, within so long. */
const FAILURES = 5
const WITHIN_MS = 30_000
/** From one probe to the next: when it opens, after the first probe, and from then on. */
const PROBE_AFTER_MS = [15_000, 30_000, 60_000] as const

/** The failures in a row, none of them older than `firstAt`; open while `probeAt` says when the next probe may be made. */
export const breakerSchema = z.object({
  failures: z.number(),
  firstAt: z.number(),
  probes: z.number(),
  probeAt: z.number().nullable(),
})
export type Breaker = z.infer<typeof breakerSchema>

export type Barrier = { kind: 'open' } | { kind: 'probe' } | { kind: 'shut'; until: number; since: number }

const ATTRIBUTE = 'breaker'

/** Whether a call may be made as far as the provider's health goes. */
export function breakerAt(breaker: Breaker | null, now: number): Barrier {
  if (breaker === null || breaker.probeAt === null) return { kind: 'open' }
  if (now >= breaker.probeAt) return { kind: 'probe' }
  return { kind: 'shut', until: breaker.probeAt, since: breaker.firstAt }
}

/**
 * The right to the one probe. When the next one is due is written down with it: a probe that fails, or whose worker dies,
 * needs no further write.
 */
export function takeProbe(breaker: Breaker, now: number): Change {
  const probes = breaker.probes + 1
  return becomes({ ...breaker, probes, probeAt: now + waitAfter(probes) }, breaker)
}

/** What a call's end does to the breaker; null: nothing. A success is worth a write only while there are failures on record. */
export function breakerAfter(
  breaker: Breaker | null,
  { ended, probe }: { ended: 'answered' | 'unavailable'; probe: boolean },
  now: number,
): Change | null {
  const shut = breaker !== null && breaker.probeAt !== null
  // What was under way when it opened says nothing new; the probe will tell.
  if (shut && !probe) return null
  const recent = breaker !== null && now - breaker.firstAt <= WITHIN_MS ? breaker : null
  if (ended === 'answered') {
    return breaker !== null && (shut || recent !== null)
      ? changeOf({ remove: [[ATTRIBUTE]], when: same(breaker) })
      : null
  }
  if (shut) return null
  const failures = (recent?.failures ?? 0) + 1
  const probeAt = failures >= FAILURES ? now + waitAfter(0) : null
  return becomes({ failures, firstAt: recent?.firstAt ?? now, probes: 0, probeAt }, breaker)
}

const waitAfter = (probes: number) => PROBE_AFTER_MS[Math.min(probes, PROBE_AFTER_MS.length - 1)] ?? PROBE_AFTER_MS[0]

const becomes = (next: Breaker, before: Breaker | null): Change =>
  changeOf({ set: [{ path: [ATTRIBUTE], value: next }], when: same(before) })

const same = (breaker: Breaker | null): Change['when'] =>
  breaker === null
    ? [{ path: [ATTRIBUTE], is: null }]
    : [
        { path: [ATTRIBUTE, 'failures'], is: breaker.failures },
        { path: [ATTRIBUTE, 'firstAt'], is: breaker.firstAt },
        { path: [ATTRIBUTE, 'probes'], is: breaker.probes },
      ]
