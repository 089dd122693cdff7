import { describe, expect, it } from 'vitest'
import { capped, isOmitted } from '../../core/ledger/cap.ts'

const LIMIT = 64 * 1024

describe('a value', () => {
  it('is kept up to the limit, its quotes counted', () => {
    const most = 'x'.repeat(LIMIT - 2)
    expect(capped(most)).toBe(most)
    expect(capped(`${most}x`)).toMatchObject({ omitted: 'too large', bytes: LIMIT + 1 })
  })

  it('is measured in bytes, not in characters', () => {
    const value = capped('ä'.repeat(LIMIT / 2))
    expect(isOmitted(value)).toBe(true)
    expect(value).toMatchObject({ bytes: LIMIT + 2 })
  })

  it('that was left out is known by its hash', () => {
    expect(capped(['x'.repeat(LIMIT)])).toEqual(capped(['x'.repeat(LIMIT)]))
    expect(capped(['x'.repeat(LIMIT)])).not.toEqual(capped(['y'.repeat(LIMIT)]))
  })
})
