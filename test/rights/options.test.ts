import { expect, test } from 'vitest'
import { HELP, parseOptions } from '../../local/rights/options.ts'

test('without anything, all is checked', () => {
  expect(parseOptions([])).toEqual({
    kind: 'check',
    options: { seed: 1, only: null, grant: null, some: null, json: false, breaks: null },
  })
})

test.each([
  [['--seed', 'one'], '--seed takes a whole number from 0 to 4294967295, not one'],
  [['--some', '0'], '--some takes a whole number from 1 to 1000, not 0'],
  [['--break', 'wind'], '--break knows allow-all and unused, not wind'],
  [['--sed', '1'], "Unknown option '--sed'"],
])('%j is told in one sentence', (args, message) => {
  expect(parseOptions(args)).toEqual({ kind: 'wrong', message: `${message}. See npm run check:rights -- --help` })
})

test('--help names every option', () => {
  expect(parseOptions(['--help'])).toEqual({ kind: 'help' })
  for (const option of ['--seed', '--only', '--grant', '--some', '--json', '--break', 'allow-all', 'unused'])
    expect(HELP).toContain(option)
})
