import { describe, expect, it } from 'vitest'
import { ANSWERS } from '../../core/ingest/answers.ts'
import { sign } from '../../core/ingest/signature.ts'
import { canaryDelivery, TEST_EVENT, testDelivery } from '../../core/ingest/test-delivery.ts'
import { bench, request, SECRET_A, SECRET_B } from './bench.ts'

const body = testDelivery('w-a', 'once')

describe('a test delivery', () => {
  it('that is signed with a secret of its slot is answered 200, queued nowhere and counted nowhere', async () => {
    const verifier = bench()
    expect(await verifier.accept(request(body))).toBe(ANSWERS.tested)
    expect(await verifier.accept(request(body, { slot: 'b', secret: SECRET_B }))).toBe(ANSWERS.tested)
    expect(ANSWERS.tested).toEqual({ status: 200, body: { status: 'tested' } })
    expect(verifier.queued).toEqual([])
    expect([verifier.counts, verifier.times]).toEqual([{}, {}])
    expect(verifier.lines).toMatchObject([
      { level: 'info', message: 'delivery', fields: { decision: 'tested', event: TEST_EVENT, slot: 'a' } },
      { level: 'info', message: 'delivery', fields: { decision: 'tested', event: TEST_EVENT, slot: 'b' } },
    ])
  })

  it('that is to go as far as the ledger is queued as what it is, whatever the filter', async () => {
    const verifier = bench({ filter: { events: [], lists: [], spaces: [] } })
    const nonce = '00000000-0000-4000-8000-000000000001'
    expect(await verifier.accept(request(canaryDelivery('w-a', nonce)))).toBe(ANSWERS.tested)
    expect(verifier.queued).toMatchObject([{ encoding: 'canary', body: nonce, connection: 'acme', slot: 'a' }])
    expect([verifier.counts, verifier.times]).toEqual([{}, {}])
    verifier.breakQueue()
    expect(await verifier.accept(request(canaryDelivery('w-a', nonce)))).toBe(ANSWERS.unavailable)
  })

  it.each([{ ledger: true, nonce: 'x' }, { ledger: true }, { ledger: 'true', nonce: crypto.randomUUID() }])(
    'that does not name its mark as it must ends at the verifier: %j',
    async (rest) => {
      const verifier = bench()
      expect(await verifier.accept(request(JSON.stringify({ event: TEST_EVENT, ...rest })))).toBe(ANSWERS.tested)
      expect(verifier.queued).toEqual([])
    },
  )

  it('passes whatever the filter lets through', async () => {
    const verifier = bench({ filter: { events: [], lists: [], spaces: [] } })
    expect(await verifier.accept(request(body))).toBe(ANSWERS.tested)
  })

  it('may come as base64', async () => {
    const headers = { 'x-signature': sign(Buffer.from(body), SECRET_A) }
    const encoded = request('', { headers, body: Buffer.from(body).toString('base64'), isBase64: true })
    expect(await bench().accept(encoded)).toBe(ANSWERS.tested)
  })

  it.each([
    ['with the secret of the other slot', request(body, { secret: SECRET_B })],
    ['with a guess', request(body, { secret: 'guess' })],
    ['for another body', { ...request(body), body: testDelivery('w-a', 'twice') }],
    ['for another connection', request(body, { connection: 'other' })],
    ['by nobody', request(body, { headers: {} })],
  ])('that was signed %s is refused like any other delivery', async (_, forged) => {
    const verifier = bench()
    expect(await verifier.accept(forged)).toBe(ANSWERS.refused)
    expect(verifier.counts).toMatchObject({ DeliveriesRefused: 1 })
    expect(verifier.lines).toMatchObject([{ level: 'warn', fields: { decision: 'refused' } }])
    // Nothing has looked inside.
    expect(JSON.stringify(verifier.lines)).not.toContain(TEST_EVENT)
  })

  it('is none when its event only begins so, or stands elsewhere', async () => {
    const verifier = bench()
    for (const other of [{ event: `${TEST_EVENT}s` }, { event: 'taskUpdated', history_items: [{ event: TEST_EVENT }] }])
      expect(await verifier.accept(request(other))).toBe(ANSWERS.accepted)
    expect(verifier.queued).toHaveLength(2)
  })

  it('finds a secret that is newer than the cache, as any delivery does', async () => {
    const verifier = bench()
    await verifier.accept(request(body))
    verifier.store({ v: 1, slots: { b: { webhookId: 'w-new', secret: 'NEW-KEY', state: 'pending' } } })
    expect(await verifier.accept(request(body, { slot: 'b', secret: 'NEW-KEY' }))).toBe(ANSWERS.tested)
    expect([verifier.counts, verifier.reads.length]).toEqual([{}, 2])
  })
})
