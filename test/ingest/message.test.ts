import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bytesOf,
  type DeliveryMessage,
  MAX_BODY_BYTES,
  packBytes,
  packSlim,
  parseMessage,
  toSqsEntry,
} from '../../core/ingest/message.ts'

fc.configureGlobal({ seed: 20_260_101 })

const ARRIVAL = { connection: 'acme', slot: 'a', receivedAt: 1_760_000_000_123 } as const

function pack(bytes: Uint8Array): DeliveryMessage {
  const message = packBytes(ARRIVAL, Buffer.from(bytes))
  if (!message) throw new Error('too large')
  return message
}

function throughTheQueue(message: DeliveryMessage): DeliveryMessage {
  const { MessageBody, MessageAttributes } = toSqsEntry(message)
  const values = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue])
  const parsed = parseMessage(MessageBody, Object.fromEntries(values))
  if (parsed.kind === 'malformed') throw new Error(parsed.reason)
  return parsed.message
}

/** As SQS lists them: #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF. */
const carried = (text: string) =>
  [...text].every((character) => {
    const point = character.codePointAt(0) ?? 0
    return (
      [0x9, 0xa, 0xd].includes(point) ||
      (point >= 0x20 && point <= 0xd7ff) ||
      (point >= 0xe000 && point <= 0xfffd) ||
      point >= 0x10000
    )
  })

const someBytes = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 300 }),
  fc.string({ unit: 'binary', minLength: 1 }).map((text) => Buffer.from(text)),
  fc
    .string({ unit: fc.constantFrom('a', '\u0000', '\u001f', '\ufffe', '\ufeff', '\ufffd', '😀', '\n'), minLength: 1 })
    .map((text) => Buffer.from(text)),
)

describe('a message', () => {
  it('is the same when its bytes are known to be JSON, whatever they hold', () => {
    const text = fc.oneof(
      fc.json({ stringUnit: 'binary' }),
      fc
        .string({ unit: fc.constantFrom('a', '\ufffe', '\uffff', '\ufffd', '😀', '\u007f', '\u2028') })
        .map((value) => `["${value}"]`),
    )
    fc.assert(
      fc.property(text, (json) => {
        const bytes = Buffer.from(json)
        expect(packBytes(ARRIVAL, bytes, { text: json.toWellFormed(), isJson: true })).toEqual(pack(bytes))
      }),
    )
  })

  it('brings out the bytes that went in, in a body that SQS carries', () => {
    fc.assert(
      fc.property(someBytes, (bytes) => {
        const message = pack(bytes)
        expect(carried(toSqsEntry(message).MessageBody)).toBe(true)
        const out = throughTheQueue(message)
        expect(out).toEqual(message)
        expect(bytesOf(out).equals(bytes)).toBe(true)
        expect(out.text).toBe(Buffer.from(bytes).toString('utf8'))
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['plain JSON', '{"a":"ä😀\t\r\n"}', 'text'],
    ['a byte order mark', '\ufeff{}', 'text'],
    ['a control character', '{"a":"\u0001"}', 'base64'],
    ['U+FFFF', '{"a":"\uffff"}', 'base64'],
  ])('with %s is carried as %s', (_, text, encoding) => {
    expect(pack(Buffer.from(text)).encoding).toBe(encoding)
  })

  it('with bytes that are no UTF-8 is carried as base64', () => {
    expect(pack(Uint8Array.of(0x7b, 0xff, 0x7d)).encoding).toBe('base64')
  })

  it('has attributes with what the consumer needs, and with nothing secret', () => {
    expect(toSqsEntry({ ...pack(Buffer.from('{}')), attempts: 2 })).toEqual({
      MessageBody: '{}',
      MessageAttributes: {
        connection: { DataType: 'String', StringValue: 'acme' },
        slot: { DataType: 'String', StringValue: 'a' },
        receivedAt: { DataType: 'Number', StringValue: '1760000000123' },
        encoding: { DataType: 'String', StringValue: 'text' },
        attempts: { DataType: 'Number', StringValue: '2' },
      },
    })
  })

  it('keeps the time and the attempts when it is sent anew', () => {
    const again = throughTheQueue({ ...throughTheQueue(pack(Buffer.from('{}'))), attempts: 7 })
    expect(again).toMatchObject({ receivedAt: ARRIVAL.receivedAt, attempts: 7 })
  })

  it('says that it is slim', () => {
    expect(throughTheQueue(packSlim(ARRIVAL, '{"slim":true}'))).toMatchObject({ slim: true, text: '{"slim":true}' })
    expect(throughTheQueue(pack(Buffer.from('{}'))).slim).toBe(false)
  })

  it('is not made of more than a message can carry, base64 counted', () => {
    expect(packBytes(ARRIVAL, Buffer.alloc(MAX_BODY_BYTES, 'x'))).not.toBeNull()
    expect(packBytes(ARRIVAL, Buffer.alloc(MAX_BODY_BYTES + 1, 'x'))).toBeNull()
    expect(packBytes(ARRIVAL, Buffer.alloc((MAX_BODY_BYTES / 4) * 3, 0xff))).not.toBeNull()
    expect(packBytes(ARRIVAL, Buffer.alloc((MAX_BODY_BYTES / 4) * 3 + 1, 0xff))).toBeNull()
  })
})

describe('a message that is not ours', () => {
  const good = { connection: 'acme', slot: 'b', receivedAt: '1', encoding: 'text', attempts: '0' }

  it.each([
    { connection: undefined },
    { connection: 'No Name' },
    { slot: 'c' },
    { slot: undefined },
    { receivedAt: 'now' },
    { receivedAt: '-1' },
    { receivedAt: '1e3' },
    { encoding: 'gzip' },
    { attempts: '' },
  ])('is malformed with %j, and the reason names the attribute alone', (wrong) => {
    expect(parseMessage('{}', { ...good, ...wrong })).toEqual({
      kind: 'malformed',
      reason: `missing or wrong message attributes: ${Object.keys(wrong).join()}`,
    })
  })

  it.each(['', 'x#y', '{}', 'x'.repeat(200_000)])('is malformed when it is a test delivery without a nonce', (body) => {
    expect(parseMessage(body, { ...good, encoding: 'canary' })).toEqual({
      kind: 'malformed',
      reason: 'the body is no nonce of a test delivery',
    })
  })

  it.each(['%%%', 'e30', 'e30=\n', ' e30='])('is malformed when its body %j is not base64', (body) => {
    expect(parseMessage(body, { ...good, encoding: 'base64' }).kind).toBe('malformed')
  })

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.dictionary(fc.constantFrom(...Object.keys(good)), fc.string()),
        (body, attributes) => {
          expect(parseMessage(body, attributes).kind).toBe('malformed')
        },
      ),
    )
  })
})
