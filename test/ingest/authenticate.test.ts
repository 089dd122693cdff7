import { describe, expect, it } from 'vitest'
import { authenticate } from '../../core/ingest/authenticate.ts'
import { sign } from '../../core/ingest/signature.ts'
import { cached } from '../../core/secrets/cached.ts'
import { SIGNING_CACHE, type SigningSecret } from '../../core/secrets/signing.ts'

const BYTES = Buffer.from('{"event":"taskUpdated","task_id":"1"}')
const holding = (secret: string): SigningSecret => ({ v: 1, slots: { a: { webhookId: 'w', secret, state: 'active' } } })

/** Secrets behind the cache that the verifier has, which is warm; `time` is its clock. */
async function warm(first: SigningSecret) {
  const source = { secret: first, fails: false, reads: 0 }
  const clock = { time: 1_789_000_000_000, now: () => clock.time }
  const secrets = cached<SigningSecret>(
    async () => {
      source.reads += 1
      if (source.fails) throw new Error('secrets are down')
      return source.secret
    },
    { clock, ...SIGNING_CACHE },
  )
  await secrets.get('acme')
  const authentic = (key: string, slot: 'a' | 'b' = 'a') =>
    authenticate({ connection: 'acme', slot, bytes: BYTES, signature: sign(BYTES, key) }, secrets)
  return { source, clock, authentic }
}

describe('authenticity', () => {
  it('of what the known secret has signed needs no look at the store', async () => {
    const { authentic, source } = await warm(holding('KEY'))
    expect(await authentic('KEY')).toEqual({ kind: 'genuine', refetched: false })
    expect(source.reads).toBe(1)
  })

  it('of what a newer secret has signed is found by one look, and says that there was one', async () => {
    const { authentic, source } = await warm(holding('KEY'))
    source.secret = holding('NEWER')
    expect(await authentic('NEWER')).toEqual({ kind: 'genuine', refetched: true })
    expect(await authentic('NEWER')).toEqual({ kind: 'genuine', refetched: false })
    expect(source.reads).toBe(2)
  })

  it('is that of the slot: the other one’s secret, or none, does not do', async () => {
    const { authentic, clock } = await warm(holding('KEY'))
    expect(await authentic('OTHER')).toEqual({ kind: 'forged', reason: 'signature', refetched: true })
    expect(await authentic('KEY', 'b')).toEqual({ kind: 'forged', reason: 'unknownSlot', refetched: false })
    clock.time += SIGNING_CACHE.refreshEveryMs
    expect(await authentic('', 'b')).toEqual({ kind: 'forged', reason: 'unknownSlot', refetched: true })
  })

  it('is not judged by whoever cannot read the secret', async () => {
    const { authentic, source, clock } = await warm(holding('KEY'))
    source.fails = true
    clock.time += SIGNING_CACHE.lifeMs + SIGNING_CACHE.staleMs
    expect(await authentic('KEY')).toEqual({ kind: 'unknown', error: new Error('secrets are down') })
  })
})
