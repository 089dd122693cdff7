import { beforeAll, describe, expect, it, test } from 'vitest'
import * as z from 'zod'
import { QUERIES } from '../../../infra/queries/index.ts'
import type { SavedQuery } from '../../../infra/queries/query.ts'
import { DELIVERY_ID, type Gathered, gather, TASK_ID } from './gather.ts'
import { fieldsOf, parse } from './insights/parse.ts'
import { eventOf, fieldsOfLine, run } from './insights/run.ts'

let gathered: Gathered[]
beforeAll(async () => {
  gathered = await gather()
}, 60_000)

const eventsOf = ({ logsOf }: SavedQuery) =>
  gathered.filter(({ log }) => logsOf === 'all' || logsOf.includes(log)).map(({ event }) => event)

const filledIn = ({ query }: SavedQuery, id: string) => query.replaceAll('"ID"', `"${id}"`)

describe.each(QUERIES.map((one) => [one.name, one] as const))('%s', (_name, saved) => {
  it('names only what is logged, and finds something where there is something to find', () => {
    const commands = parse(filledIn(saved, saved.name === 'DeliveryToPublish' ? DELIVERY_ID : TASK_ID))
    const events = eventsOf(saved)
    const lines = events.map((event) => z.record(z.string(), z.unknown()).parse(JSON.parse(String(event['@message']))))
    const known = new Set(['@timestamp', '@message', '@log', ...lines.flatMap(fieldsOfLine)])
    expect(fieldsOf(commands).filter((field) => !known.has(field))).toEqual([])
    expect(run(commands, events).length).toBeGreaterThan(0)
  })
})

const rowsOf = (name: string, id = '') => {
  const saved = QUERIES.find((one) => one.name === name)
  if (saved === undefined) throw new Error(`there is no query ${name}`)
  return run(parse(filledIn(saved, id)), eventsOf(saved))
}

test('a delivery is followed from the request to the event', () => {
  const rows = rowsOf('DeliveryToPublish', DELIVERY_ID)
  expect(new Set(rows.map((row) => row['message'] ?? row['routeKey']))).toEqual(new Set(['42', 'delivery', 'change']))
  expect(rows.map((row) => row['decision']).filter((one) => one !== undefined)).toContain('published')
})

test('why a delivery was ignored is said by the verifier or by the consumer', () => {
  const decisions = rowsOf('WhyIgnored', DELIVERY_ID).map((row) => row['decision'])
  expect(decisions).toEqual(expect.arrayContaining(['filtered', 'refused', 'duplicate']))
  expect(rowsOf('WhyIgnored', 'nobody knows')).toEqual([])
  // Whoever has changed a task knows its id, and not that of the delivery.
  expect(rowsOf('WhyIgnored', TASK_ID).map((row) => row['decision'])).toContain('filtered')
})

test('latency is told by endpoint, with percentiles that are in order', () => {
  const rows = rowsOf('LatencyPerEndpoint')
  expect(rows.map((row) => `${row['method']} ${row['path']}`)).toContain('GET /v2/task/{task_id}')
  for (const row of rows) {
    const [p50, p95, p99] = [Number(row['p50']), Number(row['p95']), Number(row['p99'])]
    expect(p99).toBeGreaterThanOrEqual(0)
    expect([p50, p95, p99].toSorted((a, b) => a - b)).toEqual([p50, p95, p99])
  }
})

test('faults are told by what they are, and good calls are none', () => {
  const outcomes = new Set(rowsOf('ApiFaults').map((row) => row['outcome']))
  expect(outcomes).toContain('unavailable')
  expect(outcomes).not.toContain('ok')
})

test('what was set aside is told with its class', () => {
  expect(rowsOf('Quarantined')).toMatchObject([{ class: 'malformed', messages: 1, connection: 'main' }])
})

describe('the checker', () => {
  test.each([
    ['filter level = ERROR', /no value/],
    ['filter my_field = "x"', /no field/],
    ['filter limit = 1', /no field/],
    ['find "x"', /no command/],
    ['stats count(*) by x', /as was expected/],
    ['fields a | sort b', /not understood/],
    ['fields a\n| sort b', /ends too soon/],
    ['stats median(x) as y by z', /no function/],
  ])('refuses %s', (query, reason) => {
    expect(() => parse(query)).toThrow(reason)
  })

  test('counts, sums and sorts as Insights does', () => {
    const events = [1, 2, 3, 10].map((ms, i) => eventOf({ ms, of: i < 3 ? 'a' : 'b' }, { at: i * 61_000, log: 'x' }))
    const query =
      'filter ms > 1 and not (of = "c")\n| stats count(*) as n, avg(ms) as mean, pct(ms, 50) as p50 by of\n| sort n desc'
    expect(run(parse(query), events)).toEqual([
      { of: 'a', n: 2, mean: 2.5, p50: 3 },
      { of: 'b', n: 1, mean: 10, p50: 10 },
    ])
    expect(run(parse('stats count(*) as n by bin(5m)'), events)).toEqual([{ n: 4 }])
    expect(run(parse('stats count(*) as n by bin(1m)'), events)).toHaveLength(4)
  })
})
