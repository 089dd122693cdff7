import { setTimeout as pause } from 'node:timers/promises'
import type { FakeClickUp } from '../clickup/server.ts'
import { GaveUp, until } from '../start/until.ts'
import type { Rotated } from './judge-rotations.ts'
import type { Ended, Operator } from './operator.ts'
import { type Probe, probe } from './probe.ts'
import type { Scale, Way } from './settings.ts'
import type { WebhooksSeen } from './webhooks-seen.ts'

/** How much later than its overlap a replaced webhook may go, and its secret after it: the guard comes and finds others at it. */
const LATE_MS = 60_000
/** What a verifier has asked for a moment before its cache ends may still be on its way. */
const MARGIN_MS = 500

type Services = {
  clickup: FakeClickUp
  operator: Operator
  watch: WebhooksSeen
  scale: Scale
  /** When the new webhook is active and the old one still delivers. */
  onPromoted(): Promise<void>
}

/**
 * One rotation as an operator lets it happen: asked for, waited for, and over when the old webhook's secret is stored nowhere
 * and every verifier's cache has ended; then that secret is tried. What does not come in time is left to the judges.
 */
export async function rotateOnce(way: Way, services: Services): Promise<{ rotated: Rotated; probes: Probe[] }> {
  const { clickup, operator, watch, scale, onPromoted } = services
  clickup.faults.allowSecondWebhook = way === 'beside' ? 'otherEndpoint' : 'never'
  const ended = await inTime<Ended>(() => operator.rotate())
  const rotated = { way, ended }
  if (ended?.phase !== 'done') return { rotated, probes: [] }
  await onPromoted()
  const isRetired = await inTime(() =>
    until(
      async () => {
        watch.look()
        const standing = watch.all().filter(({ goneAt }) => goneAt === null)
        if (standing.length > 1) return undefined
        const { slots } = await operator.signing()
        return slots.a === undefined || slots.b === undefined ? true : undefined
      },
      { what: 'the old webhook to be forgotten', deadlineMs: scale.overlapMs + LATE_MS },
    ),
  )
  if (isRetired === null) return { rotated, probes: [] }
  await pause(scale.cache.lifeMs + MARGIN_MS)
  const old = watch.all().filter(({ goneAt }) => goneAt !== null)
  return { rotated, probes: await Promise.all(old.slice(-1).map(probe)) }
}

/** Null for what somebody has given up waiting for. */
async function inTime<Result>(wait: () => Promise<Result>): Promise<Result | null> {
  try {
    return await wait()
  } catch (error) {
    if (!(error instanceof GaveUp)) throw error
    return null
  }
}
