import { expect } from 'vitest'
import { EVENT_NAMES } from '../../core/clickup/event-names.ts'
import { CANDIDATE } from '../../core/secrets/token.ts'
import { CURRENT, PENDING } from '../../core/secrets/versions.ts'
import { MINUTE, type Parts } from '../guard/support.ts'
import { dyingAt } from '../support/dying.ts'
import { untilDeath } from './support.ts'
import { makeTokenRotating, type TokenRotating, watched } from './token-support.ts'

/**
 * One process that dies at its nth call, whichever step that is. Always after the call has had its effect: dying before the next
 * one leaves the same behind.
 */
async function dieAt(parts: Parts, rotating: TokenRotating, run: string, last: number): Promise<void> {
  const { ports, died } = dyingAt(parts.clients, last, 'after')
  await untilDeath((step) => rotating.take(step, run, ports))
  expect(died()).toBe(true)
}

/** Until what was begun is given up or its overlap is over, with the runs that delete and forget. */
async function guards(rotating: TokenRotating) {
  do {
    for (const minutes of [61, 5, 5]) {
      rotating.stage.clock.time += minutes * MINUTE
      await rotating.guard()
    }
    // What was concluded and not written down has an overlap of its own.
  } while ((await rotating.stage.saved())?.rotation !== null)
}

/** Rotations, which nobody repeats, to a new token of the user with that id, the service account's where it is null. */
export function crashing(parts: Parts, takeover: { userId: number } | null) {
  async function begin() {
    const rotating = await makeTokenRotating(parts)
    const token = parts.clickup.issueToken(takeover?.userId ?? Number(rotating.stage.userId))
    await rotating.bring(token, takeover === null ? {} : { takeover: true })
    return { rotating, token, run: await rotating.start() }
  }
  type Begun = Awaited<ReturnType<typeof begin>>

  /** One webhook of the user whose token is in force, well and alone; the next rotation can begin, and sets the record right. */
  async function expectSettled({ rotating, token }: Begun, at: string) {
    const { stage } = rotating
    const { candidate, current, pending } = await rotating.labels()
    expect([candidate, pending === undefined || pending === current], at).toEqual([undefined, true])
    const held = (await rotating.holding(CURRENT))?.token
    expect([token, rotating.first], at).toContain(held)
    const userId = held === token && takeover !== null ? String(takeover.userId) : stage.userId
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
    return { isNew: held === token }
  }

  return {
    /** The calls after which dying makes a difference; only looking leaves nothing behind. */
    async boundaries(): Promise<number[]> {
      const { rotating, run } = await begin()
      const { ports, effects } = watched(parts.clients)
      await rotating.takeAll(run, ports)
      return effects
    },
    async andTheGuardAlone(last: number) {
      const begun = await begin()
      const { rotating, run } = begun
      await dieAt(parts, rotating, run, last)
      await guards(rotating)
      // What an operator's next rotation does about what is left.
      const { current, candidate } = await rotating.labels()
      if (current !== run) await rotating.versions.detach(PENDING, run)
      if (candidate !== undefined) await rotating.versions.detach(CANDIDATE, candidate)
      return expectSettled(begun, `at ${last}`)
    },
  }
}
