import { expect, test } from 'vitest'
import { parseOptions } from '../../bench/storms/options.ts'
import { jsonLine, type Row, table } from '../../bench/storms/report.ts'
import type { Bound } from '../../bench/storms/scenario.ts'
import { SCENARIOS } from '../../bench/storms/scenarios/index.ts'

const options = { seed: 1, only: [], json: false, quick: false, naive: false, breaks: null, log: false }

test.each([
  [[], options],
  [['--seed', '7', '--json'], { ...options, seed: 7, json: true }],
  [['--only', 'outage', '--only', 'trickle', '--naive'], { ...options, only: ['outage', 'trickle'], naive: true }],
  [['--break', 'elide', '--log'], { ...options, breaks: 'elide', log: true }],
])('%j says what is to be played', (args, expected) => {
  expect(parseOptions(args)).toEqual({ kind: 'run', options: expected })
})

test.each([
  [['--seed', 'x'], '--seed takes a whole number'],
  [['--only', 'calm'], 'there is no scenario calm'],
  [
    ['--break', 'dedupe'],
    '--break knows elide, wide, debounce, budget, breaker, defer, lane, cursor, horizon, gone, not dedupe',
  ],
  [['--fast'], "Unknown option '--fast'"],
])('%j is told to be wrong', (args, message) => {
  expect(parseOptions(args)).toMatchObject({ kind: 'wrong', message: expect.stringContaining(message) })
})

const bound = (over: Partial<Bound>): Bound => ({ figure: 'apiCalls', value: 40, bound: '≤ 40', ok: true, ...over })

function rowOf(bounds: Bound[], naive: Bound[] | null): Row {
  const [scenario] = SCENARIOS
  if (scenario === undefined) throw new Error('there is no scenario')
  const played = (all: Bound[], kind: 'hookline' | 'naive') => ({
    result: {
      ...{ name: scenario.name, kind, seed: 3, ok: all.every(({ ok }) => ok), bounds: all },
      ...{ virtualMs: 90_500, realMs: Math.random() * 1000 },
    },
    logged: [],
  })
  return { scenario, ours: played(bounds, 'hookline'), naive: naive === null ? null : played(naive, 'naive') }
}

test('a scenario is one line of JSON with every figure, its bound and whether it holds', () => {
  const row = rowOf([bound({}), bound({ figure: 'lost', value: 1, bound: '0', ok: false })], [bound({ value: 9_000 })])
  expect(JSON.parse(jsonLine(row))).toEqual({
    scenario: row.scenario.name,
    seed: 3,
    ok: false,
    virtualSeconds: 90.5,
    figures: [
      { figure: 'apiCalls', value: 40, bound: '≤ 40', ok: true, naive: 9_000 },
      { figure: 'lost', value: 1, bound: '0', ok: false },
    ],
  })
  expect(jsonLine(row)).not.toContain('\n')
})

test('the table says which bounds do not hold, and what the usual way comes to', () => {
  const bounds = [bound({}), bound({ figure: 'lost', value: 1, bound: '0', ok: false }), bound({ bound: null })]
  const lines = table([rowOf(bounds, [bound({ value: 9_000, ok: false })])]).split('\n')
  expect(lines[0]).toMatch(/^bulk-edit: .* \(FAILED\)$/)
  expect(lines[1]).toBe('  figure    measured  bound          naive')
  expect(lines[2]).toBe('  apiCalls        40  ≤ 40   ok      9,000')
  expect(lines[3]).toBe('  lost             1  0      FAILED')
  expect(lines[4]).toBe('  apiCalls        40                 9,000')
  const held = table([rowOf([bound({})], null)]).split('\n')
  expect(held[0]).not.toContain('FAILED')
  expect(held[1]).toBe('  figure    measured  bound')
})
