import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { afterEach, describe, expect, it } from 'vitest'
import { sign, verifySignature } from '../../core/ingest/signature.ts'

const SECRET = 'a signing secret'
const BODY = Buffer.from('{"event":"taskUpdated"}')
const genuine = sign(BODY, SECRET)
const real = crypto.timingSafeEqual

/** Sees every comparison that is of constant time. */
function watch() {
  const compared: { of: number; with: number }[] = []
  crypto.timingSafeEqual = (a, b) => {
    compared.push({ of: a.byteLength, with: b.byteLength })
    return real(a, b)
  }
  syncBuiltinESMExports()
  return compared
}
afterEach(() => {
  crypto.timingSafeEqual = real
  syncBuiltinESMExports()
})

describe('a refusal takes as long wherever the signature differs, because', () => {
  it('each compares the whole of it once, with what compares every byte', () => {
    const compared = watch()
    for (let at = 0; at < genuine.length; at += 1) {
      const other = genuine[at] === '0' ? '1' : '0'
      const wrong = genuine.slice(0, at) + other + genuine.slice(at + 1)
      expect(verifySignature(BODY, wrong, SECRET)).toBe(false)
    }
    expect(compared).toEqual(Array.from({ length: 64 }, () => ({ of: 64, with: 64 })))
  })

  it('a genuine one goes the same way', () => {
    const compared = watch()
    expect(verifySignature(BODY, genuine, SECRET)).toBe(true)
    expect(compared).toEqual([{ of: 64, with: 64 }])
  })

  it('that comparison alone decides', () => {
    crypto.timingSafeEqual = () => true
    syncBuiltinESMExports()
    expect(verifySignature(BODY, 'f'.repeat(64), SECRET)).toBe(true)
    crypto.timingSafeEqual = () => false
    syncBuiltinESMExports()
    expect(verifySignature(BODY, genuine, SECRET)).toBe(false)
  })

  it('what is not shaped like a signature is not compared at all: its shape says nothing of the secret', () => {
    const compared = watch()
    for (const shape of [genuine.slice(1), `${genuine}0`, genuine.toUpperCase(), 'g'.repeat(64), ''])
      expect(verifySignature(BODY, shape, SECRET)).toBe(false)
    expect(compared).toEqual([])
  })
})
