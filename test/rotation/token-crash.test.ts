import { afterAll, beforeAll, expect, test } from 'vitest'
import { EVENT_NAMES } from '../../core/clickup/event-names.ts'
import { RotationFailed } from '../../core/rotation/steps.ts'
import { CANDIDATE } from '../../core/secrets/token.ts'
import { CURRENT, PENDING } from '../../core/secrets/versions.ts'
import { MINUTE, type Parts, startParts } from '../guard/support.ts'
import { Died, dyingAt } from '../support/dying.ts'
import { STEPS } from './support.ts'
import { makeTokenRotating, type TokenRotating, watched } from './token-support.ts'

let parts: Parts
let annId: number
beforeAll(async () => {
  parts = await startParts()
  annId = parts.clickup.world.addUser({ username: 'Ann Meyer', email: 'ann@team.example', role: 2 }).id
})
afterAll(() => parts.close())

/**
 * One process that dies at its nth call, whichever step that is. Always after the call has had its effect: dying before the next
 * one leaves the same behind.
 */
async function dieAt(rotating: TokenRotating, run: string, last: number): Promise<boolean> {
  const { ports, died } = dyingAt(parts.clients, last, 'after')
  for (const step of STEPS) {
    try {
      await rotating.take(step, run, ports)
    } catch (error) {
      if (!(error instanceof Died)) throw error
      break
    }
  }
  return died()
}

/** The service repeats a rotation that did not end: all its steps, with the same version. */
async function again(rotating: TokenRotating, run: string): Promise<void> {
  try {
    await rotating.takeAll(run)
  } catch (error) {
    if (!(error instanceof RotationFailed)) throw error
  }
}

/** Until a dead rotation is given up, or an overlap is over, with the runs that delete and forget. */
async function guards(rotating: TokenRotating) {
  for (const minutes of [61, 5, 5]) {
    rotating.stage.clock.time += minutes * MINUTE
    await rotating.guard()
  }
}

/** One webhook of the user whose token is in force, well and alone, and nothing in the way of another rotation. */
async function expectSettled(rotating: TokenRotating, at: string) {
  const { stage } = rotating
  const { candidate, current, pending } = await rotating.labels()
  expect([candidate, pending === undefined || pending === current], at).toEqual([undefined, true])
  const { token } = (await rotating.holding(CURRENT)) ?? {}
  const userId = token === rotating.first ? stage.userId : owners.get(token ?? '')
  const own = stage.ours().filter((webhook) => String(webhook.userId) === userId)
  expect(own, at).toHaveLength(1)
  const [webhook] = own
  if (webhook === undefined) throw new Error('no webhook')
  const { id: webhookId, secret, endpoint, status, events } = webhook
  expect([status, events.size], at).toEqual(['active', EVENT_NAMES.length])
  expect(await stage.signing(), at).toEqual({ [endpoint.at(-1) ?? '']: { webhookId, secret, state: 'active' } })
  const settled = { lock: null, intent: null, rotation: null, report: { verdict: 'well' } }
  expect(await stage.saved(), at).toMatchObject(settled)
  await rotating.takeAll(await rotating.start())
  expect(await rotating.report(), at).toMatchObject({ phase: 'done' })
  expect(await rotating.record(), at).toMatchObject({ userId })
  return { token, others: stage.ours().length - 1 }
}

const owners = new Map<string, string>()
function issue(userId: number): string {
  const token = parts.clickup.issueToken(userId)
  owners.set(token, String(userId))
  return token
}

const kinds = [
  { kind: 'a token of the same user', takeover: false, least: 5 },
  { kind: 'a token of another user', takeover: true, least: 25 },
]
for (const { kind, takeover, least } of kinds) {
  const begin = async () => {
    const rotating = await makeTokenRotating(parts)
    const token = issue(takeover ? annId : Number(rotating.stage.userId))
    await rotating.bring(token, takeover ? { takeover } : {})
    return { rotating, token, run: await rotating.start() }
  }
  /** The calls after which dying makes a difference; only looking leaves nothing behind. */
  async function boundaries(): Promise<number[]> {
    const { rotating, run } = await begin()
    const { ports, effects } = watched(parts.clients)
    await rotating.takeAll(run, ports)
    expect(effects.length).toBeGreaterThan(least)
    return effects
  }

  test(`${kind}: dying at any call, then the same steps again: it is in force, and all is settled`, async () => {
    for (const last of await boundaries()) {
      const { rotating, token, run } = await begin()
      expect(await dieAt(rotating, run, last)).toBe(true)
      // By then the lock of the dead one has run out, and the guard has looked.
      rotating.stage.clock.time += 3 * MINUTE
      await rotating.guard()
      await again(rotating, run)
      await guards(rotating)
      expect(await expectSettled(rotating, `at ${last}`), `at ${last}`).toEqual({ token, others: 0 })
    }
  }, 60_000)

  test(`${kind}: dying at any call, then nothing but the guard: one of the two is in force, and the next can begin`, async () => {
    for (const last of await boundaries()) {
      const { rotating, token, run } = await begin()
      expect(await dieAt(rotating, run, last)).toBe(true)
      // What was concluded and not written down has an overlap of its own.
      await guards(rotating)
      await guards(rotating)
      // What an operator's next rotation does about what is left.
      const { current, candidate } = await rotating.labels()
      if (current !== run) await rotating.versions.detach(PENDING, run)
      if (candidate !== undefined) await rotating.versions.detach(CANDIDATE, candidate)
      const settled = await expectSettled(rotating, `at ${last}`)
      expect([token, rotating.first], `at ${last}`).toContain(settled.token)
    }
  }, 60_000)
}

test('a test of the token in use: dying at any call leaves it in use', async () => {
  const first = await makeTokenRotating(parts)
  const { ports, effects } = watched(parts.clients)
  await first.takeAll(await first.start(), ports)
  expect(effects.length).toBeGreaterThan(4)
  for (const last of effects) {
    const rotating = await makeTokenRotating(parts)
    const { current } = await rotating.labels()
    const run = await rotating.start()
    expect(await dieAt(rotating, run, last)).toBe(true)
    await again(rotating, run)
    expect(await rotating.labels(), `at ${last}`).toMatchObject({ current, pending: undefined })
    await rotating.takeAll(await rotating.start())
  }
})
