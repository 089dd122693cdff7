import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_DELIVERY_BYTES } from '../../core/ingest/accept.ts'
import { ANSWERS } from '../../core/ingest/answers.ts'
import { bytesOf } from '../../core/ingest/message.ts'
import { sign } from '../../core/ingest/signature.ts'
import type { SigningSecret } from '../../core/secrets/signing.ts'
import { bench, request, SECRET_A, SECRET_B } from './bench.ts'
import { commentItem, historyItem, person, taskDeleted, taskDelivery } from './deliveries.ts'

fc.configureGlobal({ seed: 20_260_101 })

const NEW_SECRET: SigningSecret = { v: 1, slots: { a: { webhookId: 'w-new', secret: 'NEW-KEY', state: 'active' } } }

describe('a genuine delivery', () => {
  it('is answered 200 and is on the queue, byte for byte', async () => {
    const verifier = bench()
    const text = '{ "event": "taskUpdated",\n "history_items": [], "task_id": "1", "odd": "ä😀" }'
    expect(await verifier.accept(request(text))).toBe(ANSWERS.accepted)
    expect(verifier.queued).toMatchObject([
      {
        connection: 'acme',
        slot: 'a',
        receivedAt: 1_760_000_000_000,
        attempts: 0,
        encoding: 'text',
        text,
        slim: false,
      },
    ])
    expect(verifier.counts).toEqual({ DeliveriesAccepted: 1 })
    expect(verifier.times).toEqual({ AcknowledgeMs: [3] })
  })

  it('is on the queue as bytes can say it where its text has half a pair of surrogates, which SQS would refuse', async () => {
    const verifier = bench()
    expect(await verifier.accept(request('{"event":"taskUpdated","x":"\ud83d!"}'))).toBe(ANSWERS.accepted)
    const text = '{"event":"taskUpdated","x":"\ufffd!"}'
    expect(verifier.queued).toMatchObject([{ encoding: 'text', body: text, text }])
  })

  it('verifies in each slot with that slot’s secret alone', async () => {
    const verifier = bench()
    const body = taskDelivery()
    expect(await verifier.accept(request(body, { slot: 'b', secret: SECRET_B }))).toBe(ANSWERS.accepted)
    expect(verifier.queued).toMatchObject([{ slot: 'b' }])
    expect(await verifier.accept(request(body, { slot: 'b', secret: SECRET_A }))).toBe(ANSWERS.refused)
    expect(await verifier.accept(request(body, { slot: 'a', secret: SECRET_B }))).toBe(ANSWERS.refused)
  })

  it.each(['x-signature', 'X-Signature', 'X-SIGNATURE'])('is found by a header called %s', async (name) => {
    const verifier = bench()
    const { headers, ...rest } = request(taskDelivery())
    expect(await verifier.accept({ ...rest, headers: { [name]: headers['x-signature'] } })).toBe(ANSWERS.accepted)
  })

  it('may come as base64, with bytes that are no UTF-8', async () => {
    const verifier = bench()
    const bytes = Buffer.concat([
      Buffer.from('{"event":"taskUpdated","note":"'),
      Buffer.of(0xff, 0xc0, 0),
      Buffer.from('"}'),
    ])
    const headers = { 'x-signature': sign(bytes, SECRET_A) }
    const answer = await verifier.accept(request('', { headers, body: bytes.toString('base64'), isBase64: true }))
    expect(answer).toBe(ANSWERS.accepted)
    expect(verifier.queued.map((message) => bytesOf(message).equals(bytes))).toEqual([true])
  })

  it.each(['not JSON', '[]', '{"auto_id":"x","payload":{}}', 'null'])(
    'is kept for the consumer to judge when it is signed but reads %j',
    async (body) => {
      const verifier = bench({ filter: { events: [], lists: [] } })
      expect(await verifier.accept(request(body))).toBe(ANSWERS.accepted)
      expect(verifier.queued).toMatchObject([{ text: body }])
      expect(verifier.lines[0]?.fields).toMatchObject({ decision: 'accepted', event: null })
    },
  )
})

describe('what is not from ClickUp', () => {
  const good = request(taskDelivery())
  const { 'x-signature': signature } = good.headers
  const refusals = {
    'no signature': [{ ...good, headers: {} }, 'shape'],
    'an empty signature': [{ ...good, headers: { 'x-signature': '' } }, 'shape'],
    'a signature of three bytes': [{ ...good, headers: { 'x-signature': 'abc' } }, 'shape'],
    'two signatures in one header': [{ ...good, headers: { 'x-signature': `${signature}, ${signature}` } }, 'shape'],
    'two headers': [{ ...good, headers: { 'x-signature': signature, 'X-Signature': signature } }, 'shape'],
    'no body': [{ ...good, body: undefined }, 'shape'],
    'an empty body, signed': [request(''), 'shape'],
    'a changed body': [{ ...good, body: `${good.body} ` }, 'signature'],
    'a body that is taken for base64': [{ ...good, isBase64: true }, 'signature'],
    'another secret': [request(taskDelivery(), { secret: 'guess' }), 'signature'],
    'an unknown connection': [{ ...good, connection: 'other' }, 'unknownSlot'],
    'a connection called like an object’s own key': [{ ...good, connection: 'constructor' }, 'unknownSlot'],
    'an unknown slot': [{ ...good, slot: 'c' }, 'unknownSlot'],
    'a slot called like an object’s own key': [{ ...good, slot: '__proto__' }, 'unknownSlot'],
  } as const

  it.each(Object.entries(refusals))('is refused with one body: %s', async (_, [bad, reason]) => {
    const verifier = bench()
    expect(await verifier.accept(bad)).toBe(ANSWERS.refused)
    expect(verifier.queued).toEqual([])
    expect(verifier.counts).toEqual(
      reason === 'signature' ? { DeliveriesRefused: 1, RefusedSignature: 1 } : { DeliveriesRefused: 1 },
    )
    expect(verifier.times).toEqual({})
    expect(verifier.lines[0]?.fields).toMatchObject({ decision: 'refused', reason })
    // Only what is shaped like a delivery may cost a second reading of the secret.
    expect(verifier.reads.length).toBe(reason === 'signature' ? 2 : 0)
  })

  it('is refused in a slot without a webhook just as with a wrong signature', async () => {
    const verifier = bench()
    verifier.store(NEW_SECRET)
    const emptySlot = await verifier.accept(request(taskDelivery(), { slot: 'b', secret: SECRET_B }))
    expect(emptySlot).toBe(ANSWERS.refused)
    expect(verifier.lines.at(-1)?.fields).toMatchObject({ decision: 'refused', reason: 'unknownSlot' })
  })

  it('never verifies against an empty secret', async () => {
    const verifier = bench()
    verifier.store({ v: 1, slots: { a: { webhookId: null, secret: '', state: 'pending' } } })
    expect(await verifier.accept(request(taskDelivery(), { secret: '' }))).toBe(ANSWERS.refused)
  })

  it('is never answered 401 or 410, whatever comes', async () => {
    for (const { status } of Object.values(ANSWERS)) expect([200, 403, 413, 503]).toContain(status)
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          connection: fc.constantFrom('acme', 'x', ''),
          slot: fc.constantFrom('a', 'b', 'z', ''),
          headers: fc.dictionary(fc.constantFrom('x-signature', 'X-Signature', 'host'), fc.string()),
          body: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
          isBase64: fc.boolean(),
        }),
        async (anything) => {
          expect(await bench().accept(anything)).toBe(ANSWERS.refused)
        },
      ),
    )
  })
})

describe('the cached secret', () => {
  it('is read once for deliveries that come together, and not again within its life', async () => {
    const verifier = bench()
    const answers = await Promise.all(Array.from({ length: 20 }, () => verifier.accept(request(taskDelivery()))))
    verifier.pass(200_000)
    answers.push(await verifier.accept(request(taskDelivery())))
    expect(answers).toEqual(Array.from({ length: 21 }, () => ANSWERS.accepted))
    expect(verifier.reads).toEqual(['acme'])
  })

  it('is read again when a new webhook signs: not one delivery is refused', async () => {
    const verifier = bench()
    await verifier.accept(request(taskDelivery()))
    verifier.store(NEW_SECRET)
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => verifier.accept(request(taskDelivery(), { secret: 'NEW-KEY' }))),
    )
    expect(answers).toEqual(Array.from({ length: 10 }, () => ANSWERS.accepted))
    expect(verifier.reads).toHaveLength(2)
    expect(verifier.counts).toMatchObject({ DeliveriesAccepted: 11 })
  })

  it('is read again for a webhook in a slot that was empty', async () => {
    const verifier = bench()
    verifier.store({ v: 1, slots: {} })
    expect(await verifier.accept(request(taskDelivery()))).toBe(ANSWERS.refused)
    verifier.store(NEW_SECRET)
    verifier.pass(30_000)
    expect(await verifier.accept(request(taskDelivery(), { secret: 'NEW-KEY' }))).toBe(ANSWERS.accepted)
  })

  it('is read again at most once in 30 s under a flood of forgeries', async () => {
    const verifier = bench()
    const forgery = request(taskDelivery(), { secret: 'guess' })
    for (let second = 0; second < 60; second += 1) {
      await Promise.all(Array.from({ length: 10 }, () => verifier.accept(forgery)))
      verifier.pass(1_000)
    }
    expect(verifier.reads).toHaveLength(1 + 2)
    expect(verifier.counts).toMatchObject({ RefusedSignature: 600 })
    expect(await verifier.accept(request(taskDelivery()))).toBe(ANSWERS.accepted)
  })

  it('that cannot be read is our fault: 503, and the failure is forgotten', async () => {
    const verifier = bench()
    verifier.breakSecrets()
    expect(await verifier.accept(request(taskDelivery()))).toBe(ANSWERS.unavailable)
    expect(verifier.counts).toEqual({ DeliveriesUnavailable: 1 })
    expect(verifier.lines).toMatchObject([{ fields: { reason: 'secret' } }])
    verifier.breakSecrets(false)
    expect(await verifier.accept(request(taskDelivery()))).toBe(ANSWERS.accepted)
  })
})

describe('the queue', () => {
  it('that refuses is answered 503, so that ClickUp tries again', async () => {
    const verifier = bench()
    verifier.breakQueue()
    expect(await verifier.accept(request(taskDelivery()))).toBe(ANSWERS.unavailable)
    expect(verifier.counts).toEqual({ DeliveriesUnavailable: 1 })
    expect(verifier.lines).toMatchObject([{ level: 'error', fields: { decision: 'unavailable', reason: 'queue' } }])
    verifier.breakQueue(false)
    expect(await verifier.accept(request(taskDelivery()))).toBe(ANSWERS.accepted)
    expect(verifier.queued).toHaveLength(1)
  })
})

describe('the filter', () => {
  it('drops with 200, a count and no message, after verification only', async () => {
    const verifier = bench({ filter: { events: ['taskCreated'] } })
    expect(await verifier.accept(request(taskDelivery()))).toBe(ANSWERS.filtered)
    expect(verifier.counts).toEqual({ DeliveriesFiltered: 1 })
    expect(await verifier.accept(request(taskDelivery(), { secret: 'guess' }))).toBe(ANSWERS.refused)
    expect(await verifier.accept(request(taskDeleted()))).toBe(ANSWERS.accepted)
    expect(verifier.queued).toMatchObject([{ text: JSON.stringify(taskDeleted()) }])
  })

  it('says of what it was, because nothing else will, and writes nothing into the log that is no id', async () => {
    const verifier = bench({ filter: { events: ['taskCreated'] } })
    const forms = { task_id: '86abc', list_id: 901, goal_id: 'x y', folder_id: 'pk' + '_1_AAA' }
    for (const [key, id] of Object.entries(forms))
      await verifier.accept(request({ event: 'taskUpdated', webhook_id: 'w', history_items: [], [key]: id }))
    await verifier.accept(request(taskDelivery(), { secret: 'guess' }))
    const resources = verifier.lines.map(({ fields }) => fields['resource'])
    expect(resources).toEqual(['task/86abc', 'list/901', undefined, undefined, undefined])
  })
})

describe('size', () => {
  const padded = (bytes: number) => {
    const empty = JSON.stringify({ ...taskDelivery('taskUpdated', [commentItem('x')]), padding: '' })
    return empty.replace('"padding":""', `"padding":"${'x'.repeat(bytes - empty.length)}"`)
  }

  it('of 5 MiB is still taken, as a slim form, and one byte more is not', async () => {
    const verifier = bench()
    expect(await verifier.accept(request(padded(MAX_DELIVERY_BYTES)))).toBe(ANSWERS.accepted)
    expect(verifier.queued).toMatchObject([{ encoding: 'slim', slim: true }])
    const { body, ...rest } = request(padded(MAX_DELIVERY_BYTES + 1))
    expect(await verifier.accept({ ...rest, body })).toBe(ANSWERS.tooLarge)
    const inBase64 = Buffer.from(body ?? '').toString('base64')
    expect(await verifier.accept({ ...rest, body: inBase64, isBase64: true })).toBe(ANSWERS.tooLarge)
    expect(verifier.counts).toEqual({ DeliveriesAccepted: 1, DeliveriesRefused: 2 })
    expect(MAX_DELIVERY_BYTES).toBe(5_242_880)
  })

  it('above a message but with too many items gives a hint, and what is not JSON something as unreadable', async () => {
    const verifier = bench()
    const items = Array.from({ length: 30_000 }, (_, index) => ({ id: `${index}`, field: 'status', user: { id: 1 } }))
    expect(await verifier.accept(request(taskDelivery('taskUpdated', items)))).toBe(ANSWERS.accepted)
    expect(await verifier.accept(request('x'.repeat(2_000_000)))).toBe(ANSWERS.accepted)
    expect(verifier.queued.map(({ text }): unknown => JSON.parse(text))).toEqual([
      { ...taskDelivery('taskUpdated', []), slim: true },
      { history_items: [], slim: true },
    ])
  })
})

describe('the decision line', () => {
  it('is one per delivery and says what happened, without body, people or signature', async () => {
    const verifier = bench()
    const sent = request(taskDelivery('taskCommentPosted', [commentItem('secret plans'), historyItem()]))
    await verifier.accept(sent)
    await verifier.accept({ ...sent, body: `${sent.body} ` })
    await verifier.accept({ ...sent, connection: `${'pk'}_1_ABC`, slot: '<script>' })
    const seen = { connection: 'acme', slot: 'a', bytes: sent.body?.length }
    expect(verifier.lines).toEqual([
      {
        level: 'info',
        message: 'delivery',
        fields: { ...seen, decision: 'accepted', event: 'taskCommentPosted', encoding: 'text', ms: 3 },
      },
      {
        level: 'warn',
        message: 'delivery',
        fields: { ...seen, decision: 'refused', reason: 'signature', bytes: (sent.body?.length ?? 0) + 1, ms: 0 },
      },
      {
        level: 'warn',
        message: 'delivery',
        fields: { ...seen, decision: 'refused', reason: 'unknownSlot', connection: null, slot: null, ms: 0 },
      },
    ])
    const written = JSON.stringify(verifier.lines)
    for (const hidden of [sent.headers['x-signature'], SECRET_A, person.email, String(person.id), 'plans']) {
      expect(written).not.toContain(hidden)
    }
  })
})
