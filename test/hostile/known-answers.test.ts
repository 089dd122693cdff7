import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { sign, verifySignature } from '../../core/ingest/signature.ts'

/** https://www.rfc-editor.org/rfc/rfc4231: those whose key is a text, as a webhook's secret is. */
const RFC_4231 = [
  {
    ...{ name: 'case 1', secret: '\x0b'.repeat(20), body: Buffer.from('Hi There') },
    digest: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  },
  {
    ...{ name: 'case 2', secret: 'Jefe', body: Buffer.from('what do ya want for nothing?') },
    digest: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  },
  {
    name: 'case 4',
    secret: String.fromCharCode(...Array.from({ length: 25 }, (_, i) => i + 1)),
    body: Buffer.alloc(50, 0xcd),
    digest: '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  },
] as const

/** The others, whose keys are no text: they show that the definition below is the right one. */
const RFC_4231_BYTES = [
  {
    ...{ name: 'case 3', key: Buffer.alloc(20, 0xaa), body: Buffer.alloc(50, 0xdd) },
    digest: '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
  },
  {
    name: 'case 6',
    key: Buffer.alloc(131, 0xaa),
    body: Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First'),
    digest: '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  },
  {
    name: 'case 7',
    key: Buffer.alloc(131, 0xaa),
    body: Buffer.from(
      'This is a test using a larger than block-size key and a larger than block-size data. ' +
        'The key needs to be hashed before being used by the HMAC algorithm.',
    ),
    digest: '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  },
] as const

const BLOCK = 64
const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()

/** HMAC by its definition, https://www.rfc-editor.org/rfc/rfc2104: nothing of it is ours or Node's HMAC. */
function hmac(key: Uint8Array, body: Uint8Array): string {
  const block = Buffer.alloc(BLOCK)
  block.set(key.length > BLOCK ? sha256(key) : key)
  const inner = sha256(
    block.map((byte) => byte ^ 0x36),
    body,
  )
  return sha256(
    block.map((byte) => byte ^ 0x5c),
    inner,
  ).toString('hex')
}

describe('HMAC-SHA-256', () => {
  it.each(RFC_4231)('of RFC 4231, $name', ({ secret, body, digest }) => {
    expect(sign(body, secret)).toBe(digest)
    expect(verifySignature(body, digest, secret)).toBe(true)
    expect(hmac(Buffer.from(secret), body)).toBe(digest)
  })

  it.each(RFC_4231_BYTES)('by its definition is that of RFC 4231, $name', ({ key, body, digest }) => {
    expect(hmac(key, body)).toBe(digest)
  })

  it('is that of its definition around every block’s end, of the key and of the body', () => {
    const around = [0, 1, 31, 32, 33, 54, 55, 56, 57, 62, 63, 64, 65, 119, 120, 127, 128, 129, 1_000, 65_536]
    const secrets = [1, 20, 63, 64, 65, 128, 131, 500].map((length) => 'k'.repeat(length))
    // Its length as bytes is not that in letters: 63, 64 and 65 letters are of one block and of two.
    const written = [
      'schlüssel',
      'ключ',
      '鍵',
      '😀',
      'ä'.repeat(32),
      'ä'.repeat(33),
      '\u0000',
      ' key ',
      'e\u0301',
      '\u00e9',
    ]
    for (const secret of [...secrets, ...written])
      for (const length of around) {
        const body = Buffer.alloc(length, 'body ')
        const expected = hmac(Buffer.from(secret, 'utf8'), body)
        expect(sign(body, secret)).toBe(expected)
        expect(verifySignature(body, expected, secret)).toBe(true)
      }
  })

  it('tells secrets apart that only look alike', () => {
    const body = Buffer.from('{}')
    expect(sign(body, 'e\u0301')).not.toBe(sign(body, '\u00e9'))
    expect(sign(body, 'key')).not.toBe(sign(body, 'key '))
  })

  it('is over the bytes that came, not over what they mean', () => {
    const [a, b] = ['{"a":1,"b":2}', '{"b":2,"a":1}'].map((text) => Buffer.from(text))
    expect(verifySignature(b ?? Buffer.alloc(0), sign(a ?? Buffer.alloc(0), 'key'), 'key')).toBe(false)
    const bytes = Buffer.of(0xff, 0xfe, 0)
    expect(sign(bytes, 'key')).toBe(hmac(Buffer.from('key'), bytes))
    expect(sign(bytes, 'key')).not.toBe(sign(Buffer.from(bytes.toString('utf8')), 'key'))
  })
})
