import { setTimeout as pause } from 'node:timers/promises'
import type { Driver } from '../check/drive.ts'
import type { People } from '../check/people.ts'
import { regularly } from '../check/regularly.ts'
import { createRandom } from '../clickup/random.ts'
import type { FakeClickUp } from '../clickup/server.ts'
import type { RunningStack } from '../stack/stack.ts'
import type { Rotated } from './judge-rotations.ts'
import { type Loaded, startLoad } from './load.ts'
import type { Operator } from './operator.ts'
import type { Probe } from './probe.ts'
import { startRestarts } from './restarts.ts'
import { rotateOnce } from './rotate.ts'
import type { Scale, Way } from './settings.ts'
import type { WebhooksSeen } from './webhooks-seen.ts'

export type Stage = {
  clickup: FakeClickUp
  stack: RunningStack
  driver: Driver
  people: People
  operator: Operator
  watch: WebhooksSeen
  scale: Scale
  seed: number
  /** In their order. */
  ways: readonly Way[]
  /** Forgets the secret of a replaced webhook too early. */
  breaksOverlap: boolean
  /** Of all that the run may take, in milliseconds. */
  leftMs(): number
  /** What waits in the deliveries queue. */
  queued(): Promise<number>
  onStage(stage: string): void
}

export type Played = { loaded: Loaded; rotated: Rotated[]; probes: Probe[]; restarts: number }

/** How much of the time is load, roughly: the rest is for what has been queued meanwhile. */
const LOAD_SHARE = 0.5
/** What comes after the load beside working off what waits: guard, sweeps, census, comparison. */
const AFTERWARDS_MS = 80_000

/** Lets ClickUp deliver, verifiers end and the guard come, and rotates meanwhile. */
export async function underLoad(stage: Stage): Promise<Played> {
  const { clickup, stack, driver, people, operator, watch, scale, seed, ways, breaksOverlap, leftMs, queued, onStage } =
    stage
  const random = createRandom(seed).fork('disturbances')
  const begun = performance.now()
  const span = scale.fills ? leftMs() * LOAD_SHARE : 0
  const load = startLoad(clickup, people, { rate: scale.rate, onAct: watch.look })
  const restarts = startRestarts(stack, random.fork('restarts'), scale.restartEveryMs)
  const guards = regularly(() => scale.guardEveryMs * (0.5 + random.next()), driver.beginGuard)
  const rotated: Rotated[] = []
  const probes: Probe[] = []

  async function onPromoted(): Promise<void> {
    if (!breaksOverlap) return
    const { slots } = await operator.signing()
    for (const slot of ['a', 'b'] as const) if (slots[slot]?.state === 'retiring') await operator.forget(slot)
    restarts.all()
  }

  async function rotateAll(): Promise<void> {
    for (const [number, way] of ways.entries()) {
      const dueAt = begun + (span * (number + 0.2)) / ways.length
      await pause(Math.max(LEAD_MS, dueAt - performance.now()))
      onStage(`Rotating (${way})`)
      const once = await rotateOnce(way, { clickup, operator, watch, scale, onPromoted })
      rotated.push(once.rotated)
      probes.push(...once.probes)
      if (once.rotated.ended?.phase !== 'done') return
    }
    if (!scale.fills) return
    onStage('Going on')
    while (leftMs() > AFTERWARDS_MS + (await drainMs())) await pause(1_000)
  }

  /** How long what waits will take, by what has been worked off so far; it is quicker when no others come. */
  async function drainMs(): Promise<number> {
    const waiting = clickup.undelivered() + (await queued())
    const workedOff = Math.max(1, load.sent() - waiting)
    return (waiting / workedOff) * (performance.now() - begun)
  }

  try {
    await rotateAll()
  } finally {
    await Promise.all([load.stop(), restarts.stop(), guards.stop()])
  }
  return { loaded: await load.stop(), rotated, probes, restarts: restarts.count() }
}

/** So long there is load before a rotation, at least. */
const LEAD_MS = 1_000
