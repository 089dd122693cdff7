import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { costOf } from '../../core/cost/model.ts'
import { tunings } from '../../core/cost/tuning.ts'
import { fixedTable, perMillionTable, tuningTable } from '../../docs/cost-tables.ts'

const read = (file: string) => readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8')

test('the tables of README.md are the model’s: node docs/cost-tables.ts prints them', () => {
  const readme = read('README.md')
  expect(readme).toContain(perMillionTable())
  expect(readme).toContain(fixedTable())
})

test('the sums that README.md tells in a sentence are the model’s, rounded', () => {
  const [, small = '', large = ''] =
    /cost about (\d+) a month, and a million a day about (\d+)/.exec(read('README.md')) ?? []
  const costs = tunings().map(({ deliveriesPerDay, cost }) => [deliveriesPerDay, cost.perMonth] as const)
  expect(Number(small)).toBeCloseTo(new Map(costs).get(10_000) ?? 0, -1)
  expect(Number(large) / 10).toBeCloseTo((new Map(costs).get(1_000_000) ?? 0) / 10, -1)
})

test('the table of docs/tuning.md is the model’s', () => {
  expect(read('docs/tuning.md')).toContain(tuningTable())
})

test('a table has a line for each line of the bill, and what differs shows in it', () => {
  const workload = { eventsPerDay: 1, batchedShare: 0, connections: 1, logDays: 30, ownKey: false }
  const [alone, other] = [costOf(workload), costOf({ ...workload, logDays: 90, ownKey: true })]
  expect(perMillionTable({ alone, storm: alone }).split('\n')).toHaveLength(alone.variable.length + 3)
  expect(fixedTable(other)).not.toBe(fixedTable(alone))
  expect(perMillionTable({ alone: other, storm: alone })).not.toBe(perMillionTable({ alone, storm: alone }))
})
