import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { METRICS } from '../../core/platform/metrics.ts'
import type { AlarmRow, Signal } from '../../infra/alarms/alarm.ts'
import { OF_THE_VERIFIER } from '../../infra/alarms/alarms.ts'
import { ALARMS } from '../../infra/alarms/index.ts'
import { SCHEDULES } from '../../infra/timing.ts'
import { evaluateMath } from '../../local/aws/cloudwatch/math/evaluate.ts'

const ROOT = join(import.meta.dirname, '..', '..')

const signalsOf = ({ watches }: AlarmRow): Signal[] =>
  watches.kind === 'signal' ? [watches.signal] : Object.values(watches.signals)

const rowNamed = (name: string) => {
  const row = ALARMS.find((each) => each.name === name)
  if (row === undefined) throw new Error(`there is no row ${name}`)
  return row
}

/** The text of every module that Lambda may run. */
const SOURCE = ['core', 'functions']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('platform/metrics.ts'))
      .map((file) => readFileSync(join(ROOT, folder, file), 'utf8')),
  )
  .join('\n')

const METHODS = { Count: 'count', Milliseconds: 'milliseconds', Percent: 'percent' } as const

describe('the rows', () => {
  it('have names of their own that make an anchor, and sentences for people', () => {
    expect(new Set(ALARMS.map(({ name }) => name)).size).toBe(ALARMS.length)
    for (const { name, impact, missing, watched, runbook } of ALARMS) {
      expect(name).toMatch(/^([A-Z][a-z]+)+$/)
      expect([name, impact]).toEqual([name, expect.stringMatching(/^[A-Z].{30,}\.$/)])
      expect([name, missing.why]).toEqual([name, expect.stringMatching(/^[A-Z].{10,}\.$/)])
      expect([name, watched]).toEqual([name, expect.not.stringMatching(/\.$/)])
      expect([name, runbook.causes.length, runbook.steps.length]).not.toContain(0)
    }
  })

  it('watch what somebody emits', () => {
    const emitted = (name: keyof typeof METRICS) => SOURCE.includes(`.${METHODS[METRICS[name]]}('${name}'`)
    const watched = ALARMS.flatMap(signalsOf).flatMap((signal) => (signal.kind === 'ours' ? [signal.metric] : []))
    expect(watched.length).toBeGreaterThan(30)
    expect([...new Set(watched)].filter((name) => !emitted(name))).toEqual([])
  })

  it('ask for percentiles of times only, and are in the unit of what they watch', () => {
    for (const row of ALARMS)
      for (const signal of signalsOf(row)) {
        if (signal.kind !== 'ours') continue
        const unit = METRICS[signal.metric]
        if (/^p\d/.test(signal.statistic)) expect([row.name, unit]).toEqual([row.name, 'Milliseconds'])
        if (row.watches.kind === 'signal') expect([row.name, row.unit]).toEqual([row.name, unit.toLowerCase()])
      }
  })

  it('give the pulse time to come into each period', () => {
    const pulse = readFileSync(join(ROOT, 'core', 'pulse', 'pulse.ts'), 'utf8')
    const ofThePulse = (signal: Signal) => signal.kind === 'ours' && pulse.includes(`('${signal.metric}'`)
    const rows = ALARMS.filter((row) => signalsOf(row).some(ofThePulse))
    expect(rows.length).toBeGreaterThan(8)
    const tooShort = rows.filter(({ periodSeconds }) => periodSeconds < 2 * 60 * SCHEDULES.pulseMinutes)
    expect(tooShort.map(({ name }) => name)).toEqual([])
  })

  it('ring while a canary has a tenth of the deliveries, where they are to take it back', () => {
    // A period's window slides by the minute: a count is bad as soon as it is full, a percentile when it is of bad ones only.
    const secondsUntilItRings = ({ periods, bad = periods, periodSeconds }: AlarmRow) =>
      periods === 1 ? Math.min(60, periodSeconds) : bad * periodSeconds
    const late = [...OF_THE_VERIFIER].map(rowNamed).filter((row) => secondsUntilItRings(row) > 180)
    expect(late.map(({ name }) => name)).toEqual([])
  })

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html and .../API_MetricDataQuery.html
  it('keep within what CloudWatch takes', () => {
    for (const row of ALARMS) {
      const { name, periodSeconds, periods, bad = periods, watches } = row
      expect([name, periodSeconds % 60]).toEqual([name, 0])
      expect([name, periodSeconds * periods <= (periodSeconds < 3600 ? 86_400 : 604_800)]).toEqual([name, true])
      expect([name, bad >= 1 && bad <= periods]).toEqual([name, true])
      if (watches.kind === 'signal') continue
      const ids = Object.keys(watches.signals)
      expect([name, ids.length <= 10]).toEqual([name, true])
      for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9_]*$/)
      expect(watches.expression.match(/[a-z]\w*/g)?.filter((word) => !ids.includes(word))).toEqual([])
      expect(ids.filter((id) => !new RegExp(`\\b${id}\\b`).test(watches.expression))).toEqual([])
    }
  })
})

describe('an expression', () => {
  /** Whether one period with these values is bad, null standing for no data. */
  function isBad(name: string, values: Record<string, number | null>): boolean {
    const { watches, comparison, threshold } = rowNamed(name)
    if (watches.kind === 'signal') throw new Error(`${name} has no expression`)
    const seriesOf = (id: string) => [values[id] ?? null]
    const metrics = Object.keys(watches.signals)
    const [value = null] = evaluateMath(watches.expression, { seriesOf, metrics, periodSeconds: 300, periods: 1 })
    if (value === null) return false
    return comparison === '>' ? value > threshold : value >= threshold
  }

  it.each<[row: string, values: Record<string, number | null>, isBad: boolean]>([
    ['ApiUnreachable', { calls: 5, errors: 5 }, true],
    ['ApiUnreachable', { calls: 5, errors: 4 }, false],
    ['ApiUnreachable', { calls: 2, errors: 2 }, false],
    ['ApiUnreachable', { calls: 5, errors: null }, false],
    ['ApiUnreachable', { calls: null, errors: null }, false],
    ['ApiErrors', { calls: 50, errors: 5 }, true],
    ['ApiErrors', { calls: 200, errors: 5 }, false],
    ['ApiErrors', { calls: 4, errors: 4 }, false],
    ['ApiErrors', { calls: 50, errors: null }, false],
    ['ApiNoAccess', { calls: 100, refused: 30 }, true],
    ['ApiNoAccess', { calls: 19, refused: 19 }, false],
    ['ConsumerFailing', { received: 50, failed: 10 }, true],
    ['ConsumerFailing', { received: 4, failed: 4 }, false],
    ['ConsumerFailures', { received: 100, failed: 3 }, true],
    ['ConsumerFailures', { received: 1000, failed: 3 }, false],
    ['NoDeliveries', { paused: 0, quiet: 9e7 }, true],
    ['NoDeliveries', { paused: 1, quiet: 9e7 }, false],
    ['DeliveriesStuck', { paused: null, age: 4000 }, true],
    ['DeliveriesStuck', { paused: 1, age: 4000 }, false],
    ['JobsFailed', { jobs: null, guard: 2 }, true],
    ['JobsFailed', { jobs: 0, guard: 0 }, false],
    ['TablesThrottled', { ledger_writes: 7, state_reads: 5 }, true],
    ['TablesThrottled', { by_list: 12 }, true],
    ['TablesThrottled', { ledger_writes: 7 }, false],
  ])('%s of %o: %s', (name, values, bad) => {
    expect(isBad(name, values)).toBe(bad)
  })
})
