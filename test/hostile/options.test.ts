import { describe, expect, it } from 'vitest'
import { parseOptions } from '../../local/hostile/options.ts'

describe('the command line of check:hostile', () => {
  it('tries all parts by default, and those that can be broken so', () => {
    const parts = (...args: string[]) => {
      const parsed = parseOptions(args)
      return parsed.kind === 'check' ? parsed.options.parts : parsed.kind
    }
    expect(parts()).toEqual(['verifier', 'consumer', 'sync'])
    expect(parts('--only', 'verifier')).toEqual(['verifier'])
    expect(parts('--break', 'batch')).toEqual(['consumer'])
    expect(parts('--break', 'status')).toEqual(['verifier'])
    expect(parts('--break', 'log')).toEqual(['verifier', 'consumer'])
    expect(parts('--break', 'log', '--only', 'consumer')).toEqual(['consumer'])
    expect(parts('-h')).toBe('help')
  })

  it.each([
    [['--only', 'bus'], '--only knows verifier and consumer and sync, not bus'],
    [['--runs', '0'], '--runs takes a whole number from 1 to 1000000, not 0'],
    [['--seed', 'x'], '--seed takes a whole number'],
    [
      ['--break', 'all'],
      '--break knows log, count, parse-first, status, bytes, size, square, batch, lose, lose-writes, not all',
    ],
    [['--break', 'batch', '--only', 'verifier'], '--break batch is none of the verifier'],
    [['--nonsense'], "Unknown option '--nonsense'"],
  ])('%s is told in one sentence', (args, message) => {
    const parsed = parseOptions(args)
    expect(parsed).toMatchObject({ kind: 'wrong', message: expect.stringContaining(message) })
  })
})
