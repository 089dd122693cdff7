import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EVENT_NAMES } from '../../core/clickup/event-names.ts'
import { LockLost } from '../../core/guard/state.ts'
import { NothingPending, RotationFailed } from '../../core/rotation/steps.ts'
import { PENDING } from '../../core/secrets/versions.ts'
import { MINUTE, type Parts, startParts } from '../guard/support.ts'
import { Died, dyingAt } from '../support/dying.ts'
import { everyKeyIsKnown, makeRotating, type Rotating, STEPS } from './support.ts'

const SEED = Number(process.env['SEED'] ?? 20261121)
const RUNS = Number(process.env['RUNS'] ?? 12)

let parts: Parts
beforeAll(async () => {
  parts = await startParts()
})
afterAll(() => parts.close())

const act = fc.oneof(
  // An operator, or the schedule, begins one; what dangles is taken off first.
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('begin' as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('step' as const),
      step: fc.constantFrom(...STEPS),
      /** Before which of its calls it dies; most live. */
      diesAt: fc.option(fc.nat(14), { freq: 2, nil: null }),
      /** Of the latest rotation, or one before: an invocation may come late. */
      latest: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('guard' as const), reason: fc.constantFrom('schedule', 'silent') }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('time' as const), minutes: fc.constantFrom(1, 4, 21, 61) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('suspend' as const), which: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), which: fc.nat(1) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('allow' as const), way: fc.constantFrom('never', 'otherEndpoint') }),
  },
)
type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never

const EXPECTED = [Died, RotationFailed, NothingPending, LockLost]

async function perform(rotating: Rotating, runs: string[], one: Act): Promise<void> {
  const { stage } = rotating
  const { clickup } = parts
  switch (one.kind) {
    case 'begin': {
      const { current, pending } = await rotating.labels()
      if (pending !== undefined && pending !== current) await rotating.versions.detach(PENDING, pending)
      runs.push(await rotating.start())
      return
    }
    case 'step': {
      const run = one.latest ? runs.at(-1) : runs.at(-2)
      if (run === undefined) return
      const ports = one.diesAt === null ? {} : dyingAt(parts.clients, one.diesAt + 1, 'before').ports
      try {
        await rotating.take(one.step, run, ports)
      } catch (error) {
        if (!EXPECTED.some((kind) => error instanceof kind)) throw error
      }
      return
    }
    case 'guard':
      await stage.run(one.reason)
      return
    case 'time':
      stage.clock.time += one.minutes * MINUTE
      return
    case 'suspend':
    case 'delete': {
      const webhook = stage.ours()[one.which]
      if (webhook === undefined) return
      if (one.kind === 'suspend') clickup.webhooks.suspend(webhook)
      else clickup.webhooks.remove(webhook)
      return
    }
    case 'allow':
      clickup.faults.allowSecondWebhook = one.way
  }
}

test('whatever rotations, guards, crashes and ClickUp do, every webhook that delivers can be verified, and one is left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 25 }), async (acts) => {
      parts.clickup.faults.allowSecondWebhook = 'otherEndpoint'
      const rotating = await makeRotating(parts)
      const { stage } = rotating
      const runs: string[] = []
      let harmed = false
      for (const one of acts) {
        await perform(rotating, runs, one)
        harmed ||= one.kind === 'suspend' || one.kind === 'delete'
        const delivering = stage.ours().filter(({ events }) => events.size > 1)
        expect(await everyKeyIsKnown(parts, rotating, delivering), `after ${one.kind}`).toBe(true)
        if (harmed || delivering.length > 0) continue
        // Where nobody but we took the webhook away, it is known that there is none.
        expect(await stage.gaps(), `after ${one.kind}`).toContainEqual(expect.objectContaining({ to: null }))
      }
      parts.clickup.faults.allowSecondWebhook = 'otherEndpoint'
      for (let minute = 0; minute < 200; minute += 20) {
        stage.clock.time += 20 * MINUTE
        await stage.run()
      }
      const [webhook, ...others] = stage.ours()
      expect(others).toEqual([])
      const { id: webhookId, secret, endpoint, status, events } = webhook ?? {}
      expect([status, events?.size]).toEqual(['active', EVENT_NAMES.length])
      expect(await stage.signing()).toEqual({ [endpoint?.at(-1) ?? '']: { webhookId, secret, state: 'active' } })
      expect(await stage.saved()).toMatchObject({ lock: null, intent: null, rotation: null })
      expect((await stage.gaps()).filter(({ to }) => to === null)).toEqual([])
    }),
    { seed: SEED, numRuns: RUNS },
  )
}, 600_000)
