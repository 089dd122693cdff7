import { describe, expect, it } from 'vitest'
import type { AcceptRequest } from '../../core/ingest/accept.ts'
import { ANSWERS, type Answer } from '../../core/ingest/answers.ts'
import { checkVerifier, type Invoked } from '../../core/release/check.ts'
import type { SigningSecret } from '../../core/secrets/signing.ts'
import { toRequest } from '../../functions/verifier/request.ts'
import { bench, SECRET_A, SECRET_B } from '../ingest/bench.ts'

const NONE: SigningSecret = { v: 1, slots: {} }
const BOTH: SigningSecret = {
  v: 1,
  slots: {
    a: { webhookId: 'w-a', secret: SECRET_A, state: 'retiring' },
    b: { webhookId: 'w-b', secret: SECRET_B, state: 'active' },
  },
}

const asProxy = ({ status, body }: Answer) => ({
  statusCode: status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

/** The verifier as it is, unless told to answer or to fail otherwise. */
function checking(
  given: {
    secrets?: Record<string, SigningSecret>
    answer?: (request: AcceptRequest, real: () => Promise<Answer>) => Promise<Answer> | Answer
    invoke?: () => Promise<Invoked>
  } = {},
) {
  const verifier = bench()
  const secrets: Record<string, SigningSecret> = given.secrets ?? { acme: BOTH }
  const slept: number[] = []
  const asked: AcceptRequest[] = []
  let now = 1_760_000_000_000
  const verdict = checkVerifier({
    connections: Object.keys(secrets),
    signing: async (name) => secrets[name] ?? NONE,
    invoke:
      given.invoke ??
      (async (event) => {
        const request = toRequest(event)
        asked.push(request)
        const real = () => verifier.accept(request)
        return { kind: 'answered', payload: asProxy(await (given.answer?.(request, real) ?? real())) }
      }),
    nonce: () => `nonce-${asked.length}`,
    clock: { now: () => now },
    sleep: async (ms) => {
      slept.push(ms)
      now += ms
    },
  })
  return { verdict, verifier, asked, slept }
}

describe('the check of a release', () => {
  it('passes the verifier as it is: each webhook by its secret, a forged signature, and no signature', async () => {
    const { verdict, verifier, asked } = checking()
    expect(await verdict).toEqual({ kind: 'passed', asked: 4, unconnected: [] })
    expect(asked.map(({ connection, slot }) => `${connection}/${slot}`)).toEqual([
      'acme/a',
      'acme/b',
      'acme/a',
      'acme/a',
    ])
    // It costs nobody anything: nothing is queued, nothing counts as accepted, and one signature alone as forged.
    expect(verifier.queued).toEqual([])
    expect(verifier.counts).toEqual({ DeliveriesRefused: 2, RefusedSignature: 1 })
  })

  it('asks a stage that is not connected yet for its refusals alone, and says so', async () => {
    const { verdict, asked } = checking({ secrets: { acme: NONE } })
    expect(await verdict).toEqual({ kind: 'passed', asked: 2, unconnected: ['acme'] })
    expect(asked).toHaveLength(2)
  })

  it('leaves out a webhook without a secret, which verifies nothing', async () => {
    const pending: SigningSecret = { v: 1, slots: { a: { webhookId: null, secret: '', state: 'pending' } } }
    expect(await checking({ secrets: { acme: pending } }).verdict).toMatchObject({ asked: 2, unconnected: ['acme'] })
  })

  it('forges where a key is compared, also when the first connection has none and only the other slot is in use', async () => {
    const b: SigningSecret = { v: 1, slots: { b: { webhookId: 'w-b', secret: SECRET_B, state: 'active' } } }
    const { verdict, asked } = checking({ secrets: { empty: NONE, acme: b } })
    await verdict
    expect(asked.map(({ connection, slot }) => `${connection}/${slot}`)).toEqual(['acme/b', 'acme/b', 'acme/b'])
  })

  it('fails a version that takes everything for genuine', async () => {
    const { verdict } = checking({ answer: () => ANSWERS.tested })
    expect(await verdict).toEqual({
      kind: 'failed',
      unconnected: [],
      reasons: [
        'acme/a, signed with another key: answered 200 {"status":"tested"}, and 403 {"error":"refused"} was expected',
        'acme/a, no JSON and no signature: answered 200 {"status":"tested"}, and 403 {"error":"refused"} was expected',
      ],
    })
  })

  it('fails a version that verifies one slot alone, that takes a test for a delivery, or that cannot read a secret', async () => {
    const one = checking({ answer: ({ slot }, real) => (slot === 'b' ? ANSWERS.refused : real()) })
    expect(await one.verdict).toMatchObject({ kind: 'failed', reasons: [expect.stringMatching(/^acme\/b, signed: /)] })
    const taken = checking({
      answer: async (_, real) => ((await real()) === ANSWERS.tested ? ANSWERS.accepted : ANSWERS.refused),
    })
    expect(await taken.verdict).toMatchObject({ reasons: [expect.stringContaining('200 {"status":"accepted"}'), {}] })
    const blind = checking({ answer: () => ANSWERS.unavailable })
    expect(await blind.verdict).toMatchObject({ kind: 'failed', reasons: { length: 3 } })
  })

  it('fails a version that throws, or whose answer is none', async () => {
    const thrown = checking({ invoke: async () => ({ kind: 'failed', reason: 'it failed: TypeError: x' }) })
    expect(await thrown.verdict).toMatchObject({
      reasons: expect.arrayContaining([
        'acme/a, signed: it failed: TypeError: x, and 200 {"status":"tested"} was expected',
      ]),
    })
    for (const payload of [null, 'ok', { statusCode: '200' }, { status: 200, body: {} }]) {
      const { verdict } = checking({ invoke: async () => ({ kind: 'answered', payload }) })
      expect(await verdict).toMatchObject({ kind: 'failed', reasons: { length: 3 } })
    }
  })

  it('waits until the right to invoke is in force, but not for ever', async () => {
    const refused: Invoked = { kind: 'refused', reason: 'it could not be invoked: AccessDeniedException' }
    let calls = 0
    const { verdict, slept } = checking({
      secrets: { acme: NONE },
      invoke: async () => {
        calls += 1
        return calls < 4 ? refused : { kind: 'answered', payload: asProxy(ANSWERS.refused) }
      },
    })
    expect(await verdict).toEqual({ kind: 'passed', asked: 2, unconnected: ['acme'] })
    expect(slept).toEqual([3_000, 3_000, 3_000])
    const never = checking({ invoke: async () => refused })
    expect(await never.verdict).toMatchObject({ kind: 'failed', reasons: { length: 3 } })
    expect(never.slept).toHaveLength(10)
  })

  it('tells no secret, whatever the verifier says', async () => {
    const { verdict } = checking({ answer: () => ANSWERS.unavailable })
    const said = JSON.stringify(await verdict)
    for (const secret of [SECRET_A, SECRET_B]) expect(said).not.toContain(secret)
  })
})
