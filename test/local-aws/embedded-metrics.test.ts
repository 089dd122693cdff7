import { expect, test } from 'vitest'
import { dataInLine } from '../../local/aws/cloudwatch/emf.ts'
import { createMetricStore } from '../../local/aws/cloudwatch/metric-store.ts'
import { statisticOf } from '../../local/aws/cloudwatch/statistic.ts'

const directive = {
  Namespace: 'N',
  Dimensions: [['service', 'stage'], ['service']],
  Metrics: [{ Name: 'Calls', Unit: 'Count' }, { Name: 'Ms', Unit: 'Milliseconds' }, { Name: 'Absent' }],
}
const line = (more: Record<string, unknown> = {}) =>
  JSON.stringify({
    _aws: { Timestamp: 120_500, CloudWatchMetrics: [directive] },
    ...{ service: 's', stage: 'prod', Calls: 3, Ms: [10, 20, 20], other: 'x' },
    ...more,
  })

test('each metric comes once for each set of dimensions, with all its values', () => {
  const data = dataInLine(line())
  expect(data.map(({ name, dimensions }) => [name, dimensions])).toEqual([
    ['Calls', { service: 's', stage: 'prod' }],
    ['Calls', { service: 's' }],
    ['Ms', { service: 's', stage: 'prod' }],
    ['Ms', { service: 's' }],
  ])
  expect(data[2]).toMatchObject({ namespace: 'N', unit: 'Milliseconds', at: 120_500 })
  expect(data[2]?.values.map(({ value }) => value)).toEqual([10, 20, 20])
})

test('what the line does not hold is left out, and what is beside it is not', () => {
  const names = (more: Record<string, unknown>) =>
    dataInLine(line(more)).map(({ name, dimensions }) => [name, Object.keys(dimensions).length])
  expect(names({ stage: undefined })).toEqual([
    ['Calls', 1],
    ['Ms', 1],
  ])
  expect(names({ Calls: 'many' })).toEqual([
    ['Ms', 2],
    ['Ms', 1],
  ])
  expect(names({ Ms: Array.from({ length: 101 }, () => 1) })).toEqual([
    ['Calls', 2],
    ['Calls', 1],
  ])
})

test.each([
  ['no JSON', '{"_aws": '],
  ['another line', '{"message":"hello"}'],
  ['no timestamp', '{"_aws":{"CloudWatchMetrics":[]}}'],
  ['a text that speaks of it', 'see "_aws" in the documentation'],
])('%s holds no metric', (_what, text) => expect(dataInLine(text)).toEqual([]))

test('a store adds up what falls into the same minutes, and keeps metrics with other dimensions apart', () => {
  const store = createMetricStore()
  for (const datum of dataInLine(line())) store.put(datum)
  for (const datum of dataInLine(line({ stage: 'other', Ms: 99 }))) store.put(datum)
  const metric = { namespace: 'N', name: 'Ms', dimensions: { stage: 'prod', service: 's' } }
  expect([...store.samples(metric, 120_000, 180_000)]).toEqual([
    [10, 1],
    [20, 2],
  ])
  expect([...store.samples(metric, 180_000, 240_000)]).toEqual([])
  expect([...store.samples({ ...metric, dimensions: { service: 's' } }, 0, 180_000)]).toEqual([
    [10, 1],
    [20, 2],
    [99, 1],
  ])
})

test('statistics', () => {
  const samples = new Map([
    [10, 1],
    [20, 2],
    [100, 1],
  ])
  const of = (name: string) => statisticOf(name)?.(samples)
  expect([of('Sum'), of('SampleCount'), of('Average'), of('Minimum'), of('Maximum')]).toEqual([150, 4, 37.5, 10, 100])
  expect([of('p50'), of('p75'), of('p90'), of('p99'), of('p99.9'), of('p0')]).toEqual([20, 20, 100, 100, 100, 10])
  expect([statisticOf('tm90'), statisticOf('Median')]).toEqual([undefined, undefined])
  const many = new Map([
    [1, 99],
    [50, 1],
  ])
  expect([statisticOf('p99')?.(many), statisticOf('p99.5')?.(many)]).toEqual([1, 50])
})
