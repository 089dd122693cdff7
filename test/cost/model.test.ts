import { describe, expect, it, test } from 'vitest'
import { callsPerMinuteOf } from '../../core/clickup/plan.ts'
import { ASSUMED, DEPLOYED } from '../../core/cost/measured.ts'
import { costOf } from '../../core/cost/model.ts'
import { fitsOf, peakCallsPerMinute } from '../../core/cost/plan-fit.ts'
import { tunings } from '../../core/cost/tuning.ts'
import { METRICS, MODEL_METRICS } from '../../core/platform/metrics.ts'
import { alarmsOf } from '../../infra/alarms/index.ts'
import { configSchema } from '../../infra/config.ts'
import { SCHEDULES } from '../../infra/timing.ts'

const WORKLOAD = { eventsPerDay: 10_000, batchedShare: 0, connections: 1, logDays: 30, ownKey: false }
const line = (cost: ReturnType<typeof costOf>, name: string) =>
  [...cost.variable, ...cost.fixed].find((one) => one.name === name)?.perMonth ?? Number.NaN

describe('a bill', () => {
  it('is the sum of its lines, and nothing is below zero', () => {
    const cost = costOf(WORKLOAD)
    const all = [...cost.variable, ...cost.fixed]
    expect(cost.perMonth).toBeCloseTo(all.reduce((sum, { perMonth }) => sum + perMonth, 0))
    expect(all.every(({ perMonth }) => perMonth > 0)).toBe(true)
    // 300,000 deliveries a month, at the price of a million.
    expect(cost.perMonth - cost.fixedPerMonth).toBeCloseTo(cost.perMillion * 0.3)
  })

  it('is what one makes of it by hand', () => {
    const cost = costOf({ ...WORKLOAD, eventsPerDay: 1e6 / 30 })
    // A dollar for a million requests; a million verifications of 20 ms at a quarter of a GB.
    expect(line(cost, 'HTTP API')).toBeCloseTo(1)
    expect(line(cost, 'verifier')).toBeCloseTo(0.2 + 1e6 * 0.02 * 0.25 * 0.0000133334)
    // Three queues, five requests each that wait for 20 s, all month.
    expect(line(cost, 'polling')).toBeCloseTo(3 * 5 * 3 * 60 * 24 * 30 * 0.4e-6)
    expect(line(cost, 'metrics')).toBeCloseTo((Object.keys(METRICS).length - MODEL_METRICS.length) * 0.3)
    expect(line(cost, 'secrets')).toBeCloseTo(0.8)
  })

  it('grows with deliveries, workspaces, days of logs, and a key of one’s own, and not otherwise', () => {
    const of = (more: Partial<typeof WORKLOAD>) => costOf({ ...WORKLOAD, ...more })
    expect(of({ eventsPerDay: 0 }).perMonth).toBe(of({}).fixedPerMonth)
    expect(of({ eventsPerDay: 20_000 }).perMonth - of({}).perMonth).toBeCloseTo(of({}).perMonth - of({}).fixedPerMonth)
    expect(line(of({ connections: 3 }), 'secrets')).toBeCloseTo(2.4)
    expect(line(of({ logDays: 365 }), 'logs')).toBeGreaterThan(line(of({}), 'logs'))
    expect(line(of({ ownKey: true }), 'KMS') - line(of({}), 'KMS')).toBeGreaterThan(1)
    const [alone, storm, half] = [of({}), of({ batchedShare: 1 }), of({ batchedShare: 0.5 })]
    expect(half.perMillion).toBeCloseTo((alone.perMillion + storm.perMillion) / 2)
  })
})

describe('what it takes for granted', () => {
  it('is what is deployed', () => {
    const { verifier, consumer, sync } = configSchema.parse({})
    expect(ASSUMED.memoryMb).toMatchObject({
      verifier: verifier.memoryMb,
      consumer: consumer.memoryMb,
      sync: sync.memoryMb,
    })
    const watched = alarmsOf(new Set()).flatMap(({ watches }) =>
      watches.kind === 'signal' ? 1 : Object.keys(watches.signals).length,
    )
    expect(DEPLOYED.alarmMetrics).toBe(watched.reduce((sum, one) => sum + one, 0))
    const aDay = (24 * 60) / SCHEDULES.guardMinutes + (24 * 60) / SCHEDULES.pulseMinutes
    expect(ASSUMED.watchRunsPerDay).toBe(aDay)
  })
})

describe('plans', () => {
  const plansOf = (apiCalls: { perDay: number; ofSync: number }) => fitsOf({ apiCalls }).map(({ reads }) => reads)

  it('are those that ClickUp has', () => {
    const limits = fitsOf({ apiCalls: { perDay: 1, ofSync: 1 } }).map(({ callsPerMinute }) => callsPerMinute)
    expect(limits).toEqual(['Business', 'Business Plus', 'Enterprise'].map(callsPerMinuteOf))
  })

  it('read each task at once as long as the busiest hour fits', () => {
    // Three tenths of the day's calls in one hour: 19,000 a day are 95 a minute.
    expect(peakCallsPerMinute({ apiCalls: { perDay: 19_000, ofSync: 0 } })).toBeCloseTo(95)
    expect(plansOf({ perDay: 19_000, ofSync: 0 })).toEqual(['single', 'single', 'single'])
    expect(plansOf({ perDay: 19_100, ofSync: 0 })).toEqual(['listed', 'single', 'single'])
    expect(plansOf({ perDay: 19_000, ofSync: 1_440 })).toEqual(['listed', 'single', 'single'])
    expect(plansOf({ perDay: 1e7, ofSync: 0 })).toEqual(['listed', 'listed', 'listed'])
  })
})

test('no volume is told to set what the config refuses, and small ones are told the defaults', () => {
  const defaults = configSchema.parse({})
  for (const { maxConcurrency, throttling, consumerMemoryMb, degradedAfterMinutes } of tunings()) {
    const consumer = { maxConcurrency, memoryMb: consumerMemoryMb, degradedAfterMinutes }
    expect(configSchema.parse({ consumer, throttling })).toMatchObject({ consumer, throttling })
  }
  const [first] = tunings()
  expect(first).toMatchObject({
    maxConcurrency: defaults.consumer.maxConcurrency,
    consumerMemoryMb: defaults.consumer.memoryMb,
    degradedAfterMinutes: defaults.consumer.degradedAfterMinutes,
    throttling: defaults.throttling,
    sweepMinutes: SCHEDULES.sweepMinutes,
  })
})
