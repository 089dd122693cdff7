import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSignatureShaped, sign, verifySignature } from '../../core/ingest/signature.ts'

fc.configureGlobal({ seed: 20_260_101 })

const SECRET = 'a signing secret'
const anyBytes = fc.uint8Array({ minLength: 1, maxLength: 400 })

describe('a signature', () => {
  it('is the HMAC that ClickUp documents', () => {
    // Body and key as in ClickUp's guide to webhook signatures; the digest was computed with openssl.
    const body = '{"webhook_id":"7689a169-a000-4985-8676-6902b96d6627","event":"taskCreated","task_id":"c0j"}'
    const digest = '4830bf524f6e29a3e8da953936c6f21c1fea2b9669b825d3e1be293ef3416c8c'
    expect(sign(Buffer.from(body), 'secret')).toBe(digest)
    expect(verifySignature(Buffer.from(body), digest, 'secret')).toBe(true)
  })

  it('verifies what it signed, whatever the bytes', () => {
    fc.assert(fc.property(anyBytes, (bytes) => verifySignature(bytes, sign(bytes, SECRET), SECRET)))
  })

  it('fails when any bit of the body is flipped', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat(), fc.nat(7), (bytes, at, bit) => {
        const signature = sign(bytes, SECRET)
        const flipped = Uint8Array.from(bytes)
        const index = at % bytes.length
        flipped[index] = (bytes[index] ?? 0) ^ (1 << bit)
        return !verifySignature(flipped, signature, SECRET)
      }),
    )
  })

  it('fails when any bit of itself is flipped', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat(63), fc.nat(6), (bytes, at, bit) => {
        const signature = Buffer.from(sign(bytes, SECRET), 'latin1')
        signature[at] = (signature[at] ?? 0) ^ (1 << bit)
        return !verifySignature(bytes, signature.toString('latin1'), SECRET)
      }),
    )
  })

  it('fails for another secret', () => {
    fc.assert(
      fc.property(anyBytes, fc.string(), (bytes, other) => {
        fc.pre(other !== SECRET)
        return !verifySignature(bytes, sign(bytes, other), SECRET)
      }),
    )
  })

  it('never verifies with the empty secret', () => {
    const bytes = Buffer.from('{}')
    expect(verifySignature(bytes, sign(bytes, ''), '')).toBe(false)
  })

  it('of any other length or shape fails and does not throw', () => {
    const bytes = Buffer.from('{}')
    const good = sign(bytes, SECRET)
    const bad = [
      '',
      'abc',
      good.slice(1),
      `${good}0`,
      `${good},${good}`,
      `${good} `,
      `sha256=${good}`,
      good.toUpperCase(),
    ]
    for (const signature of [undefined, ...bad]) {
      expect(isSignatureShaped(signature), String(signature)).toBe(false)
      expect(verifySignature(bytes, signature, SECRET), String(signature)).toBe(false)
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => text === good || !verifySignature(bytes, text, SECRET)),
    )
  })
})
