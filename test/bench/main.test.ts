import { describe, expect, test } from 'vitest'
import type { Bench, Figure } from '../../bench/figure.ts'
import { helpOf, parseOptions } from '../../bench/options.ts'
import { isHeld, jsonLine, table } from '../../bench/report.ts'

const figure = (own: Partial<Figure>): Figure => ({
  ...{ figure: 'a body of 4 KiB', ours: 12.345, unit: 'µs', beside: null, aim: null },
  ...own,
})
const bench = (name: string, ...breaks: string[]): Bench => ({ name, title: 'in a line', breaks, run: async () => [] })
const ALL = [bench('signature'), bench('costs', 'wide'), bench('ledger', 'scan')]

describe('the command line', () => {
  const optionsOf = (...args: string[]) => {
    const parsed = parseOptions(args, ALL)
    return parsed.kind === 'check' ? parsed.options : expect.fail(JSON.stringify(parsed))
  }
  const names = (...args: string[]) => optionsOf(...args).benches.map(({ name }) => name)

  test('takes all of them, or those that are named', () => {
    expect(names()).toEqual(['signature', 'costs', 'ledger'])
    expect(names('--only', 'ledger', '--only', 'signature')).toEqual(['signature', 'ledger'])
    expect(optionsOf('--seed', '7', '--quick', '--json')).toMatchObject({ seed: 7, quick: true, json: true })
  })

  test('breaks only those that know how', () => {
    expect(names('--break', 'wide')).toEqual(['costs'])
    expect(names()).toHaveLength(3)
  })

  test.each([
    [['--only', 'nothing'], 'There is no bench nothing'],
    [['--break', 'scan', '--only', 'costs'], '--break knows wide, not scan'],
    [['--break', 'scan', '--only', 'signature'], 'Nothing of that can be broken'],
    [['--seed', '-1'], 'Option'],
    [['--seed', 'x'], '--seed takes a whole number'],
  ])('%j is told in one sentence', (args, message) => {
    expect(parseOptions(args, ALL)).toMatchObject({ kind: 'wrong', message: expect.stringContaining(message) })
  })

  test('its help names each bench and its breaks', () => {
    expect(parseOptions(['--help'], ALL)).toEqual({ kind: 'help' })
    expect(helpOf(ALL)).toMatch(/signature +in a line\n +costs +in a line \(--break wide\)/)
  })
})

describe('the report', () => {
  const aim = (holds: boolean, decides: boolean) => figure({ aim: { text: '≤ 1 ×', holds, decides } })

  test('a missed aim decides unless it is of time, and nothing measured is nothing held', () => {
    const held = (...figures: Figure[]) => isHeld({ bench: bench('x'), figures })
    expect([held(aim(true, true)), held(aim(false, false)), held(figure({}))]).toEqual([true, true, true])
    expect([held(aim(false, true), aim(true, true)), held()]).toEqual([false, false])
  })

  test('shows ours, what is beside it, and their ratio', () => {
    const one = figure({ beside: { what: 'stripe', value: 15.1 }, aim: { text: '≤ 1 ×', holds: true, decides: false } })
    const text = table([{ bench: bench('signature'), figures: [one, figure({ ours: 343_996, unit: 'B' })] }])
    expect(text).toMatch(/a body of 4 KiB +12\.3 µs +15\.1 µs +stripe +0\.82 × +≤ 1 × +ok/)
    expect(text).toContain('343,996 B')
    expect(JSON.parse(jsonLine({ bench: bench('signature'), figures: [one] }, 3))).toMatchObject({
      ...{ bench: 'signature', seed: 3, ok: true },
      figures: [{ ours: 12.345, ratio: 0.818, beside: { what: 'stripe' } }],
    })
  })
})
