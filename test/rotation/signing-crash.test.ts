import { afterAll, beforeAll, expect, test } from 'vitest'
import { EVENT_NAMES } from '../../core/clickup/event-names.ts'
import { LockLost } from '../../core/guard/state.ts'
import { PENDING } from '../../core/secrets/versions.ts'
import { MINUTE, type Parts, startParts } from '../guard/support.ts'
import { dyingAt } from '../support/dying.ts'
import { everyKeyIsKnown, makeRotating, type Rotating, STEPS, untilDeath } from './support.ts'

/**
 * Secrets Manager gives up here, and does not repeat the steps: that is played by `npm run check:faults -- --only rotate-signing`.
 * Every so-many-th call is died at; with EVERY=1 each.
 */
const EVERY = Number(process.env['EVERY'] ?? 2)
const LONG_MS = 180_000

let parts: Parts
beforeAll(async () => {
  parts = await startParts()
})
afterAll(() => parts.close())

/**
 * One process that dies before its nth call, at whichever step that is. Dying before a call is what dying after the one before it
 * is: whatever died has no memory.
 */
async function dieAt(rotating: Rotating, run: string, last: number): Promise<boolean> {
  const { ports, died } = dyingAt(parts.clients, last, 'before')
  await untilDeath((step) => rotating.take(step, run, ports))
  return died()
}

/** The guard looks after so many minutes, each counted from the one before. */
async function guardAfter({ stage }: Rotating, ...minutes: number[]) {
  for (const minute of minutes) {
    stage.clock.time += minute * MINUTE
    await stage.run()
  }
}
/** Until a dead rotation is given up; until an overlap is over, with the runs that delete and forget. */
const GIVEN_UP = [21, 5, 5]
const OVERLAP = [61, 5, 5]

/** One webhook, active, hearing of everything, its secret the only one; nothing begun, no gap left open. */
async function expectSettled(rotating: Rotating) {
  const { stage } = rotating
  const [webhook, ...others] = stage.ours()
  if (webhook === undefined) throw new Error('no webhook')
  expect(others).toEqual([])
  const { id: webhookId, secret, endpoint } = webhook
  expect([webhook.status, webhook.events.size]).toEqual(['active', EVENT_NAMES.length])
  expect(await stage.signing()).toEqual({ [endpoint.at(-1) ?? '']: { webhookId, secret, state: 'active' } })
  expect(await stage.saved()).toMatchObject({ lock: null, intent: null, rotation: null, report: { verdict: 'well' } })
  expect((await stage.gaps()).filter(({ to }) => to === null)).toEqual([])
}

for (const way of ['otherEndpoint', 'never'] as const) {
  test(
    `${way}: dying at any call, then nothing but the guard: settled, and the next one is promoted`,
    async () => {
      for (let last = EVERY; ; last += EVERY) {
        parts.clickup.faults.allowSecondWebhook = way
        const rotating = await makeRotating(parts)
        const run = await rotating.start()
        const wasHit = await dieAt(rotating, run, last)
        await guardAfter(rotating, ...GIVEN_UP)
        expect(await everyKeyIsKnown(parts, rotating), `at ${last}`).toBe(true)
        await guardAfter(rotating, ...OVERLAP)
        await expectSettled(rotating)
        // What an operator's next rotation does about what is left.
        await rotating.versions.detach(PENDING, run)
        if (last % 8 === 0) await rotating.takeAll(await rotating.start())
        if (!wasHit) break
      }
    },
    LONG_MS,
  )
}

test('guards that look between any two steps and in every wait leave a rotation alone', async () => {
  for (const way of ['otherEndpoint', 'never'] as const) {
    parts.clickup.faults.allowSecondWebhook = way
    const rotating = await makeRotating(parts)
    const { stage } = rotating
    rotating.meanwhile.act = async () => void (await stage.run())
    const run = await rotating.start()
    for (const step of STEPS) {
      await stage.run()
      await rotating.take(step, run)
      await stage.run()
      expect(await everyKeyIsKnown(parts, rotating), `${way}, ${step}`).toBe(true)
    }
    expect(await rotating.labels()).toEqual({ current: run, pending: run })
    await guardAfter(rotating, ...OVERLAP)
    await expectSettled(rotating)
  }
})

test('a guard and a rotation that begin at the same moment do not meet', async () => {
  parts.clickup.faults.allowSecondWebhook = 'otherEndpoint'
  const rotating = await makeRotating(parts)
  const run = await rotating.start()
  const results = await Promise.allSettled([
    rotating.take('createSecret', run),
    rotating.stage.run(),
    rotating.take('createSecret', run),
    rotating.stage.run(),
  ])
  for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(LockLost)
  await rotating.takeAll(run)
  expect(rotating.stage.ours()).toHaveLength(2)
  await guardAfter(rotating, ...OVERLAP)
  await expectSettled(rotating)
})
